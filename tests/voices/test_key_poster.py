"""The words of an inbox's key on paper and on a phone: whose key it is, and nothing of who reads or what lies there."""

import re
from html import unescape

from django.test import Client

from tests import make
from tests.voices.scene import Scene, only, send
from tests.voices.test_inboxes import form
from withus.policy.facts import Role
from withus.voices.inboxes import actions


def page(client: Client, place: str) -> str:
    """A page as somebody reads it."""
    answer = client.get(place)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def words_in(text: str) -> list[str]:
    """The numbered words on a page."""
    return re.findall(r"<li>([a-z]+)</li>", text)


def test_the_poster_says_whose_key_it_is_and_nothing_else_whoever_prints_it(scene: Scene) -> None:
    send(scene, Client())
    mine, foreign = page(scene.of(scene.lu), f"{scene.place}poster"), page(Client(), f"{scene.place}poster")
    for text in (mine, foreign):
        assert "The inbox of <bdi>Lantern</bdi>" in text
        assert words_in(text) == scene.inbox.fingerprint.split()
        assert f"http://testserver{scene.place}" in text
        assert "Key number 1, made on " in text
        assert "data-print" in text
    said = mine.partition("<main")[2].partition("</main>")[0]
    assert not any(word in said for word in (only()[0].code, scene.lu.pseudonym, scene.edi.pseudonym, "ends on"))
    assert Client().get(f"/voices/inboxes/{scene.council.code}/poster").status_code == 404


def test_the_page_names_its_organisation_and_prints_by_the_poster_alone(scene: Scene) -> None:
    text = page(scene.of(scene.lu), scene.place)
    assert "<h1>The inbox of <bdi>Lantern</bdi></h1>" in text
    assert f'href="{scene.place}poster"' in text
    assert "data-print" not in text


def test_words_are_compared_on_a_phone_too(scene: Scene) -> None:
    eve = make.somebody(Role.PEER_EDITOR, scene.peers)
    offer = actions.offer_to_read(eve.actor, scene.peers, key=eve.key)
    text = page(scene.of(scene.lu), f"{scene.place}add")
    assert "<select" not in text
    assert f'<strong lang="en" dir="ltr" translate="no">{offer.fingerprint}</strong></label>' in text
    text = page(Client(), "/voices/new")
    assert scene.inbox.fingerprint in text
    assert f'href="{scene.place}"' in text


def test_only_a_key_that_had_one_before_it_has_old_posters(scene: Scene) -> None:
    first = page(scene.of(scene.mina), f"/voices/inboxes/{scene.council.code}/make")
    assert "old words" not in first
    assert "a poster to print" in first
    client = scene.of(scene.lu)
    assert "Posters with the old words have to be replaced." in page(client, f"{scene.place}renew")
    made = unescape(client.post(f"{scene.place}renew", form(client.get(f"{scene.place}renew"))).content.decode())
    assert "It is of the inbox of <bdi>Lantern</bdi>: key number 2" in made
    assert f'href="{scene.place}poster"' in page(client, scene.place)
