"""What a witness answers when a log asks for a cosignature (C2SP tlog-witness v1.0.0); pure, the state is handed in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from withus.compute.verifier import (
    EMPTY_ROOT,
    Checkpoint,
    Key,
    Wrong,
    open_note,
    parse_checkpoint,
    read_hash,
    read_number,
    verify_consistency,
)

MOST_HASHES = 63
SIZE_TYPE = "text/x.tlog.size"


@dataclass(frozen=True)
class Seen:
    """The largest tree of an origin that this witness has signed."""

    size: int = 0
    root: bytes = EMPTY_ROOT


@dataclass(frozen=True)
class Answer:
    """The status, its body, and with 200 the checkpoint to store (in the step that compared) before it is cosigned."""

    status: int
    body: str = ""
    checkpoint: Checkpoint | None = None


@dataclass(frozen=True)
class Request:
    """An add-checkpoint request that could be read; nothing in it is verified."""

    old: int
    proof: tuple[bytes, ...]
    note: bytes
    origin: str


def read_request(body: bytes) -> Request:
    """The parts of a request; raises Wrong."""
    head, found, note = body.partition(b"\n\n")
    try:
        lines, origin = head.decode("ascii").split("\n"), note.partition(b"\n")[0].decode("utf-8")
    except UnicodeDecodeError as problem:
        raise Wrong("the request is no text") from problem
    if not found or not origin or not lines[0].startswith("old ") or len(lines) - 1 > MOST_HASHES:
        raise Wrong("a request has a size, at most 63 hashes and a checkpoint")
    return Request(read_number(lines[0][4:]), tuple(read_hash(line) for line in lines[1:]), note, origin)


def decide(request: Request, keys: Mapping[str, Sequence[Key]], seen: Seen) -> Answer:
    """What to answer, given the keys of each known origin and what was signed before."""
    if request.origin not in keys:
        return Answer(404)
    try:
        text, _ = open_note(request.note, keys[request.origin])
    except Wrong:
        return Answer(403)
    try:
        checkpoint = parse_checkpoint(text)
    except Wrong:
        return Answer(422 if _is_size_0(text) else 400)
    if request.old > checkpoint.size:
        return Answer(400)
    if request.old != seen.size:
        return Answer(409, f"{seen.size}\n")
    if not _continues(request, checkpoint, seen):
        return Answer(422)
    return Answer(200, checkpoint=checkpoint)


def _is_size_0(text: str) -> bool:
    return text.split("\n")[1:2] == ["0"]


def _continues(request: Request, checkpoint: Checkpoint, seen: Seen) -> bool:
    if seen.size in (0, checkpoint.size) and request.proof:
        return False
    if seen.size == 0:
        return True
    return verify_consistency(seen.size, checkpoint.size, seen.root, checkpoint.root, request.proof)
