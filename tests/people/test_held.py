"""Roles given, ended or prolonged by hand in the database are found; whatever is done here in public is not."""

from pathlib import Path
from typing import Any

import pytest
from tests import cast, make
from tests.people.test_hand_over import DAY, comes_in, hands_over
from tests.public_log.bending import bend, found, undone

from withus.core import clock
from withus.people import actions, jobs
from withus.people.models import Membership
from withus.policy.facts import SYSTEM, Role, Standing
from withus.public_log.append import append_pending

pytestmark = pytest.mark.django_db


@pytest.fixture
def everybody(db: None, home: Path) -> cast.Cast:
    """The cast, with one more steward of the house."""
    make.somebody(Role.INSTANCE_STEWARD, None)
    return cast.come_in()


def card(of: Any, role: Role, days: int | None = None) -> str:
    """A card for a role, perhaps with a term of so many days."""
    term = {"term_until": clock.today() + days * DAY} if days else {}
    return actions.invite(SYSTEM, of, role=role, size=1, ends_on=clock.today(), **term)[1][0]


def test_all_that_is_done_with_roles_in_public_agrees_with_the_log(everybody: cast.Cast, settings: Any) -> None:
    ministry, peers, mina, today = everybody.ministry, everybody.peers, everybody.mina, clock.today()

    def agrees() -> None:
        assert found() == []
        append_pending()
        assert found() == []

    agrees()
    for days in (10, 20, None):
        actions.join(mina.actor, None, code=card(ministry, Role.DUTY_BEARER, days))
        agrees()
    odile = make.somebody(Role.DUTY_BEARER, ministry)
    actions.join(everybody.ana.actor, None, code=card(ministry, Role.DUTY_BEARER, 5))
    _, code = hands_over(odile, ministry, Role.DUTY_BEARER)
    actions.join(everybody.ana.actor, None, code=code)  # it prolongs hers, and ends the other
    agrees()
    comes_in(hands_over(mina, ministry, Role.BODY_SECRETARY)[1])
    agrees()
    actions.dismiss(SYSTEM, ministry, pseudonym=mina.pseudonym, role=Role.DUTY_BEARER)
    actions.leave(everybody.lu.actor, None, key=everybody.lu.key, stays=True)
    actions.give_up(everybody.hedy.actor, None, standing=Standing(Role.INSTANCE_STEWARD))
    agrees()
    actions.join(everybody.bo.actor, None, code=card(peers, Role.ORG_STEWARD, 3))
    actions.join(everybody.bo.actor, None, code=card(peers, Role.PEER_EDITOR))
    settings.WITHUS_TODAY = today + 4 * DAY
    agrees()
    assert jobs.end_terms() == 1
    agrees()


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("DELETE FROM withus_membership WHERE role = 'body_secretary'", "0 hold this role, and the log says 1"),
        ("DELETE FROM withus_account WHERE pseudonym = %s", "0 hold this role, and the log says 1"),
        (
            "UPDATE withus_membership SET role = 'duty_bearer' WHERE role = 'body_secretary'",
            "1 hold this role, and the",
        ),
        ("UPDATE withus_membership SET role = 'body_secretary' WHERE role = 'org_steward'", "body_secretary of"),
        ("UPDATE withus_membership SET until = '2030-01-01' WHERE role = 'body_secretary'", "took it until 2030-01-01"),
        ("UPDATE withus_membership SET since = '2020-01-01' WHERE role = 'org_steward'", "took it on 2020-01-01"),
        ("UPDATE withus_membership SET role = 'org_steward' WHERE role = 'peer'", "hold this role, and the log says 1"),
        ("DELETE FROM withus_membership WHERE role = 'instance_steward'", "of this house: 0 hold this role"),
    ],
)
def test_what_was_changed_by_hand_is_found(everybody: cast.Cast, sql: str, says: str) -> None:
    with undone():
        bend(sql, *([everybody.mina.pseudonym] if "%s" in sql else []))
        assert [one for one in found() if says in one], found()


@pytest.mark.parametrize("role", [Role.ORG_STEWARD, Role.INSTANCE_STEWARD, Role.PEER_WORKER])
def test_a_role_that_was_given_by_hand_is_found(everybody: cast.Cast, role: Role) -> None:
    whose = None if role is Role.INSTANCE_STEWARD else everybody.peers
    Membership.objects.create(account=everybody.cem.account, organisation=whose, role=role, since=clock.today())
    assert [one for one in found() if f"{role} of" in one and "and the log says" in one]


def test_where_a_term_may_have_been_prolonged_as_many_hold_the_role_as_must(everybody: cast.Cast) -> None:
    for days in (10, 20):
        newcomer = make.somebody(Role.READER, everybody.ministry)
        actions.join(newcomer.actor, None, code=card(everybody.ministry, Role.DUTY_BEARER, days))
    Membership.objects.filter(role=Role.DUTY_BEARER, until=clock.today() + 10 * DAY).delete()
    assert found() == []  # the log cannot tell this from a term that was prolonged
    Membership.objects.filter(role=Role.DUTY_BEARER).delete()
    assert [one for one in found() if "0 hold this role, and the log says 1 at least" in one]


def test_plain_peers_come_and_go_without_a_trace(everybody: cast.Cast) -> None:
    Membership.objects.filter(role=Role.PEER).delete()
    assert found() == []
