"""What a measurement says: medians with their spread, beside a peer or a ceiling of the same run."""

import datetime
import statistics
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Row:
    """One line of bench/results.json."""

    goal: str
    value: float
    unit: str
    peer: str
    peer_value: float | None
    ratio: float | None
    rounds: int
    spread: tuple[float, float]
    date: str

    @classmethod
    def of(cls, goal: str, values: list[float], unit: str, peer: str = "", peer_value: float | None = None) -> "Row":
        """The median of the rounds, their least and greatest, and the ratio to the peer's value."""
        value = statistics.median(values)
        ratio = round(value / peer_value, 3) if peer_value else None
        day = datetime.datetime.now(datetime.UTC).date().isoformat()
        spread = (round(min(values), 3), round(max(values), 3))
        known = None if peer_value is None else round(peer_value, 3)
        return cls(goal, round(value, 3), unit, peer, known, ratio, len(values), spread, day)

    def as_json(self) -> dict[str, object]:
        """For results.json."""
        return asdict(self)
