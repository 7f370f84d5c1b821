"""Two at once: one form is one voice, none waits for the other for ever, and what she ends has ended."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from tests import make
from tests.deliberation.test_races import at_once
from tests.voices import files
from tests.voices.scene import Scene, come_back, filled, for_a_story, send, set_up, shown, weeks_end
from tests.voices.slips import place, printed, typed
from tests.voices.test_consent import second_inbox
from tests.voices.test_findings import opened as opened_by
from tests.voices.test_findings import publish
from withus.core import clock
from withus.core.errors import Refused
from withus.policy.facts import VISITOR
from withus.voices import actions as voices
from withus.voices import queries
from withus.voices.assisted.models import BlankSlip
from withus.voices.consent import actions as consent
from withus.voices.findings.models import Source
from withus.voices.models import Envelope, Turn, Voice
from withus.voices.queries import Opened, public_reopened, public_visit
from withus.voices.stories import actions as stories
from withus.voices.stories.models import Story
from withus.voices.stories.queries import Tellable, Withdrawable

pytestmark = pytest.mark.usefixtures("own_database")


def test_one_form_sent_three_times_at_once_is_one_voice() -> None:
    scene = set_up()
    clients = [Client() for _ in range(3)]
    sent = filled(scene, clients[0])

    def send(client: Client) -> None:
        assert client.post("/voices/new", sent).status_code == 303

    assert at_once(*(lambda one=one: send(one) for one in clients)) == []
    assert (Voice.objects.count(), Turn.objects.count(), Envelope.objects.count()) == (1, 1, 1)
    assert len({shown(client) for client in clients}) == 1


def test_a_slip_typed_in_three_times_at_once_is_one_voice_and_says_so_twice() -> None:
    scene = set_up()
    workers = [scene.of(one) for one in (scene.lu, scene.edi)]
    (one,) = printed(scene, workers[0])
    mine, hers = (typed(scene, worker, one.number) for worker in workers)
    pages: list[str] = []

    def enter(worker: Client, sent: dict[str, object]) -> None:
        pages.append(worker.post(place(scene), sent).content.decode())

    browsers = [*workers, Client()]
    browsers[2].cookies = workers[0].cookies
    pairs = zip(browsers, (mine, hers, mine), strict=True)
    assert at_once(*(lambda one=one, sent=sent: enter(one, sent) for one, sent in pairs)) == []
    assert (Voice.objects.count(), Turn.objects.count(), BlankSlip.objects.count()) == (1, 1, 0)
    sent = sum("It is sent" in page for page in pages)
    assert sent + sum("This code is used already, or" in page for page in pages) == 3
    assert sent in {1, 2}, "one form is one voice; the other one is refused"


def test_speech_and_photo_sent_at_once_are_each_made_anew() -> None:
    scene, clients = set_up(), [Client(), Client()]
    enclosed = [
        {"audio": SimpleUploadedFile("x", files.speech(8))},
        {"photos": [SimpleUploadedFile("x", files.photo())]},
    ]
    forms = [filled(scene, client, **one) for client, one in zip(clients, enclosed, strict=True)]

    def send(client: Client, sent: dict[str, object]) -> None:
        assert client.post("/voices/new", sent).status_code == 303

    assert (
        at_once(*(lambda one=one, sent=sent: send(one, sent) for one, sent in zip(clients, forms, strict=True))) == []
    )
    found = [queries.opened(scene.edi.actor, one, scene.edi.key) for one in Envelope.objects.all()]
    first = [opened.enclosure(1) for opened in found if opened]
    assert {told.kind: content[:3] for told, content in filter(None, first)} == {
        "speech": b"\x1a\x45\xdf",
        "photo": b"\xff\xd8\xff",
    }


def may_be_told(scene: Scene) -> Opened:
    """A voice that may be told, opened with its receipt."""
    receipt = send(scene, Client(), **for_a_story(scene))
    opened = public_reopened(public_visit(receipt))
    assert opened
    return opened


def tell(scene: Scene) -> None:
    about = {"text": "Told.", "pseudonym": "", "topic": "Needles", "area": "", "language": "en"}
    stories.tell_story(scene.edi.actor, Tellable(Envelope.objects.get()), key=scene.edi.key, **about)


def test_of_two_who_tell_it_at_once_one_does() -> None:
    scene = set_up()
    may_be_told(scene)
    wrong = at_once(*(lambda: tell(scene) for _ in range(3)))
    assert {type(one) for one in wrong} == {Refused}
    assert (len(wrong), Story.objects.count()) == (2, 1)


@pytest.mark.parametrize("times", range(3))
def test_a_consent_that_ends_while_it_is_told_leaves_no_story(times: int) -> None:
    scene = set_up()
    opened = may_be_told(scene)
    wrong = at_once(
        lambda: tell(scene),
        lambda: consent.set_consent(VISITOR, opened, may_be_told=False),
        lambda: consent.set_consent(VISITOR, opened, may_be_told=False),
    )
    assert {type(one) for one in wrong} <= {Refused}
    assert not Voice.objects.get().may_be_told
    assert not Story.objects.filter(is_told=True).exists()


def _her_deed(how: str, scene: Scene, story: Story) -> tuple[str, dict[str, str]]:
    """Where she says it, and what."""
    if how == "story":
        return f"/voices/stories/{story.code}/withdraw", {}
    said = {"consent": {"may_be_told": "no"}, "take-from": {"organisation": scene.peers.code}}
    return f"/voices/{how}", said.get(how, {})


HERS = {"story": 200, "consent": 303, "take-from": 303, "withdraw": 303, "erase": 200}


def _has_ended(how: str) -> bool:
    """Whether all of it has ended that she ended."""
    is_left = how in {"story", "consent"} and Envelope.objects.exists()
    left = Voice.objects.values_list("may_be_told", flat=True)
    is_all = list(left) == ([] if how == "erase" else [False]) and Envelope.objects.exists() is is_left
    return is_all and not Story.objects.filter(is_told=True).exists()


@pytest.mark.parametrize("how", HERS)
def test_what_she_ends_while_its_editor_takes_the_story_back_has_ended(how: str) -> None:
    scene = set_up()
    editor, client = scene.of(scene.lu), Client()
    for _ in range(4):
        opened = may_be_told(scene)
        come_back(client, opened.receipt)
        tell(scene)
        place, said = _her_deed(how, scene, Story.objects.get(is_told=True))
        answers: list[int] = []
        wrong = at_once(
            lambda: editor.post(f"/voices/stories/{Story.objects.get(is_told=True).code}/withdraw"),
            lambda place=place, said=said, answers=answers: answers.append(client.post(place, said).status_code),
        )
        assert {type(one) for one in wrong} <= {Story.DoesNotExist}
        assert set(answers) <= {HERS[how], 200}, "whoever ended the story is told so, and it can be either of them"
        assert (len(answers), _has_ended(how)) == (1, True)
        Voice.objects.all().delete()


@pytest.mark.parametrize("how", HERS)
def test_what_she_ends_has_ended_also_if_its_editor_took_the_story_back_just_before(how: str) -> None:
    """The editor's deed is not committed yet when hers begins, and is when hers comes to the story."""
    scene, client, is_begun = set_up(), Client(), threading.Event()
    come_back(client, may_be_told(scene).receipt)
    tell(scene)
    story = Story.objects.get()
    place, said = _her_deed(how, scene, story)
    answers: list[int] = []

    def take_back() -> None:
        with transaction.atomic():
            stories.withdraw_story(scene.lu.actor, Withdrawable(story, is_own=False))
            is_begun.set()
            time.sleep(0.7)

    def end() -> None:
        assert is_begun.wait(10)
        answers.append(client.post(place, said).status_code)

    assert at_once(take_back, end) == []
    assert (answers, _has_ended(how)) == ([HERS[how]], True)


