"""One account turns one key: whoever has both roles is refused, with the reason, where one side checks the other."""

import pytest
from tests.policy.test_rules import BODY, CAST, ORG, OTHER, Thing, somebody

from withus.policy.facts import Actor, Role, Standing
from withus.policy.rules import Action, decide

OFFICES = (Role.BODY_SECRETARY, Role.DUTY_BEARER)
AT_A_BODY = {Action.AGREE, Action.MODERATE, Action.REVIEW, Action.ENTER, Action.IMPORT}  # in a process around the body
CHECKS: dict[Action, tuple[Role, ...]] = {
    Action.RECOMMEND: OFFICES,
    Action.SERVE: OFFICES,
    Action.EXPLAIN: OFFICES,
    Action.VERIFY: OFFICES,
    Action.DISSENT: OFFICES,
    Action.CITE: OFFICES,
    Action.AGREE: OFFICES,
    Action.MODERATE: OFFICES,
    Action.REVIEW: OFFICES,
    Action.ENTER: OFFICES,
    Action.IMPORT: OFFICES,
    Action.APPROVE_MINUTES: OFFICES,
    Action.FILL: OFFICES,
    Action.REDACT: OFFICES,
    Action.SETTLE: OFFICES,
    Action.AGREE_RATE: (*OFFICES, Role.ORG_STEWARD),
    Action.CHECK_PAY: (*OFFICES, Role.ORG_STEWARD),
}


@pytest.mark.parametrize("action", sorted(AT_A_BODY))
def test_whoever_answers_for_the_body_that_a_process_is_about_does_not_read_in_it(action: Action) -> None:
    lu, about = somebody(Role.ORG_STEWARD), Thing(body_code=BODY)
    assert decide(lu, action, about)
    assert decide(lu, action, Thing(body_code="")), "and there are processes about no body"
    for role in OFFICES:
        both = Actor(1, lu.pseudonym, lu.standings | {Standing(role, BODY)})
        assert "You answer for this body yourself" in decide(both, action, about).reason, "peers have opened it"
        assert "You answer for this body yourself" in decide(both, action, Thing(BODY, body_code="")).reason
        assert decide(both, action, Thing(body_code="")), "where it is about something else she is nobody"


@pytest.mark.parametrize("action", list(CHECKS))
def test_one_account_with_two_roles_does_not_turn_both_keys(action: Action) -> None:
    owner = BODY if action in AT_A_BODY else ORG
    thing = Thing(organisation_code=owner, body_code=BODY, payer_code=BODY, about_codes=frozenset({BODY}))
    lu = somebody(Role.ORG_STEWARD)
    assert decide(lu, action, thing)
    for role in CHECKS[action]:
        both = Actor(1, lu.pseudonym, lu.standings | {Standing(role, BODY)})
        verdict = decide(both, action, thing)
        assert not verdict, f"{role} does it too"
        assert "yourself" in verdict.reason or "organisation that pays" in verdict.reason
        elsewhere = Actor(1, lu.pseudonym, lu.standings | {Standing(role, "ELSEWHERE")})
        assert decide(elsewhere, action, thing), "of another body she is nobody"


def test_nobody_vouches_for_her_own_organisation_in_another_name() -> None:
    mandate, lu, hedy = Thing(), somebody(Role.ORG_STEWARD, OTHER), CAST["instance_steward"]
    assert decide(lu, Action.COUNTERSIGN, mandate)
    for one in (lu, hedy):
        both = Actor(1, one.pseudonym, one.standings | somebody(Role.ORG_STEWARD).standings)
        assert "steward of this organisation yourself" in decide(both, Action.COUNTERSIGN, mandate).reason


def test_an_organisation_agrees_to_what_it_pays_its_own_people() -> None:
    assert decide(somebody(Role.ORG_STEWARD), Action.AGREE_RATE, Thing()), "payer and peers are one by nature"


def test_the_key_that_asked_does_not_answer_and_nobody_turns_both() -> None:
    hedy, lu = somebody(Role.INSTANCE_STEWARD, "", 7), somebody(Role.ORG_STEWARD, account=8)
    by_peers, by_hedy = Thing(asked_by_code=OTHER), Thing(asked_by_account=7)
    assert decide(hedy, Action.SETTLE, by_peers)
    assert not decide(lu, Action.SETTLE, by_peers)
    assert decide(lu, Action.SETTLE, by_hedy)
    both = Actor(7, "hedy", hedy.standings | lu.standings)
    assert "You asked for this yourself" in decide(both, Action.SETTLE, by_hedy).reason
    assert decide(both, Action.SETTLE, Thing(asked_by_account=9))
    assert not decide(lu, Action.REDACT, Thing(recognised=frozenset({OTHER})))
    secretary = somebody(Role.BODY_SECRETARY, account=3)
    assert not decide(secretary, Action.REDACT, Thing())
    assert not decide(secretary, Action.SETTLE, by_hedy)


@pytest.mark.parametrize(
    "action",
    [Action.ADD_READER, Action.RENEW_INBOX, Action.OPEN_VOICE, Action.ANSWER_VOICE, Action.TRANSCRIBE_VOICE],
)
def test_nobody_reads_an_inbox_without_its_key_or_without_a_role(action: Action) -> None:
    steward = somebody(Role.ORG_STEWARD)
    assert decide(steward, action, Thing())
    assert not decide(steward, action, Thing(reader_accounts=frozenset()))
    assert not decide(somebody(Role.ORG_STEWARD, OTHER), action, Thing())
    assert not decide(somebody(Role.PEER), action, Thing())


@pytest.mark.parametrize("action", [Action.SAY_MORE, Action.WITHDRAW_VOICE, Action.ERASE_VOICE])
def test_nobody_touches_a_voice_without_its_receipt(action: Action) -> None:
    for actor in CAST.values():
        assert "receipt" in decide(actor, action, Thing(is_own=False)).reason
