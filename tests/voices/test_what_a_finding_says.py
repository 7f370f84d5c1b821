"""Which voices a finding can be made of, in whose words, and what those that may only be counted ask for."""

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.voices import found
from tests.voices.scene import WORDS, Move, Scene, come_back, send
from tests.voices.test_findings import SAID, opened, page, publish, written
from withus.core import clock
from withus.core.errors import Refused
from withus.voices import sealed
from withus.voices.findings import actions
from withus.voices.findings.models import Finding
from withus.voices.models import Envelope, Turn, Voice


def test_only_what_she_has_opened_herself_can_be_chosen(scene: Scene) -> None:
    _, code = opened(scene, scene.lu)
    edi = scene.of(scene.edi)
    shown = page(edi, f"{scene.place}finding")
    assert code not in shown
    assert "You have opened no voice yet." in shown
    for sent in (written(code), written("NOTHING"), written()):
        answer = edi.post(f"{scene.place}finding", sent)
        assert answer.status_code == 200
        assert 'role="alert"' in answer.content.decode()
        assert SAID in unescape(answer.content.decode()), "nothing that was typed is lost"
    about = {name: value for name, value in written(code).items() if name != "voices"}
    with pytest.raises(Refused):
        actions.publish_finding(
            scene.edi.actor, actions.queries.public_groupable(scene.inbox), key=scene.edi.key, voices=[code], **about
        )
    assert not Finding.objects.exists()


def test_what_she_did_not_open_today_is_offered_without_a_word_of_it(scene: Scene, move: Move) -> None:
    _, code = opened(scene, scene.edi)
    move(1)
    shown = page(scene.of(scene.edi), f"{scene.place}finding")
    assert code in shown
    assert "Needles" not in shown
    publish(scene, code)


@pytest.mark.parametrize("is_published", [True, False])
@pytest.mark.parametrize("field", ["text", "topic", "area"])
def test_a_finding_repeats_no_four_words_of_a_voice_whatever_its_consent(
    scene: Scene, field: str, is_published: bool
) -> None:
    codes = [opened(scene, scene.edi, is_published=is_published)[1]]
    codes += [opened(scene, scene.edi, text=f"Other words, number {number}.")[1] for number in range(2)]
    quoting = {field: "They say: NEEDLES are  too-short, it is said."}
    answer = unescape(scene.of(scene.edi).post(f"{scene.place}finding", written(*codes, **quoting)).content.decode())
    assert "These words stand in a voice: “NEEDLES are too-short”. Say it in words of your own." in answer
    assert f'href="#id_{field}"' in answer
    assert not Finding.objects.exists()
    publish(scene, *codes)


def test_what_was_heard_of_speech_is_not_repeated_either(scene: Scene) -> None:
    _, code = opened(scene, scene.edi, text="Listen to it.", is_published=True)
    envelope = Envelope.objects.get()
    heard = {"text": "They closed before I came", "by": scene.peers.code, "enclosed": [], "once": ""}
    sealed_words = sealed.turn(bytes(envelope.voice.public), code, 2, heard)
    about = {"by": scene.peers, "is_transcript": True, "said_on": clock.today()}
    Turn.objects.create(voice=envelope.voice, number=2, sealed=sealed_words, **about)
    repeating = written(code, text="Some say that they closed before I came there.")
    answer = unescape(scene.of(scene.edi).post(f"{scene.place}finding", repeating).content.decode())
    assert "“they closed before I came”" in answer
    assert not Finding.objects.exists()


def test_it_repeats_no_voice_beside_those_that_were_chosen(scene: Scene) -> None:
    opened(scene, scene.edi)
    other = opened(scene, scene.edi, text="Something else.")[1]
    quoting = written(other, text=f"They say: {WORDS}")
    answer = unescape(scene.of(scene.edi).post(f"{scene.place}finding", quoting).content.decode())
    assert "These words stand in a voice: “The needles are too short, and nobody asks us" in answer
    assert not Finding.objects.exists()


