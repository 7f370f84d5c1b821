"""Each deed that ends something of a voice takes its old bytes off the disk: out of the database and its side file."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from tests import make
from tests.voices import found
from tests.voices.scene import Scene, come_back, only, send, set_up
from tests.voices.slips import enter, printed
from tests.voices.test_findings import answered, asked
from tests.voices.test_story_erased import files
from withus.core import erasure
from withus.policy.facts import SYSTEM, VISITOR, Role
from withus.recommendations import actions as recommendations
from withus.recommendations.judging import actions as judging
from withus.recommendations.judging.queries import Judgeable
from withus.voices.assisted.models import BlankSlip
from withus.voices.findings import actions as findings
from withus.voices.findings.models import Source
from withus.voices.inboxes import actions as inboxes
from withus.voices.inboxes.models import Reader
from withus.voices.models import Turn, Voice

pytestmark = pytest.mark.usefixtures("own_database")
Ready = tuple[list[bytes], Callable[[], object]]  # what lies on the disk, and the deed that ends it


def sent(scene: Scene) -> Client:
    """Somebody who came back with the receipt of the one voice."""
    client = Client()
    come_back(client, send(scene, Client()))
    return client


def erased(scene: Scene) -> Ready:
    client = sent(scene)
    return [bytes(Turn.objects.get().sealed)], lambda: client.post("/voices/erase")


def erased_once_it_has_ended(scene: Scene) -> Ready:
    client, locator = sent(scene), only()[0].locator
    Source.objects.create(finding=found.finding(scene.peers), locator=locator, added_on="2026-01-01")
    Voice.objects.all().delete()
    return [locator.encode()], lambda: client.post("/voices/erase")


def withdrawn(scene: Scene) -> Ready:
    client = sent(scene)
    return [bytes(only()[1].wrap)], lambda: client.post("/voices/withdraw")


def taken_from_one(scene: Scene) -> Ready:
    client, of = sent(scene), {"organisation": scene.peers.code}
    return [bytes(only()[1].wrap)], lambda: client.post("/voices/take-from", of)


def renewed(scene: Scene) -> Ready:
    sent(scene)
    old = [only()[1].wrap, *Reader.objects.values_list("wrapped", flat=True)]
    about = {"key": scene.lu.key, "seed": "Z" * 26, "without": None}
    return [bytes(one) for one in old], lambda: inboxes.renew_inbox(scene.lu.actor, scene.inbox, **about)


def taken_out(scene: Scene) -> Ready:
    sent(scene)
    finding, (voice, envelope) = found.finding(scene.peers, 0), only()
    Source.objects.create(finding=finding, locator=voice.locator, added_on="2026-01-01")
    Voice.objects.update(locator="elsewhere")  # so that it stands in the finding's row alone
    envelope.voice = voice
    about = {"key": scene.edi.key, "voice": envelope}
    return [voice.locator.encode()], lambda: findings.take_source_out(scene.edi.actor, finding, **about)


def judged(scene: Scene) -> Ready:
    of = asked(scene, found.finding(scene.peers))
    answered(of)
    delivery = recommendations.deliver(SYSTEM, of, words="Long ones are given out now.", language="en")
    own = Judgeable(delivery, "0123456789abcdef" * 4, True)
    judging.judge_delivery(VISITOR, own, verdict="true")
    return [own.mark.encode()], lambda: judging.judge_delivery(VISITOR, own, verdict=judging.TAKEN_BACK)


def typed_in(scene: Scene) -> Ready:
    worker = scene.of(make.somebody(Role.PEER_WORKER, scene.peers))
    (one,) = printed(scene, worker)
    return [bytes(BlankSlip.objects.get().public)], lambda: enter(scene, worker, one.number)


@pytest.mark.parametrize(
    "ready",
    [erased, erased_once_it_has_ended, withdrawn, taken_from_one, renewed, taken_out, judged, typed_in],
    ids=lambda one: one.__name__,
)
def test_what_a_deed_ends_is_in_no_file_of_the_database(home: object, ready: Callable[[Scene], Ready]) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's files are its own: docs/threats.md says what stays there")
    old, deed = ready(set_up())
    erasure.fold_in()
    assert [one for one in old if one not in files()] == []
    deed()
    assert [one for one in old if one in files()] == []
