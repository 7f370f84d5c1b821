"""What everyone may see of the log: its published state, entries, proofs, and whether a piece of paper is true."""

import base64
import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, overload
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet

from withus.compute import merkle
from withus.compute.verifier import Checkpoint, Proof, Wrong, parse_checkpoint, printed_words, read_entry
from withus.public_log import identity, publish, tree, verify, witnesses
from withus.public_log.models import LogEntry, LogHead, LogOpening
from withus.public_log.telling import Told, looked_up

PAGE = 25


@dataclass(frozen=True)
class Printed:
    """What stands at the foot of everything printed: the log's size, eight words, and where to check them."""

    size: int
    words: str
    address: str


@dataclass
class _Shown:
    """The published checkpoint as this process read it last; every page prints it, so it costs one look at a file."""

    stamp: tuple[int, int, str] = (0, 0, "")
    note: bytes = b""
    checkpoint: Checkpoint | None = None
    printed: Printed | None = None


_shown = _Shown()


def _published() -> _Shown:
    path = publish.folder() / "checkpoint"
    try:
        state = path.stat()
    except FileNotFoundError:
        return _Shown()
    stamp = (state.st_mtime_ns, state.st_ino, str(path))
    if stamp != _shown.stamp:
        note = path.read_bytes()
        checkpoint = parse_checkpoint(note.decode().partition("\n\n")[0] + "\n")
        words = " ".join(printed_words(checkpoint.root))
        query = urlencode({"printed": f"{checkpoint.size} {words}"})
        _shown.printed = Printed(checkpoint.size, words, f"/verify/?{query}")
        _shown.note, _shown.checkpoint, _shown.stamp = note, checkpoint, stamp
    return _shown


def public_checkpoint() -> Checkpoint | None:
    """What the published checkpoint says; None before the first."""
    return _published().checkpoint


def public_note() -> bytes | None:
    """The published checkpoint, signed, as it stands; None before the first."""
    return _published().note or None


def public_words() -> Printed | None:
    """Size and eight words for everything printed; None before the first checkpoint."""
    return _published().printed


def public_origin() -> str:
    """The name of the log; empty before its first entry."""
    head = LogHead.objects.get()
    return head.origin if head.size else ""


def public_key() -> str:
    """The log's newest public key that is published, in text form; empty before the first entry."""
    shown = public_checkpoint()
    key = identity.key(shown.size if shown else None)
    return str(key) if key else ""


def public_trouble() -> list[str]:
    """Why this log cannot be trusted now, if this house knows of a reason; the words are English."""
    return verify.problems()


def public_witnesses() -> list[witnesses.Asked]:
    """The witnesses that this log asks, with what each said last; none if the policy cannot be read."""
    try:
        return witnesses.asked()
    except Wrong:
        return []


@dataclass(frozen=True)
class Entry:
    """A published record as people and machines read it."""

    seq: int
    body: bytes
    record: dict[str, Any] = field(repr=False)
    told: Told = field(repr=False)

    @property
    def day(self) -> datetime.date:
        """The day on which it happened."""
        return datetime.date.fromisoformat(self.record["day"])

    @property
    def pretty(self) -> str:
        """The record, to be read."""
        return json.dumps(self.record, ensure_ascii=False, indent=2)


class _Newest(Sequence[Entry]):
    """All published entries, newest first, read by the page: counting a long log for each page would be slow."""

    def __init__(self, size: int) -> None:
        self.size = size

    def __len__(self) -> int:
        return self.size

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | Sequence[Entry]:
        if isinstance(index, int):
            return _entries(self.size - 1 - index, self.size - index)[0]
        start, stop, _ = index.indices(self.size)
        return _entries(self.size - stop, self.size - start)


def _entries(first: int, end: int) -> list[Entry]:
    return _told(LogEntry.objects.filter(seq__gte=first, seq__lt=end).order_by("-seq"))


def _told(rows: QuerySet[LogEntry]) -> list[Entry]:
    """The entries of these rows, and what their codes stand for, with one question for each kind of thing."""
    read = [(seq, bytes(body), read_entry(bytes(body))) for seq, body in rows.values_list("seq", "body")]
    names = looked_up(record for _, _, record in read)
    return [Entry(seq, body, record, Told(record, names)) for seq, body, record in read]


def public_entries() -> "Paginator[Entry]":
    """All published entries, newest first, in pages."""
    shown = public_checkpoint()
    return Paginator(_Newest(shown.size if shown else 0), PAGE)


def public_entry(seq: int) -> Entry | None:
    """One published entry; None if there is none of this number yet."""
    shown = public_checkpoint()
    return next(iter(_entries(seq, seq + 1)), None) if shown and seq < shown.size else None


def public_texts(entry: Entry) -> dict[str, bool]:
    """For each field of an entry that holds a commitment: whether its words are still kept (False: erased)."""
    found = verify.commits_of(entry.record.get("facts"), "facts")
    kept = set(LogOpening.objects.filter(pk__in=[commit for _, commit in found]).values_list("pk", flat=True))
    return {path: commit in kept for path, commit in found}


def public_proof(seq: int) -> Proof | None:
    """The inclusion proof of an entry in the published checkpoint, with it; None if it is not published yet."""
    shown, note = public_checkpoint(), public_note()
    if shown is None or note is None or seq >= shown.size:
        return None
    hashes = merkle.prove(merkle.inclusion_nodes(seq, shown.size), tree.read)
    return Proof(seq, tuple(hashes), note)


def public_proof_json(entry: Entry) -> dict[str, Any]:
    """An entry with all that a program needs to check it; raises LookupError if it is not published yet."""
    proof = public_proof(entry.seq)
    if proof is None:
        raise LookupError(entry.seq)
    return {
        "index": entry.seq,
        "entry": entry.body.decode(),
        "leaf_hash": base64.b64encode(merkle.leaf_hash(entry.body)).decode(),
        "hashes": [base64.b64encode(node).decode() for node in proof.hashes],
        "checkpoint": proof.checkpoint.decode(),
        "texts": {path: "kept" if is_kept else "erased" for path, is_kept in public_texts(entry).items()},
    }


@dataclass(frozen=True)
class Verdict:
    """What a printed checkpoint shows: `state` is true, cut (a roll-back), changed, or typing (one word is off)."""

    state: str
    size: int
    now: int
    place: int = 0


def public_verdict(size: int, words: Sequence[str]) -> Verdict:
    """Whether the log still begins with what was printed: its size then, and the eight words."""
    now = LogHead.objects.get().size
    if size > now:
        return Verdict("cut", size, now)
    differing = [
        place
        for place, (own, typed) in enumerate(zip(printed_words(tree.roots(size)[0]), words, strict=True), 1)
        if own != typed
    ]
    if not differing:
        return Verdict("true", size, now)
    if len(differing) == 1:  # that a changed log agrees in seven words by chance: 1 in 2^77
        return Verdict("typing", size, now, differing[0])
    return Verdict("changed", size, now)


def public_of_type(code: str, type: str) -> list[Entry]:
    """The published entries of one type about a code, oldest first."""
    shown = public_checkpoint()
    rows = LogEntry.objects.filter(subject=code, seq__lt=shown.size if shown else 0).order_by("seq")
    return [entry for entry in _told(rows) if entry.record["type"] == type]


def public_history(code: str) -> list[Entry]:
    """The published entries about a code, oldest first, at most 50."""
    shown = public_checkpoint()
    if not code or shown is None:
        return []
    return _told(LogEntry.objects.filter(subject=code, seq__lt=shown.size).order_by("seq")[:50])
