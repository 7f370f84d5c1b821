"""The key ceremony: made in public, read by two, handed on by readers alone, changed when one goes, opened by paper."""

import json
import re
from datetime import timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from django.test import Client

from tests import make
from tests.public_log.bending import found
from tests.voices.scene import WORDS, Scene, come_back, let_in, only, send
from tests.voices.test_more import spoken
from withus.core import clock, codes, sealing
from withus.people import actions as people
from withus.people import roles
from withus.people.jobs import end_terms
from withus.people.models import InviteBatch, Membership
from withus.policy.facts import SYSTEM, Role, Standing
from withus.public_log.models import LogEntry
from withus.voices import queries as voices
from withus.voices import sealed
from withus.voices.inboxes import queries, unlocking
from withus.voices.inboxes.models import Inbox, Reader
from withus.voices.models import Opening


def form(page: Any) -> dict[str, str]:
    """The seed of a page's form."""
    return {"seed": re.search(r'name="seed" value="([^"]+)"', page.content.decode())[1]}  # type: ignore[index]


def paper(page: Any) -> str:
    """The paper key on a page."""
    groups = re.findall(r"<span>([0-9A-Z]{4})</span>", page.content.decode())
    assert len(groups) == 13
    return "".join(groups)


def records(kind: str) -> list[dict[str, Any]]:
    """The records of a type in the log."""
    told = [json.loads(bytes(one.body)) for one in LogEntry.objects.order_by("seq")]
    return [one for one in told if one["type"] == kind]


def is_readable_by(scene: Scene, who: make.Somebody) -> bool:
    """Whether she opens the one voice."""
    envelope = only()[1]
    opened = voices.opened(who.actor, envelope, who.key)
    return opened is not None and opened.turns[0].text == WORDS


def test_an_inbox_is_made_once_in_public_and_its_paper_key_stored_nowhere(scene: Scene) -> None:
    mina = scene.of(scene.mina)
    place = f"/voices/inboxes/{scene.council.code}/"
    sent = form(mina.get(f"{place}make"))
    page = mina.post(f"{place}make", sent)
    spelled = paper(page)
    assert paper(mina.post(f"{place}make", sent)) == spelled, "of a form sent twice, the same paper"
    private = unlocking.from_paper(spelled.lower())
    made = Inbox.objects.get(organisation=scene.council)
    assert private
    assert sealing.pair(private).public == bytes(made.public)
    (record,) = [one for one in records("inbox.made") if one["facts"]["organisation"] == scene.council.code]
    assert record["facts"]["key_words"] == made.fingerprint
    assert record["facts"]["inbox"] == 1
    assert record["actor"] == "body"
    assert "account" not in str(record["facts"] | {"key_words": ""}), "its words may say so by chance"
    again = mina.post(f"{place}make", {"seed": codes.code(26)})
    assert "There is an inbox already" in again.content.decode()
    for public in (f"/organisations/{scene.council.code}/", place):
        page_text = Client().get(public).content.decode()
        assert all(word in page_text for word in made.fingerprint.split())
    assert found() == []


@pytest.mark.parametrize("typed", ["", "ABC", "0" * 51, "Z" * 52, "U" * 53])
def test_what_can_be_no_paper_key_is_none(typed: str) -> None:
    assert unlocking.from_paper(typed) is None


def test_paper_keys_come_back_as_they_were() -> None:
    for private in (b"\0" * 32, b"\xff" * 32, codes.key()):
        assert unlocking.from_paper(codes.grouped(unlocking.on_paper(private)).lower()) == private


