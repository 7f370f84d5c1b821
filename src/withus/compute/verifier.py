#!/usr/bin/env python3
"""Checks a published Withus log, alone: Python 3.11 or newer and PyNaCl (`python -m pip install pynacl`) are enough.

    python verifier.py SOURCE --key VKEY [--checkpoint FILE]… [--proof FILE]… [--printed "SIZE word word …"]…
                       [--policy FILE] [--max-age SECONDS] [--save DIR] [--json]

SOURCE is the address of a log (https://…/log) or a folder with a downloaded copy of it. VKEY is the log's public key,
as the host prints it on paper and shows it under /log/key. What you kept from earlier makes the check strong: the eight
words from any printed page (--printed), a checkpoint that you saved (--checkpoint), a proof of one entry (--proof). A
log that was rewritten and signed again by its owner is perfect in itself: only what others have kept can show it.
--save DIR keeps all that was read in a new folder, laid out as it was published: later, DIR is a SOURCE that needs no
network.

Ends with 0: everything holds · 1: something does not · 2: wrong usage · 3: SOURCE or a file cannot be read.

This is one long file on purpose: you can read it, keep it beside what you saved, and run it in ten years without
anything else of ours. Withus itself takes its formats from here, so both always mean the same.
Formats: RFC 6962 and RFC 9162 (tree, proofs), RFC 8785 (entries), and of C2SP at 5ba5ee8 (2026-07-22): signed-note
v1.0.0, tlog-checkpoint v1.0.0, tlog-cosignature v1.1.0-rc.1, tlog-tiles v0.1.0, tlog-proof and tlog-policy (untagged).
FIPS 204 (ML-DSA-44).
License: AGPL-3.0-or-later.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import json
import re
import sys
import time
import urllib.error
import urllib.request
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol

try:
    from nacl.exceptions import BadSignatureError
    from nacl.signing import VerifyKey
except ImportError:
    sys.exit("verifier: PyNaCl is missing; install it with: python -m pip install pynacl")

HASH = 32
TILE = 256  # hashes in a full tile, entries in a full bundle
LONGEST_ENTRY = 65_535
LARGEST_NUMBER = 2**53 - 1
LARGEST_SIZE = 2**63 - 1
MOST_SIGNATURES = 100
MOST_ERRORS = 100
MOST_TYPES = 1_000
EMPTY_ROOT = hashlib.sha256(b"").digest()
ED25519, COSIGNATURE, ML_DSA = 1, 4, 6
KEY_LENGTHS = {ED25519: 32, COSIGNATURE: 32, ML_DSA: 1312}
PRINTED_WORDS, BITS_PER_WORD = 8, 11
PROOF_HEADER = "c2sp.org/tlog-proof@v1"
SIGNED_ROOT, STORED_ROOT, UNPROVEN = "the signed root", "a stored checkpoint", "not known yet whose"


class Wrong(ValueError):
    """Something does not have the form, or the signature, that it must have; the text says what."""


# --- Hashes and proofs (RFC 6962 2.1, RFC 9162 2.1.3 and 2.1.4) ---


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256 of 00 and the entry's bytes."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of 01 and both children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_root(hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, or over roots of perfect subtrees of one size."""
    if not hashes:
        return EMPTY_ROOT
    level = list(hashes)
    sha256 = hashlib.sha256
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        level = [sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)] + odd
    return level[0]


def grow(frontier: Sequence[bytes], size: int, leaf: bytes) -> list[bytes]:
    """The compact range over `size` + 1 leaves: roots of perfect subtrees, largest first."""
    grown, node = list(frontier), leaf
    while size & 1:
        node = node_hash(grown.pop(), node)
        size >>= 1
    return [*grown, node]


def fold(frontier: Sequence[bytes]) -> bytes:
    """The root from a compact range."""
    if not frontier:
        return EMPTY_ROOT
    node = frontier[-1]
    for left in reversed(frontier[:-1]):
        node = node_hash(left, node)
    return node


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof shows that `leaf` is the hash at `index` of the tree of `size` leaves with this root."""
    if not 0 <= index < size or len(leaf) != HASH:
        return False
    position, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            node = node_hash(sibling, node)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and node == root


def verify_consistency(old: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree of `size` leaves begins with the one of `old` leaves.

    A proof does not bind the sizes: take size and root from one verified checkpoint. Size 0 is the caller's case.
    """
    if not 0 < old <= size:
        return False
    if old == size:
        return old_root == root and not proof
    if not proof:
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    position, last = old - 1, size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        position, last = position >> 1, last >> 1
    return first == old_root and second == root and last == 0


# --- Entries: RFC 8785 canonical JSON with whole numbers only ---


def _whole(digits: str) -> int:
    number = int(digits)
    if abs(number) > LARGEST_NUMBER:
        raise Wrong(f"a number beyond {LARGEST_NUMBER}")
    return number


def _no_fraction(text: str) -> Any:
    raise Wrong(f"{text[:20]} is not a whole number")


_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
_AS_THEY_STAND = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_DECODER = json.JSONDecoder(parse_float=_no_fraction, parse_constant=_no_fraction, parse_int=_whole)
_BEYOND_BMP = re.compile("[\U00010000-\U0010ffff]")


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value, key=lambda key: key.encode("utf-16-be"))}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def encode(value: Any) -> bytes:
    """The one form of a value without fractions, as RFC 8785 says; raises ValueError where there is none."""
    text = _ENCODER.encode(value)
    if not text.isascii() and _BEYOND_BMP.search(
        text
    ):  # the RFC sorts keys by UTF-16 units; that differs from code points only here
        text = _AS_THEY_STAND.encode(_sorted(value))
    return text.encode("utf-8")


def read_entry(body: bytes) -> dict[str, Any]:
    """The record of an entry; raises Wrong unless these bytes are its one canonical form.

    Encoding what was read and comparing bytes finds double keys, order, spaces, -0, needless or upper-case escapes.
    """
    try:
        record = _DECODER.decode(body.decode("utf-8"))
        same = encode(record) == body
    except (ValueError, RecursionError) as problem:
        raise Wrong(f"not canonical JSON ({str(problem)[:80]})") from problem
    if not same or not isinstance(record, dict):
        raise Wrong("not canonical JSON (the same content has another form)")
    return record


def commitment(salt: bytes, path: str, text: str) -> str:
    """What an entry holds instead of words that may be erased: HMAC-SHA-256 under 32 random bytes, in hex."""
    if len(salt) != HASH:  # HMAC pads with zeros: a shorter key and one with zeros at its end would be the same
        raise Wrong("a salt must have 32 bytes")
    return hmac.new(salt, b"withus/commit/v1\0" + path.encode() + b"\0" + text.encode(), hashlib.sha256).hexdigest()


def read_opening(commit: str, path: str, opening: tuple[bytes, str] | None) -> str:
    """What a commitment holds: `erased` when salt and words are gone, else `true` or `wrong`."""
    if opening is None:
        return "erased"
    try:
        return "true" if hmac.compare_digest(commitment(opening[0], path, opening[1]), commit) else "wrong"
    except ValueError:
        return "wrong"


# --- Signed notes, keys, checkpoints, cosignatures (C2SP) ---


def _unbase64(text: str) -> bytes:
    """Strict: the standard alphabet, padded, no stray bits."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError as problem:
        raise Wrong("not base64") from problem
    if base64.b64encode(data).decode() != text:
        raise Wrong("base64 with stray bits")
    return data


def read_hash(text: str) -> bytes:
    """A hash in base64; raises Wrong."""
    data = _unbase64(text)
    if len(data) != HASH:
        raise Wrong("not a hash")
    return data


def read_number(text: str, largest: int = LARGEST_SIZE) -> int:
    """A decimal number in ASCII digits without sign or leading zero; raises Wrong."""
    if not (text.isascii() and text.isdigit()) or (text[0] == "0" and text != "0") or len(text) > 20:
        raise Wrong(f"{text[:25]!r} is not a number")
    if int(text) > largest:
        raise Wrong(f"the number {text} is too large")
    return int(text)


def _is_name(name: str) -> bool:
    return bool(name) and not any(one.isspace() or one == "+" or "\ud800" <= one <= "\udfff" for one in name)


@dataclass(frozen=True)
class Key:
    """Somebody's public key and the name that it signs under."""

    name: str
    type: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes by which signature lines name the key."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.type]) + self.public).decode()}"


