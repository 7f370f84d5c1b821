"""Terms in force, seats and who fills them, meetings with all that belongs to them: everybody may read them."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext

from withus.core import clock
from withus.people.models import Membership, Organisation, OrganisationKind, in_force
from withus.people.queries import public_recognised_codes
from withus.policy.facts import Actor
from withus.policy.who import EDITORS, OFFICE
from withus.processes.board import telling as telling  # brings the log's words with it
from withus.processes.board.models import Decision, Item, Meeting, Minutes, Seat, Tenure, Terms
from withus.processes.board.speaking import Side, Speaker
from withus.processes.board.terms import STATED, TEXTS
from withus.processes.models import Body
from withus.processes.others import days_of_others, is_within, not_by_others
from withus.processes.queries import public_bodies, public_organisations
from withus.web.language import written_day, written_number


def public_body(code: str) -> QuerySet[Body]:
    """The body of this code."""
    return public_bodies().filter(organisation__code=code)


def public_versions(body: Body) -> QuerySet[Terms]:
    """All versions of a body's terms, the newest first."""
    return body.terms.select_related("body__organisation").order_by("-version")


def public_own_versions(body: Body) -> QuerySet[Terms]:
    """Those that the body itself adopted."""
    return public_versions(body).filter(not_by_others(day="endorsed_on"))


def public_versions_of_others(body: Body) -> list[int]:
    """The numbers of those that others adopted, who were not the body."""
    days = days_of_others(body.pk)
    return [one.version for one in body.terms.all() if is_within(days, one.endorsed_on)] if days else []


def public_terms(body: Body, day: datetime.date) -> Terms | None:
    """The newest version that is in force on the day; None if there is none."""
    return public_own_versions(body).filter(in_force_on__lte=day).first()


def public_current(terms: Terms | None, day: datetime.date) -> bool:
    """Whether there are terms that are in force on the day and need not have been looked at again before it."""
    return terms is not None and terms.in_force_on <= day <= terms.review_on


@dataclass(frozen=True)
class Point:
    """One thing that terms state, in words, and what the version before said, if that was otherwise."""

    name: str
    words: str  # empty: not stated
    is_text: bool
    before: str = ""
    is_changed: bool = False


def _in_words(terms: Terms, name: str) -> str:
    value = getattr(terms, name)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if name in {"kind", "counting"}:
        return str(getattr(terms, f"get_{name}_display")())
    if not value and name in {"region", "cap"}:
        return gettext("nobody's: weekends only") if name == "region" else gettext("as many as it likes")
    if isinstance(value, int):
        return written_number(value)
    return written_day(value) if isinstance(value, datetime.date) else str(value)


def public_points(terms: Terms, before: Terms | None) -> list[Point]:
    """Everything that a version states, in order, with what it says otherwise than the version before."""
    found = []
    for name, label in STATED.items():
        now, then = _in_words(terms, name), _in_words(before, name) if before else ""
        found.append(Point(str(label), now, name in TEXTS, then, before is not None and now != then))
    return found


def public_seats(body: Body) -> QuerySet[Seat]:
    """All seats of a body, also those that ended, with their terms: three statements, however many there are."""
    return public_all_seats().filter(body=body)


def public_all_seats() -> QuerySet[Seat]:
    """All seats at whichever table, with their terms, and whether who holds them is still of their organisation."""
    members = Membership.objects.filter(
        in_force(clock.today()), account=OuterRef("account"), organisation=OuterRef("seat__organisation")
    )
    tenures = Prefetch("tenures", Tenure.objects.select_related("ending").annotate(is_of_member=Exists(members)))
    return Seat.objects.select_related("body__organisation", "organisation", "ending").prefetch_related(tenures)


def public_recognised() -> frozenset[str]:
    """Which peer organisations count."""
    return frozenset(public_recognised_codes())


@dataclass(frozen=True)
class Sitting:
    """A seat as the policy sees it when somebody is to sit there, or to leave."""

    seat: Seat
    recognised: frozenset[str]
    holder_account: int | None

    @property
    def body_code(self) -> str:
        """Whose table it stands at."""
        return self.seat.body.code

    @property
    def is_of_peers(self) -> bool:
        """Whether it is a seat of peers."""
        return self.seat.side == Side.PEERS

    @property
    def fills_code(self) -> str:
        """The organisation that fills it."""
        return self.seat.organisation.code

    def recognised_codes(self) -> frozenset[str]:
        """Which peer organisations count."""
        return self.recognised


def public_sitting(seat: Seat, recognised: frozenset[str]) -> Sitting:
    """What the policy looks at when this seat is filled or left."""
    holder = seat.holder_on(clock.today(seat.body.time_zone))
    return Sitting(seat, recognised, holder.account_id if holder else None)


