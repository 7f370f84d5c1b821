"""How many days there are to answer, and what says so: today, and for all that a body's figures count.

The days in force at sending count, not later ones: so beside a rate stand those of what it counts.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.db.models import Max, Min, Q

from withus.compute import rates
from withus.compute.answering import YES
from withus.compute.deadlines import Counting
from withus.processes.board.queries import public_versions_of_others
from withus.processes.models import Body
from withus.processes.others import not_by_others, public_days_of_others
from withus.recommendations.in_force import InForce
from withus.recommendations.letters.models import Norm
from withus.recommendations.models import Extension, Recommendation

LABEL = "label"
_YES = sorted(one.value for one in YES)


class Source(StrEnum):
    """What says by when an answer is due."""

    TERMS = "terms"
    LAW = "law"
    HOST = "host"

    @classmethod
    def of(cls, terms_version: int | None, norm_version: int | None) -> "Source":
        """As a recommendation keeps it."""
        return cls.TERMS if terms_version else cls.LAW if norm_version else cls.HOST


@dataclass(frozen=True)
class Time:
    """From how many days to how many, of which kind, and what says so."""

    source: Source
    is_of_today: bool  # whether the same says so of what is sent today; this host states the same days as ever
    counting: Counting
    least: int
    most: int
    more: int = 0  # days more with a public reason, at most
    norm: Norm | None = None  # the law that holds today

    @classmethod
    def today(cls, terms: InForce) -> "Time":
        """For what is sent today: recommendations and formal questions, each with its own days."""
        least, most = sorted((terms.reply_days, terms.question_days))
        return cls(Source.of(*_versions(terms)), True, terms.counting, least, most, terms.extension_days, terms.norm)

    @classmethod
    def given(cls, sent: Recommendation) -> "Time":
        """What one recommendation was sent with, however that changed later."""
        source = Source.of(sent.terms_version, sent.norm_version)
        return cls(source, source is Source.HOST, Counting(sent.counting), sent.reply_days, sent.reply_days)


def _versions(terms: InForce) -> tuple[int | None, int | None]:
    """Of terms and of a law, as a recommendation keeps them."""
    return terms.terms_version, terms.norm.version if terms.norm else None


def together(times: Iterable[Time]) -> list[Time]:
    """Those of one source and kind as one; terms first, then laws, then this host, of each the present ones first."""
    found: dict[tuple[int, bool, str], Time] = {}
    for one in times:
        key = (list(Source).index(one.source), not one.is_of_today, one.counting.value)
        same = found.get(key, one)
        found[key] = replace(
            one,
            least=min(one.least, same.least),
            most=max(one.most, same.most),
            more=max(one.more, same.more),
            norm=one.norm or same.norm,
        )
    return [found[key] for key in sorted(found)]


def public_times(body: Body, day: datetime.date, terms: InForce) -> dict[str, list[Time]]:
    """For I-02, I-03, I-04 and the label: the days of what they count on the day, else those of today; one statement.

    More time counts as it was taken; for the label as it can be.
    """
    ended = (rates.quarters(day)[-1].first, day - datetime.timedelta(days=1))
    answers, waiting = Q(due_on__range=ended), Q(owed_on__isnull=False, answered_on__isnull=True)
    unnamed, taken = Q(outcome__in=_YES, is_promised=False, done_by__range=ended), Q(extensions__isnull=False)
    others = public_days_of_others()
    if body.pk in others:
        taken = Q(pk__in=Extension.objects.filter(not_by_others("recommendation__body")).values("recommendation"))
    counted: dict[str, tuple[Q, Q | None]] = {
        "I-02": (answers, answers & taken),
        "I-03": (unnamed, None),  # more time for the answer is none for the work
        "I-04": (waiting, waiting & taken),
        LABEL: (waiting, waiting),
    }
    wanted: dict[str, Min | Max] = {}
    for number, (which, longer) in enumerate(counted.values()):
        wanted[f"least_{number}"] = Min("reply_days", filter=which)
        wanted[f"most_{number}"] = Max("reply_days", filter=which)
        if longer:
            wanted[f"more_{number}"] = Max("extension_days", filter=longer)
    sent = Recommendation.objects.filter(answers | unnamed | waiting, body=body)
    if body.pk in others:
        sent = sent.exclude(terms_version__in=public_versions_of_others(body))
    rows: list[Any] = list(sent.values("terms_version", "norm_version", "counting").annotate(**wanted))
    now = Time.today(terms)
    found = {key: together(_of(number, rows, now, terms)) for number, key in enumerate(counted)}
    found[LABEL] = together([*found[LABEL], now])
    found["I-03"] = found["I-03"] or [replace(now, more=0)]
    return {key: times or [now] for key, times in found.items()}


def _of(number: int, rows: Iterable[Any], now: Time, terms: InForce) -> Iterator[Time]:
    for row in rows:
        given = (row["terms_version"], row["norm_version"])
        least, most, more = row[f"least_{number}"], row[f"most_{number}"], row.get(f"more_{number}") or 0
        if least is not None:
            source, is_of_today = Source.of(*given), given == _versions(terms)
            norm = now.norm if is_of_today else None
            yield Time(source, is_of_today or source is Source.HOST, Counting(row["counting"]), least, most, more, norm)
