"""Roles that answer for an organisation are given and ended in public, without who; of plain peers nothing is said."""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests import cast, make
from tests.people.test_cards import hidden, text

from withus.core import clock
from withus.core.errors import Denied, Refused
from withus.people import actions, queries
from withus.people.models import Account, Membership, Organisation, OrganisationKind
from withus.policy.facts import SYSTEM, Role, Standing
from withus.policy.who import voting
from withus.public_log import append, publish
from withus.public_log.models import LogEntry, LogPending
from withus.web.language import written_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def everybody(home: Path) -> cast.Cast:
    """The cast."""
    return cast.come_in()


def records() -> list[dict[str, Any]]:
    """Every record, those that wait for the daily hour too."""
    append.append_pending()
    return [json.loads(bytes(body)) for body in LogEntry.objects.order_by("seq").values_list("body", flat=True)]


def since(before: int) -> list[tuple[str, str, dict[str, str]]]:
    """Type, kind of actor and facts of the records that came after so many."""
    return [(one["type"], one["actor"], one["facts"]) for one in records()[before:]]


def page(of: Organisation, below: str = "") -> str:
    """An address of an organisation."""
    return f"/organisations/{of.code}/{below}"


def end(who: cast.Cast, role: str = "org_steward") -> dict[str, str]:
    """What the button sends that ends Lu's role."""
    return {"pseudonym": who.lu.pseudonym, "role": role}


def cards(role: str = "org_steward", seed: str = "0123456789ABC0123456789ABC") -> dict[str, str]:
    """What the form for cards sends."""
    return {"role": role, "size": "1", "ends_on": clock.today().isoformat(), "seed": seed}


def test_giving_a_role_and_taking_it_each_leave_one_record_without_who(everybody: cast.Cast) -> None:
    lu, before = cast.browser(everybody.lu), len(records())
    assert lu.post(page(everybody.peers, "invite"), cards("peer_editor")).status_code == 200
    facts = {"organisation": everybody.peers.code, "role": "peer_editor"}
    assert since(before) == [("role.offered", "organisation", facts)]
    eve = make.somebody(Role.PEER_EDITOR, everybody.peers)
    assert since(before + 2) == [("role.taken", "peers", facts)]
    told = json.dumps(records()[before:])
    assert eve.pseudonym not in told
    assert str(eve.account.pk) not in told
    assert set(records()[-1]) == {"v", "type", "day", "actor", "facts", "subject", "seq"}


def test_the_hour_of_a_peer_who_takes_a_role_is_not_in_the_log(everybody: cast.Cast) -> None:
    waiting = LogPending.objects.count()
    make.somebody(Role.PEER_WORKER, everybody.peers)
    assert LogPending.objects.count() == waiting + 1


def test_a_body_enters_the_log_as_a_body(everybody: cast.Cast) -> None:
    before = len(records())
    make.somebody(Role.DUTY_BEARER, everybody.ministry)
    facts = {"organisation": everybody.ministry.code, "role": "duty_bearer"}
    assert since(before + 1) == [("role.taken", "body", facts)]


def test_of_a_plain_peer_the_log_says_nothing_when_she_comes_changes_and_goes(everybody: cast.Cast) -> None:
    before = records()
    assert cast.browser(everybody.lu).post(page(everybody.peers, "invite"), cards("peer")).status_code == 200
    eve = make.somebody(Role.PEER, everybody.peers)
    actions.give_up(eve.actor, None, standing=Standing(Role.PEER, everybody.peers.code))
    actions.leave(everybody.bo.actor, None, key=everybody.bo.key, stays=False)
    assert records() == before


def test_a_card_sent_twice_is_one_record(everybody: cast.Cast) -> None:
    code = make.card(everybody.peers, Role.PEER_EDITOR)
    draft, before = make.draft(code), len(records())
    for _ in range(2):
        assert actions.join(make.VISITOR, None, code=code, draft=draft)
    assert [one[0] for one in since(before)] == ["role.taken"]


