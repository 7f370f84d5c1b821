"""I-08: whether those who spoke were told what became of it, of voices in steps of ten, and never of few."""

import datetime
import json
from collections.abc import Callable

import pytest
from django.test import Client

from tests.recommendations.conftest import MONDAY, Table
from tests.voices import found
from withus.compute import rates
from withus.compute.rates import HELD_BACK, NOTHING, Quarter, Rate
from withus.figures.returned import public_returned
from withus.recommendations.models import Recommendation
from withus.voices import jobs
from withus.voices.findings import actions as findings
from withus.voices.findings.models import Finding, Returned, Source

Days = Callable[[int], None]
NOW = Quarter.of(MONDAY)
TOLD = "The body says no: it has no money for the nights."


def asked(table: Table, voices: int) -> tuple[Finding, Recommendation]:
    """A finding of so many voices, and a recommendation that rests on it."""
    made = found.finding(table.everybody.peers, voices)
    return made, table.sent(evidence=made.get_absolute_url())


def tell(table: Table, finding: Finding, about: Recommendation) -> None:
    said = {"recommendation": about.code, "text": TOLD, "language": "en"}
    findings.tell_back(table.everybody.lu.actor, finding, **said)


@pytest.mark.parametrize(
    ("told", "voices", "shown"),
    [
        (0, 0, NOTHING),
        (0, 9, HELD_BACK),
        (9, 9, HELD_BACK),
        (0, 10, Rate(0, 10)),
        (10, 10, Rate(10, 10)),
        (3, 15, HELD_BACK),  # of those told
        (12, 15, HELD_BACK),  # of those not told
        (12, 23, Rate(10, 20)),
        (0, 29, Rate(0, 20)),
        (29, 29, Rate(20, 20)),
        (31, 41, Rate(30, 40)),
        (10, 999, Rate(10, 990)),
    ],
)
def test_only_steps_of_ten_are_told_and_no_small_part(told: int, voices: int, shown: Rate) -> None:
    assert rates.in_tens(told, voices) == shown


def test_a_worked_example(table: Table, on: Days, reader: Client) -> None:
    one, of_one = asked(table, 12)
    other, of_other = asked(table, 11)
    on(5)
    for answered in (of_one, of_other):
        table.answered(answered, "rejected", reason="The law does not let us open the room at night.")
    on(20)
    tell(table, one, of_one)
    assert public_returned(table.body, MONDAY + datetime.timedelta(days=20))[NOW] == Rate(10, 10), "counted when told"
    on(35)
    assert jobs.count_returned() == 0, "the thirtieth day counts"
    on(36)
    assert (jobs.count_returned(), jobs.count_returned()) == (1, 0)
    day = MONDAY + datetime.timedelta(days=36)
    assert public_returned(table.body, day)[NOW] == Rate(10, 20)  # 12 of 23
    page = reader.get(table.body.get_absolute_url()).content.decode()
    part = page.partition('id="I-08"')[2].partition("</section>")[0]
    assert "Were those told who had spoken?" in part
    assert "10 of 20 (50\xa0%)" in part
    assert "Deadline: within 30 days after the answer." in part
    assert "12 of" not in part
    assert "of 23" not in part
    data = json.loads(reader.get(f"{table.body.get_absolute_url()}data.json").content)
    told = data["indicators"]["I-08"]
    assert (told["numerator"], told["denominator"], told["n"], told["value"]) == (10, 20, 20, 0.5)
    assert told["suppressed"] is False
    tell(table, other, of_other)
    assert public_returned(table.body, day)[NOW] == Rate(10, 20), "too late stays too late"
    Source.objects.all().delete()
    assert public_returned(table.body, day)[NOW] == Rate(10, 20), "what was counted stays when sources end"


def test_of_few_voices_nothing_is_told(table: Table, on: Days, reader: Client) -> None:
    finding, about = asked(table, 9)
    table.answered(about, "rejected", reason="The law does not let us open the room at night.")
    tell(table, finding, about)
    page = reader.get(table.body.get_absolute_url()).content.decode()
    assert "fewer than ten: held back" in page.partition('id="I-08"')[2]
    told = json.loads(reader.get(f"{table.body.get_absolute_url()}data.json").content)["indicators"]["I-08"]
    assert {told[name] for name in ("numerator", "denominator", "n", "value")} == {None}
    assert told["suppressed"] is True


def test_another_bodys_answers_count_for_that_body_alone(table: Table, on: Days) -> None:
    finding, about = asked(table, 10)
    table.answered(about)
    tell(table, finding, about)
    assert public_returned(table.body, MONDAY)[NOW] == Rate(10, 10)
    Returned.objects.update(recommendation="OTHER")
    assert public_returned(table.body, MONDAY)[NOW] == NOTHING


def test_the_newest_answer_is_what_has_to_be_told(table: Table, on: Days) -> None:
    finding, about = asked(table, 10)
    review = MONDAY + datetime.timedelta(days=10)
    table.answered(about, "deferred", review_on=review)
    on(10)
    table.answered(about, "rejected", reason="The law does not let us open the room at night.")
    on(35)
    assert jobs.count_returned() == 0
    tell(table, finding, about)
    assert Returned.objects.get().is_in_time