@pytest.mark.parametrize("name", ["topic", "area"])
def test_a_topic_or_a_place_of_four_words_is_ones_own_until_three_name_it(scene: Scene, name: str) -> None:
    codes = []
    for number, said in enumerate(["Behind the old mill", "behind the OLD mill", " Behind the old mill "]):
        codes.append(opened(scene, scene.edi, text=f"Other words, number {number}.", **{name: said})[1])
        named = written(*codes, **{name: "Behind the old mill"})
        answer = scene.of(scene.edi).post(f"{scene.place}finding", named)
        assert answer.status_code == (303 if number == 2 else 200)
        assert ("“Behind the old mill”" in unescape(answer.content.decode())) == (number < 2)
    more = {"voices": [opened(scene, scene.edi, text="Other words, number 3.", **{name: "Behind the old mill"})[1]]}
    assert scene.of(scene.edi).post(f"{Finding.objects.get().get_absolute_url()}sources", more).status_code == 303


@pytest.mark.parametrize("is_published", [True, False])
def test_a_source_whose_words_a_finding_says_already_is_not_added_to_it(scene: Scene, is_published: bool) -> None:
    _, code = opened(scene, scene.edi, is_published=is_published)
    finding = found.finding(scene.peers, 5, text="They say that needles are too short.")
    answer = scene.of(scene.edi).post(f"{finding.get_absolute_url()}sources", {"voices": [code]})
    assert "“needles are too short”" in unescape(answer.content.decode())
    assert finding.sources.count() == 5


def test_after_a_no_nothing_of_her_words_stands_anywhere(scene: Scene) -> None:
    receipt, code = opened(scene, scene.edi)
    finding, edi, client = publish(scene, code), scene.of(scene.edi), Client()
    told = {"text": "Somebody waited.", "pseudonym": "brave otter", "topic": "T", "area": "", "language": "en"}
    assert edi.post(f"{scene.place}{code}/tell", told).status_code == 303
    come_back(client, receipt)
    assert "stays, until they take it back" in page(client, "/voices/consent")
    said = unescape(client.post("/voices/consent", {"may_be_told": "no"}).content.decode())
    assert "together with at least two others, in words that are not yours" in said
    assert "What peers found and published before stays, until they take it back." in said
    assert WORDS not in page(Client(), finding.get_absolute_url())
    assert WORDS not in page(Client(), "/stories/")


def test_a_voice_that_may_only_be_counted_counts_with_two_others(scene: Scene) -> None:
    closed, one, two = (opened(scene, scene.edi, is_published=is_free)[1] for is_free in (False, True, True))
    edi = scene.of(scene.edi)
    for chosen in ([closed], [closed, one]):
        shown = unescape(edi.post(f"{scene.place}finding", written(*chosen)).content.decode())
        assert "may only be counted together with at least two others" in shown
    assert "needs at least two others beside it" in page(edi, f"{scene.place}finding")
    assert not Finding.objects.exists()
    alone = publish(scene, one, text="It is the first of these findings.")
    add = f"{alone.get_absolute_url()}sources"
    shown = unescape(edi.post(add, {"voices": [closed]}).content.decode())
    assert "may only be counted together with at least two others" in shown
    assert edi.post(add, {"voices": [closed, two]}).status_code == 303
    assert publish(scene, closed, one, two).sources.count() == alone.sources.count() == 3


def test_no_other_is_taken_out_beside_a_voice_that_may_only_be_counted(scene: Scene) -> None:
    closed, one, two = (opened(scene, scene.edi, is_published=is_free)[1] for is_free in (False, True, True))
    finding, edi = publish(scene, closed, one, two), scene.of(scene.edi)
    answer = edi.post(f"{scene.place}{one}/out", {"finding": finding.code})
    assert answer.status_code == 200
    assert "would stand here with fewer than two others" in unescape(answer.content.decode())
    assert finding.sources.count() == 3
    for code in (closed, one, two):
        assert edi.post(f"{scene.place}{code}/out", {"finding": finding.code}).status_code == 303
    assert finding.sources.count() == 0


