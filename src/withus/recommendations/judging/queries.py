"""Who can judge what, by marks that lead to nobody; what can be counted, and what has ended."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from withus.compute.answering import State
from withus.compute.judging import Counts, may_publish
from withus.core import clock
from withus.deliberation.asking import Ask, asks
from withus.deliberation.models import Participant, Statement, StatementState, Vote
from withus.deliberation.ties import tie_of
from withus.policy.facts import Actor
from withus.processes.models import Process
from withus.recommendations.judging import telling as telling
from withus.recommendations.judging.marks import mark_of
from withus.recommendations.judging.models import Judgement, LastCount, TookPart
from withus.recommendations.models import Delivery, EvidenceKind, Recommendation
from withus.recommendations.queries import public_whole
from withus.voices.findings import chains
from withus.voices.findings.models import Source

ENDS_AFTER = datetime.timedelta(days=90)  # since all of it is confirmed, as what else is kept for a receipt
LONGEST = datetime.timedelta(days=731)  # since the body said that it is done, whatever became of it


@dataclass(frozen=True)
class Judgeable:
    """A delivery as somebody sees it who may judge it or not, by a mark that leads to nobody; for the policy."""

    delivery: Delivery
    mark: str
    may_judge: bool

    @property
    def body_code(self) -> str:
        """Whose word it is."""
        return self.delivery.recommendation.body_code

    def own(self) -> Judgement | None:
        """What she has said of it."""
        return Judgement.objects.filter(delivery=self.delivery, mark=self.mark).first()


@dataclass(frozen=True)
class Judging:
    """All that a body calls done about one recommendation, as somebody sees it; for the policy."""

    recommendation: Recommendation
    items: tuple[Judgeable, ...] = ()

    @property
    def may_judge(self) -> bool:
        """Whether there is something that she can judge."""
        return any(one.may_judge for one in self.items)

    @property
    def body_code(self) -> str:
        """Whose word it is."""
        return self.recommendation.body_code


def _subjects(recommendation: Recommendation, kind: EvidenceKind) -> list[str]:
    return [one.subject for one in recommendation.evidence.all() if one.kind == kind]


def public_processes(recommendation: Recommendation) -> set[str]:
    """The codes of the processes that it rests on: by their results, or by a statement."""
    statements = _subjects(recommendation, EvidenceKind.STATEMENT)
    about = Statement.objects.filter(code__in=statements).values_list("process__code", flat=True) if statements else ()
    return {*_subjects(recommendation, EvidenceKind.RESULTS), *about}


def public_participants(recommendation: Recommendation) -> QuerySet[Participant]:
    """Whoever takes part in what it rests on, with an account: by a vote, or by a statement that was accepted."""
    found = Participant.objects.filter(process__code__in=public_processes(recommendation), tie__isnull=False)
    accepted = Statement.objects.filter(proposed_by=OuterRef("pk"), state=StatementState.ACCEPTED)
    return found.filter(Exists(Vote.objects.filter(participant=OuterRef("pk"))) | Exists(accepted))


def judging(actor: Actor, recommendation: Recommendation, key: bytes | None) -> Judging:
    """What the owner of a participation key can judge; nothing for whoever has none."""
    deliveries = recommendation.to_check() if key else []
    if key is None or not deliveries:
        return Judging(recommendation)
    ties = [tie_of(key, process) for process in public_processes(recommendation)]
    own = public_participants(recommendation).filter(tie__in=ties)
    there = TookPart.objects.filter(delivery__in=deliveries, participant__in=own)
    seen, closed = set(there.values_list("delivery", flat=True)), public_closed_on(recommendation)
    return Judging(
        recommendation,
        tuple(
            Judgeable(one, mark_of(key, one.code), one.pk in seen and not _is_over(one, closed)) for one in deliveries
        ),
    )


def asked_about(actor: Actor, process: Process, key: bytes) -> Iterable[Ask]:
    """What the owner of a participation key is asked on the page of a conversation in which she took part."""
    tie = tie_of(key, process.code)
    there = TookPart.objects.filter(participant__process=process, participant__tie=tie)
    for one in public_whole().filter(pk__in=there.values("delivery__recommendation")):
        if judging(actor, one, key).may_judge:
            yield Ask(str(one), one.language, reverse("judge_delivery", args=[one.code]))


asks(asked_about)


def public_by_receipt(locator: str, own: bytes, code: str) -> Judgeable | None:
    """A delivery for whoever came back with a receipt; None if it rests on nothing of which she is a source."""
    recommendation = public_whole().filter(deliveries__code=code).first()
    if recommendation is None:
        return None
    findings = _subjects(recommendation, EvidenceKind.FINDING)
    added = Source.objects.filter(locator=locator, finding__code__in=findings).values_list("added_on", flat=True)
    delivery = next(one for one in recommendation.deliveries.all() if one.code == code)
    days = list(added)
    may = any(day < delivery.said_on for day in days) and not _is_over(delivery, public_closed_on(recommendation))
    return Judgeable(delivery, mark_of(own, code), may) if days else None


def public_asks(recommendation: Recommendation) -> tuple[chains.Ask, ...]:
    """What sources can be asked of a recommendation (of `public_whole`): the body's last word on each promise."""
    closed = public_closed_on(recommendation)
    return tuple(
        chains.Ask(reverse("judge_by_receipt", args=[one.code]), one.words, one.language, one.said_on)
        for one in recommendation.to_check()
        if not _is_over(one, closed)
    )