@dataclass(frozen=True)
class Table:
    """A body's table as it is today, for the policy: who is seated, by account, and which organisations."""

    body_code: str
    seated_accounts: frozenset[int]
    seated_codes: frozenset[str]
    peer_codes: frozenset[str]


def public_table(body: Body) -> Table:
    """Who sits at the body's table today; no page shows the accounts."""
    held = _held_today(body)
    return Table(
        body.code,
        frozenset(tenure.account_id for _, tenure in held if tenure.account_id is not None and tenure.counts),
        frozenset(seat.organisation.code for seat, _ in held),
        frozenset(seat.organisation.code for seat, _ in held if seat.side == Side.PEERS),
    )


def _held_today(body: Body) -> list[tuple[Seat, Tenure]]:
    day = clock.today(body.time_zone)
    return [(seat, held) for seat in public_seats(body) if (held := seat.holder_on(day))]


def speakers(actor: Actor, body: Body, *, also_office: bool = True) -> list[Speaker]:
    """For which seats and organisations the actor can speak at this table today."""
    found, codes, sides = [], actor.organisations(*EDITORS), {}
    for seat, held in _held_today(body):
        if actor.account is not None and held.account_id == actor.account and held.counts:
            found.append(Speaker(seat.side, seat=seat))
        if seat.organisation.code in codes:
            sides[seat.organisation] = seat.side
    found += [Speaker(side, organisation=one) for one, side in sides.items()]
    if also_office and any(actor.holds(role, body.code) for role in OFFICE):
        found.append(Speaker(Side.BODY, organisation=body.organisation))
    return found


def organisations_that_approve(actor: Actor, body: Body) -> QuerySet[Organisation]:
    """The peer organisations with a seat in whose name the actor can approve minutes."""
    codes = actor.organisations(*EDITORS) & public_table(body).peer_codes
    return Organisation.objects.filter(code__in=codes).order_by("name", "id")


def public_that_fill(body: Body) -> QuerySet[Organisation]:
    """The organisations for which a seat can be added, the body's own aside."""
    return public_organisations().exclude(pk=body.organisation_id)


def public_is_fit(organisation: Organisation, side: str) -> bool:
    """Whether the organisation can fill a seat on this side."""
    return (organisation.kind == OrganisationKind.PEER) == (side == Side.PEERS)


def public_meetings(body: Body) -> QuerySet[Meeting]:
    """A body's meetings, the newest first, with their minutes and how many items there are."""
    found = Meeting.objects.filter(body=body).select_related("body__organisation", "minutes")
    return found.annotate(item_count=Count("items")).order_by("-day", "-id")


def public_items(body: Body) -> QuerySet[Item]:
    """Everything that was ever brought up at a body's table, with what was decided; without a decision, nobody came
    to it."""
    return Item.objects.filter(meeting__body=body).select_related(
        "meeting__body__organisation", "seat", "organisation", "decision"
    )


def public_agenda(meeting: Meeting) -> QuerySet[Item]:
    """The items of a meeting with papers, decisions, votes, conflicts and dissent: constant in statements."""
    decided = Decision.objects.prefetch_related(
        "votes__seat", "interests__seat", "objections__seat", "objections__organisation"
    )
    found = public_items(meeting.body).filter(meeting=meeting)
    return (
        found.select_related(None)
        .select_related("meeting__body__organisation", "seat", "organisation")
        .prefetch_related("papers__seat", "papers__organisation", Prefetch("decision", decided))
    )


def public_minutes(meeting: Meeting) -> Minutes | None:
    """A meeting's minutes with who was there and which peer organisations approved them."""
    found = Minutes.objects.filter(meeting=meeting).prefetch_related("attendances__seat", "approvals__organisation")
    return found.first()


def public_held_on(body: Body, day: datetime.date) -> list[Seat]:
    """The seats that somebody held on the day."""
    return [seat for seat in public_seats(body) if seat.holder_on(day)]


@dataclass(frozen=True)
class Board:
    """A body's table in short, for its page."""

    terms: Terms | None
    is_current: bool
    seats: int
    filled: int
    peer_seats: int
    peers_filled: int
    next_meeting: Meeting | None


def public_board(body: Body) -> Board:
    """A body's table in short, as it is today; the statements do not grow with it."""
    day, recognised = clock.today(body.time_zone), public_recognised()
    seats: Sequence[Seat] = [seat for seat in public_seats(body) if seat.is_there(day)]
    filled = [seat for seat in seats if seat.is_filled(day, recognised)]
    terms = public_terms(body, day)
    return Board(
        terms=terms,
        is_current=public_current(terms, day),
        seats=len(seats),
        filled=len(filled),
        peer_seats=sum(seat.side == Side.PEERS for seat in seats),
        peers_filled=sum(seat.side == Side.PEERS for seat in filled),
        next_meeting=public_meetings(body).filter(day__gte=day).order_by("day", "id").first(),
    )
