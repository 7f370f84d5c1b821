"""Wes types in several slips on one page: those that are right are sent, the others stay and say why."""

import re
from html import unescape
from typing import Any

import brotli
import pytest
from django.test import Client

from tests import make
from tests.voices.scene import WORDS, Scene, come_back, slip
from tests.voices.slips import enter, place, printed, wrong
from withus.core import codes
from withus.policy.facts import Role
from withus.voices.assisted.forms import AssistSeveralForm
from withus.voices.assisted.models import BlankSlip
from withus.voices.models import Turn, Voice


def several(scene: Scene, worker: Client, *numbers: str, **more: Any) -> dict[str, Any]:
    """The form for several slips, as it was given out, with answers."""
    said: dict[str, Any] = {"topic": "Needles", "area": "Harbor", "audience": [scene.peers.code], "excluded": ""}
    for at, number in enumerate(numbers, 1):
        row = {"number": number, "text": f"{WORDS} ({at})", "kind": "need", "consent": "spoken"}
        said |= {f"slip{at}-{name}": value for name, value in row.items()}
    return said | {"slip": slip(worker.get(place(scene, "several")))} | more


def test_several_slips_on_one_page_and_one_that_is_wrong_holds_up_no_other(scene: Scene, wes: Client) -> None:
    first, second, third, fourth = printed(scene, wes, 4)
    sent = several(scene, wes, first.number, wrong(second.number, 2), third.number, fourth.number)
    sent |= {"slip3-consent": "", "slip4-text": "Call 0171 234 56 78."}
    page = unescape(wes.post(place(scene, "several"), sent).content.decode())
    assert (Voice.objects.count(), BlankSlip.objects.count()) == (1, 3)
    assert "These are sent" in page
    assert f">{codes.grouped(first.number)}<" in page
    assert f"{WORDS} (1)" not in page, "what is sent cannot be read again"
    assert 'value="Needles"' in page, "what they have in common stays while one of them does"
    assert not re.search(r'name="slip[15]-kind"[^>]*checked', page), "each slip says its own"
    for says in ("mistyped", f"{WORDS} (2)", "Without a yes", f"{WORDS} (3)", "could find somebody", "Call 0171"):
        assert says in page
    summary = page.partition('id="error-summary-title"')[2].partition("</div>")[0]
    for which in ("Slip 4: Whoever reads", ">Slip 2: Which code", ">Slip 3: Did the person agree"):
        assert which in summary
    assert page.count('id="error-summary-title"') == 1
    assert len(re.findall(r' id="[^"]+"', page)) == len(set(re.findall(r' id="[^"]+"', page)))
    mended = {"slip1-number": "", "slip1-text": "", "slip1-consent": "", "slip2-number": second.number}
    mended |= {"slip3-consent": "marked", "slip4-anyway": "on"}
    page = unescape(wes.post(place(scene, "several"), sent | mended).content.decode())
    assert (Voice.objects.count(), BlankSlip.objects.count()) == (4, 0)
    assert "error-summary" not in page
    assert "Needles" not in page, "what these had in common says nothing of the next ones"
    assert not re.search(r"<input[^>]*\schecked", page.partition("<main")[2]), "each person is asked anew"
    for at, one in enumerate((first, second, third), 1):
        assert f"{WORDS} ({at})" in come_back(Client(), one.receipt)


