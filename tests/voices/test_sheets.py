"""Slips are printed on a sheet: once, for whoever printed it, and blank until one is typed in."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.conf import settings
from django.test import Client

from tests.voices.scene import Scene, come_back, slip
from tests.voices.slips import enter, on_sheet, place, printed, typed
from withus.core import clock, receipts
from withus.public_log import publish
from withus.running.bodies import any_of
from withus.voices import jobs
from withus.voices.assisted.models import BlankSlip
from withus.voices.models import Voice


def test_the_sheet_holds_two_halves_and_the_one_that_is_kept_says_nothing_of_what_it_is_about(
    scene: Scene, wes: Client
) -> None:
    publish.publish()
    sent = {"size": 24, "slip": slip(wes.get(place(scene, "print")))}
    page = wes.post(place(scene, "print"), sent)
    slips = on_sheet(page)
    assert len({one.receipt for one in slips} | {one.number for one in slips}) == 48
    text = unescape(page.content.decode())
    assert page["Cache-Control"] == "no-store"
    assert text.count("data:image/svg") >= 24
    assert all(receipts.in_words(one.receipt) in text for one in slips)
    assert "<bdi>Lantern</bdi>" in text
    assert "Keep this paper" not in text, "one half is to be destroyed"
    for asked in ("What is it about? …", "Where is it so? …", "Peers who read it may count it"):
        assert text.count(asked) == 24
    kept = re.findall(r'<li class="card">(.*?)</li>', text, re.DOTALL)
    assert len(kept) == 24
    for half in kept:
        told = re.sub(r'<strong lang="en".*?</strong>|data:\S+', "", half)
        assert not re.search(r"Lantern|drug|needle|wrong|missing", told), "of the half in her pocket nobody learns more"
        assert all(one.number not in half.replace("-", "") for one in slips)
    assert {one.number for one in slips} == set(BlankSlip.objects.values_list("number", flat=True))


def test_in_arabic_a_slip_has_its_symbols_alone_and_the_address_keeps_its_order(scene: Scene, wes: Client) -> None:
    wes.cookies["language"] = "ar"
    sent = {"size": 2, "slip": slip(wes.get(place(scene, "print")))}
    page = wes.post(place(scene, "print"), sent, headers={"host": "127.0.0.1:8102"})
    text = page.content.decode()
    assert text.count('<bdi dir="ltr">127.0.0.1:8102/voices/return</bdi>') == 2
    assert not any(receipts.in_words(one.receipt) in text for one in on_sheet(page))
    assert '<strong lang="en"' not in text


def test_a_sheet_that_is_sent_twice_is_one_and_shows_no_slip_again_that_was_used(scene: Scene, wes: Client) -> None:
    sent = {"size": 2, "slip": slip(wes.get(place(scene, "print")))}
    first, again = (on_sheet(wes.post(place(scene, "print"), sent)) for _ in range(2))
    assert first == again
    assert BlankSlip.objects.count() == 2
    for used, one in enumerate(first, 1):
        enter(scene, wes, one.number)
        page = wes.post(place(scene, "print"), sent)
        assert on_sheet(page) == first[used:]
        assert f"Used already, and not shown again: {used}" in page.content.decode()
    assert "Print the slips" not in page.content.decode()
    person = Client()
    come_back(person, first[0].receipt)
    person.post("/voices/erase")
    assert on_sheet(wes.post(place(scene, "print"), sent)) == []
    assert not BlankSlip.objects.exists(), "nor is it blank again when its voice is gone"


def test_the_form_of_a_sheet_gives_its_slips_to_nobody_else_and_in_no_other_number(scene: Scene, wes: Client) -> None:
    sent = {"size": 2, "slip": slip(wes.get(place(scene, "print")))}
    sheets = [on_sheet(wes.post(place(scene, "print"), sent | {"size": size})) for size in (2, 3)]
    sheets.append(on_sheet(scene.of(scene.edi).post(place(scene, "print"), sent)))
    made = [{one.receipt for one in sheet} | {one.number for one in sheet} for sheet in sheets]
    assert len(set().union(*made)) == 4 + 6 + 4
    assert BlankSlip.objects.count() == 7


@pytest.mark.parametrize("size", ["0", "25", "", "many"])
def test_no_more_than_a_sheet_at_once(scene: Scene, wes: Client, size: str) -> None:
    page = wes.post(place(scene, "print"), {"size": size, "slip": slip(wes.get(place(scene, "print")))})
    assert 'role="alert"' in page.content.decode()
    assert not BlankSlip.objects.exists()


def test_a_blank_slip_answers_like_nothing(scene: Scene, wes: Client) -> None:
    (one,) = printed(scene, wes)
    assert "perhaps nobody has typed your words in yet" in come_back(Client(), one.receipt)
    assert "perhaps nobody has typed your words in yet" in come_back(Client(), "0" * 16)


def test_blank_slips_go_after_180_days(scene: Scene, wes: Client) -> None:
    (one,) = printed(scene, wes)
    with clock.at(clock.today() + timedelta(days=180)):
        assert jobs.end_slips() == 1, "that its sheet was printed"
        assert jobs.end_slips() == 0
    with clock.at(clock.today() + timedelta(days=181)):
        sent = typed(scene, scene.of(scene.edi), one.number)
        page = scene.of(scene.edi).post(place(scene), sent).content.decode()
        assert "older than 180 days" in page, "also before the job has run"
        assert jobs.end_slips() == 1
        assert jobs.end_slips() == 0
    assert (Voice.objects.count(), BlankSlip.objects.count()) == (0, 0)


def test_each_slip_costs_one_derivation_and_a_no_costs_none(
    scene: Scene, wes: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, real = [], receipts.open_with
    monkeypatch.setattr(receipts, "open_with", lambda one: asked.append(one) or real(one))
    (one, *_) = printed(scene, wes, 3)
    assert len(asked) == 3
    enter(scene, wes, one.number)
    scene.of(scene.cem).post(place(scene, "print"), {"size": 24})
    assert len(asked) == 3, "whoever enters needs no receipt"


def test_sheets_wait_in_the_lane_of_hashes_and_nothing_else_of_it_does() -> None:
    waits = any_of(settings.WITHUS_HASH_PATHS)
    assert waits.fullmatch("/voices/assisted/LANTERN/print")
    assert not waits.fullmatch("/voices/assisted/LANTERN/new")
