"""Organisations: founding, mandates, who pays, who vouches, and who sees whose desk."""

import pytest
from django.test import Client
from tests import cast, make
from tests.people.test_cards import hidden, text

from withus.core.errors import Denied, Refused
from withus.people import actions
from withus.people.models import Countersignature, FundingLink, Mandate, Membership, Organisation, OrganisationKind
from withus.people.queries import public_recognised_codes
from withus.policy.facts import SYSTEM, Role

pytestmark = pytest.mark.django_db
MANDATE = {
    "speaks_for": "Everybody at the drop-in",
    "chosen_how": "By vote",
    "members_asked": "Weekly",
    "reports_back": "On paper",
    "language": "en",
}


@pytest.fixture
def everybody() -> cast.Cast:
    """The cast."""
    return cast.come_in()


def page(of: Organisation, below: str = "") -> str:
    """An address of an organisation."""
    return f"/organisations/{of.code}/{below}"


def test_hedy_adds_a_national_organisation_and_its_chapter(everybody: cast.Cast) -> None:
    hedy = cast.browser(everybody.hedy)
    sent = {"kind": "peer_organisation", "name": "The union", "about": "Peers", "language": "en", "parent": ""}
    address = hedy.post("/organisations/new", sent)["Location"]
    union = Organisation.objects.get(name="The union")
    assert address == page(union)
    chapter = sent | {"name": "The union, harbor", "parent": union.code}
    assert hedy.post("/organisations/new", chapter).status_code == 303
    assert "The union, harbor" in text(Client().get(page(union)))
    deeper = sent | {"name": "Deeper", "parent": Organisation.objects.get(name="The union, harbor").code}
    assert 'role="alert"' in hedy.post("/organisations/new", deeper).content.decode()
    assert "is here already" in text(hedy.post("/organisations/new", sent | {"name": "the UNION"}))
    other_kind = sent | {"kind": "service", "name": "A service", "parent": union.code}
    assert 'role="alert"' in hedy.post("/organisations/new", other_kind).content.decode()
    assert Organisation.objects.filter(founded_on__isnull=False).count() == 5


def test_lu_publishes_a_mandate_and_says_who_pays(everybody: cast.Cast) -> None:
    lu, peers = cast.browser(everybody.lu), everybody.peers
    assert "Recognised by its host only" in text(Client().get(page(peers)))
    assert lu.post(page(peers, "mandate"), MANDATE)["Location"] == page(peers)
    assert lu.post(page(peers, "mandate"), MANDATE | {"speaks_for": "All peers"}).status_code == 303
    assert list(Mandate.objects.values_list("version", "speaks_for")) == [
        (1, "Everybody at the drop-in"),
        (2, "All peers"),
    ]
    assert lu.post(page(peers, "funding"), {"payer": everybody.ministry.code, "share": "most"}).status_code == 303
    said = text(Client().get(page(peers)))
    assert "All peers" in said
    assert "Version 1, published on" in said
    assert "The ministry : more than a half of its money" in said
    assert lu.post(page(peers, "funding"), {"payer": everybody.ministry.code, "share": "none"}).status_code == 303
    assert "more than a half" not in text(Client().get(page(peers)))
    assert FundingLink.objects.count() == 2


@pytest.mark.parametrize(
    "sent",
    [{}, {"share": "most"}, {"payer": "X", "share": "part"}, {"payer_name": "\0", "share": "most"}, {"share": "x"}],
)
def test_half_a_declaration_is_none(everybody: cast.Cast, sent: dict[str, str]) -> None:
    answer = cast.browser(everybody.lu).post(page(everybody.peers, "funding"), sent)
    assert 'role="alert"' in answer.content.decode()
    assert not FundingLink.objects.exists()


@pytest.mark.parametrize("words", ["", "x" * 100_000, "a\0b", "a\u202eb"])
def test_a_mandate_that_cannot_be_read_is_not_published(everybody: cast.Cast, words: str) -> None:
    answer = cast.browser(everybody.lu).post(page(everybody.peers, "mandate"), MANDATE | {"speaks_for": words})
    assert 'role="alert"' in answer.content.decode()
    assert "By vote" in answer.content.decode()
    assert not Mandate.objects.exists()


def test_a_ministry_has_no_mandate(everybody: cast.Cast) -> None:
    with pytest.raises(Refused):
        make.mandate(everybody.ministry)


def test_recognition_begins_outside_and_is_handed_on(everybody: cast.Cast) -> None:
    peers, hedy, lu = everybody.peers, cast.browser(everybody.hedy), cast.browser(everybody.lu)
    others = make.organisation("The neighbors")
    nela = make.somebody(Role.ORG_STEWARD, others)
    for one in (peers, others):
        make.mandate(one)
        actions.declare(SYSTEM, one, share="none")
    actions.countersign(SYSTEM, peers, version=1, by=others)
    actions.countersign(SYSTEM, others, version=1, by=peers)
    assert public_recognised_codes() == set()
    assert cast.browser(nela).get(page(peers, "countersign")).status_code == 403
    form = hedy.get(page(peers, "countersign"))
    sent = {"version": hidden(form, "version"), "outside_name": "Abroad", "outside_proof": ""}
    assert 'role="alert"' in hedy.post(page(peers, "countersign"), sent).content.decode()
    assert hedy.post(page(peers, "countersign"), sent | {"outside_proof": "their site"}).status_code == 303
    assert public_recognised_codes() == {peers.code, others.code}
    assert "Recognised peer organisation" in text(Client().get(page(peers)))
    third = make.organisation("The third")
    make.mandate(third)
    actions.declare(SYSTEM, third, share="none")
    assert lu.post(page(third, "countersign"), {"version": "1", "by": peers.code}).status_code == 303
    assert public_recognised_codes() == {peers.code, others.code, third.code}
    assert 'role="alert"' in lu.post(page(third, "countersign"), {"version": "1", "by": peers.code}).content.decode()
    assert "recognised" in text(Client().get("/organisations/"))


