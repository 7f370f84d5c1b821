"""Whoever also works for the organisation that a voice leaves out reads nothing of it, by whichever inbox it comes."""

from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import make
from tests.voices import files
from tests.voices.scene import WORDS, Scene, come_back, for_a_story, only, send
from withus.core import clock
from withus.core.errors import Denied
from withus.people.models import Membership
from withus.policy.facts import ACCOUNT_ROLES, Actor, Role, Standing
from withus.policy.voice_lines import not_left_out
from withus.voices import actions, queries
from withus.voices.models import Opening, Turn

WHY = "This is not for you."


def takes_a_role(scene: Scene, who: make.Somebody, role: Role = Role.BODY_SECRETARY) -> None:
    """She works for the council too, from now on."""
    Membership.objects.create(account=who.account, organisation=scene.council, role=role, since=clock.today())


def send_without_the_council(scene: Scene) -> str:
    """A voice with a photo that the council must not read; its receipt."""
    photo = SimpleUploadedFile("x.jpg", files.photo(), "image/jpeg")
    more = {"excluded": scene.council.code, "photos": [photo], "as_evidence": "on"}
    return send(scene, Client(), **for_a_story(scene), **more)


def says_why_alone(client: Client, place: str, sent: dict[str, str] | None = None) -> bool:
    """Whether an address gives the reason and no word of the voice."""
    answer = client.get(place) if sent is None else client.post(place, sent)
    page = unescape(answer.content.decode())
    return (answer.status_code, WHY in page, WORDS in page, "Needles" in page) == (403, True, False, False)


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_any_role_in_that_organisation_counts_and_none_in_another(role: Role) -> None:
    actor = Actor(account=1, standings=frozenset({Standing(Role.PEER_EDITOR, "PEERS"), Standing(role, "COUNCIL")}))
    assert not not_left_out(actor, "COUNCIL")
    assert not_left_out(actor, "ELSEWHERE")
    assert not_left_out(actor, "")


@pytest.mark.parametrize("role", [Role.BODY_SECRETARY, Role.PEER])
def test_whoever_works_for_the_one_left_out_reads_nothing_and_another_reader_does(scene: Scene, role: Role) -> None:
    takes_a_role(scene, scene.edi, role)
    receipt = send_without_the_council(scene)
    envelope, edi = only()[1], scene.of(scene.edi)
    place = envelope.get_absolute_url()
    assert says_why_alone(edi, f"{place}open", {})
    assert not Opening.objects.exists(), "nobody has read it"
    assert "sent, not read yet" in come_back(Client(), receipt)
    Opening.objects.create(  # as if she had opened it before
        organisation=scene.peers, voice_code=envelope.voice.code, reader=scene.edi.account, opened_on=clock.today()
    )
    story = {"text": "Somebody waited for a whole night.", "pseudonym": "patient heron", "topic": "T", "area": "A"}
    for deed, sent in (
        ("", None),
        ("1", None),
        ("tell", None),
        ("2/original", {}),
        ("answer", {"text": "We heard you."}),
        ("close", {}),
        ("tell", story | {"language": "en"}),
    ):
        assert says_why_alone(edi, f"{place}{deed}", sent), deed
    groups = edi.get(f"/voices/inboxes/{scene.peers.code}/finding")
    assert envelope.voice.code not in groups.content.decode()
    assert WORDS not in groups.content.decode()
    assert (Turn.objects.count(), only()[1].closed_on) == (1, None)
    lu = scene.of(scene.lu)
    lu.post(f"{place}open")
    assert WORDS in lu.get(place).content.decode()
    lu.post(f"{place}answer", {"text": "We heard you."})
    assert "We heard you." in come_back(Client(), receipt)


def test_whoever_takes_the_role_later_reads_no_further(scene: Scene) -> None:
    send_without_the_council(scene)
    envelope, edi = only()[1], scene.of(scene.edi)
    place = envelope.get_absolute_url()
    edi.post(f"{place}open")
    assert WORDS in edi.get(place).content.decode()
    assert edi.get(f"{place}1").status_code == 200
    takes_a_role(scene, scene.edi)
    assert says_why_alone(edi, place)
    assert says_why_alone(edi, f"{place}1")
    Membership.objects.filter(account=scene.edi.account, organisation=scene.council).delete()
    assert WORDS in edi.get(place).content.decode(), "and who lays it down reads again"


def test_speech_is_not_written_down_by_whoever_is_left_out(scene: Scene) -> None:
    takes_a_role(scene, scene.edi)
    send_without_the_council(scene)
    actor = Actor(
        scene.edi.actor.account,
        scene.edi.actor.pseudonym,
        scene.edi.actor.standings | {Standing(Role.BODY_SECRETARY, scene.council.code)},
    )
    with pytest.raises(Denied):
        actions.transcribe_voice(actor, only()[1], text="Words.", key=scene.edi.key)
    with pytest.raises(Denied):
        queries.opened(actor, only()[1], scene.edi.key)
