"""Judging a delivery as one who spoke; publishing what they say; and forgetting who said what."""

from contextlib import suppress
from typing import Any

from django.utils.translation import gettext

from withus.acting import acting
from withus.compute.judging import judged
from withus.core import clock, erasure
from withus.core.errors import Refused
from withus.people.leaving import on_leaving
from withus.policy.facts import SYSTEM, Actor, ActorKind
from withus.policy.rules import Action
from withus.recommendations.judging import queries
from withus.recommendations.judging.marks import mark_of
from withus.recommendations.judging.models import Judgement, LastCount, Tally, TookPart
from withus.recommendations.judging.queries import Judgeable
from withus.recommendations.models import Delivery
from withus.recommendations.settling import settle

TAKEN_BACK = "taken_back"
_CHUNK = 500


def judge_delivery(actor: Actor, subject: Judgeable, *, verdict: str) -> None:
    """Says whether it is true, changes that, or takes it back as if it had never been. Leaves no trace and no time.

    Raises Refused, Denied.
    """
    with acting(actor, Action.JUDGE_DELIVERY, subject):
        own: dict[str, Any] = {"delivery": subject.delivery, "mark": subject.mark}
        if verdict == TAKEN_BACK:
            Judgement.objects.filter(**own).delete()
            erasure.for_good()
        elif verdict in Judgement.Verdict.values:
            Judgement.objects.update_or_create(**own, defaults={"verdict": verdict})
        else:
            raise Refused(gettext("Choose whether it is true or not, or take back what you said."), "verdict")


def count_judgements(actor: Actor, delivery: Delivery) -> Tally:
    """Publishes what those who spoke say of a delivery, once ten have said something new; where it stands follows.

    Raises Refused if too few have, or another run was faster.
    """
    of = delivery.recommendation
    with acting(actor, Action.COUNT_JUDGEMENTS, of) as record:
        day, now = clock.today(), queries.public_counts(delivery).get(delivery.pk, (0, 0))
        last, shown = LastCount.objects.filter(delivery=delivery).first(), judged(now)
        if shown is None or not queries.public_is_due(last, now, day):
            raise Refused(gettext("Too few have said something new since the last count."))
        made = Tally.objects.create(delivery=delivery, people=shown.people, percent=shown.percent, counted_on=day)
        counts = {"true": now[0], "not_true": now[1], "counted_on": day}
        LastCount.objects.update_or_create(delivery=delivery, defaults=counts)
        settle(of)
        record.told(made.told(), by=ActorKind.SYSTEM, body=of.body.code)
    return made


def count_all() -> int:
    """Makes each snapshot that can be made today; returns how many."""
    done = 0
    for delivery in queries.due_counts(clock.today()):
        with suppress(Refused):  # another run was faster
            count_judgements(SYSTEM, delivery)
            done += 1
    return done


def end_judgements() -> int:
    """Deletes who said what of deliveries that can be judged no more; the snapshots stay. Returns how many rows."""
    ended = queries.due_to_end()
    gone = sum(kind.objects.filter(delivery__in=ended).delete()[0] for kind in (Judgement, TookPart, LastCount))
    if gone:
        erasure.fold_in()
    return gone


@on_leaving
def part(account: int, key: bytes, keeps_what_was_said: bool) -> None:
    """Whoever leaves takes along what she judged as a participant, unless she keeps what she said: then it is nobody's.

    What she judged with a receipt goes with that receipt alone: nothing here leads from one to the other.
    """
    codes = Delivery.objects.filter(judgements__isnull=False).distinct().values_list("code", flat=True)
    marks = [] if keeps_what_was_said else [mark_of(key, code) for code in codes]
    for start in range(0, len(marks), _CHUNK):
        Judgement.objects.filter(mark__in=marks[start : start + _CHUNK]).delete()
