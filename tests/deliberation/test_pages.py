"""The pages of a conversation, through HTTP as a browser without JavaScript uses them."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.deliberation import scene

from withus.core import codes
from withus.deliberation import actions
from withus.deliberation.models import Statement, StatementState, Vote
from withus.policy.facts import Role
from withus.processes.models import Process

pytestmark = pytest.mark.django_db
HERE = "/processes/TALK/"
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}",
    "\u202eevil",
    "a" * 100_000,
    "\0",
    "%s%(x)s",
]


@pytest.fixture
def talk() -> Process:
    """An open conversation."""
    return scene.process()


def words(answer: object) -> str:
    """What a reader reads."""
    body = re.sub(r"<(script|style).*?</\1>", "", answer.content.decode(), flags=re.DOTALL)  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body))


def of(statement: Statement, tail: str = "") -> str:
    """An address under the statement's page."""
    return f"{HERE}statements/{statement.code}/{tail}"


def test_ana_votes_sees_how_many_are_left_changes_her_vote_and_takes_it_back(talk: Process) -> None:
    statements = [scene.statement(talk) for _ in range(3)]
    ana = scene.signed_in("ana")
    page = ana.get(HERE + "vote")
    assert "3 statements left" in words(page)
    assert [re.search(rf'value="{value}" data-key="{key}"', page.content.decode()) is not None for value, key in
            ((1, 1), (-1, 2), (0, 3))] == [True] * 3  # fmt: skip
    shown = re.search(r'name="statement" value="(\w+)"', page.content.decode())
    assert shown is not None
    answer = ana.post(HERE + "vote", {"statement": shown[1], "value": "1"})
    assert (answer.status_code, answer["Location"]) == (303, HERE + "vote")
    assert "2 statements left" in words(ana.get(HERE + "vote"))
    answer = ana.post(HERE + "vote", {"statement": shown[1], "value": "-1", "again": "yes"})
    assert (answer.status_code, answer["Location"]) == (303, HERE + "my-votes")
    assert [vote.value for vote in Vote.objects.all()] == [-1]
    assert ana.post(f"{HERE}statements/{shown[1]}/take-back").status_code == 303
    assert Vote.objects.count() == 0
    assert "3 statements left" in words(ana.get(HERE + "vote"))
    assert len(statements) == 3


def test_own_choices_are_hidden_until_asked_for_and_then_only_on_that_answer(talk: Process) -> None:
    one = scene.statement(talk)
    ana, bo = scene.signed_in("ana"), scene.signed_in("bo")
    ana.post(HERE + "vote", {"statement": one.code, "value": "-1"})
    assert one.text in words(ana.get(HERE + "my-votes"))
    assert "You disagree" not in words(ana.get(HERE + "my-votes"))
    shown = ana.post(HERE + "my-votes", {"show": "yes"})
    assert ("You disagree" in words(shown), shown["Cache-Control"]) == (True, "no-store")
    assert "You disagree" not in words(ana.get(HERE + "my-votes"))
    assert one.text not in words(bo.post(HERE + "my-votes", {"show": "yes"}))


@pytest.mark.parametrize("value", ["", "2", "1.0", "agree", "-1 ", "\0", "1" * 5000])
def test_a_vote_that_is_none_of_the_three_is_refused_on_the_page(talk: Process, value: str) -> None:
    one = scene.statement(talk)
    answer = scene.signed_in("ana").post(HERE + "vote", {"statement": one.code, "value": value})
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert Vote.objects.count() == 0


@pytest.mark.parametrize("code", ["", "NOBODY", "' OR 1=1 --", "\0", "1" * 5000])
def test_a_vote_on_nothing_is_not_found(talk: Process, code: str) -> None:
    assert scene.signed_in("ana").post(HERE + "vote", {"statement": code, "value": "1"}).status_code == 404


