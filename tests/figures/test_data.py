"""A body's figures as data: the table, the JSON, and the dictionary of both."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from django.test import Client

from tests.figures import rows
from tests.figures.test_take_away import Days, after, calendar, taken, whole_story
from tests.recommendations.conftest import MONDAY, Table
from tests.voices import found
from withus.compute.involvement import MISSING
from withus.demo import judging_story
from withus.figures import data
from withus.recommendations.actions import commit
from withus.voices.findings import actions as findings


def test_every_row_of_the_table_is_one_recommendation_and_no_cell_is_a_formula(
    table: Table, on: Days, reader: Client
) -> None:
    table.sent(text="=HYPERLINK(1) is what the door says at night")
    on(45)
    content = taken(reader, table, "data.csv").decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(content))
    assert row["text"].startswith("'=")
    assert (row["state"], row["days_silent"], row["due_on"]) == ("overdue", "15", after(30).isoformat())
    assert list(row) == [entry.name for entry in data.CSV]


def paths(value: Any, name: str = "") -> Iterator[str]:
    """The name of every value, as the dictionary writes it."""
    if isinstance(value, dict):
        for key, below in value.items():
            place = "*" if name.endswith(("indicators", "deadlines")) else key
            yield from paths(below, f"{name}.{place}" if name else place)
    elif isinstance(value, list):
        for below in value:
            yield from paths(below, f"{name}[]")
    else:
        yield name


def test_the_dictionary_names_what_is_in_the_data_and_nothing_else(table: Table, on: Days, reader: Client) -> None:
    finding = found.finding(table.everybody.peers)
    sent = whole_story(table, on, evidence=finding.code)
    judging_story.tell(sent, yes=2, no=11)
    told = {"recommendation": sent.code, "text": "The body says yes, from spring on.", "language": "en"}
    findings.tell_back(table.everybody.lu.actor, finding, **told)
    data_of = json.loads(taken(reader, table, "data.json"))
    assert data_of["evidence"] == [{"recommendation": sent.code, "kind": "finding", "subject": finding.code}]
    (notice,) = data_of["notices"]
    assert (notice["finding"], notice["recommendation"]) == (finding.code, sent.code)
    assert set(paths(data_of)) == {entry.name for entry in data.JSON}
    page = reader.get(data_of["dictionary"]).content.decode()
    for entry in (*data.JSON, *data.CSV):
        assert f">{entry.name}</code>" in page
        assert f'<span class="quiet">{entry.kind_words}</span></dt>' in page


def test_feed_and_data_lead_from_each_promise_to_its_check(table: Table, on: Days, reader: Client) -> None:
    sent = table.sent()
    table.answered(sent)
    first, second = table.promised(sent, after(20)), table.promised(sent, after(60), measure="A key for everybody")
    kept = table.done(sent, first)
    check = table.checked(sent, minutes=30, payer=table.fund)
    table.paid(check)
    found = json.loads(taken(reader, table, "data.json"))
    assert [(one["code"], one["is_open"]) for one in found["promises"]] == [(first.code, False), (second.code, True)]
    (said,), (checked,) = found["deliveries"], found["verifications"]
    assert (said["code"], said["commitment"], said["recommendation"]) == (kept.code, first.code, sent.code)
    assert (checked["code"], checked["delivery"], checked["commitment"]) == (check.code, kept.code, first.code)
    assert (checked["is_paid"], checked["minutes"], checked["verdict"]) == (True, 30, "confirmed")
    (row,) = csv.DictReader(io.StringIO(taken(reader, table, "data.csv").decode("utf-8-sig")))
    assert (row["promises"], row["undone_by"], row["delivered_on"]) == (
        f"{first.code} {second.code}",
        after(60).isoformat(),
        "",
    )
    items = ElementTree.fromstring(taken(reader, table, "feed.rss")).findall("channel/item")
    about = {item.findtext("guid"): (item.findtext("category"), item.findtext("link")) for item in items}
    for mark in (f"{kept.code}.delivered", f"{check.code}.checked"):
        assert about[mark] == (first.code, f"http://testserver{sent.get_absolute_url()}#{first.code}")
    assert list(calendar(reader, table)) == [f"{second.code}.promise"]


def test_the_data_say_where_a_promise_stands_and_who_named_it(table: Table, on: Days, reader: Client) -> None:
    sent = table.sent()
    table.answered(sent)
    table.promised(sent, after(20))
    law = {"measure": "A nurse each night of the week.", "source": "law", "source_words": "Health act, article 3"}
    said = {"owner": "Health office", "budget": "20,000", "language": "en", "due_on": after(60)}
    commit(table.everybody.lu.actor, sent, **said, **law)
    found = json.loads(taken(reader, table, "data.json"))["promises"]
    assert [(one["source"], one["organisation"], one["is_of_others"]) for one in found] == [
        ("answer", table.body.code, False),
        ("law", table.everybody.peers.code, False),
    ]
    (row,) = csv.DictReader(io.StringIO(taken(reader, table, "data.csv").decode("utf-8-sig")))
    assert row["joined"] == "", "this host let the body in"


def test_the_data_keeps_to_the_contract(table: Table, on: Days, reader: Client) -> None:
    sent = table.sent()
    on(45)
    found = json.loads(taken(reader, table, "data.json"))
    assert found["code"] == table.body.code
    assert found["as_of"] == after(45).isoformat()
    assert found["label"]["holds"] is False
    assert set(found["label"]["missing"]) <= set(MISSING)
    assert "overdue" in found["label"]["missing"]
    assert found["recommendations"] == [
        {
            "code": sent.code,
            "state": "overdue",
            "sent_on": MONDAY.isoformat(),
            "due_on": after(30).isoformat(),
            "days_silent": 15,
            "signers": None,
        }
    ]
    assert set(found["indicators"]) >= {"I-01", "I-02", "I-03", "I-04"}
    silence, answered = found["indicators"]["I-04"], found["quarters"][1]["indicators"]["I-02"]
    assert silence == {
        "numerator": 1,
        "denominator": 1,
        "n": 1,
        "value": 1,
        "low": None,
        "high": None,
        "period": after(45).isoformat(),
        "suppressed": False,
        "method": "/methods/indicators#I-04",
    }
    assert (answered["numerator"], answered["denominator"], answered["value"]) == (0, 1, 0)
    assert found["indicators"]["I-02"]["value"] is None
    assert [one["period"] for one in found["quarters"]] == ["2027-Q1", "2026-Q4", "2026-Q3", "2026-Q2"]
    assert [one["is_over"] for one in found["quarters"]] == [False, True, True, True]


def test_a_letter_that_was_not_served_has_no_days_in_the_data(table: Table, reader: Client) -> None:
    rows.save(table.everybody.peers, table.body, [rows.course(None, ())])
    (line,) = json.loads(taken(reader, table, "data.json"))["recommendations"]
    assert (line["state"], line["sent_on"], line["due_on"], line["days_silent"]) == ("unserved", None, None, 0)
