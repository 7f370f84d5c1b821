"""A form for a voice works once: on a shared tablet the way back gives the next person nothing of hers."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.voices import files
from tests.voices.scene import WORDS, Scene, come_back, filled, only, send, shown
from withus.core import clock, keys
from withus.voices import carried, jobs, queries
from withus.voices.models import SentForm, Turn, Voice

USED_UP = "This form was sent already"


def lost(client: Client, sent: dict[str, Any]) -> None:
    """The form arrives, and its answer does not."""
    assert client.post("/voices/new", sent).status_code == 303
    client.cookies.clear()


def is_used_up(answer: Any, sent: dict[str, Any]) -> bool:
    """Whether it is the plain page: no words, no slip, no receipt, no visit."""
    page = unescape(answer.content.decode())
    told = (sent["text"], sent["topic"], sent["slip"], 'name="text"')
    return USED_UP in page and not any(one in page for one in told) and not answer.cookies


def test_whose_answer_was_lost_sends_the_form_again_and_gets_her_receipt(scene: Scene) -> None:
    client = Client()
    sent = filled(scene, client)
    lost(client, sent)
    again = client.post("/voices/new", sent)
    assert (again.status_code, again["Location"], Voice.objects.count()) == (303, "/voices/receipt", 1)
    assert WORDS in come_back(Client(), shown(client))


@pytest.mark.parametrize("close", ["/voices/end", "/voices/erase", ""])
@pytest.mark.parametrize("more", [{}, {"look": "yes"}, {"audience": []}, {"text": "My name is Ana."}, {"text": "Hm."}])
def test_whoever_goes_back_after_it_was_closed_finds_nothing(scene: Scene, close: str, more: dict[str, Any]) -> None:
    tablet = Client()
    sent = filled(scene, tablet)
    assert WORDS in unescape(tablet.post("/voices/new", sent | {"look": "yes"}).content.decode())
    tablet.post("/voices/new", sent)
    tablet.get("/voices/receipt")
    if close:
        tablet.post("/voices/receipt", {"step": "skip"})
        tablet.post(close)
    for browser in (tablet, Client()):
        assert is_used_up(browser.post("/voices/new", sent | more), sent | more)
        if close or browser is not tablet:
            assert browser.get("/voices/receipt")["Location"] == "/voices/return"
    assert Voice.objects.count() == (0 if close == "/voices/erase" else 1)


@pytest.mark.parametrize("place", ["/voices/return", "/voices/receipt", "/voices/consent"])
def test_each_page_of_the_first_visit_uses_the_form_up(scene: Scene, place: str) -> None:
    tablet = Client()
    sent = filled(scene, tablet)
    tablet.post("/voices/new", sent)
    tablet.get(place)
    assert is_used_up(Client().post("/voices/new", sent), sent)
    assert shown(tablet), "whoever has the visit sees her receipt until she has written it down"


def test_closed_or_erased_before_any_page_of_it_the_form_is_used_up_too(scene: Scene) -> None:
    for close in ("/voices/end", "/voices/erase"):
        tablet = Client()
        sent = filled(scene, tablet)
        tablet.post("/voices/new", sent)
        tablet.post(close)
        assert is_used_up(Client().post("/voices/new", sent), sent)


def test_what_was_erased_does_not_come_back_under_its_receipt(scene: Scene) -> None:
    client = Client()
    sent = filled(scene, client)
    client.post("/voices/new", sent)
    receipt = shown(client)
    come_back(Client(), receipt)
    client.post("/voices/erase")
    assert is_used_up(client.post("/voices/new", sent | {"text": "Other words."}), sent)
    assert "There is nothing under this receipt" in come_back(Client(), receipt)


def test_a_form_that_is_used_up_stays_so_when_the_key_of_its_slip_is_gone(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    sent = filled(scene, client)
    client.post("/voices/new", sent)
    shown(client)
    for name in (carried.KEY, carried.KEY_BEFORE):
        keys.forget(name)
    assert carried.read_slip(sent["slip"]) is None
    assert is_used_up(Client().post("/voices/new", sent), sent)
    assert is_used_up(Client().post("/voices/new", sent | {"slip": f"\n{sent['slip']} "}), sent), "the same bytes"
    real = clock.today
    monkeypatch.setattr(clock, "today", lambda: real() + timedelta(days=31))
    jobs.end_slips()
    assert not SentForm.objects.exists()


def test_a_form_sent_again_with_other_words_says_so_and_keeps_them(scene: Scene) -> None:
    client = Client()
    sent = filled(scene, client)
    lost(client, sent)
    more = f"{WORDS} And they close at noon."
    page = client.post("/voices/new", sent | {"text": more})
    assert page.status_code == 200
    assert "It was sent already, as it was the first time" in page.content.decode()
    assert more in unescape(page.content.decode())
    assert Turn.objects.count() == 1
    added = client.post("/voices/more", {"text": "And they close at noon.", "once": "A" * 26})
    assert added["Location"] == "/voices/receipt", "she has not seen it yet"
    page = come_back(Client(), shown(client))
    assert "And they close at noon." in page


@pytest.mark.parametrize("what", ["excluded", "audience", "kind", "topic", "area", "photos", "may_be_told"])
def test_whatever_was_changed_is_told(scene: Scene, what: str) -> None:
    photo = SimpleUploadedFile("x", files.photo())
    other = {"audience": [f"publish-{scene.peers.code}"], "kind": "need", "photos": [photo]}.get(what, "Other")
    client = Client()
    sent = filled(scene, client)
    lost(client, sent)
    changed = sent | {what: scene.council.code if what == "excluded" else other}
    assert "It was sent already, as it was the first time" in client.post("/voices/new", changed).content.decode()
    assert client.post("/voices/new", sent)["Location"] == "/voices/receipt", "as it was, it leads on"


def test_nothing_stored_of_a_form_tells_its_words_or_its_voice(scene: Scene) -> None:
    client = Client()
    sent = filled(scene, client)
    client.post("/voices/new", sent)
    form, (voice, _) = SentForm.objects.get(), only()
    assert {len(form.mark), len(form.told)} == {26}
    other = filled(scene, client)
    client.post("/voices/new", other)
    assert SentForm.objects.exclude(pk=form.pk).get().told != form.told, "the same words, with another receipt"
    assert not {voice.code, voice.locator, voice.code[:26]} & {form.mark, form.told}
    come_back(client, send(scene, Client()))
    assert queries.public_is_spent(SentForm.objects.get(told="").mark)
    assert not queries.public_is_spent(form.mark)
