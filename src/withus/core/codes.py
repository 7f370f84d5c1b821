"""The one source of randomness: public codes, secrets that people write down, words."""

import hashlib
import hmac
import random
import re
import secrets
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
PASSPHRASE_WORDS = 7


def code(symbols: int = 13) -> str:
    """A random public identifier: 5 bits a symbol, 65 bits by default."""
    return "".join(secrets.choice(SYMBOLS) for _ in range(symbols))


def derived(seed: str, purpose: str, symbols: int) -> str:
    """A code that follows from a random seed: the same each time, with no way back; 5 bits a symbol, at most 51."""
    return _in_symbols(hashlib.blake2b(f"{purpose} {seed}".encode(), digest_size=32).digest(), symbols)


def keyed(secret: bytes, about: str, symbols: int) -> str:
    """A code that only whoever has the key can make, the same each time: nothing of it need be stored."""
    return _in_symbols(hmac.digest(secret, about.encode(), "sha256"), symbols)


def _in_symbols(random_bytes: bytes, symbols: int) -> str:
    number = int.from_bytes(random_bytes)
    return "".join(SYMBOLS[number >> 5 * place & 31] for place in range(symbols))


def spelled(number: int, symbols: int) -> str:
    """A number in so many symbols, 5 bits a symbol, the highest first."""
    return "".join(SYMBOLS[number >> 5 * place & 31] for place in reversed(range(symbols)))


def number_of(spelled: str) -> int:
    """The inverse; raises ValueError for what holds another sign."""
    number = 0
    for symbol in spelled:
        number = number << 5 | SYMBOLS.index(symbol)
    return number


def row_number() -> int:
    """A random row number: rows of people must not lie in the order in which they came."""
    return secrets.randbits(62) + 1


def token() -> str:
    """A random secret of 256 bits, safe in addresses and cookies."""
    return secrets.token_urlsafe(32)


def key() -> bytes:
    """A random key of 32 bytes."""
    return secrets.token_bytes(32)


def shuffled(items: list[Any]) -> list[Any]:
    """The items in an order that nobody can foresee."""
    return random.SystemRandom().sample(items, len(items))


def grouped(secret: str, size: int = 4) -> str:
    """A code in groups for the eye: ABCD-EFGH-…"""
    return "-".join(secret[start : start + size] for start in range(0, len(secret), size))


def read_code(typed: str, most: int = 200) -> str:
    """A code as typed by a person: case, O/0, I/L/1, U/V, the script of its digits, and whatever stands between its
    letters and digits do not matter; `most` signs are read."""
    signs = filter(str.isalnum, unicodedata.normalize("NFKC", typed[:most]))
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in signs).upper().translate(_LOOKALIKES)


def listed(name: str) -> tuple[str, ...]:
    """The words of a list beside this file."""
    return tuple(files("withus.core").joinpath(name).read_text("ascii").split())


@cache
def words() -> tuple[str, ...]:
    """The 2,048 words of BIP-39 English; four letters tell each from all others."""
    return listed("words.txt")


@cache
def fit_words() -> tuple[str, ...]:
    """Those words that may stand on somebody's slip of paper: none that frightens, is noticed, or points to a scene."""
    unfit = frozenset(listed("words_unfit.txt"))
    return tuple(word for word in words() if word not in unfit)


@cache
def _by_beginning() -> dict[str, str]:
    return {word[:4]: word for word in words()}


def read_words(typed: str) -> str:
    """Words as typed by a person: case, separators and everything after a word's fourth letter do not matter."""
    found = re.findall(r"[a-z]+", typed[:500].lower())
    return " ".join(_by_beginning().get(word[:4], word) for word in found)


def _check(secret: bytes, pseudonym: str, phrase: str) -> int:
    return hmac.digest(secret, f"{pseudonym}\0{phrase}".encode(), "sha256")[0]


def passphrase(secret: bytes, pseudonym: str) -> str:
    """A new passphrase: 7 random words of which 8 bits are a keyed check, so ≥ 68 bits stay unknown.

    The check lets a wrong guess fail in microseconds, alike for pseudonyms that exist and those that don't.
    """
    choice = fit_words()
    while True:
        drawn = secrets.randbelow(len(choice) ** PASSPHRASE_WORDS)  # 256 are tried on average: one draw for each
        phrase = " ".join(choice[drawn // len(choice) ** place % len(choice)] for place in range(PASSPHRASE_WORDS))
        if _check(secret, pseudonym, phrase) == 0:
            return phrase


def passphrase_may_be(secret: bytes, pseudonym: str, phrase: str) -> bool:
    """Whether this instance can have given out `phrase` with `pseudonym` (true for 1 in 256 wrong ones)."""
    return phrase.count(" ") == PASSPHRASE_WORDS - 1 and _check(secret, pseudonym, phrase) == 0


def checked_code(secret: bytes, pseudonym: str) -> str:
    """A new one-time code for a pseudonym: 80 random bits of which 8 are a keyed check, as with passphrases."""
    while True:
        made = code(16)
        if code_may_be(secret, pseudonym, made):
            return made


def code_may_be(secret: bytes, pseudonym: str, made: str) -> bool:
    """Whether this instance can have given out this one-time code with `pseudonym`."""
    return len(made) == 16 and _check(secret, pseudonym, made) == 0


def digest(secret: str) -> str:
    """SHA-256 of a random secret of at least 64 bits, in hex; never for anything that can be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()
