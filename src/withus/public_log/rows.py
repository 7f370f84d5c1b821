"""What the log must hold of each row that a formal act left: the door writes it, and the check compares both.

Triggers keep the log from being changed, and nothing keeps a database's owner from changing the rows beside it. So each
row tells the records that it must have left, word for word; a row that was edited, made or deleted by hand is found.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Protocol

from django.core.exceptions import ObjectDoesNotExist
from django.db import models

from withus.compute.verifier import read_entry
from withus.public_log.models import LogEntry, LogOpening

REDACTED = "redaction.agreed"  # the record by which two keys take words away; its fact `fingerprint` says which
_CHUNK = 200


@dataclass(frozen=True)
class Told:
    """A record as its row tells it: `words` says which fact commits to which field of the row (words may be erased).

    `later` names the facts that records of earlier versions lack; `is_public` is false while not everybody may read
    the words.
    """

    type: str
    subject: str
    facts: Mapping[str, Any]
    row: models.Model
    words: Mapping[str, str] = field(default_factory=dict)
    later: frozenset[str] = frozenset()
    is_public: bool = True

    @property
    def texts(self) -> dict[str, str]:
        """The words, by the fact that commits to them."""
        return {fact: str(getattr(self.row, name)) for fact, name in self.words.items()}

    @property
    def said(self) -> "Said":
        """What the log must hold of it."""
        return Said(self.type, self.subject, dict(self.facts), self.texts)

    @property
    def thing(self) -> str:
        """The code of the thing whose words they are: the row's own, or else what the record is about."""
        return str(getattr(self.row, "code", self.subject))


@dataclass(frozen=True)
class Said:
    """What a record says, with the words behind its commitments (none: erased), so that two can be compared."""

    type: str
    subject: str
    facts: dict[str, Any]
    words: dict[str, str]

    @property
    def digest(self) -> bytes:
        """Equal for records that say the same, and for no others."""
        whole = json.dumps([self.type, self.subject, self.facts, self.words], sort_keys=True)
        return blake2b(whole.encode(), digest_size=16).digest()

    def without(self, facts: Collection[str]) -> "Said":
        """The same before these facts were told."""
        return Said(
            self.type,
            self.subject,
            {fact: value for fact, value in self.facts.items() if fact not in facts},
            {fact: value for fact, value in self.words.items() if fact not in facts},
        )

    def differing(self, other: "Said") -> list[str]:
        """The facts in which the two differ."""
        own, theirs = self.facts | self.words, other.facts | other.words
        return sorted(fact for fact in own.keys() | theirs.keys() if own.get(fact) != theirs.get(fact))


Reader = Callable[[], Iterable[Told]]


@dataclass(frozen=True)
class Kind:
    """Records of some types and the rows that they stand in.

    `newest`: the row keeps only the last one of those about a subject in which these facts are equal too; None: each
    record has a row. `forgets`: the words can be erased by others than two keys, and the row may go with them.
    """

    types: frozenset[str]
    read: Reader
    newest: tuple[str, ...] | None = None
    forgets: bool = False
    about: Callable[[str], Iterable[Told]] | None = None


class Reckoning(Protocol):
    """Rows that come and go, where a record does not say which one went: all records together are held against them."""

    def record(self, record: Mapping[str, Any]) -> None:
        """Takes the next record, of whichever type."""

    def differences(self) -> Iterable[str]:
        """What the rows say otherwise than the records."""


READERS: list[Kind] = []
RECKONINGS: list[Callable[[], Reckoning]] = []  # each makes a new one


def stands_in_rows(
    types: Collection[str],
    read: Reader,
    *,
    newest: tuple[str, ...] | None = None,
    forgets: bool = False,
    about: Callable[[str], Iterable[Told]] | None = None,
) -> None:
    """Registers types of records which stand in rows, and what reads all those rows; see `Kind`.

    `about` reads those about one subject, where reading all would be slow.
    """
    READERS.append(Kind(frozenset(types), read, newest, forgets, about))


def told_by(rows: Iterable[Any]) -> Iterator[Told]:
    """What the rows tell. One that rests on a row deleted by hand tells nothing, and so is missed with it."""
    for row in rows:
        try:
            told: Told = row.told()
        except ObjectDoesNotExist:
            continue
        yield told


def said_in(record: Mapping[str, Any], kept: Mapping[str, str]) -> tuple[Said, dict[str, str]]:
    """What a record says, with the words `kept` for its commitments; and the commitments, by their facts."""
    facts, words, commits = {}, {}, {}
    for fact, value in record.get("facts", {}).items():
        if isinstance(value, dict) and value.keys() == {"commit"}:
            commits[fact] = str(value["commit"])
            words[fact] = kept.get(commits[fact], "")
        else:
            facts[fact] = value
    return Said(str(record.get("type")), str(record.get("subject", "")), facts, words), commits


def words_behind(commitments: Iterable[str]) -> dict[str, str]:
    """The words that are kept for these commitments; erased ones are missing."""
    return dict(LogOpening.objects.filter(pk__in=list(commitments)).values_list("pk", "content"))


def standing(record: Mapping[str, Any]) -> Told | None:
    """The row in which a record stands, if there is one and it says what the record says."""
    _, commits = said_in(record, {})
    said, _ = said_in(record, words_behind(commits.values()))
    for kind in READERS:
        if said.type in kind.types:
            for told in kind.about(said.subject) if kind.about else kind.read():
                if said in (told.said, told.said.without(told.later)):
                    return told
    return None


def recorded(type: str, subjects: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The facts of the records of this type about these subjects, by subject: where rows alone cannot tell."""
    wanted, found = sorted(set(subjects)), {}
    for start in range(0, len(wanted), _CHUNK):
        for record in records_about(wanted[start : start + _CHUNK]):
            if record["type"] == type:
                found[record["subject"]] = record["facts"]
    return found


def records_about(subjects: Collection[str]) -> Iterator[dict[str, Any]]:
    """Every record in the log about one of these subjects."""
    for body in LogEntry.objects.filter(subject__in=subjects).values_list("body", flat=True):
        yield read_entry(bytes(body))
