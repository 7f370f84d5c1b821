"""Votes from files: in Polis' layouts, plain or gzip, and a clear word about what cannot be read."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from tests.compute.opinion_data import DEMO, GOLDEN

from withus.compute.opinion_map import BadVotes, reading
from withus.compute.opinion_map.reading import read_comments, read_votes

HEAD = "participant_id,statement_id,vote\n"


def file(folder: Path, text: str | bytes, name: str = "votes.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("name", ["brexit-consensus", "scoop-hivemind.biodiversity"])
def test_events_in_time_and_the_last_votes_are_the_same_votes(name: str) -> None:
    events, last = read_votes(DEMO / name / "votes.csv"), read_votes(GOLDEN / f"{name}.votes.csv.gz")
    assert np.array_equal(events.values, last.values)
    assert np.array_equal(events.columns, last.columns)
    assert events.days is not None
    assert last.days is None


def test_parts_of_a_conversation_are_read_as_one(tmp_path: Path) -> None:
    one = file(tmp_path, HEAD + "1,10,1\n2,10,-1\n", "a.csv")
    other = file(tmp_path, gzip.compress((HEAD + "3,11,0\n").encode()), "b.csv.gz")
    votes = read_votes(one, other)
    assert (votes.people, votes.statements, votes.values.tolist()) == (3, 2, [1, -1, 0])


def test_quotes_spaces_empty_lines_windows_ends_and_marks_are_understood(tmp_path: Path) -> None:
    text = "\ufeffvote,datetime,voter-id,comment-id,timestamp\r\n"
    text += '"1","Mon, ""early""",7,3,\r\n\r\n -1,x,"8",3,1500000000\r\n0,y, 9 ,4,1500000000123'
    votes = read_votes(file(tmp_path, text))
    assert votes.participant_ids.tolist() == [7, 8, 9]
    assert votes.values.tolist() == [1, -1, 0]
    assert votes.days.tolist() == [-1, 17361, 17361]  # type: ignore[union-attr]


def test_a_file_is_the_same_however_it_falls_into_stretches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = DEMO / "brexit-consensus" / "votes.csv"
    whole = read_votes(path)
    monkeypatch.setattr(reading, "CHUNK", 1000)
    parts = read_votes(path)
    assert np.array_equal(whole.values, parts.values)
    assert np.array_equal(whole.days, parts.days)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1: there are no names of columns"),
        ("\n\n", "line 1: there are no names of columns"),
        (HEAD, "there are no votes"),
        (HEAD + "\n\n", "there are no votes"),
        ("participant_id,vote\n1,1\n", "line 1: the column statement_id is missing"),
        ("vote,vote,participant_id,statement_id\n", "line 1: a column's name stands twice"),
        (HEAD + "1,2,1\n1,2\n", "line 3: the number of columns differs"),
        (HEAD + "1,2,1,1\n", "line 2: the number of columns differs"),
        (HEAD + "1,2,1\n\n1,2,7\n", "line 4: a vote must be 1 .* not “1,2,7”"),
        (HEAD + "1,2,\n", "line 2: a vote must be"),
        (HEAD + "1,2,agree\n", "line 2: a vote must be"),
        (HEAD + "1,2,0.5\n", "line 2: a vote must be"),
        (HEAD + "anna,2,1\n", "line 2: an id must be a whole number"),
        (HEAD + "-1,2,1\n", "line 2: an id must be"),
        (HEAD + "1,9223372036854775808,1\n", "line 2: an id must be .* to 9223372036854775807"),
        (HEAD + "1,99999999999999999999999,1\n", "line 2: an id must be"),
        (HEAD + '1,2,"1\n1,3,1\n', "line 2: a quotation mark is not closed"),
        (HEAD + "1,2,\0\n", "line 2: a vote must be"),
        ("timestamp," + HEAD + "yesterday,1,2,1\n", "line 2: a timestamp must be"),
        (HEAD.encode("utf-16"), "this is UTF-16; save the file as UTF-8"),
        (HEAD.encode("utf-16-be"), "this is UTF-16; save the file as UTF-8"),
        (b"\xff\xfe" + HEAD.encode("utf-16-le"), "this is UTF-16; save the file as UTF-8"),
        (b"\xe4," + HEAD.encode(), "this is not UTF-8; save the file as UTF-8"),
        (HEAD + "1,2,1,4\n", "line 2: the number of columns differs from the first line's: “1,2,1,4”"),
        (HEAD + "1,2,1\n1,-1\n", "line 3: the number of columns differs"),
        (HEAD + '1,2,1,"x,y"\r\n', "line 2: the number of columns differs"),
        (HEAD + "1,2,1\n1,2,1\r1,3,1\n1,4,1\n", "line 3: lines may not end in CR alone"),
        (HEAD.replace("\n", "\r") + "1,2,1\r1,3,1\r", "line 1: lines may not end in CR alone"),
        (
            "participant_id,voter-id,statement_id,vote\n1,2,3,1\n",
            "line 1: the columns participant_id and voter-id mean",
        ),
        ("comment_id,participant_id,statement_id,vote\n1,2,3,1\n", "statement_id and comment_id mean the same; keep"),
        (b"\x1f\x8bnot really gzip", "the compressed file is damaged"),
        (gzip.compress(HEAD.encode() * 100, mtime=0)[:-12], "the compressed file is damaged"),
    ],
)
def test_what_cannot_be_read_is_named_by_file_and_line(tmp_path: Path, text: str | bytes, says: str) -> None:
    with pytest.raises(BadVotes, match=says) as problem:
        read_votes(file(tmp_path, text))
    assert str(problem.value).startswith(str(tmp_path / "votes.csv"))
    assert "\n" not in str(problem.value)