def test_every_page_for_the_wrong_people_says_why_not_and_changes_nothing(talk: Process) -> None:
    one = scene.statement(talk)
    waiting = actions.propose(scene.BO, talk, text="Of Bo", language="en", tie=scene.tie("bo", talk))
    visitor, ana, lu = Client(), scene.signed_in("ana"), scene.signed_in("lu", Role.ORG_STEWARD)
    cem = scene.signed_in("cem", Role.ORG_STEWARD, "ELSEWHERE")
    for address in ("vote", "my-votes", "propose", "my-statements"):
        refused, allowed = visitor.get(HERE + address), ana.get(HERE + address)
        assert (address, refused.status_code, allowed.status_code) == (address, 403, 200)
        assert "data-reason" in refused.content.decode()
    for address in ("seed", "moderation", "enter", "enter?sheet=yes", "import"):
        answers = [person.get(HERE + address).status_code for person in (visitor, ana, cem, lu)]
        assert (address, answers) == (address, [403, 403, 403, 200])
    for address in ("seed", "enter", "import"):
        assert ana.post(HERE + address, {"text": "x", "language": "en"}).status_code == 403
    assert [p.get(of(waiting)).status_code for p in (visitor, ana, cem, lu)] == [404, 404, 404, 200]
    assert [p.get(of(waiting, "moderate")).status_code for p in (visitor, ana, cem, lu)] == [404, 404, 404, 200]
    assert [p.get(of(one, "moderate")).status_code for p in (visitor, ana, cem, lu)] == [403, 403, 403, 200]
    assert ana.post(of(one, "withdraw")).status_code == 403
    assert ana.post(of(waiting, "withdraw")).status_code == 404
    assert visitor.post(HERE + "vote", {"statement": one.code, "value": "1"}).status_code == 403
    assert (Statement.objects.filter(state=StatementState.PENDING).count(), Vote.objects.count()) == (1, 0)


def test_foreign_and_missing_are_the_same_not_found(talk: Process) -> None:
    waiting = actions.propose(scene.BO, talk, text="Of Bo", language="en", tie=scene.tie("bo", talk))
    ana = scene.signed_in("ana")
    there, nowhere = ana.get(of(waiting)), ana.get(f"{HERE}statements/0000000000000/")
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert there.content.replace(waiting.code.encode(), b"") == nowhere.content.replace(b"0000000000000", b"")


def test_ana_proposes_eve_declines_ana_appeals_lu_opens_it_and_ana_takes_it_back(talk: Process) -> None:
    ana, eve, lu = (
        scene.signed_in("ana"),
        scene.signed_in("eve", Role.PEER_EDITOR),
        scene.signed_in("lu", Role.ORG_STEWARD),
    )
    assert ana.post(HERE + "propose", {"text": "Open at night", "language": "en"}).status_code == 303
    made = Statement.objects.get()
    assert "waiting for the peer editors" in words(ana.get(HERE + "my-statements"))
    assert "Open at night" in words(eve.get(HERE + "moderation"))
    decision = {"decision": "declined", "reason": "unclear", "words": "Say when."}
    assert eve.post(of(made, "moderate"), decision).status_code == 303
    known = words(eve.get("/me/known"))
    assert ("A statement about which you decided" in known, "kept back" in known) == (True, True)
    assert str(Statement.objects.get().proposed_by_id) not in known
    seen = words(Client().get(of(made)))
    assert ("Say when." in seen, "Open at night" in seen) == (True, False)
    assert "Open at night" in words(ana.get(of(made)))
    assert ana.post(of(made, "appeal"), {"reason": "At night is when.", "language": "en"}).status_code == 303
    assert eve.get(of(made, "review")).status_code == 403
    assert lu.post(of(made, "review"), {"upheld": "yes", "answer": "That is clear."}).status_code == 303
    assert "Open at night" in words(Client().get(of(made)))
    assert ana.post(of(made, "withdraw")).status_code == 303
    for person in (Client(), ana, eve, lu):
        assert "Open at night" not in person.get(of(made)).content.decode()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_shown_as_words_or_refused_with_all_input_kept(talk: Process, text: str) -> None:
    ana, lu = scene.signed_in("ana"), scene.signed_in("lu", Role.ORG_STEWARD)
    answer = ana.post(HERE + "propose", {"text": text, "language": "en"})
    if answer.status_code == 200:
        assert 'role="alert"' in answer.content.decode()
        assert Statement.objects.count() == 0
        return
    made = Statement.objects.get()
    for page in (lu.get(HERE + "moderation"), lu.get(of(made)), ana.get(HERE + "my-statements")):
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()
        assert "<img src=x" not in page.content.decode()
    assert made.text == text


def test_sending_a_form_twice_counts_once(talk: Process) -> None:
    ana = scene.signed_in("ana")
    sent = [ana.post(HERE + "propose", {"text": "Open at night", "language": "en"}).status_code for _ in range(2)]
    assert (sent, Statement.objects.count()) == ([303, 200], 1)


def test_lu_types_in_ballots_and_is_told_the_line_that_cannot_be_read(talk: Process) -> None:
    for _ in range(3):
        scene.statement(talk)
    lu = scene.signed_in("lu", Role.ORG_STEWARD)
    token = re.search(r'name="token" value="(\w+)"', lu.get(HERE + "enter").content.decode())
    assert token is not None
    wrong = lu.post(HERE + "enter", {"ballots": "1a 2d\n1x\n\n1a 1d\n9a", "token": token[1]})
    assert all(f"Line {line}:" in words(wrong) for line in (2, 3, 4))
    assert "1x" in wrong.content.decode()
    assert Vote.objects.count() == 0
    right = {"ballots": "1a 2d 3p\n1A, 3-\n٢a\n", "token": token[1]}
    assert [lu.post(HERE + "enter", right).status_code for _ in range(2)] == [303, 200]
    assert sorted(Vote.objects.values_list("statement__number", "value")) == [
        (1, 1),
        (1, 1),
        (2, -1),
        (2, 1),
        (3, -1),
        (3, 0),
    ]


