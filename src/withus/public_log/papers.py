"""Short papers that this house signs with the log's key: words in one line that anybody can have checked at /verify/.

A package that gives out a kind of them brings its words with `gives_out`. What is signed begins with words that no
checkpoint can begin with, so that neither stands for the other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from withus.compute.verifier import ED25519
from withus.core import codes, sealing
from withus.public_log import identity

_SYMBOLS = 103  # the 512 bits of a signature, 5 a symbol
Spoken = Callable[..., str]
_kinds: dict[str, tuple[int, Spoken]] = {}


def gives_out(kind: str, words: int, spoken: Spoken) -> None:
    """Makes a kind of paper known: how many words it has, and how they are put into a sentence."""
    _kinds[kind.upper()] = (words, spoken)


@dataclass(frozen=True)
class Paper:
    """A paper: its kind and words, in capitals as they are signed, and the signature under them."""

    kind: str
    words: tuple[str, ...]
    signature: bytes = field(repr=False)

    @property
    def line(self) -> str:
        """The words, as they are printed and typed in."""
        return " ".join((self.kind, *self.words))

    @property
    def signs(self) -> str:
        """The signature, in groups for the eye."""
        return codes.grouped(codes.spelled(int.from_bytes(self.signature), _SYMBOLS)).replace("-", " ")

    @property
    def sentence(self) -> str:
        """What it says, in the reader's language."""
        return _kinds[self.kind][1](*self.words)


def _text(origin: str, kind: str, words: Sequence[str]) -> bytes:
    return "\n".join(("withus paper 1", origin, " ".join((kind, *words)), "")).encode()


def sign(kind: str, *words: str) -> Paper:
    """Signs a paper with the newest key of the log. Raises CannotSeal."""
    kind, said = kind.upper(), tuple(one.upper() for one in words)
    with sealing.or_nothing():
        origin = identity.keys_now()[-1].name
        return Paper(kind, said, bytes(SigningKey(identity.signing()[-1]).sign(_text(origin, kind, said)).signature))


def read(typed: str) -> Paper | None:
    """A paper as somebody typed it, small or large, with the usual lookalikes in its number and signature.

    None for what begins like none.
    """
    kind, *rest = typed.upper().split() or [""]
    count, _ = _kinds.get(kind, (0, None))
    if not count:
        return None
    *about, number = rest[:count] or [""]
    symbols = codes.read_code("".join(rest[count:]))
    is_whole = len(symbols) == _SYMBOLS and len(rest) > count and all(one in codes.SYMBOLS for one in symbols)
    value = codes.number_of(symbols) if is_whole else 0
    return Paper(kind, (*about, codes.read_code(number)), (value % (1 << 512)).to_bytes(64))


def public_is_ours(paper: Paper) -> bool:
    """Whether this house signed it, with any key that its log ever had."""
    return any(
        _signed(key.public, _text(key.name, paper.kind, paper.words), paper.signature)
        for key in identity.every_key()
        if key.type == ED25519
    )


def _signed(public: bytes, text: bytes, signature: bytes) -> bool:
    try:
        VerifyKey(public).verify(text, signature)
    except BadSignatureError:
        return False
    return True
