"""How the log speaks of terms, seats and meetings, what its codes are called, and which rows its records stand in."""

from collections.abc import Collection, Iterator

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.processes.board.models import (
    Approval,
    Decision,
    Item,
    Meeting,
    Minutes,
    Objection,
    Paper,
    Seat,
    SeatEnd,
    Tenure,
    TenureEnd,
    Terms,
)
from withus.processes.board.speaking import Side, Wanted
from withus.processes.board.terms import DAYS, STATED, TermsKind
from withus.processes.models import Body
from withus.public_log.rows import Told, stands_in_rows, told_by
from withus.public_log.telling import Named, names
from withus.public_log.wording import FACTS, speak
from withus.web.language import written_day

TYPES = {
    "terms.adopted": _("Terms of reference of %(body)s were adopted"),
    "seat.added": _("%(seat)s was added, a seat at the table of %(body)s"),
    "seat.ended": _("%(seat)s ended, a seat at the table of %(body)s"),
    "seat.filled": _("%(seat)s was filled, a seat at the table of %(body)s"),
    "seat.appointed": _("Somebody was appointed to %(seat)s, a seat at the table of %(body)s"),
    "seat.vacated": _("A term in %(seat)s ended early, a seat at the table of %(body)s"),
    "meeting.called": _("%(meeting)s of %(body)s was called"),
    "item.proposed": _("%(item)s was brought up for %(meeting)s of %(body)s"),
    "paper.added": _("A paper was added to %(item)s, for a meeting of %(body)s"),
    "minutes.written": _("The minutes of %(meeting)s of %(body)s were written"),
    "minutes.approved": _("The minutes of %(meeting)s of %(body)s were approved"),
    "item.decided": _("It was said what %(meeting)s of %(body)s made of %(item)s"),
    "objection.said": _("Dissent was put beside the decision of %(body)s about %(item)s"),
}
_SAID = {
    "terms": _("Code of the terms"),
    "seat": _("Seat"),
    "meeting": _("Meeting"),
    "item": _("Item"),
    "paper": _("Code of the paper"),
    "objection": _("Code of the dissent"),
    "side": _("On which side of the table"),
    "wanted": _("What it wants of the meeting"),
    "has_vote": _("It has a vote"),
    "is_on_agenda": _("It stands on the agenda"),
    "is_plain": _("It is in plain words"),
    "is_named": _("With an account of this house"),
    "where": _("Where it can be read"),
    "place": _("Where"),
    "urgency": _("Why it could not wait a week"),
    "summary": _("In short"),
    "present": _("Seats that were there"),
    "in_favor": _("Seats for it"),
    "against": _("Seats against it"),
    "abstained": _("Seats that abstained"),
    "conflicts": _("Seats that stepped out because of a conflict of interest"),
    "conflict_words": _("Which conflict of interest"),
    "since": _("From"),
    "ends_on": _("Last day"),
    "held_on": _("Day of the meeting"),
    "said_on": _("Said on"),
}
# Words that another record has for a fact of the same name hold for terms too.
_STATED = {name: words for name, words in STATED.items() if name not in FACTS} | {"endorsed_on": _("Adopted on")}
speak(
    TYPES,
    who={kind: "body" for kind in TYPES}
    | dict.fromkeys(
        ("seat.filled", "item.proposed", "paper.added", "minutes.approved", "objection.said"), "organisation"
    ),
    codes={"seat": "seat", "meeting": "meeting", "item": "item"},
    facts={**_SAID, **_STATED},
    values={
        "kind": {one.value: one.label for one in TermsKind},
        "side": {one.value: one.label for one in Side},
        "wanted": {one.value: one.label for one in Wanted},
    },
    days={"since", "ends_on", "held_on", "said_on", *DAYS},
    opaque={"terms", "paper", "objection"},
)


def _of(body: Body) -> Named:
    return Named(body.organisation.name, body.organisation.language, body.get_absolute_url())


def _named_seats(codes: Collection[str]) -> dict[str, Named]:
    found = Seat.objects.filter(code__in=codes).select_related("body__organisation")
    return {one.code: Named(one.name, one.language, "", _of(one.body), is_title=True) for one in found}


def _named_meetings(codes: Collection[str]) -> dict[str, Named]:
    found = Meeting.objects.filter(code__in=codes).select_related("body__organisation")
    called = {one.code: gettext("The meeting on %(day)s") % {"day": written_day(one.day)} for one in found}
    return {one.code: Named(called[one.code], "", one.get_absolute_url(), _of(one.body)) for one in found}


def _named_items(codes: Collection[str]) -> dict[str, Named]:
    found = Item.objects.filter(code__in=codes).select_related("meeting__body__organisation")
    return {
        one.code: Named(one.title, one.language, one.get_absolute_url(), _of(one.meeting.body), is_title=True)
        for one in found
    }


names("seat", _named_seats)
names("meeting", _named_meetings)
names("item", _named_items)


def _rows() -> Iterator[Told]:
    """Every row that a deed at the table left."""
    body, item = "body__organisation", "item__meeting__body__organisation"
    rows = (
        Terms.objects.select_related(body),
        Seat.objects.select_related(body, "organisation"),
        SeatEnd.objects.select_related(f"seat__{body}"),
        Tenure.objects.select_related(f"seat__{body}", "seat__organisation"),
        TenureEnd.objects.select_related(f"tenure__seat__{body}"),
        Meeting.objects.select_related(body),
        Item.objects.select_related(f"meeting__{body}", "seat", "organisation"),
        Paper.objects.select_related(item, "seat", "organisation"),
        Minutes.objects.select_related(f"meeting__{body}").prefetch_related("attendances__seat"),
        Approval.objects.select_related(f"minutes__meeting__{body}", "organisation"),
        Decision.objects.select_related(item).prefetch_related("votes__seat", "interests__seat"),
        Objection.objects.select_related(f"decision__{item}", "seat", "organisation"),
    )
    for some in rows:
        yield from told_by(some)


stands_in_rows(set(TYPES), _rows)