def test_lu_types_in_a_single_sheet_with_buttons(talk: Process) -> None:
    first, second = scene.statement(talk), scene.statement(talk)
    lu = scene.signed_in("lu", Role.ORG_STEWARD)
    address = HERE + "enter?sheet=yes"
    assert lu.post(address, {"token": codes.code(26)}).status_code == 200
    assert (
        lu.post(address, {"token": codes.code(26), f"s{first.number}": "1", f"s{second.number}": ""}).status_code == 303
    )
    assert list(Vote.objects.values_list("statement_id", "value")) == [(first.pk, 1)]


def test_the_ballot_prints_every_open_statement_with_its_number(talk: Process) -> None:
    one = scene.statement(talk, "Open at <night>")
    page = Client().get(HERE + "ballot")
    assert "Open at &lt;night&gt;" in page.content.decode()
    assert f">{one.number}</th>" in page.content.decode()


def test_results_wait_for_who_has_not_voted_and_come_when_asked_for(talk: Process) -> None:
    one = scene.statement(talk)
    scene.cast(one, agree=60, disagree=12)
    actions.release_tallies(talk)
    ana = scene.signed_in("ana")
    assert "Would you like to vote first?" in words(ana.get(HERE + "results"))
    for page in (Client().get(HERE + "results"), ana.get(HERE + "results?show=yes")):
        assert "At least 74 % agree (very likely more than 67 %), of at most 81 votes." in words(page)
    ana.post(HERE + "vote", {"statement": one.code, "value": "1"})
    assert one.text in words(ana.get(HERE + "results"))


def test_the_table_to_take_away_is_safe_in_a_spreadsheet_and_holds_back_what_pages_hold_back(talk: Process) -> None:
    one = scene.statement(talk, "=1+1")
    scene.cast(one, agree=30, disagree=4)
    actions.release_tallies(talk)
    lines = Client().get(HERE + "results.csv").content.decode("utf-8-sig").splitlines()
    head = "statement,number,text,language,agree,disagree,pass,votes_at_least,votes_at_most,from_paper,released_on"
    assert lines[0] == head
    assert lines[1].startswith(f"{one.code},1,'=1+1,en,30,,,30,39,0,")


def test_a_small_conversation_is_told_that_it_is_too_small_for_groups(talk: Process) -> None:
    assert "too small for opinion groups" in words(Client().get("/maps/TALK/"))


def test_what_is_invented_says_so_on_every_page() -> None:
    made = scene.process("MADE-UP", is_invented=True)
    one = scene.statement(made)
    ana = scene.signed_in("ana")
    for address in ("", "vote", "propose", "my-votes", "results", "ballot", f"statements/{one.code}/"):
        assert "nvented" in words(ana.get(f"/processes/MADE-UP/{address}")), address


def statements_for(browser: Client, address: str, **post: str) -> int:
    """How many SQL statements an answer costs."""
    with CaptureQueriesContext(
        connection,
    ) as seen:
        answer = browser.post(address, post) if post else browser.get(address)
    assert answer.status_code in {200, 303}, answer.status_code
    return len([one for one in seen if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))])


def test_a_vote_costs_at_most_six_statements(talk: Process) -> None:
    one = scene.statement(talk)
    ana = scene.signed_in("ana")
    ana.post(HERE + "vote", {"statement": one.code, "value": "1"})
    assert statements_for(ana, HERE + "vote", statement=one.code, value="-1") <= 6


@pytest.mark.parametrize("address", ["vote", "my-votes", "results?show=yes", "ballot", "moderation", ""])
def test_a_page_costs_the_same_for_one_statement_and_for_three(talk: Process, address: str) -> None:
    lu = scene.signed_in("lu", Role.ORG_STEWARD)

    def add(text: str) -> None:
        one = scene.statement(talk)
        scene.cast(one, agree=20)
        actions.vote(scene.LU, actions.queries.public_votable("TALK", one.code), value=1, tie=scene.tie("lu", talk))
        actions.propose(scene.ANA, talk, text=text, language="en", tie=scene.tie("ana", talk))
        scene.statement(talk)
        actions.release_tallies(talk)

    add("one")
    lu.get(HERE + address)
    few = statements_for(lu, HERE + address)
    add("two")
    add("three")
    assert statements_for(lu, HERE + address) == few
