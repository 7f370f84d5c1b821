"""Which words of a text look like a name. Each word is looked at once, with the few that follow it.

It knows lists (`traces.txt`) and the ways in which people are introduced; a name that stands alone and in no list is
missed.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Set
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from withus.core import codes

Span = tuple[int, int]
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u064b-\u0652\u0670\u0640]|['’\-](?=[^\W\d_]))*")
_SPELLINGS = str.maketrans("أإٱةʼ’", "اااه''", "\u0640" + "".join(map(chr, range(0x64B, 0x653))) + "\u0670")
_MARKS = dict.fromkeys(range(0x300, 0x370))
_STOP = re.compile(r"[.!?؟…\n]")
_LATIN_OR_CYRILLIC = re.compile("[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯЁІЇЄҐ]")

_SIGNED = {"signed", "gez", "подпись", "توقيع", "التوقيع"}  # before a colon: then any word is a name


class _Word(NamedTuple):
    """A word, how lists spell it, where it stands, and what lies between it and the one before."""

    text: str
    plain: str
    start: int
    end: int
    gap: str

    @property
    def is_beside(self) -> bool:
        """Whether nothing but a space is between it and the word before; a short form ends with a dot."""
        return self.gap.strip(" \t\n\r\xa0") in {"", "."} and bool(self.gap)

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital, and is no single letter, nor in capitals altogether."""
        return bool(_LATIN_OR_CYRILLIC.match(self.text)) and len(self.text) > 1 and not self.text.isupper()

    @property
    def is_arabic(self) -> bool:
        return "\u0620" <= self.text[0] <= "\u064a"


def _plain(word: str) -> str:
    apart = unicodedata.normalize("NFKD", word.translate(_SPELLINGS).casefold()).translate(_MARKS)
    return unicodedata.normalize("NFC", apart)


@cache
def _listed(name: str) -> frozenset[str]:
    """One of the lists in `traces.txt`."""
    lines = files("withus.voices").joinpath("traces.txt").read_text("utf-8").partition(f"[{name}]\n")[2].split("\n[")[0]
    words = (line for line in lines.splitlines() if not line.startswith("#"))
    return frozenset(_plain(word.replace("_", " ")) for line in words for word in line.split())


@cache
def _phrases(name: str) -> dict[str, list[list[str]]]:
    """A list's phrases by their first word, the longest first."""
    found: dict[str, list[list[str]]] = {}
    for one in sorted((phrase.split() for phrase in _listed(name)), key=len, reverse=True):
        found.setdefault(one[0], []).append(one)
    return found


@cache
def _common() -> frozenset[str]:
    return frozenset(codes.words())


@cache
def _no_names() -> frozenset[str]:
    roles = {one for one in _listed("roles") | _listed("titles") if " " not in one}
    return _listed("no_names") | _listed("kinds_of_people") | _listed("field") | roles


def spans(text: str) -> Iterator[Span]:
    """Where names seem to stand, each once; what overlaps is one."""
    words, end = [], 0
    for match in _WORD.finditer(text):
        if plain := _plain(match[0]):  # a sign that stands alone, such as a tatweel, is no word
            words.append(_Word(match[0], plain, match.start(), match.end(), text[end : match.start()]))
        end = match.end()
    begun: Span | None = None
    for at, word in enumerate(words):
        last = max(rule(words, at) for rule in _RULES)
        if last < at:
            continue
        found = (word.start, words[last].end)
        if begun and found[0] < begun[1]:
            begun = (begun[0], max(begun[1], found[1]))
        else:
            if begun:
                yield begun
            begun = found
    if begun:
        yield begun


Words = list[_Word]
NOT = -1  # no name begins here; else a rule says with which word it ends


def _said(words: Words, at: int, phrases: dict[str, list[list[str]]]) -> int:
    """With which word one of these phrases ends that begins here; `NOT` if there is none."""
    for base in _bases(words[at]):
        for phrase in phrases.get(base, ()):
            if [base, *(word.plain for word in words[at + 1 : at + len(phrase)])] == phrase:
                return at + len(phrase) - 1
    return NOT


def _follows(words: Words, at: int, before: Set[str]) -> bool:
    """Whether one of these stands before it in the same sentence."""
    return at > 0 and words[at - 1].plain in before and not _STOP.search(words[at].gap)


def _bases(word: _Word) -> tuple[str, ...]:
    """The word as lists spell it; an Arabic one also without the and, so, with, to, like that are written into it."""
    plain = word.plain
    if not word.is_arabic:
        return (plain, plain.removesuffix("'s"))
    if plain in _listed("perhaps") or plain in _listed("arabic_no_names"):
        return (plain,)
    bare = [plain]
    for signs in ("وف", "بلك"):
        bare += [one[1:] for one in bare if one[0] in signs and len(one) > (4 if one[0] == "ك" else 3)]
    return tuple(bare)


