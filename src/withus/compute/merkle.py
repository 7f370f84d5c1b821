"""The builder's side of the Merkle log: canonical records and the compact range that grows (RFC 6962, RFC 8785)."""

import hashlib
import json
import re
import unicodedata
from typing import Any

LARGEST = 2**53 - 1
_KEY = re.compile(r"[a-z][a-z0-9_]*\Z")


class Unfit(ValueError):
    """A record that must not enter the log; the text says why."""


def leaf_hash(body: bytes) -> bytes:
    """SHA-256 of 00 and the entry's bytes."""
    return hashlib.sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of 01 and both children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def check(value: Any, path: str = "record") -> None:
    """Raises Unfit unless the value is made of objects, lists, NFC texts, booleans and integers within ±(2^53−1)."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if not (isinstance(key, str) and _KEY.match(key)):
                raise Unfit(f"{path}: the key {key!r} must be lower-case ASCII")
            check(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            check(inner, f"{path}[{number}]")
    elif isinstance(value, str):
        _check_text(value, path)
    elif isinstance(value, bool) or value is None:
        return
    elif not (isinstance(value, int) and abs(value) <= LARGEST):
        raise Unfit(f"{path}: only texts, whole numbers up to 2^53-1, lists and objects")


def _check_text(text: str, path: str) -> None:
    if not unicodedata.is_normalized("NFC", text):
        raise Unfit(f"{path}: the text is not in normal form C")
    if any(unicodedata.category(symbol) in {"Cc", "Cs", "Cn"} and symbol not in "\n\t" for symbol in text):
        raise Unfit(f"{path}: the text holds a control, surrogate or unassigned character")


def canonical(record: dict[str, Any]) -> bytes:
    """The record as RFC 8785 canonical JSON (equal to sorted json.dumps, as there are no floats); raises Unfit."""
    check(record)
    body = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    if len(body) > 65535:
        raise Unfit("record: longer than 65,535 bytes")
    return body


def grow(frontier: list[bytes], size: int, leaf: bytes) -> list[bytes]:
    """The compact range over `size` + 1 leaves: roots of perfect subtrees, largest first."""
    grown, node = list(frontier), leaf
    while size & 1:
        node = node_hash(grown.pop(), node)
        size >>= 1
    return [*grown, node]


def root(frontier: list[bytes]) -> bytes:
    """The tree's root from its compact range; SHA-256 of nothing for the empty tree."""
    if not frontier:
        return hashlib.sha256(b"").digest()
    node = frontier[-1]
    for left in reversed(frontier[:-1]):
        node = node_hash(left, node)
    return node
