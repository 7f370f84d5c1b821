"""A body's figures and recommendations as data, and the dictionary that says what each name in them means."""

import csv
import datetime
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from withus.compute.rates import Quarter, Rate
from withus.deliberation.polis import escaped
from withus.figures.queries import Record
from withus.figures.telling import METHOD
from withus.recommendations.models import Recommendation
from withus.texts.queries import public_words

Whole = Callable[[str], str]
Signers = Mapping[int, int | None]  # of the last answers, by the row of the recommendation
KINDS: dict[str, Promise] = {
    "text": _("text"),
    "number": _("a number"),
    "date": _("a day"),
    "address": _("an address"),
    "true or false": _("true or false"),
    "false": _("always false"),
    "null": _("always null"),
    "number or null": _("a number, or null"),
    "date or null": _("a day, or null"),
    "text or null": _("text, or null"),
}


@dataclass(frozen=True)
class Entry:
    """A name in the data: `[]` stands for each of a list, `*` for each indicator."""

    name: str
    kind: str
    meaning: str | Promise

    @property
    def kind_words(self) -> Promise:
        """What kind of value it is, in words."""
        return KINDS[self.kind]


_CODE = _("The public code of the recommendation or formal question")
_STATE = _("Where it stands on the day, in one word; docs/methods/indicators.md lists them")
_SENT = _("The day of sending; for a letter the day on which it arrived; empty while it did not")
_SIGNERS = _("How many people wrote and signed the last answer, 1 or 2; none if there is none, or nobody knows")
_DAYS_SILENT = _("Days past the deadline without the answer that is owed; 0 if none is owed or there is time left")
RATE = (
    Entry("numerator", "number", _("How many")),
    Entry("denominator", "number", _("Of how many")),
    Entry("n", "number", _("The same as the denominator: all there are, no sample")),
    Entry("value", "number or null", _("Numerator by denominator; null where nothing was due")),
    Entry("low", "null", _("There is no interval: everything was counted")),
    Entry("high", "null", _("There is no interval: everything was counted")),
    Entry("period", "text", _("A quarter as 2026-Q4, or the day on which it was counted")),
    Entry("suppressed", "false", _("Never held back: bodies, seats and recommendations are counted, not people")),
    Entry("method", "address", _("How it is counted")),
)
JSON = (
    Entry("code", "text", _("The public code of the body")),
    Entry("as_of", "date", _("The day on which all this is so, in the body’s time zone")),
    Entry("dictionary", "address", _("This page")),
    Entry("label.holds", "true or false", _("Whether the body may be said to involve peers")),
    Entry("label.missing[]", "text", _("What is missing: terms, seats, agenda, pay, overdue, view, sure")),
    Entry(
        "joined",
        "text or null",
        _(
            "How sure it is that those are the body who came in with a letter: alone, agreed, contested, held, ousted; "
            "null where this host let it in, or nobody has come"
        ),
    ),
    *(Entry(f"indicators.*.{one.name}", one.kind, one.meaning) for one in RATE),
    Entry("quarters[].period", "text", _("A quarter: the present one first, then the three before")),
    Entry("quarters[].is_over", "true or false", _("Whether its last day has passed")),
    *(Entry(f"quarters[].indicators.*.{one.name}", one.kind, one.meaning) for one in RATE),
    Entry("recommendations[].code", "text", _CODE),
    Entry("recommendations[].state", "text", _STATE),
    Entry("recommendations[].sent_on", "date or null", _SENT),
    Entry("recommendations[].due_on", "date or null", _("By when an answer is owed, or was")),
    Entry("recommendations[].days_silent", "number", _DAYS_SILENT),
    Entry("recommendations[].signers", "number or null", _SIGNERS),
)
CSV = (
    Entry("code", "text", _CODE),
    Entry("kind", "text", _("recommendation or question")),
    Entry("organisation", "text", _("The public code of the peer organisation that wrote it")),
    Entry(
        "text",
        "text",
        _(
            "Its words, or the note that is left where two keys took them away; before a sign that spreadsheets take "
            "for a formula stands an apostrophe"
        ),
    ),
    Entry("language", "text", _("The language of the words")),
    Entry("state", "text", _STATE),
    Entry("outcome", "text", _("The last answer: accepted, accepted_in_part, rejected, deferred, transferred")),
    Entry("sent_on", "date", _SENT),
    Entry("due_on", "date", _("The deadline of the first answer, with more time and questions")),
    Entry("answered_on", "date", _("The day of the first answer")),
    Entry("owed_on", "date", _("By when an answer is owed now; empty if none is")),
    Entry("done_by", "date", _("By when what was accepted has to be done")),
    Entry("delivered_on", "date", _("The day on which the body last said that it is done")),
    Entry("verdict", "text", _("What peers found: confirmed, unpaid (not counted as confirmed), partly, disputed")),
    Entry("days_silent", "number", _DAYS_SILENT),
    Entry("signers", "number or null", _SIGNERS),
)


