"""The builder's side of the Merkle log: records, proofs, signatures. All formats come from `compute.verifier`."""

import base64
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from nacl.signing import SigningKey

from withus.compute.verifier import (
    COSIGNATURE,
    ED25519,
    HASH,
    LARGEST_NUMBER,
    LONGEST_ENTRY,
    TILE,
    Checkpoint,
    Key,
    cosigned_text,
    encode,
    fold,
    grow,
    leaf_hash,
    node_hash,
    tree_root,
)

__all__ = ["Unfit", "canonical", "fold", "grow", "leaf_hash", "node_hash", "root", "tree_root"]

root = fold
_KEY = re.compile(r"[a-z][a-z0-9_]*\Z")
_LINES = "\n\t"

_TILE_HEIGHT = TILE.bit_length() - 1
Node = tuple[int, int]  # a perfect subtree over 2^level leaves: level, index within the level
Reader = Callable[[Sequence[Node]], Sequence[bytes]]


class Unfit(ValueError):
    """A record that must not enter the log; the text says why."""


@lru_cache(maxsize=1024)
def _is_key(key: object) -> bool:
    return isinstance(key, str) and bool(_KEY.match(key))


def check(value: Any, path: str = "record") -> None:
    """Raises Unfit unless the value is made of objects, lists, NFC texts, booleans and integers within ±(2^53−1)."""
    if isinstance(value, str):
        _check_text(value, path)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if not _is_key(key):
                raise Unfit(f"{path}: the key {key!r} must be lower-case ASCII")
            kind = type(inner)
            if kind is str and inner.isascii() and inner.isprintable():
                continue  # as most do: no path is made
            if kind is not int or abs(inner) > LARGEST_NUMBER:
                check(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            check(inner, f"{path}[{number}]")
    elif isinstance(value, bool) or value is None:
        return
    elif not (isinstance(value, int) and abs(value) <= LARGEST_NUMBER):
        raise Unfit(f"{path}: only texts, whole numbers up to 2^53-1, lists and objects")


def _check_text(text: str, path: str) -> None:
    if text.isascii() and text.isprintable():
        return
    if any(unicodedata.category(symbol) in {"Cc", "Cs", "Cn"} and symbol not in _LINES for symbol in text):
        raise Unfit(f"{path}: the text holds a control, surrogate or unassigned character")
    if not unicodedata.is_normalized("NFC", text):
        raise Unfit(f"{path}: the text is not in normal form C")


def canonical(record: dict[str, Any]) -> bytes:
    """The record as RFC 8785 canonical JSON (equal to sorted json.dumps, as there are no floats); raises Unfit."""
    try:
        check(record)
    except RecursionError as problem:
        raise Unfit("record: nested too deeply") from problem
    body = encode(record)
    if len(body) > LONGEST_ENTRY:
        raise Unfit("record: longer than 65,535 bytes")
    return body


def split(joined: bytes) -> list[bytes]:
    """Hashes that lie behind one another, as in a tile or a stored frontier."""
    return [joined[start : start + HASH] for start in range(0, len(joined), HASH)]


def extend(frontier: Sequence[bytes], size: int, leaves: Iterable[bytes]) -> tuple[list[bytes], dict[Node, bytes]]:
    """The compact range over `size` leaves and more, and the root of each tile (level, number) that became full."""
    grown, filled = list(frontier), {}
    for index, node in enumerate(leaves, size):
        height = 0
        while index >> height & 1:
            node, height = node_hash(grown.pop(), node), height + 1
            if height % _TILE_HEIGHT == 0:
                filled[height // _TILE_HEIGHT - 1, index >> height] = node
        grown.append(node)
    return grown, filled


# --- Proofs (RFC 9162 2.1.3.1 and 2.1.4.1): first which subtrees, then their hashes in one reading ---


def _perfect(start: int, end: int) -> list[Node]:
    """The perfect subtrees that make up a range of leaves which begins where a subtree may, largest first."""
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        nodes.append((level, start >> level))
        start += 1 << level
    return nodes


def frontier_nodes(size: int) -> list[Node]:
    """The compact range over `size` leaves: fold their hashes for the root."""
    return _perfect(0, size)


def _middle(count: int) -> int:
    return 1 << (count - 1).bit_length() - 1


def inclusion_nodes(index: int, size: int) -> list[list[Node]]:
    """For each hash of the inclusion proof the subtrees to fold into it; raises ValueError."""
    if not 0 <= index < size:
        raise ValueError(f"no entry {index} in {size}")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _middle(end - start)
        if index < middle:
            path.append(_perfect(middle, end))
            end = middle
        else:
            path.append(_perfect(start, middle))
            start = middle
    return path[::-1]


def consistency_nodes(old: int, size: int) -> list[list[Node]]:
    """For each hash of the consistency proof the subtrees to fold into it; raises ValueError."""
    if not 0 < old <= size:
        raise ValueError(f"nothing to prove between {old} and {size}")
    start, end, path, is_whole = 0, size, [], True
    while old != end:
        middle = start + _middle(end - start)
        if old <= middle:
            path.append(_perfect(middle, end))
            end = middle
        else:
            path.append(_perfect(start, middle))
            start, is_whole = middle, False
    return ([] if is_whole else [_perfect(start, end)]) + path[::-1]


def prove(path: list[list[Node]], read: Reader) -> list[bytes]:
    """The proof's hashes, all nodes read at once."""
    flat = [node for group in path for node in group]
    hashes = iter(read(flat))
    return [fold([next(hashes) for _ in group]) for group in path]


def tile_of(node: Node) -> tuple[int, int, int, int]:
    """Where a subtree's root comes from: level and number of the tile, first hash in it, and how many to fold."""
    level, index = node
    within = level % 8
    first = index << within
    return level // 8, first // TILE, first % TILE, 1 << within


# --- Signatures (C2SP signed-note, tlog-cosignature) ---


def public_key(name: str, seed: bytes, type: int = ED25519) -> Key:
    """The public side of a signing key of 32 bytes, under a name."""
    return Key(name, type, bytes(SigningKey(seed).verify_key))


def _line(key: Key, signature: bytes) -> str:
    return f"— {key.name} {base64.b64encode(key.id + signature).decode()}\n"


def sign(checkpoint: Checkpoint, seeds: Iterable[bytes]) -> str:
    """The checkpoint as a signed note, one line for each key of the log; Ed25519 repeats are identical."""
    lines = [
        _line(public_key(checkpoint.origin, seed), bytes(SigningKey(seed).sign(checkpoint.text.encode()).signature))
        for seed in seeds
    ]
    return f"{checkpoint.text}\n{''.join(lines)}"


def cosign(text: str, name: str, seed: bytes, when: int) -> str:
    """A witness's cosignature/v1 line under a checkpoint's text; `when` in seconds since 1970."""
    signature = bytes(SigningKey(seed).sign(cosigned_text(text, when)).signature)
    return _line(public_key(name, seed, COSIGNATURE), when.to_bytes(8, "big") + signature)
