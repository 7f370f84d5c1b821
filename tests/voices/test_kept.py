"""What was typed when a visit had ended comes back through the receipt page: into its form, for her alone, unsent."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from tests.voices.scene import Scene, come_back, send
from withus.core import clock
from withus.people import typed
from withus.voices.models import Turn

MORE = "And <they> close at noon."


def hidden(page: str, name: str) -> str:
    """What a page carries."""
    return re.search(rf'name="{name}" value="([^"]+)"', page)[1]  # type: ignore[index]


def too_late(scene: Scene, monkeypatch: pytest.MonkeyPatch, receipt: str, *, has_cookie: bool = True) -> Any:
    """A tablet, and the answer to what was sent from its conversation when the visit had ended."""
    tablet = Client()
    page = come_back(tablet, receipt)
    sent = {"text": MORE, "whose": hidden(page, "whose"), "once": hidden(page, "once")}
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(minutes=31))
    if not has_cookie:
        tablet.cookies.clear()
    return tablet, tablet.post("/voices/more", sent)


@pytest.mark.parametrize("has_cookie", [True, False])
def test_what_was_typed_comes_back_into_its_form(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, has_cookie: bool
) -> None:
    receipt = send(scene, Client())
    tablet, answer = too_late(scene, monkeypatch, receipt, has_cookie=has_cookie)
    page = unescape(answer.content.decode())
    assert (answer.status_code, answer["Cache-Control"], MORE in page) == (403, "no-store", False)
    assert "Your visit has ended" in page
    assert "nothing is lost" not in page
    assert "A recording and photos do not come back: choose them again." in page
    wrong, right = "0" * 16, receipt
    kept = hidden(page, "kept")
    answers = [tablet.post("/voices/return", {"receipt": one, "kept": kept}) for one in (right, wrong)]
    assert len({(one.status_code, one.content) for one in answers}) == 1, "one answer, whatever the receipt opens"
    page = unescape(tablet.post("/voices/more", {"kept": kept}).content.decode())
    assert "There is nothing under this receipt" in page
    kept = hidden(page, "kept")
    tablet.post("/voices/return", {"receipt": right, "kept": kept})
    page = unescape(tablet.post("/voices/more", {"kept": kept}).content.decode())
    assert "This is what you typed" in page
    assert MORE in page
    assert Turn.objects.count() == 1, "not sent by itself"
    assert tablet.post("/voices/more", {"text": MORE, "once": hidden(page, "once")}).status_code == 303
    assert Turn.objects.count() == 2


def test_nobody_elses_receipt_opens_it(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    hers, others = send(scene, Client()), send(scene, Client())
    tablet, answer = too_late(scene, monkeypatch, hers)
    kept = hidden(answer.content.decode(), "kept")
    tablet.post("/voices/return", {"receipt": others, "kept": kept})
    page = unescape(tablet.post("/voices/more", {"kept": kept}).content.decode())
    assert "typed by somebody else" in page
    assert MORE not in page
    page = unescape(tablet.post("/voices/more", {"kept": "made up"}).content.decode())
    assert "could not be opened any more" in page


def test_after_it_was_closed_the_way_back_shows_nothing_of_it(scene: Scene) -> None:
    tablet, other = Client(), send(scene, Client())
    page = come_back(tablet, send(scene, Client()))
    sent = {"text": f"My name is Ana. {MORE}", "whose": hidden(page, "whose")}
    assert MORE in unescape(tablet.post("/voices/more", sent).content.decode())
    tablet.post("/voices/end")
    again = tablet.post("/voices/more", sent).content.decode()
    assert MORE not in unescape(again)
    tablet.post("/voices/return", {"receipt": other, "kept": hidden(again, "kept")})
    page = tablet.post("/voices/more", {"kept": hidden(again, "kept")}).content.decode()
    assert MORE not in unescape(page)


def test_what_nobody_could_get_back_or_is_too_long_is_not_carried(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Client().post("/voices/more", {"text": MORE})["Location"] == "/voices/return"
    monkeypatch.setattr(typed, "LARGEST", 10)
    _, answer = too_late(scene, monkeypatch, send(scene, Client()))
    assert answer.status_code == 403
    assert "too long for this page to keep" in answer.content.decode()
    assert 'name="kept" value="' not in answer.content.decode()
