"""Our own witnesses: other houses that cosign this log's checkpoints, after checking that it only grew.

Who they are, says the file `log.policy` in WITHUS_KEYS (C2SP tlog-policy: `witness NAME VKEY ADDRESS`, groups, and a
quorum). Without it nobody is asked. They are asked by a job alone, never within a request or a transaction. One that
is silent or slow holds nothing up, and one that lies changes nothing: its words count only with its signature, or ours.
"""

import base64
import hashlib
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from http.client import HTTPException
from typing import Any

from django.utils.translation import gettext

from withus.compute import merkle, witness
from withus.compute.verifier import (
    Checkpoint,
    Key,
    Policy,
    Signature,
    Wrong,
    open_checkpoint,
    read_number,
    read_policy,
    split_note,
)
from withus.core import clock, keys
from withus.public_log import anchor, identity, publish, tree
from withus.public_log.models import LogCheckpoint, LogCosigned, LogHead

POLICY_FILE = "log.policy"
FRESH = timedelta(days=1)  # asked again after this, so that a log that stands still, or is kept back, shows
PATIENCE = 5.0  # seconds for all witnesses together
_LONGEST = 64 * 1024
_SLOWEST = timedelta(hours=1)  # between two questions to one that fails


class Said(StrEnum):
    """What came of a question."""

    COSIGNED = "cosigned"
    SILENT = "silent"
    UNKNOWN = "unknown"  # 404: it does not know this log
    REFUSED = "refused"  # 400, 403, 422: it does not take our signature or our proof
    AHEAD = "ahead"  # 409 with more than we have: this database is an old one, or the witness lies
    FALSE = "false"  # 200 without its signature


@dataclass(frozen=True)
class Asked:
    """A witness of ours: its name in the policy, its key, its address, and what is known of it."""

    name: str
    key: Key
    address: str
    row: LogCosigned

    @property
    def add_address(self) -> str:
        """Where it takes checkpoints."""
        return f"{self.address.rstrip('/')}/add-checkpoint"

    def shown_address(self, origin: str) -> str:
        """Where it shows what it cosigned of a log."""
        return f"{self.address.rstrip('/')}/{hashlib.sha256(origin.encode()).hexdigest()}/checkpoint"

    @property
    def is_fresh(self) -> bool:
        """Whether it cosigned within the last two days: once a day it is asked anew."""
        at = self.row.cosigned_at
        return at is not None and abs(clock.now() - at) < 2 * FRESH

    @property
    def trouble(self) -> str:
        """Why it did not cosign when it was asked last, in a sentence; empty if it did."""
        ahead = gettext("It says that it has signed %(number)d entries. That is more than there are here.")
        return {
            "": gettext("It was not asked yet."),
            Said.COSIGNED: "",
            Said.SILENT: gettext("It did not answer."),
            Said.UNKNOWN: gettext("It does not know this log."),
            Said.REFUSED: gettext("It refused to cosign."),
            Said.AHEAD: ahead % {"number": self.row.ahead},
            Said.FALSE: gettext("What it answered was not its signature."),
        }[self.row.answer]


def policy() -> Policy:
    """Our witnesses and how many of them are enough; raises Wrong for a file that cannot be read."""
    path = keys.path_of(POLICY_FILE)
    if not path.exists():
        return Policy()
    read = read_policy(path.read_bytes())
    for name, address in read.addresses.items():
        if not address.startswith(("https://", "http://")):
            raise Wrong(f"the policy's witness {name} has no address, https://…")
    return read


def asked(given: Policy | None = None) -> list[Asked]:
    """Each witness of the policy, with what it said last; raises Wrong."""
    given = given or policy()
    rows = LogCosigned.objects.in_bulk([_signer(key) for key in given.witnesses.values()])
    unasked = datetime(1970, 1, 1, tzinfo=UTC)
    return [
        Asked(
            name,
            key,
            given.addresses[name],
            rows.get(_signer(key)) or LogCosigned(signer=_signer(key), asked_at=unasked),
        )
        for name, key in given.witnesses.items()
    ]


def _signer(key: Key) -> str:
    return f"{key.name}+{key.id.hex()}"


def are_enough(given: Policy, found: list[Asked]) -> bool:
    """Whether those that cosigned lately are as many as the policy wants."""
    return given.is_satisfied(Signature(one.key, None) for one in found if one.is_fresh)


def last_cosigned() -> Checkpoint | None:
    """The largest checkpoint of ours that a witness cosigned; None if none ever did."""
    sizes = LogCosigned.objects.exclude(line="").values_list("size", flat=True)
    stored = LogCheckpoint.objects.filter(size__in=list(sizes)).order_by("-size").first()
    return open_checkpoint(stored.note.encode(), identity.every_key()) if stored else None