def _is_given(word: _Word) -> bool:
    return not _listed("given").isdisjoint(_bases(word)) or word.plain.startswith("عبدال")


def _is_perhaps(word: _Word) -> bool:
    """Whether it is a given name, surely or perhaps."""
    return word.plain in _listed("perhaps") or (_is_given(word) and word.plain not in _no_names())


def _is_of_a_place(word: _Word) -> bool:
    """Whether it is spelled as Arabic names after a place or a family are: الحلبي."""
    plain = word.plain
    return plain.startswith("ال") and plain.endswith("ي") and len(plain) > 4 and not _is_no_arabic_name(plain)


def _is_no_arabic_name(plain: str) -> bool:
    return plain in _listed("arabic_no_names") or plain.removeprefix("ال") in _listed("arabic_no_names")


def _is_name(word: _Word) -> bool:
    """Whether it can be one where a name is expected: with a capital and no other word, or a given name as it is."""
    if word.is_capital:
        return word.plain not in _no_names()
    return _is_given(word) and word.plain not in _no_names()


def _to_its_end(words: Words, at: int) -> int:
    """The last word of the name that begins here: with other names, an initial, where somebody is from."""
    last = at
    for word in words[at + 1 : at + 4]:
        is_initial = len(word.text) == 1 and word.text.isupper() and word.text != "I" and not word.is_arabic
        is_name = _is_arabic_name(word) if word.is_arabic else word.is_capital and _is_name(word)
        if not (is_initial or is_name) or not word.is_beside or ("." in word.gap and len(words[last].text) > 1):
            break
        last += 1
    return last


def _is_arabic_name(word: _Word) -> bool:
    return _is_perhaps(word) or _is_of_a_place(word) or word.plain == "عبد"


def _introduced(words: Words, at: int) -> int:
    """My name is …: up to two words of the same sentence, whatever they are. What is done in her name says nothing."""
    if _follows(words, at, {"in", "under", "by"}):
        return NOT
    said = last = _said(words, at, _phrases("introductions"))
    for word in words[said + 1 : said + 3] if said >= 0 else []:
        if _STOP.search(word.gap):
            break
        last += 1
    return last if last > said else NOT


def _says_who(words: Words, at: int) -> int:
    """I am …, ask for …: a name."""
    last = _said(words, at, _phrases("says_who"))
    if last < 0 or last + 1 == len(words):
        return NOT
    word = words[last + 1]
    is_named = _is_name(word)
    if word.is_arabic:
        is_named = _is_perhaps(word) or (words[at].plain in _HIS_NAME and _is_free(word, is_title=True))
    return _to_its_end(words, last + 1) if is_named and word.is_beside else NOT


def _signed(words: Words, at: int) -> int:
    """Signed: …"""
    if at + 1 == len(words) or words[at].plain not in _listed("greetings"):
        return NOT
    word = words[at + 1]
    if word.plain == "by" and at + 2 < len(words):
        return _to_its_end(words, at + 2) if _is_name(words[at + 2]) else NOT
    if not re.fullmatch(r"\s*[:,\-–—\n]\s*", word.gap) or word.plain in _no_names():
        return NOT
    is_signed = ":" in word.gap and words[at].plain in _SIGNED
    return _to_its_end(words, at + 1) if is_signed or _is_name(word) else NOT


def _titled(words: Words, at: int) -> int:
    """Nurse …, Mr …, my case worker …"""
    last = at if words[at].plain in _listed("titles") else _said(words, at, _phrases("roles"))
    if last < 0 or last + 1 == len(words):
        return NOT
    role, word = words[at], words[last + 1]
    if role.plain in {"pc", "dc", "dci", "gp"} and not role.text.isupper():
        return NOT
    is_beside = word.is_beside or (word.gap.strip() == "," and _is_given(word))
    is_named = _is_name(word) and (role.is_capital or role.plain not in _listed("titles") or _is_given(word))
    return _to_its_end(words, last + 1) if is_beside and is_named else NOT


def _called(words: Words, at: int) -> int:
    """Dr. miller, frau müller: after what people are called by any word that is no common one, in any letters.

    With "the" or "my" before it hardly anybody is called so: the nurse laughs; but old mr miller is.
    """
    last = _said(words, at, _phrases("called"))
    is_always, is_anybody = words[at].plain in _ALWAYS, _follows(words, at, _listed("before_anybody"))
    if last < 0 or last + 1 == len(words) or (is_anybody and not is_always):
        return NOT
    word, is_short = words[last + 1], len(words[last].text) <= len("prof")
    is_beside = word.is_beside and (is_short or "." not in word.gap)
    is_sure = words[at].plain == "mr" or (is_always and not is_anybody)
    is_common = _base(word) in _no_names() or (not is_sure and _is_common(word))
    is_long = len(word.text) > (1 if is_sure or _base(word) in _listed("names_like_words") else 2)
    return _to_its_end(words, last + 1) if is_beside and is_long and not is_common else NOT


