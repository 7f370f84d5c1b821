"""The page of a body that was sent ten thousand recommendations: time in the server, and SQL statements."""

import json
from collections.abc import Iterator

from bench.house import House
from bench.results import Row

MANY, ROUNDS, CEILING = 10_000, 15, 200.0  # the ceiling in ms

MEASURE = """
import datetime, json, sys, time
from django.conf import settings
from django.db import connection
from django.test import Client
from withus.compute.answering import Check, Course, Delivery, Outcome, Response, Verdict
from withus.compute.deadlines import Calendar, Counting
from withus.compute.answering import Clock
from withus.core import clock, edition
from withus.processes.models import Body
from withus.recommendations.models import Recommendation
many, rounds = map(int, sys.argv[1:3])
settings.ALLOWED_HOSTS = ["testserver"]
body = Body.objects.get(organisation__code="DEMO")
sender, today = Recommendation.objects.filter(body=body).first().organisation, clock.today()
rule, outcomes = Clock(10, 30, Counting.CALENDAR, Calendar()), list(Outcome)

def course(number):
    sent = today - datetime.timedelta(days=number % 500)
    answered = sent + datetime.timedelta(days=number % 45)
    if number % 5 == 0 or answered > today:
        return Course(rule, sent)
    outcome, done = outcomes[number % 4 % len(outcomes)], answered + datetime.timedelta(days=20)
    review = answered + datetime.timedelta(days=60) if outcome is Outcome.DEFERRED else None
    is_done = outcome in (Outcome.ACCEPTED, Outcome.IN_PART) and done <= today
    checks = (Check(done, list(Verdict)[number % 3]),) if is_done and number % 2 else ()
    return Course(rule, sent, responses=(Response(answered, outcome, review),),
                  deliveries=(Delivery(done, checks),) if is_done else ())

def row(number):
    about = course(number)
    made = Recommendation(body=body, organisation=sender, text="Open the room at night, when people need it most.",
        asked_change="Open it until two.", written_on=about.sent_on, sent_on=about.sent_on, acknowledge_days=10,
        reply_days=30, extension_days=30, counting="calendar")
    made.settle(about.standing())
    return made

Recommendation.objects.bulk_create(map(row, range(many)), batch_size=500)
seen = []
def note(execute, sql, params, several, context):
    seen.append(sql)
    return execute(sql, params, several, context)

found, visitor = {}, Client()
for below in ["", "poster", "feed.rss", "deadlines.ics", "data.csv", "data.json"]:
    times = []
    for again in range(rounds if below in ("", "poster", "feed.rss") else 3):
        edition.begin()
        seen.clear()
        began = time.perf_counter()
        with connection.execute_wrapper(note):
            answer = visitor.get(f"/bodies/DEMO/{below}")
        times.append(1000 * (time.perf_counter() - began))
        assert answer.status_code == 200
    found[below or "the page"] = [times[1:], len(seen)]
print(json.dumps(found))
"""


def body_figures(database: str) -> Iterator[Row]:
    """Milliseconds in the server when a page is made anew, and its statements; made once an edition, then kept."""
    kind, house = ("PostgreSQL" if database else "SQLite"), House(database)
    with house.served():
        pass
    for what, (times, statements) in json.loads(house.python(MEASURE, str(MANY), str(ROUNDS)).splitlines()[-1]).items():
        name = f"body with {MANY} recommendations, {kind}, {what}"
        ceiling = ("ceiling", CEILING) if what == "the page" else ("", None)
        yield Row.of(f"{name}: time", times, "ms", *ceiling)
        yield Row.of(f"{name}: statements", [statements], "SQL statements")