def test_whoever_wrote_the_paper_key_down_types_it_once_or_goes_on(scene: Scene) -> None:
    mina, place = scene.of(scene.mina), f"/voices/inboxes/{scene.council.code}/"
    sent = form(mina.get(f"{place}make"))
    shown = mina.post(f"{place}make", sent)
    spelled = paper(shown)
    assert "I have written it down" in shown.content.decode()
    assert form(shown) == sent
    asked = mina.post(f"{place}make", sent | {"step": "check"}).content.decode()
    assert "Is it written down rightly?" in asked
    assert spelled[:4] not in asked
    wrong = mina.post(f"{place}make", sent | {"step": "typed", "paper": "0" * 52})
    assert "This is another one" in wrong.content.decode()
    assert paper(mina.post(f"{place}make", form(wrong) | {"step": "show"})) == spelled
    for more in ({"step": "typed", "paper": spelled.lower()}, {"step": "skip"}):
        answer = mina.post(f"{place}make", sent | more)
        assert (answer.status_code, answer["Location"]) == (303, place)
    assert Inbox.objects.filter(organisation=scene.council).count() == 1


def test_after_renewing_and_recovering_the_paper_key_is_asked_for_too(scene: Scene) -> None:
    client = scene.of(scene.lu)
    sent = form(client.get(f"{scene.place}renew"))
    spelled = paper(client.post(f"{scene.place}renew", sent))
    typed = {"step": "typed", "paper": spelled}
    assert client.post(f"{scene.place}renew", sent | typed)["Location"] == scene.place
    sent = form(client.get(f"{scene.place}recover"))
    following = paper(client.post(f"{scene.place}recover", sent | {"paper": spelled}))
    assert client.post(f"{scene.place}recover", sent | typed).status_code == 200, "this is the one before"
    assert client.post(f"{scene.place}recover", sent | typed | {"paper": following})["Location"] == scene.place
    assert scene.inbox.number == 3


def test_only_a_reader_lets_another_one_read(scene: Scene) -> None:
    send(scene, Client())
    eve = make.somebody(Role.PEER_EDITOR, scene.peers)
    client = scene.of(eve)
    assert not is_readable_by(scene, eve)
    assert client.post(f"{scene.place}offer").status_code == 303
    assert client.get(f"{scene.place}add").status_code == 403
    page = scene.of(scene.lu).get(f"{scene.place}add").content.decode()
    own = queries.own(eve.actor, scene.peers)
    assert own
    assert own.fingerprint in page
    assert own.fingerprint in client.get(scene.place).content.decode()
    chosen = {"reader": f"{eve.pseudonym} {own.fingerprint}"}
    answer = scene.of(scene.lu).post(f"{scene.place}add", chosen)
    assert answer.status_code == 303
    assert is_readable_by(scene, eve)
    page = scene.of(scene.lu).post(f"{scene.place}add", chosen)
    assert page.status_code == 200


def test_a_reader_who_is_taken_out_opens_nothing_that_comes_later(scene: Scene) -> None:
    receipt = send(scene, Client())
    before = scene.inbox
    copied = queries.unlocked(scene.edi.actor, before, scene.edi.key)
    assert copied, "what she could have copied while she was a reader"
    client = scene.of(scene.lu)
    sent = form(client.get(f"{scene.place}renew")) | {"without": scene.edi.pseudonym}
    page = client.post(f"{scene.place}renew", sent)
    assert sealing.pair(unlocking.from_paper(paper(page)) or b"").public == bytes(scene.inbox.public)
    assert scene.inbox.number == 2
    assert [one["facts"]["inbox"] for one in records("inbox.renewed")] == [2]
    assert is_readable_by(scene, scene.lu)
    assert not is_readable_by(scene, scene.edi)
    voice, envelope = only()
    with pytest.raises(sealing.Unreadable):
        sealed.by_inbox(copied, envelope.inbox, voice.code, voice.week, bytes(envelope.wrap))
    assert scene.of(scene.edi).get(envelope.get_absolute_url()).status_code == 404
    assert WORDS in come_back(Client(), receipt)
    assert "No organisation here can take it" in Client().get("/voices/new").content.decode()
    eve = make.somebody(Role.PEER_EDITOR, scene.peers)
    let_in(scene, eve)
    voice.delete()
    send(scene, Client())
    assert is_readable_by(scene, eve)
    assert not is_readable_by(scene, scene.edi)
    assert found() == []


