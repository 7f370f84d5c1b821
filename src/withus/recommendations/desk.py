"""What waits for somebody about recommendations: for those who answer, and for those who sent and check.

Of what waits only the days are read, however much it is; the texts of a task once a page shows it.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from withus.pay import desk as pay
from withus.people.models import Organisation
from withus.people.queries import public_recognised_codes
from withus.policy.facts import Actor, Role
from withus.policy.rules import Action, decide
from withus.processes.board import desk as board
from withus.processes.queries import public_bodies
from withus.recommendations import queries
from withus.recommendations.letters.queries import public_contested, public_replaced
from withus.recommendations.models import Recommendation, Verification
from withus.texts.desk import for_the_keys
from withus.voices.desk import for_the_readers, for_those_who_tell
from withus.web.tasks import WAITING, Desk, Pile, Place, Task

_LATEST = 20  # checks whose length tells how long the next one may take


@dataclass(frozen=True)
class _Kind:
    """What is to be done, and on whose desk it lies: the body's, unless it is named or the sender's own (`is_ours`)."""

    what: Promise
    deed: Action
    is_ours: bool = False
    whose: str = ""
    minutes: int | None = None
    pay: str | None = None


_LETTER = _Kind(_("Say that this letter has arrived"), Action.ACKNOWLEDGE)
_ACKNOWLEDGE = _Kind(_("Say that it has arrived"), Action.ACKNOWLEDGE)
_DRAFT = _Kind(_("Answer, with reasons"), Action.DRAFT)
_ENDORSE = _Kind(_("Countersign the drafted answer"), Action.ENDORSE)
_SEND = _Kind(_("Send the countersigned answer"), Action.SEND)
_DELIVER = _Kind(_("Do what was promised, and say so"), Action.DELIVER)
_COMMIT = _Kind(_("Promise who does what by when"), Action.COMMIT)
_AGAIN = _Kind(_("Peers say that it is not done: do it, and say so again"), Action.DELIVER)
_SERVE = _Kind(_("Hand the letter over, and say so"), Action.SERVE, is_ours=True)
_EXPLAIN = _Kind(_("Answer the body’s question"), Action.EXPLAIN, is_ours=True)


def everything(actor: Actor) -> Desk:
    """All that waits for the bodies, payers and peer organisations for which the actor acts."""
    others = (
        *board.for_the_office(actor),
        *board.for_the_peers(actor),
        *pay.for_the_payers(actor),
        *pay.for_the_peers(actor),
        *for_the_keys(actor),
        *for_the_readers(actor),
        *for_those_who_tell(actor),
        *_left_by_the_closed(actor),
        *_contested(actor),
        *(task for read in WAITING for task in read(actor)),
    )
    return Desk(_pile(actor, _due_from_bodies(actor)), _pile(actor, _waits_for_peers(actor)), Pile.of(others))


def _due_from_bodies(actor: Actor) -> Iterator[Place]:
    bodies = actor.organisations(Role.BODY_SECRETARY, Role.DUTY_BEARER)
    if bodies:
        theirs = Recommendation.objects.filter(body__organisation__code__in=bodies)
        yield from _letters_to(theirs)
        yield from _answers(theirs)
        yield from _promises(theirs)


def _letters_to(theirs: QuerySet[Recommendation]) -> Iterator[Place]:
    """What was written to the body before anybody answered for it, and nobody said has arrived."""
    for one, day in theirs.filter(sent_on__isnull=True).values_list("pk", "written_on"):
        yield Place(None, day, (one, _LETTER))


def _answers(theirs: QuerySet[Recommendation]) -> Iterator[Place]:
    owed = theirs.filter(owed_on__isnull=False)
    columns = ("pk", "outcome", "was_heard", "acknowledge_by", "owed_on", "draft__pk", "draft__signed_on")
    for one, outcome, was_heard, acknowledge_by, owed_on, draft, signed_on in owed.values_list(*columns):
        if outcome == "" and not was_heard:
            yield Place(acknowledge_by, None, (one, _ACKNOWLEDGE))
        yield Place(owed_on, None, (one, _SEND if signed_on else _ENDORSE if draft else _DRAFT))


def _promises(theirs: QuerySet[Recommendation]) -> Iterator[Place]:
    about = ("is_promised", "done_by", "body__organisation")
    columns = ("recommendation", *(f"recommendation__{name}" for name in about))
    never_said = queries.public_open_promises().filter(recommendation__in=theirs, was_said=False)
    for one, *dates in never_said.values_list(*columns, "due_on", "said_by"):
        yield Place(_day(*dates), None, (one, _DELIVER))
    held = queries.public_promises().filter(queries.OF_THE_BODY, recommendation=OuterRef("pk"))
    undone = theirs.filter(~Exists(held), done_by__isnull=False, delivered_on__isnull=True)
    for one, done_by in undone.values_list("pk", "done_by"):
        yield Place(done_by, None, (one, _COMMIT))
    refuted = queries.public_last_deliveries().filter(recommendation__in=theirs)
    refuted = refuted.filter(queries.REFUTED).distinct()
    for one, *dates, said_on in refuted.values_list(*columns, "commitment__due_on", "commitment__said_by", "said_on"):
        yield Place(_day(*dates), said_on, (one, _AGAIN))


def _day(
    is_promised: bool, done_by: datetime.date | None, body: int, due_on: datetime.date | None, said_by: int | None
) -> datetime.date | None:
    """By when the body has to do it, as `Part.due_on`: its promise made too late moves nothing that has to be done."""
    if due_on is None or done_by is None:
        return due_on or done_by
    return due_on if is_promised or said_by != body else min(due_on, done_by)


def _left_by_the_closed(actor: Actor) -> Iterator[Task]:
    """What closed bodies still owe in whose place the actor's stand: their own clocks run, and whoever comes after
    knows."""
    what = _("See which answers are still owed by the body whose place yours takes")
    for one in public_replaced(actor.organisations(Role.BODY_SECRETARY, Role.DUTY_BEARER)):
        closed, whose = one.end.body, str(one.end.successor)
        owed = f"{reverse('recommendations')}?body={closed.code}&state=waiting"
        if one.owed:
            yield Task(
                what, str(closed), closed.organisation.language, closed.get_absolute_url(), owed, whose, due_on=one.by
            )


def _contested(actor: Actor) -> Iterator[Task]:
    """The bodies of which this house has to say who holds their page."""
    if actor.holds(Role.INSTANCE_STEWARD):
        what = _("Say who holds this page, and how this house checked")
        for joined in public_contested(public_bodies()):
            body, word = joined.body, joined.last_word()
            of, here = body.organisation, body.get_absolute_url()
            deed = reverse(Action.ATTEST, args=[body.code]) if decide(actor, Action.ATTEST, body) else here
            yield Task(what, of.name, of.language, here, deed, "", since=word.said_on if word else None)


def _waits_for_peers(actor: Actor) -> Iterator[Place]:
    """Letters, questions and checks; statements do not grow with what waits."""
    ours = actor.organisations(Role.ORG_STEWARD, Role.PEER_EDITOR)
    if not ours:
        return
    letters = Recommendation.objects.filter(organisation__code__in=ours, sent_on__isnull=True)
    for one, day in letters.values_list("pk", "written_on"):
        yield Place(None, day, (one, _SERVE))
    asked = queries.public_questions().filter(recommendation__organisation__code__in=ours)
    for one, until, day in asked.values_list("recommendation", "recommendation__still_until", "asked_on"):
        yield Place(until, day, (one, _EXPLAIN))
    for organisation in queries.organisations_that_recommend(actor):
        yield from _checks(organisation)


def _checks(organisation: Organisation) -> Iterator[Place]:
    """What bodies call done and this organisation has not checked: what it asked for itself, and what others did."""
    waiting = list(queries.public_to_check(organisation).values_list("recommendation", "said_on"))
    if waiting:
        minutes, rates = _usual_minutes(), _rates_for_checks(organisation)
        what = _("Check whether it is done")
        check = _Kind(what, Action.VERIFY, whose=organisation.name, minutes=minutes, pay=rates)
        for one, day in waiting:
            yield Place(None, day, (one, check))


def _rates_for_checks(organisation: Organisation) -> str:
    """What is agreed for checks today, and who pays it; empty if nothing is."""
    return "; ".join(f"{rate} ({rate.payer})" for rate in queries.public_rates_of_checks(organisation))


def _usual_minutes() -> int | None:
    """How long the latest checks of this house took (median of twenty at most); None if nobody has said."""
    taken = Verification.objects.filter(minutes__isnull=False).order_by("-id").values_list("minutes", flat=True)
    found = [one for one in taken[:_LATEST] if one]
    return round(median(found)) if found else None


def _pile(actor: Actor, places: Iterator[Place]) -> Pile:
    """Tasks about recommendations: the key of each is its recommendation's row, and its kind."""

    def read(shown: list[Place]) -> list[Task]:
        found = queries.public_recommendations().in_bulk({place.key[0] for place in shown})
        recognised = frozenset(public_recognised_codes())
        return [_task(actor, queries.Checkable(found[place.key[0]], recognised), place) for place in shown]

    return Pile(list(places), read)


def _task(actor: Actor, checkable: queries.Checkable, place: Place) -> Task:
    """Who may not do what comes next still sees that it is due: her link leads to the recommendation."""
    about, kind = checkable.recommendation, place.key[1]
    may = decide(actor, kind.deed, checkable if kind.deed is Action.VERIFY else about)
    return Task(
        kind.what,
        str(about),
        about.language if about.text else "",
        about.get_absolute_url(),
        reverse(kind.deed, args=[about.code]) if may else about.get_absolute_url(),
        kind.whose or (about.organisation.name if kind.is_ours else about.body.organisation.name),
        place.due_on,
        place.since,
        kind.minutes,
        kind.pay,
    )
