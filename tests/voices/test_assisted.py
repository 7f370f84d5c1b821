"""A slip is torn in two: Wes types one half in for somebody who said yes, and only the other half opens it again."""

import re
import time
from collections import Counter
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from tests import make
from tests.voices.scene import WORDS, Scene, come_back, filled, only, slip
from tests.voices.slips import enter, place, printed, typed, wrong
from tests.voices.test_sealed import medians
from withus.core import buckets, clock, codes, receipts
from withus.policy.facts import Role
from withus.voices import forms, jobs, limits, queries
from withus.voices.assisted import entry
from withus.voices.assisted.models import BlankSlip
from withus.voices.models import Envelope, Opening, Turn, Voice


def test_the_whole_story(scene: Scene, wes: Client) -> None:
    (one,) = printed(scene, wes)
    page = enter(scene, wes, codes.grouped(one.number).lower(), consent="marked")
    assert "It is sent" in page
    assert WORDS not in page, "it cannot be read again"
    voice, envelope = only()
    assert not BlankSlip.objects.exists()
    assert voice.is_on_slip

    lu = scene.of(scene.lu)
    lu.post(f"{envelope.get_absolute_url()}open")
    page = unescape(lu.get(envelope.get_absolute_url()).content.decode())
    assert WORDS in page
    assert "Entered for the person by somebody of \u2068Lantern\u2069. The person agreed by a mark on paper." in page
    lu.post(f"{envelope.get_absolute_url()}answer", {"text": "27G long come on Monday."})

    person = Client()
    page = come_back(person, receipts.in_words(one.receipt))
    assert "27G long come on Monday." in page
    assert "The person agreed by a mark on paper." in page
    assert "A peer worker wrote down, for you ·" in page
    assert "You ·" not in page, "the words are not hers"
    assert person.post("/voices/more", {"text": f"My receipt: {one.receipt}"}).status_code == 200
    assert person.post("/voices/more", {"text": "They came."}).status_code == 303
    assert "You ·" in come_back(Client(), one.receipt), "these are"
    page = unescape(lu.get(envelope.get_absolute_url()).content.decode())
    assert "A peer worker wrote down, for whoever has the receipt ·" in page
    assert "They came." in page.partition("Whoever has the receipt ·")[2]
    person.post("/voices/withdraw")
    assert not Envelope.objects.exists()
    assert WORDS in come_back(Client(), one.receipt)
    assert "It is erased" in person.post("/voices/erase").content.decode()
    assert not Voice.objects.exists()


def test_a_form_that_is_a_day_old_is_looked_at_once_more(
    scene: Scene, wes: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    (one,) = printed(scene, wes)
    sent, real = typed(scene, wes, one.number), clock.now
    pages = {"new": sent, "print": {"size": 1, "slip": sent["slip"]}}
    monkeypatch.setattr(forms, "OLDEST", timedelta(0))
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(seconds=2))
    for word, given in pages.items():
        assert "open for more than a day" in wes.post(place(scene, word), given).content.decode()
    assert (Voice.objects.count(), BlankSlip.objects.count()) == (0, 1)


def test_after_a_slip_the_form_for_the_next_person_begins_empty(scene: Scene, wes: Client) -> None:
    first, second = printed(scene, wes, 2)
    said = {"topic": "Sleeping bags", "area": "Quay", "audience": [f"publish-{scene.peers.code}"]}
    page = enter(scene, wes, first.number, **said, excluded=scene.council.code, may_be_told="on")
    assert "It is sent" in page
    assert "Sleeping bags" not in page, "what somebody said is about stays with her"
    assert "Quay" not in page
    form = page.partition("<main")[2]
    assert not re.search(r"<input[^>]*\schecked", form), "each person says for herself who reads it, and how she agreed"
    assert not re.search(r'<option value="[^"]+"[^>]*selected', form), "and who must not"
    assert first.number not in page
    sent = {"number": second.number, "text": WORDS, "kind": "need", "topic": "Needles", "consent": "spoken"}
    page = wes.post(place(scene), sent | {"slip": slip(wes.get(place(scene)))}).content.decode()
    assert "It is sent" not in page, "to nobody whom nobody chose"
    assert "It is sent" in enter(scene, wes, second.number)
    assert Voice.objects.count() == 2