def read_key(vkey: str) -> Key:
    """A key in text form, `name+id+base64`; raises Wrong."""
    parts = vkey.split("+", 2)
    if len(parts) != 3 or not _is_name(parts[0]) or not re.fullmatch("[0-9a-f]{8}", parts[1]):
        raise Wrong("a key has the form name+id+base64")
    data = _unbase64(parts[2])
    if not data or len(data) - 1 != KEY_LENGTHS.get(data[0]):
        raise Wrong("the key is of an unknown type or length")
    key = Key(parts[0], data[0], data[1:])
    if key.id.hex() != parts[1]:
        raise Wrong("the key's id does not fit the key")
    return key


@dataclass(frozen=True)
class Signature:
    """A signature line that was verified; cosignatures carry a time, in seconds since 1970."""

    key: Key
    time: int | None


def cosigned_text(text: str, when: int) -> bytes:
    """What a cosignature/v1 signs."""
    return f"cosignature/v1\ntime {when}\n{text}".encode()


def _subtree_text(key: Key, checkpoint: Checkpoint, when: int) -> bytes:
    """What an ML-DSA cosignature signs: the whole tree as a subtree from 0."""
    name, origin = key.name.encode(), checkpoint.origin.encode()
    if max(len(name), len(origin)) > 255:
        raise Wrong("a name is too long for a cosignature")
    head = b"subtree/v1\n\0" + bytes([len(name)]) + name + when.to_bytes(8, "big") + bytes([len(origin)]) + origin
    return head + bytes(8) + checkpoint.size.to_bytes(8, "big") + checkpoint.root


def _verify(key: Key, text: str, signature: bytes) -> Signature:
    """libsodium refuses keys of small order, whose owner could deny any signature."""
    when, message = None, text.encode()
    if key.type != ED25519:
        when, signature = int.from_bytes(signature[:8], "big"), signature[8:]
        if when > LARGEST_SIZE:
            raise Wrong(f"the time of {key.name}'s signature is impossible")
    try:
        if key.type == ML_DSA:
            if not verify_ml_dsa(key.public, _subtree_text(key, parse_checkpoint(text), when or 0), signature):
                raise Wrong(f"the signature of {key.name} is false")
        else:
            VerifyKey(key.public).verify(message if when is None else cosigned_text(text, when), signature)
    except (BadSignatureError, ValueError) as problem:
        raise Wrong(f"the signature of {key.name} is false") from problem
    return Signature(key, when)


