"""Proposing, moderating, appealing, voting: what each may do, what it leaves, and what it never leaves."""

import json

import pytest
from tests.deliberation import scene

from withus.core import codes
from withus.core.errors import Denied, Refused
from withus.deliberation import actions, queries
from withus.deliberation.models import Appeal, PaperBatch, Participant, Statement, StatementState, Vote
from withus.people import actions as people
from withus.people.models import Account
from withus.policy.facts import SYSTEM, VISITOR, Actor, Role, Standing
from withus.processes.models import Process
from withus.public_log.models import LogEntry, LogOpening, LogPending

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk() -> Process:
    """An open conversation."""
    return scene.process()


def facts(of: Statement) -> queries.Votable:
    """What voting on it needs."""
    found = queries.public_votable(of.process.code, of.code)
    assert found is not None
    return found


def proposed(talk: Process, name: str = "ana", text: str = "Open at night") -> Statement:
    """A statement of one of the people, waiting."""
    return actions.propose(scene.ANA, talk, text=text, language="en", tie=scene.tie(name, talk))


def declined(talk: Process) -> Statement:
    """A statement of Ana that Eve declined."""
    made = proposed(talk)
    actions.moderate(scene.EVE, made, decision="declined", reason="unclear", words="Say one thing.")
    return made


def logged(type: str) -> list[dict[str, object]]:
    """The records of this type, published or waiting for the next day."""
    bodies = [bytes(one.body).decode() for one in LogEntry.objects.order_by("seq")]
    bodies += [one.body for one in LogPending.objects.order_by("pk")]
    return [record["facts"] for record in map(json.loads, bodies) if record["type"] == type]


def test_ana_votes_changes_her_vote_and_takes_it_back_without_a_trace(talk: Process) -> None:
    one = scene.statement(talk)
    before = LogEntry.objects.count(), LogPending.objects.count()
    for value in (1, -1, 0):
        actions.vote(scene.ANA, facts(one), value=value, tie=scene.tie("ana", talk))
        assert list(Vote.objects.values_list("value", flat=True)) == [value]
    actions.take_back(scene.ANA, facts(one), tie=scene.tie("ana", talk))
    assert Vote.objects.count() == 0
    assert (LogEntry.objects.count(), LogPending.objects.count()) == before


@pytest.mark.parametrize("value", [2, -2, 9])
def test_a_vote_is_agree_disagree_or_pass(talk: Process, value: int) -> None:
    with pytest.raises(Refused, match="agree, disagree or pass"):
        actions.vote(scene.ANA, facts(scene.statement(talk)), value=value, tie=scene.tie("ana", talk))


def test_bo_cannot_change_or_take_back_what_ana_voted(talk: Process) -> None:
    one = scene.statement(talk)
    actions.vote(scene.ANA, facts(one), value=1, tie=scene.tie("ana", talk))
    actions.vote(scene.BO, facts(one), value=-1, tie=scene.tie("bo", talk))
    actions.take_back(scene.BO, facts(one), tie=scene.tie("bo", talk))
    own = queries.own_votes(scene.ANA, talk, scene.tie("ana", talk))
    assert [vote.value for vote in own] == [1]
    assert list(queries.own_votes(scene.BO, talk, scene.tie("bo", talk))) == []


def test_the_same_person_is_somebody_else_in_another_process(talk: Process) -> None:
    other = scene.process("OTHER")
    assert scene.tie("ana", talk) != scene.tie("ana", other)
    actions.vote(scene.ANA, facts(scene.statement(talk)), value=1, tie=scene.tie("ana", talk))
    actions.vote(scene.ANA, facts(scene.statement(other)), value=1, tie=scene.tie("ana", other))
    assert len({*Participant.objects.values_list("code", "tie")}) == 2


def test_nothing_stored_ties_a_vote_to_an_account(talk: Process) -> None:
    scene.signed_in("ana")
    actions.vote(scene.ANA, facts(scene.statement(talk)), value=1, tie=scene.tie("ana", talk))
    assert {field.name for field in Vote._meta.fields} == {"participant", "statement", "value", "pk"}
    linked = {field.related_model for model in (Vote, Participant) for field in model._meta.fields if field.is_relation}
    assert Account not in linked


