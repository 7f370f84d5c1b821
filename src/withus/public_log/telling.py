"""A record told in one plain sentence: who, about what, why, and on which day, with links to what may be seen.

Records hold codes. What they are called lies above the log, so each capability says here how its codes are looked up.
"""

import datetime
import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from withus.public_log.wording import (
    ACTORS,
    ANYBODY,
    CODES,
    DAYS,
    FACTS,
    NAMED,
    OF_ANYBODY,
    OF_EDITORS,
    OF_THIS_HOUSE,
    OPAQUE,
    OR_HOUSE,
    OUTCOMES,
    THIS_HOUSE,
    TYPES,
    VALUES,
    WHO,
    WHOLE,
    YES_NO,
    Words,
)

_PLACE = re.compile(r"%\((\w+)\)s")
_ABOUT = (
    "recommendation",
    "process",
    "service",
    "organisation",
    "subject",
)  # the facts by which it is known whose deed it was
_WITH_NAMES = frozenset({"organisation", "body"})


@dataclass(frozen=True)
class Named:
    """What a code stands for: its name in its language, its page if all may see it, whose it is, and who reads it."""

    text: str
    language: str = ""
    address: str = ""
    whose: "Named | None" = None
    editors: "Named | None" = None
    is_title: bool = False  # words that would read as a part of the sentence


@dataclass(frozen=True)
class Piece:
    """A piece of a sentence: words, a name with a link, a day, or a code as it stands."""

    text: str = ""
    language: str = ""
    address: str = ""
    day: datetime.date | None = None
    number: int | None = None
    is_code: bool = False
    is_own: bool = False  # somebody's words, in whatever direction they run
    is_title: bool = False


@dataclass(frozen=True)
class Fact:
    """One fact of a record: its key, its name in words, and its value."""

    key: str
    name: Words
    value: Piece
    is_kept: bool = False  # words outside the log that are still there


Names = Mapping[tuple[str, str], Named]
Reader = Callable[[Collection[str]], Mapping[str, Named]]
READERS: dict[str, Reader] = {}


def names(kind: str, reader: Reader) -> None:
    """Says how the codes of this kind are looked up, all that a page needs with one question."""
    READERS[kind] = reader


def looked_up(records: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], Named]:
    """What the codes in these records stand for: one question for each kind, however many there are."""
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for record in records:
        for kind, code in _codes(record["facts"]):
            wanted[kind].add(code)
    found = {kind: READERS[kind](codes) for kind, codes in wanted.items() if kind in READERS}
    return {(kind, code): named for kind, some in found.items() for code, named in some.items()}


def _codes(facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in facts.items():
        kind = _kind(facts, key)
        if kind and isinstance(value, str) and value:
            yield kind, value


def _kind(facts: Mapping[str, Any], key: str) -> str:
    return str(facts.get("field", "")).partition(".")[0] if key == "subject" else CODES.get(key, "")


@dataclass(frozen=True)
class Told:
    """A record and what its codes stand for."""

    record: Mapping[str, Any]
    names: Names

    @property
    def what(self) -> list[Piece]:
        """What happened; a type that has no words stands for itself."""
        kind = str(self.record["type"])
        fact, outcomes = OUTCOMES.get(kind, ("", {}))
        words = outcomes.get(self.record["facts"].get(fact)) or TYPES.get(kind)
        return self._filled(words) if words else [Piece(kind, is_code=True)]

    @property
    def who(self) -> list[Piece]:
        """Which kind of actor, and its name where it is known; the log's own entries are Withus' own."""
        actor, kind_of = self.record.get("actor", "system"), str(self.record["type"])
        if kind_of in OF_ANYBODY:
            return [Piece(str(ANYBODY))]
        kind, named = [Piece(str(ACTORS[actor]))], self._actor() if actor in _WITH_NAMES else None
        is_of_house = kind_of in OF_THIS_HOUSE or (kind_of in OR_HOUSE and not self.record["facts"].get(WHO[kind_of]))
        if is_of_house and actor != "system":
            return [Piece(str(THIS_HOUSE))]
        return self._filled(NAMED, name=[_link(named)], kind=kind) if named else kind

    @property
    def sentence(self) -> list[Piece]:
        """All of it: what happened, by whom, on which day."""
        day = datetime.date.fromisoformat(self.record["day"])
        return self._filled(WHOLE, what=self.what, who=self.who, day=[Piece(day=day)])

    def facts(self, kept: Mapping[str, bool]) -> list[Fact]:
        """Every fact by its name; `kept` says of each commitment whether its words are still kept."""
        found = []
        for key, value in self.record["facts"].items():
            if f"facts.{key}" in kept:
                is_kept = kept[f"facts.{key}"]
                piece = Piece(
                    gettext("the words are kept outside the log") if is_kept else gettext("the words were erased")
                )
            else:
                piece = self._value(key, value)
            if value not in ("", None, []):
                found.append(Fact(key, FACTS.get(key, key), piece, kept.get(f"facts.{key}", False)))
        order = {key: place for place, key in enumerate(FACTS)}
        return sorted(found, key=lambda fact: order.get(fact.key, len(order)))

    def _actor(self) -> Named | None:
        kind = str(self.record["type"])
        if kind in WHO:
            return self._named(WHO[kind])
        for key in _ABOUT:
            if found := self._named(key):
                if CODES.get(key) == "organisation":
                    return found
                return found.editors if kind in OF_EDITORS else found.whose
        return None

    def _named(self, key: str) -> Named | None:
        facts = self.record["facts"]
        return self.names.get((_kind(facts, key), str(facts.get(key, ""))))

    def _filled(self, words: Words, **given: list[Piece]) -> list[Piece]:
        """The sentence in pieces, its places filled with what is given, or else with the facts of these names."""
        pieces = []
        for number, part in enumerate(_PLACE.split(str(words))):
            if number % 2 == 0:
                pieces.append(Piece(part))
            else:
                pieces += given.get(part) or [self._value(part, self.record["facts"].get(part, "…"))]
        return [piece for piece in pieces if piece != Piece()]

    def _value(self, key: str, value: Any) -> Piece:
        if isinstance(value, bool):
            return Piece(str(YES_NO[value]))
        if isinstance(value, int | str):
            if words := VALUES.get(key, {}).get(value):
                return Piece(str(words))
            if named := self._named(key):
                return _link(named)
        if isinstance(value, int):
            return Piece(number=value)
        if not isinstance(value, str):
            return Piece(json.dumps(value, ensure_ascii=False), is_code=True)
        if key in DAYS:
            return Piece(day=datetime.date.fromisoformat(value))
        if key in OPAQUE or key.endswith("sha256") or _kind(self.record["facts"], key):
            return Piece(value, is_code=True)
        return Piece(value, self.record["facts"].get("language", ""), is_own=True)


def _link(named: Named) -> Piece:
    return Piece(named.text, named.language, named.address, is_own=True, is_title=named.is_title)