def split_note(note: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    """A note's text and its signature lines (name, id and signature), unverified; raises Wrong."""
    try:
        whole = note.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise Wrong("the note is not UTF-8") from problem
    if re.search(r"[\x00-\x09\x0b-\x1f]", whole):
        raise Wrong("the note holds control characters")
    end = whole.rfind("\n\n")
    if end < 0 or not whole.endswith("\n"):
        raise Wrong("the note has no signatures")
    lines = whole[end + 2 :].split("\n")[:-1]
    if not 0 < len(lines) <= MOST_SIGNATURES:
        raise Wrong("the note has no signatures, or too many")
    found = []
    for line in lines:
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "—" or not _is_name(parts[1]):
            raise Wrong("the note has a broken signature line")
        data = _unbase64(parts[2])
        if len(data) < 5:
            raise Wrong("the note has a broken signature line")
        found.append((parts[1], data))
    return whole[: end + 1], found


def open_note(note: bytes, keys: Iterable[Key]) -> tuple[str, list[Signature]]:
    """The text and its verified signatures in order; raises Wrong when one of a known key fails, or none is known.

    Lines of unknown keys are skipped.
    """
    known: dict[tuple[str, bytes], Key] = {}
    for key in keys:
        if (key.name, key.id) in known:
            raise Wrong(f"two keys {key.name}+{key.id.hex()}")
        known[key.name, key.id] = key
    text, lines = split_note(note)
    verified: dict[Key, Signature] = {}
    for name, data in lines:
        signer = known.get((name, data[:4]))
        if signer and signer not in verified:
            verified[signer] = _verify(signer, text, data[4:])
    if not verified:
        raise Wrong("nobody whose key we have signed the note")
    return text, list(verified.values())


@dataclass(frozen=True)
class Checkpoint:
    """What a log's owner signed: so many entries, with this root."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()

    @property
    def text(self) -> str:
        """The signed text."""
        return "".join(
            f"{line}\n"
            for line in (self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions)
        )


def parse_checkpoint(text: str) -> Checkpoint:
    """A checkpoint's text, unverified; raises Wrong."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not lines[0] or "" in lines[3:-1]:
        raise Wrong("a checkpoint has the lines origin, size and root")
    size, root = read_number(lines[1]), read_hash(lines[2])
    if size == 0 and root != EMPTY_ROOT:
        raise Wrong("the checkpoint's root is impossible")
    return Checkpoint(lines[0], size, root, tuple(lines[3:-1]))


def open_checkpoint(note: bytes, logs: Iterable[Key], witnesses: Iterable[Key] = ()) -> Checkpoint:
    """A checkpoint signed by one of the log's keys under the log's own name; raises Wrong."""
    logs = list(logs)
    text, signatures = open_note(note, [*logs, *witnesses])
    read = parse_checkpoint(text)
    if not any(signature.key in logs and signature.key.name == read.origin for signature in signatures):
        raise Wrong("the log itself did not sign the checkpoint")
    return Checkpoint(read.origin, read.size, read.root, read.extensions, tuple(signatures))


# --- ML-DSA-44 (FIPS 204, algorithm 8), which C2SP recommends to witnesses and PyNaCl lacks; only public values ---

_Q, _D, _TAU, _GAMMA1, _GAMMA2, _BETA, _OMEGA, _K = 8_380_417, 13, 39, 1 << 17, 95_232, 78, 80, 4
_ZETAS = [pow(1753, int(f"{number:08b}"[::-1], 2), _Q) for number in range(256)]
Polynomial = list[int]


def _ntt(poly: Polynomial) -> Polynomial:
    poly, index, length = list(poly), 0, 128
    while length:
        for start in range(0, 256, 2 * length):
            index += 1
            for j in range(start, start + length):
                turned = _ZETAS[index] * poly[j + length] % _Q
                poly[j + length], poly[j] = (poly[j] - turned) % _Q, (poly[j] + turned) % _Q
        length //= 2
    return poly


def _inverse_ntt(poly: Polynomial) -> Polynomial:
    poly, index, length = list(poly), 256, 1
    while length < 256:
        for start in range(0, 256, 2 * length):
            index -= 1
            for j in range(start, start + length):
                low, high = poly[j], poly[j + length]
                poly[j], poly[j + length] = (low + high) % _Q, _ZETAS[index] * (high - low) % _Q
        length *= 2
    return [8_347_681 * value % _Q for value in poly]  # 1/256


def _unpack(data: bytes, bits: int) -> Polynomial:
    joined = int.from_bytes(data, "little")
    return [joined >> (bits * i) & ((1 << bits) - 1) for i in range(256)]


def _uniform(seed: bytes) -> Polynomial:
    """RejNTTPoly: numbers below q from SHAKE128."""
    stream = hashlib.shake_128(seed).digest(3 * 512)  # 256 of 512 are found but once in 2^1000
    numbers = (int.from_bytes(stream[i : i + 3], "little") & 0x7FFFFF for i in range(0, len(stream), 3))
    return [number for number in numbers if number < _Q][:256]


def _in_ball(seed: bytes) -> Polynomial:
    """SampleInBall: `tau` ones and minus ones."""
    stream, at, poly = hashlib.shake_256(seed).digest(1024), 8, [0] * 256
    signs = int.from_bytes(stream[:8], "little")
    for i in range(256 - _TAU, 256):
        while stream[at] > i:
            at += 1
        poly[i], poly[stream[at]] = poly[stream[at]], 1 - 2 * (signs & 1)
        signs, at = signs >> 1, at + 1
    return poly


def _hints(data: bytes) -> list[set[int]] | None:
    """HintBitUnpack: for each polynomial the places with a hint; None unless written in the one allowed way."""
    found, start = [], 0
    for end in data[_OMEGA:]:
        places = list(data[start:end])
        if not start <= end <= _OMEGA or places != sorted(set(places)):
            return None
        found.append(set(places))
        start = end
    return None if any(data[start:_OMEGA]) else found


def _high_bits(value: int, hint: bool) -> int:
    """UseHint."""
    low = value % (2 * _GAMMA2)
    low -= 2 * _GAMMA2 if low > _GAMMA2 else 0
    high = 0 if value - low == _Q - 1 else (value - low) // (2 * _GAMMA2)
    low -= 1 if value - low == _Q - 1 else 0
    return high if not hint else (high + (1 if low > 0 else -1)) % 44


def verify_ml_dsa(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the ML-DSA-44 signature (2,420 bytes, empty context) over the message is that key's (1,312 bytes)."""
    if len(public) != KEY_LENGTHS[ML_DSA] or len(signature) != 2_420:
        return False
    challenge, hints = signature[:32], _hints(signature[32 + _K * 576 :])
    z = [[_GAMMA1 - v for v in _unpack(signature[32 + 576 * i :][:576], 18)] for i in range(_K)]
    if hints is None or any(abs(value) >= _GAMMA1 - _BETA for poly in z for value in poly):
        return False
    mu = hashlib.shake_256(hashlib.shake_256(public).digest(64) + b"\0\0" + message).digest(64)
    c, z_hat, packed = _ntt(_in_ball(challenge)), [_ntt(poly) for poly in z], b""
    for row in range(_K):
        t = _ntt([value << _D for value in _unpack(public[32 + 320 * row :][:320], 10)])
        a = [_uniform(public[:32] + bytes([column, row])) for column in range(_K)]
        product = [(sum(a[s][i] * z_hat[s][i] for s in range(_K)) - c[i] * t[i]) % _Q for i in range(256)]
        high = [_high_bits(value, i in hints[row]) for i, value in enumerate(_inverse_ntt(product))]
        packed += sum(value << (6 * i) for i, value in enumerate(high)).to_bytes(192, "little")
    return hmac.compare_digest(hashlib.shake_256(mu + packed).digest(32), challenge)


# --- Tiles and bundles (C2SP tlog-tiles) ---


def tile_path(level: int | str, n: int, width: int = TILE) -> str:
    """`tile/<level>/<N>[.p/<W>]`; the level `entries` is that of bundles."""
    groups = [f"{n % 1000:03d}"]
    while n >= 1000:
        n //= 1000
        groups.insert(0, f"x{n % 1000:03d}")
    partial = "" if width == TILE else f".p/{width}"
    return f"tile/{level}/{'/'.join(groups)}{partial}"


def widths(size: int, level: int = 0) -> Iterator[tuple[int, int]]:
    """The tiles of a level (number and width) of a log with so many entries; the last one may be partial."""
    count = size >> (8 * level)
    for n in range(count // TILE):
        yield n, TILE
    if count % TILE:
        yield count // TILE, count % TILE


def make_bundle(entries: Iterable[bytes]) -> bytes:
    """Entries, each after its length in two bytes."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def read_bundle(data: bytes) -> list[bytes]:
    """The entries of a bundle; raises Wrong."""
    entries, start = [], 0
    while start < len(data):
        end = start + 2 + int.from_bytes(data[start : start + 2], "big")
        if start + 2 > len(data) or end > len(data):
            raise Wrong("a length goes beyond the end")
        entries.append(data[start + 2 : end])
        start = end
    return entries


# --- Proofs of one entry and policies for witnesses (C2SP tlog-proof, tlog-policy) ---


@dataclass(frozen=True)
class Proof:
    """That an entry stands at an index of a signed log; it does not hold the entry. `extra` is not authenticated."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes = b""

    def __bytes__(self) -> bytes:
        extra = [f"extra {base64.b64encode(self.extra).decode()}"] if self.extra else []
        hashes = [base64.b64encode(node).decode() for node in self.hashes]
        head = "\n".join([PROOF_HEADER, *extra, f"index {self.index}", *hashes, "", ""])
        return head.encode() + self.checkpoint


def read_proof(data: bytes) -> Proof:
    """A .tlog-proof, unverified; raises Wrong."""
    head, found, checkpoint = data.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as problem:
        raise Wrong("not a proof") from problem
    if not found or lines.pop(0) != PROOF_HEADER:
        raise Wrong("not a proof")
    extra = _unbase64(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else b""
    if not lines or not lines[0].startswith("index "):
        raise Wrong("the proof names no index")
    index = read_number(lines.pop(0)[6:])
    return Proof(index, tuple(read_hash(line) for line in lines), checkpoint, extra)


def verify_proof(
    proof: Proof, leaf: bytes, logs: Sequence[Key], witnesses: Sequence[Key] = (), quorum: int = 0
) -> Checkpoint:
    """The checkpoint, signed by the log and by `quorum` witnesses, in which the proof shows the leaf; raises Wrong."""
    checkpoint = open_checkpoint(proof.checkpoint, logs, witnesses)
    if len({signature.key.public for signature in checkpoint.signatures if signature.key in witnesses}) < quorum:
        raise Wrong("too few witnesses signed")
    if not verify_inclusion(proof.index, checkpoint.size, leaf, proof.hashes, checkpoint.root):
        raise Wrong(f"entry {proof.index} is not what the proof is for")
    return checkpoint


@dataclass
class Policy:
    """Whose signatures are wanted: logs, witnesses, groups of them, and which group is enough."""

    logs: list[Key] = field(default_factory=list)
    witnesses: dict[str, Key] = field(default_factory=dict)
    groups: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    quorum: str = "none"
    addresses: dict[str, str] = field(default_factory=dict)

    def is_satisfied(self, signatures: Iterable[Signature]) -> bool:
        """Whether these signatures are enough."""
        signers = {signature.key for signature in signatures}

        def signed(name: str) -> bool:
            if name in self.witnesses:
                return self.witnesses[name] in signers
            needed, members = self.groups[name]
            return sum(signed(member) for member in members) >= needed

        return self.quorum == "none" or signed(self.quorum)


def read_policy(data: bytes) -> Policy:
    """A policy in C2SP's text form; raises Wrong."""
    if re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", data):
        raise Wrong("the policy holds control characters")
    policy, quorums = Policy(), 0
    text = data.decode("utf-8", "surrogateescape")  # bytes beyond ASCII mean nothing, in whatever encoding
    for line in text.split("\n"):
        words = re.split(r"[ \t]+", line.strip(" \t"))
        if words == [""] or words[0].startswith("#"):
            continue
        if words[0] == "log" and len(words) in (2, 3):
            _add_log(policy, words[1])
        elif words[0] == "witness" and len(words) in (3, 4):
            _add_witness(policy, *words[1:])
        elif words[0] == "group" and len(words) > 3:
            _add_group(policy, words[1], words[2], words[3:])
        elif words[0] == "quorum" and len(words) == 2:
            policy.quorum, quorums = words[1], quorums + 1
            if policy.quorum not in {"none", *policy.witnesses, *policy.groups}:
                raise Wrong(f"the policy's quorum {policy.quorum} is not defined before")
        else:
            raise Wrong(f"the policy's line {line[:60]!r} says nothing")
    if quorums != 1:
        raise Wrong("a policy has one quorum line")
    return policy


def _add_log(policy: Policy, vkey: str) -> None:
    key = read_key(vkey)
    if key.type == COSIGNATURE or key.public in {log.public for log in policy.logs}:
        raise Wrong("the policy names a log's key twice, or one that is a witness's")
    policy.logs.append(key)


def _new_name(policy: Policy, name: str) -> None:
    if name == "none" or name in policy.witnesses or name in policy.groups:
        raise Wrong(f"the policy uses the name {name} twice")


def _add_witness(policy: Policy, name: str, vkey: str, address: str = "") -> None:
    _new_name(policy, name)
    key = read_key(vkey)
    if key.type == ED25519 or key.public in {witness.public for witness in policy.witnesses.values()}:
        raise Wrong(f"the policy's key of {name} is not a witness's, or stands there twice")
    policy.witnesses[name], policy.addresses[name] = key, address


def _add_group(policy: Policy, name: str, needed: str, members: list[str]) -> None:
    _new_name(policy, name)
    taken = {member for _, others in policy.groups.values() for member in others}
    if len(set(members)) < len(members) or not taken.isdisjoint(members):
        raise Wrong(f"the policy names a member of {name} twice")
    if any(member not in policy.witnesses and member not in policy.groups for member in members):
        raise Wrong(f"the policy's group {name} has members that are not defined before")
    count = {"any": 1, "all": len(members)}.get(needed) or read_number(needed)
    if not 1 <= count <= len(members):
        raise Wrong(f"the policy's group {name} can never be reached")
    policy.groups[name] = count, members


# --- Checkpoints on paper: the size, and the root's first 88 bits as eight words of BIP-39's English list ---


@cache
def words() -> tuple[str, ...]:
    """The 2,048 words; four letters tell each from all others."""
    found, last = [], ""
    for shared, rest in re.findall(r"(\d)(\D+)", zlib.decompress(base64.b85decode(_WORDS)).decode()):
        last = last[: int(shared)] + rest
        found.append(last)
    return tuple(found)


def printed_words(root: bytes) -> list[str]:
    """The eight words that stand for a root on paper."""
    bits = int.from_bytes(root, "big") >> (8 * HASH - PRINTED_WORDS * BITS_PER_WORD)
    return [words()[bits >> (BITS_PER_WORD * i) & 2047] for i in reversed(range(PRINTED_WORDS))]


def read_printed(typed: str) -> tuple[int, list[str]]:
    """Size and words as typed by a person: case, commas, letters after the fourth do not matter; raises Wrong."""
    number, rest = re.fullmatch(r"\s*((?:\d[.,'\s]*)*)(.*)", typed[:1000], re.DOTALL).groups()  # type: ignore[union-attr]
    parts = re.findall(r"[^\W\d_]+", rest.lower())
    size = read_number("".join(str(int(symbol)) for symbol in number if symbol.isdecimal()) or "?")
    by_beginning = {word[:4]: word for word in words()}
    found = [by_beginning.get(part[:4], "") for part in parts]
    if "" in found:
        raise Wrong(f"{parts[found.index('')]!r} is not one of the words; look at its first four letters again")
    if len(found) != PRINTED_WORDS:
        raise Wrong(f"after the size come eight words, not {len(found)}")
    return size, found


# --- Sources: a folder or an address ---


class Unreachable(Exception):
    """The surroundings do not give what should be checked: no such folder, no answer."""


class Source(Protocol):
    """Where a published log lies."""

    def read(self, path: str, most: int) -> bytes | None:
        """The file's bytes (at most `most`, one more if it is longer), or None if there is none; raises Unreachable."""


@dataclass(frozen=True)
class Folder:
    """A downloaded copy."""

    path: Path

    def read(self, path: str, most: int) -> bytes | None:
        """The file's bytes."""
        try:
            with (self.path / path).open("rb") as file:
                return file.read(most + 1)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except OSError as problem:
            raise Unreachable(f"{path} cannot be read: {problem.strerror}") from problem


@dataclass(frozen=True)
class Address:
    """A log on the web."""

    url: str

    def read(self, path: str, most: int) -> bytes | None:
        """The file's bytes."""
        try:
            with urllib.request.urlopen(f"{self.url.rstrip('/')}/{path}", timeout=30) as answer:  # noqa: S310 http(s) only
                data: bytes = answer.read(most + 1)
                return data
        except urllib.error.HTTPError as problem:
            if problem.code in (404, 410):
                return None
            raise Unreachable(f"{problem.url} answers {problem.code}") from problem
        except (OSError, ValueError) as problem:
            raise Unreachable(f"{self.url} does not answer ({problem})") from problem


class Saving:
    """A log of which everything that is read is kept in a folder, laid out as it was published."""

    def __init__(self, source: Source, folder: Path) -> None:
        self.source, self.folder = source, folder
        self.last: dict[str, bytes] = {}
        try:
            if folder.exists() and any(folder.iterdir()):
                raise Wrong(f"{folder} is not empty; name a new folder, and keep the old copy: it may be evidence")
        except NotADirectoryError as problem:
            raise Wrong(f"{folder} is not a folder") from problem

    def read(self, path: str, most: int) -> bytes | None:
        """The file's bytes; the checkpoint waits for the end, so that what is cut short never looks whole."""
        data = self.source.read(path, most)
        if path == "checkpoint":
            self.last = {path: data} if data is not None else {}
        elif data is not None:
            self._write(path, data)
        return data

    def finish(self, key: Key) -> None:
        """Adds the checkpoint, and the key that it was checked with; raises Unreachable."""
        for path, data in (self.last | {"key": f"{key}\n".encode()}).items():
            self._write(path, data)

    def _write(self, path: str, data: bytes) -> None:
        try:
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_bytes(data)
        except OSError as problem:
            raise Unreachable(f"{self.folder / path} cannot be written: {problem.strerror}") from problem


def open_source(source: str) -> Source:
    """The log at an address or in a folder; raises Unreachable."""
    if re.match("https?://", source):
        return Address(source)
    if not Path(source).is_dir():
        raise Unreachable(f"{source} is neither a folder nor an address")
    return Folder(Path(source))


# --- The check of a whole published log ---


@dataclass
class Result:
    """What was found."""

    size: int = 0
    root: bytes | None = None
    origin: str = ""
    checked_against: list[str] = field(default_factory=list)
    errors: list[tuple[int | None, str]] = field(default_factory=list)
    types: Counter[str] = field(default_factory=Counter)
    witnesses: list[Signature] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    saved: str = ""

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return not self.errors

    def wrong(self, what: str, index: int | None = None) -> None:
        """Notes an error; after too many it is enough to know that there are more."""
        if len(self.errors) < MOST_ERRORS:
            self.errors.append((index, what))
        elif len(self.errors) == MOST_ERRORS:
            self.errors.append((None, "and more"))

    def count(self, record: dict[str, Any]) -> None:
        """Counts a record by its type: none is unknown, so that an old verifier reads new logs."""
        kind = str(record.get("type", ""))[:100]
        self.types[kind if kind in self.types or len(self.types) < MOST_TYPES else "…"] += 1

    def as_json(self) -> str:
        """The result for machines."""
        return json.dumps(
            {
                "ok": self.ok,
                "size": self.size,
                "root": base64.b64encode(self.root).decode() if self.root else None,
                "checked_against": self.checked_against,
                "errors": [{"index": index, "what": what} for index, what in self.errors],
                "types": dict(self.types),
                "witnesses": [{"name": one.key.name, "time": one.time} for one in self.witnesses],
                **({"keys": self.keys} if len(self.keys) > 1 else {}),
                **({"saved": self.saved} if self.saved else {}),
            },
            ensure_ascii=False,
        )

    def as_text(self) -> str:
        """The result for people."""
        lines = []
        if self.root is not None:
            lines += [f"{self.origin}: {self.size} entries", f"root: {base64.b64encode(self.root).decode()}"]
            lines += [f"on paper: {self.size} {' '.join(printed_words(self.root))}"]
        lines += [f"entries {kind}: {count}" for kind, count in sorted(self.types.items())]
        lines += [f"cosigned by {one.key.name} at {one.time} (seconds since 1970)" for one in self.witnesses]
        lines += [f"key number {number}: {key}" for number, key in enumerate(self.keys, 1) if len(self.keys) > 1]
        lines += [f"checked against: {what}" for what in self.checked_against]
        lines += [f"a copy lies in {self.saved}"] if self.saved else []
        lines += [f"WRONG{'' if index is None else f' at entry {index}'}: {what}" for index, what in self.errors]
        lines.append("Everything holds." if self.ok else "This log does not hold.")
        return "\n".join("".join(one if one.isprintable() else "?" for one in line) for line in lines)


@dataclass
class Kept:
    """What somebody kept from earlier, and what the log is held against."""

    checkpoints: Sequence[tuple[str, bytes]] = ()
    proofs: Sequence[tuple[str, bytes]] = ()
    printed: Sequence[tuple[int, list[str]]] = ()
    policy: Policy | None = None
    max_age: int | None = None


def check_log(source: Source, key: Key, kept: Kept | None = None, now: float | None = None) -> Result:
    """Checks everything that a published log shows: the signature, every entry's form and number, every tile, the root.

    Streams: memory does not grow with the log. Raises Unreachable.
    """
    return Check(source, key, kept or Kept(), time.time() if now is None else now).run()


class Check:
    """The check of one log; Withus also runs it over its own database."""

    needs_files = False

    def __init__(self, source: Source, key: Key, kept: Kept, now: float) -> None:
        self.source, self.key, self.kept, self.now = source, key, kept, now
        self.result = Result()
        self.roots: dict[int, list[tuple[str, Callable[[bytes], bool]]]] = {}  # size → what its root must be
        self.leaves: dict[int, list[tuple[str, Proof, Checkpoint]]] = {}
        self.name = ""  # what the entries say: whose log this is
        self.chain: list[Key] = []  # and its keys, oldest first
        self.unproven: list[tuple[str, bytes, Proof | None, Wrong]] = []  # kept things that another key signed
        self.seen_roots: dict[int, bytes] = {}
        self.seen_leaves: dict[int, bytes] = {}

    def run(self) -> Result:
        """Everything, in one pass."""
        try:
            checkpoint = self.checkpoint()
        except Wrong as problem:
            self.result.wrong(f"checkpoint: {problem}")
            return self.result
        result = self.result
        result.origin, result.size, result.root = checkpoint.origin, checkpoint.size, checkpoint.root
        self._witnesses(checkpoint)
        self._expect()
        self.must(checkpoint.size, SIGNED_ROOT, lambda root: root == checkpoint.root)
        for size in sorted(size for size in self.roots if size > checkpoint.size):
            for what, _ in self.roots[size]:
                result.wrong(f"{what} shows {size} entries, this log only {checkpoint.size}: it was rolled back")
        self._entries(checkpoint.size)
        if self.name and self.name != checkpoint.origin:
            result.wrong("the entry opens a log of another name", 0)
        result.keys = [str(key) for key in self.chain]
        self._by_other_keys()
        return result

    def checkpoint(self) -> Checkpoint:
        """What the log's owner signed; raises Wrong, Unreachable."""
        note = self.source.read("checkpoint", 1_000_000)
        if note is None and any((self.kept.checkpoints, self.kept.proofs, self.kept.printed, self.kept.policy)):
            raise Wrong("there is none, and somebody kept something of this log")
        if note is None:
            raise Unreachable("there is no log: no file named checkpoint; the address of a log ends in /log")
        policy = self.kept.policy or Policy()
        checkpoint = open_checkpoint(note, [self.key], policy.witnesses.values())
        if checkpoint.extensions:
            raise Wrong("it has extension lines, which Withus never writes")
        if policy.logs and self.key not in policy.logs:
            raise Wrong("the policy does not name this log's key")
        return checkpoint

    def _witnesses(self, checkpoint: Checkpoint) -> None:
        policy, result = self.kept.policy, self.result
        result.witnesses = [one for one in checkpoint.signatures if one.time is not None]
        if policy is None:
            return
        result.checked_against.append(f"policy: {len(result.witnesses)} of {len(policy.witnesses)} witnesses")
        if not policy.is_satisfied(checkpoint.signatures):
            result.wrong("too few of the policy's witnesses signed the checkpoint")
        newest = max((one.time or 0 for one in result.witnesses), default=None)
        if self.kept.max_age is not None and (newest is None or self.now - newest > self.kept.max_age):
            age = "nobody cosigned" if newest is None else f"newest cosignature {self.now - newest:.0f} seconds old"
            result.wrong(f"the checkpoint is not fresh ({age})")

    def _expect(self) -> None:
        for label, note in self.kept.checkpoints:
            try:
                kept = open_checkpoint(note, [self.key])
                self.must(kept.size, f"checkpoint {label}", lambda root, kept=kept: root == kept.root)  # type: ignore[misc]
            except Wrong as problem:
                self._postpone(f"checkpoint {label}", note, None, problem)
        for size, typed in self.kept.printed:
            self.must(size, "the printed checkpoint", lambda root, typed=typed: printed_words(root) == typed)  # type: ignore[misc]
        for label, data in self.kept.proofs:
            try:
                proof = read_proof(data)
            except Wrong as problem:
                self.result.wrong(f"proof {label}: {problem}")
                continue
            try:
                signed = open_checkpoint(proof.checkpoint, [self.key])
            except Wrong as problem:
                self._postpone(f"proof {label}", proof.checkpoint, proof, problem)
                continue
            self.leaves.setdefault(proof.index, []).append((f"proof {label}", proof, signed))
            self.must(signed.size, f"proof {label}", lambda root, signed=signed: root == signed.root)  # type: ignore[misc]

    def _postpone(self, label: str, note: bytes, proof: Proof | None, problem: Wrong) -> None:
        """Something kept that our key did not sign: perhaps another key of this log did, which an entry names."""
        try:
            size = parse_checkpoint(split_note(note)[0]).size
        except Wrong:
            self.result.wrong(f"{label}: {problem}")
            return
        self.unproven.append((label, note, proof, problem))
        if size <= self.result.size:
            self.must(size, UNPROVEN, lambda root: bool(self.seen_roots.setdefault(size, root)))

    def _by_other_keys(self) -> None:
        """What was postponed, now that the log, under the key that we trust, has named its other keys."""
        for label, note, proof, problem in self.unproven:
            try:
                kept = open_checkpoint(note, self.chain)
            except Wrong:
                self.result.wrong(f"{label}: {problem}")
                continue
            what = f"{label} (size {kept.size})"
            leaf = self.seen_leaves.get(proof.index, b"") if proof else b""
            if kept.size > self.result.size:
                self.result.wrong(
                    f"{label} shows {kept.size} entries, this log only {self.result.size}: it was rolled back"
                )
            elif self.seen_roots.get(kept.size) != kept.root:
                self.result.wrong(f"{what} shows another history; keep both, they are evidence")
            elif proof and not verify_inclusion(proof.index, kept.size, leaf, proof.hashes, kept.root):
                self.result.wrong(f"{label} is for another entry; keep both, they are evidence", proof.index)
            else:
                self.result.checked_against.append(what)

    def must(self, size: int, what: str, holds: Callable[[bytes], bool]) -> None:
        """Wants the root over so many entries to be right."""
        self.roots.setdefault(size, []).append((what, holds))

    def _entries(self, size: int) -> None:
        frontier: list[bytes] = []  # over the roots of full tiles
        level: list[bytes] = []
        self._roots_within(-1, [], frontier)
        for n, width in widths(size):
            hashes = self._tile(n, width)
            if hashes is None:
                return  # what is missing cannot be checked further
            self._roots_within(n * TILE, hashes, frontier)
            if width == TILE:
                frontier = grow(frontier, n, tree_root(hashes))
                level.append(tree_root(hashes))
        self._upper_levels(level)

    def _roots_within(self, start: int, hashes: list[bytes], frontier: list[bytes]) -> None:
        for size in range(start + 1, start + len(hashes) + 1) if hashes else [0]:
            for what, holds in self.roots.get(size, ()):
                partial = [tree_root(hashes[: size - start])] if hashes else []
                if not holds(fold([*frontier, *partial])):
                    self.result.wrong(f"{what} (size {size}) shows another history; keep both, they are evidence")
                elif what not in (SIGNED_ROOT, STORED_ROOT, UNPROVEN):
                    self.result.checked_against.append(f"{what} (size {size})")

    def _upper_levels(self, level: list[bytes]) -> None:
        height = 1
        while level:
            for n in range(0, len(level), TILE):
                part = level[n : n + TILE]
                self._compare(tile_path(height, n // TILE, len(part)), b"".join(part), None)
            level = [tree_root(level[n : n + TILE]) for n in range(0, len(level) - len(level) % TILE, TILE)]
            height += 1

    def _tile(self, n: int, width: int) -> list[bytes] | None:
        """The hashes of a tile's entries, which were read one by one; None if there are none to go on with."""
        start, path = n * TILE, tile_path("entries", n, width)
        try:
            entries = self._bundle(n, width)
        except Wrong as problem:
            self.result.wrong(f"{path}: {problem}", start)
            return None
        hashes = [leaf_hash(entry) for entry in entries]
        self._compare(tile_path(0, n, width), b"".join(hashes), start)
        for index, entry in enumerate(entries, start):
            self.entry(index, entry)
        for _, _, proof, _ in self.unproven:
            if proof and start <= proof.index < start + width:
                self.seen_leaves[proof.index] = hashes[proof.index - start]
        for index in range(start, start + width) if self.leaves else ():
            for what, proof, signed in self.leaves.get(index, ()):
                if not verify_inclusion(index, signed.size, hashes[index - start], proof.hashes, signed.root):
                    self.result.wrong(f"{what} is for another entry; keep both, they are evidence", index)
                else:
                    self.result.checked_against.append(f"{what} (entry {index})")
        return hashes

    def _bundle(self, n: int, width: int) -> list[bytes]:
        most = TILE * (LONGEST_ENTRY + 2)
        data = self.source.read(tile_path("entries", n, width), most)
        whole = self.source.read(tile_path("entries", n), most) if data is None and width < TILE else None
        if data is None and whole is None:
            raise Wrong("is missing")
        entries = read_bundle(data if data is not None else whole or b"")
        if len(entries) != (width if data is not None else TILE):
            raise Wrong(f"holds {len(entries)} entries")
        return entries[:width]

    def _compare(self, path: str, expected: bytes, index: int | None) -> None:
        data = self.source.read(path, TILE * HASH)
        if data is None and ".p/" in path:  # the full tile may have taken its place
            data = (self.source.read(path.partition(".p/")[0], TILE * HASH) or b"")[: len(expected)] or None
        if data is None:
            self.result.wrong(f"{path}: is missing", index)
        elif data != expected:
            at = next((i for i in range(0, len(expected), HASH) if data[i : i + HASH] != expected[i : i + HASH]), 0)
            self.result.wrong(f"{path}: does not fit the entries", None if index is None else index + at // HASH)

    def entry(self, index: int, entry: bytes) -> None:
        """Looks at one record's form and number."""
        try:
            record = read_entry(entry)
        except Wrong as problem:
            self.result.wrong(str(problem), index)
            return
        self.result.count(record)
        number, facts = record.get("seq"), record.get("facts")
        if type(number) is not int or number != index:
            self.result.wrong(f"the entry calls itself number {str(number)[:25]}", index)
        if record.get("type") in ("log.opened", "key.rotated", "log.continued"):
            self._about_the_log(index, str(record["type"]), facts if isinstance(facts, dict) else {})
        elif isinstance(facts, dict):
            self._files(index, facts)

    def _about_the_log(self, index: int, kind: str, facts: dict[str, Any]) -> None:
        """Entry 0 names the log and its key; later ones another key, or another name under which it goes on."""
        origin = facts.get("origin") if kind != "key.rotated" else self.name
        before = facts.get("from")
        if kind == "log.opened" and index and origin != self.result.origin:
            self.result.wrong("the entry opens a log of another name", index)
        if kind == "log.continued" and not (isinstance(before, dict) and before.get("origin") == self.name):
            self.result.wrong("the entry goes on with a log of another name", index)
        if kind != "log.opened" or not index:
            self.name = str(origin)
        try:
            key = read_key(str(facts.get("vkey")))
        except Wrong as problem:
            if kind != "log.opened":
                self.result.wrong(f"the entry names no key ({problem})", index)
            return
        if kind != "log.opened" and key.name != self.name:
            self.result.wrong("the entry names a key of another log", index)
        elif key not in self.chain:
            self.chain.append(key)

    def _files(self, index: int, value: Any) -> None:
        """What an entry names by its hash lies beside the log, for ever, as `file/<sha256>`; a copy may lack it."""
        if not isinstance(value, dict):
            return
        if value.keys() != {"sha256", "bytes", "media"}:
            for inner in value.values():
                self._files(index, inner)
            return
        name, size = str(value["sha256"]), value["bytes"]
        if not re.fullmatch("[0-9a-f]{64}", name) or type(size) is not int or size < 0:
            self.result.wrong("the entry names a file by something that is no hash and length", index)
            return
        data = self.source.read(f"file/{name}", size)
        if data is None and self.needs_files:
            self.result.wrong(f"file/{name}: is missing", index)
        elif data is not None and (len(data) != size or hashlib.sha256(data).hexdigest() != name):
            self.result.wrong(f"file/{name}: is not what the entry names", index)


# --- The command ---


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> Any:
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def arguments(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Adds the words of the command, which `withus verify-log` takes as well."""
    several: dict[str, Any] = {"action": "append", "default": []}
    parser.add_argument("--key", metavar="VKEY", help="the log's public key")
    parser.add_argument("--checkpoint", metavar="FILE", help="a checkpoint kept from earlier", **several)
    parser.add_argument("--proof", metavar="FILE", help="a proof of an entry, kept from earlier", **several)
    parser.add_argument("--printed", metavar='"SIZE WORDS"', help="size and eight words from paper", **several)
    parser.add_argument("--policy", metavar="FILE", help="which witnesses must have signed, in C2SP's text form")
    parser.add_argument("--max-age", metavar="SECONDS", help="how old the newest cosignature may be (with --policy)")
    parser.add_argument("--save", metavar="DIR", help="keep a copy of all that was read in this new folder")
    parser.add_argument("--json", action="store_true", help="the result as JSON")
    return parser


def _file(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as problem:
        raise Unreachable(f"{path} cannot be read: {problem.strerror}") from problem


def check_published(source: str, options: argparse.Namespace) -> Result:
    """Checks the log at `source` as the command's words say; raises Wrong for words of wrong form, and Unreachable."""
    if not options.key:
        raise Wrong("name the log's key with --key")
    key = read_key(options.key.strip())
    if key.type != ED25519:
        raise Wrong("--key is not the key of a log")
    kept, found = read_kept(options), open_source(source)
    if not options.save:
        return check_log(found, key, kept)
    saving = Saving(found, Path(options.save))
    result = check_log(saving, key, kept)  # what does not hold is kept as well: it is evidence
    saving.finish(key)
    result.saved = options.save
    return result


def read_kept(options: argparse.Namespace) -> Kept:
    """What the command's words say that somebody kept; raises Wrong and Unreachable."""
    if options.max_age and not options.policy:
        raise Wrong("--max-age needs --policy: only witnesses sign a time")
    return Kept(
        [(path, _file(path)) for path in options.checkpoint],
        [(path, _file(path)) for path in options.proof],
        [read_printed(typed) for typed in options.printed],
        read_policy(_file(options.policy)) if options.policy else None,
        read_number(options.max_age) if options.max_age else None,
    )


def main(words_given: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    parser = arguments(_Parser(prog="verifier", description="Checks a published Withus log."))
    parser.add_argument("source", metavar="SOURCE", help="the log's address, or a folder with a copy of it")
    options = parser.parse_args(words_given)
    try:
        result = check_published(options.source, options)
    except Wrong as problem:
        print(f"verifier: {problem}", file=sys.stderr)
        return 2
    except Unreachable as problem:
        print(f"verifier: {problem}", file=sys.stderr)
        return 3
    print(result.as_json() if options.json else result.as_text())
    return 0 if result.ok else 1


# BIP-39's English words: each as the number of letters shared with the one before, and the rest.
_WORDS = (
    "c-lRgjdrX!4uoH+v7g9*0Z$v7F{V4@>Gvy<*>iR?xt+#8QmLvWUSSMnuEnLC`t5Rb_3Hi;-5E>wwT-^FFm->m*<EKGrYWAMPqY2?;s+nPEk&M4Gt"
    "ZtqP43?-wdh(sPuG2_g>`(>b63d29FFd0pIB6%xqo=Z?WwyfclQZpiu^4OvDGn6!?J|bcz$**q<L6FDlYocU5jzpVwi`tyXKGDx;t|ma%j67uiZ^"
    "`tJy_9PO-S`<L&F$?Ul`HiSF0}ON9A$XLUU`_YL<s?4if2`QKDlzO{NTs9VoN3Hj#9Y2zlW*WDVM&(XKrr9EW#CUAv#aCq+MYTsD${PLs6Qi4zaU"
    "eW!eNQm#@2%M_sy58=H;aR5=z?SmRrp+saG58YP%2T_KvjTV%-J&p*HTrlG*iY1zx{r%8l=$dd+j}_QEISd7Ktz3f{&MZn^=%JB-*W6^d3QZbZyy"
    "V(=-12<SY)`SPQKhsI#%U{n|9r~vOpO=v4xdqr!ZGAFnq(C=ORaoXJv!sA`;)w=HVxuuQ7}_5sO*RvnEfjE?a`9T5g}+KGy0=AU=giH6Qcsm0{M*"
    "01zDbcjN?}#Ku5miob~96v&C!hH-IA1!^m(*aGoLL?{c5M8<P`o{0;W;VR(x_GH?BBY?PT0Xow?k+|8t$=>{zk~aIkv1e?6i3kyz9mH`E&nhvzJ)"
    "qS-wa)xncPoL5K=^YTYS8lzTqWJl6##L%`qr~;W_O@Pw!cob(aC}^<9<K|@z);QzGz+5Ao%q0m&(#Hl=a20TlcI$j_WkloCpvP{3;w?p!44XVz=Q"
    "MN8M~DphS==%9RrloYB7l9HE(k-CJR&mc8K2390O&I=$`w?&kl$zpp8bBYD@+Saa%Jh+Go0oc->0K;aKpe8_%^*|TL)$w&VQtVHIIz*#^UU+Aje="
    "10CT`?dOm8#mITY;SB(J-N0L>a15+uLQ1DUt#M@x96LN(GQq_w5Ze^DZ^b=S<dV9{o<e0_Ositi9qt(?}wO3#Zymz2ndbewHk3gylR1eEWWWBp&;"
    "hOg^1_b?<G=wuo91o*9rxCP1HQF@U0AK4b4&JJI885R8PM=e7g@7okQCF;agg6|5d33@ckye&GITDT^7HOo>hrs<+Ig}wfSqdbdH>zBXQzB31P%U"
    "TvW>i(5Sj40+H-txlG-QD=1dLM=m`#f*Msx9L^u1+!O_@=x0jZFRAT*HEJ$;^h|<iZ#DZ*5-<U7cE=G#KaGfTV~TTn3aWG6OI6tk*&!C=*k@8|z)"
    "tPaFzp4jrTd*NsF0@wv;S2jb`R6|`1W6mcUPsIhY?^sR0LZ7i}FlKn`fwuY80AO+2`hzDm3L90V8>b*TGhhS|qfHqY_=Az!Ys00913FOojiN!|Zk"
    ";`%q9+1Uv_zSXfY#D!>#_Pj(~9Kn_pH2SSMZs8Z&)tRUBBe~kfj@X!*A$g7AL2`)#2d6I&%2hlCxD!NY>F{1&<f$?xX35L=R$F-yrPc4n?rUb5q!"
    "aam#(nEa)GOk2?;Mc<&Hn~;`Ya^;z*`B3N<Pcc1mtfK$N>yQbq<-H6sO2IRso?5DfMi2whN3yJ*Oe&DJ&}uQ{B`IuT`aCNcMC#o{OkAk9_rK$eWs"
    "A2hhqZ{yNbRjL~p5ZbNo+~DTew8B%os@HGA-~4}d|)5X<rh7NN)vC9ob2VZRZn_d~6J*#e57;YN<yGTfA5nqDzH3hf%2QpD(I;y2<wAmR_z!&Cb`"
    "NSEY3CJu<*pjw7?rKC4WpG07Ut+}})JdM+>p$Mn^z(er!6Sy-g$TAK47^v+E2LgS8L2_wyb>u1sqVl@26T<K$AC#koR>;|T3ISRyoa@85m@A9*Kj"
    "b_onHP}By}5ABh@>#Dio$Ry-G+uZ9O<lc9R7t!eL9FRgyQ&w>J&wB-s|YYIfa8$lh3Fvx&pvjcpV(wbPgZcJb;CtLFY56`jOGt52=8Ty_px`>ORX"
    "sNC)F|sT3xGd_$)J$VhY(*FA-<s@gtO211)oomHOj>f;8x3ZaGJj($WYUrQLdtdp<GfEKz-D(Ow&Vhi{}X{FW?ph>_ysh$0)b<+?pQA{#Y<}YjGx"
    "Ky-}#n`UUv?$butDI#?f}9-D0Er*T(6kwyeFrMBxyK$wgml#c+-eu0fo_D)8--BcBuIadpiVjg2a&A0AH-laj)Mk0XK`X~i5k2gx-_WDpOBt38@<"
    "8ySXl|K`~*^z0b`ZJ03+rCk#~rpUoslIm-)h4zzsT;{NfMUUlo4YC0r=cW8tJQ7lCv2`ULA(JetMEm_XbYN=YCKAeI^6uCF!BvJ#YX4nMfJM|9oc"
    "<O#hQ1UZQ;sZsqSvSd@?hfJXdqFxkepNyCvp%=hUEkA5HbLfi)7r0|p7L1PryhUC<vi2N#GQ%lukS{v~>(R^)5`^pfV#J6Ug*7YS<VhyYtaT3VJY"
    "d2z9m;5d+X>C+Co?uG=V-P|+z39X3HFcy0JJFP?XN@27viHJ$G<aV2@C)j?)|j|!+LXhar<tTO4yiDP=Yy<TV<7Vin2I_`@Y?;?6QnrhWX*s&n>6"
    "C)zyFj%q!s(KvcIw;$FqAg1@{u!B_n7M?)Ruwjo%dge%RIwZKA(%)M|3!hm{n3IcK-j~^pN*+Kq91QnI9L!-Rdsp{m7-eWa`)@EyWBoOKthnu>bU"
    "r8RJ471vmj>DlMhP7bH2kJAf(i#FaNMxZ%2u41QTEEnSiA=2Uks8Vy`jo00m0<4w^mL9tsGG#2N?K05hFiqDIhohlp_wd=ROCCd>i&t=uYykPXZk"
    "h?kOy{2ohdC}kTaSd@j668#3HL9BJE98Ro%y0ENv^|!}AR%y^ERzt$JRf%6*`Q@7F)(++hT8Aj2%fAoo!KV7}cqX0oHg!7^V>*+9cgc8K0iW>?u`"
    "ZucgauQ#L`TCD?Zib`nOu7d~gN2rA!rgGOA7h~Nu{S_{iY6s70DB_bPnu+|rGUx{IByyh3!M*>syOfTjqo>j*laC_DL+2q43GRzzo>0Nl0muPq0l"
    "cvpsmaJwWh#D!NnA1=lKs`;05UDl@lcUySXF>BQQpnLqFw4}-UKM%mcW#tuG5W#+!dOeqEyX~%`}_v6iO8bxY6oL)cVHJOypRNqx^xky503~8xP$"
    "whtnG$COvhsZE$rXZ0-k$3^(F(zIH6Nm}u5&#JH>SWvKrlb~=_?d>R~4oRCQ4A|bUtMPk@Y%{NaQYPL^Kwk2(N()bw_%b|c#sR4ibvCn?ej-L@R("
    "oa7j7ZmB4gF1{^Tp3)Jo9K3QQc3!|ZH)k^w<BKCeOTqxeyZuM&f*D~<cC7=@KUW^k-~nmsr3lJ7?Wbd2l+9zJ=6i${n5n1NV$$lU8IaRwY_`mv64"
    "KVoZQorY)aN&Z(w$e#Pw?4>2LNU(v--bN{LUAjBMCZDT#WygBm$?j>y3_kiV;4A@Q0P-I&+KTUPt_DnYhbs`FMKX?-+w{Y0cGkig>YB8d!L^AR;f"
    "(1Jwh*y7hUxoVcSNr}6<gx};HaYlaRySC1?xwRb3o>WnFR*rYk<tF3W&AlOQ>gAIe;fz7JxC8qe#^mSvtA_V5Qn6wr+?(()DaBF8uvYk^Hf5OjRD"
    "GfAh*=xv+AyMC@sll!G?;mKhkHQIbpM-Hb{ck+T1JJFk^t*N?%{w9T7YZJa;jTZYz7+|If)b4qAZ_5glZ5sD>KlAU7;E14X1qWHkkXp`Yhg+@xPw"
    "_aF8w1HUpM{Z~WXVC%grQ;kTCf60bYqPii7Dl!@4ZUa$^s@=rQU+|^4J8JJel(c3tUO4)44=GBMFkZJ~J)huJ7Nf1!uGzgje0z$wgG=G3tCTvnwO"
    "&+$vB9<po-gpR;L6iVzld{|=4~mpZb(5NJqqQgu_^6OVoquE$?Z8sn#}WSihQY2?Y$~K@Z3?DtNyL6x6Hm;C8Zn6Stc0O?8*Qox5oCgWWhsVPN?J"
    "dG_)LOUmlv-O>eXbSA<7s5){suUp1>JrDd3{i1bHIsb-Qd((fA_T<cb`78{}eZ6a=*^5vS*b@!gw^pD(_=5G3mzO+NQ3<y-JXV(U`_fNrundvyg^"
    "g)D}eZTv!;XI|Wj5(#$){!@+zu&EJd1wqkl2VR)y;Sz54!a%4+(HBam_?uV}-Bmy|8|nU+h9SPNX@=dYR*4-#7{o0$^w6qOSqU4+K^VQn4ehYb$o"
    "%I=>gawcD@}Z1cA;SejF(1YfB^CmTcks_hwRu?kf^xjZ=&)H`BtT<k#bAiQ`O<;X_6C8@wQg?zv+NF`j4`$)M*+?XQp9TQd^CG5q>nbex~IxgUuC"
    "W1!O=j8T_M~S)y_2*5K*6OZ8Bm378ZDR<n`ocK2<kOVMym{nAF2D-=sMQp4*wO||hsDv$GR{EFCT;Yzv+FOF3M{qD@q?ACY!f_GB=o==DP=M#X#B"
    "d(+9Znn`bcclTbLDB1EL6ac)<Rx17!bciHX$WKLgU8cR@DDwm3tb#tn-dmI%2e;eByU%&T`+8@AC9}cU>0rZyC==FtIei+IJ_1PFXxmFHW^8{*GO"
    "H+w~^Uw`TG+Lv--14gmo;I>nzfjp-*O%<*X+44^gdw`a)}=yLB&WBs5@@dfTXi|B6CpO)Xkl7S4zpU)28D2&0)Z)2K!hLE%W?u+jg1_-l37qIBW*"
    "Mw@KP^ReFgWKeo(WSMVUYfs{o<7rs&KMi=9Ga|EHLuIVRTfaqdR<cnFyV3}2DmjwV7!NOe{zn(uWv3?$O3~K_$-AnfSqE=pfZDgAXsq|v*i3h<U*"
    "L04odUgivN^~d>Tq+iIT?vj#7(>P_QhVWxMuCdl?5llF=^&G9N}s4WaTye)WH3j{#jH33l$yz4lEy{J0+<A1tvl`?RA5qD=^$%y_I5lYaAl+jlYy"
    "wYxvPe$maz0ptmwp?bNJQDCz%E`dg}H6Wmyhm2`^L61m$u3AG4M`{^_XT-j1{e8ozykgS)z=Ks%mmESA|{pUYzQq4T?)i!7S-7~5qe5*P|E~aMET"
    "5=HCC7om)6HO&((y#;@UizaY>!xV?In1qgcY4O3!#5Z>xf}N&@6w`f^R->C6NC?lj~;g9E{A5M4Riyh{bfONns)yUAq<1kMKzQf31D&oS?{%CX`d"
    "H0yEUj@eOgJUGO^2d;ju6nZ;jmbPDOt9d4D7)b=qvp-t7JNZtK!moHP$M9X6UF5c$sygQMG8VD%XnC&=pkMPmV}aO!}eAXtN^%yT5Y_;^Q6B$3x@"
    "{*m;pFt0h~Y7S4+RI4fxN71XUUZuD4CPB@z#&DusxuWv-=0??nrJcMw2+b2t6XvJg&;D<uAovQ)W7Mo?)wF2W?C02SZ{yI*=z-kshdB$K=eF^-`2"
    "%P0vG--!HF@x&Im$qb`O#a^+v=i-%Ik0+vKw&mwdQ-+M-ZRG-{_I!lT&s1AER$d#yxLZ5yUNMUXd2b-oL~~?}KG%-=$KJ8RSFQ1mZLSiI~$vZIN5"
    "$=iH_x<UaKVH1?s5xHFuPk-CO#3l*=ar<1?$_TKsR36rpL(GO`<m(_noE2(1hw4=6Xq%RbqheO<wM4D^sRTd>L^X4!0V(L|%{!D(7KtYMP+GIE$n"
    "=IpGZwE9t;qKKTp@fFx(Whu8mepKH9`)|-4C=A$m6WcVXhI3<LqINb?E1W1l^(9~^;MTB|ME0mGOC)?v?bU~kV`amYloGLd6VZ215NWG+VVE77h1"
    "<Ze-+=>VmIxkm!9fh1{-?x2USMvAmlKkHfX2;Y!F?|3kjg)36vuo#e7_|sgazLTtc@AP1VRsHd<;>^&I$q>*be7dIRGJ)>yAGtu+!m>J9npe#Tc#"
    "gDQ03GB(*>zmY&|U?sM%{{wrH+|&"
)

if __name__ == "__main__":
    sys.exit(main())