def test_nobody_takes_herself_out_and_keeps_the_paper(scene: Scene) -> None:
    client = scene.of(scene.lu)
    sent = form(client.get(f"{scene.place}renew")) | {"without": scene.lu.pseudonym}
    assert "Ask another reader" in client.post(f"{scene.place}renew", sent).content.decode()
    assert scene.inbox.number == 1


def test_whoever_has_no_role_any_more_is_named_and_loses_the_key_with_the_next_one(scene: Scene) -> None:
    let_in(scene, make.somebody(Role.PEER_EDITOR, scene.peers))
    send(scene, Client())
    people.dismiss(SYSTEM, scene.peers, pseudonym=scene.edi.pseudonym, role=Role.PEER_EDITOR)
    client = scene.of(scene.lu)
    assert "has no role here any more" in client.get(scene.place).content.decode()
    assert client.post(f"{scene.place}renew", form(client.get(f"{scene.place}renew"))).status_code == 200
    assert "has no role here any more" not in client.get(scene.place).content.decode()
    assert queries.public_number_of_readers(scene.peers) == 2
    assert queries.unlocked(scene.edi.actor, scene.inbox, scene.edi.key) is None
    assert is_readable_by(scene, scene.lu)


@pytest.mark.parametrize("way", ["dismissed", "gave up", "term over", "term over, job not run"])
def test_a_role_that_comes_back_brings_no_key_back(scene: Scene, way: str) -> None:
    send(scene, Client())
    held, today = Membership.objects.get(account=scene.edi.account), clock.today()
    if way == "dismissed":
        people.dismiss(SYSTEM, scene.peers, pseudonym=scene.edi.pseudonym, role=Role.PEER_EDITOR)
    elif way == "gave up":
        people.give_up(scene.edi.actor, None, standing=Standing(Role.PEER_EDITOR, scene.peers.code))
    else:
        Membership.objects.filter(pk=held.pk).update(until=today - timedelta(days=1))
        if way == "term over":
            assert end_terms() == 1
    about = {"organisation": scene.peers, "role": Role.PEER_EDITOR, "size": 1}
    batch = InviteBatch.objects.create(made_on=today, ends_on=today, **about)
    roles.take(Mock(), scene.edi.account, batch)
    assert queries.public_number_of_readers(scene.peers) == 1
    assert not is_readable_by(scene, scene.edi)
    assert scene.edi.account.pk not in scene.inbox.reader_accounts
    assert queries.has_left(scene.lu.actor, scene.inbox), "what she may have copied asks for a new key"
    let_in(scene, scene.edi)
    assert is_readable_by(scene, scene.edi)
    assert not queries.has_left(scene.lu.actor, scene.inbox)


def test_whoever_has_another_role_there_goes_on_reading(scene: Scene) -> None:
    send(scene, Client())
    Membership.objects.create(
        account=scene.edi.account, organisation=scene.peers, role=Role.ORG_STEWARD, since=clock.today()
    )
    people.dismiss(SYSTEM, scene.peers, pseudonym=scene.edi.pseudonym, role=Role.PEER_EDITOR)
    assert is_readable_by(scene, scene.edi)