def test_sent_twice_it_is_one_voice(scene: Scene, wes: Client) -> None:
    first, second = printed(scene, wes, 2)
    sent = typed(scene, wes, first.number)
    for _ in range(2):
        assert "It is sent" in wes.post(place(scene), sent).content.decode()
    assert (Voice.objects.count(), Turn.objects.count()) == (1, 1)
    assert "This code is used already, or" in enter(scene, wes, first.number), "another form does not overwrite it"
    page = wes.post(place(scene), sent | {"number": second.number})
    assert "It is sent" in page.content.decode()
    assert slip(page) != sent["slip"], "what is typed in next is another form"
    assert Voice.objects.count() == 2


@pytest.mark.parametrize("more", [{"text": "Of somebody else."}, {"kind": "works"}, {"consent": "marked"}])
def test_a_form_with_a_used_code_and_something_else_is_not_sent_and_loses_no_word(
    scene: Scene, wes: Client, more: dict[str, str]
) -> None:
    (one,) = printed(scene, wes)
    sent = typed(scene, wes, one.number)
    wes.post(place(scene), sent)
    page = wes.post(place(scene), sent | more).content.decode()
    assert "This code is used already, or" in page
    assert "It is sent" not in page
    assert more.get("text", WORDS) in page
    assert "It is sent" in wes.post(place(scene), sent).content.decode(), "as it was, it is"
    assert Voice.objects.count() == 1


def test_a_code_that_is_wrong_says_how(scene: Scene, wes: Client) -> None:
    (one,) = printed(scene, wes)
    unknown = entry.derived("nobody's", "slip")
    for number, says in (
        (wrong(one.number, 3), "mistyped"),
        (one.number[:7], "mistyped"),
        (unknown, "This code is used already, or"),
        ("", "Please answer"),
        ("<script>alert(1)</script>", "mistyped"),
        ("' OR 1=1 --", "mistyped"),
    ):
        page = enter(scene, wes, number)
        assert says in page
        assert WORDS in page, "what was typed stays"
    confused = one.number.replace("0", "o").replace("1", "L").lower()
    assert "It is sent" in enter(scene, wes, f" {confused[:3]} {confused[3:]} ")


def test_each_wrong_symbol_and_each_pair_in_the_wrong_order_is_noticed() -> None:
    for seed in range(40):
        number = entry.derived(str(seed), "slip")
        assert entry.read(number) == number
        for at in range(8):
            assert all(
                entry.read(number[:at] + symbol + number[at + 1 :]) is None
                for symbol in codes.SYMBOLS
                if symbol != number[at]
            )
            swapped = number[:at] + number[at : at + 2][::-1] + number[at + 2 :]
            assert entry.read(swapped) is None or swapped == number


def test_a_receipt_in_place_of_the_code_is_not_taken_and_leaves_the_page(scene: Scene, wes: Client) -> None:
    (one,) = printed(scene, wes)
    for receipt in (one.receipt, receipts.in_words(one.receipt)):
        page = enter(scene, wes, receipt)
        assert "theirs alone" in page
        assert receipt not in page


