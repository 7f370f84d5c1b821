"""Every secret operation in one place: derivation, sealing, opening. PyNaCl and argon2-cffi only."""

import hashlib
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from withus.core import configuration
from withus.core.errors import Busy
from withus.core.sqlite.gate import GateBusy, gate_of

MEMORY_KIB, ROUNDS = 19 * 1024, 2  # OWASP's smallest Argon2id; every secret is made by the system, ≥ 64 bits


class Unreadable(Exception):
    """A sealed thing cannot be opened with this key: wrong key, other purpose or altered."""


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
