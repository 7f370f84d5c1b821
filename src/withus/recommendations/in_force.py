"""What holds for what is sent to a body on a day: its terms, else the law that was named, else this host's word."""

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from withus.compute.deadlines import Counting
from withus.core import clock
from withus.processes.board.models import Terms
from withus.processes.board.queries import public_terms as public_board_terms
from withus.processes.models import Body

if TYPE_CHECKING:
    from withus.recommendations.letters.models import Norm

QUESTION = "question"  # the kind that has a clock of its own


@dataclass(frozen=True)
class InForce:
    """What holds for what is sent on a day: where it stands (nowhere: only this host states it), its clock, its cap."""

    acknowledge_days: int
    reply_days: int
    question_days: int
    extension_days: int
    counting: Counting = Counting.CALENDAR
    region: str = ""
    terms_version: int | None = None
    norm: "Norm | None" = None  # the law that sets it
    cap: int | None = None

    def days(self, kind: str) -> int:
        """Days to answer: a formal question has a clock of its own."""
        return self.question_days if kind == QUESTION else self.reply_days

    def clock_fields(self, kind: str) -> dict[str, object]:
        """As a recommendation keeps them, however the terms change later."""
        return {
            "terms_version": self.terms_version,
            "norm_version": self.norm.version if self.norm else None,
            "acknowledge_days": self.acknowledge_days,
            "reply_days": self.days(kind),
            "extension_days": self.extension_days,
            "counting": self.counting.value,
            "region": self.region,
        }


DEFAULT = InForce(10, 30, 20, 30)  # no norm exists, so it is stated on every page that uses it


def public_terms(body: Body, day: datetime.date | None = None) -> InForce:
    """What holds for what is sent to the body on the day (default: today)."""
    day = day or clock.today(body.time_zone)
    return public_in_force(body, public_board_terms(body, day), day)


def public_in_force(body: Body, terms: Terms | None, day: datetime.date) -> InForce:
    """The same, where its terms of that day are read already."""
    if terms:
        return _stated(terms, terms_version=terms.version, cap=terms.cap)
    if norm := body.norms.select_related("by").filter(said_on__lte=day).order_by("-version").first():
        return _stated(norm, norm=norm)
    return DEFAULT


def _stated(by: "Terms | Norm", **more: Any) -> InForce:
    """The clock as terms or a law state it."""
    days = (by.acknowledge_days, by.reply_days, by.question_days, by.extension_days)
    return InForce(*days, Counting(by.counting), by.region, **more)