def test_lu_vouches_only_in_her_own_name_and_for_what_she_read(everybody: cast.Cast) -> None:
    mine, foreign, other = make.recognised("Mine"), make.recognised("Foreign"), make.organisation("Other")
    make.mandate(other)
    lu = make.somebody(Role.ORG_STEWARD, mine)
    make.mandate(other, speaks_for="Somebody else")
    with pytest.raises(Refused, match="changed"):
        actions.countersign(lu.actor, other, version=1, by=mine)
    for name in ({"by": foreign}, {"outside_name": "Abroad", "outside_proof": "x"}):
        with pytest.raises(Refused, match="in this name"):
            actions.countersign(lu.actor, other, version=2, **name)
    with pytest.raises(Denied):
        actions.countersign(lu.actor, mine, version=1, by=mine)
    assert actions.countersign(lu.actor, other, version=2, by=mine)
    assert Countersignature.objects.filter(by=mine).count() == 1


def test_a_new_mandate_waits_for_its_countersignature() -> None:
    make.instance()
    union = make.recognised("The union")
    chapter = make.organisation("The chapter", parent=union)
    make.mandate(chapter)
    actions.declare(SYSTEM, chapter, share="none")
    actions.countersign(SYSTEM, chapter, version=1, by=union)
    assert public_recognised_codes() == {union.code, chapter.code}
    make.mandate(union, speaks_for="Others")
    assert public_recognised_codes() == {chapter.code}


def test_stewards_see_staff_and_never_peers(everybody: cast.Cast) -> None:
    said = text(cast.browser(everybody.lu).get(page(everybody.peers, "invitations")))
    assert everybody.lu.pseudonym in said
    assert not any(one.pseudonym in said for one in (everybody.ana, everybody.bo, everybody.cem))


def test_lu_ends_a_role_and_never_a_peers(everybody: cast.Cast) -> None:
    lu, eve = cast.browser(everybody.lu), make.somebody(Role.PEER_EDITOR, everybody.peers)
    address = page(everybody.peers, "dismiss")
    assert (
        cast.browser(everybody.ana).post(address, {"pseudonym": eve.pseudonym, "role": "peer_editor"}).status_code
        == 403
    )
    assert lu.post(address, {"pseudonym": eve.pseudonym, "role": "peer_editor"}).status_code == 303
    assert not Membership.objects.filter(account=eve.account).exists()
    for name, role in ((everybody.ana.pseudonym, "peer"), ("\0", "\0"), (everybody.mina.pseudonym, "body_secretary")):
        assert lu.post(address, {"pseudonym": name, "role": role}).status_code == 303
    assert Membership.objects.filter(account__in=[everybody.ana.account, everybody.mina.account]).count() == 2


DESK = ("mandate", "funding", "invite", "invitations")


@pytest.mark.parametrize("below", DESK)
def test_a_desk_is_its_own_organisations_only(everybody: cast.Cast, below: str) -> None:
    assert cast.browser(everybody.lu).get(page(everybody.peers, below)).status_code == 200
    foreign = make.somebody(Role.ORG_STEWARD, make.organisation("Foreign"))
    for who in (everybody.ana, everybody.cem, foreign, everybody.mina):
        answer = cast.browser(who).get(page(everybody.peers, below))
        assert answer.status_code == 403
        assert "data-reason" in answer.content.decode()
    assert Client().get(page(everybody.peers, below)).status_code == 403


@pytest.mark.parametrize("below", ["", *DESK, "countersign"])
def test_what_is_not_there_is_not_there(everybody: cast.Cast, below: str) -> None:
    lu = cast.browser(everybody.lu)
    for code in ("NOSUCHCODE", everybody.peers.code.lower() + "x", "%00", "1"):
        assert lu.get(f"/organisations/{code}/{below}").status_code == 404


def test_a_foreign_batch_cannot_be_recalled(everybody: cast.Cast) -> None:
    batch, _ = actions.invite(SYSTEM, everybody.ministry, role=Role.READER, size=1, ends_on=make.clock.today())
    lu = cast.browser(everybody.lu)
    assert lu.post(page(everybody.peers, f"invitations/{batch.code}/recall")).status_code == 404
    assert lu.post(page(everybody.ministry, f"invitations/{batch.code}/recall")).status_code == 403
    assert batch.invites.count() == 1


def test_every_kind_hands_out_what_belongs_to_it() -> None:
    from withus.people.queries import HANDED_OUT

    assert set(HANDED_OUT) == set(OrganisationKind)
    assert Role.PEER not in {
        role for kind, roles in HANDED_OUT.items() if kind != OrganisationKind.PEER for role in roles
    }
    assert not any(Role.INSTANCE_STEWARD in roles for roles in HANDED_OUT.values())
