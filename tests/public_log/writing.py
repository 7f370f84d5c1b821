"""Entries for tests."""

import datetime
from typing import Any

from withus.core import clock
from withus.policy.facts import ActorKind
from withus.public_log.append import append

DAY = datetime.date(2026, 5, 3)


def enter(count: int = 1, **keywords: Any) -> int | None:
    """Appends records of an organisation; returns the last one's index."""
    seq = None
    for number in range(count):
        values: dict[str, Any] = {"actor": ActorKind.ORGANISATION, "day": DAY, "at": clock.now(), "subject": "ABCD"}
        seq = append("steward.invited", {"number": number}, **(values | keywords))
    return seq
