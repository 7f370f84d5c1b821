"""The permission table: for every deed exactly those may who should, and every no has its reason."""

from dataclasses import dataclass

import pytest

from withus.policy.facts import SYSTEM, VISITOR, Actor, Role, Standing, Trace
from withus.policy.rules import POLICY, Action, decide

ORG, OTHER, BODY = "ORG", "OTHER", "BODY"


@dataclass(frozen=True)
class Thing:
    """A subject as the policy sees it."""

    organisation_code: str = ORG
    editors_code: str = ORG
    asked_code: str = ORG
    body_code: str = ORG
    payer_code: str = ORG
    opener_code: str = ORG
    about_codes: frozenset[str] = frozenset({ORG})
    is_own: bool = True
    may_judge: bool = True
    is_kept: bool = False
    recognised: frozenset[str] = frozenset({ORG, OTHER})
    decided_by_account: int | None = None
    handing_account: int | None = None
    asked_by_account: int | None = None
    asked_by_code: str = ""  # this house
    is_open: bool = True
    is_of_peers: bool = True
    fills_code: str = ORG
    holder_account: int | None = None
    reader_accounts: frozenset[int] = frozenset({1})
    seated_accounts: frozenset[int] = frozenset()
    seated_codes: frozenset[str] = frozenset({ORG})
    peer_codes: frozenset[str] = frozenset({ORG})

    def takes(self, feature: str) -> bool:
        return self.is_open

    def has_keeper(self) -> bool:
        return self.is_kept

    def recognised_codes(self) -> frozenset[str]:
        return self.recognised