def test_ending_a_role_leaves_one_record_and_ending_it_twice_no_second(everybody: cast.Cast) -> None:
    lu, eve = cast.browser(everybody.lu), make.somebody(Role.PEER_EDITOR, everybody.peers)
    before, sent = len(records()), {"pseudonym": eve.pseudonym, "role": "peer_editor"}
    for _ in range(2):
        assert lu.post(page(everybody.peers, "dismiss"), sent).status_code == 303
    facts = {"organisation": everybody.peers.code, "role": "peer_editor"}
    assert since(before) == [("role.ended", "organisation", facts)]
    with pytest.raises(Refused):
        actions.dismiss(everybody.lu.actor, everybody.peers, **sent)


def test_the_host_cannot_touch_the_roles_of_an_organisation_that_has_a_steward(everybody: cast.Cast) -> None:
    hedy, before = cast.browser(everybody.hedy), len(records())
    batch, _ = actions.invite(SYSTEM, everybody.peers, role=Role.PEER, size=1, ends_on=clock.today())
    tries = {
        "dismiss": end(everybody),
        "invite": cards(),
        "invitations": {},
        f"invitations/{batch.code}/recall": {},
    }
    for below, sent in tries.items():
        assert (below, hedy.post(page(everybody.peers, below), sent).status_code) == (below, 403)
    assert hedy.get(page(everybody.peers, "invitations")).status_code == 403
    with pytest.raises(Denied, match="while nobody does"):
        actions.dismiss(everybody.hedy.actor, everybody.peers, **end(everybody))
    assert Membership.objects.filter(account=everybody.lu.account).count() == 1
    assert since(before) == []


def test_a_new_first_card_is_made_only_without_a_steward_and_everybody_reads_it(everybody: cast.Cast) -> None:
    hedy, peers = cast.browser(everybody.hedy), everybody.peers
    before = len(records())
    actions.give_up(everybody.lu.actor, None, standing=Standing(Role.ORG_STEWARD, peers.code))
    assert [one[0] for one in since(before)] == ["role.ended"]
    before = len(records())
    form = hedy.get(page(peers, "invite"))
    assert 'value="peer"' not in form.content.decode()
    assert hedy.post(page(peers, "invite"), cards(seed=hidden(form, "seed"))).status_code == 200
    facts = {"organisation": peers.code, "role": "org_steward"}
    assert since(before) == [("role.offered_by_host", "organisation", facts)]
    publish.publish()
    said = text(Client().get(page(peers)))
    assert f"The host made a first card on {written_day(clock.today())}" in said
    assert f'href="/log/entries/{before}"' in Client().get(page(peers)).content.decode()
    assert "The host made a first card" not in text(Client().get(page(everybody.ministry)))


def test_an_editor_without_a_steward_is_ended_by_the_host_in_public(everybody: cast.Cast) -> None:
    eve = make.somebody(Role.PEER_EDITOR, everybody.peers)
    actions.leave(everybody.lu.actor, None, key=everybody.lu.key, stays=True)
    before = len(records())
    sent = {"pseudonym": eve.pseudonym, "role": "peer_editor"}
    assert cast.browser(everybody.hedy).post(page(everybody.peers, "dismiss"), sent).status_code == 303
    facts = {"organisation": everybody.peers.code, "role": "peer_editor"}
    assert since(before) == [("role.ended_by_host", "organisation", facts)]


def test_whom_the_host_brings_in_does_not_inherit_the_recognition() -> None:
    make.instance()
    union, other = make.recognised("The union"), make.recognised("The neighbors")
    third = make.organisation("The third")
    make.mandate(third)
    actions.declare(SYSTEM, third, share="none")
    actions.countersign(SYSTEM, third, version=1, by=union)
    lu, hedy = make.somebody(Role.ORG_STEWARD, union), make.somebody(Role.INSTANCE_STEWARD)
    actions.leave(lu.actor, None, key=lu.key, stays=True)
    assert queries.public_recognised_codes() == {union.code, other.code, third.code}
    actions.invite(hedy.actor, union, role=Role.ORG_STEWARD, size=1, ends_on=clock.today())
    assert queries.public_recognised_codes() == {other.code, third.code}, "what it vouched for stays whole"
    said = text(Client().get(page(union)))
    assert "Recognised by its host only" in said
    assert "the mandate has to be published anew" in said
    with pytest.raises(Refused, match="published anew"):
        actions.countersign(SYSTEM, union, version=1, by=other)
    make.mandate(union)
    assert union.code not in queries.public_recognised_codes()
    actions.countersign(SYSTEM, union, version=2, by=other)
    assert queries.public_recognised_codes() == {union.code, other.code, third.code}


