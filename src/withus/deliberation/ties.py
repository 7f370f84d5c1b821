"""What ties a person to her votes: keyed values whose key travels in her browser's cookie and is never kept here."""

import hmac


def tie_of(key: bytes, process: str) -> str:
    """The tie of a person, by her participation key, in one process: HMAC-SHA-256 in hex."""
    return hmac.digest(key, process.encode(), "sha256").hex()
