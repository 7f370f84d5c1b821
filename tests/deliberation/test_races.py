"""Many people at once: no vote is lost, none counts twice, and a newcomer is one person."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from tests.deliberation import scene

from withus.core import codes
from withus.core.errors import Refused
from withus.deliberation import actions, queries, ties
from withus.deliberation.models import Participant, Statement, StatementState, Vote

pytestmark = pytest.mark.usefixtures("own_database")


def at_once(*deeds: Callable[[], object]) -> list[BaseException]:
    """All deeds in threads of their own, begun together; what went wrong."""
    gate, wrong = threading.Barrier(len(deeds)), []

    def run(deed: Callable[[], object]) -> None:
        try:
            gate.wait(10)
            deed()
        except BaseException as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return wrong


def test_eight_people_vote_without_pause_while_newcomers_come() -> None:
    talk = scene.process()
    statements = [scene.statement(talk) for _ in range(5)]
    facts = [queries.public_votable(talk.code, one.code) for one in statements]
    people = [codes.key().hex() for _ in range(8)]

    def votes_on_everything(tie: str) -> None:
        for turn in range(3):
            for number, one in enumerate(facts):
                actions.vote(scene.ANA, one, value=(turn + number) % 3 - 1, tie=tie)

    def newcomers_come() -> None:
        for _ in range(20):
            actions.vote(scene.BO, facts[0], value=1, tie=codes.key().hex())

    wrong = at_once(*(lambda tie=tie: votes_on_everything(tie) for tie in people), newcomers_come)
    assert wrong == []
    last = {one.statement: (2 + number) % 3 - 1 for number, one in enumerate(facts)}
    for tie in people:
        assert dict(Vote.objects.filter(participant__tie=tie).values_list("statement_id", "value")) == last
    assert Participant.objects.count() == 28
    assert Vote.objects.count() == 8 * 5 + 20


def test_two_first_votes_of_one_person_make_one_participant() -> None:
    talk = scene.process()
    facts = [queries.public_votable(talk.code, scene.statement(talk).code) for _ in range(8)]
    tie = scene.tie("ana", talk)
    assert at_once(*(lambda one=one: actions.vote(scene.ANA, one, value=1, tie=tie) for one in facts)) == []
    assert Participant.objects.filter(tie=tie).count() == 1
    assert Vote.objects.filter(participant__tie=tie, value=1).count() == 8


def test_statements_proposed_at_once_get_different_numbers_and_the_same_words_one_place() -> None:
    talk = scene.process()

    def proposes(words: str) -> None:
        actions.propose(scene.ANA, talk, text=words, language="en", tie=codes.key().hex())

    wrong = at_once(*(lambda words=words: proposes(words) for words in ("one", "two", "three", "three")))
    assert [type(error) for error in wrong] == [Refused]
    assert sorted(talk.statements.values_list("number", "text")) == [
        (number, text) for number, text in sorted(talk.statements.values_list("number", "text"))
    ]
    assert sorted(talk.statements.values_list("text", flat=True)) == ["one", "three", "two"]


def test_a_batch_of_ballots_sent_eight_times_at_once_counts_once() -> None:
    talk = scene.process()
    one = scene.statement(talk)
    token = codes.code(26)
    ballots = [{one.number: 1}, {one.number: -1}]
    wrong = at_once(*[lambda: actions.enter(scene.LU, talk, ballots=ballots, token=token)] * 8)
    assert [type(error) for error in wrong] == [Refused] * 7
    assert Vote.objects.count() == 2


def test_two_editors_who_decide_at_once_decide_once() -> None:
    talk = scene.process()
    made = actions.propose(scene.ANA, talk, text="Open at night", language="en", tie=scene.tie("ana", talk))

    def decides(decision: str) -> None:
        mine = Statement.objects.get(pk=made.pk)
        actions.moderate(scene.EVE, mine, decision=decision, reason="unclear")

    wrong = at_once(lambda: decides("accepted"), lambda: decides("declined"))
    assert [type(error) for error in wrong] == [Refused]


def test_a_statement_taken_back_while_people_vote_takes_no_vote_afterwards() -> None:
    talk = scene.process()
    tie = scene.tie("ana", talk)
    made = actions.propose(scene.ANA, talk, text="Open at night", language="en", tie=tie)
    actions.moderate(scene.EVE, made, decision="accepted")
    facts = queries.public_votable(talk.code, made.code)

    def votes() -> None:
        for _ in range(10):
            actions.vote(scene.BO, facts, value=1, tie=codes.key().hex())

    wrong = at_once(votes, votes, lambda: actions.withdraw(scene.ANA, Statement.objects.get(pk=made.pk), tie=tie))
    assert {type(error) for error in wrong} <= {Refused}
    before = Vote.objects.count()
    with pytest.raises(Refused):
        actions.vote(scene.BO, facts, value=1, tie=ties.tie_of(codes.key(), talk.code))
    assert Vote.objects.count() == before
    assert Statement.objects.get(pk=made.pk).state == StatementState.WITHDRAWN
