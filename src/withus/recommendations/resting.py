"""What rests on findings: the recommendations that name one, as those who spoke are told of them."""

import datetime
from collections.abc import Collection, Iterator

from withus.recommendations.judging.queries import public_asks
from withus.recommendations.models import Evidence, EvidenceKind, Recommendation
from withus.recommendations.queries import public_whole
from withus.recommendations.wording import Line
from withus.voices.findings.chains import Link, rests


def _resting(findings: Collection[str]) -> Iterator[tuple[str, Link]]:
    """Each recommendation that rests on one of these findings, the oldest first."""
    named = Evidence.objects.filter(kind=EvidenceKind.FINDING, subject__in=findings)
    pairs = list(named.order_by("recommendation", "id").values_list("subject", "recommendation"))
    found = public_whole().in_bulk({of for _, of in pairs}) if pairs else {}
    links = {pk: _link(one) for pk, one in found.items()}
    yield from ((finding, links[of]) for finding, of in pairs)


def _link(one: Recommendation) -> Link:
    line, answers = Line.of(one), [answer for answer in one.answers() if answer.disowned_by_id is None]
    last = answers[-1] if answers else None
    return Link(
        code=one.code,
        words=str(one),
        language=one.language if one.text else "",
        address=one.get_absolute_url(),
        to=one.body.organisation.name,
        sent_on=one.sent_on,
        state=line.words,
        kind=line.kind,
        day=_last_day(one),
        closed_on=one.course().closed_on(),
        decision=last.code if last else "",
        decided_on=last.said_on if last else None,
        asks=public_asks(one),
    )


def _last_day(one: Recommendation) -> datetime.date | None:
    """The day on which somebody spoke last: the body that answered or called it done, or peers who looked."""
    said = [answer.said_on for answer in one.answers()]
    for delivery in one.deliveries.all():
        said += [delivery.said_on, *(check.said_on for check in delivery.verifications.all())]
    return max(said, default=None)


rests(_resting)
