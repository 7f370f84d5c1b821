"""What a passphrase does: one Argon2id gives a verifier, which is stored hashed, and a key that opens another key."""

import base64
import hmac
import json
from dataclasses import dataclass

from withus.core import clock, codes, keys, sealing
from withus.people.names import pseudonym

DRAFT_SECONDS = 24 * 3600
WORDS_ASKED = {"second": 2, "fifth": 5}  # which words of the card are typed back
RECOVERY_CODES = 8


@dataclass(frozen=True)
class Draft:
    """A passphrase of which nothing is stored yet: it travels in the form, sealed, until it has been written down.

    `purpose` is the deed that will use it (set_up, join, recover, renew), `bound_to` what allows that deed: the digest
    of a set-up address or invite code, the verifier of the recovery code, or of the passphrase that is replaced.
    """

    purpose: str
    bound_to: str
    pseudonym: str
    passphrase: str
    salt: bytes
    key: bytes
    check_secret: bytes
    made: int


def newcomer(purpose: str, bound_to: str, check_secret: bytes) -> Draft:
    """A new pseudonym, passphrase and participation key."""
    return another(purpose, bound_to, check_secret, pseudonym(), codes.key(), codes.key())


def another(purpose: str, bound_to: str, check_secret: bytes, name: str, salt: bytes, key: bytes) -> Draft:
    """A new passphrase for this pseudonym, to lock this participation key with."""
    made = int(clock.now().timestamp())
    return Draft(purpose, bound_to, name, codes.passphrase(check_secret, name), salt, key, check_secret, made)


def sealed(of: Draft) -> str:
    """The draft as a text for a hidden field, readable by this server only."""
    secrets = [of.salt.hex(), of.key.hex(), of.check_secret.hex()]
    plain = json.dumps([of.purpose, of.bound_to, of.pseudonym, of.passphrase, *secrets, of.made])
    return base64.urlsafe_b64encode(sealing.seal(keys.read_or_make("draft.key"), plain.encode())).decode()


def opened(text: str, purpose: str) -> Draft | None:
    """The draft back from its field; None if it is altered, older than a day, or for another deed."""
    try:
        plain = sealing.unseal(keys.read_or_make("draft.key"), base64.urlsafe_b64decode(text))
        meant, bound_to, name, phrase, salt, key, check, made = json.loads(plain)
    except (sealing.Unreadable, ValueError):
        return None
    if meant != purpose or clock.now().timestamp() - made > DRAFT_SECONDS:
        return None
    secrets = (bytes.fromhex(salt), bytes.fromhex(key), bytes.fromhex(check))
    return Draft(meant, bound_to, name, phrase, *secrets, made)


def lock(secret: str, salt: bytes, key: bytes) -> tuple[str, bytes]:
    """The verifier to store for a secret, and the key locked with it (one Argon2id)."""
    root = sealing.derive(secret, salt)
    return codes.digest(root.subkey("auth").hex()), sealing.seal(root.subkey("wrap"), key)


def unlock(secret: str, salt: bytes, locked: dict[str, bytes]) -> tuple[str, bytes] | None:
    """Which of `locked` (verifier → locked key) the secret opens, and the key; one Argon2id also if it is none."""
    root = sealing.derive(secret, salt)
    found = codes.digest(root.subkey("auth").hex())
    match = next((verifier for verifier in locked if hmac.compare_digest(verifier, found)), None)
    return None if match is None else (match, sealing.unseal(root.subkey("wrap"), locked[match]))


def salt_of_nobody(name: str) -> bytes:
    """The salt for a pseudonym that does not exist, always the same, so that it costs what a real one costs."""
    return hmac.digest(keys.read_or_make("draft.key"), name.encode(), "sha256")


def recovery_codes(check_secret: bytes, name: str) -> list[str]:
    """New one-time codes for this pseudonym."""
    return [codes.checked_code(check_secret, name) for _ in range(RECOVERY_CODES)]


def words_asked(passphrase: str) -> dict[str, str]:
    """The words of a card that are typed back: by the name of their field."""
    words = passphrase.split()
    return {name: words[place - 1] for name, place in WORDS_ASKED.items()}
