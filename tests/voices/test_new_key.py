"""A new key of the inbox loses no voice unseen: a lost week is waited for, and what is damaged is said."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests import make
from tests.public_log.bending import found
from tests.voices.found import finding
from tests.voices.scene import WORDS, Scene, come_back, for_a_story, send, weeks_end
from tests.voices.test_consent import inbox_of, read, second_inbox, visiting
from tests.voices.test_inboxes import form
from tests.voices.test_told import ANSWERS
from withus.compute.verifier import read_entry
from withus.core import buckets, clock
from withus.core.errors import CannotSeal
from withus.people import actions as people
from withus.policy.facts import SYSTEM, VISITOR, Role
from withus.public_log.models import LogEntry
from withus.public_log.rows import Told
from withus.voices import queries, weeks
from withus.voices.consent import actions as consent
from withus.voices.findings.models import Source
from withus.voices.inboxes import queries as inboxes
from withus.voices.inboxes import unlocking
from withus.voices.inboxes.models import Inbox
from withus.voices.models import Envelope, Voice
from withus.voices.sending import LIVES
from withus.voices.stories.models import Story

WAYS = ["renew", "recover"]


@pytest.fixture
def two_weeks(scene: Scene, home: Path) -> Any:
    """Two voices of one week and one of the next; the file of the first week's key."""
    weeks_end()
    receipts = [send(scene, Client()), send(scene, Client())]
    first = buckets.week_of(Voice.objects.earliest("week").ends_on)
    with clock.at(clock.today() + timedelta(days=7)):
        weeks_end()
        receipts.append(send(scene, Client()))
        yield receipts, home / "keys" / buckets.file_of(first)


def post(scene: Scene, way: str, **more: Any) -> str:
    """The page after Lu asked for a new key, in this way."""
    private = inboxes.unlocked(scene.lu.actor, scene.inbox, scene.lu.key)
    assert private
    lu, place = scene.of(scene.lu), f"{scene.place}{way}"
    sent = form(lu.get(place)) | {"without": "", "paper": unlocking.on_paper(private)} | more
    return str(lu.post(place, sent).content.decode())


def readable(scene: Scene) -> int:
    """How many voices Lu opens."""
    lying = list(queries.envelopes(scene.lu.actor, scene.peers))
    return len(queries.opened_all(scene.lu.actor, lying, scene.lu.key))


def is_asked_for_a_number(page: str) -> bool:
    """Whether the page has room for the number of voices that she gives up."""
    return re.search(r'<input type="text"[^>]* name="giving_up"', page) is not None


@pytest.mark.parametrize("other", [None, bytes(range(32)), b"no key"])
@pytest.mark.parametrize("way", WAYS)
def test_while_a_weeks_key_is_not_here_no_new_key_is_made(
    scene: Scene, two_weeks: Any, way: str, other: bytes | None
) -> None:
    _, file = two_weeks
    key, rows = file.read_bytes(), list(Envelope.objects.order_by("pk").values())
    file.unlink() if other is None else file.write_bytes(other)
    lost = weeks.lost()
    assert list(lost.values()) == [2]
    for more in ({}, {"giving_up": "1"}, {"giving_up": "3"}):
        page = post(scene, way, **more)
        assert f"The key of these weeks is not here, or another one lies in its place: {', '.join(lost)}" in page
        assert "Voices that would be lost with a new key: 2." in page
        assert "Nothing was changed" in page
    assert (scene.inbox.number, list(Envelope.objects.order_by("pk").values())) == (1, rows)
    assert inboxes.public_number_of_readers(scene.peers) == 2

    file.write_bytes(key)
    assert "Paper key" in post(scene, way)
    assert (scene.inbox.number, readable(scene)) == (2, 3)


def test_meanwhile_whoever_loses_her_role_opens_nothing(scene: Scene, two_weeks: Any) -> None:
    _, file = two_weeks
    key = file.read_bytes()
    file.unlink()
    assert "When her role here ends" in post(scene, "renew", without=scene.edi.pseudonym)
    assert inboxes.unlocked(scene.edi.actor, scene.inbox, scene.edi.key), "nothing was changed"
    people.dismiss(SYSTEM, scene.peers, pseudonym=scene.edi.pseudonym, role=Role.PEER_EDITOR)
    assert inboxes.unlocked(scene.edi.actor, scene.inbox, scene.edi.key) is None
    file.write_bytes(key)
    assert "Paper key" in post(scene, "renew")
    assert readable(scene) == 3


