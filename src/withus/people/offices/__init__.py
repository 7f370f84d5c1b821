"""Roles that answer for an organisation, over time: their terms, and how they are handed over."""