@pytest.mark.parametrize("field", ["text", "topic", "area"])
def test_a_receipt_among_the_words_is_not_taken(scene: Scene, wes: Client, field: str) -> None:
    (one,) = printed(scene, wes)
    for receipt in (one.receipt_in_groups, one.receipt.lower(), receipts.in_words(one.receipt)):
        assert "what looks like a receipt" in enter(
            scene, wes, one.number, **{field: f"Needles. {receipt}", "anyway": "on"}
        )
    assert not Voice.objects.exists()
    assert not Voice.objects.exists()


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"consent": ""}, "Without a yes"),
        ({"consent": "silent"}, "Please choose one of the answers"),
        ({"audience": []}, "Please answer"),
        ({"audience": ["OTHER"]}, "Please choose from the answers"),
        ({"text": ""}, "Please answer"),
        ({"text": "Call 0171 234 56 78."}, "could find somebody"),
    ],
)
def test_without_consent_words_and_readers_nothing_is_stored(
    scene: Scene, wes: Client, more: dict[str, Any], says: str
) -> None:
    (one,) = printed(scene, wes)
    page = enter(scene, wes, one.number, **more)
    assert says in page
    assert "Needles" in page
    assert (Voice.objects.count(), BlankSlip.objects.count()) == (0, 1)


def test_what_nobody_ticked_on_a_slip_is_left_open(scene: Scene, wes: Client) -> None:
    one, other = printed(scene, wes, 2)
    assert "It is sent" in enter(scene, wes, one.number, kind="")
    sent = {name: value for name, value in typed(scene, wes, other.number).items() if name != "kind"}
    assert "It is sent" in wes.post(place(scene), sent).content.decode()
    for receipt in (one.receipt, other.receipt):
        page = come_back(Client(), receipt)
        assert (WORDS in page, "Said:" in page) == (True, False)


def test_to_whoever_enters_it_is_said_whom_it_would_point_to(scene: Scene, wes: Client) -> None:
    for word in ("new", "several"):
        page = unescape(wes.get(place(scene, word)).content.decode())
        assert "publish nothing that points to the person" in page
        assert "in words that are not the person’s" in page
        assert not re.search("points to you|not yours", page)


def test_whom_it_is_about_does_not_read_it(scene: Scene, wes: Client) -> None:
    (one,) = printed(scene, wes)
    assert "must not read" in enter(scene, wes, one.number, excluded=scene.peers.code)
    assert not Voice.objects.exists()


def test_a_slip_of_others_is_no_slip(scene: Scene, wes: Client) -> None:
    (one,) = printed(scene, wes)
    elsewhere = make.recognised("Open Hands")
    una = scene.of(make.somebody(Role.PEER_WORKER, elsewhere))
    there = f"/voices/assisted/{elsewhere.code}/new"
    page = una.post(there, typed(scene, wes, one.number, slip=slip(una.get(there))))
    assert "This code is used already, or" in page.content.decode()
    assert una.get(place(scene)).status_code == 403
    assert una.post(place(scene), typed(scene, wes, one.number)).status_code == 403
    assert una.post(place(scene, "print"), {"size": 1}).status_code == 403
    assert (Voice.objects.count(), BlankSlip.objects.count()) == (0, 1)


def test_others_neither_print_nor_enter(scene: Scene) -> None:
    for who in (scene.mina, scene.cem, make.somebody(Role.PEER, scene.peers)):
        for word in ("new", "print"):
            answer = scene.of(who).get(place(scene, word))
            assert answer.status_code == 403
            assert "data-reason" in answer.content.decode()
    assert scene.of(scene.mina).get(f"/voices/assisted/{scene.council.code}/new").status_code == 404
    assert Client().get(place(scene)).status_code in {302, 303, 403}


def test_no_address_answers_the_worker_with_what_she_entered(scene: Scene, wes: Client) -> None:
    (one,) = printed(scene, wes)
    enter(scene, wes, one.number)
    voice, envelope = only()
    inbox = envelope.get_absolute_url()
    addresses = [place(scene), place(scene, "print"), inbox, f"{inbox}answer", f"{inbox}transcribe", scene.place]
    addresses += ["/me/", "/desk/", "/voices/return", "/voices/receipt", f"/organisations/{scene.peers.code}/"]
    addresses += [f"{place(scene)}?number={one.number}", f"/voices/assisted/{scene.peers.code}/{one.number}"]
    addresses += [f"/voices/assisted/{scene.peers.code}/", f"/voices/assisted/{voice.code}/new", "/voices/assisted/"]
    for address in addresses:
        for answer in (wes.get(address), wes.post(address, {"number": one.number, "receipt": one.number})):
            assert WORDS not in unescape(answer.content.decode()), address
            assert voice.code not in answer.content.decode(), address
    assert WORDS not in come_back(wes, one.number), "the entry code is no receipt"
    assert not Opening.objects.exists()


