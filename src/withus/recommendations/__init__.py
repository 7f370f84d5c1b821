"""Recommendations and what follows: acknowledgement, answer, promise, delivery, check, dissent, and their clocks."""
