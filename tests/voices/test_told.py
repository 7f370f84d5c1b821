"""A story: told while the consent holds, taken back with the receipt or by those who tell it; then it is nowhere."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client

from tests import make
from tests.public_log.bending import bend, found, undone
from tests.voices.scene import WORDS, Scene, come_back, for_a_story, only, send, weeks_end
from tests.voices.test_consent import inbox_of, read, second_inbox, visiting
from withus.core import buckets, clock
from withus.core.errors import Denied, Refused
from withus.people import names
from withus.policy.facts import SYSTEM, VISITOR, Role
from withus.public_log.append import append_pending
from withus.public_log.models import LogEntry, LogOpening, LogPending
from withus.texts import actions as texts
from withus.texts.models import Translation
from withus.voices import sealed
from withus.voices.consent import actions as consent
from withus.voices.models import Turn, Voice
from withus.voices.stories import actions
from withus.voices.stories.models import Story
from withus.voices.stories.queries import Tellable, Withdrawable

TOLD = "Somebody waited a whole winter for longer needles."
ANSWERS = {"text": TOLD, "pseudonym": "brave otter", "topic": "Needles", "area": "Harbor", "language": "en"}


def send_for_all(scene: Scene) -> str:
    """A voice that may be told, and its receipt."""
    return send(scene, Client(), **for_a_story(scene))


def tell(scene: Scene, **more: str) -> Story:
    """Edi tells the one voice there is."""
    place, edi = only()[1].get_absolute_url(), scene.of(scene.edi)
    edi.post(f"{place}open")
    answer = edi.post(f"{place}tell", ANSWERS | more)
    assert answer.status_code == 303, answer.content.decode()
    story = Story.objects.get(is_told=True)
    assert answer["Location"] == f"/stories/{story.code}/"
    return story


def taken_back() -> list[LogEntry]:
    """The entries that say so."""
    return [one for one in LogEntry.objects.all() if b"story.withdrawn" in bytes(one.body)]


def is_gone(story: Story) -> bool:
    """Whether a story is answered like one that never was, on every page, and its row is a tombstone."""
    story.refresh_from_db()
    missing, now = Client().get("/stories/NOTHING/"), Client().get(f"/stories/{story.code}/")
    assert now.content == missing.content.replace(b"NOTHING", story.code.encode())
    assert (now.status_code, now["Cache-Control"]) == (404, "no-store")
    assert TOLD not in read(Client(), "/stories/")
    assert not LogOpening.objects.filter(subject=story.code).exists()
    return (story.is_told, story.locator, story.text, story.pseudonym, story.topic, story.area) == (
        False, None, "", "", "", "",
    )  # fmt: skip


def test_told_it_is_for_everybody_and_kept_by_no_cache(scene: Scene) -> None:
    client, _ = visiting(send_for_all(scene))
    story = tell(scene)
    for place in ("/stories/", f"/stories/{story.code}/"):
        answer = Client().get(place)
        page = unescape(answer.content.decode())
        assert all(word in page for word in (TOLD, "brave otter", "Needles", "Harbor", "Lantern"))
        assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("no-store", "noindex")
        assert "ETag" not in answer
    assert "/stories/" in read(Client(), "/")
    page = read(client, "/voices/return")
    assert "Your story, as everybody can read it" in page
    assert TOLD in page
    entry = bytes(LogEntry.objects.get(subject=story.code).body).decode()
    assert all(word not in entry for word in (TOLD, "brave otter", "Harbor"))
    assert found() == []


def test_whoever_tells_it_sees_what_was_sent_and_heard(scene: Scene) -> None:
    send(scene, Client(), **for_a_story(scene), text=WORDS)
    voice, envelope = only()
    for number, (text, by) in enumerate((("They come at four", scene.peers), ("and I work then.", None)), start=2):
        said = {"text": text, "by": by.code if by else "", "enclosed": [], "once": ""}
        words = sealed.turn(bytes(voice.public), voice.code, number, said)
        about = {"by": by, "is_transcript": bool(by), "said_on": clock.today()}
        Turn.objects.create(voice=voice, number=number, sealed=words, **about)
    edi, place = scene.of(scene.edi), envelope.get_absolute_url()
    assert WORDS not in read(edi, f"{place}tell"), "before she opens it"
    edi.post(f"{place}open")
    page = read(edi, f"{place}tell")
    sent = page[page.index("What was sent") : page.index("</details>")]
    for word in (WORDS, "Heard and written down:", "They come at four", "and I work then.", "Said: something is wrong"):
        assert word in sent, word


@pytest.mark.parametrize("field", ["text", "topic", "area"])
def test_a_story_repeats_no_four_words_of_its_voice(scene: Scene, field: str) -> None:
    send_for_all(scene)
    voice, envelope = only()
    heard = {"text": "They closed before I came", "by": scene.peers.code, "enclosed": [], "once": ""}
    words = sealed.turn(bytes(voice.public), voice.code, 2, heard)
    about = {"by": scene.peers, "is_transcript": True, "said_on": clock.today()}
    Turn.objects.create(voice=voice, number=2, sealed=words, **about)
    place, edi = envelope.get_absolute_url(), scene.of(scene.edi)
    edi.post(f"{place}open")
    for quoted in ("NEEDLES are too-short", "they closed before I came"):
        page = unescape(edi.post(f"{place}tell", ANSWERS | {field: f"And {quoted}, I say."}).content.decode())
        assert f"These words stand in a voice: “{quoted}”. Say it in words of your own." in page
        assert f'href="#id_{field}"' in page
    assert not Story.objects.exists()
    tell(scene)


def test_without_consent_there_is_no_form_and_it_is_refused(scene: Scene) -> None:
    send(scene, Client())
    place, edi = only()[1].get_absolute_url(), scene.of(scene.edi)
    edi.post(f"{place}open")
    assert "Tell it as a story" not in read(edi, place)
    page = read(edi, f"{place}tell")
    assert "It may only be counted" in page
    assert '<textarea id="id_text"' not in page
    assert edi.post(f"{place}tell", ANSWERS).status_code == 200
    with pytest.raises(Refused, match="may only be counted"):
        actions.tell_story(scene.edi.actor, Tellable(only()[1]), key=scene.edi.key, **ANSWERS)
    assert not Story.objects.exists()


def test_a_consent_that_ended_between_page_and_form_is_seen(scene: Scene) -> None:
    client, _ = visiting(send_for_all(scene))
    place, edi = only()[1].get_absolute_url(), scene.of(scene.edi)
    edi.post(f"{place}open")
    assert '<textarea id="id_text"' in read(edi, f"{place}tell")
    stale = Tellable(only()[1])
    assert stale.envelope.voice.may_be_told
    client.post("/voices/consent", {"may_be_told": "no"})
    with pytest.raises(Refused, match="may only be counted"):  # as it was read before
        actions.tell_story(scene.edi.actor, stale, key=scene.edi.key, **ANSWERS)
    assert edi.post(f"{place}tell", ANSWERS).status_code == 200
    client.post("/voices/consent", {"may_be_told": "yes"})
    client.post("/voices/withdraw")
    with pytest.raises(Refused, match="not here any more"):
        actions.tell_story(scene.edi.actor, stale, key=scene.edi.key, **ANSWERS)
    client.post("/voices/erase")
    with pytest.raises(Refused, match="not here any more"):
        actions.tell_story(scene.edi.actor, stale, key=scene.edi.key, **ANSWERS)
    assert not Story.objects.exists()


def test_only_peers_who_read_it_tell_it(scene: Scene) -> None:
    _, opened = visiting(send_for_all(scene))
    council, mina = second_inbox(scene.council, Role.BODY_SECRETARY, Role.DUTY_BEARER)
    consent.share_voice(VISITOR, opened, inbox=inbox_of(council))
    theirs = opened.voice.envelopes.get(inbox__organisation=council)
    with pytest.raises(Denied):
        actions.tell_story(mina.actor, Tellable(theirs), key=mina.key, **ANSWERS)
    assert scene.of(mina).get(f"{theirs.get_absolute_url()}tell").status_code == 403
    ours = opened.voice.envelopes.get(inbox__organisation=scene.peers)
    steward = make.somebody(Role.ORG_STEWARD, scene.peers)  # without the key
    for who in (scene.cem, steward, make.somebody(Role.PEER, scene.peers), make.somebody(Role.INSTANCE_STEWARD)):
        for send_it in (scene.of(who).get, lambda place, who=who: scene.of(who).post(place, ANSWERS)):
            assert send_it(f"{ours.get_absolute_url()}tell").status_code in {403, 404}
        with pytest.raises(Denied):
            actions.tell_story(who.actor, Tellable(ours), key=who.key, **ANSWERS)
    with pytest.raises(Refused, match="does not open"):
        actions.tell_story(scene.lu.actor, Tellable(ours), key=scene.edi.key, **ANSWERS)
    assert not Story.objects.exists()


def test_of_one_voice_there_is_one_story_however_often_it_is_sent(scene: Scene) -> None:
    _, opened = visiting(send_for_all(scene))
    tell(scene)
    place = only()[1].get_absolute_url()
    again = scene.of(scene.edi).post(f"{place}tell", ANSWERS)
    assert "It is told already" in unescape(again.content.decode())
    others, reader = second_inbox(make.recognised("Open Hands"))
    consent.share_voice(VISITOR, opened, inbox=inbox_of(others))
    theirs = opened.voice.envelopes.get(inbox__organisation=others)
    with pytest.raises(Refused, match="one story"):
        actions.tell_story(reader.actor, Tellable(theirs), key=reader.key, **ANSWERS)
    assert Story.objects.count() == 1


@pytest.mark.parametrize("name", ["Ana", "otter brave", "calm-otter-1001", "<b>brave</b> otter", "x y"])
def test_the_name_is_made_up_or_nobodys(scene: Scene, name: str) -> None:
    send_for_all(scene)
    place, edi = only()[1].get_absolute_url(), scene.of(scene.edi)
    edi.post(f"{place}open")
    page = unescape(edi.post(f"{place}tell", ANSWERS | {"pseudonym": name}).content.decode())
    assert "Please choose one of the answers" in page
    assert TOLD in page, "nothing that was typed is lost"
    assert not Story.objects.exists()


def test_a_name_is_drawn_and_somebody_is_somebody(scene: Scene) -> None:
    send_for_all(scene)
    place, edi = only()[1].get_absolute_url(), scene.of(scene.edi)
    edi.post(f"{place}open")
    drawn = {edi.get(f"{place}tell").context["form"]["pseudonym"].initial for _ in range(9)}
    assert len(drawn) > 1
    assert all(names.is_for_a_story(one) and "-" not in one for one in drawn)
    story = tell(scene, pseudonym="somebody")
    assert story.pseudonym == ""
    assert "Somebody" in read(Client(), f"/stories/{story.code}/")


def _carried(page: HttpResponse) -> str:
    return re.search(r'name="typed" value="([^"]+)"', page.content.decode())[1]  # type: ignore[index]


def test_a_story_that_was_sent_too_late_comes_back_with_the_name_that_was_drawn(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_for_all(scene)
    place, edi, real = only()[1].get_absolute_url(), scene.of(scene.edi), clock.now
    edi.post(f"{place}open")
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(minutes=61))
    hers = {"pseudonym": scene.edi.pseudonym, "passphrase": scene.edi.passphrase}
    inside = edi.post("/sign-in", hers | {"typed": _carried(edi.post(f"{place}tell", ANSWERS))})
    plain = "application/x-www-form-urlencoded"
    page = edi.post(f"{place}tell", urlencode({"typed": _carried(inside)}), content_type=plain)
    assert page.context["form"]["pseudonym"].value() == "brave otter"
    assert [value for value, _ in page.context["form"].fields["pseudonym"].choices] == ["brave otter", "somebody"]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"text": "Call 0171 234 56 78 at night."}, "a phone number"),
        ({"area": "ana@example.org"}, "an e-mail address"),
        ({"text": ""}, "Please answer"),
        ({"text": "a" * 5001}, "too long"),
        ({"topic": "..."}, "Write it in words"),
    ],
)
def test_what_points_to_somebody_is_asked_about_and_what_is_wrong_is_said(
    scene: Scene, more: dict[str, str], says: str
) -> None:
    send_for_all(scene)
    place, edi = only()[1].get_absolute_url(), scene.of(scene.edi)
    edi.post(f"{place}open")
    page = unescape(edi.post(f"{place}tell", ANSWERS | more).content.decode())
    assert says in page
    assert "brave otter" in page, "the name stays the same"
    assert not Story.objects.exists()


def test_hostile_words_are_words(scene: Scene) -> None:
    send_for_all(scene)
    story = tell(scene, text='<script>alert(1)</script> & "x" \u202e{{ 1 }}'.replace("\u202e", ""), topic="<i>t</i>")
    for place in ("/stories/", f"/stories/{story.code}/"):
        page = Client().get(place).content.decode()
        assert "<script>alert" not in page
        assert "<i>t</i>" not in page
        assert "{{ 1 }}" in page


@pytest.mark.parametrize("how", ["story", "consent", "withdraw", "erase", "take-from"])
def test_with_the_receipt_it_is_taken_back_and_nowhere_any_more(scene: Scene, how: str) -> None:
    client, _ = visiting(send_for_all(scene))
    story = tell(scene)
    texts.translate(scene.edi.actor, story, kind="story", field="text", language="ar", text="قصة")
    place, said = {
        "story": (f"/voices/stories/{story.code}/withdraw", {}),
        "consent": ("/voices/consent", {"may_be_told": "no"}),
        "take-from": ("/voices/take-from", {"organisation": scene.peers.code}),
    }.get(how, (f"/voices/{how}", {}))
    answer = client.post(place, said)
    if how != "take-from" and how != "withdraw":
        until = clock.today() + timedelta(days=30)
        assert f"{until:%-d %B %Y}" in answer.content.decode(), "until when older copies can hold it"
    assert client.post(place, said).status_code in {200, 303}, "sent twice"
    assert is_gone(story)
    assert not Translation.objects.exists()
    assert not Voice.objects.filter(may_be_told=True).exists()
    assert [TOLD in read(client, page) for page in ("/voices/return", "/voices/consent")] == [False, False]
    (waiting,) = LogPending.objects.filter(body__contains="story.withdrawn")
    assert '"actor": "peers"' in waiting.body
    assert "at" not in waiting.body.split('"')
    append_pending()
    assert found() == []
    (entry,) = taken_back()
    assert TOLD not in read(Client(), f"/log/entries/{entry.seq}")


def test_with_the_receipt_also_after_the_voice_has_ended(scene: Scene) -> None:
    receipt = send_for_all(scene)
    story = tell(scene)
    with clock.at(buckets.last_day(only()[0].week) + timedelta(days=1)):
        weeks_end()
        assert not Voice.objects.exists()
        assert TOLD in read(Client(), f"/stories/{story.code}/")
        client = Client()
        page = come_back(client, receipt)
        assert "Your own words are gone from here" in page
        assert TOLD in page
        answer = client.post(f"/voices/stories/{story.code}/withdraw")
        assert "The story is taken back" in answer.content.decode()
        assert is_gone(story)
        assert "There is nothing under this receipt" in come_back(Client(), receipt)


def test_nobody_elses_receipt_takes_it_back(scene: Scene) -> None:
    send_for_all(scene)
    story = tell(scene)
    other = Client()
    come_back(other, send(scene, Client()))
    stranger = Client()
    come_back(stranger, "0" * 16)
    for client in (other, stranger, Client(), scene.of(scene.cem), scene.of(scene.mina)):
        assert client.post(f"/voices/stories/{story.code}/withdraw").status_code == 403
        assert client.get(f"/voices/stories/{story.code}/withdraw").status_code == 405
        assert 'class="button button-grave">Take' not in read(client, f"/stories/{story.code}/")
    assert Client().post("/voices/stories/NOTHING/withdraw").status_code == 404
    with pytest.raises(Denied):
        actions.withdraw_story(scene.cem.actor, Withdrawable(story, is_own=False))
    assert TOLD in read(Client(), f"/stories/{story.code}/")


def test_the_organisation_takes_it_back_and_may_tell_it_better(scene: Scene) -> None:
    send_for_all(scene)
    story, lu = tell(scene), scene.of(scene.lu)
    assert "Take this story back" in read(lu, f"/stories/{story.code}/")
    for _ in range(2):
        answer = lu.post(f"/voices/stories/{story.code}/withdraw")
        assert answer.status_code in {303, 404}
    assert is_gone(story)
    assert only()[0].may_be_told, "her consent is hers"
    assert len(taken_back()) == 1
    assert tell(scene, text="Told better.").code != story.code
    assert found() == []


def test_an_organisation_that_is_not_recognised_any_more_tells_nothing(scene: Scene) -> None:
    send_for_all(scene)
    bend("DELETE FROM withus_countersignature")
    with pytest.raises(Refused, match="not recognised"):
        actions.tell_story(scene.edi.actor, Tellable(only()[1]), key=scene.edi.key, **ANSWERS)


def test_rows_that_are_bent_by_hand_are_found(scene: Scene) -> None:
    send_for_all(scene)
    story = tell(scene)
    gone = "is_told = FALSE, locator = NULL, text = '', topic = '', area = '', pseudonym = ''"
    for sql in (
        "UPDATE withus_story SET text = 'Another.'",
        "UPDATE withus_story SET area = 'Elsewhere'",
        "UPDATE withus_story SET pseudonym = 'Ana'",
        "DELETE FROM withus_story",
        f"UPDATE withus_story SET {gone}",
    ):
        with undone():
            bend(sql)
            assert found(), sql
    with undone():
        bend(f"UPDATE withus_story SET {gone}")
        bend("DELETE FROM withus_log_opening WHERE subject = %s", story.code)
        assert [one for one in found() if "story.withdrawn" in one], "none goes without its record"


def test_beside_words_that_are_gone_nothing_is_put(scene: Scene) -> None:
    client, _ = visiting(send_for_all(scene))
    story = tell(scene)
    client.post("/voices/consent", {"may_be_told": "no"})
    with pytest.raises(Refused, match="not here any more"):
        texts.translate(SYSTEM, story, kind="story", field="text", language="ar", text="قصة")
    with pytest.raises(Refused, match="not here any more"):
        texts.record(SYSTEM, story, kind="story", field="text", language="ar", sound=b"OggS and more")
    assert not Translation.objects.exists()
