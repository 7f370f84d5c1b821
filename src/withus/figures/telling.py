"""How pages, feeds and calendars speak of what was counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from withus.compute.answering import Outcome, State
from withus.compute.deadlines import Counting
from withus.compute.rates import Quarter, Rate
from withus.compute.sentences import one_line
from withus.figures.charts import Chart
from withus.figures.queries import DEPENDENT, DISOWNED, Event, Record
from withus.figures.table import TOLD_WITHIN
from withus.figures.times import LABEL, Source, Time
from withus.recommendations.models import Commitment
from withus.voices.findings.queries import TELL_WITHIN
from withus.web.language import apart, in_digits, written_day, written_number, written_percent

Words = str | Promise
METHOD, LABEL_METHOD = "indicators", "involves-peers"

MISSING: dict[str, Words] = {
    "terms": _("No terms of reference are in force here, or the day on which they were to be looked at again is past."),
    "seats": _("No terms that hold today give peers two seats with a vote that recognised peer organisations fill."),
    "agenda": _("Peers have no written right to put items on the agenda."),
    "pay": _("It is written nowhere what peers are paid."),
    "overdue": _(
        "Something is past due: an answer, the word that something has arrived, or something that was promised."
    ),
    "view": _(
        "Peers were not asked for their own view within the last twelve months, by a vote that peers read and in which "
        "ten people or more took part."
    ),
    "sure": _("It is contested that those who answer here are the body itself."),
    "open": _("This body was closed."),
}
RESTS_ON: dict[str, Words] = {
    "terms": _("Terms of reference are in force, and their review day is not past."),
    "seats": _("At least two seats with a vote are filled by recognised peer organisations."),
    "agenda": _("Peers have the written right to put items on the agenda."),
    "pay": _("It is written what peers are paid."),
    "overdue": _("Nothing is past due: no answer, no word that something has arrived, and nothing that was promised."),
    "view": _("Peers were asked for their own view within the last twelve months, and ten or more took part."),
    "sure": _("It is not contested that those who answer here are the body itself."),
    "open": _("This body is not closed."),
}


def percent(rate: Rate) -> int | None:
    """The share in whole percent; 100 only for all and 0 only for none. None where nothing was due."""
    if rate.value is None:
        return None
    return min(round(100 * rate.value), 99 if rate.numerator < rate.denominator else 100) or int(rate.numerator > 0)


def told(rate: Rate) -> str:
    """A rate as "7 of 12 (58 %)", or that there was nothing to count."""
    share = percent(rate)
    if rate.is_held_back:
        return gettext("fewer than ten: held back")
    if share is None:
        return gettext("nothing to count")
    number, total = written_number(rate.numerator), written_number(rate.denominator)
    return gettext("%(number)s of %(total)s (%(percent)s)") % {
        "number": number, "total": total, "percent": written_percent(share),
    }  # fmt: skip


def _name(quarter: Quarter) -> str:
    return in_digits(gettext("Q%(number)d") % {"number": quarter.number})


def quarter_words(quarter: Quarter) -> str:
    """A quarter for people."""
    return gettext("%(quarter)s %(year)s") % {"quarter": _name(quarter), "year": in_digits(quarter.year)}


_SAYS: dict[tuple[Source, bool], Words] = {  # and whether the same says so of what is sent today
    (Source.TERMS, True): _("%(deadline)s, as its terms of reference say"),
    (Source.TERMS, False): _("%(deadline)s, as its terms of reference said on the day of sending"),
    (Source.LAW, True): _("%(deadline)s, as the law says"),
    (Source.LAW, False): _("%(deadline)s, as the law says that counted on the day of sending"),
    (Source.HOST, True): _("%(deadline)s, as this host states for bodies without terms"),
}


def deadline(times: Iterable[Time]) -> str:
    """By when answers are due or were, who says so, and how much more time there can be or was."""
    return reduce(lambda one, other: gettext("%(one)s; %(other)s") % {"one": one, "other": other}, map(_said, times))


def _said(time: Time) -> str:
    norm, words = time.norm, str(_SAYS[time.source, time.is_of_today]) % {"deadline": _days(time)}
    if norm is None:
        return words
    if not norm.words:
        return gettext("%(deadline)s, as a law says whose words were taken away here") % {"deadline": _days(time)}
    return f"{words}: {apart(norm.words.strip().rstrip('.'))}"


def _days(time: Time) -> str:
    most, is_working = time.most, time.counting is Counting.WORKING
    if time.least == most and is_working:
        words = ngettext("within %(days)s working day", "within %(days)s working days", most)
    elif time.least == most:
        words = ngettext("within %(days)s day", "within %(days)s days", most)
    elif is_working:
        words = ngettext("within %(least)s to %(days)s working day", "within %(least)s to %(days)s working days", most)
    else:
        words = ngettext("within %(least)s to %(days)s day", "within %(least)s to %(days)s days", most)
    says = words % {"least": written_number(time.least), "days": written_number(most)}
    if not time.more:
        return says
    later = ngettext(
        "up to %(days)s day more with a public reason", "up to %(days)s days more with a public reason", time.more
    )
    return gettext("%(one)s (%(other)s)") % {"one": says, "other": later % {"days": written_number(time.more)}}


def deadlines(record: Record) -> dict[str, str]:
    """The deadline beside each rate: that of what it counts, and where it counts nothing that of today."""
    said = {key: deadline(times) for key, times in record.times.items()}
    promise = gettext("by the day that was promised; where none was, %(deadline)s, counted from the yes")
    minutes = gettext("what was decided is written down within %(days)s days after the meeting")
    minutes %= {"days": written_number(TOLD_WITHIN.days)}
    said |= {"I-03": promise % {"deadline": said["I-03"]}, "I-05": minutes, "I-05b": minutes}
    told_back = gettext("within %(days)s days after the answer") % {"days": written_number(TELL_WITHIN.days)}
    return said | {"I-07": gettext("none; it counts who was there"), "I-08": told_back}


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
    deadline: str
    rows: tuple[Row, ...]
    chart: Chart | None
    method: str
    second: Words = ""  # what the second column counts

    @property
    def now(self) -> Row:
        """This quarter so far."""
        return self.rows[0]


def _told(key: str, title: Words, about: Words, record: Record, by_quarter: Mapping[Quarter, Rate]) -> Told:
    newest = next(iter(by_quarter))
    rows = [Row(quarter_words(one), rate, told(rate), one == newest) for one, rate in by_quarter.items()]
    drawn = [(_name(one), in_digits(one.year), rate) for one, rate in sorted(by_quarter.items())]
    is_any = any(row.rate.denominator or row.rate.is_held_back for row in rows)
    chart = Chart.of(key.lower(), drawn) if is_any else None
    method = f"{reverse('method', args=[METHOD])}#{key}"
    return Told(key, title, about, deadlines(record)[key], tuple(rows), chart, method)


def rates_of_table(record: Record) -> list[Told]:
    """Who sets the agenda, and whose voice is heard."""
    by_quarter = record.by_quarter
    power = _told(
        "I-05",
        _("Does the table come to what peers bring up?"),
        _("Of the items that peers proposed for meetings of these three months: how many the meeting came to."),
        record,
        by_quarter["I-05"],
    )
    shares = [told(rate) for rate in by_quarter["I-05b"].values()]
    rows = tuple(replace(row, second=share) for row, share in zip(power.rows, shares, strict=True))
    spread = _told(
        "I-07",
        _("Is it always the same seat that is there?"),
        _("Of all times that a seat of peers was present at meetings of these three months: the share of the one seat "
          "that was there most often."),
        record,
        by_quarter["I-07"],
    )  # fmt: skip
    return [replace(power, rows=rows, second=_("Peers’ items, of all items")), spread]


def rates_of(record: Record) -> list[Told]:
    """The rates of a body's answers, and of what came back from them to those who spoke."""
    counts = record.counts
    return [
        _told(
            "I-02",
            _("Were you answered in time?"),
            _("Of the recommendations and formal questions whose deadline ended in these three months: how many had an "
              "answer with reasons by then. A question back is no answer."),
            record,
            counts.in_time,
        ),
        _told(
            "I-03",
            _("Was it done, and did peers confirm it?"),
            _("Of what was accepted and had to be done in these three months: how much peers confirm, paid to check."),
            record,
            counts.verified,
        ),
        _told(
            "I-08",
            _("Were those told who had spoken?"),
            _("Of the voices behind findings on which answers came: how many were told in time what was decided, and "
              "why. In steps of ten, and nothing where fewer than ten are on one side: nobody can be counted out."),
            record,
            record.returned,
        ),
    ]  # fmt: skip


