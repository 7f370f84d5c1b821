"""How pages, feeds and calendars speak of what was counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from withus.compute.answering import Outcome, State
from withus.compute.deadlines import Counting
from withus.compute.involvement import Label
from withus.compute.rates import Quarter, Rate
from withus.figures.charts import Chart
from withus.figures.queries import DEPENDENT, Event, Record
from withus.figures.table import TOLD_WITHIN
from withus.recommendations.queries import InForce
from withus.web.language import in_digits, written_number

Words = str | Promise
METHOD, LABEL_METHOD = "indicators", "involves-peers"

MISSING: dict[str, Words] = {
    "terms": _("No terms of reference are in force here, or the day on which they were to be looked at again is past."),
    "seats": _("Fewer than two seats with a vote are filled by recognised peer organisations."),
    "agenda": _("Peers have no written right to put items on the agenda."),
    "pay": _("It is written nowhere what peers are paid."),
    "overdue": _("Something is past due: an answer, or something that was promised."),
    "view": _("Peers were not asked for their own view within the last twelve months, by a vote that peers read."),
    "sure": _("It is contested that those who answer here are the body itself."),
}
RESTS_ON: tuple[Words, ...] = (
    _("Terms of reference are in force, and their review day is not past."),
    _("At least two seats with a vote are filled by recognised peer organisations."),
    _("Peers have the written right to put items on the agenda."),
    _("It is written what peers are paid."),
    _("Nothing is past due: no answer, and nothing that was promised."),
    _("Peers were asked for their own view within the last twelve months."),
    _("It is not contested that those who answer here are the body itself."),
)


def percent(rate: Rate) -> int | None:
    """The share in whole percent; 100 only for all and 0 only for none. None where nothing was due."""
    if rate.value is None:
        return None
    return min(round(100 * rate.value), 99 if rate.numerator < rate.denominator else 100) or int(rate.numerator > 0)


def told(rate: Rate) -> str:
    """A rate as "7 of 12 (58 %)", or that there was nothing to count."""
    share = percent(rate)
    if share is None:
        return gettext("nothing to count")
    number, total = written_number(rate.numerator), written_number(rate.denominator)
    return gettext("%(number)s of %(total)s (%(percent)s %%)") % {
        "number": number, "total": total, "percent": written_number(share),
    }  # fmt: skip


def _name(quarter: Quarter) -> str:
    return in_digits(gettext("Q%(number)d") % {"number": quarter.number})


def quarter_words(quarter: Quarter) -> str:
    """A quarter for people."""
    return gettext("%(quarter)s %(year)s") % {"quarter": _name(quarter), "year": in_digits(quarter.year)}


@dataclass(frozen=True)
class Deadline:
    """By when an answer is due and who says so, in words; and the law's own words, where it is a law."""

    words: str
    basis: str = ""


def deadline(terms: InForce) -> Deadline:
    """By when an answer is due, and who says so."""
    number = terms.reply_days
    if terms.counting is Counting.WORKING:
        days = ngettext("within %(days)s working day", "within %(days)s working days", number)
    else:
        days = ngettext("within %(days)s day", "within %(days)s days", number)
    days %= {"days": written_number(number)}
    if terms.terms_version:
        return Deadline(gettext("%(deadline)s, as its terms of reference say") % {"deadline": days})
    if terms.norm and not terms.norm.words:
        return Deadline(gettext("%(deadline)s, as a law says whose words were taken away here") % {"deadline": days})
    if terms.norm:
        words = gettext("%(deadline)s, as the law says") % {"deadline": days}
        return Deadline(words, terms.norm.words.strip().rstrip("."))
    says = gettext("%(deadline)s, as this host states, because the body has no terms here")
    return Deadline(says % {"deadline": days})


@dataclass(frozen=True)
class Row:
    """A quarter's line in the table."""

    name: str
    rate: Rate
    words: str
    is_running: bool
    second: str = ""


@dataclass(frozen=True)
class Told:
    """A rate as the page shows it: the question, this quarter so far, the deadline, and the three quarters before."""

    key: str
    title: Words
    about: Words
    deadline: Deadline
    rows: tuple[Row, ...]
    chart: Chart | None
    method: str
    second: Words = ""  # what the second column counts

    @property
    def now(self) -> Row:
        """This quarter so far."""
        return self.rows[0]


