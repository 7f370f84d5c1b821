"""Polis' files: real ones come in and go out whole, broken ones are refused by line, and nothing changes then."""

import csv
import io
import time
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from tests.deliberation import scene

from withus.core import clock
from withus.core.errors import Denied, Refused
from withus.deliberation import actions, polis, queries
from withus.deliberation.models import Participant, Statement, Vote
from withus.policy.facts import Role

COMMENTS = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
VOTES = "timestamp,datetime,comment-id,voter-id,vote\n"
ONE = COMMENTS + "1567382954698,x,0,5,1,0,1,Open at night\n"


def read(comments: str = ONE, votes: str = VOTES) -> polis.Conversation:
    """The conversation in these two files."""
    return polis.read(comments.encode(), votes.encode())


def troubles(comments: str | bytes = ONE, votes: str | bytes = VOTES) -> list[tuple[str, int]]:
    """File and line of everything that is wrong."""
    as_bytes = [one if isinstance(one, bytes) else one.encode() for one in (comments, votes)]
    with pytest.raises(polis.BadFiles) as wrong:
        polis.read(*as_bytes)
    return [(one.file, one.line) for one in wrong.value.troubles]


@pytest.mark.parametrize(
    ("name", "statements", "people", "votes", "cast"),
    [
        ("london.youth.policing", 39, 26, 638, 640),
        ("brexit-consensus", 50, 204, 5303, 5312),
        ("scoop-hivemind.biodiversity", 316, 536, 29719, 29802),
    ],
)
def test_real_conversations_are_read_and_written_without_loss(
    name: str, statements: int, people: int, votes: int, cast: int
) -> None:
    files = [(scene.DATA / name / f"{one}.csv").read_bytes() for one in ("comments", "votes", "summary")]
    said = polis.read(*files)
    report = said.report("X", is_dry_run=True)
    assert (report.statements, report.people, report.votes, report.votes_changed) == (
        statements,
        people,
        votes,
        cast - votes,
    )
    written = {file: text.encode() for file, text in polis.write(said).items()}
    again = polis.read(written["comments.csv"], written["votes.csv"], written["summary.csv"])
    assert (again.comments, again.votes, again.summary) == (said.comments, said.votes, said.summary)


def test_the_last_vote_of_a_person_counts_by_time_and_then_by_line() -> None:
    votes = VOTES + "2000,x,0,1,1\n1000,x,0,1,-1\n" + "1000,x,0,2,1\n1000,x,0,2,0\n" + ",,0,3,1\n,,0,3,-1\n"
    assert dict(read(votes=votes).votes) == {(1, 0): 1, (2, 0): 0, (3, 0): -1}


def test_seconds_and_milliseconds_give_the_same_day_and_no_time_of_day() -> None:
    lines = COMMENTS + "1567382954698,x,0,5,1,0,1,In milliseconds\n1567382954,x,1,5,1,0,1,In seconds\n"
    days = {one.day.isoformat() for one in read(lines).comments if one.day}
    assert days == {"2019-09-02"}
    assert "1567382954" not in polis.write(read(lines))["comments.csv"]


def test_files_without_days_with_a_mark_before_them_and_with_other_columns_are_read() -> None:
    comments = '\ufeffcomment-body,moderated,comment-id,is-meta,is-seed,mood\n"a, b\nc",0,7,1,false,x\n'
    votes = "vote,voter-id,comment-id\r\n-1,9007199254740993,7\r\n"
    said = read(comments, votes)
    assert [(one.text, one.is_meta, one.is_seed, one.day) for one in said.comments] == [("a, b\nc", True, False, None)]
    assert dict(said.votes) == {(2**53 + 1, 7): -1}  # no number went through a float
    assert said.standing(said.comments[0]) == 1  # nobody looked at it, but it took votes


