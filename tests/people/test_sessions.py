"""The signed-in browser: what its cookie is, when it ends, and what the server's table is worth to a thief."""

import os

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from tests import cast, make

from withus.core import clock, codes, keys
from withus.people import actions, sessions
from withus.people.jobs import forget_ended, renew_cookie_key
from withus.people.models import Membership, Session
from withus.policy.facts import VISITOR, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def everybody() -> cast.Cast:
    """The cast."""
    return cast.come_in()


def at(monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    """So many minutes from now."""
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + sessions.timedelta(minutes=minutes))


def test_the_cookie_is_sealed_and_the_table_opens_nothing(everybody: cast.Cast) -> None:
    ana = cast.browser(everybody.ana)
    cookie = ana.cookies["withus"]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"], cookie["max-age"]) == (True, "Lax", "", "")
    row = Session.objects.filter(account=everybody.ana.account)[0]
    assert {field.name for field in Session._meta.concrete_fields} == {"digest", "account", "ends_on"}
    for stolen in (row.digest, everybody.ana.pseudonym):
        thief = Client()
        thief.cookies["withus"] = stolen
        assert thief.get("/me/").status_code == 403
    assert everybody.ana.key.hex() not in cookie.value


def test_over_tls_the_cookie_is_bound_to_the_host(everybody: cast.Cast) -> None:
    ana = Client()
    sent = {"pseudonym": everybody.ana.pseudonym, "passphrase": everybody.ana.passphrase}
    ana.post("/sign-in", sent, secure=True)
    cookie = ana.cookies["__Host-withus"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")
    assert "withus" not in ana.cookies
    assert ana.get("/me/", secure=True).status_code == 200
    ana.post("/sign-out", secure=True)
    assert ana.cookies["__Host-withus"].value == ""
    assert ana.cookies["__Host-withus"]["secure"] is True


def test_a_page_with_a_session_is_stored_nowhere(everybody: cast.Cast) -> None:
    assert cast.browser(everybody.ana).get("/me/")["Cache-Control"] == "no-store"
    visitor = Client().get("/organisations/")
    assert "no-store" not in visitor["Cache-Control"]
    assert not visitor.cookies


@pytest.mark.parametrize(
    ("shared", "minutes", "status"), [(False, 59, 200), (False, 61, 403), (True, 9, 200), (True, 11, 403)]
)
def test_a_session_ends_when_nobody_clicks(
    everybody: cast.Cast, monkeypatch: pytest.MonkeyPatch, shared: bool, minutes: int, status: int
) -> None:
    ana = cast.browser(everybody.ana, shared=shared)
    at(monkeypatch, minutes)
    assert ana.get("/me/").status_code == status


def test_clicking_keeps_a_session_but_not_beyond_twelve_hours(
    everybody: cast.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = cast.browser(everybody.ana)
    for _ in range(14):
        at(monkeypatch, 50)
        assert ana.get("/me/").status_code == 200
    at(monkeypatch, 50)
    assert ana.get("/me/").status_code == 403


def test_the_cookie_travels_at_most_once_a_minute(everybody: cast.Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = cast.browser(everybody.ana)
    assert "withus" not in ana.get("/me/").cookies
    at(monkeypatch, 2)
    assert "withus" in ana.get("/me/").cookies


def test_signing_in_rotates_and_ends_the_session_before(everybody: cast.Cast) -> None:
    browser = cast.browser(everybody.ana)
    first = browser.cookies["withus"].value
    browser.post("/sign-in", {"pseudonym": everybody.bo.pseudonym, "passphrase": everybody.bo.passphrase})
    assert everybody.bo.pseudonym in browser.get("/me/").content.decode()
    old = Client()
    old.cookies["withus"] = first
    assert old.get("/me/").status_code == 403


def test_the_end_of_a_role_takes_effect_at_once(everybody: cast.Cast) -> None:
    lu, address = cast.browser(everybody.lu), f"/organisations/{everybody.peers.code}/invite"
    assert lu.get(address).status_code == 200
    Membership.objects.filter(account=everybody.lu.account).delete()
    assert lu.get(address).status_code == 403


def test_who_acts_is_one_statement(everybody: cast.Cast, django_assert_num_queries) -> None:
    actions.join(everybody.lu.actor, None, code=make.card(everybody.peers, Role.PEER_WORKER))
    request = RequestFactory().get("/")
    request.COOKIES["withus"] = cast.browser(everybody.lu).cookies["withus"].value
    with django_assert_num_queries(1):
        sessions.recognise(request)
    assert request.actor.roles == {Role.ORG_STEWARD, Role.PEER_WORKER}
    with django_assert_num_queries(0):
        sessions.recognise(RequestFactory().get("/"))


@pytest.mark.parametrize("cookie", ["", "x", "\u00e4", "A" * 4000, "!!!!"])
def test_a_cookie_that_is_none_is_nobody(cookie: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["withus"] = cookie
    sessions.recognise(request)
    assert request.actor == VISITOR
    response = HttpResponse()
    sessions.remember(request, response)
    assert response.cookies["withus"].value == ""


def test_sessions_are_forgotten_when_they_have_ended(everybody: cast.Cast, settings) -> None:
    cast.browser(everybody.ana)
    before = Session.objects.count()
    assert forget_ended() == len([everybody.ana, everybody.bo, everybody.lu, everybody.mina, everybody.cem]), (
        "used cards"
    )
    assert Session.objects.count() == before
    settings.WITHUS_TODAY = clock.today() + sessions.timedelta(days=2)
    forget_ended()
    assert Session.objects.count() == 0


def test_signing_out_needs_a_form(everybody: cast.Cast) -> None:
    ana = cast.browser(everybody.ana)
    assert ana.get("/sign-out").status_code == 405
    assert ana.get("/me/").status_code == 200
    assert Client().post("/sign-out").status_code == 303
    assert codes.digest("x") != "x"


def aged(name: str, hours: float) -> None:
    """Makes a key file so old."""
    then = clock.now().timestamp() - hours * 3600
    os.utime(keys.path_of(name), (then, then))


def test_the_key_of_the_cookies_changes_each_day_and_nobody_is_signed_out(everybody: cast.Cast) -> None:
    ana = cast.browser(everybody.ana)
    first = keys.read_or_make(sessions.KEY)
    aged(sessions.KEY, 23)
    renew_cookie_key()
    assert keys.read(sessions.KEY) == first

    aged(sessions.KEY, 25)
    assert renew_cookie_key() >= 1
    assert keys.read(sessions.KEY_BEFORE) == first
    assert ana.get("/me/").status_code == 200
    assert keys.read_or_make(sessions.KEY) != first
    bo = cast.browser(everybody.bo)
    assert renew_cookie_key() == 0  # a run soon after changes nothing

    aged(sessions.KEY, 13)
    assert renew_cookie_key() == 1
    assert keys.read(sessions.KEY_BEFORE) is None
    assert ana.get("/me/").status_code == 403  # had she clicked within the hour, she would have the new key's cookie
    assert bo.get("/me/").status_code == 200


def test_who_goes_on_clicking_gets_a_cookie_under_the_new_key(
    everybody: cast.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = cast.browser(everybody.ana)
    aged(sessions.KEY, 25)
    renew_cookie_key()
    at(monkeypatch, 2)
    assert ana.get("/me/").status_code == 200
    keys.forget(sessions.KEY_BEFORE)
    assert ana.get("/me/").status_code == 200


def test_a_clock_that_runs_back_or_far_ahead_ends_no_session_that_runs(
    everybody: cast.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = cast.browser(everybody.ana)
    for minutes in (-600, 600):
        with monkeypatch.context() as wrong:
            at(wrong, minutes)
            renew_cookie_key()
    assert ana.get("/me/").status_code == 200