@pytest.mark.parametrize("state", [StatementState.PENDING, StatementState.DECLINED])
def test_a_statement_that_is_not_open_takes_no_votes_and_is_not_to_be_seen(talk: Process, state: str) -> None:
    one = scene.statement(talk)
    open_facts = facts(one)
    Statement.objects.filter(pk=one.pk).update(state=state, decline_reason="unclear")
    assert queries.public_votable(talk.code, one.code) is None
    with pytest.raises(Refused, match="no longer takes votes"):
        actions.vote(scene.ANA, open_facts, value=1, tie=scene.tie("ana", talk))
    assert Participant.objects.count() == 0


def test_a_statement_of_another_process_cannot_be_voted_on_here(talk: Process) -> None:
    one = scene.statement(talk)
    scene.process("OTHER")
    assert queries.public_votable("OTHER", one.code) is None
    assert queries.public_votable("TALK", one.code) is not None


def test_nobody_votes_before_or_after_the_phase(talk: Process) -> None:
    one = scene.statement(talk)
    talk.phases.all().delete()
    scene.phase(talk, first=1, last=3)
    with pytest.raises(Denied, match="not open now"):
        actions.vote(scene.ANA, facts(one), value=1, tie=scene.tie("ana", talk))
    with pytest.raises(Denied, match="not open now"):
        proposed(talk)


@pytest.mark.parametrize(
    ("deed", "allowed"),
    [
        ("vote", {"ana", "lu", "eve", "cem", "system"}),
        ("propose", {"ana", "lu", "eve", "cem", "system"}),
        ("seed", {"lu", "eve", "system"}),
        ("moderate", {"lu", "eve", "system"}),
        ("enter", {"lu", "system"}),
        ("import_polis", {"lu", "system"}),
        ("seal", {"system"}),
    ],
)
def test_exactly_these_people_may(deed: str, allowed: set[str]) -> None:
    may = set()
    for name, actor in scene.EVERYBODY.items():
        talk = scene.process(f"FOR-{name.upper()}")
        waiting = proposed(talk) if deed == "moderate" else None
        one = scene.statement(talk) if deed in {"vote", "enter"} else None
        try:
            if deed == "vote":
                actions.vote(actor, facts(one), value=1, tie=codes.key().hex())
            elif deed == "propose":
                actions.propose(actor, talk, text="x", language="en", tie=codes.key().hex())
            elif deed == "seed":
                actions.seed(actor, talk, text="x", language="en")
            elif deed == "moderate":
                actions.moderate(actor, waiting, decision="accepted")
            elif deed == "enter":
                actions.enter(actor, talk, ballots=[{one.number: 1}], token=codes.code(26))
            elif deed == "import_polis":
                files = b"comment-id,moderated,comment-body\n", b"comment-id,voter-id,vote\n"
                actions.import_polis(actor, talk, comments=files[0], votes=files[1])
            else:
                actions.seal(actor, talk.phases.get())
            may.add(name)
        except Denied:
            continue
    assert may == allowed


def test_a_proposed_statement_waits_is_committed_to_the_log_and_says_nobody(talk: Process) -> None:
    made = proposed(talk)
    (record,) = logged("statement.proposed")
    assert (made.state, made.number, record["statement"]) == (StatementState.PENDING, 1, made.code)
    assert "Open at night" not in json.dumps(record)
    (waiting,) = LogPending.objects.all()
    assert "at" not in json.loads(waiting.body)
    assert LogOpening.objects.get(subject=made.code).content == "Open at night"


def test_the_same_words_twice_and_a_sixth_that_waits_are_refused(talk: Process) -> None:
    proposed(talk)
    with pytest.raises(Refused, match="exactly this already"):
        proposed(talk, "bo")
    for number in range(4):
        proposed(talk, text=f"Another {number}")
    with pytest.raises(Refused, match="Five of your statements"):
        proposed(talk, text="Too many")
    assert proposed(talk, "bo", "Of somebody else").number == 6


