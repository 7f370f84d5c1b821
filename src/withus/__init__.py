"""Withus: meaningful peer involvement, on the record."""