@pytest.mark.parametrize(
    ("comments", "votes", "where"),
    [
        (ONE.replace("comment-id", "id"), VOTES, [("comments.csv", 1)]),
        (ONE.replace("agrees,disagrees", "agrees,agrees"), VOTES, [("comments.csv", 1)]),
        (ONE, "", [("votes.csv", 1)]),
        (ONE, VOTES + "1,x,0,1,1\n1,x,0,1,2\n1,x,0,1,agree\n1,x,0,1,\n", [("votes.csv", n) for n in (3, 4, 5)]),
        (ONE, VOTES + "1,x,0,1,1\n1,x,0", [("votes.csv", 3)]),
        (ONE, VOTES + "1,x,8,1,1\n", [("votes.csv", 2)]),
        (ONE, VOTES + "1,x,0,-1,1\n1,x,0,1.5,1\n1,x,0,99999999999999999999,1\n", [("votes.csv", n) for n in (2, 3, 4)]),
        (ONE, VOTES + "yesterday,x,0,1,1\n", [("votes.csv", 2)]),
        (ONE + ONE.split("\n")[1] + "\n", VOTES, [("comments.csv", 3)]),
        (COMMENTS + "1,x,0,5,1,0,1,\n", VOTES, [("comments.csv", 2)]),
        (COMMENTS + "1,x,0,5,1,0,5,Open\n", VOTES, [("comments.csv", 2)]),
        (COMMENTS + '1,x,0,5,1,0,1,"half a line\n', VOTES, [("comments.csv", 2)]),
        (ONE, VOTES + "1,x,0,1,1\n1,x,0,\0,1\n", [("votes.csv", 3)]),
        (ONE, VOTES.encode() + b"1,x,0,1,1\n1,\xff\xfe,0,1,1\n", [("votes.csv", 3)]),
        (ONE.encode("utf-16"), VOTES, [("comments.csv", 1)]),
        (ONE, VOTES + "1,x,0,1,1\n" + "9" * 10_000_000, [("votes.csv", 3)]),
        (ONE, VOTES + "1,x,0,1,1\n" + "," * 1_000_000, [("votes.csv", 3)]),
        (COMMENTS.strip() + ",x" * 1_000_000, VOTES, [("comments.csv", 1)]),
        (COMMENTS + "1,x,0,5,1,0,1," + "a" * 4001, VOTES, [("comments.csv", 2)]),
    ],
)
def test_what_is_broken_is_refused_with_its_line(
    comments: str | bytes, votes: str | bytes, where: list[tuple[str, int]]
) -> None:
    assert read().votes == {}  # the same files, whole, are fine
    began = time.perf_counter()
    assert troubles(comments, votes) == where
    assert time.perf_counter() - began < 2


def test_a_thousand_wrong_lines_are_answered_with_twenty() -> None:
    assert len(troubles(votes=VOTES + "1,x,0,1,7\n" * 1000)) == 20


@given(st.text(min_size=1).filter(lambda text: "\0" not in text))
def test_no_text_becomes_a_formula_and_every_text_comes_back(text: str) -> None:
    safe = polis.escaped(text)
    assert safe[0] not in "=+-@\t\r"
    assert polis.unescaped(safe) == text


def test_a_formula_in_a_statement_is_written_as_text_and_read_back_exactly() -> None:
    hostile = ['=HYPERLINK("http://x")', "+1", "-2", "@SUM(A1)", "'=x", 'a "quote", a comma\nand a line']
    comments = tuple(polis.Comment(n, None, text, 1, False, False, None) for n, text in enumerate(hostile))
    written = polis.write(polis.Conversation({"topic": "=1"}, comments, {}, 0))
    for row in csv.reader(io.StringIO(written["comments.csv"], newline="")):
        assert not row[-1].startswith(("=", "+", "-", "@"))
    again = polis.read(written["comments.csv"].encode(), written["votes.csv"].encode(), written["summary.csv"].encode())
    assert [one.text for one in again.comments] == hostile
    assert again.summary == {"topic": "=1"}


@pytest.mark.django_db
def test_a_conversation_goes_in_and_out_with_new_numbers_and_without_the_time_of_a_vote() -> None:
    first, second = scene.process("FIRST"), scene.process("SECOND")
    before = scene.import_polis("brexit-consensus", "FIRST")
    assert (before.accepted, before.people, before.votes) == (50, 204, 5303)
    written = polis.write(queries.conversation_for(scene.SYSTEM, first, is_whole=True))
    files = {name: written[f"{name}.csv"].encode() for name in ("comments", "votes", "summary")}
    after = actions.import_polis(scene.SYSTEM, second, **files)
    assert (after.accepted, after.people, after.votes, after.votes_changed) == (50, 204, 5303, 0)
    assert queries.public_counts(first).values() != {}
    assert sorted(queries.public_counts(first).values()) == sorted(queries.public_counts(second).values())
    rows = csv.DictReader(io.StringIO(written["votes.csv"], newline=""))
    assert {(row["timestamp"], row["datetime"]) for row in rows} == {("", "")}


@pytest.mark.django_db
def test_thirty_thousand_votes_come_in_within_seconds() -> None:
    scene.process()
    began = time.perf_counter()
    scene.import_polis("scoop-hivemind.biodiversity", "TALK")
    assert time.perf_counter() - began < 10
    assert Vote.objects.count() == 29719
    assert Statement.objects.filter(state="declined").count() == 162