_ALWAYS = {"mr", "mrs", "herr"}  # stand before a name and hardly anything else; but "my mrs", "ein herr"
# A verb hardly ends as lucas, ellis, santos and marcus do.
_ENDING = re.compile(r"(?:[^aiou]s|ous|ly|ing|ed|n'?t|tion|ity|ism|ful|[ai]ble)\Z")


def _base(word: _Word) -> str:
    return word.plain.removesuffix("'s")


def _is_common(word: _Word) -> bool:
    """Whether it is what somebody does or has, and not who she is, as far as lists and endings tell."""
    plain = _base(word)
    if word.is_capital or plain in _listed("names_like_words"):
        return False
    return any(plain in words for words in (_common(), _listed("after_anybody"))) or bool(_ENDING.search(plain))


def _titled_in_arabic(words: Words, at: int) -> int:
    """الدكتور …: a title takes what is no common word; what somebody is takes a name, or what is spelled as no verb."""
    if not words[at].is_arabic or at + 1 == len(words) or not words[at + 1].is_beside:
        return NOT
    is_title, is_role, is_definite = _title_of(words[at])
    word = words[at + 1]
    if not (is_title or is_role) or not word.is_arabic:
        return NOT
    if _is_perhaps(word) or word.plain == "عبد" or (_is_of_a_place(word) and is_definite):
        return _to_its_end(words, at + 1)
    return at + 1 if _is_free(word, is_title=is_title, is_definite=is_definite) else NOT


def _title_of(word: _Word) -> tuple[bool, bool, bool]:
    """Whether this is an Arabic title, or what somebody is; and whether it has its article."""
    for base in _bases(word):
        bare = base[2:] if base.startswith(("ال", "لل")) else base
        if bare in _listed("arabic_titles") or bare in _listed("arabic_roles"):
            return bare in _listed("arabic_titles"), bare in _listed("arabic_roles"), bare != base
    return False, False, False


_HIS_NAME = {"اسمه", "اسمها"}
_VERB = re.compile(r"(?:[يت]..|ن...|سي|ست|و?ال).*|.*(?:ني|نا|ها|هم|وا|ت|ون|ين|ات|ه)")
_PREDICATE = re.compile(r"م.*|..ي.|.ا..|.*ان")  # busy, violent, angry


def _is_free(word: _Word, *, is_title: bool, is_definite: bool = False) -> bool:
    """Whether an Arabic word that stands in no list of names reads as one here."""
    plain = word.plain
    if len(plain) < 3 or _is_no_arabic_name(plain) or _VERB.fullmatch(plain):
        return False
    return is_title or (is_definite and len(plain) > 3 and not _PREDICATE.fullmatch(plain))


def _given(words: Words, at: int) -> int:
    """A given name that many have; one that is another word too only beside a second name."""
    word = words[at]
    if not word.is_arabic and not _LATIN_OR_CYRILLIC.match(word.text):
        return NOT
    last = _to_its_end(words, at)
    if _is_given(word) and word.plain not in _no_names():
        return last
    has_article = word.is_arabic and at + 1 < len(words) and words[at + 1].is_beside
    if word.plain == "عبد" and has_article and words[at + 1].plain.startswith("ال"):
        return max(last, at + 1)
    return last if word.plain in _listed("perhaps") and word.is_arabic and last > at else NOT


def _pair(words: Words, at: int) -> int:
    """Two words with a capital that are no other words: a sentence too begins with one."""
    if at + 1 == len(words) or words[at].is_arabic:
        return NOT
    one, two = words[at], words[at + 1]
    if not (one.is_capital and two.is_capital and two.gap.strip(" \xa0") == "" and two.gap):
        return NOT
    if {one.plain, two.plain} & _no_names():
        return NOT
    begins = at == 0 or bool(re.search(r"[.!?:\n]", one.gap))
    is_named = one.plain in _listed("perhaps") or two.plain in _listed("perhaps")
    is_common = one.plain in _common() and (begins or two.plain in _common())
    return _to_its_end(words, at) if is_named or not is_common else NOT


_RULES: tuple[Callable[[Words, int], int], ...] = (
    _introduced, _says_who, _signed, _titled, _called, _titled_in_arabic, _given, _pair,
)  # fmt: skip
