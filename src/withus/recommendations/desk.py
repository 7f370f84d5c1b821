"""What waits for somebody about recommendations: for those who answer, and for those who sent and check."""

from collections.abc import Iterator
from statistics import median
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from withus.compute.answering import YES, State
from withus.pay import desk as pay
from withus.pay.models import Work
from withus.pay.queries import public_peers_rates
from withus.people.models import Organisation
from withus.policy.facts import Actor, Role
from withus.policy.rules import Action, decide
from withus.processes.board import desk as board
from withus.recommendations import queries
from withus.recommendations.letters.queries import public_replaced
from withus.recommendations.models import Commitment, Delivery, Question, Recommendation, Verdict, Verification
from withus.texts.desk import for_the_keys
from withus.web.tasks import Task

_LATEST = 20  # checks whose length tells how long the next one may take


def all_for_the_office(actor: Actor) -> list[Task]:
    """Everything that is due from the bodies and payers for which the actor acts: answers, minutes, pay."""
    return [*for_the_office(actor), *board.for_the_office(actor), *pay.for_the_payers(actor)]


def all_for_the_peers(actor: Actor) -> list[Task]:
    """Everything that waits for the actor's peer organisations: letters, questions, checks, minutes, seats, rates."""
    return [*for_the_peers(actor), *board.for_the_peers(actor), *pay.for_the_peers(actor), *for_the_keys(actor)]


def for_the_office(actor: Actor) -> list[Task]:
    """All that is due from the bodies for which the actor answers: six statements, however much it is."""
    bodies = actor.organisations(Role.BODY_SECRETARY, Role.DUTY_BEARER)
    if not bodies:
        return []
    theirs = queries.public_recommendations().filter(body__organisation__code__in=bodies)
    own = (*_letters_to(actor, theirs), *_answers(actor, theirs), *_promises(actor, theirs))
    return [*own, *_left_by_the_closed(bodies)]


def _letters_to(actor: Actor, theirs: QuerySet[Recommendation]) -> Iterator[Task]:
    """What was written to the body before anybody answered for it, and nobody said has arrived."""
    for one in theirs.filter(sent_on__isnull=True):
        yield _task(actor, one, _("Say that this letter has arrived"), Action.ACKNOWLEDGE, since=one.written_on)


def _answers(actor: Actor, theirs: QuerySet[Recommendation]) -> Iterator[Task]:
    for one in theirs.filter(owed_on__isnull=False).select_related("draft"):
        if one.outcome == "" and not one.was_heard:
            yield _task(actor, one, _("Say that it has arrived"), Action.ACKNOWLEDGE, due_on=one.acknowledge_by)
        draft = getattr(one, "draft", None)
        if draft is None:
            yield _task(actor, one, _("Answer, with reasons"), Action.DRAFT, due_on=one.owed_on)
        elif draft.signed_on is None:
            yield _task(actor, one, _("Countersign the drafted answer"), Action.ENDORSE, due_on=one.owed_on)
        else:
            yield _task(actor, one, _("Send the countersigned answer"), Action.SEND, due_on=one.owed_on)


def _promises(actor: Actor, theirs: QuerySet[Recommendation]) -> Iterator[Task]:
    undone = theirs.filter(done_by__isnull=False, delivered_on__isnull=True)
    promises = Commitment.objects.filter(recommendation__in=undone)
    promised: set[int] = set()
    for promise in promises.select_related("recommendation__body__organisation"):
        promised.add(promise.recommendation_id)
        what = _("Do what was promised, and say so")
        yield _task(actor, promise.recommendation, what, Action.DELIVER, due_on=promise.due_on)
    for one in undone.exclude(pk__in=promised):
        yield _task(actor, one, _("Promise who does what by when"), Action.COMMIT, due_on=one.done_by)
    refuted = Delivery.objects.filter(pk__in=_newest(), verifications__verdict=Verdict.DISPUTED.value)
    for one in theirs.filter(outcome__in=[outcome.value for outcome in YES], deliveries__in=refuted).distinct():
        what = _("Peers say that it is not done: do it, and say so again")
        yield _task(actor, one, what, Action.DELIVER, since=one.delivered_on)