def test_the_paper_key_opens_it_when_no_reader_can(scene: Scene) -> None:
    send(scene, Client())
    private = queries.unlocked(scene.lu.actor, scene.inbox, scene.lu.key)
    assert private
    for who, role in ((scene.lu, Role.ORG_STEWARD), (scene.edi, Role.PEER_EDITOR)):
        people.dismiss(SYSTEM, scene.peers, pseudonym=who.pseudonym, role=role)
    eve = make.somebody(Role.ORG_STEWARD, scene.peers)
    client = scene.of(eve)
    wrong = form(client.get(f"{scene.place}recover")) | {"paper": unlocking.on_paper(codes.key())}
    assert "This is not the key of this inbox" in client.post(f"{scene.place}recover", wrong).content.decode()
    page = client.post(f"{scene.place}recover", wrong | {"paper": unlocking.on_paper(private)})
    assert paper(page) != unlocking.on_paper(private)
    assert (scene.inbox.number, [one["facts"]["inbox"] for one in records("inbox.recovered")]) == (2, [2])
    assert is_readable_by(scene, eve)
    assert queries.public_number_of_readers(scene.peers) == 1
    assert scene.of(scene.cem).post(f"{scene.place}recover", wrong).status_code == 403
    assert found() == []


@pytest.mark.parametrize("deed", ["answer", "transcribe", "close"])
def test_what_unlocks_a_voice_is_seen_by_the_organisation_also_where_nobody_opened_it_first(
    scene: Scene, deed: str
) -> None:
    send(scene, Client(), audio=spoken())
    envelope, edi = only()[1], scene.of(scene.edi)
    for _ in range(2):
        assert edi.post(f"{envelope.get_absolute_url()}{deed}", {"text": "On Monday."}).status_code == 303
    opening = Opening.objects.get()
    assert (opening.reader_id, opening.voice_code) == (scene.edi.actor.account, envelope.voice.code)


def test_an_answer_that_comes_after_the_day_of_opening_and_cannot_be_sent_stays_with_its_reason(scene: Scene) -> None:
    send(scene, Client())
    place, words = only()[1].get_absolute_url(), "We know. " * 600
    for word, text in (("answer", words), ("transcribe", words)):
        page = scene.of(scene.edi).post(f"{place}{word}", {"text": text}).content.decode()
        assert 'role="alert"' in page
        assert "too long" in page
        assert words.strip() in page, word


def test_a_row_that_was_put_there_by_hand_opens_nothing(scene: Scene) -> None:
    send(scene, Client())
    Reader.objects.create(
        organisation=scene.peers,
        account=scene.cem.account,
        public=unlocking.reading_pair(scene.cem.key).public,
        wrapped=bytes(Reader.objects.get(account=scene.lu.account).wrapped),
        offered_on=clock.today(),
        reads_since=clock.today(),
    )
    Membership.objects.create(
        account=scene.cem.account, organisation=scene.peers, role=Role.ORG_STEWARD, since=clock.today()
    )
    assert queries.unlocked(scene.cem.actor, scene.inbox, scene.cem.key) is None


def test_a_reader_who_leaves_takes_her_rows_with_her(scene: Scene) -> None:
    send(scene, Client())
    envelope = only()[1]
    scene.of(scene.edi).post(f"{envelope.get_absolute_url()}open")
    known = scene.of(scene.edi).get("/me/known").content.decode()
    assert "An inbox that you read, or offer to" in known
    assert "A voice that you opened for your organisation" in known
    people.leave(scene.edi.actor, None, key=scene.edi.key, stays=False)
    assert queries.public_number_of_readers(scene.peers) == 1
    assert "somebody who has left" in scene.of(scene.lu).get(f"{scene.place}openings").content.decode()


def test_keys_follow_from_the_participation_key_as_they_always_did() -> None:
    key = bytes(range(32))
    assert unlocking.reading_pair(key).public.hex() == READING
    assert unlocking.inbox_pair(key, "SEED").public.hex() == INBOX
    assert unlocking.fingerprint(bytes.fromhex(READING)) == FINGERPRINT


# Made once with this code and checked in: if it changes, no reader opens her inbox any more.
READING = "6fdae5607d0cf4018ee6a0dfe919c908242f01eac4c2cce72e7fec701127b453"
INBOX = "10b930e420ab049610839b63678369c506b493e5d4ca247297e069c03871152f"
FINGERPRINT = "surface gentle engage melody park lonely crumble crystal"