_ANSWERS: dict[str, Words] = {
    Outcome.ACCEPTED: _("The answer is: accepted"),
    Outcome.IN_PART: _("The answer is: accepted in part"),
    Outcome.REJECTED: _("The answer is: rejected"),
    Outcome.DEFERRED: _("The answer is: put off"),
    Outcome.TRANSFERRED: _("The answer is: passed on"),
    DISOWNED: _("Somebody answered who was not this body, as this house found"),
}
_CHECKS: dict[str, Words] = {
    State.CONFIRMED: _("%(by)s checked: yes, it is done"),
    State.UNPAID: _("%(by)s checked: yes, it is done. No pay for the check has arrived"),
    DEPENDENT: _("%(by)s checked: yes, it is done. The body pays it, so this alone confirms nothing"),
    State.PARTLY: _("%(by)s checked: partly done"),
    State.DISPUTED: _("%(by)s checked: no, it is not done"),
}


_JUDGED: dict[str, Words] = {
    "yes": _("Those who spoke say that it is true"),
    "no": _("Those who spoke say that it is not true"),
    "": _("Those who spoke do not agree whether it is true"),
}
_EVENTS: dict[str, Words] = {
    "sent": _("Sent by %(by)s"),
    "asked": _("The body asked a question back"),
    "extended": _("The body took more time, until %(until)s"),
    "promised": _("The body promised to do it by %(until)s"),
    "dissent": _("Dissent of %(by)s stands beside the answer"),
    "delivered": _("The body says that it is done"),
    "silent": _("No answer came in time: silence began"),
    "broken": _("A promise was broken: by %(until)s the body had not said that it is done"),
    "undone": _("Accepted and not done: by %(until)s the body had not said that it is done"),
}