def test_the_very_first_card_costs_no_recognition() -> None:
    hedy, new = make.somebody(Role.INSTANCE_STEWARD), make.organisation("The new ones")
    actions.invite(hedy.actor, new, role=Role.ORG_STEWARD, size=1, ends_on=clock.today())
    make.mandate(new)
    actions.declare(SYSTEM, new, share="none")
    actions.countersign(SYSTEM, new, version=1, outside_name="Abroad", outside_proof="Their site")
    assert queries.public_recognised_codes() == {new.code}


def test_whoever_leaves_ends_each_of_her_roles_in_public(everybody: cast.Cast) -> None:
    code = make.card(everybody.peers, Role.PEER_EDITOR)
    actions.join(everybody.lu.actor, None, code=code)
    before = len(records())
    actions.leave(everybody.lu.actor, None, key=everybody.lu.key, stays=False)
    assert sorted((kind, actor, facts["role"]) for kind, actor, facts in since(before)) == [
        ("role.ended", "peers", "org_steward"),
        ("role.ended", "peers", "peer_editor"),
    ]
    assert not Account.objects.filter(pk=everybody.lu.account.pk).exists()


def test_bo_gives_one_role_up_and_keeps_the_other(everybody: cast.Cast) -> None:
    bo = cast.browser(everybody.bo)
    assert bo.post("/join", {"code": make.card(everybody.peers, Role.PEER_EDITOR)}).status_code == 303
    assert "/me/give-up" in bo.get("/me/").content.decode()
    assert "Peer editor: The peers" in text(bo.get("/me/give-up"))
    before = len(records())
    assert 'role="alert"' in bo.post("/me/give-up", {}).content.decode()
    for wrong in ("org_steward X", f"org_steward {everybody.peers.code}", "\0"):
        assert 'role="alert"' in bo.post("/me/give-up", {"standing": wrong}).content.decode()
    answer = bo.post("/me/give-up", {"standing": f"peer_editor {everybody.peers.code}"})
    assert (answer.status_code, answer["Location"]) == (303, "/me/")
    held = Membership.objects.filter(account=everybody.bo.account).values_list("role", flat=True)
    assert list(held) == [Role.PEER]
    assert [(kind, actor) for kind, actor, _ in since(before)] == [("role.ended", "peers")]
    assert bo.post("/me/give-up", {"standing": f"peer {everybody.peers.code}"}).status_code == 303
    assert "You have no role now" in text(bo.get("/me/"))
    assert Account.objects.filter(pk=everybody.bo.account.pk).exists()
    assert len(records()) == before + 1
    with pytest.raises(Refused):
        actions.give_up(everybody.bo.actor, None, standing=Standing(Role.PEER, everybody.peers.code))


def test_hedy_gives_the_house_back_and_the_log_says_that_a_steward_did(everybody: cast.Cast) -> None:
    before = len(records())
    assert cast.browser(everybody.hedy).post("/me/give-up", {"standing": "instance_steward"}).status_code == 303
    assert [one[:2] for one in since(before)] == [("steward.left", "organisation")]
    assert not Membership.objects.filter(role=Role.INSTANCE_STEWARD).exists()


def test_visitors_have_nothing_to_give_up() -> None:
    assert (Client().get("/me/give-up").status_code, Client().post("/me/give-up", {}).status_code) == (403, 403)