def ask() -> int:
    """Asks each witness whose time has come to cosign what is published; returns how many did. Raises Wrong."""
    given = policy()
    shown = publish.published() if given.witnesses else None
    if shown is None or shown.origin != LogHead.objects.get().origin:
        return 0
    due = [one for one in asked(given) if _is_due(one.row, shown.size)]
    note = LogCheckpoint.objects.get(size=shown.size).note
    answers = _together([(one.add_address, _request(one.row.size, shown, note)) for one in due])
    second: list[tuple[str, bytes | None]] = []
    for one, answer in zip(due, answers, strict=True):
        if (stands := _stands_at(answer)) is not None:  # it knows more or less of us than we remember
            is_ahead = stands > shown.size
            second.append(
                (one.shown_address(shown.origin), None)
                if is_ahead
                else (one.add_address, _request(stands, shown, note))
            )
    more = iter(_together(second))
    cosigned = 0
    for one, answer in zip(due, answers, strict=True):
        stands = _stands_at(answer)
        if stands is not None and stands > shown.size:
            _ahead(one.row, shown.origin, stands, next(more)[1])
        else:
            _take(one, shown, answer if stands is None else next(more))
        cosigned += one.row.answer == Said.COSIGNED
    if cosigned:
        publish.show_again()
    return cosigned


def _is_due(row: LogCosigned, size: int) -> bool:
    since = clock.now() - row.asked_at
    pause = min(_SLOWEST, timedelta(seconds=5 * 2 ** min(row.failures, 10))) if row.failures else FRESH
    return (row.size != size and not row.failures) or not timedelta(0) <= since < pause


def _request(old: int, shown: Checkpoint, note: str) -> bytes:
    is_known = 0 < old < shown.size
    proof = merkle.prove(merkle.consistency_nodes(old, shown.size), tree.read) if is_known else []
    return witness.make_request(old if old <= shown.size else 0, proof, note)


def _stands_at(answer: tuple[int, bytes]) -> int | None:
    """The size that a 409 names: how much of this log the witness has signed."""
    status, body = answer
    try:
        return read_number(body.decode("ascii").removesuffix("\n")) if status == 409 else None
    except ValueError:
        return None


def _take(one: Asked, shown: Checkpoint, answer: tuple[int, bytes]) -> None:
    """Stores what a witness answered: its line, once it is verified, or why there is none."""
    status, body = answer
    row, row.ahead = one.row, 0
    row.answer = {0: Said.SILENT, 404: Said.UNKNOWN}.get(status, Said.SILENT if status >= 500 else Said.REFUSED)
    if status == 200:
        try:
            line, signature = witness.read_cosignature(body, shown.text, one.key)
            row.cosigned_at = datetime.fromtimestamp(signature.time or 0, UTC)
            row.size, row.line, row.answer = shown.size, line, Said.COSIGNED
        except (Wrong, ValueError, OverflowError, OSError):
            row.answer = Said.FALSE
    _save(row)


def _ahead(row: LogCosigned, origin: str, stands: int, evidence: bytes) -> None:
    """A witness says that it has signed more than we hold: then this database is an old one, or the witness lies.

    A checkpoint with our own signature decides: it becomes the anchor, and nothing is appended or signed any more.
    """
    row.answer, row.ahead = Said.AHEAD, stands
    try:
        signed = open_checkpoint(evidence, identity.keys_now())
    except Wrong:
        signed = None
    if signed and signed.origin == origin and signed.size > LogHead.objects.get().size:
        last = anchor.read(origin)
        if last is None or last.size < signed.size:
            anchor.write(signed, _ours(evidence))
    _save(row)


def _ours(note: bytes) -> str:
    """The note with our own signature lines only."""
    text, lines = split_note(note)
    own = {(key.name, key.id) for key in identity.keys_now()}
    kept = [(name, data) for name, data in lines if (name, data[:4]) in own]
    return f"{text}\n" + "".join(f"— {name} {base64.b64encode(data).decode()}\n" for name, data in kept)


def _save(row: LogCosigned) -> None:
    row.asked_at = clock.now()
    row.failures = 0 if row.answer == Said.COSIGNED else row.failures + 1
    row.save()


# --- The network: threads of their own, which touch no database ---


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A witness answers itself: nobody leads us to another address."""

    def redirect_request(self, *_: Any) -> None:
        """Follows nothing."""


_opener = urllib.request.build_opener(_NoRedirect)
_asking: dict[str, threading.Thread] = {}


def _fetch(address: str, body: bytes | None, into: list[tuple[int, bytes]]) -> None:
    request = urllib.request.Request(address, body, {"Content-Type": "text/plain; charset=utf-8"})  # noqa: S310 policy
    try:
        try:
            answer = _opener.open(request, timeout=PATIENCE)
        except urllib.error.HTTPError as problem:
            answer = problem
        with answer:
            into.append((answer.status, answer.read(_LONGEST)))
    except (OSError, HTTPException, ValueError):
        into.append((0, b""))


def _together(calls: list[tuple[str, bytes | None]]) -> list[tuple[int, bytes]]:
    """Asks all at once; who does not answer within PATIENCE is silent (0), and not asked again while it still waits."""
    until = time.monotonic() + PATIENCE
    found: list[list[tuple[int, bytes]]] = [[] for _ in calls]
    for (address, body), into in zip(calls, found, strict=True):
        earlier = _asking.get(address)
        if earlier is None or not earlier.is_alive():
            _asking[address] = threading.Thread(target=_fetch, args=(address, body, into), daemon=True)
            _asking[address].start()
    for address, _ in calls:
        _asking[address].join(max(0.0, until - time.monotonic()))
    return [into[0] if into else (0, b"") for into in found]
