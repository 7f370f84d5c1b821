"""What may be done with a voice: the least unless she says more, changed with the receipt alone, at any time."""

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from tests import make
from tests.voices.found import finding
from tests.voices.scene import SEED, WORDS, Scene, come_back, filled, for_a_story, send
from withus.core import clock, codes
from withus.core.errors import Denied, Refused
from withus.people.models import Organisation
from withus.policy.facts import VISITOR, Role
from withus.public_log.models import LogEntry, LogPending
from withus.voices import limits, queries
from withus.voices.consent import actions
from withus.voices.findings.models import Source
from withus.voices.inboxes import actions as inboxes
from withus.voices.inboxes.models import Inbox
from withus.voices.inboxes.queries import public_inbox
from withus.voices.models import Envelope, Voice
from withus.voices.queries import Opened


@pytest.fixture
def other(scene: Scene) -> tuple[Organisation, make.Somebody]:
    """Another recognised peer organisation with an open inbox, and its first reader."""
    return second_inbox(make.recognised("Open Hands"))


def second_inbox(
    of: Organisation, makes: Role = Role.ORG_STEWARD, reads: Role = Role.PEER_EDITOR
) -> tuple[Organisation, make.Somebody]:
    """An open inbox of that organisation: two people read it; returns the first with it."""
    first, second = make.somebody(makes, of), make.somebody(reads, of)
    inboxes.make_inbox(first.actor, of, key=first.key, seed=SEED)
    offer = inboxes.offer_to_read(second.actor, of, key=second.key)
    inboxes.add_reader(first.actor, inbox_of(of), key=first.key, reader=offer)
    return of, first


def inbox_of(organisation: Organisation) -> Inbox:
    """Its inbox in use."""
    found = public_inbox(organisation)
    assert found
    return found


def visiting(receipt: str) -> tuple[Client, Opened]:
    """A browser in a visit, and what it opens."""
    client = Client()
    come_back(client, receipt)
    opened = queries.public_reopened(queries.public_visit(receipt))
    assert opened
    return client, opened


def read(client: Client, place: str) -> str:
    """A page as somebody reads it."""
    return unescape(client.get(place).content.decode())


def place_of(organisation: Organisation) -> str:
    """The page of the one voice that lies in that inbox."""
    return Envelope.objects.get(inbox__organisation=organisation).get_absolute_url()


def test_unless_she_says_more_it_may_only_be_counted(scene: Scene) -> None:
    receipt = send(scene, Client())
    assert not Voice.objects.get().may_be_told
    client, _ = visiting(receipt)
    assert "It may only be counted: together with" in read(client, "/voices/return")
    page = read(client, "/voices/consent")
    assert 'value="no" id="id_may_be_told_0" checked' in page
    assert "It may only be counted: " in read(scene.of(scene.edi), place_of(scene.peers)), "before it is opened"


def test_for_all_to_read_says_nothing_of_a_story(scene: Scene) -> None:
    client, _ = visiting(send(scene, Client(), audience=[f"publish-{scene.peers.code}"]))
    assert not Voice.objects.get().may_be_told
    assert "It may only be counted: together with" in read(client, "/voices/return")
    place, edi = place_of(scene.peers), scene.of(scene.edi)
    edi.post(f"{place}open")
    assert "Tell it as a story" not in read(edi, place)
    client.post("/voices/consent", {"may_be_told": "yes"})
    assert "Tell it as a story" in read(edi, place)


def test_a_story_of_what_is_sealed_is_refused_with_advice_also_before_it_is_sent(scene: Scene) -> None:
    client = Client()
    sent = filled(scene, client, may_be_told="on")
    for more in ({}, {"look": "yes"}):
        page = unescape(client.post("/voices/new", sent | more).content.decode())
        assert "Everybody can read a story. Choose “For all to read” alone, or take this tick out." in page
        assert 'href="#id_may_be_told"' in page
    assert not Voice.objects.exists()


def test_a_story_is_not_asked_for_where_nobody_may_publish(scene: Scene) -> None:
    asks = "May peer editors also tell it as a story"
    assert asks in read(Client(), "/voices/new")
    scene.peers.funding.all().delete()
    assert asks not in read(Client(), "/voices/new")


