"""Leaving quickly: one link, without a script, ends the visit and the session, and leads to a neutral page."""

import pytest
from django.db import DatabaseError
from django.test import Client

from tests.voices.scene import WORDS, Scene, come_back, filled, send
from withus.people.models import Instance, Session
from withus.voices import actions

LINK = 'href="/voices/leave"'
MEANT = [{}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}]
NOT_MEANT = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "same-origin", "sec-purpose": "prefetch;prerender"},
    {"purpose": "prefetch"},
]


def leave(client: Client, headers: dict[str, str], method: str = "GET") -> None:
    """Follows the link, as far as this house goes."""
    answer = client.generic(method, "/voices/leave", headers=headers)
    assert (answer.status_code, answer["Location"]) == (303, "https://www.wikipedia.org/")
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("headers", MEANT)
def test_the_next_person_finds_neither_the_visit_nor_the_session(scene: Scene, headers: dict[str, str]) -> None:
    client, receipt = scene.of(scene.edi), send(scene, Client())
    assert WORDS in come_back(client, receipt)
    for place in ("/", "/stories/", "/voices/new", "/voices/return", "/me/"):
        assert LINK in client.get(place).content.decode()
    before = Session.objects.count()
    leave(client, headers)
    assert Session.objects.count() == before - 1
    assert {client.cookies[name].value for name in ("voice", "withus")} == {""}
    assert WORDS not in client.get("/voices/return").content.decode()
    assert client.get("/me/").status_code == 403


@pytest.mark.parametrize("headers", NOT_MEANT)
def test_another_site_and_a_browser_that_looks_ahead_end_nothing(scene: Scene, headers: dict[str, str]) -> None:
    client, receipt = scene.of(scene.edi), send(scene, Client())
    come_back(client, receipt)
    leave(client, headers)
    assert WORDS in client.get("/voices/return").content.decode()
    assert client.get("/me/").status_code == 200


def test_asking_only_for_the_head_ends_nothing_and_no_form_does_it(scene: Scene) -> None:
    client = scene.of(scene.edi)
    leave(client, {}, "HEAD")
    assert client.get("/me/").status_code == 200
    assert client.post("/voices/leave").status_code == 405


def test_whoever_leaves_before_she_saw_her_receipt_uses_its_form_up(scene: Scene) -> None:
    tablet = Client()
    sent = filled(scene, tablet)
    tablet.post("/voices/new", sent)
    leave(tablet, {})
    assert "This form was sent already" in tablet.post("/voices/new", sent).content.decode()


def test_a_visitor_gets_no_cookie_on_the_way_out_and_the_house_chooses_where_it_leads(scene: Scene) -> None:
    Instance.objects.update(exit_address="https://example.org/weather")
    answer = Client().get("/voices/leave")
    assert (answer["Location"], dict(answer.cookies)) == ("https://example.org/weather", {})


def test_the_way_out_is_open_when_nothing_can_be_written(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    come_back(client, send(scene, Client()))

    def full(*_: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(actions, "spend", full)
    leave(client, {})
    assert client.cookies["voice"].value == ""


def test_a_page_of_a_visit_goes_when_the_visit_has_ended_unless_words_could_be_lost(scene: Scene) -> None:
    tablet = Client()
    tablet.post("/voices/new", filled(scene, tablet))
    for answer in (tablet.get("/voices/receipt"), tablet.post("/voices/receipt", {"step": "check"})):
        assert answer["Refresh"] == "1800; url=/voices/return"
    for place in ("/voices/receipt", "/voices/return", "/voices/consent"):
        assert 'data-idle="1800" data-to="/voices/return"' in tablet.get(place).content.decode()
    assert not tablet.get("/voices/return").has_header("Refresh"), "without a script nobody knows of words in its form"
