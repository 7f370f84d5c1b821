"""Whether the rows beside the log still say what its records say: no row was changed, made or deleted by hand.

In one pass over the records and one over the rows. Of each record only a digest is kept meanwhile; those that find no
row are read once more to say what differs.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice
from typing import Any

from withus.compute.verifier import MOST_ERRORS, Result, Wrong, read_entry
from withus.public_log.models import LogEntry, LogOpening, LogPending
from withus.public_log.rows import READERS, RECKONINGS, REDACTED, Kind, Reckoning, Said, said_in, words_behind

_CHUNK = 500


@dataclass
class Compared:
    """The comparison, fed with each record in turn and finished with the rows."""

    result: Result
    kinds: dict[str, Kind] = field(default_factory=lambda: {type: kind for kind in READERS for type in kind.types})
    places: dict[bytes, list[int]] = field(default_factory=dict)  # by digest; those that wait have numbers below zero
    newest: dict[bytes, tuple[bytes, int]] = field(default_factory=dict)
    erased: list[tuple[int, str, str]] = field(default_factory=list)
    taken_away: set[str] = field(default_factory=set)
    extra: list[Said] = field(default_factory=list)
    reckonings: list[Reckoning] = field(default_factory=lambda: [make() for make in RECKONINGS])

    def record(self, index: int, record: Mapping[str, Any], kept: Mapping[str, str]) -> None:
        """Takes a record, with the words kept for its commitments."""
        if record.get("type") == REDACTED:
            self.taken_away.add(str(record["facts"].get("fingerprint")))
        for one in self.reckonings:
            one.record(record)
        kind = self.kinds.get(str(record.get("type")))
        if kind is None:
            return
        said, commits = said_in(record, kept)
        gone = [(index, fact, commit) for fact, commit in commits.items() if commit not in kept]
        if kind.forgets and gone and kind.newest is not None:
            return  # erased with its row
        self.erased += [] if kind.forgets else gone
        if kind.newest is None:
            self.places.setdefault(said.digest, []).append(index)
        else:
            same = json.dumps([said.type, said.subject, *(said.facts.get(fact) for fact in kind.newest)])
            self.newest[blake2b(same.encode(), digest_size=16).digest()] = (said.digest, index)

    def finish(self) -> None:
        """Takes the records that wait and the rows, and says what differs."""
        for number, record, kept in waiting():
            self.record(-1 - number, record, kept)
        for digest, index in self.newest.values():
            self.places.setdefault(digest, []).append(index)
        for kind in READERS:
            for told in kind.read():
                self._row(told.said, told.later)
        self._told_apart()
        self._kept_or_taken_away()
        for one in self.reckonings:
            for difference in one.differences():
                self._says(f"{difference}, changed beside the log")

    def _row(self, said: Said, later: frozenset[str]) -> None:
        for one in (said, said.without(later)):
            if indexes := self.places.get(one.digest):
                indexes.pop()
                return
        if len(self.extra) <= MOST_ERRORS:  # no more are told
            self.extra.append(said)

    def _told_apart(self) -> None:
        """What is left over on both sides: first what belongs together, then what has nothing on the other side."""
        left = sorted(index for indexes in self.places.values() for index in indexes)
        for index in left:
            said = self._read(index) if len(self.result.errors) <= MOST_ERRORS else None
            near = [one for one in self.extra if said and (one.type, one.subject) == (said.type, said.subject)]
            if said is None:
                self._says("a record differs from its row", index)
            elif near:
                row = min(near, key=lambda one, said=said: len(one.differing(said)))  # type: ignore[misc]
                self.extra.remove(row)
                fields = ", ".join(row.differing(said))
                self._says(f"{_name(said)}: {fields} in its row differs, changed beside the log", index)
            else:
                self._says(f"{_name(said)}: a record without its row, which was deleted beside the log", index)
        for said in self.extra:
            self._says(f"{_name(said)}: a row without its record, made beside the log")

    def _kept_or_taken_away(self) -> None:
        for index, fact, commit in self.erased:
            if commit not in self.taken_away:
                self._says(f"the words of facts.{fact} are gone, and no two keys took them away", index)
        for commit in LogOpening.objects.filter(pk__in=self.taken_away).values_list("pk", flat=True):
            self._says(f"words that two keys took away are here again: {commit}")

    def _read(self, index: int) -> Said | None:
        """A record, read once more."""
        if index < 0:
            found = next(islice(waiting(), -1 - index, None), None)
            return said_in(found[1], found[2])[0] if found else None
        try:
            record = read_entry(bytes(LogEntry.objects.values_list("body", flat=True).get(pk=index)))
        except (Wrong, LogEntry.DoesNotExist):
            return None
        return said_in(record, words_of([record]))[0]

    def _says(self, what: str, index: int | None = None) -> None:
        self.result.wrong(what, None if index is None or index < 0 else index)


def _name(said: Said) -> str:
    return f"{said.type} of {said.subject}" if said.subject else said.type


def words_of(records: list[dict[str, Any]]) -> dict[str, str]:
    """The words that are kept for the commitments of these records."""
    return words_behind([commit for record in records for commit in said_in(record, {})[1].values()])


def waiting() -> Iterator[tuple[int, dict[str, Any], dict[str, str]]]:
    """Every record that waits for its hour, with its number here and the words kept for it."""
    bodies = LogPending.objects.order_by("pk").values_list("body", flat=True).iterator(_CHUNK)
    count = 0
    while some := [json.loads(body) for body in islice(bodies, _CHUNK)]:
        kept = words_of(some)
        for record in some:
            yield count, record, kept
            count += 1
