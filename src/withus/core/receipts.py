"""A receipt: 80 random bits that only the person has, as four groups of symbols, as eight words, or as a QR code.

Nothing of it is stored. What Argon2id makes of it gives a locator, of which a hash finds the row, and a key.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from withus.core import codes, keys, sealing

BITS = 80
_SYMBOLS, _WORDS = BITS // 5, BITS // 10
SALT = "receipts.key"  # makes one guess useless at any other house; beside the database, never in it
LANGUAGES = frozenset({"en"})  # in which there is a checked list of words: pages in others show the symbols alone
_MEASURE = re.compile(r"\d{2,3}(?:am|pm|st|nd|rd|th|mg|ml|kg|cm|km|mm|g|s|h|m|k|x)", re.IGNORECASE)
_LABEL = re.compile(
    r"\W*(?:(?:my|your|the|receipt|code|words|quittung|beleg|reçu|recibo|ricevuta|bon|квитанция|квитанція|makbuz|kwit|"
    r"ال[إا]يصال|[إا]يصالي?|[إا]يصالك|الوصل)\b\W{0,5}){1,5}",
    re.IGNORECASE,
)
Item = TypeVar("Item")


@dataclass(frozen=True)
class Found:
    """What a receipt opens: `locator` is stored and looked up, `wrap` opens the contribution's key.

    `own` makes marks by which whoever has the receipt judges a thing once, and which lead back to no locator.
    """

    locator: str
    wrap: bytes
    own: bytes


@cache
def _words() -> tuple[str, ...]:
    """The 1,024 words of receipts, which must never change: slips of paper outlive versions."""
    return codes.listed("receipt_words.txt")


@cache
def _by_beginning() -> dict[str, int]:
    return {word[:4]: place for place, word in enumerate(_words())}


@cache
def _exactly() -> dict[str, int]:
    """Each word as it stands on paper, and its beginning alone."""
    return {word: place for place, word in enumerate(_words())} | _by_beginning()


def new() -> str:
    """A new receipt, in its one spelling: 16 symbols."""
    return codes.spelled(secrets.randbits(BITS), _SYMBOLS)


def in_words(receipt: str) -> str:
    """The same bits as eight words of English."""
    number = codes.number_of(receipt)
    return " ".join(_words()[number >> 10 * place & 1023] for place in reversed(range(_WORDS)))


def read(typed: str) -> str | None:
    """The receipt as a person typed it, in symbols or words; None for what can be none.

    Case, O/0, I/L/1, U/V, and what stands between the groups do not matter, nor what follows a word's fourth letter,
    nor what it is called before it ("Receipt: …").
    """
    return _read(typed) or _read(_unlabelled(typed))


def counted(typed: str) -> tuple[int, int]:
    """How many symbols somebody typed, and how many words; one of both is none. For what `read` cannot read."""
    bare = _unlabelled(typed)
    places = _places(bare)
    if sum(place is not None for place in places) > max(2, len(places) // 2):
        return 0, len(places)
    return len(codes.read_code(bare)), 0


def _unlabelled(typed: str) -> str:
    """What was typed without what stands before a colon, or without the words by which receipts are called."""
    name, _, rest = typed[:500].replace("\N{FULLWIDTH COLON}", ":").partition(":")
    return rest or name[found.end() if (found := _LABEL.match(name)) else 0 :]


def _read(typed: str) -> str | None:
    symbols = codes.read_code(typed)
    if len(symbols) == _SYMBOLS and _are_symbols(symbols):
        return symbols
    places = _places(typed[:500])
    if len(places) != _WORDS or None in places:
        return None
    number = 0
    for place in places:
        number = number << 10 | (place or 0)
    return codes.spelled(number, _SYMBOLS)


def holds(text: str, receipt: str) -> bool:
    """Whether a text contains the receipt in either form: then whoever reads the text could come back with it."""
    if receipt in codes.read_code(text, most=len(text)):
        return True
    wanted = _places(in_words(receipt))
    return any(row == wanted for row in _in_a_row(_places(text), _WORDS))


def seems_in(text: str) -> bool:
    """Whether a text contains what is spelled as receipts are, whosever it is: for what somebody may read later.

    Eight listed words in a row, or 16 symbols which nobody writes by chance: four ordinary words are none.
    """
    said = [_exactly().get(word) for word in _said(text)]
    if any(None not in row and len(set(row)) > _WORDS // 2 for row in _in_a_row(said, _WORDS)):
        return True
    groups = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text))
    apart = (row for size in (1, 2) for row in _in_a_row(groups, _SYMBOLS // size) if {*map(len, row)} == {size})
    fours = (row for count in (1, 2, 3, 4) for row in _in_a_row(groups, count) if not any(len(one) % 4 for one in row))
    return any(map(_is_mixed, apart)) or any(map(_is_drawn, fours))


def _is_mixed(groups: Sequence[str]) -> bool:
    written = "".join(groups)
    return _is_spelled(written) and not written.isdecimal() and not written.isalpha()


def _is_drawn(groups: Sequence[str]) -> bool:
    """Whether these are 16 symbols of which two fours speak against chance; one, if all is in capitals as on paper.

    So does a letter beside a digit, or a four of consonants; "10am" and "25th" are words. What is written as one needs
    no more than to change between letters and digits twice: a street and its number change once.
    """
    written = "".join(groups)
    fours = [written[start : start + 4] for start in range(0, len(written), 4)]
    if len(groups) == 1 and re.search(r"[a-z]\d+[a-z]|\d[a-z]+\d", written, re.IGNORECASE):
        return _is_spelled(written)
    return _is_spelled(written) and sum(map(_is_odd, fours)) >= (1 if written.isupper() else 2)


def _is_odd(four: str) -> bool:
    if four.isalpha():
        return not re.search("[AEIOUY]", four, re.IGNORECASE)
    return not four.isdecimal() and not _MEASURE.fullmatch(four)


def _is_spelled(written: str) -> bool:
    return len(written) == _SYMBOLS and _are_symbols(codes.read_code(written))


def _are_symbols(symbols: str) -> bool:
    return all(symbol in codes.SYMBOLS for symbol in symbols)


def _places(text: str) -> list[int | None]:
    """Where each of these words stands in the list; None for one that does not."""
    return [_by_beginning().get(word[:4]) for word in _said(text)]


def _said(text: str) -> list[str]:
    return re.findall("[a-z]+", text.lower())


def _in_a_row(items: list[Item], count: int) -> Iterator[list[Item]]:
    return (items[start : start + count] for start in range(len(items) - count + 1))


def open_with(receipt: str) -> Found:
    """What the receipt opens: one Argon2id, the same for one that does not exist. Raises Busy."""
    root = sealing.derive(receipt, keys.read_or_make(SALT))
    return Found(codes.digest(root.subkey("locator").hex()), root.subkey("receipt-wrap"), root.subkey("receipt-own"))