def somebody(role: Role, organisation: str = ORG, account: int = 1, *, is_of_peers: bool = True) -> Actor:
    return Actor(account, "calm-otter-1", frozenset({Standing(role, organisation, is_of_peers)}))


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
    "worker_of_a_service": somebody(Role.PEER_WORKER, "CLINIC", is_of_peers=False),
}
EVERYBODY = set(CAST)
SIGNED_IN = EVERYBODY - {"visitor"}
STEWARDS = {"system", "org_steward", "foreign_steward", "instance_steward"}
HOLDERS = {"system", "org_steward", "body_secretary"}
VOTERS = {"system", "peer", "peer_worker", "peer_editor", "org_steward", "foreign_editor", "foreign_steward"}
EDITORS = {"system", "org_steward", "peer_editor"}
SPEAKERS = EDITORS | {"foreign_editor", "foreign_steward"}
OFFICE = {"system", "body_secretary", "duty_bearer"}
PAYERS = {"system", "org_steward", "body_secretary", "duty_bearer"}
READERS = (EDITORS | OFFICE) - {"system"}  # people with the key, never the machine
WHO_MAY: dict[Action, set[str]] = {
    Action.SET_UP: EVERYBODY,
    Action.ADD_STEWARD: {"system", "instance_steward"},
    Action.DESCRIBE: {"system", "instance_steward"},
    Action.JOIN: EVERYBODY,
    Action.SIGN_IN: EVERYBODY,
    Action.RECOVER: EVERYBODY,
    Action.RENEW: SIGNED_IN,
    Action.PREPARE: SIGNED_IN,
    Action.GIVE_UP: SIGNED_IN,
    Action.LEAVE: SIGNED_IN,
    Action.FOUND: {"system", "instance_steward"},
    Action.ESTABLISH: {"system", "org_steward"},
    Action.DECLARE: {"system", "org_steward"},
    Action.COUNTERSIGN: {"system", "foreign_steward", "instance_steward"},
    Action.INVITE: {"system", "org_steward", "body_secretary", "instance_steward"},
    Action.RECALL: {"system", "org_steward", "body_secretary", "instance_steward"},
    Action.DISMISS: {"system", "org_steward", "body_secretary", "instance_steward"},
    Action.HAND_OVER: HOLDERS | {"duty_bearer"},
    Action.END_TERM: {"system"},
    Action.MISS: {"system", "instance_steward"},
    Action.SHOW_UP: HOLDERS,
    Action.TRANSLATE: EDITORS,
    Action.RECORD: EDITORS,
    Action.REDACT: {"org_steward", "foreign_steward", "instance_steward"},  # people, never the machine
    Action.SETTLE: {"org_steward", "foreign_steward"},
    Action.REWORD: {"system", "org_steward", "foreign_steward"},
    Action.OPEN_BODY: HOLDERS | {"instance_steward"},
    Action.CLOSE_BODY: OFFICE,
    Action.OPEN_SERVICE: {"system", "org_steward", "instance_steward"},
    Action.OPEN_SITE: {"system", "org_steward", "instance_steward"},
    Action.OPEN_PROCESS: HOLDERS,
    Action.PLAN: HOLDERS,
    Action.CLOSE: HOLDERS,
    Action.ASK: HOLDERS,
    Action.AGREE: {"system", "org_steward"},
    Action.OFFER: {"system", "org_steward"},
    Action.SEED: EDITORS,
    Action.PROPOSE: VOTERS,
    Action.WITHDRAW: SIGNED_IN - {"system"},  # a person, never the machine
    Action.MODERATE: EDITORS,
    Action.APPEAL: SIGNED_IN - {"system"},
    Action.REVIEW: {"org_steward", "peer_editor"},  # a person, never the machine
    Action.VOTE: VOTERS,
    Action.TAKE_BACK: SIGNED_IN,
    Action.ENTER: {"system", "org_steward"},
    Action.IMPORT: {"system", "org_steward"},
    Action.SEAL: {"system"},
    Action.SEAL_MAP: {"system"},
    Action.RECOMMEND: SPEAKERS,
    Action.SERVE: EDITORS,
    Action.EXPLAIN: EDITORS,
    Action.VERIFY: SPEAKERS,
    Action.DISSENT: EDITORS,
    Action.ACKNOWLEDGE: OFFICE,
    Action.CLARIFY: OFFICE,
    Action.EXTEND: OFFICE,
    Action.DRAFT: OFFICE,
    Action.ENDORSE: {"system", "duty_bearer"},
    Action.SEND: OFFICE,
    Action.RESPOND: {"system", "duty_bearer"},
    Action.CORRECT: {"system", "duty_bearer"},
    Action.COMMIT: {"system", "duty_bearer"} | EDITORS,
    Action.DELIVER: {"system", "duty_bearer"},
    Action.JUDGE_DELIVERY: EVERYBODY - {"body_secretary", "duty_bearer"},
    Action.COUNT_JUDGEMENTS: {"system"},
    Action.ADOPT: OFFICE,
    Action.ADD_SEAT: OFFICE,
    Action.END_SEAT: OFFICE,
    Action.FILL: {"system", "org_steward"},
    Action.VACATE: {"system", "org_steward"},
    Action.CALL: OFFICE,
    Action.BRING_UP: EDITORS | OFFICE,
    Action.ADD_PAPER: EDITORS | OFFICE,
    Action.WRITE_MINUTES: OFFICE,
    Action.CONCLUDE: OFFICE,
    Action.OBJECT_TO: EDITORS,
    Action.APPROVE_MINUTES: EDITORS,
    Action.OFFER_RATE: PAYERS,
    Action.AGREE_RATE: {"system", "org_steward"},
    Action.CLAIM_HOURS: EDITORS,
    Action.PAY: PAYERS,
    Action.CHECK_PAY: EDITORS,
    Action.CITE: SPEAKERS,
    Action.TAKE_OVER: EVERYBODY,
    Action.CONFIRM: OFFICE,
    Action.CONTEST: EVERYBODY - {"body_secretary", "duty_bearer"},
    Action.ATTEST: {"system", "instance_steward"},
    Action.MAKE_INBOX: HOLDERS,
    Action.OFFER_TO_READ: EDITORS | OFFICE,
    Action.ADD_READER: READERS,
    Action.RENEW_INBOX: READERS,
    Action.RECOVER_INBOX: EDITORS | OFFICE,
    Action.CONTRIBUTE: EVERYBODY,
    Action.SAY_MORE: EVERYBODY,
    Action.WITHDRAW_VOICE: EVERYBODY,
    Action.ERASE_VOICE: EVERYBODY,
    Action.OPEN_VOICE: READERS,
    Action.ANSWER_VOICE: READERS,
    Action.TRANSCRIBE_VOICE: READERS,
    Action.CLOSE_VOICE: READERS,
    Action.PRINT_SLIPS: EDITORS | {"peer_worker"},
    Action.ASSIST: EDITORS | {"peer_worker"},
    Action.REPORT: EVERYBODY,
    Action.DECIDE_REPORT: {"system", "instance_steward"},
    Action.SET_CONSENT: EVERYBODY,
    Action.SHARE_VOICE: EVERYBODY,
    Action.TAKE_FROM: EVERYBODY,
    Action.TELL_STORY: READERS & EDITORS,
    Action.WITHDRAW_STORY: EVERYBODY,  # with its receipt; without, its organisation
    Action.PUBLISH_FINDING: {"org_steward", "peer_editor"},  # who read the inbox, never the machine
    Action.ADD_SOURCES: {"org_steward", "peer_editor"},
    Action.TAKE_SOURCE_OUT: {"org_steward", "peer_editor"},
    Action.WITHDRAW_FINDING: EDITORS,
    Action.TELL_BACK: EDITORS,
    Action.BACK_UP: {"system", "instance_steward"},
    Action.ROTATE_LOG_KEY: {"system"},
    Action.CONTINUE_LOG: {"system"},
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
    assert {Action.VOTE, Action.TAKE_BACK, Action.LEAVE} <= silent


def test_roles_are_given_and_ended_in_public_but_never_those_of_plain_peers() -> None:
    assert {action for action, line in POLICY.items() if line.trace is Trace.OFFICES} == {
        Action.INVITE,
        Action.JOIN,
        Action.GIVE_UP,
        Action.HAND_OVER,
        Action.TAKE_OVER,
    }
    assert POLICY[Action.DISMISS].trace is Trace.PUBLIC_LOG  # plain peers are never dismissed


@pytest.mark.parametrize("action", [Action.INVITE, Action.RECALL, Action.DISMISS])
def test_the_host_gives_and_ends_no_role_where_somebody_else_can(action: Action) -> None:
    hedy = CAST["instance_steward"]
    assert decide(hedy, action, Thing())
    verdict = decide(hedy, action, Thing(is_kept=True))
    assert not verdict
    assert "while nobody does" in verdict.reason
    assert decide(somebody(Role.ORG_STEWARD), action, Thing(is_kept=True))
    assert not decide(somebody(Role.PEER), action, Thing())


@pytest.mark.parametrize("action", [Action.PROPOSE, Action.SEED, Action.MODERATE, Action.ENTER, Action.TRANSLATE])
def test_where_no_peer_organisation_reads_nobody_does_what_needs_one(action: Action) -> None:
    for actor in CAST.values():
        verdict = decide(actor, action, Thing(editors_code=""))
        assert not verdict
        assert "No peer organisation reads" in verdict.reason


def test_whoever_stands_beside_a_body_reads_in_its_place() -> None:
    beside = Thing(organisation_code="BODY", editors_code=ORG)
    assert {name for name, actor in CAST.items() if decide(actor, Action.MODERATE, beside)} == EDITORS
    assert not decide(somebody(Role.BODY_SECRETARY, "BODY"), Action.MODERATE, beside)
    assert not decide(somebody(Role.ORG_STEWARD, "BODY"), Action.MODERATE, beside)


def test_only_whom_somebody_asked_can_agree() -> None:
    lu = somebody(Role.ORG_STEWARD)
    assert not decide(lu, Action.AGREE, Thing(asked_code=OTHER))
    assert not decide(lu, Action.AGREE, Thing(asked_code=""))


@pytest.mark.parametrize("action", [Action.APPEAL, Action.WITHDRAW])
def test_nobody_touches_what_somebody_else_proposed(action: Action) -> None:
    verdict = decide(somebody(Role.ORG_STEWARD), action, Thing(is_own=False))
    assert not verdict
    assert "Only the person who proposed" in verdict.reason
    assert decide(Actor(7, "calm-otter-7"), action, Thing()), "also when every role of hers has ended"


def test_the_house_has_the_words_of_its_recognised_peers_and_before_them_its_hosts() -> None:
    hedy, alone = CAST["instance_steward"], Thing(recognised=frozenset())
    assert decide(hedy, Action.REWORD, alone)
    assert not decide(hedy, Action.REWORD, Thing())
    assert not decide(somebody(Role.ORG_STEWARD), Action.REWORD, alone)
    assert not decide(somebody(Role.ORG_STEWARD), Action.REWORD, Thing(recognised=frozenset({OTHER})))


def test_a_seat_of_peers_is_filled_by_its_own_recognised_organisation_and_any_other_by_the_body() -> None:
    foreign, office = CAST["foreign_steward"], CAST["body_secretary"]
    for action in (Action.FILL, Action.VACATE):
        assert not decide(foreign, action, Thing())
        assert not decide(office, action, Thing())
        assert not decide(CAST["org_steward"], action, Thing(recognised=frozenset({OTHER})))
        assert {name for name, one in CAST.items() if decide(one, action, Thing(is_of_peers=False))} == OFFICE


def test_whoever_is_seated_speaks_by_her_seat_alone_and_may_leave_it() -> None:
    bo, table = (
        Actor(7, "calm-otter-7"),
        Thing(seated_codes=frozenset(), holder_account=7, seated_accounts=frozenset({7})),
    )
    for action in (Action.BRING_UP, Action.ADD_PAPER, Action.OBJECT_TO, Action.VACATE):
        assert decide(bo, action, table)
        assert not decide(Actor(8, "calm-otter-8"), action, table)
        assert not decide(VISITOR, action, table)
    assert not decide(bo, Action.FILL, table)
    assert not decide(bo, Action.APPROVE_MINUTES, table)


@pytest.mark.parametrize("action", [Action.PRINT_SLIPS, Action.ASSIST])
def test_only_peers_of_that_organisation_enter_for_others(action: Action) -> None:
    assert decide(somebody(Role.PEER_WORKER), action, Thing())
    assert not decide(somebody(Role.PEER_WORKER, OTHER), action, Thing())
    assert not decide(somebody(Role.PEER_WORKER, is_of_peers=False), action, Thing())


@pytest.mark.parametrize("action", [Action.CLAIM_HOURS, Action.CHECK_PAY])
def test_only_peers_speak_for_hours_that_peers_worked(action: Action) -> None:
    assert decide(somebody(Role.ORG_STEWARD), action, Thing())
    assert not decide(somebody(Role.ORG_STEWARD, is_of_peers=False), action, Thing())


def test_a_rate_counts_only_with_a_recognised_organisation() -> None:
    verdict = decide(somebody(Role.ORG_STEWARD), Action.AGREE_RATE, Thing(recognised=frozenset({OTHER})))
    assert not verdict
    assert "recognised" in verdict.reason


def test_whoever_hands_her_role_over_takes_the_card_back_and_nobody_else_of_her_rank() -> None:
    odile, other = somebody(Role.DUTY_BEARER, account=7), somebody(Role.DUTY_BEARER, account=8)
    assert decide(odile, Action.RECALL, Thing(handing_account=7))
    assert not decide(other, Action.RECALL, Thing(handing_account=7))
    assert not decide(VISITOR, Action.RECALL, Thing())


def test_a_secretary_opens_no_page_in_the_name_of_another() -> None:
    mina = somebody(Role.BODY_SECRETARY)
    assert decide(mina, Action.OPEN_BODY, Thing(opener_code="")), "the page that asks"
    assert decide(mina, Action.OPEN_BODY, None), "the link to it"
    assert not decide(mina, Action.OPEN_BODY, Thing(opener_code=OTHER))
    assert not decide(somebody(Role.DUTY_BEARER), Action.OPEN_BODY, None)


def test_only_stewards_of_recognised_peer_organisations_open_pages_of_bodies() -> None:
    for opener_code in (ORG, ""):
        elsewhere = Thing(opener_code=opener_code, recognised=frozenset({OTHER}))
        assert not decide(somebody(Role.ORG_STEWARD), Action.OPEN_BODY, elsewhere)
        assert not decide(
            somebody(Role.ORG_STEWARD, is_of_peers=False), Action.OPEN_BODY, Thing(opener_code=opener_code)
        )
        assert decide(CAST["instance_steward"], Action.OPEN_BODY, elsewhere)


# Deeds that check or press somebody, each with the roles of the other side.
