"""Every secret operation in one place: derivation, sealing, opening. PyNaCl and argon2-cffi only."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw
from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import Aead, SecretBox

from withus.core import codes, configuration
from withus.core.errors import Busy, CannotSeal
from withus.core.sqlite.gate import GateBusy, gate_of

MEMORY_KIB, ROUNDS = 19 * 1024, 2  # OWASP's smallest Argon2id; every secret is made by the system, ≥ 64 bits


class Unreadable(Exception):
    """A sealed thing cannot be opened with this key: wrong key, other purpose or altered."""


@contextmanager
def or_nothing() -> Iterator[None]:
    """Whatever fails inside becomes CannotSeal, so that no way leads from a fault to plain words on the disk."""
    try:
        yield
    except Busy:
        raise
    except Exception as problem:
        raise CannotSeal from problem


@dataclass(frozen=True)
class Root:
    """What Argon2id made of a secret; sub-keys for separate uses never reveal one another."""

    value: bytes

    def subkey(self, purpose: str) -> bytes:
        """32 bytes for one purpose (BLAKE2b, `purpose` as its person, at most 16 bytes)."""
        return hashlib.blake2b(self.value, digest_size=32, person=purpose.encode().ljust(16, b"\0")).digest()


def derive(secret: str, salt: bytes) -> Root:
    """Argon2id with 19 MiB, t 2, p 1 of a secret that the system made; one at a time on this machine.

    Raises Busy if the others in line take too long.
    """
    folder = configuration.folder("WITHUS_DATA")
    folder.mkdir(parents=True, exist_ok=True)
    line = gate_of(str(folder / "hash"), in_memory=False)
    try:
        line.enter()
    except GateBusy as problem:
        raise Busy from problem
    try:
        return Root(hash_secret_raw(secret.encode(), salt, ROUNDS, MEMORY_KIB, 1, 32, Type.ID))
    finally:
        line.leave()


def seal(key: bytes, plain: bytes) -> bytes:
    """XSalsa20-Poly1305 with a random nonce in front."""
    return bytes(SecretBox(key).encrypt(plain))


def unseal(key: bytes, sealed: bytes) -> bytes:
    """The inverse of `seal`; raises Unreadable."""
    try:
        return bytes(SecretBox(key).decrypt(sealed))
    except (CryptoError, ValueError, TypeError) as problem:
        raise Unreadable from problem


@dataclass(frozen=True)
class Pair:
    """An X25519 key pair: whoever has `public` can seal, whoever has `private` can open."""

    private: bytes
    public: bytes


def pair(seed: bytes | None = None) -> Pair:
    """A new pair, or the one that follows from a secret seed of 32 bytes."""
    private = PrivateKey(seed) if seed else PrivateKey.generate()
    return Pair(bytes(private), bytes(private.public_key))


def seal_to(public: bytes, plain: bytes) -> bytes:
    """Sealed for whoever has the private key: an X25519 sealed box, from nobody."""
    return bytes(SealedBox(PublicKey(public)).encrypt(plain))


def open_with(private: bytes, sealed: bytes) -> bytes:
    """The inverse of `seal_to`; raises Unreadable."""
    try:
        return bytes(SealedBox(PrivateKey(private)).decrypt(sealed))
    except (CryptoError, ValueError, TypeError) as problem:
        raise Unreadable from problem


_VERSION = b"1"


def _bound(purpose: str, row: str) -> bytes:
    """What a ciphertext is bound to: in another row, or for another purpose, it does not open."""
    return b"\0".join((b"withus", _VERSION, purpose.encode(), row.encode()))


def shut(key: bytes, plain: bytes, purpose: str, row: str) -> bytes:
    """XChaCha20-Poly1305 with a random nonce in front, bound to a purpose and a row (a public code)."""
    return _VERSION + bytes(Aead(key).encrypt(plain, _bound(purpose, row)))


def unshut(key: bytes, sealed: bytes, purpose: str, row: str) -> bytes:
    """The inverse of `shut`; raises Unreadable."""
    if sealed[:1] != _VERSION:
        raise Unreadable
    try:
        return bytes(Aead(key).decrypt(sealed[1:], _bound(purpose, row)))
    except (CryptoError, ValueError, TypeError) as problem:
        raise Unreadable from problem


TEXT_BLOCK, FILE_BLOCK = 1024, 64 * 1024  # bytes; lengths are told no finer than this
_WRAPPED = 80  # bytes of a sealed key of 32


def part(public: bytes, plain: bytes, purpose: str, row: str, block: int = TEXT_BLOCK) -> bytes:
    """A text or file, padded to whole blocks, under a key of its own that is sealed for whoever has the private key."""
    key = codes.key()
    return seal_to(public, key) + shut(key, sodium_pad(plain, block), purpose, row)


def whole(private: bytes, sealed: bytes, purpose: str, row: str, block: int = TEXT_BLOCK) -> bytes:
    """The inverse of `part`; raises Unreadable."""
    key = open_with(private, sealed[:_WRAPPED])
    try:
        return bytes(sodium_unpad(unshut(key, sealed[_WRAPPED:], purpose, row), block))
    except (CryptoError, ValueError) as problem:
        raise Unreadable from problem
