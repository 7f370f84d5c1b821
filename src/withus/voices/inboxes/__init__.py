"""Inboxes: an organisation's key pair for what is sent to it alone, and who can open it."""
