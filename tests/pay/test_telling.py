"""The log's records of pay: plain sentences, and rows that tell word for word what the log holds."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.pay.conftest import DAY, MONDAY, WORDS, Purse
from tests.public_log.test_telling import plain, seen
from withus.pay import actions
from withus.pay.models import Arrival, PayLine, Payment, Rate, RateAgreement
from withus.pay.owing import owe, owed_facts
from withus.pay.telling import TYPES
from withus.public_log import publish
from withus.public_log.models import LogEntry, LogOpening
from withus.public_log.rows import READERS, Told


def written() -> list[dict[str, Any]]:
    """The log's records of pay."""
    records = [json.loads(bytes(body)) for body in LogEntry.objects.order_by("seq").values_list("body", flat=True)]
    return [record for record in records if record["type"] in TYPES]


def rows() -> list[Told]:
    """What the rows tell."""
    (read,) = [kind.read for kind in READERS if kind.types == frozenset(TYPES)]
    return list(read())


def live(purse: Purse) -> PayLine:
    """One of each deed, a line after a no and a yes."""
    purse.agreed()
    line = purse.claimed(expenses=Decimal("4.80"), subject="M-1")
    purse.paid(line)
    for arrived in (False, True):
        actions.check_pay(purse.eve.actor, line, arrived=arrived)
    return line


def fits(record: dict[str, Any], told: Told) -> bool:
    """Whether the row tells this record: all facts, and the words behind each commitment."""
    if record["type"] != told.type:
        return False
    facts = dict(record["facts"])
    for name, words in told.texts.items():
        opening = LogOpening.objects.get(commitment=facts.pop(name)["commit"])
        if opening.content != words:
            return False
    return (record["subject"], facts) == (told.subject, dict(told.facts))


def test_each_deed_leaves_one_record_that_its_row_tells(purse: Purse) -> None:
    live(purse)
    records, told = written(), rows()
    assert sorted(record["type"] for record in records) == sorted(TYPES)
    assert len(told) == len(records)
    assert all(any(fits(record, row) for row in told) for record in records)
    assert {record["body"] for record in records} == {purse.ministry.code}
    actors = {record["type"]: record["actor"] for record in records}
    assert [actors[one] for one in ("rate.offered", "hours.paid")] == ["body", "body"]
    assert {actors[one] for one in set(TYPES) - {"rate.offered", "hours.paid"}} == {"organisation"}
    assert WORDS not in json.dumps(records)


@pytest.mark.parametrize(
    "edit",
    [
        lambda: Rate.objects.update(amount=Decimal("12.50")),
        lambda: Rate.objects.update(words="Nothing is included, and never was."),
        lambda: RateAgreement.objects.update(agreed_on=MONDAY - DAY),
        lambda: PayLine.objects.update(minutes=10),
        lambda: PayLine.objects.update(said_by_deed=True),
        lambda: Payment.objects.update(paid_on=MONDAY - DAY),
        lambda: Arrival.objects.filter(arrived=False).delete(),
    ],
)
def test_a_row_that_was_edited_by_hand_tells_something_else(purse: Purse, edit: Callable[[], object]) -> None:
    live(purse)
    edit()
    told = rows()
    assert [record["type"] for record in written() if not any(fits(record, row) for row in told)]


def test_a_line_of_another_deed_is_told_in_that_deeds_record(purse: Purse) -> None:
    purse.agreed()
    about = {"payer": purse.ministry, "worked_for": purse.peers, "kind": "meeting", "subject": "M-1"}
    for seat in ("S-1", "S-2"):
        owe(seat=seat, minutes=60, worked_on=MONDAY, **about)
    assert [row.type for row in rows()] == ["rate.offered", "rate.agreed"]
    facts = owed_facts("M-1")
    assert owed_facts("M-2") == {"owed": []}
    assert {one["seat"] for one in facts["owed"]} == {"S-1", "S-2"}  # type: ignore[attr-defined]
    assert json.loads(json.dumps(facts)) == facts


def test_the_log_tells_pay_in_plain_sentences(purse: Purse) -> None:
    line = live(purse)
    publish.publish()
    told = plain(seen("/log/"))
    for sentence in (
        "The ministry offered a rate for the work of people of The peers, by The ministry (a body), on ",
        "The peers agreed to a rate of The ministry, by The peers (an organisation), on ",
        "The peers asked The ministry for pay for a meeting, by The peers (an organisation), on ",
        "It was said that a meeting is paid, by The ministry (a body), on ",
        "It was said that the pay for a meeting did not arrive, by The peers (an organisation), on ",
        "It was said that the pay for a meeting arrived, by The peers (an organisation), on ",
    ):
        assert sentence in told, sentence
    assert f'href="{line.get_absolute_url()}"' in seen("/log/")
