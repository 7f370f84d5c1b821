"""Columns drawn by the server: numbers become places in a picture, and nothing else. The table stands beside it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language_bidi

from withus.compute.rates import Rate
from withus.web.language import in_digits

WIDTH, HEIGHT, TOP, FLOOR = 320, 192, 28, 140  # of the picture; where a full column begins, and where all stand
_COLUMN = 44


@dataclass(frozen=True)
class Column:
    """One column: its outline is all, what is filled is the share."""

    name: str
    year: str
    words: str
    middle: int
    left: int
    top: int
    filled: int
    is_empty: bool


@dataclass(frozen=True)
class Chart:
    """A picture of shares; `name` keeps its parts apart from those of other pictures on the page."""

    name: str
    columns: tuple[Column, ...]
    width: int = WIDTH
    height: int = HEIGHT
    full: int = TOP
    floor: int = FLOOR
    whole: int = FLOOR - TOP
    column: int = _COLUMN

    @classmethod
    def of(cls, name: str, shares: Iterable[tuple[str, str, Rate]]) -> "Chart":
        """Columns side by side in reading direction: a name, the year below it, and a share."""
        drawn = list(shares)
        room = WIDTH // len(drawn)
        places = range(room // 2, WIDTH, room)
        found = zip(drawn, reversed(places) if get_language_bidi() else places, strict=False)
        return cls(name, tuple(_column(*share, middle) for share, middle in found))


def _column(name: str, year: str, rate: Rate, middle: int) -> Column:
    filled = round((FLOOR - TOP) * (rate.value or 0))
    shown = "–" if rate.value is None else in_digits(f"{rate.numerator}/{rate.denominator}")
    return Column(name, year, shown, middle, middle - _COLUMN // 2, FLOOR - filled, filled, rate.value is None)
