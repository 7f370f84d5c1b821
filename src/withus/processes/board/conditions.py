"""When something can be done at the table: the conditions of its deeds, each with its sentence. For actions only."""

import datetime
from collections.abc import Collection, Mapping

from django.utils.translation import gettext

from withus.compute.deadlines import is_region
from withus.core.errors import Refused
from withus.people.models import Account
from withus.people.names import read_pseudonym
from withus.policy.facts import Actor
from withus.processes.board import queries
from withus.processes.board.models import Minutes, Seat, Terms
from withus.processes.board.speaking import Speaker
from withus.processes.board.terms import LEAST_CAP
from withus.processes.models import Body
from withus.web.language import written_day, written_number


def only_fit_terms(terms: Terms, day: datetime.date) -> None:
    """Raises Refused for terms that reach into the past, end before they begin, or count in a way nobody can."""
    if terms.in_force_on < day:
        raise Refused(gettext("This day has passed. Terms hold from today on, or from a later day."), "in_force_on")
    if terms.review_on <= terms.in_force_on:
        raise Refused(gettext("Choose a day after the one from which the terms hold."), "review_on")
    if terms.cap is not None and terms.cap < LEAST_CAP:
        raise Refused(
            gettext("Fewer than ten would keep peers from asking. Write ten or more, or leave it empty."), "cap"
        )
    if not is_region(terms.region):
        raise Refused(
            gettext("We know no public holidays of this region. Write it like DE or DE-BE, or leave it empty."),
            "region",
        )


def only_new(last: Terms | None, terms: Terms) -> None:
    """Raises Refused for terms that state what the last version does: sent twice, they would be two."""
    if last and not any(point.is_changed for point in queries.public_points(terms, last)):
        number = written_number(last.version)
        raise Refused(gettext("This is what version %(number)s says already. Change something.") % {"number": number})


def only_while_there(seat: Seat, day: datetime.date) -> None:
    """Raises Refused for a seat that ends, or has ended, before the day."""
    if not seat.is_there(max(day, seat.set_up_on)):
        raise Refused(gettext("This seat is not there any more on that day."))


def only_free(seat: Seat, since: datetime.date, until: datetime.date) -> None:
    """Raises Refused for days in which somebody holds the seat already."""
    taken = next((one for one in seat.tenures.all() if one.since <= until and since <= one.last_day), None)
    if taken:
        sentence = gettext("Somebody holds this seat from %(since)s to %(until)s. Choose days that are free.")
        days = {"since": written_day(taken.since), "until": written_day(taken.last_day)}
        raise Refused(sentence % days, "since")


def member(seat: Seat, pseudonym: str) -> Account | None:
    """The account of a member of the organisation that fills the seat; None if nobody is named. Raises Refused."""
    if not pseudonym:
        return None
    found = Account.objects.filter(
        pseudonym=read_pseudonym(pseudonym), memberships__organisation=seat.organisation
    ).first()
    if found is None:
        raise Refused(
            gettext("Nobody of this organisation has this pseudonym here. Look at it again, or leave it empty."),
            "pseudonym",
        )
    return found


def only_for_whom_one_speaks(actor: Actor, body: Body, speaker: Speaker, *, also_office: bool = True) -> None:
    """Raises Refused for a seat or organisation for which the actor cannot speak here today."""
    if actor.is_system:
        return
    own = queries.speakers(actor, body, also_office=also_office)
    if (speaker.side, speaker.code) not in {(one.side, one.code) for one in own}:
        raise Refused(gettext("Choose a seat or an organisation for which you can speak today."), "speaker")


def only_seats_of(body: Body, present: Collection[str], day: datetime.date) -> list[Seat]:
    """The seats of these codes; raises Refused for one that nobody held on the day."""
    held = {seat.code: seat for seat in queries.public_held_on(body, day)}
    if set(present) - set(held):
        raise Refused(gettext("Only a seat that somebody held on that day can have been there."), "present")
    return [held[code] for code in sorted(present)]


def only_fit_votes(minutes: Minutes, votes: Mapping[str, str], conflicts: Collection[str]) -> dict[str, Seat]:
    """The seats that were there, by code; raises Refused for a vote or a conflict of another, and for a vote that the
    terms or a declared conflict do not let the seat have."""
    there = {one.seat.code: one.seat for one in minutes.attendances.select_related("seat")}
    for code in (*votes, *conflicts):
        if code not in there:
            raise Refused(gettext("A seat that was not there cannot have voted, nor stepped out."), f"seat_{code}")
    for code in votes:
        if code in conflicts:
            raise Refused(
                gettext("A seat that declared a conflict of interest does not vote on this item."), f"seat_{code}"
            )
        if not there[code].has_vote:
            raise Refused(gettext("This seat has no vote."), f"seat_{code}")
    return there
