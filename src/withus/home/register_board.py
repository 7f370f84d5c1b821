"""The register of stored fields, for a body's table: its terms, its seats, its meetings."""

from django.utils.translation import gettext_lazy as _

from withus.home.register import ASKED, CODE, DAY, FOR_EVER, LANGUAGE, NAME, RECORD, ROW, Kept, Section
from withus.processes.board.terms import STATED

_BODY = _("The body whose table it is.")
_SEAT = _("Which seat.")
_WORDS = _("What was said.")
_ENDS = _("The last day.")
_MEETING = _("Which meeting.")
_ITEM = _("Which item.")
_MINUTES = _("Which minutes.")
_DECISION = _("Which decision.")
_SPOKEN = {
    "side": _("On which side of the table it was said."),
    "seat": _("The seat that said it, if one did."),
    "organisation": _("The organisation that said it, if one did."),
}

SEATED = Section(
    "seated",
    _("About you, if you sit at a body's table"),
    _("Pages show your seat, its organisation and the days. That it is you, only you are shown."),
    {
        "Tenure": Kept(
            _("A term in a seat."), ASKED, _("The term for good; whose account it was until she leaves."), {
            "id": ROW, "seat": _SEAT,
            "account": _("Lets whoever sits there speak for the seat. No page shows it to others."),
            "is_named": _("Whether somebody with an account was named. If that is gone, nobody sits there."),
            "since": _("The first day."), "until": _ENDS, "said_on": DAY,
        }),
    },
    is_about_people=True,
)  # fmt: skip
BOARD = Section(
    "board",
    _("At the table: terms, seats, meetings"),
    _("Seats and organisations speak here, never a person."),
    {
        "Terms": Kept(_("A version of a body's terms of reference."), RECORD, FOR_EVER, {
            "id": ROW, "code": CODE, "body": _BODY, "language": LANGUAGE,
            "version": _("Which version it is."),
            "endorsed_on": DAY,
            **STATED,
        }),
        "Seat": Kept(_("A seat at a body's table."), RECORD, FOR_EVER, {
            "id": ROW, "code": CODE, "body": _BODY, "name": NAME, "language": LANGUAGE, "set_up_on": DAY,
            "side": _("Whether it is for peers, the body, or others."),
            "organisation": _("Which organisation fills it."),
            "has_vote": _("Whether it has a vote."),
        }),
        "SeatEnd": Kept(_("The end of a seat."), RECORD, FOR_EVER, {
            "id": ROW, "seat": _SEAT, "reason": _("Why it ended."), "language": LANGUAGE, "ends_on": _ENDS,
            "said_on": DAY,
        }),
        "TenureEnd": Kept(_("The early end of a term."), RECORD, FOR_EVER, {
            "id": ROW, "tenure": _("Which term."), "ends_on": _ENDS, "said_on": DAY,
        }),
        "Meeting": Kept(_("A meeting."), RECORD, FOR_EVER, {
            "id": ROW, "code": CODE, "body": _BODY, "language": LANGUAGE, "called_on": DAY,
            "day": _("When it is."),
            "place": _("Where it is."),
            "urgency": _("Why it is called with less than a week's notice."),
            "planned_minutes": _("How long it is planned to take."),
        }),
        "Item": Kept(_("Something that was brought up for a meeting."), RECORD, FOR_EVER, {
            "id": ROW, "code": CODE, "meeting": _MEETING, "language": LANGUAGE, "proposed_on": DAY, **_SPOKEN,
            "title": _("What it is about."),
            "summary": _("What has to be known about it."),
            "wanted": _("What it wants of the meeting."),
            "is_on_agenda": _("Whether the terms put it on the agenda."),
        }),
        "Paper": Kept(_("Something to read for an item."), RECORD, FOR_EVER, {
            "id": ROW, "code": CODE, "item": _ITEM, "language": LANGUAGE, "added_on": DAY, **_SPOKEN,
            "title": NAME,
            "where": _("Where it can be read."),
            "is_plain": _("Whether it is in plain words."),
        }),
        "Minutes": Kept(_("What is kept of a meeting."), RECORD, FOR_EVER, {
            "id": ROW, "meeting": _MEETING, "words": _WORDS, "language": LANGUAGE, "written_on": DAY,
            "duration": _("How many minutes it took."),
        }),
        "Attendance": Kept(_("A seat that was at a meeting."), RECORD, FOR_EVER, {
            "id": ROW, "minutes": _MINUTES, "seat": _SEAT,
        }),
        "Approval": Kept(_("A peer organisation says that minutes are right."), RECORD, FOR_EVER, {
            "id": ROW, "minutes": _MINUTES, "organisation": _("Which organisation."), "approved_on": DAY,
        }),
        "Decision": Kept(_("What a meeting made of an item."), RECORD, FOR_EVER, {
            "id": ROW, "item": _ITEM, "words": _WORDS, "language": LANGUAGE, "decided_on": DAY,
            "conflict_words": _("Which conflict of interest was declared."),
        }),
        "SeatVote": Kept(_("The vote of a seat: these are public."), RECORD, FOR_EVER, {
            "id": ROW, "decision": _DECISION, "seat": _SEAT, "value": _("How it voted."),
        }),
        "Interest": Kept(_("A seat that stepped out, because of a conflict of interest."), RECORD, FOR_EVER, {
            "id": ROW, "decision": _DECISION, "seat": _SEAT,
        }),
        "Objection": Kept(_("Dissent beside a decision."), RECORD, FOR_EVER, {
            "id": ROW, "code": CODE, "decision": _DECISION, "words": _WORDS, "language": LANGUAGE, "said_on": DAY,
            **_SPOKEN,
        }),
    },
)  # fmt: skip