def test_after_it_was_taken_back_no_page_says_that_it_is_counted_or_lives_longer(scene: Scene) -> None:
    client, _ = visiting(send(scene, Client()))
    assert "or later if something more is said" in read(client, "/voices/return")
    client.post("/voices/withdraw")
    page = read(client, "/voices/return")
    assert "Nobody can count it or tell it now." in page
    assert "By itself it ends on" in page
    assert "It may only be counted" not in page
    assert "or later if something more is said" not in page


def test_what_she_agreed_to_when_she_sent_it_is_the_first_answer(scene: Scene) -> None:
    client, _ = visiting(send(scene, Client(), **for_a_story(scene)))
    assert Voice.objects.get().may_be_told
    assert "It may be told as a story" in read(client, "/voices/return")
    assert 'value="yes" id="id_may_be_told_1" checked' in read(client, "/voices/consent")


def test_with_the_receipt_it_is_changed_both_ways_and_leaves_no_record(scene: Scene) -> None:
    client, _ = visiting(send(scene, Client()))
    before = LogEntry.objects.count() + LogPending.objects.count()
    for answer, may in (("yes", True), ("yes", True), ("no", False), ("no", False), ("yes", True)):
        assert client.post("/voices/consent", {"may_be_told": answer}).status_code == 303
        assert Voice.objects.get().may_be_told is may
    page = client.post("/voices/consent", {"may_be_told": "perhaps"})
    assert (page.status_code, "Please choose one of the answers" in page.content.decode()) == (200, True)
    assert Voice.objects.get().may_be_told
    assert LogEntry.objects.count() + LogPending.objects.count() == before


def test_without_a_receipt_nothing_is_changed(scene: Scene) -> None:
    receipt = send(scene, Client())
    _, opened = visiting(receipt)
    stranger = Client()
    come_back(stranger, "0" * 16)
    for client in (Client(), stranger, scene.of(scene.edi)):
        for place, said in (("consent", {"may_be_told": "yes"}), ("share", {}), ("take-from", {})):
            answer = client.post(f"/voices/{place}", said | {"organisation": scene.peers.code})
            assert (answer.status_code, answer["Location"]) == (303, "/voices/return")
    for key in (codes.key(), opened.rk):  # of another voice; a reader's, who has no receipt
        as_reader = Opened(opened.voice, key)
        with pytest.raises(Denied):
            actions.set_consent(scene.edi.actor, as_reader, may_be_told=True)
        with pytest.raises(Denied):
            actions.share_voice(scene.edi.actor, as_reader, inbox=scene.inbox)
        with pytest.raises(Denied):
            actions.take_from(scene.edi.actor, as_reader, organisation=scene.peers)
    assert not Voice.objects.get().may_be_told
    assert Envelope.objects.count() == 1


def test_shared_with_one_more_its_reader_opens_it(scene: Scene, other: tuple[Organisation, make.Somebody]) -> None:
    theirs, reader = other
    client, _ = visiting(send(scene, Client()))
    assert scene.of(reader).get(f"/voices/inboxes/{theirs.code}/").status_code == 200
    page = read(client, "/voices/consent")
    assert f">{theirs.name}</option>" in page
    for _ in range(2):  # a form sent twice
        sent = {"inbox": inbox_of(theirs).code}
        assert client.post("/voices/share", sent).status_code in {200, 303}
    assert Envelope.objects.count() == 2
    place, hers = place_of(theirs), scene.of(reader)
    hers.post(f"{place}open")
    assert WORDS in read(hers, place)
    hers.post(f"{place}answer", {"text": "We come on Monday."})
    assert "We come on Monday." in read(client, "/voices/return")
    edi = scene.of(scene.edi)
    edi.post(f"{place_of(scene.peers)}open")
    assert "We come on Monday." in read(edi, place_of(scene.peers)), "each reads all that is said"


