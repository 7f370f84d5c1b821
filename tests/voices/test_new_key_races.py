"""Two at once, of which one gives an inbox a new key: nothing is lost, and none waits for the other for ever."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests import make
from tests.deliberation.test_races import at_once
from tests.voices.scene import WORDS, Scene, filled, send, set_up
from tests.voices.slips import place, printed, typed
from tests.voices.test_consent import inbox_of, second_inbox
from tests.voices.test_findings import opened as opened_by
from tests.voices.test_findings import written
from tests.voices.test_races import may_be_told, slowly, tell
from withus.acting import acting
from withus.core import clock, codes
from withus.core.errors import Refused
from withus.policy.rules import Action
from withus.voices import queries
from withus.voices.assisted.models import BlankSlip
from withus.voices.findings import queries as findings
from withus.voices.findings.actions import publish_finding
from withus.voices.findings.models import Finding
from withus.voices.inboxes import actions
from withus.voices.inboxes.models import Inbox
from withus.voices.models import Envelope, Opening, Turn, Voice
from withus.voices.stories.models import Story

pytestmark = pytest.mark.usefixtures("own_database")


def test_slips_are_typed_in_while_the_inbox_gets_a_new_key() -> None:
    scene = set_up()
    worker = scene.of(scene.edi)
    forms = [typed(scene, worker, one.number) for one in printed(scene, worker, 6)]

    def enter() -> None:
        for sent in forms:
            assert worker.post(place(scene), sent).status_code == 200

    wrong = at_once(enter, lambda: _renew(scene), lambda: _renew(scene))
    assert {type(one) for one in wrong} <= {Refused}
    assert BlankSlip.objects.count() + Voice.objects.count() == 6
    assert all(one.inbox_id == scene.inbox.pk for one in Envelope.objects.all())


def _renew(scene: Scene) -> None:
    actions.renew_inbox(scene.lu.actor, scene.inbox, key=scene.lu.key, seed=codes.code(26), without=None)


def test_what_comes_while_the_key_is_changed_is_read_with_the_new_one_or_refused() -> None:
    scene = set_up()
    clients = [Client() for _ in range(4)]
    forms = [filled(scene, client) for client in clients]

    def send(client: Client, sent: dict[str, object]) -> None:
        assert client.post("/voices/new", sent).status_code in {200, 303}

    jobs = [lambda one=one, sent=sent: send(one, sent) for one, sent in zip(clients, forms, strict=True)]
    assert at_once(*jobs, lambda: _renew(scene)) == []
    inbox = scene.inbox
    assert inbox.number == 2
    assert all(one.inbox_id == inbox.pk for one in Envelope.objects.all()), "nothing is left in the old one"
    for envelope in Envelope.objects.all():
        opened = queries.opened(scene.edi.actor, envelope, scene.edi.key)
        assert opened
        assert opened.turns[0].text == WORDS


def test_of_two_new_keys_at_once_one_is_made() -> None:
    scene = set_up()
    wrong = at_once(*(lambda: _renew(scene) for _ in range(2)))
    assert {type(one) for one in wrong} <= {Refused}
    assert Inbox.objects.filter(organisation=scene.peers).count() == 3 - len(wrong)
    assert queries.inboxes.unlocked(scene.edi.actor, scene.inbox, scene.edi.key)


def test_answered_while_the_inbox_gets_a_new_key_it_is_still_read(settings: Any) -> None:
    scene = set_up()
    theirs, reader = second_inbox(make.recognised("Open Hands"))
    for _ in range(6):
        send(scene, Client(), audience=[scene.peers.code, theirs.code])
    settings.WITHUS_TODAY = clock.today() + timedelta(days=8)
    others = [one.get_absolute_url() for one in Envelope.objects.filter(inbox=inbox_of(theirs))]
    hers = scene.of(reader)

    def answer() -> None:
        for address in others:
            assert hers.post(f"{address}answer", {"text": "Tuesday."}).status_code == 303

    assert at_once(answer, lambda: _renew(scene)) == []
    for envelope in Envelope.objects.filter(inbox=scene.inbox):
        assert queries.opened(scene.edi.actor, envelope, scene.edi.key)


@pytest.mark.parametrize("deed", ["open", "answer", "close", "tell", "finding"])
def test_what_a_reader_does_while_her_inbox_gets_a_new_key_ends(deed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Her deed begins when the new key holds the organisation and the inbox, and no voice yet."""
    scene, is_begun = set_up(), threading.Event()
    edi = scene.of(scene.edi)
    codes_there = [opened_by(scene, scene.edi)[1] for _ in range(3)] if deed == "finding" else []
    if not codes_there:
        may_be_told(scene)
    lies = Envelope.objects.all()[0]
    of_inbox = findings.public_groupable(scene.inbox)
    slowly(monkeypatch, actions, "_hand_on", begun=is_begun)

    def read() -> None:
        assert is_begun.wait(10)
        if deed == "tell":
            tell(scene)
        elif deed == "finding":
            publish_finding(scene.edi.actor, of_inbox, key=scene.edi.key, **written(*codes_there))
        else:
            assert edi.post(f"{lies.get_absolute_url()}{deed}", {"text": "On Monday."}).status_code == 303

    wrong = at_once(lambda: _renew(scene), read)
    # On SQLite all of hers comes after the new key: what she had looked at before it may be refused.
    assert {type(one) for one in wrong} <= (set() if connection.vendor == "postgresql" else {Refused})
    assert all(one.inbox_id == scene.inbox.pk for one in Envelope.objects.all())
    assert scene.inbox.number == 2
    done = {"answer": Turn.objects.filter(by=scene.peers), "tell": Story.objects, "finding": Finding.objects}
    assert done.get(deed, Opening.objects).exists() is not bool(wrong)


def test_a_deed_on_an_organisation_lets_others_point_to_it() -> None:
    """Else a slip that waits for an inbox lets an answer wait, and that the one who holds the inbox."""
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite one transaction writes after another")
    scene, is_begun, is_done = set_up(), threading.Event(), threading.Event()

    def hold() -> None:
        with acting(scene.edi.actor, Action.ASSIST, scene.peers):
            is_begun.set()
            assert is_done.wait(5), "it waited for the organisation"

    def point() -> None:
        assert is_begun.wait(10)
        Opening.objects.create(organisation=scene.peers, voice_code="x", opened_on=clock.today())
        is_done.set()

    assert at_once(hold, point) == []
