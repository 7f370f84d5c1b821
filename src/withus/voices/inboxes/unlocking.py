"""Keys of readers and inboxes: how they follow from one another, how they are compared, and how they stand on paper."""

import hashlib

from withus.core import codes, sealing

_SYMBOLS = 52  # 256 bits, 5 a symbol
_WORDS = 8  # 88 bits of the public half


def reading_pair(key: bytes) -> sealing.Pair:
    """The reading pair of an account, from its participation key: it exists only while she is signed in."""
    return sealing.pair(sealing.Root(key).subkey("reading-key"))


def inbox_pair(key: bytes, seed: str) -> sealing.Pair:
    """A pair for an inbox, from its maker's key and the random seed of her form: a form sent twice gives it twice."""
    own = sealing.Root(key).subkey("inbox-key")
    return sealing.pair(hashlib.blake2b(seed.encode(), key=own, digest_size=32).digest())


def fingerprint(public: bytes) -> str:
    """Eight words of a public half: who compares them has compared the key."""
    number = int.from_bytes(hashlib.blake2b(public, digest_size=11, person=b"fingerprint").digest())
    words = codes.words()
    return " ".join(words[number >> 11 * place & 2047] for place in reversed(range(_WORDS)))


def mark(private: bytes, inbox: str, row: int, account: int, public: bytes) -> bytes:
    """By this readers know a reader: nobody makes it, for another key or in another row, without the private half."""
    about = (b"withus", b"1", b"inbox-reader", inbox.encode(), str(row).encode(), str(account).encode(), public)
    key = sealing.Root(private).subkey("readers-mark")
    return hashlib.blake2b(b"\0".join(about), key=key, digest_size=32).digest()


def on_paper(private: bytes) -> str:
    """The private half as symbols that can be written down."""
    return codes.spelled(int.from_bytes(private), _SYMBOLS)


def from_paper(typed: str) -> bytes | None:
    """The private half as somebody typed it; None for what can be none."""
    symbols = codes.read_code(typed)
    if len(symbols) != _SYMBOLS or any(symbol not in codes.SYMBOLS for symbol in symbols):
        return None
    number = codes.number_of(symbols)
    return number.to_bytes(33)[1:] if number < 1 << 256 else None


def unlock(key: bytes, wrapped: bytes, public: bytes) -> bytes:
    """The inbox's private half, for a reader's participation key; raises Unreadable, also if it is another inbox's."""
    private = sealing.open_with(reading_pair(key).private, wrapped)
    if sealing.pair(private).public != public:
        raise sealing.Unreadable
    return private
