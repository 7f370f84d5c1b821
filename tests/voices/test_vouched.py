"""No reader hands the key on to a public half that only whoever has the database vouches for."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests import make
from tests.voices.scene import Scene, let_in, send
from tests.voices.test_inboxes import form, is_readable_by
from withus.core import clock, codes, sealing
from withus.core.errors import Refused
from withus.policy.facts import Role
from withus.voices.inboxes import actions, queries, unlocking
from withus.voices.inboxes.models import Reader

FOREIGN = sealing.pair(b"7" * 32)


def row(who: make.Somebody) -> Reader:
    """Her row."""
    return Reader.objects.get(account=who.account)


def renew(scene: Scene, who: make.Somebody, without: Reader | None = None) -> bytes:
    """Makes a new key."""
    return actions.renew_inbox(who.actor, scene.inbox, key=who.key, seed=codes.code(26), without=without)


def nobody_foreign_has_it(scene: Scene) -> bool:
    """Whether the foreign private half opens none of the keys that lie there."""
    for one in Reader.objects.exclude(wrapped=b""):
        try:
            sealing.open_with(FOREIGN.private, bytes(one.wrapped))
        except sealing.Unreadable:
            continue
        return False
    return True


def _public_half(scene: Scene) -> None:
    Reader.objects.filter(account=scene.edi.account).update(public=FOREIGN.public)


def _public_half_and_mark_of_another_row(scene: Scene) -> None:
    _public_half(scene)
    Reader.objects.filter(account=scene.edi.account).update(vouched=bytes(row(scene.lu).vouched))


def _mark_of_another_inbox(scene: Scene) -> None:
    """She makes an inbox of her own elsewhere, and takes the mark that its key gives."""
    _public_half(scene)
    theirs, private = make.organisation("Theirs"), codes.key()
    actions.make_inbox(make.somebody(Role.ORG_STEWARD, theirs).actor, theirs, key=private, seed="S")
    there = queries.public_inbox(theirs)
    assert there
    forged = row(scene.edi).mark(there, unlocking.inbox_pair(private, "S").private)
    Reader.objects.filter(account=scene.edi.account).update(vouched=forged)


def _mark_is_gone(scene: Scene) -> None:
    Reader.objects.filter(account=scene.edi.account).update(vouched=b"")


@pytest.mark.parametrize(
    "bend", [_public_half, _public_half_and_mark_of_another_row, _mark_of_another_inbox, _mark_is_gone]
)
def test_a_key_swapped_in_the_database_gets_no_inbox_key(scene: Scene, bend: Callable[[Scene], None]) -> None:
    bend(scene)
    with pytest.raises(Refused, match="Compare the eight words") as refused:
        renew(scene, scene.lu)
    assert (scene.edi.pseudonym in refused.value.sentence, refused.value.field) == (True, "without")
    assert (scene.inbox.number, nobody_foreign_has_it(scene)) == (1, True)
    lu = scene.of(scene.lu)
    assert "Compare the eight words" in lu.get(scene.place).content.decode(), "without waiting for the next year"
    page = lu.post(f"{scene.place}renew", form(lu.get(f"{scene.place}renew")) | {"without": ""}).content.decode()
    assert "Nothing shows that these keys were added by a reader" in page
    assert row(scene.edi).fingerprint in lu.get(f"{scene.place}add").content.decode()
    renew(scene, scene.lu, without=row(scene.edi))
    let_in(scene, scene.edi)
    send(scene, Client())
    assert is_readable_by(scene, scene.edi)
    assert nobody_foreign_has_it(scene)


def test_a_reader_of_before_is_compared_and_added_anew(scene: Scene) -> None:
    Reader.objects.update(vouched=b"")
    lu, edi = scene.of(scene.lu), row(scene.edi)
    answer = lu.post(f"{scene.place}add", {"reader": edi.pseudonym_and_words})
    assert answer.status_code == 303
    assert lu.get(f"{scene.place}add").content.decode().count('type="radio"') == 0
    renew(scene, scene.lu)
    renew(scene, scene.edi)
    send(scene, Client())
    assert is_readable_by(scene, scene.lu)
    assert is_readable_by(scene, scene.edi)
    assert "Compare the eight words" not in scene.of(scene.edi).get(scene.place).content.decode()


def test_a_reader_whose_own_row_was_changed_hands_nothing_on(scene: Scene) -> None:
    Reader.objects.filter(account=scene.lu.account).update(public=FOREIGN.public)
    with pytest.raises(Refused, match="is not yours"):
        renew(scene, scene.lu)
    eve = make.somebody(Role.PEER_EDITOR, scene.peers)
    offer = actions.offer_to_read(eve.actor, scene.peers, key=eve.key)
    with pytest.raises(Refused, match="is not yours"):
        actions.add_reader(scene.lu.actor, scene.inbox, key=scene.lu.key, reader=offer)
    renew(scene, scene.edi, without=row(scene.lu))
    assert nobody_foreign_has_it(scene)


def test_a_key_that_changes_after_its_words_were_compared_gets_nothing(scene: Scene) -> None:
    eve = make.somebody(Role.PEER_EDITOR, scene.peers)
    offer = actions.offer_to_read(eve.actor, scene.peers, key=eve.key)
    Reader.objects.filter(pk=offer.pk).update(public=FOREIGN.public)
    with pytest.raises(Refused, match="has just changed"):
        actions.add_reader(scene.lu.actor, scene.inbox, key=scene.lu.key, reader=offer)
    page = scene.of(scene.lu).post(f"{scene.place}add", {"reader": offer.pseudonym_and_words})
    assert page.status_code == 200
    assert nobody_foreign_has_it(scene)
    assert actions.offer_to_read(eve.actor, scene.peers, key=eve.key).fingerprint == offer.fingerprint, "hers again"


def test_the_words_that_she_reads_out_follow_from_her_own_key(scene: Scene) -> None:
    eve = make.somebody(Role.PEER_EDITOR, scene.peers)
    own = actions.offer_to_read(eve.actor, scene.peers, key=eve.key).fingerprint
    Reader.objects.filter(account=eve.account).update(public=FOREIGN.public)
    page = scene.of(eve).get(scene.place).content.decode()
    assert own in page
    assert unlocking.fingerprint(FOREIGN.public) not in page


def test_whoever_recovers_it_gets_it_by_her_own_key(scene: Scene) -> None:
    private = queries.unlocked(scene.lu.actor, scene.inbox, scene.lu.key)
    assert private
    Reader.objects.filter(account=scene.edi.account).update(public=FOREIGN.public)
    about = {"key": scene.edi.key, "seed": codes.code(26), "paper": unlocking.on_paper(private)}
    actions.recover_inbox(scene.edi.actor, scene.inbox, **about)
    assert queries.unlocked(scene.edi.actor, scene.inbox, scene.edi.key)
    assert nobody_foreign_has_it(scene)
    assert row(scene.edi).reads_since == clock.today()


def test_the_mark_follows_from_the_key_as_it_always_did() -> None:
    assert unlocking.mark(bytes(range(32)), "INBOX", 7, 8, b"public").hex() == MARK


# Made once with this code and checked in: if it changes, every reader has to be compared anew.
MARK = "c3b190831ed4a4ee4a59bc6cd2bfb567fab4792cf741e5cbd5d0fbf254365026"