def public_closed_on(recommendation: Recommendation) -> datetime.date | None:
    """The last day on which something was said, if all that was promised is confirmed; None while it is not."""
    parts = [part for part in recommendation.course().parts() if part.holds]
    if not parts or any(part.verdict is not State.CONFIRMED for part in parts):
        return None
    said = [delivery for part in parts for delivery in part.deliveries]
    return max([one.said_on for one in said] + [check.said_on for one in said for check in one.checks])


def _is_over(delivery: Delivery, closed: datetime.date | None) -> bool:
    """Whether it can be judged no more: what was said of it is deleted then."""
    day = clock.today()
    return day > delivery.said_on + LONGEST or (closed is not None and day > closed + ENDS_AFTER)


def due_counts(day: datetime.date) -> list[Delivery]:
    """Deliveries of which so many have said something new that a snapshot can be made."""
    last = {one.delivery_id: one for one in LastCount.objects.all()}
    due = [pk for pk, counts in public_counts().items() if public_is_due(last.get(pk), counts, day)]
    return list(Delivery.objects.filter(pk__in=due).select_related("recommendation").order_by("pk"))


def public_is_due(last: LastCount | None, now: Counts, day: datetime.date) -> bool:
    """Whether a snapshot can be made of these counts on the day."""
    return may_publish((last.true, last.not_true) if last else None, now, (day - last.counted_on).days if last else 0)


def public_counts(delivery: Delivery | None = None) -> Mapping[int, Counts]:
    """The exact counts of each delivery, or of one, by its row. Only for snapshots, never for a page."""
    some = Judgement.objects.filter(delivery=delivery) if delivery else Judgement.objects.all()
    true, not_true = (Count("pk", filter=Q(verdict=one.value)) for one in Judgement.Verdict)
    rows = some.values_list("delivery").annotate(true=true, not_true=not_true).order_by()
    return {pk: (yes, no) for pk, yes, no in rows}


def due_to_end() -> list[int]:
    """The rows of deliveries that can be judged no more, and of which something is still kept."""
    kept = Q(judgements__isnull=False) | Q(took_part__isnull=False) | Q(last_count__isnull=False)
    held = Delivery.objects.filter(kept).values("recommendation")
    ended = []
    for recommendation in public_whole().filter(pk__in=held).iterator(500):
        closed = public_closed_on(recommendation)
        ended += [one.pk for one in recommendation.deliveries.all() if _is_over(one, closed)]
    return ended