@pytest.mark.parametrize("way", WAYS)
def test_a_key_that_is_lost_for_good_shuts_no_inbox(scene: Scene, two_weeks: Any, way: str) -> None:
    receipts, file = two_weeks
    key = file.read_bytes()
    file.unlink()
    assert not is_asked_for_a_number(scene.of(scene.lu).get(f"{scene.place}{way}").content.decode())
    assert is_asked_for_a_number(post(scene, way))
    assert "Paper key" in post(scene, way, giving_up="2")
    assert (scene.inbox.number, readable(scene)) == (2, 1)

    file.write_bytes(key)  # it was not lost after all
    client = Client()
    page = come_back(client, receipts[0])
    assert WORDS in page
    assert "No reader has it" in page
    assert "cannot be read there any more" in page


def test_one_damaged_voice_is_told_and_holds_up_no_new_key(scene: Scene, two_weeks: Any) -> None:
    bad = Envelope.objects.select_related("voice").earliest("voice__week", "pk")
    Envelope.objects.filter(pk=bad.pk).update(wrap=bytes(bad.wrap)[:-1] + bytes([bad.wrap[-1] ^ 1]))
    page = post(scene, "renew")
    assert "Damaged voices, which no key opens any more: 1." in page
    assert "is not here, or another one" not in page, "there is no file to put back"
    assert scene.inbox.number == 1
    assert "Paper key" in post(scene, "renew", giving_up="1")
    assert (scene.inbox.number, readable(scene)) == (2, 2)
    assert "Paper key" in post(scene, "renew"), "nothing is left that could hold the next one up"


def test_who_sent_what_was_damaged_can_let_them_read_it_anew(scene: Scene, two_weeks: Any) -> None:
    receipts, _ = two_weeks
    Envelope.objects.update(wrap=b"1damaged")
    assert "Damaged voices, which no key opens any more: 3." in post(scene, "renew")
    assert "Paper key" in post(scene, "renew", giving_up="3")
    for receipt in receipts:
        client = Client()
        assert "No reader has it" in come_back(client, receipt)
        assert client.post("/voices/share", {"inbox": scene.inbox.code}).status_code == 303
    assert readable(scene) == 3


def damage(envelope: Envelope) -> None:
    """Its readers can open it no more, whichever key they have."""
    Envelope.objects.filter(pk=envelope.pk).update(wrap=b"1damaged")


def facts_of_last(scene: Scene) -> Any:
    """What the public record of the inbox's newest key says."""
    (told,) = [one["facts"] for one in recorded("inbox.renewed") if one["facts"]["inbox"] == scene.inbox.number]
    return told


def recorded(type: str) -> list[Any]:
    """The records of this type."""
    bodies = LogEntry.objects.order_by("seq").values_list("body", flat=True)
    return [one for one in map(read_entry, map(bytes, bodies)) if one["type"] == type]


def test_the_log_says_how_many_voices_were_given_up_and_its_check_compares_it(scene: Scene, two_weeks: Any) -> None:
    damage(Envelope.objects.earliest("pk"))
    assert "The public log will say this number" in unescape(post(scene, "renew"))
    assert "Paper key" in post(scene, "renew", giving_up="1")
    assert facts_of_last(scene)["given_up"] == 1
    assert "Paper key" in post(scene, "renew", giving_up="7")
    assert facts_of_last(scene)["given_up"] == 0, "what was lost, not what was typed"
    assert found() == []
    Inbox.objects.filter(number=2).update(given_up=0)
    assert [one for one in found() if "given_up in its row differs" in one]