def test_eve_declines_with_a_reason_that_everybody_can_read(talk: Process) -> None:
    made = declined(talk)
    (record,) = logged("statement.moderated")
    assert {key: record[key] for key in ("statement", "state", "reason")} == {
        "statement": made.code,
        "state": "declined",
        "reason": "unclear",
    }
    with pytest.raises(Refused, match="decided about this statement already"):
        actions.moderate(scene.LU, made, decision="accepted")


@pytest.mark.parametrize("reason", ["", "because", "imported"])
def test_nothing_is_declined_without_one_of_the_reasons(talk: Process, reason: str) -> None:
    made = proposed(talk)
    with pytest.raises(Refused, match="choose one of the reasons"):
        actions.moderate(scene.EVE, made, decision="declined", reason=reason)
    assert Statement.objects.get(pk=made.pk).state == StatementState.PENDING


def test_somebody_else_looks_at_anas_appeal_and_her_statement_opens(talk: Process) -> None:
    made = declined(talk)
    asked = actions.appeal(scene.ANA, made, reason="It is one thing", language="en", tie=scene.tie("ana", talk))
    with pytest.raises(Denied, match="Somebody else has to look"):
        actions.review(scene.EVE, asked, upheld=True, answer="Yes")
    actions.review(scene.LU, asked, upheld=True, answer="It is clear enough.")
    assert Statement.objects.get(pk=made.pk).state == StatementState.ACCEPTED
    assert [record["upheld"] for record in logged("appeal.decided")] == [True]
    with pytest.raises(Refused, match="decided already"):
        actions.review(scene.LU, Appeal.objects.get(), upheld=False, answer="No")


def test_an_appeal_that_fails_leaves_the_statement_declined_and_comes_once(talk: Process) -> None:
    made = declined(talk)
    mine = {"reason": "Look again", "language": "en", "tie": scene.tie("ana", talk)}
    asked = actions.appeal(scene.ANA, made, **mine)
    actions.review(scene.LU, asked, upheld=False, answer="It says two things.")
    assert Statement.objects.get(pk=made.pk).state == StatementState.DECLINED
    with pytest.raises(Refused, match="only once"):
        actions.appeal(scene.ANA, made, **mine)


def test_bo_can_neither_appeal_for_ana_nor_take_her_statement_back(talk: Process) -> None:
    made = declined(talk)
    with pytest.raises(Denied, match="Only the person who proposed"):
        actions.appeal(scene.BO, made, reason="x", language="en", tie=scene.tie("bo", talk))
    for tie in (scene.tie("bo", talk), ""):
        with pytest.raises(Denied, match="Only the person who proposed"):
            actions.withdraw(scene.BO, made, tie=tie)
    actions.appeal(scene.ANA, made, reason="x", language="en", tie=scene.tie("ana", talk))


def test_a_statement_taken_back_leaves_no_words_anywhere(talk: Process) -> None:
    made = declined(talk)
    actions.appeal(scene.ANA, made, reason="canary in the appeal", language="en", tie=scene.tie("ana", talk))
    actions.withdraw(scene.ANA, made, tie=scene.tie("ana", talk))
    tomb = Statement.objects.get(pk=made.pk)
    assert (tomb.text, tomb.decline_words, tomb.state) == ("", "", StatementState.WITHDRAWN)
    assert Appeal.objects.get().reason == ""
    assert LogOpening.objects.filter(subject__in=[made.code, Appeal.objects.get().code]).count() == 0
    with pytest.raises(Refused, match="already"):
        actions.withdraw(scene.ANA, made, tie=scene.tie("ana", talk))
    assert queries.public_votable(talk.code, made.code).state == StatementState.WITHDRAWN


def test_ballots_from_paper_are_newcomers_marked_as_such_and_counted_once(talk: Process) -> None:
    first, second = scene.statement(talk), scene.statement(talk)
    ballots = [{first.number: 1, second.number: -1}, {first.number: 0}]
    token = codes.code(26)
    assert actions.enter(scene.LU, talk, ballots=ballots, token=token) == 2
    with pytest.raises(Refused, match="Nothing was counted twice"):
        actions.enter(scene.LU, talk, ballots=ballots, token=token)
    assert set(Participant.objects.values_list("is_paper", "tie")) == {(True, None)}
    assert queries.public_counts(talk) == {first.pk: (1, 0, 1, 2), second.pk: (0, 1, 0, 1)}
    assert logged("ballots.entered") == [{"process": talk.code}]
    actions.enter(scene.LU, talk, ballots=ballots * 5, token=codes.code(26))
    assert logged("ballots.entered")[-1] == {"process": talk.code, "ballots": 10}


