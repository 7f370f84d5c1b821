"""A receipt: 80 random bits that only the person has, as four groups of symbols, as eight words, or as a QR code.

Nothing of it is stored. What Argon2id makes of it gives a locator, of which a hash finds the row, and a key.
"""

import re
import secrets
from dataclasses import dataclass
from functools import cache

from withus.core import codes, keys, sealing

BITS = 80
_SYMBOLS, _WORDS = BITS // 5, BITS // 10
SALT = "receipts.key"  # makes one guess useless at any other house; beside the database, never in it


@dataclass(frozen=True)
class Found:
    """What a receipt opens: `locator` is stored and looked up, `wrap` opens the contribution's key."""

    locator: str
    wrap: bytes


@cache
def _words() -> tuple[str, ...]:
    """The 1,024 words of receipts, which must never change: slips of paper outlive versions."""
    return codes.listed("receipt_words.txt")


@cache
def _by_beginning() -> dict[str, int]:
    return {word[:4]: place for place, word in enumerate(_words())}


def new() -> str:
    """A new receipt, in its one spelling: 16 symbols."""
    return _spelled(secrets.randbits(BITS))


def _spelled(number: int) -> str:
    return "".join(codes.SYMBOLS[number >> 5 * place & 31] for place in reversed(range(_SYMBOLS)))


def in_words(receipt: str) -> str:
    """The same bits as eight words of English."""
    number = 0
    for symbol in receipt:
        number = number << 5 | codes.SYMBOLS.index(symbol)
    return " ".join(_words()[number >> 10 * place & 1023] for place in reversed(range(_WORDS)))


def read(typed: str) -> str | None:
    """The receipt as a person typed it, in symbols or words; None for what can be none.

    Case, spaces, hyphens and O/0, I/L/1, U/V do not matter, nor what follows a word's fourth letter.
    """
    symbols = codes.read_code(typed)
    if len(symbols) == _SYMBOLS and all(symbol in codes.SYMBOLS for symbol in symbols):
        return symbols
    places = [_by_beginning().get(word[:4]) for word in re.findall(r"[a-z]+", typed[:500].lower())]
    if len(places) != _WORDS or None in places:
        return None
    number = 0
    for place in places:
        number = number << 10 | (place or 0)
    return _spelled(number)


def holds(text: str, receipt: str) -> bool:
    """Whether a text contains the receipt in either form: then whoever reads the text could come back with it."""
    said = " ".join(re.findall(r"[a-z]+", text.lower()))
    shortened = " ".join(word[:4] for word in said.split())
    wanted = " ".join(word[:4] for word in in_words(receipt).split())
    return wanted in shortened or receipt in codes.read_code(text, most=len(text))


def open_with(receipt: str) -> Found:
    """What the receipt opens: one Argon2id, the same for one that does not exist. Raises Busy."""
    root = sealing.derive(receipt, keys.read_or_make(SALT))
    return Found(codes.digest(root.subkey("locator").hex()), root.subkey("receipt-wrap"))
