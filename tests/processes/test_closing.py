"""A body that is closed owes what it owed; and a clerk opens the page of her own body."""

from typing import Any

import pytest
from django.test import Client
from tests import cast, make
from tests.people.test_cards import text
from tests.recommendations.conftest import WORDS, Table, on, records, table  # noqa: F401  fixtures

from withus.compute.answering import State
from withus.core.errors import Denied, Refused
from withus.people.models import OrganisationKind
from withus.policy.facts import SYSTEM, Role
from withus.processes import actions
from withus.processes.models import Body, BodyEnd
from withus.recommendations import actions as recommendations

WHY = "The council has joined both boards into one."


def close(table: Table, **more: Any) -> BodyEnd:  # noqa: F811
    """Mina says so for the ministry."""
    return actions.close_body(table.everybody.mina.actor, table.body, **({"reason": WHY, "language": "en"} | more))


def a_board(name: str = "The new board") -> Body:
    """Another body."""
    return actions.open_body(SYSTEM, None, name=name, decides="Both", language="en")


def test_a_closed_body_owes_what_it_owed_and_can_still_be_asked(table: Table, on: Any) -> None:  # noqa: F811
    sent = table.sent()
    on(5)
    close(table, successor=a_board())
    on(33)  # the thirtieth day is a Wednesday
    assert sent.course().state(sent.today()) is State.OVERDUE
    assert sent.course().days_silent(sent.today()) == 3
    later = table.sent()
    assert later.sent_on is not None
    recommendations.acknowledge(table.odile.actor, sent)
    assert table.answered(sent).said_on == sent.today()
    recommendations.dissent(table.everybody.lu.actor, sent, words="That is not what we asked.", language="en")


def test_by_hand_the_form_says_what_is_owed_and_the_page_says_what_was_said(table: Table, on: Any) -> None:  # noqa: F811
    sent, board, address = table.sent(), a_board(), table.body.get_absolute_url()
    table.sent()
    table.answered(sent)
    mina = cast.browser(table.everybody.mina)
    assert "1 answer is still owed; closing ends none of these clocks." in text(mina.get(f"{address}close"))
    table.sent()
    assert "2 answers are still owed" in text(mina.get(f"{address}close"))
    said = {"reason": WHY, "language": "en", "successor": board.code}
    assert mina.post(f"{address}close", said).status_code == 303
    again = mina.post(f"{address}close", said)
    assert (again.status_code, "It was said already" in text(again)) == (200, True)
    shown = text(Client().get(address))
    for words in ("This body was closed", WHY, "every clock runs on", "The new board"):
        assert words in shown
    assert "closed" in text(Client().get("/bodies/"))
    assert "Say that this body was closed" not in text(mina.get(address))
    (record,) = records("body.closed")
    assert record["actor"] == "body"
    assert record["facts"] == BodyEnd.objects.get().told().facts | {"reason": record["facts"]["reason"]}
    assert WHY not in str(record)


@pytest.mark.parametrize("reason", ["", "No.", "Budget", "x " * 40])
def test_a_body_is_not_closed_without_a_reason(table: Table, reason: str) -> None:  # noqa: F811
    with pytest.raises(Refused) as no:
        close(table, reason=reason)
    assert no.value.field == "reason"
    assert not BodyEnd.objects.exists()


def test_nobody_takes_the_place_of_itself_or_is_closed_too(table: Table) -> None:  # noqa: F811
    board = a_board()
    actions.close_body(SYSTEM, board, reason=WHY, language="en")
    for successor in (table.body, board):
        with pytest.raises(Refused) as no:
            close(table, successor=successor)
        assert no.value.field == "successor"
    form = cast.browser(table.everybody.mina).get(f"{table.body.get_absolute_url()}close").content.decode()
    assert board.code not in form


def test_only_the_bodys_own_office_closes_it(table: Table) -> None:  # noqa: F811
    address, elsewhere = f"{table.body.get_absolute_url()}close", make.organisation("Elsewhere", OrganisationKind.BODY)
    foreign = make.somebody(Role.BODY_SECRETARY, elsewhere)
    for who in (foreign, table.everybody.lu, table.everybody.hedy, table.everybody.ana, None):
        assert cast.browser(who).post(address, {"reason": WHY, "language": "en"}).status_code == 403
        assert cast.browser(who).get(address).status_code == 403
    with pytest.raises(Denied, match="If your term has ended"):
        actions.close_body(foreign.actor, table.body, reason=WHY, language="en")
    actions.close_body(table.odile.actor, table.body, reason=WHY, language="en")


def test_a_clerk_opens_the_page_of_her_own_body_and_no_other(db: None) -> None:
    make.instance()
    city, other = make.organisation("The city", OrganisationKind.BODY), make.ministry()
    clerk = make.somebody(Role.BODY_SECRETARY, city)
    client, said = cast.browser(clerk), {"decides": "Rents and rooms", "language": "en", "time_zone": "UTC"}
    page = client.get("/bodies/new").content.decode()
    assert city.code in page
    assert other.code not in page
    assert client.post("/bodies/new", said | {"organisation": ""}).status_code == 200, "she says which body"
    assert client.post("/bodies/new", said | {"organisation": other.code}).status_code == 200
    assert client.post("/bodies/new", said | {"name": "A board of mine", "organisation": ""}).status_code == 200
    with pytest.raises(Refused) as no:
        actions.open_body(clerk.actor, city, name="", organisation=other, decides="x", language="en")
    assert no.value.field == "organisation"
    with pytest.raises(Denied):
        actions.open_body(clerk.actor, other, name="", organisation=other, decides="x", language="en")
    assert not Body.objects.exists()
    assert client.post("/bodies/new", said | {"organisation": city.code}).status_code == 303
    (record,) = records("body.opened")
    assert (record["actor"], record["facts"]["opened_by"]) == ("body", city.code)
    assert client.post("/bodies/new", said | {"organisation": city.code}).status_code == 200
    assert Body.objects.count() == 1


def test_a_body_gets_no_second_page_under_its_name(table: Table) -> None:  # noqa: F811
    a_board("The city")
    with pytest.raises(Refused, match="has its page here") as no:
        a_board("the City")
    assert no.value.field == "name"
