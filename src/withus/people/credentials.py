"""What a passphrase does: one Argon2id gives a verifier, which is stored hashed, and a key that opens another key."""

import base64
import hmac
import json
from dataclasses import dataclass

from withus.core import clock, codes, keys, sealing
from withus.people.names import pseudonym

DRAFT_SECONDS = 24 * 3600
WORDS_ASKED = (2, 5)  # which words of the card are typed back


@dataclass(frozen=True)
class Draft:
    """An account that does not exist yet: it travels in the form, sealed, until its card has been written down."""

    pseudonym: str
    passphrase: str
    salt: bytes
    key: bytes
    check_secret: bytes
    bound_to: str
    made: int


def draft(bound_to: str, check_secret: bytes) -> Draft:
    """A new pseudonym, passphrase and participation key, bound to the code that allows the account."""
    name = pseudonym()
    phrase = codes.passphrase(check_secret, name)
    return Draft(name, phrase, codes.key(), codes.key(), check_secret, bound_to, int(clock.now().timestamp()))


def sealed(of: Draft) -> str:
    """The draft as a text for a hidden field, readable by this server only."""
    plain = [of.pseudonym, of.passphrase, of.salt.hex(), of.key.hex(), of.check_secret.hex(), of.bound_to, of.made]
    return base64.urlsafe_b64encode(sealing.seal(keys.read_or_make("cookie.key"), json.dumps(plain).encode())).decode()


def opened(text: str, bound_to: str) -> Draft | None:
    """The draft back from its field; None if it is altered, older than a day, or of another code."""
    try:
        plain = sealing.unseal(keys.read_or_make("cookie.key"), base64.urlsafe_b64decode(text))
        name, phrase, salt, key, check, bound, made = json.loads(plain)
    except (sealing.Unreadable, ValueError):
        return None
    if bound != bound_to or clock.now().timestamp() - made > DRAFT_SECONDS:
        return None
    return Draft(name, phrase, bytes.fromhex(salt), bytes.fromhex(key), bytes.fromhex(check), bound, made)


def lock(secret: str, salt: bytes, key: bytes) -> tuple[str, bytes]:
    """The verifier to store for a secret, and the key locked with it (one Argon2id)."""
    root = sealing.derive(secret, salt)
    return codes.digest(root.subkey("auth").hex()), sealing.seal(root.subkey("wrap"), key)


def unlock(secret: str, salt: bytes, locked: dict[str, bytes]) -> tuple[str, bytes] | None:
    """Which of `locked` (verifier → locked key) the secret opens, and the key; None if none (one Argon2id either way)."""
    root = sealing.derive(secret, salt)
    found = codes.digest(root.subkey("auth").hex())
    match = next((verifier for verifier in locked if hmac.compare_digest(verifier, found)), None)
    return None if match is None else (match, sealing.unseal(root.subkey("wrap"), locked[match]))


def salt_of_nobody(name: str) -> bytes:
    """The salt for a pseudonym that does not exist, always the same, so that it costs what a real one costs."""
    return hmac.digest(keys.read_or_make("cookie.key"), name.encode(), "sha256")


def recovery_codes(how_many: int = 8) -> list[str]:
    """New one-time codes of 80 bits each."""
    return [codes.code(16) for _ in range(how_many)]


def words_of(passphrase: str) -> list[str]:
    """The words of a card that are typed back."""
    return [passphrase.split()[number - 1] for number in WORDS_ASKED]
