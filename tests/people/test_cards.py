"""Coming in with a card: a pseudonym, a passphrase, two words typed back, and no tie between card and person."""

import datetime
import re
from html import unescape

import pytest
from django.test import Client
from tests import cast, make

from withus.core import clock, codes
from withus.people import actions, credentials, names
from withus.people.models import Account, Invite, InviteBatch, Membership, Session
from withus.policy.facts import SYSTEM, VISITOR, Role

pytestmark = pytest.mark.django_db


def hidden(answer, name: str) -> str:
    """A hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())
    assert found, answer.content.decode()
    return unescape(found[1])


def text(answer) -> str:
    """A page's words, without its markup."""
    return " ".join(unescape(re.sub("<[^>]*>", " ", answer.content.decode())).split())


def draft_of(answer, purpose: str = "join") -> credentials.Draft:
    """What the page's sealed field holds."""
    draft = credentials.opened(hidden(answer, "draft"), purpose)
    assert draft
    return draft


def words_back(draft: credentials.Draft) -> dict[str, str]:
    """The second and the fifth word."""
    words = draft.passphrase.split()
    return {"second": words[1], "fifth": words[4]}


@pytest.fixture
def code() -> str:
    """A card of the peer organisation."""
    make.instance()
    return make.card(make.organisation())


def test_a_newcomer_writes_her_card_down_and_is_in(code: str) -> None:
    ana = Client()
    card = ana.post("/join", {"code": codes.grouped(code).lower()})
    draft = draft_of(card)
    assert draft.pseudonym.replace("-", " ") in text(card)
    assert draft.passphrase in text(card)
    assert not Account.objects.exists()
    sent = {"code": code, "draft": hidden(card, "draft")}
    check = ana.post("/join", sent | {"step": "check"})
    assert "Do you have it on paper?" in text(check)
    assert draft.passphrase not in text(check)
    answer = ana.post("/join", sent | {"step": "done"} | words_back(draft))
    assert (answer.status_code, answer["Location"]) == (303, "/me/")
    account = Account.objects.get()
    role = Membership.objects.get()
    assert (account.pseudonym, role.account, role.role) == (draft.pseudonym, account, Role.PEER)
    assert not Invite.objects.exists()
    assert draft.pseudonym in ana.get("/me/").content.decode()
    typed = {"pseudonym": draft.pseudonym.replace("-", " ").upper(), "passphrase": draft.passphrase.upper()}
    assert Client().post("/sign-in", typed).status_code == 303


def test_wrong_words_are_told_and_nothing_is_made(code: str) -> None:
    ana = Client()
    card = ana.post("/join", {"code": code})
    sent = {"code": code, "draft": hidden(card, "draft"), "step": "done"}
    answer = ana.post("/join", sent | {"second": "nothing", "fifth": ""})
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert 'value="nothing"' in answer.content.decode()
    assert not Account.objects.exists()
    assert draft_of(answer) == draft_of(card)
    assert ana.post("/join", sent | {"step": "skip"}).status_code == 303
    assert Account.objects.count() == 1


def test_she_may_ask_for_another_name_and_see_the_card_again(code: str) -> None:
    ana = Client()
    first = draft_of(ana.post("/join", {"code": code}))
    page = ana.post("/join", {"code": code, "draft": credentials.sealed(first), "again": "yes"})
    second = draft_of(page)
    assert first.pseudonym != second.pseudonym
    again = ana.post("/join", {"code": code, "draft": hidden(page, "draft"), "step": "show"})
    assert draft_of(again) == second


def test_the_same_form_sent_twice_is_one_account(code: str) -> None:
    sent = {"code": code, "draft": credentials.sealed(make.draft(code)), "step": "skip"}
    first, second = Client().post("/join", sent), Client().post("/join", sent)
    assert (first.status_code, second.status_code) == (303, 303)
    assert Account.objects.count() == Membership.objects.count() == 1
    assert Session.objects.count() == 2