def _both(*sent: tuple[Client, str, str]) -> list[int]:
    """Posts these words at once; what the answers were."""
    found: dict[int, int] = {}

    def post(at: int, client: Client, address: str, text: str) -> None:
        found[at] = client.post(address, {"text": text}).status_code

    assert at_once(*(lambda at=at, one=one: post(at, *one) for at, one in enumerate(sent))) == []
    return [found[at] for at in range(len(sent))]


@pytest.mark.parametrize(("hers", "readers"), [("more", "answer"), ("erase", "answer"), ("erase", "close")])
def test_a_reader_s_deed_and_hers_at_once_are_both_done(hers: str, readers: str) -> None:
    scene = set_up()
    edi = scene.of(scene.edi)
    for _ in range(6):
        client = Client()
        come_back(client, send(scene, Client()))
        lies = Envelope.objects.get(is_waiting=True)
        place = lies.get_absolute_url()
        done, read = _both((client, f"/voices/{hers}", "More."), (edi, f"{place}{readers}", "On Monday."))
        assert (done < 400, read) in {(True, 303), (hers == "erase", 404)}
        assert Turn.objects.filter(voice=lies.voice_id).count() == (3 if hers == "more" else 0)
        Voice.objects.all().delete()


def test_what_is_erased_while_a_reader_opens_it_is_not_there() -> None:
    scene = set_up()
    edi, client = scene.of(scene.edi), Client()
    for deed in ("open", "answer", "close", "open"):
        come_back(client, send(scene, Client()))
        place = Envelope.objects.get().get_absolute_url()
        done, read = _both((client, "/voices/erase", ""), (edi, f"{place}{deed}", "On Monday."))
        assert (done, read in {303, 404}) == (200, True)


