"""What waits for somebody at a body's table: terms to look at, minutes to write and to approve, seats to fill."""

import datetime
from dataclasses import replace

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from withus.core import clock
from withus.people.queries import public_recognised_codes
from withus.policy.facts import Actor, Role
from withus.policy.rules import Action, decide
from withus.policy.who import EDITORS, OFFICE
from withus.processes.board.models import Approval, Meeting, Minutes, Seat, Terms
from withus.processes.board.queries import public_all_seats, public_sitting, public_table
from withus.processes.board.speaking import Side
from withus.processes.others import not_by_others
from withus.web.tasks import Task

TWO_WEEKS = datetime.timedelta(days=14)  # for minutes, counted from the meeting; the product's own measure
LATELY = datetime.timedelta(days=56)
ABOUT_TO_END = datetime.timedelta(days=60)


def for_the_office(actor: Actor) -> list[Task]:
    """Minutes, decisions and reviews that are due from the bodies for which the actor answers: three statements."""
    bodies, day = actor.organisations(*OFFICE), clock.today()
    if not bodies:
        return []
    past = Meeting.objects.filter(body__organisation__code__in=bodies, day__lte=day)
    unwritten = past.filter(minutes__isnull=True).select_related("body__organisation")
    tasks = [
        _of_meeting(one, _("Write the minutes"), Action.WRITE_MINUTES, one.body.organisation.name, one.day + TWO_WEEKS)
        for one in unwritten
    ]
    own = Terms.objects.filter(not_by_others(day="endorsed_on"))
    newest = own.filter(body=OuterRef("body"), version__gt=OuterRef("version"))
    ending = own.filter(body__organisation__code__in=bodies, review_on__lte=day + ABOUT_TO_END)
    for terms in ending.exclude(Exists(newest)).select_related("body__organisation"):
        code, whose = terms.body.code, terms.body.organisation.name
        here, deed = reverse("terms", args=[code]), reverse(Action.ADOPT, args=[code])
        what = _("Look at the terms of reference again")
        tasks.append(Task(what, terms.mandate, terms.language, here, deed, whose, due_on=terms.review_on))
    return tasks


def for_the_peers(actor: Actor) -> list[Task]:
    """Minutes to approve, seats to fill and meetings to prepare for the actor's organisations; three statements."""
    codes = actor.organisations(*EDITORS)
    if not codes:
        return []
    recognised = public_recognised_codes()
    stewards = actor.organisations(Role.ORG_STEWARD) & recognised
    ours, tasks = list(public_all_seats().filter(side=Side.PEERS, organisation__code__in=codes)), []
    for seat in ours:
        day = clock.today(seat.body.time_zone)
        if seat.organisation.code in stewards and seat.is_there(day) and not seat.is_filled(day, recognised):
            here, whose = reverse("seats", args=[seat.body.code]), seat.organisation.name
            may = decide(actor, Action.FILL, public_sitting(seat, frozenset(recognised)))
            deed = reverse(Action.FILL, args=[seat.body.code, seat.code]) if may else here
            tasks.append(Task(_("Fill your seat"), seat.name, seat.language, here, deed, whose, since=seat.set_up_on))
    return [*tasks, *_minutes(actor, ours), *_agendas(actor, ours)]


def _minutes(actor: Actor, ours: list[Seat]) -> list[Task]:
    """The latest minutes of each table that the organisations with a seat there have not approved."""
    tables = {(seat.body_id, seat.organisation) for seat in ours}
    lately = Minutes.objects.filter(written_on__gte=clock.today() - LATELY)
    written = lately.filter(meeting__body__in={body for body, _ in tables})
    approved = set(Approval.objects.filter(minutes__in=written).values_list("minutes", "organisation"))
    found = []
    for one in written.select_related("meeting__body__organisation"):
        for body, organisation in sorted(tables, key=lambda table: table[1].name):
            if body == one.meeting.body_id and (one.pk, organisation.pk) not in approved:
                what = _("Read the minutes: are they right?")
                found.append(_of_peers(actor, one.meeting, what, Action.APPROVE_MINUTES, organisation.name))
    return found


def _agendas(actor: Actor, ours: list[Seat]) -> list[Task]:
    coming = Meeting.objects.filter(body__in={seat.body_id for seat in ours}, day__gt=clock.today())
    what, day = _("Bring up what should be talked about"), datetime.timedelta(days=1)
    return [
        _of_peers(actor, one, what, Action.BRING_UP, one.body.organisation.name, one.day - day)
        for one in coming.select_related("body__organisation")
    ]


def _of_peers(
    actor: Actor, meeting: Meeting, what: Promise, deed: Action, whose: str, due_on: datetime.date | None = None
) -> Task:
    """The task of those who sit there; whoever may not do what comes next is led to the meeting."""
    task = _of_meeting(meeting, what, deed, whose, due_on)
    return task if decide(actor, deed, public_table(meeting.body)) else replace(task, deed=task.about)


def _of_meeting(meeting: Meeting, what: Promise, deed: Action, whose: str, due_on: datetime.date | None = None) -> Task:
    address = reverse(deed, args=[meeting.body.code, meeting.code])
    since = None if due_on else meeting.day
    return Task(what, meeting.place, meeting.language, meeting.get_absolute_url(), address, whose, due_on, since)
