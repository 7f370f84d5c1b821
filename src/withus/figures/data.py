"""A body's figures and recommendations as data, and the dictionary that says what each name in them means."""

import csv
import datetime
import io
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from withus.compute.rates import Quarter, Rate
from withus.deliberation.polis import escaped
from withus.figures.chain import Chain
from withus.figures.queries import Record
from withus.figures.telling import METHOD, deadline, deadlines
from withus.figures.times import Time
from withus.recommendations.judging.models import Tally
from withus.recommendations.letters.models import TakeOver
from withus.recommendations.models import Recommendation, Verification
from withus.recommendations.own import Own
from withus.texts.queries import public_words

Whole = Callable[[str], str]
Signers = Mapping[int, int | None]  # of the last answers, by the row of the recommendation
KINDS: dict[str, Promise] = {
    "text": _("text"),
    "number": _("a number"),
    "date": _("a day"),
    "address": _("an address"),
    "true or false": _("true or false"),
    "null": _("always null"),
    "number or null": _("a number, or null"),
    "text or null": _("text, or null"),
    "date or null": _("a day, or null"),
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
_PROMISE = _("The public code of the promise (in the log: commitment)")
_PROMISE_OF_IT = _("The code of the promise that it is about; null: of all that is asked")
_DELIVERY = _("The public code of the body’s word that it is done")
_JOINED = _(
    "How sure it is that those are the body who came in with a letter: alone, agreed, contested, held, ousted; "
    "null where this host let it in, or nobody has come"
)
RATE = (
    Entry("numerator", "number or null", _("How many; null where it is held back")),
    Entry("denominator", "number or null", _("Of how many, for I-08 in steps of ten; null where it is held back")),
    Entry("n", "number or null", _("The same as the denominator: all there are, no sample")),
    Entry("value", "number or null", _("Numerator by denominator; null where nothing was due, or it is held back")),
    Entry("low", "null", _("There is no interval: everything was counted")),
    Entry("high", "null", _("There is no interval: everything was counted")),
    Entry("period", "text", _("A quarter as 2026-Q4, or the day on which it was counted")),
    Entry(
        "suppressed",
        "true or false",
        _("Whether it is held back: only I-08, which counts voices, where they are fewer than ten"),
    ),
    Entry("method", "address", _("How it is counted")),
)
JSON = (
    Entry("code", "text", _("The public code of the body")),
    Entry("as_of", "date", _("The day on which all this is so, in the body’s time zone")),
    Entry("dictionary", "address", _("This page")),
    Entry("label.holds", "true or false", _("Whether the body may be said to involve peers")),
    Entry("label.missing[]", "text", _("What is missing: terms, seats, agenda, pay, overdue, view, sure, open")),
    Entry("joined", "text or null", _JOINED),
    *(Entry(f"indicators.*.{one.name}", one.kind, one.meaning) for one in RATE),
    Entry(
        "deadlines.*",
        "text",
        _(
            "The days that everything had that it counts, and what gave them, in words; for label those of what is "
            "waited for, and of what is sent today"
        ),
    ),
    Entry("quarters[].period", "text", _("A quarter: the present one first, then the three before")),
    Entry("quarters[].is_over", "true or false", _("Whether its last day has passed")),
    *(Entry(f"quarters[].indicators.*.{one.name}", one.kind, one.meaning) for one in RATE),
    Entry("recommendations[].code", "text", _CODE),
    Entry("recommendations[].state", "text", _STATE),
    Entry("recommendations[].sent_on", "date or null", _SENT),
    Entry("recommendations[].due_on", "date or null", _("By when an answer is owed, or was")),
    Entry("recommendations[].days_silent", "number", _DAYS_SILENT),
    Entry("recommendations[].signers", "number or null", _SIGNERS),
    Entry("evidence[].recommendation", "text", _CODE),
    Entry("evidence[].kind", "text", _("What kind of thing it rests on: statement, results, finding")),
    Entry("evidence[].subject", "text", _("The public code of the statement, process or finding")),
    Entry("notices[].code", "text", _("The public code of what those who spoke were told")),
    Entry("notices[].finding", "text", _("The public code of the finding")),
    Entry("notices[].recommendation", "text", _CODE),
    Entry("notices[].told_on", "date", _("The day on which they were told")),
    Entry("promises[].code", "text", _PROMISE),
    Entry("promises[].recommendation", "text", _CODE),
    Entry("promises[].due_on", "date", _("The day by which it is to be kept")),
    Entry("promises[].said_on", "date", _("The day on which it was made")),
    Entry("promises[].source", "text", _("Where the promise stands: answer, law, strategy, declaration")),
    Entry(
        "promises[].organisation",
        "text",
        _("The public code of whoever named it: the body, or the peer organisation that sent the recommendation"),
    ),
    Entry(
        "promises[].is_of_others",
        "true or false",
        _("Whether those named it in the body’s name who were not the body, as this house found; then it binds nobody"),
    ),
    Entry("promises[].is_open", "true or false", _("Whether it was never said to be kept, or peers said no last")),
    Entry("deliveries[].code", "text", _DELIVERY),
    Entry("deliveries[].recommendation", "text", _CODE),
    Entry("deliveries[].commitment", "text or null", _PROMISE_OF_IT),
    Entry("deliveries[].said_on", "date", _("The day on which the body said that it is done")),
    Entry("verifications[].code", "text", _("The public code of the check")),
    Entry("verifications[].delivery", "text", _DELIVERY),
    Entry("verifications[].commitment", "text or null", _PROMISE_OF_IT),
    Entry("verifications[].organisation", "text", _("The public code of the peer organisation that checked")),
    Entry("verifications[].verdict", "text", _("What it found: confirmed, partly, disputed")),
    Entry("verifications[].minutes", "number or null", _("How long the check took; null where nobody said")),
    Entry("verifications[].is_paid", "true or false", _("Whether those who checked say that the pay for it arrived")),
    Entry("verifications[].is_independent", "true or false", _("Whether the body did not pay that organisation then")),
    Entry("verifications[].said_on", "date", _("The day of the check")),
    Entry("judgements[].delivery", "text", _DELIVERY),
    Entry("judgements[].people", "number", _("About how many of those who spoke said whether it is true, in tens")),
    Entry("judgements[].percent", "number", _("How many percent of them say yes; 5: or fewer, 95: or more")),
    Entry("judgements[].low", "number", _("The least share that is likely, in steps of five")),
    Entry("judgements[].high", "number", _("The largest share that is likely, in steps of five")),
    Entry("judgements[].says", "text", _("What surely more than half of them say: yes, no; else empty")),
    Entry("judgements[].counted_on", "date", _("The day of the count; each is kept")),
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
    Entry("deadline", "text", _("The days that it was sent with, and what gave them, in words")),
    Entry("due_on", "date", _("The deadline of the first answer, with more time and questions")),
    Entry("answered_on", "date", _("The day of the first answer")),
    Entry("owed_on", "date", _("By when an answer is owed now; empty if none is")),
    Entry("done_by", "date", _("By when what was accepted has to be done")),
    Entry("undone_by", "date", _("The first day by which something has to be done that is not; empty if nothing is")),
    Entry("delivered_on", "date", _("The day on which the body said the last of it to be done; empty before that")),
    Entry("promises", "text", _("The public codes of what was promised, with a space between them")),
    Entry("verdict", "text", _("What peers found: confirmed, unpaid (not counted as confirmed), partly, disputed")),
    Entry("days_silent", "number", _DAYS_SILENT),
    Entry("signers", "number or null", _SIGNERS),
    Entry("joined", "text or null", _JOINED),
)


def as_json(record: Record, lines: Iterable[Recommendation], chain: Chain, signers: Signers) -> bytes:
    """The contract's JSON."""
    whole: dict[str, Any] = {
        "code": record.body.code,
        "as_of": record.day.isoformat(),
        "dictionary": reverse("data_dictionary"),
        "label": {"holds": record.label.holds, "missing": list(record.label.missing)},
        "joined": joined_of(record.joined) or None,
        "indicators": {key: _rate(key, rate, period) for key, (rate, period) in _now(record).items()},
        "deadlines": deadlines(record),
        "quarters": [_quarter(record, quarter) for quarter in record.quarters],
        "recommendations": [_line(one, record.day, signers) for one in lines],
        **_walked(chain),
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
        "numerator": None if rate.is_held_back else rate.numerator,
        "denominator": None if rate.is_held_back else rate.denominator,
        "n": None if rate.is_held_back else rate.denominator,
        "value": rate.value,
        "low": None,
        "high": None,
        "period": period,
        "suppressed": rate.is_held_back,
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


def _walked(chain: Chain) -> dict[str, list[dict[str, object]]]:
    open_ones = frozenset(chain.open_ones)
    return {
        "evidence": [
            {"recommendation": one.recommendation.code, "kind": one.kind, "subject": one.subject}
            for one in chain.evidence
        ],
        "notices": [
            {
                "code": one.code,
                "finding": one.finding.code,
                "recommendation": one.recommendation,
                "told_on": _written(one.told_on),
            }
            for one in chain.notices
        ],
        "promises": [
            {
                "code": one.code,
                "recommendation": one.recommendation.code,
                "due_on": _written(one.due_on),
                "said_on": _written(one.said_on),
                "source": one.source,
                "organisation": one.said_by.code,
                "is_of_others": Own(one.recommendation).is_of_others(one),
                "is_open": one.code in open_ones,
            }
            for one in chain.promises
        ],
        "deliveries": [
            {
                "code": one.code,
                "recommendation": one.recommendation.code,
                "commitment": one.commitment.code if one.commitment else None,
                "said_on": _written(one.said_on),
            }
            for one in chain.deliveries
        ],
        "verifications": [_check(one) for one in chain.checks],
        "judgements": [_judged(one) for one in chain.tallies],
    }


def _judged(one: Tally) -> dict[str, object]:
    fact = one.fact()
    return {
        "delivery": one.delivery.code,
        "people": fact.people,
        "percent": fact.percent,
        "low": fact.low,
        "high": fact.high,
        "says": fact.says,
        "counted_on": _written(one.counted_on),
    }


def _check(one: Verification) -> dict[str, object]:
    promise = one.delivery.commitment
    return {
        "code": one.code,
        "delivery": one.delivery.code,
        "commitment": promise.code if promise else None,
        "organisation": one.organisation.code,
        "verdict": one.verdict,
        "minutes": one.minutes,
        "is_paid": one.is_paid,
        "is_independent": one.is_independent,
        "said_on": _written(one.said_on),
    }


def joined_of(joined: TakeOver | None) -> str:
    """What is known of those who came in with a letter, in one word; empty where nobody did."""
    return joined.joined().value if joined else ""


def as_csv(
    lines: Iterable[Recommendation],
    chain: Chain,
    signers: Signers,
    joined: TakeOver | None,
    day: datetime.date,
    whole: Whole,
) -> bytes:
    """One row for each recommendation, with the byte order mark that spreadsheets look for."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([entry.name for entry in CSV])
    said = cache(lambda time: deadline([time]))  # the same for nearly all
    promises = defaultdict[str, list[str]](list)
    for promise in chain.promises:
        promises[promise.recommendation.code].append(promise.code)
    last = joined_of(joined)
    writer.writerows([*_row(one, promises[one.code], day, whole, said), signers.get(one.pk), last] for one in lines)
    return out.getvalue().encode("utf-8-sig")


def _row(
    one: Recommendation, promises: list[str], day: datetime.date, whole: Whole, due: Callable[[Time], str]
) -> list[object]:
    standing, words = one.standing(), escaped(public_words(one, "text", whole))
    said = [one.code, one.kind, one.organisation.code, words, one.language, standing.state(day).value]
    sent = [one.outcome, _written(one.sent_on), due(Time.given(one))]
    days = (one.due_on, one.answered_on, one.owed_on, one.done_by, one.undone_by, one.delivered_on)
    return [*said, *sent, *map(_written, days), " ".join(promises), one.verdict, standing.days_silent(day)]


def _written(day: datetime.date | None) -> str:
    return day.isoformat() if day else ""