def event_words(event: Event) -> str:
    """What happened, in one line."""
    if event.kind == "answered":
        return str(_ANSWERS[event.word])
    if event.kind == "judged":
        return str(_JUDGED[event.word])
    if event.kind == "checked":
        return str(_CHECKS[event.word]) % {"by": event.by}
    if event.kind == "promised" and event.word != Commitment.Source.ANSWER:
        says = gettext("%(by)s says that it is promised by %(until)s: %(where)s")
        where = str(Commitment.Source(event.word).label)
        return says % {"by": event.by, "until": written_day(event.until or event.day), "where": where}
    about = {"by": event.by, "until": written_day(event.until) if event.until else ""}
    return str(_EVENTS[event.kind]) % about


@dataclass(frozen=True)
class PayWords:
    """What terms state of pay, on a line and with the place where all of it stands; and what peers have agreed to."""

    stated: str
    language: str
    address: str
    rate: str


def pay_words(record: Record) -> PayWords:
    """The words themselves, beside the condition that there are some: whether they are fair, everybody can judge."""
    terms, rate = record.terms, gettext("No rate for seats or meetings is agreed.")
    if record.agreed:
        rate = gettext("Agreed and in force for %(work)s: %(rate)s.") % {
            "work": record.agreed.get_kind_display(), "rate": record.agreed,
        }  # fmt: skip
    if terms is None or "pay" in record.label.missing:
        return PayWords("", "", "", rate)
    address = f"{reverse('terms', args=[record.body.code])}#version-{terms.version}"
    return PayWords(one_line(terms.pay), terms.language, address, rate)


@dataclass(frozen=True)
class LabelWords:
    """The label in sentences: what it rests on, or everything that is missing."""

    holds: bool
    title: Words
    kind: str
    lead: Words
    sentences: tuple[Words, ...]
    pay: PayWords
    due: str  # by when answers are due: without that, nothing past due means nothing


def label_words(record: Record) -> LabelWords:
    """Whether a body involves peers, said so that everybody can check it; and by when answers are due there."""
    missing = record.label.missing
    words = MISSING if missing else RESTS_ON
    said = {key: words[key] for key in missing or RESTS_ON}
    due = gettext("Answers are due %(deadline)s.") % {"deadline": deadlines(record)[LABEL]}
    if "overdue" in said:
        said["overdue"] = f"{said['overdue']} {due}"
    more = (tuple(said.values()), pay_words(record), due)
    if missing:
        return LabelWords(False, _("Not shown to involve peers"), "wait", _("What is missing today:"), *more)
    return LabelWords(True, _("Involves peers"), "yes", _("This rests on the record of today:"), *more)


@dataclass(frozen=True)
class SilenceWords:
    """How many wait past their day, of how many, and for how long the longest."""

    words: str
    longest: int
    is_anybody_waiting: bool
    deadline: str


def silence(record: Record) -> SilenceWords:
    """I-04 of the day."""
    found = record.counts.silence
    return SilenceWords(told(found.rate), found.longest, found.rate.denominator > 0, deadlines(record)["I-04"])
