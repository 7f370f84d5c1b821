"""The code of a letter: it follows from a key of this host and the letter's public code, and is stored nowhere."""

import hmac
from collections.abc import Iterable

from withus.core import codes, keys

KEY = "letters.key"
SYMBOLS = 16  # 80 bits


def code_of(letter: str, key: bytes | None = None) -> str:
    """The secret code of the letter with this public code; the same each time it is printed."""
    return codes.keyed(key or keys.read_or_make(KEY), f"letter {letter}", SYMBOLS)


def opened_by(typed: str, letters: Iterable[str]) -> str | None:
    """Which of these letters has the code that was typed; looks at each of them, whether or not one fits."""
    key, said, found = keys.read_or_make(KEY), codes.read_code(typed).encode(), None
    for letter in letters:
        if hmac.compare_digest(said, code_of(letter, key).encode()):
            found = letter
    return found