def test_ids_up_to_two_to_the_63_are_read_exactly(tmp_path: Path) -> None:
    votes = read_votes(file(tmp_path, HEAD + "9007199254740993,9223372036854775807,1\n9007199254740992,5,1\n"))
    assert votes.participant_ids.tolist() == [2**53, 2**53 + 1]
    assert votes.statement_ids.tolist() == [5, 2**63 - 1]


def test_a_person_with_ten_million_statements_is_refused_in_one_line(tmp_path: Path) -> None:
    count = 10_000_000
    body = b"".join(b"1,%d,1\n" % number for number in range(count))
    with pytest.raises(BadVotes, match="there are 10000000 statements; a map takes at most 200000"):
        read_votes(file(tmp_path, HEAD.encode() + body))


def test_a_file_without_lines_is_not_read_to_its_end(tmp_path: Path) -> None:
    with pytest.raises(BadVotes, match="line 2: the line is too long"):
        read_votes(file(tmp_path, HEAD.encode() + b"1" * (2 * reading.CHUNK)))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1: the column comment-id is missing"),
        ("comment-id,moderated\nx,1\n", "line 2: an id must be"),
        ("comment-id,moderated\n" + "1" * 5_000 + ",1\n", "line 2: an id must be"),
        ("comment-id,moderated\n1\n", "line 2: the number of columns differs"),
        ('comment-id,comment-body\n1,"open\n', "cannot be read as CSV"),
        (b"comment-id,comment-body\n1,\xff\n", "this is not UTF-8; save the file as UTF-8"),
        ("comment-id,comment-body\n1,a\n".encode("utf-16"), "this is UTF-16; save the file as UTF-8"),
        (
            'comment-id,comment-body,moderated\n1,"a\nb",1\n\n2,b,rejected\n',
            "line 5: moderated must be 1 .*, not “rejected”",
        ),
        ("comment-id,moderated\n1,-1.5\n", "line 2: moderated must be"),
        ("comment-id,moderated\n1,−1\n", "line 2: moderated must be"),
        ("comment-id,is-meta\n1,yes\n", "line 2: is-meta must be .*, not “yes”"),
        ("comment-id,moderated,Moderated\n1,1,-1\n", "line 1: a column's name stands twice"),
        ("comment-id,statement_id\n1,1\n", "line 1: the columns comment-id and statement_id mean the same"),
        ("comment-id,comment-body\n1,a\n2,b\n1,c\n", "line 4: comment-id 1 stands twice, and not the same"),
        ("comment-id,moderated\n1,1\n01,-1\n", "line 3: comment-id 1 stands twice, and not the same"),
    ],
)
def test_wrong_comments_are_named(tmp_path: Path, text: str | bytes, says: str) -> None:
    with pytest.raises(BadVotes, match=says):
        read_comments(file(tmp_path, text, "comments.csv"))


def test_comments_say_texts_and_what_stays_out(tmp_path: Path) -> None:
    text = "comment-id,moderated,is-meta,comment-body\n1,1,f,One\n2,-1,f,Two\n3,0,t,Three\n4,0,,Four\n5,-1,1,Five\n"
    found = read_comments(file(tmp_path, text))
    assert found.texts == {1: "One", 2: "Two", 3: "Three", 4: "Four", 5: "Five"}
    assert found.moderated == {2, 3, 5}
    assert found.meta == {3, 5}


def test_moderation_is_understood_as_numbers_with_a_point_too(tmp_path: Path) -> None:
    """pandas writes whole numbers so as soon as one of the column is missing."""
    text = "comment-id,moderated,is-meta\n1,1.0,0.0\n2,-1.0,\n3,,1.0\n4,0.0,False\n5, -1 ,TRUE\n2,-1,0\n"
    found = read_comments(file(tmp_path, text))
    assert (found.moderated, found.meta) == ({2, 3, 5}, {3, 5})
    assert set(found.texts) == {1, 2, 3, 4, 5}


@pytest.mark.parametrize(
    "text",
    [
        "participant_id,statement_id,vote,statement\n7,3,1,Trees\n",
        "statement,participant,vote,participant_id,comment-id\nTrees,Anna,1,7,3\n",
        "participant,statement,vote\n7,3,1\n",
    ],
)
def test_an_exact_name_wins_over_a_loose_one(tmp_path: Path, text: str) -> None:
    votes = read_votes(file(tmp_path, text))
    assert (votes.participant_ids.tolist(), votes.statement_ids.tolist()) == ([7], [3])


@pytest.mark.parametrize(
    "text",
    [
        "statement_id,statement,moderated,comment-body\n3,Bushes,-1,Trees\n",
        "comment-id,text,moderated,comment-body\n3,Bushes,-1,Trees\n",
        "comment-id,comment-body,text,moderated\n3,Trees,Trees,-1\n",
        "statement,text,moderated\n3,Trees,-1\n",
    ],
)
def test_an_exact_name_wins_in_comments_too(tmp_path: Path, text: str) -> None:
    known = read_comments(file(tmp_path, text, "comments.csv"))
    assert (known.texts, known.moderated) == ({3: "Trees"}, {3})