def test_a_key_from_before_the_log_said_so_agrees_with_its_record(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Inbox.told

    def as_once(made: Inbox) -> Told:
        now = told(made)
        return replace(now, facts={fact: now.facts[fact] for fact in now.facts if fact not in now.later})

    with monkeypatch.context() as patch:
        patch.setattr(Inbox, "told", as_once)
        assert "Paper key" in post(scene, "renew")
    assert "given_up" not in facts_of_last(scene)
    assert found() == []


def test_given_up_a_told_and_counted_voice_stays_in_her_hands(scene: Scene, two_weeks: Any) -> None:
    client, opened = visiting(send(scene, Client(), **for_a_story(scene)))
    voice = opened.voice
    story = make_story(scene, voice)
    Source.objects.create(finding=finding(scene.peers), locator=voice.locator, added_on=clock.today())
    damage(voice.envelopes.get())
    post(scene, "renew", giving_up="1")

    page = read(client, "/voices/return")
    assert "cannot be read there any more" in page
    assert "It may be told as a story" in page
    assert "Nobody can count it or tell it now" not in page
    assert "Say more" not in page
    assert client.post("/voices/more", {"text": "More"}).status_code == 200
    assert voice.turns.count() == 1, "nobody would read it"
    paper = client.post("/voices/counter-receipt", {"organisation": scene.peers.code}).content.decode()
    assert scene.peers.name in paper
    assert f'name="organisation" value="{scene.peers.code}"' in read(client, "/voices/consent")

    page = unescape(client.post("/voices/withdraw").content.decode())
    assert "The story is taken back" in page
    assert "may only be counted" not in page
    story.refresh_from_db()
    assert not story.is_told
    assert not Source.objects.filter(locator=voice.locator).exists()
    assert not voice.envelopes.exists()


def test_given_up_it_can_be_taken_from_them_or_shared_with_them_anew(scene: Scene, two_weeks: Any) -> None:
    client, opened = visiting(two_weeks[0][0])
    damage(opened.voice.envelopes.get())
    post(scene, "renew", giving_up="1")
    for _ in range(2):
        assert client.post("/voices/share", {"inbox": scene.inbox.code}).status_code in (200, 303)
    assert [one.inbox for one in opened.voice.envelopes.all()] == [scene.inbox]
    assert readable(scene) == 3

    damage(opened.voice.envelopes.get())
    post(scene, "renew", giving_up="1")
    assert client.post("/voices/take-from", {"organisation": scene.peers.code}).status_code == 303
    assert not opened.voice.envelopes.exists()


def test_given_up_by_some_it_is_closed_once_the_others_close_it(scene: Scene) -> None:
    weeks_end()
    theirs, reader = second_inbox(make.recognised("Open Hands"))
    send(scene, Client(), audience=[scene.peers.code, theirs.code])
    damage(Envelope.objects.get(inbox=scene.inbox))
    post(scene, "renew", giving_up="1")
    before = Voice.objects.get().week
    address = Envelope.objects.get(inbox=inbox_of(theirs)).get_absolute_url()
    for deed in ("open", "close"):
        scene.of(reader).post(f"{address}{deed}")
    assert Voice.objects.get().week < before


def test_a_row_whose_wraps_are_both_damaged_asks_for_no_key_while_a_neighbour_opens(
    scene: Scene, two_weeks: Any
) -> None:
    bad = Voice.objects.order_by("week", "pk")[0]
    Voice.objects.filter(pk=bad.pk).update(own_wrap=b"1damaged")
    damage(bad.envelopes.get())
    assert weeks.lost() == {}
    with clock.at(bad.ends_on - LIVES):
        assert weeks.latest(LIVES) == bad.week, "it takes new voices"
    page = post(scene, "renew")
    assert "Damaged voices, which no key opens any more: 1." in page
    assert "is not here, or another one" not in page


def test_with_another_key_in_its_place_nothing_is_shared(scene: Scene, two_weeks: Any) -> None:
    receipts, file = two_weeks
    theirs, _ = second_inbox(make.recognised("Open Hands"))
    _, opened = visiting(receipts[0])
    file.write_bytes(bytes(range(32)))
    with pytest.raises(CannotSeal):
        consent.share_voice(VISITOR, opened, inbox=inbox_of(theirs))
    assert opened.voice.envelopes.count() == 1


def make_story(scene: Scene, voice: Voice) -> Story:
    """Edi tells it."""
    edi, place = scene.of(scene.edi), voice.envelopes.get().get_absolute_url()
    edi.post(f"{place}open")
    assert edi.post(f"{place}tell", ANSWERS).status_code == 303
    return Story.objects.get()


def test_one_damaged_voice_holds_up_no_answer_of_others(scene: Scene, home: Path) -> None:
    weeks_end()
    theirs, reader = second_inbox(make.recognised("Open Hands"))
    receipt = send(scene, Client(), audience=[scene.peers.code, theirs.code])
    Envelope.objects.filter(inbox=scene.inbox).update(wrap=b"1damaged")
    before = Voice.objects.get().week
    with clock.at(clock.today() + timedelta(days=7)):
        weeks_end()
        scene.browsers.clear()
        address = Envelope.objects.get(inbox=inbox_of(theirs)).get_absolute_url()
        assert scene.of(reader).post(f"{address}answer", {"text": "On Monday."}).status_code == 303
        assert "On Monday." in come_back(Client(), receipt)
        assert Voice.objects.get().week > before, "it lives longer, for all who can open it"


def test_what_has_ended_holds_up_no_new_key(scene: Scene, two_weeks: Any) -> None:
    _, file = two_weeks
    file.unlink()
    with clock.at(Voice.objects.earliest("week").ends_on + timedelta(days=1)):
        scene.browsers.clear()
        assert "Paper key" in post(scene, "renew")
        assert (Voice.objects.count(), readable(scene)) == (3, 1)
