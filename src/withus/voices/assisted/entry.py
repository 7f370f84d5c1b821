"""The entry code of a slip: seven random symbols, and an eighth by which a mistyped one is known."""

from withus.core import codes

_RANDOM = 7
SYMBOLS = _RANDOM + 1


def derived(seed: str, purpose: str) -> str:
    """An entry code that follows from a random seed."""
    drawn = codes.derived(seed, purpose, _RANDOM)
    return drawn + codes.SYMBOLS[_remainder(drawn + codes.SYMBOLS[0])]


def read(typed: str) -> str | None:
    """The code as somebody typed it; None for what can be none: one wrong symbol, or two in each other's place."""
    symbols = codes.read_code(typed)
    if len(symbols) != SYMBOLS or any(symbol not in codes.SYMBOLS for symbol in symbols):
        return None
    return symbols if _remainder(symbols) == 0 else None


def _remainder(symbols: str) -> int:
    """The symbols as a polynomial over the field of 32 elements, at its generator."""
    total = 0
    for symbol in symbols:
        total = (total << 1) ^ (0b100101 if total & 16 else 0) ^ codes.SYMBOLS.index(symbol)
    return total
