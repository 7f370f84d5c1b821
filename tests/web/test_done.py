"""After a deed the next page says once that it is done, in fixed words, and only to whoever did it."""

import pytest
from django.test import Client
from django.urls import get_resolver

from tests import cast
from tests.recommendations.conftest import WORDS, Table, on, table
from withus.core import done as deeds
from withus.policy.rules import Action
from withus.web import done
from withus.web.kept import PAGES

__all__ = ["on", "table"]
REASON = "The budget of next year has no room for this."


@pytest.fixture(autouse=True)
def kit() -> None:
    """The whole product, not the kit alone."""


def status(page: str) -> str:
    """What the page says is done; empty if nothing."""
    _, _, rest = page.partition('role="status"><p><span aria-hidden="true">✓</span> ')
    return rest.partition("</p>")[0]


def test_the_page_after_a_deed_says_once_that_it_is_done_and_where_the_record_is(table: Table) -> None:
    sent, odile = table.sent(), cast.browser(table.odile)
    address = sent.get_absolute_url()
    answer = odile.post(f"{address}respond", {"outcome": "rejected", "reason": REASON, "language": "en"})
    assert (answer.status_code, answer["Location"]) == (303, address)
    page = odile.get(address).content.decode()
    assert status(page) == 'You signed the answer, and it was sent. <a href="/log/">It stands in the public log.</a>'
    assert "<title>Done · " in page
    assert status(odile.get(address).content.decode()) == ""


def test_records_of_peers_wait_and_what_leaves_no_record_says_nothing_of_one(table: Table) -> None:
    sent, mina, lu = table.sent(), cast.browser(table.everybody.mina), cast.browser(table.everybody.lu)
    address = sent.get_absolute_url()
    mina.post(f"{address}draft", {"outcome": "rejected", "reason": REASON, "language": "en"})
    assert status(mina.get(address).content.decode()) == ("The answer is kept. It waits for a duty bearer to sign it.")
    lu.post("/recommendations/new", {"body": table.body.code, **WORDS, "evidence": "", "language": "en"})
    assert status(lu.get(address).content.decode()).startswith("You sent it.")


def test_what_was_refused_is_not_done(table: Table) -> None:
    sent, odile = table.sent(), cast.browser(table.odile)
    answer = odile.post(f"{sent.get_absolute_url()}respond", {"outcome": "rejected", "reason": "No", "language": "en"})
    assert answer.status_code == 200
    assert done.COOKIE not in answer.cookies
    assert status(answer.content.decode()) == ""


def test_the_word_is_one_cookie_of_the_visit_and_gone_with_the_next_page(table: Table) -> None:
    sent, odile = table.sent(), cast.browser(table.odile)
    kept = odile.post(f"{sent.get_absolute_url()}acknowledge").cookies[done.COOKIE]
    assert (kept.value, kept["max-age"], kept["expires"], kept["httponly"], kept["samesite"]) == (
        "acknowledge.log", "", "", True, "Lax",
    )  # fmt: skip
    gone = odile.get("/").cookies[done.COOKIE]
    assert (gone.value, gone["max-age"], gone["httponly"]) == ("", 0, True)


@pytest.mark.parametrize("value", ["<b>x</b>.log", "respond", "respond.<i>", "respond.", "vote.log", ".log"])
def test_a_cookie_that_is_not_ours_says_nothing(table: Table, value: str) -> None:
    odile = cast.browser(table.odile)
    odile.cookies[done.COOKIE] = value
    assert 'role="status"' not in odile.get("/").content.decode()


def test_a_visitor_reads_no_such_thing_and_kept_pages_hold_none(table: Table) -> None:
    page, address = Client(), table.body.get_absolute_url()
    assert "body" in PAGES
    page.cookies[done.COOKIE] = "respond.log"
    assert 'role="status"' not in page.get(address).content.decode()
    assert 'role="status"' not in Client().get(f"{address}?done=respond.log").content.decode()


def test_every_deed_with_an_address_has_its_words_or_is_shown_otherwise() -> None:
    addresses = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    with_address = {deed for deed in Action if deed.value in addresses}
    assert not done.DONE.keys() & done.SHOWN_OTHERWISE
    assert with_address == done.DONE.keys() | done.SHOWN_OTHERWISE


def test_the_door_notes_what_it_let_through_and_where_its_record_is(table: Table) -> None:
    deeds.begin()
    sent = table.sent()
    assert [deeds.record_of(deed) for deed in (Action.RECOMMEND, Action.RESPOND)] == ["log", ""]
    deeds.begin()
    assert deeds.record_of(Action.RECOMMEND) == ""
    assert sent.pk