def test_what_several_slips_leave_on_the_page_begins_anew_once(
    scene: Scene, wes: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, begun = AssistSeveralForm.begin_anew, list[str]()

    def counted(form: AssistSeveralForm) -> None:
        begun.append(form.data["slip"])
        real(form)

    monkeypatch.setattr(AssistSeveralForm, "begin_anew", counted)
    first, second, third = printed(scene, wes, 3)
    sent = several(scene, wes, first.number, second.number, wrong(third.number, 2))
    page = wes.post(place(scene, "several"), sent).content.decode()
    assert (Voice.objects.count(), begun) == (2, [sent["slip"]])
    assert sent["slip"] not in page


def test_a_row_says_why_it_is_not_sent_or_leaves_its_kind_open(scene: Scene, wes: Client) -> None:
    first, second = printed(scene, wes, 2)
    sent = several(scene, wes, first.number, second.number) | {"slip1-kind": "", "slip2-kind": "x"}
    page = unescape(wes.post(place(scene, "several"), sent).content.decode())
    assert "Please choose one of the answers" in page
    assert (Voice.objects.count(), BlankSlip.objects.count()) == (1, 1)
    assert "Said:" not in come_back(Client(), first.receipt)


def test_a_story_is_agreed_to_by_itself(scene: Scene, wes: Client) -> None:
    first, second = printed(scene, wes, 2)
    for_all = {"audience": [f"publish-{scene.peers.code}"]}
    assert "Everybody can read a story." in enter(scene, wes, first.number, may_be_told="on")
    assert not Voice.objects.exists()
    page = enter(scene, wes, first.number, **for_all, may_be_told="on", consent="marked")
    assert not re.search(r'name="may_be_told"[^>]*checked', page), "each person is asked anew"
    enter(scene, wes, second.number, **for_all)
    assert sorted(Voice.objects.values_list("may_be_told", flat=True)) == [False, True]
    page = come_back(Client(), first.receipt)
    assert "The person agreed by a mark on paper. Also to a story." in page
    assert "It may be told as a story" in page
    page = come_back(Client(), second.receipt)
    assert "Also to a story." not in page
    assert "It may only be counted" in page
    sheet = {"size": 1, "slip": slip(wes.get(place(scene, "print")))}
    assert "☐ also as a story" in wes.post(place(scene, "print"), sheet).content.decode()
    scene.peers.funding.all().delete()
    sheet = {"size": 1, "slip": slip(wes.get(place(scene, "print")))}
    assert "☐ also as a story" not in wes.post(place(scene, "print"), sheet).content.decode()


def test_of_several_each_person_agrees_to_a_story_by_herself(scene: Scene, wes: Client) -> None:
    first, second = printed(scene, wes, 2)
    sent = several(scene, wes, first.number, second.number) | {"slip2-may_be_told": "on"}
    page = unescape(wes.post(place(scene, "several"), sent).content.decode())
    assert "Everybody can read a story." in page
    assert list(Voice.objects.values_list("may_be_told", flat=True)) == [False]
    sent |= {"audience": [f"publish-{scene.peers.code}"], "slip1-number": "", "slip1-text": "", "slip1-consent": ""}
    assert "These are sent" in wes.post(place(scene, "several"), sent).content.decode()
    assert "It may only be counted" in come_back(Client(), first.receipt)
    assert "It may be told as a story" in come_back(Client(), second.receipt)


def test_several_slips_sent_twice_are_each_one_voice(scene: Scene, wes: Client) -> None:
    first, second = printed(scene, wes, 2)
    sent = several(scene, wes, first.number, second.number)
    for _ in range(2):
        assert "These are sent" in wes.post(place(scene, "several"), sent).content.decode()
    assert (Voice.objects.count(), Turn.objects.count()) == (2, 2)
    again = several(scene, wes, first.number)
    assert "This code is used already, or" in wes.post(place(scene, "several"), again).content.decode()
    assert Voice.objects.count() == 2


def test_a_used_code_with_other_words_is_not_sent_and_holds_up_no_other(scene: Scene, wes: Client) -> None:
    first, second = printed(scene, wes, 2)
    sent = several(scene, wes, first.number)
    page = wes.post(place(scene, "several"), sent)
    assert slip(page) != sent["slip"], "what is typed in next is another form"
    more = several(scene, wes, first.number, second.number, slip=sent["slip"]) | {"slip1-text": "Of somebody else."}
    text = unescape(wes.post(place(scene, "several"), more).content.decode())
    assert f">{codes.grouped(second.number)}<" in text
    assert f">{codes.grouped(first.number)}<" not in text
    assert "Slip 1: Which code" in text
    assert "This code is used already, or" in text
    assert "Of somebody else." in text
    assert Voice.objects.count() == 2


def test_a_code_that_stands_twice_is_not_sent_and_no_word_is_lost(scene: Scene, wes: Client) -> None:
    first, second = printed(scene, wes, 2)
    sent = several(scene, wes, first.number, codes.grouped(first.number).lower(), second.number, first.number)
    sent["slip4-consent"] = ""
    page = unescape(wes.post(place(scene, "several"), sent).content.decode())
    assert page.count("This code stands twice on this page") == 2 * 3
    assert all(f"{WORDS} ({at})" in page for at in (1, 2, 4))
    assert (Voice.objects.count(), BlankSlip.objects.get().number) == (1, first.number)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"audience": []}, "Please answer"),
        ({"topic": "Ask 0171 234 56 78."}, "could find somebody"),
        ({"slip1-number": "", "slip1-text": "", "slip1-consent": ""}, "No slip is filled in yet"),
        ({"slip1-number": ""}, "Please answer"),
    ],
)
def test_of_several_slips_none_is_sent_without_readers_or_a_code(
    scene: Scene, wes: Client, more: dict[str, Any], says: str
) -> None:
    (one,) = printed(scene, wes)
    page = unescape(wes.post(place(scene, "several"), several(scene, wes, one.number, **more)).content.decode())
    assert says in page
    assert "slip1-text" in more or f"{WORDS} (1)" in page
    assert (Voice.objects.count(), BlankSlip.objects.count()) == (0, 1)


def test_several_slips_are_typed_in_by_those_who_may_alone(scene: Scene, wes: Client) -> None:
    (one,) = printed(scene, wes)
    sent = several(scene, wes, one.number)
    for who in (scene.cem, scene.mina, make.somebody(Role.PEER, scene.peers)):
        assert scene.of(who).get(place(scene, "several")).status_code == 403
        assert scene.of(who).post(place(scene, "several"), sent).status_code == 403
    assert place(scene, "several") in wes.get(place(scene)).content.decode()
    assert len(brotli.compress(wes.get(place(scene, "several")).content, quality=5)) <= 7_000
    assert not Voice.objects.exists()