def _told(key: str, title: Words, about: Words, deadline: Deadline, by_quarter: Mapping[Quarter, Rate]) -> Told:
    newest = next(iter(by_quarter))
    rows = [Row(quarter_words(one), rate, told(rate), one == newest) for one, rate in by_quarter.items()]
    drawn = [(_name(one), in_digits(one.year), rate) for one, rate in sorted(by_quarter.items())]
    chart = Chart.of(key.lower(), drawn) if any(row.rate.denominator for row in rows) else None
    return Told(key, title, about, deadline, tuple(rows), chart, f"{reverse('method', args=[METHOD])}#{key}")


def rates_of_table(record: Record) -> list[Told]:
    """Who sets the agenda, and whose voice is heard."""
    by_quarter, days = record.by_quarter, written_number(TOLD_WITHIN.days)
    power = _told(
        "I-05",
        _("Does the table come to what peers bring up?"),
        _("Of the items that peers proposed for meetings of these three months: how many the meeting came to."),
        Deadline(gettext("what was decided is written down within %(days)s days after the meeting") % {"days": days}),
        by_quarter["I-05"],
    )
    shares = [told(rate) for rate in by_quarter["I-05b"].values()]
    rows = tuple(replace(row, second=share) for row, share in zip(power.rows, shares, strict=True))
    spread = _told(
        "I-07",
        _("Is it always the same seat that is there?"),
        _("Of all times that a seat of peers was present at meetings of these three months: the share of the one seat "
          "that was there most often."),
        Deadline(gettext("none; it counts who was there")),
        by_quarter["I-07"],
    )  # fmt: skip
    return [replace(power, rows=rows, second=_("Peers’ items, of all items")), spread]


def rates_of(record: Record, terms: InForce) -> list[Told]:
    """The rates of a body's answers."""
    by_answer = deadline(terms)
    says = gettext("by the day that was promised; where none was, %(deadline)s, counted from the yes")
    by_promise = Deadline(says % {"deadline": by_answer.words}, by_answer.basis)
    counts = record.counts
    return [
        _told(
            "I-02",
            _("Were you answered in time?"),
            _("Of the recommendations and formal questions whose deadline ended in these three months: how many had an "
              "answer with reasons by then. A question back is no answer."),
            by_answer,
            counts.in_time,
        ),
        _told(
            "I-03",
            _("Was it done, and did peers confirm it?"),
            _("Of what was accepted and had to be done in these three months: how much peers confirm, paid to check."),
            by_promise,
            counts.verified,
        ),
    ]  # fmt: skip


_ANSWERS: dict[str, Words] = {
    Outcome.ACCEPTED: _("The answer is: accepted"),
    Outcome.IN_PART: _("The answer is: accepted in part"),
    Outcome.REJECTED: _("The answer is: rejected"),
    Outcome.DEFERRED: _("The answer is: put off"),
    Outcome.TRANSFERRED: _("The answer is: passed on"),
}
_CHECKS: dict[str, Words] = {
    State.CONFIRMED: _("%(by)s checked: yes, it is done"),
    State.UNPAID: _("%(by)s checked: yes, it is done. Nobody was paid to check"),
    DEPENDENT: _("%(by)s checked: yes, it is done. The body pays it, so this alone confirms nothing"),
    State.PARTLY: _("%(by)s checked: partly done"),
    State.DISPUTED: _("%(by)s checked: no, it is not done"),
}


def event_words(event: Event) -> str:
    """What happened, in one line."""
    if event.kind == "answered":
        return str(_ANSWERS[event.word])
    if event.kind == "checked":
        return str(_CHECKS[event.word]) % {"by": event.by}
    return {
        "sent": gettext("Sent by %(by)s") % {"by": event.by},
        "delivered": gettext("The body says that it is done"),
        "silent": gettext("No answer came in time: silence began"),
    }[event.kind]


@dataclass(frozen=True)
class LabelWords:
    """The label in sentences: what it rests on, or everything that is missing."""

    holds: bool
    title: Words
    kind: str
    lead: Words
    sentences: tuple[Words, ...]


def label_words(label: Label) -> LabelWords:
    """Whether a body involves peers, said so that everybody can check it."""
    if label.holds:
        return LabelWords(True, _("Involves peers"), "yes", _("This rests on the record of today:"), RESTS_ON)
    missing = tuple(MISSING[key] for key in label.missing)
    return LabelWords(False, _("Not shown to involve peers"), "wait", _("What is missing today:"), missing)


@dataclass(frozen=True)
class SilenceWords:
    """How many wait past their day, of how many, and for how long the longest."""

    words: str
    longest: int
    is_anybody_waiting: bool


def silence(record: Record) -> SilenceWords:
    """I-04 of the day."""
    found = record.counts.silence
    return SilenceWords(told(found.rate), found.longest, found.rate.denominator > 0)
