"""Whether a text says enough to be a reason, or anything at all: an answer of one word is silence with a stamp."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise

LETTERS_A_WORD, LEAST_DIFFERENT = 3, 5
OF_A_REASON, OF_ANYTHING = 3, 2  # words, different ones; peers' words may be as short as "No soap."
WORDS_IN_A_ROW, SIGNS_IN_A_ROW = 4, 8
_APART = re.compile(r"(?:\s|(?<!\d)[-‐‑‒–—/,;:.!?…|_+&](?!\d))+")  # 9.30-17.00 stays one
_QUOTES = '“”„"‘’«»‹›()[]'
_WITHOUT_SPACES = range(0x2E80, 0x10000)  # Chinese, Japanese and others do not part words by spaces


def says_enough(text: str, least: int = OF_A_REASON) -> bool:
    """At least so many different words, of three letters each on average, and five different letters.

    Where words are not parted by spaces, two signs count as a word.
    """
    letters = [letter for letter in text.casefold() if letter.isalpha()]
    if sum(ord(letter) in _WITHOUT_SPACES and not letter.isascii() for letter in letters) > len(letters) / 2:
        return len(letters) >= 2 * least and len(set(letters)) >= min(2 * least, LEAST_DIFFERENT)
    words = {"".join(filter(str.isalpha, word)) for word in text.casefold().split()} - {""}
    return len(words) >= least and len(letters) >= LETTERS_A_WORD * least and len(set(letters)) >= LEAST_DIFFERENT


def names_something(text: str) -> bool:
    """Whether a title can be one: two letters or digits at least; one where words are not parted."""
    signs = [sign for sign in text if sign.isalnum()]
    return len(signs) > 1 or any(ord(sign) in _WITHOUT_SPACES for sign in signs)


def repeats(text: str, said: str) -> bool:
    """Whether a text says again what must not be said again: four words in a row of it, or all of it if it is shorter.

    Where words are not parted by spaces, eight signs in a row.
    """
    return _shares(_words(text), _words(said), 4) or _shares(_wide(text), _wide(said), 8)


def said_again(text: str, said: Iterable[str]) -> list[str]:
    """The parts of a text, as they are written there, that say again four words in a row of something that was said.

    Where words are not parted by spaces, eight signs in a row. What was said in fewer words can be repeated by chance.
    """
    heard = list(said)
    found = set()
    for split, run in ((_words, WORDS_IN_A_ROW), (_wide, SIGNS_IN_A_ROW)):
        own = split(text)
        runs = set(_runs([word for word, _, _ in own], run))
        parts = {part for one in heard if runs for part in _runs([word for word, _, _ in split(one)], run)} & runs
        found |= set(_stretches(own, parts, run))
    return [text[start:end].strip(_QUOTES) for start, end in sorted(found)]


Word = tuple[str, int, int]  # as it is compared, and from where to where it stands in the text


def _words(text: str) -> list[Word]:
    ends = [(0, 0), *(one.span() for one in _APART.finditer(text)), (len(text), len(text))]
    places = [(before[1], after[0]) for before, after in pairwise(ends)]
    return [(word, start, end) for start, end in places if (word := _bare(text[start:end]))]


def _bare(word: str) -> str:
    if word.isascii() and word.isalnum():  # most are
        return word.lower()
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", word).casefold()))


def _wide(text: str) -> list[Word]:
    signs = enumerate(text)
    return [(sign, at, at + 1) for at, sign in signs if ord(sign) in _WITHOUT_SPACES and sign.isalnum()]


def _runs(words: list[str], run: int) -> list[tuple[str, ...]]:
    return [tuple(words[start : start + run]) for start in range(len(words) - run + 1)]


def _stretches(own: list[Word], parts: set[tuple[str, ...]], run: int) -> Iterator[tuple[int, int]]:
    """From where to where a text says parts again; those that overlap are one."""
    begin = last = -1
    for start, words in enumerate(_runs([word for word, _, _ in own], run)):
        if words not in parts:
            continue
        if begin >= 0 and start > last + run:
            yield own[begin][1], own[last + run - 1][2]
            begin = start
        begin, last = (start if begin < 0 else begin), start
    if begin >= 0:
        yield own[begin][1], own[last + run - 1][2]


def _shares(own: list[Word], said: list[Word], run: int) -> bool:
    run = min(run, len(said))
    parts = set(_runs([word for word, _, _ in said], run)) if run else set()
    return any(words in parts for words in _runs([word for word, _, _ in own], run))
