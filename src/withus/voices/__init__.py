"""Voices: what somebody says without an account, sealed for whoever may read it, and the receipt to come back."""
