"""The permission table: for every deed exactly those may who should, and every no has its reason."""

from dataclasses import dataclass

import pytest

from withus.policy.facts import SYSTEM, VISITOR, Actor, Role, Standing, Trace
from withus.policy.rules import POLICY, Action, decide

ORG, OTHER = "ORG", "OTHER"


@dataclass(frozen=True)
class Thing:
    """A subject as the policy sees it."""

    organisation_code: str = ORG
    decided_by_account: int | None = None
    is_open: bool = True

    def takes(self, feature: str) -> bool:
        return self.is_open

    def recognised_codes(self) -> frozenset[str]:
        return frozenset({ORG, OTHER})


def somebody(role: Role, organisation: str = ORG, account: int = 1) -> Actor:
    return Actor(account, "calm-otter-1", frozenset({Standing(role, organisation)}))


CAST = {
    "visitor": VISITOR,
    "system": SYSTEM,
    "instance_steward": somebody(Role.INSTANCE_STEWARD, ""),
    **{
        role.value: somebody(role)
        for role in Role
        if role not in {Role.VISITOR, Role.CONTRIBUTOR, Role.INSTANCE_STEWARD}
    },
    "foreign_steward": somebody(Role.ORG_STEWARD, OTHER),
    "foreign_editor": somebody(Role.PEER_EDITOR, OTHER),
}
EVERYBODY = set(CAST)
SIGNED_IN = EVERYBODY - {"visitor"}
STEWARDS = {"system", "org_steward", "foreign_steward", "instance_steward"}
HOLDERS = {"system", "org_steward", "body_secretary"}
EDITORS = {"system", "org_steward", "peer_editor"}
WHO_MAY: dict[Action, set[str]] = {
    Action.SET_UP: EVERYBODY,
    Action.ADD_STEWARD: {"system"},
    Action.DESCRIBE: {"system", "instance_steward"},
    Action.JOIN: EVERYBODY,
    Action.SIGN_IN: EVERYBODY,
    Action.RECOVER: EVERYBODY,
    Action.RENEW: SIGNED_IN,
    Action.PREPARE: SIGNED_IN,
    Action.LEAVE: SIGNED_IN,
    Action.FOUND: {"system", "instance_steward"},
    Action.ESTABLISH: {"system", "org_steward"},
    Action.DECLARE: {"system", "org_steward"},
    Action.COUNTERSIGN: {"system", "foreign_steward", "instance_steward"},
    Action.INVITE: {"system", "org_steward", "body_secretary", "instance_steward"},
    Action.RECALL: {"system", "org_steward", "body_secretary", "instance_steward"},
    Action.DISMISS: {"system", "org_steward", "body_secretary", "instance_steward"},
    Action.TRANSLATE: EDITORS,
    Action.RECORD: EDITORS,
    Action.REWORD: STEWARDS,
    Action.OPEN_BODY: STEWARDS,
    Action.OPEN_SERVICE: {"system", "org_steward", "instance_steward"},
    Action.OPEN_SITE: {"system", "org_steward", "instance_steward"},
    Action.OPEN_PROCESS: HOLDERS,
    Action.PLAN: HOLDERS,
    Action.CLOSE: HOLDERS,
    Action.SEED: EDITORS,
    Action.PROPOSE: SIGNED_IN,
    Action.WITHDRAW: SIGNED_IN,
    Action.MODERATE: EDITORS,
    Action.APPEAL: SIGNED_IN,
    Action.REVIEW: {"org_steward", "peer_editor"},  # a person, never the machine
    Action.VOTE: SIGNED_IN,
    Action.TAKE_BACK: SIGNED_IN,
    Action.ENTER: {"system", "org_steward"},
    Action.IMPORT: {"system", "org_steward"},
    Action.SEAL: {"system"},
    Action.BACK_UP: {"system", "instance_steward"},
}


@pytest.mark.parametrize("action", list(Action))
def test_exactly_these_may(action: Action) -> None:
    assert {name for name, actor in CAST.items() if decide(actor, action, Thing())} == WHO_MAY[action]


@pytest.mark.parametrize("action", list(Action))
def test_every_no_has_a_reason_in_plain_words(action: Action) -> None:
    for actor in CAST.values():
        verdict = decide(actor, action, Thing(is_open=False))
        assert verdict or verdict.reason.endswith(".")


@pytest.mark.parametrize("action", [Action.PROPOSE, Action.VOTE, Action.TAKE_BACK, Action.SEED, Action.ENTER])
def test_nobody_takes_part_while_the_phase_is_closed(action: Action) -> None:
    steward = somebody(Role.ORG_STEWARD)
    assert decide(steward, action, Thing())
    verdict = decide(steward, action, Thing(is_open=False))
    assert not verdict
    assert "not open now" in verdict.reason


def test_lu_cannot_judge_an_appeal_against_her_own_decision() -> None:
    lu = somebody(Role.PEER_EDITOR, account=7)
    assert decide(lu, Action.REVIEW, Thing(decided_by_account=8))
    assert not decide(lu, Action.REVIEW, Thing(decided_by_account=7))


def test_votes_leave_no_trace() -> None:
    silent = {action for action, line in POLICY.items() if line.trace is Trace.NONE}
    assert {Action.VOTE, Action.TAKE_BACK, Action.JOIN, Action.INVITE, Action.LEAVE} <= silent
