"""What is passed on, and what a closed body leaves behind: named, linked, and on the desk of whoever comes next."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import cast, make
from tests.people.test_cards import text
from tests.recommendations.conftest import MONDAY, WORDS, Table
from tests.recommendations.test_clock import day, state
from withus.compute.answering import State
from withus.core.errors import Refused
from withus.policy.facts import SYSTEM, Role
from withus.processes import actions as processes
from withus.processes.models import Body
from withus.public_log import verify
from withus.recommendations import actions, desk
from withus.recommendations.models import Draft, Recommendation

Days = Callable[[int], None]
ELSEWHERE = "The office for housing in the town hall, Mill Lane"
REASON = "This body never decides about rents, the region does."
WHY = "The council has joined both boards into one."


@pytest.fixture
def region(table: Table) -> Body:
    """Another body."""
    return processes.open_body(SYSTEM, None, name="The region", decides="Rents", language="en")


@pytest.mark.parametrize("words", ["", "Them", "The region"])
def test_what_is_passed_on_names_somebody_whom_peers_can_find(table: Table, words: str) -> None:
    sent = table.sent()
    with pytest.raises(Refused, match="write its name, office and place") as no:
        table.answered(sent, "transferred", transferred_to=words)
    assert no.value.field == "transferred_to"
    with pytest.raises(Refused, match="this body itself"):
        table.answered(sent, "transferred", passed_to=table.body)
    table.answered(sent, "transferred", transferred_to=ELSEWHERE)
    assert ELSEWHERE in Client().get(sent.get_absolute_url()).content.decode()


def test_only_what_is_passed_on_keeps_to_whom(table: Table, region: Body) -> None:
    made = table.answered(table.sent(), "rejected", passed_to=region, transferred_to=ELSEWHERE)
    assert (made.passed_to, made.transferred_to) == (None, "")
    made = table.answered(table.sent(), "transferred", passed_to=region, transferred_to=ELSEWHERE)
    assert (made.passed_to, made.transferred_to) == (region, ""), "one of both: the page that is here"
    better = actions.correct(table.odile.actor, made, reason="The region has always decided this.", language="en")
    assert (better.outcome, better.passed_to) == ("transferred", None)
    assert verify.own_log().errors == []


def test_by_hand_it_is_passed_on_and_peers_send_it_with_a_clock_of_its_own(
    table: Table, region: Body, on: Days
) -> None:
    sent = table.sent(evidence="Our photo log, week 30")
    odile, lu = cast.browser(table.odile), cast.browser(table.everybody.lu)
    address, said = sent.get_absolute_url(), {"outcome": "transferred", "reason": REASON, "passed_to": region.code}
    assert odile.post(f"{address}draft", said).status_code == 303
    assert Draft.objects.get().passed_to == region
    form = odile.get(f"{address}respond").content.decode()
    assert f'value="{region.code}" selected' in form
    assert f'value="{table.body.code}"' not in form, "not back to itself"
    assert odile.post(f"{address}respond", said).status_code == 303
    assert state(sent) is State.TRANSFERRED
    page = text(Client().get(address))
    assert "With this answer no clock runs any more: nobody has to answer until peers send it" in page
    assert f'href="/recommendations/new?body={region.code}&amp;again={sent.code}"' in lu.get(address).content.decode()
    there = Client().get(region.get_absolute_url()).content.decode()
    assert "Others passed this on to it." in there
    assert address in there
    again = lu.get(f"/recommendations/new?body={region.code}&again={sent.code}")
    shown = {name: again.context["form"][name].value() for name in ("body", "text", "asked_change", "evidence")}
    assert shown == {"body": region.code, "text": sent.text, "asked_change": sent.asked_change} | {
        "evidence": "Our photo log, week 30"
    }
    assert lu.post("/recommendations/new", shown).status_code == 303
    assert Recommendation.objects.get(body=region).text == sent.text


def test_an_address_that_names_nothing_begins_an_empty_form(table: Table) -> None:
    form = cast.browser(table.everybody.lu).get("/recommendations/new?body=NOBODY&again=NOTHING").context["form"]
    assert not form["text"].value()


# --- Closed bodies ---


def closed(table: Table, successor: Body | None) -> None:
    """Mina says that the ministry was closed."""
    said = {"reason": WHY, "language": "en", "successor": successor}
    processes.close_body(table.everybody.mina.actor, table.body, **said)


def test_whoever_takes_a_closed_bodys_place_finds_what_it_owes_on_page_and_desk(
    table: Table, region: Body, on: Days
) -> None:
    clerk = make.somebody(Role.BODY_SECRETARY, region.organisation)
    first = table.sent()
    on(3)
    table.sent()
    table.answered(table.sent(), "rejected")
    assert list(desk.everything(clerk.actor)) == []
    closed(table, region)
    (task,) = desk.everything(clerk.actor)
    assert (task.text, task.organisation, task.due_on) == ("The ministry", "The region", day(30))
    assert (task.deed, task.about) == (
        f"/recommendations/?body={table.body.code}&state=waiting",
        table.body.get_absolute_url(),
    )
    assert cast.browser(clerk).get(task.deed).content.decode().count('class="small"') == 2
    page = text(Client().get(region.get_absolute_url()))
    assert "It stands in the place of The ministry , which was closed on 26 November 2026." in page
    assert "2 answers are still owed from there" in page
    lu = cast.browser(table.everybody.lu).get(first.get_absolute_url()).content.decode()
    assert "The ministry</bdi> was closed on 26 November 2026" in lu
    assert f"?body={region.code}&amp;again={first.code}" in lu
    for one in Recommendation.objects.filter(owed_on__isnull=False):
        table.answered(one, "rejected")
    assert list(desk.everything(clerk.actor)) == []
    assert "still owed from there" not in text(Client().get(region.get_absolute_url()))


@pytest.mark.parametrize("has_successor", [True, False])
def test_whoever_writes_to_a_closed_body_is_told_and_can_write_all_the_same(
    table: Table, region: Body, has_successor: bool
) -> None:
    closed(table, region if has_successor else None)
    lu = cast.browser(table.everybody.lu)
    page = text(lu.get(f"/recommendations/new?body={table.body.code}"))
    assert "The ministry was closed on 23 November 2026. What it owes, it still owes" in page
    assert ("In its place: The region" in page) == has_successor
    says = "(closed; in its place: \u2068The region\u2069)" if has_successor else "(closed)"
    assert f"\u2068The ministry\u2069 {says}" in page
    assert "was closed on" not in text(lu.get(f"/recommendations/new?body={region.code}"))
    assert lu.post("/recommendations/new", WORDS | {"body": table.body.code}).status_code == 303
    assert Recommendation.objects.get().sent_on == MONDAY


def test_a_page_of_a_body_asks_the_same_few_questions_however_much_was_passed_on_to_it(
    table: Table, region: Body
) -> None:
    asked = []
    for _ in range(2):
        for _ in range(3):
            table.answered(table.sent(), "transferred", passed_to=region)
        with CaptureQueriesContext(connection) as found:
            Client().get(region.get_absolute_url())
        asked.append(len(found))
    assert asked[0] == asked[1]