def test_two_organisations_answer_at_once_and_it_lives_longer(settings: Any) -> None:
    scene = set_up()
    theirs, reader = second_inbox(make.recognised("Open Hands"))
    both, today = [scene.peers.code, theirs.code], clock.today()
    for _ in range(6):
        send(scene, Client(), audience=both)
    settings.WITHUS_TODAY = today + timedelta(days=8)
    for voice in Voice.objects.all():
        ours, others = (voice.envelopes.get(inbox__organisation__code=one).get_absolute_url() for one in both)
        sent = ((scene.of(scene.edi), f"{ours}answer", "Monday."), (scene.of(reader), f"{others}answer", "Tuesday."))
        assert _both(*sent) == [303, 303]
        assert voice.turns.count() == 3


def slowly(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, *, begun: threading.Event | None = None) -> None:
    """From now on this takes a while before it begins; others can wait until a deed has come to it."""
    real = getattr(module, name)

    def slow(*args: Any, **more: Any) -> Any:
        if begun:
            begun.set()
        time.sleep(0.7)
        return real(*args, **more)

    monkeypatch.setattr(module, name, slow)


def test_taken_from_one_and_erased_at_once_after_it_ended_both_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody holds a voice that is gone: its story and its sources are held in one order all the same."""
    scene, seen = set_up(), []
    for _ in range(3):
        receipt, code = opened_by(scene, scene.edi)
        seen.append((code, public_visit(receipt)))
    publish(scene, *(code for code, _ in seen))
    opened = public_reopened(seen[0][1])
    assert opened
    Voice.objects.exclude(pk=opened.voice.pk).delete()
    tell(scene)
    Voice.objects.filter(pk=opened.voice.pk).delete()
    slowly(monkeypatch, consent, "end_story")
    slowly(monkeypatch, voices, "_no_source")
    wrong = at_once(
        lambda: consent.take_from(VISITOR, opened, organisation=scene.peers),
        lambda: voices.erase_voice(VISITOR, seen[0][1]),
    )
    assert wrong == []
    assert not Source.objects.filter(locator=opened.voice.locator).exists()
    assert not Story.objects.filter(is_told=True).exists()


def test_taken_back_while_its_week_ends_it_ends(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    scene, is_begun = set_up(), threading.Event()
    opened = may_be_told(scene)
    settings.WITHUS_TODAY = opened.voice.ends_on + timedelta(days=1)
    real = voices.end_consent

    def end_consent(*args: Any) -> None:
        real(*args)
        is_begun.set()
        time.sleep(0.7)

    def end() -> None:
        assert is_begun.wait(10)
        weeks_end()

    monkeypatch.setattr(voices, "end_consent", end_consent)
    assert at_once(lambda: voices.withdraw_voice(VISITOR, opened), end) == []
    assert not Voice.objects.exists()