def test_a_card_that_somebody_else_used_meanwhile_says_so(code: str) -> None:
    late = {"code": code, "draft": credentials.sealed(make.draft(code)), "step": "skip"}
    assert actions.join(VISITOR, None, code=code, draft=make.draft(code))
    answer = Client().post("/join", late)
    assert answer.status_code == 200
    assert "This code does not work" in answer.content.decode()
    assert Account.objects.count() == 1


def test_a_draft_is_good_for_its_card_for_its_deed_and_for_a_day(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = make.draft(code)
    text = credentials.sealed(draft)
    assert credentials.opened(text, "join") == draft
    assert credentials.opened(text, "recover") is None
    assert credentials.opened(text[:-8] + "AAAAAAA=", "join") is None
    other = make.card(make.organisation("Others"))
    answer = Client().post("/join", {"code": other, "draft": text, "step": "skip"})
    assert "This code does not work" in answer.content.decode()
    monkeypatch.setattr(credentials, "DRAFT_SECONDS", -1)
    assert credentials.opened(text, "join") is None


@pytest.mark.parametrize("typed", ["", "0000-0000-0000-0000", "x" * 100_000, "\0", "\u202e\ud7ff", "<b>"])
def test_what_is_no_card_gets_advice(code: str, typed: str) -> None:
    assert Client().post("/join", {"code": code}).status_code == 200
    answer = Client().post("/join", {"code": typed, "draft": "x" * 1000})
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert not Account.objects.exists()


def test_bytes_that_are_no_utf8_get_advice(code: str) -> None:
    answer = Client().generic("POST", "/join", b"code=%ff%fe&draft=%ff", "application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()


def test_bo_gets_a_second_role_with_another_card() -> None:
    everybody = cast.come_in()
    bo = cast.browser(everybody.bo)
    code = make.card(everybody.peers, Role.PEER_EDITOR)
    assert bo.post("/join", {"code": code})["Location"] == "/me/"
    held = Membership.objects.filter(account=everybody.bo.account).values_list("role", flat=True)
    assert sorted(held) == [Role.PEER, Role.PEER_EDITOR]
    again = make.card(everybody.peers, Role.PEER_EDITOR)
    answer = bo.post("/join", {"code": again})
    assert "You have this role already" in answer.content.decode()
    assert Invite.objects.filter(digest=codes.digest(again)).exists()


def test_lu_prints_cards_that_are_shown_once_and_can_be_recalled() -> None:
    everybody = cast.come_in()
    lu = cast.browser(everybody.lu)
    page = lu.get(f"/organisations/{everybody.peers.code}/invite")
    sent = {"role": "peer", "size": "8", "ends_on": clock.today().isoformat(), "seed": hidden(page, "seed")}
    cards = lu.post(f"/organisations/{everybody.peers.code}/invite", sent)
    shown = {one.replace(" ", "") for one in re.findall(r"\b(?:[0-9A-Z]{4} ){3}[0-9A-Z]{4}\b", text(cards))}
    assert len(shown) == 8
    batch = codes.derived(sent["seed"], "batch", 13)
    stored = set(Invite.objects.filter(batch__code=batch).values_list("digest", flat=True))
    assert {codes.digest(one) for one in shown} == stored
    assert cards.content.decode().count("data:image/svg+xml") >= 8
    again = lu.post(f"/organisations/{everybody.peers.code}/invite", sent)  # a second press shows the same sheet
    assert {one for one in shown if " ".join(re.findall("....", one)) in text(again)} == shown
    other = lu.post(f"/organisations/{everybody.peers.code}/invite", sent | {"size": "9"})
    assert "made already" in other.content.decode()
    assert Invite.objects.filter(batch__organisation=everybody.peers).count() == 8
    overview = lu.get(f"/organisations/{everybody.peers.code}/invitations").content.decode()
    assert "8 of 8" in overview
    assert not any(one in overview for one in shown)
    recall = f"/organisations/{everybody.peers.code}/invitations/{batch}/recall"
    assert cast.browser(everybody.ana).post(recall).status_code == 403
    assert lu.post(recall).status_code == 303
    assert not InviteBatch.objects.filter(code=batch).exists()
    assert not Invite.objects.filter(digest__in=stored).exists()


def test_cards_end_on_their_day(monkeypatch: pytest.MonkeyPatch, settings) -> None:
    make.instance()
    code = make.card(make.organisation())
    settings.WITHUS_TODAY = clock.today() + datetime.timedelta(days=1)
    assert "This code does not work" in Client().post("/join", {"code": code}).content.decode()


@pytest.mark.parametrize(
    ("size", "days", "role"),
    [("0", 1, "peer"), ("201", 1, "peer"), ("8", -1, "peer"), ("8", 400, "peer"), ("8", 1, "duty_bearer")],
)
def test_no_cards_beyond_what_is_handed_out(size: str, days: int, role: str) -> None:
    everybody = cast.come_in()
    lu, before = cast.browser(everybody.lu), Invite.objects.count()
    day = clock.today() + datetime.timedelta(days=days)
    sent = {"role": role, "size": size, "ends_on": day.isoformat(), "seed": codes.code(26)}
    answer = lu.post(f"/organisations/{everybody.peers.code}/invite", sent)
    assert 'role="alert"' in answer.content.decode()
    assert Invite.objects.count() == before


def test_the_house_hands_out_the_first_card_and_cannot_slip_in_beside_a_steward() -> None:
    everybody = cast.come_in()
    hedy, new = cast.browser(everybody.hedy), make.organisation("The new ones")
    page = hedy.get(f"/organisations/{new.code}/invite").content.decode()
    assert 'value="org_steward"' in page
    assert 'value="peer"' not in page
    sent = {
        "role": "org_steward",
        "size": "1",
        "ends_on": clock.today().isoformat(),
        "seed": "0123456789ABC0123456789ABC",
    }
    before = Invite.objects.count()
    ours = f"/organisations/{everybody.peers.code}/invite"
    answer = hedy.get(ours)
    assert (answer.status_code, "has somebody who makes its cards" in answer.content.decode()) == (403, True)
    assert hedy.post(ours, sent).status_code == 403
    assert Invite.objects.count() == before
    secretary = cast.browser(everybody.mina).get(f"/organisations/{everybody.ministry.code}/invite").content.decode()
    assert 'value="duty_bearer"' in secretary


def test_names_and_passphrases_leave_nothing_to_guess() -> None:
    assert len(set(names.ADJECTIVES)) == len(names.ADJECTIVES)
    assert len(set(names.ANIMALS)) == len(names.ANIMALS)
    assert len(names.ADJECTIVES) * len(names.ANIMALS) * 8900 > 1_000_000
    assert len(codes.fit_words()) ** codes.PASSPHRASE_WORDS / 256 > 2**64
    assert len(codes.SYMBOLS) ** 16 / 256 > 2**64
    made = {names.pseudonym() for _ in range(1000)}
    assert len(made) > 990
    assert all(names.read_pseudonym(one.replace("-", "  ").title()) == one for one in made)
    secret = codes.key()
    assert all(
        codes.code_may_be(secret, "calm-otter-1", one) for one in credentials.recovery_codes(secret, "calm-otter-1")
    )


def test_a_used_card_leaves_no_row_behind() -> None:
    make.instance()
    organisation = make.organisation()
    batch, (code,) = actions.invite(SYSTEM, organisation, role=Role.PEER, size=1, ends_on=clock.today())
    assert actions.join(VISITOR, None, code=code, draft=make.draft(code))
    assert not Invite.objects.exists()
    from withus.people.jobs import forget_ended

    assert forget_ended() >= 1
    assert not InviteBatch.objects.filter(pk=batch.pk).exists()