def test_taken_from_one_the_other_still_reads_it(scene: Scene, other: tuple[Organisation, make.Somebody]) -> None:
    theirs, reader = other
    client, opened = visiting(send(scene, Client()))
    actions.share_voice(VISITOR, opened, inbox=inbox_of(theirs))
    place, hers = place_of(theirs), scene.of(reader)
    gone = place_of(scene.peers)
    for _ in range(2):
        assert client.post("/voices/take-from", {"organisation": scene.peers.code}).status_code == 303
    assert scene.of(scene.edi).get(gone).status_code == 404
    hers.post(f"{place}open")
    assert WORDS in read(hers, place)
    assert "No reader has it any more" not in read(client, "/voices/return")
    actions.set_consent(VISITOR, opened, may_be_told=True)
    client.post("/voices/take-from", {"organisation": theirs.code})
    assert "No reader has it any more" in read(client, "/voices/return")
    assert not Voice.objects.get().may_be_told, "with the last reader the consent ends"
    assert WORDS in read(client, "/voices/return")


def test_the_one_that_must_not_read_it_never_gets_it(scene: Scene, other: tuple[Organisation, make.Somebody]) -> None:
    theirs, _ = other
    client, opened = visiting(send(scene, Client(), excluded=theirs.code))
    assert f">{theirs.name}</option>" not in read(client, "/voices/consent")
    page = client.post("/voices/share", {"inbox": inbox_of(theirs).code})
    assert (page.status_code, 'role="alert"' in page.content.decode()) == (200, True)
    with pytest.raises(Refused, match="must not read it"):
        actions.share_voice(VISITOR, opened, inbox=inbox_of(theirs))
    assert Envelope.objects.count() == 1


@pytest.mark.parametrize("inbox", ["", "NOTHING", "<b>", "x" * 5000, "\x00"])
def test_it_is_shared_with_an_open_inbox_alone(
    scene: Scene, other: tuple[Organisation, make.Somebody], inbox: str
) -> None:
    client, opened = visiting(send(scene, Client()))
    page = client.post("/voices/share", {"inbox": inbox})
    assert (page.status_code, 'role="alert"' in page.content.decode()) == (200, True)
    before = inbox_of(other[0])
    inboxes.renew_inbox(other[1].actor, before, key=other[1].key, seed=codes.code(26), without=None)
    with pytest.raises(Refused, match="has just changed"):
        actions.share_voice(VISITOR, opened, inbox=before)
    assert Envelope.objects.count() == 1


def test_sharing_counts_like_sending(
    scene: Scene, other: tuple[Organisation, make.Somebody], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _ = visiting(send(scene, Client()))
    monkeypatch.setattr(limits, "AN_HOUR_IN_ALL", 1)
    page = client.post("/voices/share", {"inbox": inbox_of(other[0]).code})
    assert "say it to a peer worker" in page.content.decode()
    assert Envelope.objects.count() == 1


def test_shared_and_taken_back_again_and_again_it_counts_like_words(
    scene: Scene, other: tuple[Organisation, make.Somebody], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MORE_AN_HOUR", 3)
    client, _ = visiting(send(scene, Client()))
    client.post("/voices/more", {"text": "More of it."})
    for number in range(3):
        page = client.post("/voices/share", {"inbox": inbox_of(other[0]).code})
        assert page.status_code == (200 if number == 2 else 303)
        client.post("/voices/take-from", {"organisation": other[0].code})
    assert "Send it again in" in page.content.decode()
    assert f'value="{inbox_of(other[0]).code}" selected' in page.content.decode()


def test_taken_from_one_it_leaves_the_findings_of_that_one_alone(
    scene: Scene, other: tuple[Organisation, make.Somebody]
) -> None:
    theirs, _ = other
    client, opened = visiting(send(scene, Client(), audience=[scene.peers.code, theirs.code]))
    for one in (scene.peers, theirs):
        Source.objects.create(finding=finding(one), locator=opened.voice.locator, added_on=clock.today())
    client.post("/voices/take-from", {"organisation": theirs.code})
    left = Source.objects.get(locator=opened.voice.locator)
    assert left.finding.organisation == scene.peers


def test_a_visit_goes_on_and_the_receipt_can_still_be_written_down(
    scene: Scene, other: tuple[Organisation, make.Somebody], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    send(scene, client)
    client.get("/voices/consent")
    assert client.get("/voices/receipt").status_code == 200
    real = clock.now
    for minutes in (29, 58):  # each page makes it last
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: real() + timedelta(minutes=minutes))
        assert client.get("/voices/consent").status_code == 200