def test_a_ballot_with_an_unknown_number_changes_nothing(talk: Process) -> None:
    one = scene.statement(talk)
    with pytest.raises(Refused, match="Line 2: no statement with the number 99"):
        actions.enter(scene.LU, talk, ballots=[{one.number: 1}, {99: 1}], token=codes.code(26))
    assert (Vote.objects.count(), PaperBatch.objects.count(), Participant.objects.count()) == (0, 0, 0)


def test_who_leaves_and_lets_her_words_stay_can_never_be_tied_to_them_again(talk: Process) -> None:
    made = proposed(talk)
    actions.vote(scene.ANA, facts(scene.statement(talk)), value=1, tie=scene.tie("ana", talk))
    actions.vote(scene.BO, facts(scene.statement(talk)), value=1, tie=scene.tie("bo", talk))
    actions.part(1, scene.KEYS["ana"], keeps_what_was_said=True)
    assert sorted(Participant.objects.values_list("tie", flat=True), key=str) == sorted(
        [None, scene.tie("bo", talk)], key=str
    )
    assert Vote.objects.count() == 2
    assert Statement.objects.get(pk=made.pk).text == "Open at night"
    assert list(queries.own_votes(scene.ANA, talk, scene.tie("ana", talk))) == []


def test_an_editor_who_leaves_is_no_longer_known_as_who_decided(talk: Process) -> None:
    made = declined(talk)
    assert Statement.objects.get(pk=made.pk).decided_by_account == 4
    actions.part(4, scene.KEYS["eve"], keeps_what_was_said=True)
    assert Statement.objects.get(pk=made.pk).decided_by_account is None


def test_who_leaves_and_takes_everything_along_leaves_tombstones_only(talk: Process) -> None:
    other = scene.process("OTHER")
    made, elsewhere = proposed(talk), proposed(other, text="Canary elsewhere")
    kept = proposed(talk, "bo", "Of Bo")
    actions.vote(scene.ANA, facts(scene.statement(talk)), value=1, tie=scene.tie("ana", talk))
    actions.part(1, scene.KEYS["ana"], keeps_what_was_said=False)
    assert Vote.objects.count() == 0
    assert set(Participant.objects.values_list("tie", flat=True)) == {scene.tie("bo", talk)}
    for gone in (made, elsewhere):
        tomb = Statement.objects.get(pk=gone.pk)
        assert (tomb.text, tomb.state, tomb.proposed_by) == ("", StatementState.WITHDRAWN, None)
        assert not LogOpening.objects.filter(subject=gone.code).exists()
    assert Statement.objects.get(pk=kept.pk).text == "Of Bo"


def test_a_visitor_is_asked_to_sign_in_and_the_machine_is_never_a_judge(talk: Process) -> None:
    with pytest.raises(Denied, match="sign in first"):
        actions.vote(VISITOR, facts(scene.statement(talk)), value=1, tie="")
    asked = actions.appeal(scene.ANA, declined(talk), reason="x", language="en", tie=scene.tie("ana", talk))
    with pytest.raises(Denied, match="peer editors"):
        actions.review(SYSTEM, asked, upheld=True, answer="x")


def test_leaving_the_house_takes_votes_and_words_along(talk: Process) -> None:
    scene.signed_in("ana")
    ana = Actor(Account.objects.get().pk, "ana", frozenset({Standing(Role.PEER, scene.ORG, is_of_peers=True)}))
    made = proposed(talk)
    actions.vote(ana, facts(scene.statement(talk)), value=1, tie=scene.tie("ana", talk))
    people.leave(ana, None, key=scene.KEYS["ana"], stays=False)
    assert (Account.objects.count(), Participant.objects.count(), Vote.objects.count()) == (0, 0, 0)
    assert Statement.objects.get(pk=made.pk).text == ""
