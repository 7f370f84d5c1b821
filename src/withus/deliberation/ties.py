"""What ties a person to her votes: keyed values whose key travels in her browser's cookie and is never kept here."""

import hmac
from hashlib import blake2b


def tie_of(key: bytes, process: str) -> str:
    """The tie of a person, by her participation key, in one process: HMAC-SHA-256 in hex."""
    return hmac.digest(key, process.encode(), "sha256").hex()


def place_of(tie: str, statement: str) -> bytes:
    """Where a statement stands in this person's own order: random to others, always the same for her."""
    return blake2b(statement.encode(), key=bytes.fromhex(tie), digest_size=8).digest()
