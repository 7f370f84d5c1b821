"""What peers found of what a body calls done: each check weighed, and beside them those who spoke."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from withus.compute.judging import Judged


class Verdict(StrEnum):
    """What peers say of a delivery."""

    CONFIRMED = "confirmed"
    PARTLY = "partly"
    DISPUTED = "disputed"


class State(StrEnum):
    """Where a recommendation stands; OVERDUE, UNACKNOWLEDGED and LATE belong to the clock."""

    UNSERVED = "unserved"
    OPEN = "open"
    UNACKNOWLEDGED = "unacknowledged"
    ACKNOWLEDGED = "acknowledged"
    ASKED = "asked"
    OVERDUE = "overdue"
    REJECTED = "rejected"
    DEFERRED = "deferred"
    TRANSFERRED = "transferred"
    ACCEPTED = "accepted"
    PROMISED = "promised"
    LATE = "late"
    DELIVERED = "delivered"
    CONFIRMED = "confirmed"
    UNPAID = "unpaid"  # found true by peers whom nobody paid to check
    PARTLY = "partly"
    DISPUTED = "disputed"


@dataclass(frozen=True)
class Check:
    """What one organisation found: whether those who looked were paid, and whether the body pays that organisation."""

    said_on: date
    verdict: Verdict
    was_paid: bool = True
    is_independent: bool = True


@dataclass(frozen=True)
class Delivery:
    """The body's word that something is done, by its code, what peers found when they looked, and those who spoke."""

    said_on: date
    checks: tuple[Check, ...] = ()
    code: str = ""
    judged: Judged | None = None  # by sources and participants, as it was published last


@dataclass(frozen=True)
class Found:
    """What was found of deliveries, one after the other; `is_denied`: an organisation calls the last of them that
    counts true, and those who spoke do not. `is_no`: so they said last, of whichever of them."""

    word: State | None = None
    is_denied: bool = False
    is_no: bool = False

    def after(self, one: Delivery) -> "Found":
        """What is found with the next one: no organisation alone lifts the no of those who spoke."""
        is_no, word = self._says_no(one), weighed(one.checks)
        if self.denies(one):
            return Found(State.DISPUTED, True, is_no)
        return Found(word, False, is_no) if word else replace(self, is_no=is_no)

    def denies(self, one: Delivery) -> bool:
        """Whether those who spoke contradict what organisations found of the next one."""
        return bool(one.checks) and self._says_no(one) and weighed(one.checks) is not State.DISPUTED

    def _says_no(self, one: Delivery) -> bool:
        if one.judged:
            return one.judged.is_no
        said_yes = sum(check.is_independent and check.verdict is not Verdict.DISPUTED for check in one.checks)
        return self.is_no and said_yes < SEVERAL


NOTHING_FOUND = Found()
SEVERAL = 2  # organisations, none paid by the body, lift what those who spoke said of an earlier "done"


def weighed(checks: Iterable[Check]) -> State | None:
    """One word for what several organisations found: one dispute disputes, one reservation makes it partly.

    Whom the body pays can dispute, and cannot confirm alone; what nobody was paid to check is never "confirmed".
    """
    found = list(checks)
    verdicts = {check.verdict for check in found}
    if Verdict.DISPUTED in verdicts:
        return State.DISPUTED
    if not any(check.is_independent for check in found):
        return None
    if Verdict.PARTLY in verdicts:
        return State.PARTLY
    return State.CONFIRMED if any(check.was_paid for check in found if check.is_independent) else State.UNPAID


_CAREFUL = (State.DISPUTED, State.PARTLY, None, State.UNPAID, State.CONFIRMED)


def combined(verdicts: Iterable[State | None]) -> State | None:
    """One word for all that was promised: the most careful one. Confirmed is what is confirmed in each part."""
    return min(verdicts, key=_CAREFUL.index, default=None)