def as_json(record: Record, lines: Iterable[Recommendation], signers: Signers) -> bytes:
    """The contract's JSON."""
    whole: dict[str, Any] = {
        "code": record.body.code,
        "as_of": record.day.isoformat(),
        "dictionary": reverse("data_dictionary"),
        "label": {"holds": record.label.holds, "missing": list(record.label.missing)},
        "joined": record.joined.joined().value if record.joined else None,
        "indicators": {key: _rate(key, rate, period) for key, (rate, period) in _now(record).items()},
        "quarters": [_quarter(record, quarter) for quarter in record.quarters],
        "recommendations": [_line(one, record.day, signers) for one in lines],
    }
    return json.dumps(whole, ensure_ascii=False).encode()


def _now(record: Record) -> dict[str, tuple[Rate, str]]:
    """Every indicator with its period: a standing one as of the day, one of acts for this quarter so far."""
    day = record.day.isoformat()
    standing = {"I-01": record.formal_seats, "I-04": record.counts.silence.rate}
    newest = record.quarters[0]
    found = {key: (rate, day) for key, rate in standing.items()}
    found |= {key: (rate, str(newest)) for key, rate in _of(record, newest).items()}
    return dict(sorted(found.items()))


def _of(record: Record, quarter: Quarter) -> Mapping[str, Rate]:
    return {key: by_quarter[quarter] for key, by_quarter in record.by_quarter.items()}


def _quarter(record: Record, quarter: Quarter) -> dict[str, object]:
    found = {key: _rate(key, rate, str(quarter)) for key, rate in _of(record, quarter).items()}
    return {"period": str(quarter), "is_over": quarter.last < record.day, "indicators": found}


def _rate(key: str, rate: Rate, period: str) -> dict[str, object]:
    return {
        "numerator": rate.numerator,
        "denominator": rate.denominator,
        "n": rate.denominator,
        "value": rate.value,
        "low": None,
        "high": None,
        "period": period,
        "suppressed": False,
        "method": f"{reverse('method', args=[METHOD])}#{key}",
    }


def _line(one: Recommendation, day: datetime.date, signers: Signers) -> dict[str, object]:
    standing = one.standing()
    return {
        "code": one.code,
        "state": standing.state(day).value,
        "sent_on": _written(one.sent_on) or None,
        "due_on": _written(standing.owed_on or standing.due_on) or None,
        "days_silent": standing.days_silent(day),
        "signers": signers.get(one.pk),
    }


def as_csv(lines: Iterable[Recommendation], signers: Signers, day: datetime.date, whole: Whole) -> bytes:
    """One row for each recommendation, with the byte order mark that spreadsheets look for."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([entry.name for entry in CSV])
    writer.writerows([*_row(one, day, whole), signers.get(one.pk)] for one in lines)
    return out.getvalue().encode("utf-8-sig")


def _row(one: Recommendation, day: datetime.date, whole: Whole) -> list[object]:
    standing, words = one.standing(), escaped(public_words(one, "text", whole))
    said = [one.code, one.kind, one.organisation.code, words, one.language, standing.state(day).value]
    days = (one.sent_on, one.due_on, one.answered_on, one.owed_on, one.done_by, one.delivered_on)
    return [*said, one.outcome, *map(_written, days), one.verdict, standing.days_silent(day)]


def _written(day: datetime.date | None) -> str:
    return day.isoformat() if day else ""