def test_a_reason_stands_once_on_the_page_of_an_organisation(everybody: cast.Cast) -> None:
    hedy, orphans = cast.browser(everybody.hedy), make.organisation("Orphans")
    for of, reason in ((orphans, "Only a steward of this organisation"), (everybody.peers, "while nobody does")):
        said = hedy.get(page(of)).content.decode()
        assert (of.name, said.count(reason)) == (of.name, 1)
        assert "Add a service" in said
    assert "<li></li>" not in hedy.get(page(orphans)).content.decode()
    assert (
        "data-reason"
        not in cast.browser(everybody.lu).get(page(everybody.peers)).content.decode().partition("For those who run")[2]
    )


def test_a_funder_can_have_more_readers_than_one_because_none_of_them_gives_roles(everybody: cast.Cast) -> None:
    fund = make.organisation("The fund", OrganisationKind.FUNDER)
    make.somebody(Role.READER, fund)
    assert queries.roles_to_hand_out(everybody.hedy.actor, fund) == (Role.READER,)
    actions.invite(everybody.hedy.actor, fund, role=Role.READER, size=1, ends_on=clock.today())


def test_an_organisation_whose_steward_is_gone_gets_another_after_28_days_of_silence(
    everybody: cast.Cast, settings: Any
) -> None:
    hedy, before = cast.browser(everybody.hedy), len(records())
    assert cast.browser(everybody.lu).post(page(everybody.peers, "miss")).status_code == 403
    for _ in range(2):
        assert hedy.post(page(everybody.peers, "miss")).status_code == 303
    facts = {"organisation": everybody.peers.code}
    assert since(before) == [("steward.missed", "organisation", facts)]
    assert "the host said that nobody who gives roles here can act" in text(Client().get(page(everybody.peers)))
    today = clock.today()
    for days, status in ((0, 403), (28, 403), (29, 303)):
        settings.WITHUS_TODAY = today + datetime.timedelta(days=days)
        hedy = cast.browser(everybody.hedy)
        assert (days, hedy.post(page(everybody.peers, "dismiss"), end(everybody)).status_code) == (days, status)
    lou = make.somebody(Role.ORG_STEWARD, everybody.peers)
    assert Organisation.objects.get(pk=everybody.peers.pk).missed_on is None
    assert (
        hedy.post(page(everybody.peers, "dismiss"), {"pseudonym": lou.pseudonym, "role": "org_steward"}).status_code
        == 403
    )


def test_a_steward_who_is_there_answers_and_the_host_has_to_wait_anew(everybody: cast.Cast, settings: Any) -> None:
    lu, before = cast.browser(everybody.lu), len(records())
    actions.miss(everybody.hedy.actor, everybody.peers)
    assert "the host misses you" in text(lu.get("/me/"))
    assert "We are here" in text(lu.get(page(everybody.peers)))
    assert "We are here" not in text(cast.browser(everybody.hedy).get(page(everybody.peers)))
    assert cast.browser(everybody.hedy).post(page(everybody.peers, "show-up")).status_code == 403
    for _ in range(2):
        assert lu.post(page(everybody.peers, "show-up")).status_code == 303
    assert [one[0] for one in since(before)] == ["steward.missed", "steward.answered"]
    settings.WITHUS_TODAY = clock.today() + datetime.timedelta(days=60)
    assert cast.browser(everybody.hedy).post(page(everybody.peers, "dismiss"), end(everybody)).status_code == 403


def test_nobody_is_missed_where_nobody_gives_roles(everybody: cast.Cast) -> None:
    orphans = make.organisation("Orphans")
    with pytest.raises(Refused):
        actions.miss(everybody.hedy.actor, orphans)
    with pytest.raises(Refused):
        actions.show_up(everybody.lu.actor, everybody.peers)


def test_who_works_for_a_service_is_no_peer_to_the_votes(everybody: cast.Cast) -> None:
    clinic = make.organisation("The clinic", OrganisationKind.SERVICE)
    theirs, ours = make.somebody(Role.PEER_WORKER, clinic), make.somebody(Role.PEER_WORKER, everybody.peers)
    assert [[one.is_of_peers for one in who.actor.standings] for who in (theirs, ours)] == [[False], [True]]
    assert [bool(voting(who.actor, None)) for who in (theirs, ours)] == [False, True]
