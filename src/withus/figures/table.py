"""What happens at bodies' tables, counted: formal seats, who sets the agenda, whose voice is heard."""

import datetime
from collections import Counter
from collections.abc import Collection, Iterable

from django.db.models import Count, DateField, ExpressionWrapper, F, Q, QuerySet

from withus.compute import involvement, rates
from withus.compute.involvement import Facts
from withus.compute.rates import Agenda, Quarter, Rate
from withus.compute.reasons import OF_ANYTHING, says_enough
from withus.core import clock
from withus.pay.models import Rate as PayRate
from withus.pay.models import Work
from withus.pay.queries import public_rates
from withus.people.queries import public_recognised_codes
from withus.processes.board.models import Attendance, Item, Seat, Terms
from withus.processes.board.queries import public_all_seats
from withus.processes.board.speaking import Side
from withus.processes.models import Body
from withus.processes.others import not_by_others
from withus.processes.queries import public_open_bodies

TOLD_WITHIN = datetime.timedelta(days=28)  # days after a meeting in which its decisions have to be told, to count


def granted(terms: Terms | None) -> involvement.Terms | None:
    """What terms grant to peers; None if there are none."""
    if terms is None:
        return None
    return involvement.Terms(
        review_on=terms.review_on,
        peer_seats=terms.peer_seats,
        peers_vote=terms.peer_vote,
        peers_set_agenda=terms.agenda_right,
        state_pay=says_enough(terms.pay, OF_ANYTHING),
    )


def _voting_seats() -> QuerySet[Seat]:
    """The seats of peers that have a vote, with what `Seat.is_filled` reads."""
    return public_all_seats().filter(side=Side.PEERS, has_vote=True)


def _filled(seats: Iterable[Seat], day: datetime.date, recognised: Collection[str]) -> Counter[int]:
    """How many are filled by recognised peer organisations (their codes), by body."""
    return Counter(seat.body_id for seat in seats if seat.is_filled(day, recognised))


def public_voting_seats(body: Body, day: datetime.date, recognised: Collection[str]) -> Rate:
    """How many of the voting seats of peers are filled by recognised peer organisations (their codes)."""
    seats = [seat for seat in _voting_seats().filter(body=body) if seat.is_there(day)]
    return Rate(_filled(seats, day, recognised)[body.pk], len(seats))


def public_agreed_rate(body: Body, day: datetime.date) -> PayRate | None:
    """The newest rate of the body that peers agreed to, for seats or meetings, and that is in force on the day."""
    begun = public_rates(body.organisation).filter(kind__in=(Work.SEAT, Work.MEETING), from_on__lte=day)
    return begun.filter(agreement__isnull=False).order_by("-id").first()


def public_formal_seats() -> Rate:
    """I-01 of the register: of all bodies with a page that are not closed, those whose terms grant peers filled seats
    with a vote."""
    day = clock.today()
    own = Terms.objects.filter(not_by_others(day="endorsed_on"), in_force_on__lte=day)
    in_force = {one.body_id: one for one in own.order_by("version")}
    filled = _filled(_voting_seats(), day, public_recognised_codes())
    found = rates.NOTHING
    for body in public_open_bodies().values_list("pk", flat=True):
        facts = Facts(day=day, terms=granted(in_force.get(body)), filled_seats=filled[body])
        found += rates.formal_seats(involvement.has_formal_seats(facts))
    return found


def public_agenda(body: Body, day: datetime.date) -> dict[Quarter, Agenda]:
    """I-05 by quarter, in one statement: of meetings whose day is past, whether or not anybody wrote minutes."""
    shown, wanted = rates.quarters(day), {}
    in_time = ExpressionWrapper(F("meeting__day") + TOLD_WITHIN, DateField())  # what is said later mends no old quarter
    for quarter in shown:
        held = Q(meeting__day__range=(quarter.first, quarter.last), meeting__day__lt=day)
        theirs = held & Q(side=Side.PEERS)
        wanted[f"all_{quarter.number}"] = Count("pk", filter=held)
        wanted[f"theirs_{quarter.number}"] = Count("pk", filter=theirs)
        wanted[f"tabled_{quarter.number}"] = Count("pk", filter=theirs & Q(decision__decided_on__lte=in_time))
    found = Item.objects.filter(meeting__body=body).aggregate(**wanted)
    return {quarter: _agenda(found, quarter.number) for quarter in shown}


def _agenda(found: dict[str, int], number: int) -> Agenda:
    theirs = found[f"theirs_{number}"]
    return Agenda(Rate(found[f"tabled_{number}"], theirs), Rate(theirs, found[f"all_{number}"]))


def public_spread(body: Body, day: datetime.date) -> dict[Quarter, Rate]:
    """I-07 by quarter, in one statement."""
    shown = rates.quarters(day)
    there = Attendance.objects.filter(minutes__meeting__body=body, seat__side=Side.PEERS)
    there = there.filter(minutes__meeting__day__gte=shown[-1].first, minutes__meeting__day__lte=day)
    sat = list(there.values_list("minutes__meeting__day", "seat_id"))
    return {quarter: rates.spread(seat for held_on, seat in sat if held_on in quarter) for quarter in shown}
