"""Two at once: one form is one voice, and a voice that comes while the inbox gets a new key is read or refused."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.deliberation.test_races import at_once
from tests.voices import files
from tests.voices.scene import WORDS, Scene, filled, set_up, shown
from withus.core import codes
from withus.core.errors import Refused
from withus.voices import queries
from withus.voices.inboxes import actions
from withus.voices.inboxes.models import Inbox
from withus.voices.models import Envelope, Turn, Voice

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
    assert {opened.enclosed[0].kind: (opened.enclosure(1) or b"")[:3] for opened in found if opened} == {
        "speech": b"\x1a\x45\xdf",
        "photo": b"\xff\xd8\xff",
    }