def test_a_voice_on_a_slip_lives_on_with_each_word(scene: Scene, wes: Client) -> None:
    (one,) = printed(scene, wes)
    enter(scene, wes, one.number)
    before = only()[0].week
    with clock.at(clock.today() + timedelta(days=30)):
        person = Client()
        assert WORDS in come_back(person, one.receipt)
        person.post("/voices/more", {"text": "Still so."})
        assert only()[0].week > before
        assert "Still so." in come_back(Client(), one.receipt)
        assert queries.opened(scene.lu.actor, only()[1], scene.lu.key)
    with clock.at(buckets.last_day(only()[0].week) + timedelta(days=1)):
        jobs.end_weeks()
        assert "nothing under this receipt" in come_back(Client(), one.receipt)


def test_of_two_slips_neither_opens_the_others_voice(scene: Scene, wes: Client) -> None:
    first, second = printed(scene, wes, 2)
    enter(scene, wes, first.number, text="The first.")
    enter(scene, wes, second.number, text="The second.")
    one, other = Voice.objects.order_by("pk")
    wraps = bytes(other.own_wrap), bytes(one.own_wrap)
    for row, wrap in zip((one, other), wraps, strict=True):
        Voice.objects.filter(pk=row.pk).update(own_wrap=wrap)
    for receipt in (first.receipt, second.receipt):
        assert "nothing under this receipt" in come_back(Client(), receipt)
    for row, wrap in zip((other, one), wraps, strict=True):
        Voice.objects.filter(pk=row.pk).update(own_wrap=wrap, is_on_slip=False)
    assert "nothing under this receipt" in come_back(Client(), first.receipt), "and its purpose is no other one"


def test_slips_have_limits_of_their_own_and_take_no_room_from_walk_ins(
    scene: Scene, wes: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "AN_HOUR_EACH", 1)
    monkeypatch.setattr(limits, "SLIPS_AN_HOUR", 3)
    sheet = printed(scene, wes, 4)
    for one in sheet[:3]:
        assert "It is sent" in enter(scene, wes, one.number)
    page = enter(scene, wes, sheet[3].number)
    assert "it is still good" in page
    assert "peer worker" not in page.partition('role="alert"')[2].partition("</div>")[0], "she is one"
    assert WORDS in page
    assert (Voice.objects.count(), BlankSlip.objects.count()) == (3, 1)
    assert Client().post("/voices/new", filled(scene, Client())).status_code == 303, "who comes by herself is heard"
    assert "So much came" in Client().post("/voices/new", filled(scene, Client())).content.decode()
    monkeypatch.setattr(limits, "_counted", (0, Counter()))
    assert "It is sent" in enter(scene, wes, sheet[3].number), "the slip was not used up"


def test_a_receipt_of_a_slip_takes_the_same_time_as_one_of_nothing(scene: Scene, wes: Client) -> None:
    used, blank = printed(scene, wes, 2)
    enter(scene, wes, used.number)
    for one in (used, blank):
        here, nowhere = medians(one.receipt, 60, time.process_time)
        assert abs(here - nowhere) < 5, f"{here:.2f} ms known, {nowhere:.2f} ms unknown"


def test_whoever_may_finds_the_way_and_nobody_else(scene: Scene, wes: Client) -> None:
    for page in ("/me/", f"/organisations/{scene.peers.code}/"):
        assert place(scene) in wes.get(page).content.decode()
        assert place(scene, "print") in scene.of(scene.edi).get(page).content.decode()
        assert place(scene) not in scene.of(scene.cem).get(page).content.decode()
