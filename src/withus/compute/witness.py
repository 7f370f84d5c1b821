"""What a log asks of a witness, and what a witness answers (C2SP tlog-witness v1.0.0); pure, the state is handed in."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from withus.compute.verifier import (
    EMPTY_ROOT,
    Checkpoint,
    Key,
    Signature,
    Wrong,
    open_note,
    parse_checkpoint,
    read_hash,
    read_number,
    verify_consistency,
)

MOST_HASHES = 63
MOST_LINES = 16  # of an answer: each witness gives one, or one for each of its keys
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


def make_request(old: int, proof: Sequence[bytes], note: str) -> bytes:
    """The body of an add-checkpoint request: from what size, the consistency proof, and the signed checkpoint."""
    hashes = [base64.b64encode(node).decode() for node in proof]
    return ("\n".join([f"old {old}", *hashes, "", ""]) + note).encode()


def read_cosignature(body: bytes, text: str, key: Key) -> tuple[str, Signature]:
    """The one line of an answer that is the witness's own cosignature under the checkpoint's text; raises Wrong.

    Other lines are left out: whatever a witness adds must not reach those who read our checkpoint.
    """
    try:
        lines = body.decode("utf-8").split("\n")
    except UnicodeDecodeError as problem:
        raise Wrong("the answer is no text") from problem
    if lines.pop() or not 0 < len(lines) <= MOST_LINES:
        raise Wrong("the answer holds no signature lines, or too many")
    for line in lines:
        try:
            _, (signature,) = open_note(f"{text}\n{line}\n".encode(), [key])
        except Wrong:
            continue
        return f"{line}\n", signature
    raise Wrong("the witness itself did not sign, or falsely")


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
