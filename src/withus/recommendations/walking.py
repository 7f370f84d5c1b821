"""The way from each promise to what was said of it, and what peers and those who spoke found, as its page shows it."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from withus.compute import answering
from withus.compute.answering import State
from withus.compute.judging import Judged
from withus.pay.models import PayLine
from withus.pay.wording import ShownLine
from withus.recommendations.models import Commitment, Delivery, Recommendation, Verification
from withus.recommendations.wording import DENIED, STATES


@dataclass(frozen=True)
class Checked:
    """A check as the page shows it, with the pay that was asked for it."""

    check: Verification
    pay: list[ShownLine]


@dataclass(frozen=True)
class Said:
    """The body's word that something is done, and what peers found."""

    delivery: Delivery
    checks: list[Checked]

    @property
    def judged(self) -> Judged | None:
        """What those who spoke say, as it was published last."""
        return self.delivery.fact().judged


@dataclass(frozen=True)
class Promised:
    """A promise, where it stands, and what was said of it: of it alone, and of all that was promised by then."""

    commitment: Commitment
    said: list[Said]
    said_of_all: list[Delivery]
    is_open: bool
    words: str | Promise
    kind: str


def walked(recommendation: Recommendation, lines: Iterable[PayLine]) -> dict[str, object]:
    """The way from each promise to what was said of it and found by peers; and what was said of the whole."""
    day, pay = recommendation.today(), defaultdict[str, list[ShownLine]](list)
    for line in lines:
        pay[line.subject].append(ShownLine(line, day))
    said = [
        Said(one, [Checked(check, pay[check.code]) for check in one.verifications.all()])
        for one in recommendation.deliveries.all()
    ]
    parts = {part.code: part for part in recommendation.course().parts()}
    return {
        "promised": [_promised(one, parts.get(one.code), said, day) for one in recommendation.commitments.all()],
        "said_of_all": [one for one in said if one.delivery.commitment_id is None],
    }


def _promised(one: Commitment, part: answering.Part | None, said: Iterable[Said], day: datetime.date) -> Promised:
    if part is None:
        of_it = [found for found in said if found.delivery.commitment_id == one.pk]
        return Promised(one, of_it, [], False, _("not of this body, as this house found"), "no")
    codes = {delivery.code for delivery in part.deliveries}
    of_it = [found for found in said if found.delivery.code in codes]
    alone = [found for found in of_it if found.delivery.commitment_id]
    of_all = [found.delivery for found in of_it if found.delivery.commitment_id is None]
    state = part.state(day)
    words = DENIED if state is State.DISPUTED and part.found.is_denied else STATES[state][0]
    return Promised(one, alone, of_all, not part.deliveries, words, STATES[state][1])