@pytest.mark.django_db
def test_a_dry_run_and_a_broken_file_change_nothing_and_a_second_import_is_refused() -> None:
    talk = scene.process()
    assert scene.import_polis("london.youth.policing", "TALK", dry_run=True).votes == 638
    with pytest.raises(Refused, match=r"votes\.csv, line 2"):
        actions.import_polis(scene.LU, talk, comments=ONE.encode(), votes=(VOTES + "1,x,0,1,3\n").encode())
    assert (Statement.objects.count(), Participant.objects.count(), Vote.objects.count()) == (0, 0, 0)
    scene.import_polis("london.youth.policing", "TALK")
    with pytest.raises(Refused, match="statements already"):
        scene.import_polis("london.youth.policing", "TALK")
    assert Vote.objects.count() == 638


@pytest.mark.django_db
def test_lu_uploads_polis_files_and_ana_may_not() -> None:
    talk = scene.process()
    files = {
        name: (scene.DATA / "london.youth.policing" / f"{name}.csv").read_bytes() for name in ("comments", "votes")
    }

    def uploads(name: str, role: Role, votes: bytes = files["votes"]) -> int:
        given = {
            "comments": SimpleUploadedFile("a.csv", files["comments"]),
            "votes": SimpleUploadedFile("b.csv", votes),
        }
        answer = scene.signed_in(name, role).post(f"/processes/{talk.code}/import", given)
        if answer.status_code == 200:
            assert 'role="alert"' in answer.content.decode()
        return answer.status_code

    assert uploads("ana", Role.PEER) == 403
    assert uploads("lu", Role.ORG_STEWARD, b"broken") == 200
    assert Vote.objects.count() == 0
    assert uploads("lu", Role.ORG_STEWARD) == 303
    assert Vote.objects.count() == 638
    assert uploads("lu", Role.ORG_STEWARD) == 200


@pytest.mark.django_db
def test_ballots_leave_only_for_stewards_or_when_the_process_said_so_and_voting_has_ended() -> None:
    talk = scene.process()
    scene.import_polis("london.youth.policing", "TALK")
    lu, ana = scene.signed_in("lu", Role.ORG_STEWARD), scene.signed_in("ana")
    refused = lu.get("/processes/TALK/polis.zip")
    assert refused.status_code == 403  # two downloads around one vote would show that vote
    assert "when voting has ended" in refused.content.decode()
    talk.phases.update(opens_on=clock.today() - timedelta(days=9), closes_on=clock.today() - timedelta(days=1))
    assert lu.get("/processes/TALK/polis.zip").status_code == 200
    assert ana.get("/processes/TALK/polis.zip").status_code == 403
    told = scene.process("TOLD", publishes_votes=True, is_open=False)
    running = scene.phase(told, first=-10, last=1)
    scene.import_polis("london.youth.policing", "TOLD")
    assert ana.get("/processes/TOLD/polis.zip").status_code == 403  # two downloads would show what came between them
    running.closes_on = running.opens_on
    running.save()
    answer = ana.get("/processes/TOLD/polis.zip")
    assert answer.status_code == 200
    whole = queries.conversation_for(scene.LU, talk, is_whole=True)
    assert len(whole.comments) == 39
    assert len(queries.conversation_for(scene.ANA, told, is_whole=False).comments) == 36


@pytest.mark.django_db
def test_cem_cannot_import_into_a_process_that_is_not_his() -> None:
    talk = scene.process()
    with pytest.raises(Denied, match="Only a steward"):
        actions.import_polis(scene.CEM, talk, comments=ONE.encode(), votes=VOTES.encode())
    assert actions.import_polis(scene.LU, talk, comments=ONE.encode(), votes=VOTES.encode()).statements == 1


@pytest.mark.parametrize(
    ("text", "advice"),
    [("\u200b", "in words"), ("a" + "\u0301" * 300, "accents"), ("\u0378", "too new"), ("", "comment-body")],
)
def test_a_comment_that_shows_nothing_is_refused_with_its_line(text: str, advice: str) -> None:
    rows = f"comment-id,moderated,comment-body\n0,1,{text or '   '}\n"
    with pytest.raises(polis.BadFiles) as bad:
        polis.read(rows.encode(), b"comment-id,voter-id,vote\n")
    assert "comments.csv, line 2" in str(bad.value)


def test_marks_that_turn_letters_around_are_taken_out_and_the_future_is_refused() -> None:
    rows = "timestamp,comment-id,moderated,comment-body\n1500000000,0,1,ab\u202ecd\n"
    assert polis.read(rows.encode(), b"comment-id,voter-id,vote\n").comments[0].text == "abcd"
    with pytest.raises(polis.BadFiles, match="future"):
        polis.read(rows.replace("1500000000", "99999999999").encode(), b"comment-id,voter-id,vote\n")
