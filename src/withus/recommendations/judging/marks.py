"""What tells two judgements of one person from those of two: keyed values whose key only she brings along."""

import hmac


def mark_of(key: bytes, delivery: str) -> str:
    """Her mark on a delivery: HMAC-SHA-256 in hex, by a receipt's own key or by her participation key.

    It leads to no tie, as the code of a process has no space.
    """
    return hmac.digest(key, f"judges {delivery}".encode(), "sha256").hex()