def _left_by_the_closed(bodies: frozenset[str]) -> Iterator[Task]:
    """What closed bodies still owe in whose place these stand: their own clocks run, and whoever comes after knows."""
    what = _("See which answers are still owed by the body whose place yours takes")
    for one in public_replaced(bodies):
        closed, whose = one.end.body, str(one.end.successor)
        owed = f"{reverse('recommendations')}?body={closed.code}&state=waiting"
        if one.owed:
            yield Task(
                what, str(closed), closed.organisation.language, closed.get_absolute_url(), owed, whose, due_on=one.by
            )


def for_the_peers(actor: Actor) -> list[Task]:
    """All that waits for the peer organisations for which the actor speaks; statements do not grow with what waits."""
    ours = actor.organisations(Role.ORG_STEWARD, Role.PEER_EDITOR)
    speaking = queries.organisations_that_recommend(actor) if ours else ()
    return [
        *_letters(actor, ours),
        *_questions(actor, ours),
        *(task for one in speaking for task in _checks(actor, one)),
    ]


def _letters(actor: Actor, ours: frozenset[str]) -> Iterator[Task]:
    for one in queries.public_recommendations().filter(organisation__code__in=ours, sent_on__isnull=True):
        yield _task(actor, one, _("Hand the letter over, and say so"), Action.SERVE, since=one.written_on, is_ours=True)


def _questions(actor: Actor, ours: frozenset[str]) -> Iterator[Task]:
    asked = Question.objects.filter(answered_on__isnull=True, recommendation__organisation__code__in=ours)
    for question in asked.select_related("recommendation__organisation"):
        about = question.recommendation
        what = _("Answer the body’s question")
        yield _task(actor, about, what, Action.EXPLAIN, is_ours=True, due_on=about.still_until, since=question.asked_on)


def _checks(actor: Actor, organisation: Organisation) -> Iterator[Task]:
    """What bodies call done and this organisation has not checked: what it asked for itself, and what others did."""
    seen = Verification.objects.filter(organisation=organisation).values("delivery")
    last = Delivery.objects.filter(pk__in=_newest()).exclude(pk__in=seen)
    unchecked = Q(verifications__isnull=True) | Q(recommendation__verdict=State.UNPAID.value)
    open_now = Q(recommendation__organisation=organisation) | unchecked
    waiting = last.filter(open_now).select_related("recommendation__body__organisation")
    minutes, rates = (_usual_minutes(), _rates_for_checks(organisation)) if waiting else (None, "")
    for delivery in waiting:
        about = delivery.recommendation
        yield _task(
            actor,
            about,
            _("Check whether it is done"),
            Action.VERIFY,
            whose=organisation.name,
            since=delivery.said_on,
            minutes=minutes,
            pay=rates,
        )


def _newest() -> Any:
    """The last delivery of each recommendation."""
    return Delivery.objects.values("recommendation").annotate(last=Max("pk")).values("last")


def _rates_for_checks(organisation: Organisation) -> str:
    """What is agreed for checking, by whom it is paid; empty if nothing is."""
    agreed = public_peers_rates(organisation).filter(kind=Work.CHECKING, agreement__isnull=False)
    return "; ".join(f"{rate} ({rate.payer})" for rate in agreed)


def _usual_minutes() -> int | None:
    """How long the latest checks of this house took (median of twenty at most); None if nobody has said."""
    taken = Verification.objects.filter(minutes__isnull=False).order_by("-id").values_list("minutes", flat=True)
    found = [one for one in taken[:_LATEST] if one]
    return round(median(found)) if found else None


def _task(
    actor: Actor,
    about: Recommendation,
    what: Promise,
    deed: Action,
    *,
    whose: str = "",
    is_ours: bool = False,
    **more: Any,
) -> Task:
    """`whose` desk it is: the body's, unless it is named or the sender's own (`is_ours`).

    Who may not do what comes next still sees that it is due: her link leads to the recommendation.
    """
    whose = whose or (about.organisation.name if is_ours else about.body.organisation.name)
    may = deed is Action.VERIFY or decide(actor, deed, about)
    address = reverse(deed, args=[about.code]) if may else about.get_absolute_url()
    return Task(what, about.text, about.language, about.get_absolute_url(), address, whose, **more)