def test_when_consent_ends_later_the_organisation_is_asked_to_add_voices_or_take_it_back(scene: Scene) -> None:
    receipt, code = opened(scene, scene.edi)
    finding, edi, client = publish(scene, code), scene.of(scene.edi), Client()
    asks, notice = "Count more voices in this finding, or take it back", "A voice behind it may only be counted now"
    assert asks not in page(edi, "/desk/")
    come_back(client, receipt)
    client.post("/voices/consent", {"may_be_told": "no"})
    assert asks in page(edi, "/desk/")
    assert notice in page(edi, finding.get_absolute_url())
    assert notice not in page(Client(), finding.get_absolute_url())
    assert SAID in come_back(Client(), receipt), "she still hears what becomes of it"
    more = [opened(scene, scene.edi, text=f"Other words, number {number}.")[1] for number in range(2)]
    assert edi.post(f"{finding.get_absolute_url()}sources", {"voices": more}).status_code == 303
    assert asks not in page(edi, "/desk/")
    assert notice not in page(edi, finding.get_absolute_url())


def test_a_consent_that_ends_while_a_finding_is_made_is_seen(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    _, code = opened(scene, scene.edi)
    real = actions.queries.offered

    def offered(*about: Any) -> Any:
        assert connection.in_atomic_block, "read while the row is held"
        return real(*about)

    monkeypatch.setattr(actions.queries, "offered", offered)
    about = {name: value for name, value in written(code).items() if name != "voices"}
    groupable = actions.queries.public_groupable(scene.inbox)
    Voice.objects.update(may_be_told=False)
    with pytest.raises(Refused, match="at least two others"):
        actions.publish_finding(scene.edi.actor, groupable, key=scene.edi.key, voices=[code], **about)


def test_voices_are_told_apart_and_those_of_a_topic_stand_together(scene: Scene) -> None:
    edi = scene.of(scene.edi)
    first = opened(scene, scene.edi, text="They are too short. I said so.")[1]
    door = opened(scene, scene.edi, text="The door stays shut at night.", topic="Nights", kind="need")[1]
    last = opened(scene, scene.edi, text="Mine bend after a day.", topic="needles", is_published=False)[1]
    bare = opened(scene, scene.edi, text="Nobody asks us.", topic="", kind="")[1]
    shown = page(edi, f"{scene.place}finding").replace("\u2068", "").replace("\u2069", "")
    groups = re.findall(r'<legend dir="auto">([^<]+)</legend>(.*?)</fieldset>', shown, re.S)
    assert [(name, set(re.findall(r'value="(\w+)"', some))) for name, some in groups] == [
        ("needles", {first, last}),
        ("Nights", {door}),
        ("Without a topic", {bare}),
    ]
    assert "They are too short. · something is wrong · Sent on" in shown
    assert "The door stays shut at night. · something is missing · Sent on" in shown
    assert "Nobody asks us. · Sent on" in shown, "left open"
    assert not re.search(r'name="kind" value="open"', shown), "whoever says it in public says what it is"


def test_a_page_with_many_voices_asks_as_often_as_one_with_few(scene: Scene) -> None:
    edi, asked = scene.of(scene.edi), []
    for more in (2, 6):
        for number in range(more):
            opened(scene, scene.edi, text=f"Other words, number {number}.")
        for place in (f"{scene.place}finding", "/desk/"):
            page(edi, place)
            with CaptureQueriesContext(connection) as statements:
                page(edi, place)
            asked.append(len(statements))
    assert asked[:2] == asked[2:]


def test_the_desk_has_one_card_for_each_inbox(scene: Scene) -> None:
    for _ in range(12):
        send(scene, Client())
    desk = page(scene.of(scene.edi), "/desk/")
    assert desk.count("12 voices wait to be read") == 1
    assert desk.count("Read what was sent, and answer") == 1
    assert f'href="{scene.place}"' in desk
