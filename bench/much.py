"""A body that was sent very much: recommendations, answers, promises, checks and their pay, as rows; and its pages,
each made anew and measured. Runs inside a house."""

import datetime
import json
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db import connection
from django.test import Client

from withus.compute.answering import YES, Check, Clock, Course, Delivery, Outcome, Promise, Response, Verdict
from withus.compute.deadlines import Calendar, Counting
from withus.core import clock, edition
from withus.pay.models import PayLine, Payment, Work
from withus.people.models import Organisation
from withus.processes.models import Body
from withus.recommendations import models

BELOW = ("", "poster", "feed.rss", "deadlines.ics", "data.csv", "data.json")
OFTEN = ("", "poster", "feed.rss")
RULE = Clock(10, 30, Counting.CALENDAR, Calendar())
DAY = datetime.timedelta(days=1)


def course(number: int, today: datetime.date) -> Course:
    """What happened: silence, each outcome, promises kept, broken and not said of, checks paid and not paid."""
    sent = today - number * 37 % 500 * DAY
    answered = sent + number % 45 * DAY
    if number % 5 == 0 or answered > today:
        return Course(RULE, sent)
    outcome, done = list(Outcome)[number % 4], answered + 20 * DAY
    responses = (Response(answered, outcome, answered + 60 * DAY if outcome is Outcome.DEFERRED else None),)
    if outcome not in YES:
        return Course(RULE, sent, responses=responses)
    found = (Check(done, list(Verdict)[number % 3], was_paid=number % 4 < 3),) if number % 2 else ()
    said = (Delivery(done, found),) if done <= today and number % 3 else ()
    return Course(RULE, sent, responses=responses, promises=(Promise(answered, answered + 40 * DAY, said),))


def make(body: Body, sender: Organisation, payer: Organisation, many: int) -> None:
    """So many recommendations with all that belongs to them; every check is in the ledger of pay, paid or not."""
    today = clock.today(body.time_zone)
    courses = [course(number, today) for number in range(many)]
    sent = _saved(_recommendation(body, sender, one) for one in courses)
    _saved(_response(of, said) for of, one in zip(sent, courses, strict=True) for said in one.responses)
    promised = [(of, promise) for of, one in zip(sent, courses, strict=True) for promise in one.promises]
    promises = _saved(_commitment(of, promise) for of, promise in promised)
    done = [(of, said) for of, (_, promise) in zip(promises, promised, strict=True) for said in promise.deliveries]
    deliveries = _saved(_delivery(of, said) for of, said in done)
    checked = [(of, one) for of, (_, said) in zip(deliveries, done, strict=True) for one in said.checks]
    checks = _saved(_verification(of, sender, one) for of, one in checked)
    lines = _saved(_line(check, payer) for check in checks)
    _saved(_payment(line) for line, (_, one) in zip(lines, checked, strict=True) if one.was_paid)


def _saved(rows: Iterator[Any]) -> list[Any]:
    found = list(rows)
    return type(found[0]).objects.bulk_create(found, batch_size=500) if found else []


def _recommendation(body: Body, sender: Organisation, about: Course) -> models.Recommendation:
    words = {"text": "Open the room at night, when people need it most.", "asked_change": "Open it until two."}
    days = {"acknowledge_days": 10, "reply_days": 30, "extension_days": 30, "counting": "calendar"}
    held = {"written_on": about.sent_on, "sent_on": about.sent_on}
    made = models.Recommendation(body=body, organisation=sender, **words, **days, **held)
    made.settle(about.standing())
    return made


def _response(of: models.Recommendation, said: Response) -> models.Response:
    held = {"outcome": said.outcome.value, "said_on": said.said_on, "review_on": said.review_on, "signers": 1}
    return models.Response(recommendation=of, reason="The budget has room for this.", language="en", **held)


def _commitment(of: models.Recommendation, promise: Promise) -> models.Commitment:
    words = {"owner": "Health office", "measure": "Two people at night", "budget": "20,000", "source": "answer"}
    held = {"due_on": promise.due_on, "said_on": promise.said_on, "said_by": of.body.organisation, "language": "en"}
    return models.Commitment(recommendation=of, **words, **held)


def _delivery(of: models.Commitment, said: Delivery) -> models.Delivery:
    words = {"words": "The room is open every night now.", "language": "en", "said_on": said.said_on}
    return models.Delivery(recommendation=of.recommendation, commitment=of, **words)


def _verification(of: models.Delivery, by: Organisation, found: Check) -> models.Verification:
    about = {"delivery": of, "organisation": by, "verdict": found.verdict.value, "said_on": found.said_on}
    return models.Verification(evidence="We were there on three nights.", language="en", minutes=40, **about)


def _line(check: models.Verification, payer: Organisation) -> PayLine:
    about = {"payer": payer, "worked_for": check.organisation, "kind": Work.CHECKING, "subject": check.code}
    return PayLine(**about, minutes=40, worked_on=check.said_on, said_on=check.said_on, said_by_deed=True)


def _payment(line: PayLine) -> Payment:
    about = {"amount": Decimal(10), "currency": "EUR", "form": "cash", "receipt": "code"}
    return Payment(line=line, paid_by=line.payer, paid_on=line.worked_on, said_on=line.worked_on, **about)


def measure(body: Body, rounds: int) -> dict[str, dict[str, list[float]]]:
    """Milliseconds by the clock and of the processor for each page of the body, and its statements; the first time, in
    which templates are read, is left out."""
    found, visitor = {}, Client()
    for below in BELOW:
        seen: dict[str, list[float]] = {"wall": [], "cpu": [], "statements": []}
        for _ in range(1 + (rounds if below in OFTEN else max(1, rounds // 5))):
            edition.begin()
            for name, value in _once(visitor, f"{body.get_absolute_url()}{below}").items():
                seen[name].append(value)
        found[below or "the page"] = {name: values[1:] for name, values in seen.items()}
    return found


def _once(visitor: Client, address: str) -> dict[str, float]:
    statements = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        statements.append(sql)
        return execute(sql, *rest)

    wall, cpu = time.perf_counter(), time.process_time()
    with connection.execute_wrapper(note):
        answer = visitor.get(address)
    taken = {"wall": 1000 * (time.perf_counter() - wall), "cpu": 1000 * (time.process_time() - cpu)}
    assert answer.status_code == 200, address
    return taken | {"statements": len(statements)}


def main() -> None:
    """Makes and measures in the demo's house; prints what it found."""
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver"]
    many, rounds = map(int, sys.argv[1:3])
    body = Body.objects.get(organisation__code="DEMO")
    sender = models.Recommendation.objects.filter(body=body)[0].organisation
    make(body, sender, body.organisation, many)
    print(json.dumps(measure(body, rounds)))
