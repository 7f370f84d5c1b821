"""`withus opinion`: files in, a folder out; recounted, or refused in one line."""

import csv
import gzip
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.compute.opinion_data import near_ones

from withus import cli
from withus.compute.opinion_map import opinion_map, read_votes
from withus.compute.opinion_map.seal import sealed
from withus.running import opinion

DATA = Path(__file__).parents[2] / "src/withus/demo/data/polis"
BREXIT, LONDON = DATA / "brexit-consensus", DATA / "london.youth.policing"
Run = Callable[..., tuple[int, str, str]]
HEAD = b"participant_id,statement_id,vote\n"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command: its exit code, and what it said on standard output and error."""

    def ran(*words: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main(["opinion", *map(str, words)])
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return ran


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.open(encoding="utf-8", newline="")))


@pytest.fixture
def as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without asking whether people are one cloud, so that a small real conversation has groups."""
    monkeypatch.setattr(opinion, "CLOUDS", 0)


@pytest.mark.usefixtures("as_before")
def test_a_map_is_written_with_all_that_the_interface_names(run: Run, tmp_path: Path) -> None:
    code, out, _ = run(BREXIT / "votes.csv", "--comments", BREXIT / "comments.csv", "--out", tmp_path / "map")

    assert (code, out) == (0, f"{tmp_path / 'map' / 'result.json'}\n")
    result = json.loads((tmp_path / "map" / "result.json").read_text())
    assert (result["method"], result["participants"], result["statements"]) == ("withus", 204, 50)
    assert [len(axis) for axis in result["axes"]] == [50, 50]
    assert {len(place) for place in result["positions"]} == {2}
    assert len(result["positions"]) == len(result["participant_ids"]) == 204
    assert (result["supported"], result["group_sizes"]) == (True, [108, 81])
    assert sorted(result["groups"].values()) == [0] * 108 + [1] * 81
    assert set(result["representative"]) == {"0", "1"}
    assert {"statement", "direction"} <= set(result["representative"]["0"][0])
    assert {"statement", "floor", "gac"} <= set(result["agreement"][0])
    assert result["checks"]["reality"]["chance"] <= 0.01


@pytest.mark.usefixtures("as_before")
def test_tables_and_drawing_stand_beside_it(run: Run, tmp_path: Path) -> None:
    run(BREXIT / "votes.csv", "--comments", BREXIT / "comments.csv", "--out", tmp_path)

    assert len(rows(tmp_path / "people.csv")) == 204
    statements = rows(tmp_path / "statements.csv")
    assert len(statements) == 50
    assert statements[0]["text"].startswith("The Northern Ireland")
    assert len(rows(tmp_path / "representative.csv")) == 20
    result = json.loads((tmp_path / "result.json").read_text())
    cohorts = rows(tmp_path / "cohorts.csv")
    assert {(one["kind"], one["name"]) for one in cohorts} >= {("group", "0"), ("group", "1")}
    for one in result["cohorts"]:
        lines = [line for line in cohorts if (line["kind"], line["name"]) == (one["kind"], one["name"])]
        assert [int(line["with"]) for line in lines] == one["top"]
        assert [int(line["without"]) for line in lines] == one["without"]
    drawn = ElementTree.parse(tmp_path / "map.svg").getroot()
    circles = [one.attrib for one in drawn.iter("{http://www.w3.org/2000/svg}circle")]
    assert len(circles) == 204
    wide, strong = ([float(one[name]) for one in circles] for name in ("r", "fill-opacity"))
    assert max(wide) > 2 * min(wide)
    assert strong[wide.index(max(wide))] < strong[wide.index(min(wide))]
    shares = [int(share) for share in re.findall(r"(\d+) %: ", "\n".join(drawn.itertext()))]
    exact = [100 * one["floor"] for one in result["agreement"][: len(shares)]]
    assert [int(one) for one in exact] == shares != [round(one) for one in exact]  # no bound is rounded up
    assert "is drawn as a wide, pale cloud" in " ".join(drawn.itertext())
    assert "Opinion map: 204 people, 50 statements" in "".join(drawn.itertext())
    assert "script" not in (tmp_path / "map.svg").read_text()


def test_the_compatible_map_holds_what_polis_holds(run: Run, tmp_path: Path) -> None:
    code, _, _ = run(BREXIT / "votes.csv", "--out", tmp_path, "--method", "polis")
    result = json.loads((tmp_path / "result.json").read_text())
    assert (code, result["method"], result["group_sizes"]) == (0, "polis", [35, 92, 62])
    assert len(result["consensus"]["agree"]) == 5
    assert len(rows(tmp_path / "people.csv")) == 204


def test_threads_order_and_parts_change_no_byte(tmp_path: Path) -> None:
    head, *lines = (BREXIT / "votes.csv").read_text().splitlines()
    parts = []
    for number in (1, 0):
        part = tmp_path / f"{number}.csv"
        part.write_text("\n".join([head, *lines[::-1][number::2]]) + "\n")
        parts.append(str(part))
    results = []
    for files, threads in (([str(BREXIT / "votes.csv")], "1"), (parts, "4")):
        out = tmp_path / threads
        names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "NUMBA_NUM_THREADS")
        subprocess.run(
            [sys.executable, "-m", "withus", "opinion", *files, "--out", str(out)],
            env=os.environ | dict.fromkeys(names, threads), check=True, capture_output=True,
        )  # fmt: skip
        results.append((out / "result.json").read_bytes())
    assert results[0] == results[1]


def test_people_in_one_cloud_are_said_in_one_line_and_in_the_drawing(run: Run, tmp_path: Path) -> None:
    code, _, err = run(BREXIT / "votes.csv", "--out", tmp_path)
    says = "we cannot tell these people from one crowd without gaps"
    said = [line for line in err.splitlines() if not line.endswith("…")]
    assert (code, len(said)) == (0, 1)
    assert f"withus: no groups are shown: {says}" in said[0]
    result = json.loads((tmp_path / "result.json").read_text())
    assert (result["supported"], result["checks"]["why"], result["groups"]) == (False, "continuum", {})
    drawn = " ".join(ElementTree.parse(tmp_path / "map.svg").getroot().itertext())
    assert "we cannot tell these people from one crowd without gaps" in " ".join(drawn.split())


def test_a_seal_from_before_copied_ballots_were_left_out_is_recounted_with_them(run: Run, tmp_path: Path) -> None:
    votes, real = tmp_path / "votes.csv", read_votes(BREXIT / "votes.csv")
    first = [one.statement for one in opinion_map(real, shuffles=0, bootstraps=0).agreement[:9]]
    copies = [f"1700000000000,,{about},{5000 + one},-1\n" for one in range(10) for about in first]
    votes.write_text((BREXIT / "votes.csv").read_text() + "".join(copies))
    before = sealed(
        read_votes(votes), opinion_map(read_votes(votes), alike=False, straight=True), form="withus-opinion/2"
    )
    assert before["supported"]
    for form, ends in (("withus-opinion/2", 0), ("withus-opinion/3", 1)):
        (tmp_path / "old.json").write_text(json.dumps(before | {"format": form}))
        code, _, err = run(votes, "--out", tmp_path / "again", "--check", tmp_path / "old.json")
        assert code == ends, err
    assert "whether groups are supported differs" in err


@pytest.mark.parametrize(
    ("method", "many", "says"),
    [
        ("withus", 1, "1 person voted often enough"),
        ("withus", 2, "2 people voted often enough"),
        ("polis", 0, "nobody voted often enough"),
        ("polis", 1, "all positions are the same"),
    ],
)
def test_why_so_few_make_no_groups_is_said_in_whole_words(
    run: Run, tmp_path: Path, method: str, many: int, says: str
) -> None:
    each = [8 if person < many else 2 for person in range(3)]
    lines = [f"{person},{about},1" for person in range(3) for about in range(person, person + each[person])]
    (tmp_path / "few.csv").write_text("\n".join([HEAD.decode().strip(), *lines]) + "\n")
    _, _, err = run(tmp_path / "few.csv", "--method", method, "--out", tmp_path / "map")
    assert says in err


def test_a_seal_from_before_is_recounted_by_the_checks_of_then(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(opinion, "FORM", opinion.UNPARTED)
        run(BREXIT / "votes.csv", "--out", tmp_path)
    seal = json.loads((tmp_path / "seal.json").read_text())
    (tmp_path / "old.json").write_text(json.dumps(seal))
    (tmp_path / "new.json").write_text(json.dumps(seal | {"format": opinion.HEAVY_ALONE}))

    code, _, err = run(BREXIT / "votes.csv", "--out", tmp_path / "again", "--check", tmp_path / "old.json")
    assert code == 0, err
    assert json.loads((tmp_path / "again" / "seal.json").read_text())["format"] == "withus-opinion/1"
    code, _, err = run(BREXIT / "votes.csv", "--out", tmp_path / "again", "--check", tmp_path / "new.json")
    assert code == 1
    assert "whether groups are supported differs" in err


def test_a_seal_from_before_bows_were_looked_along_is_recounted_on_straight_lines(run: Run, tmp_path: Path) -> None:
    bow = near_ones("wide", 0)
    each = zip(bow.rows, bow.columns, bow.values, strict=True)
    lines = [f"{person},{about},{vote}" for person, about, vote in each]
    (tmp_path / "bow.csv").write_text("\n".join([HEAD.decode().strip(), *lines]) + "\n")
    votes = read_votes(tmp_path / "bow.csv")
    before = opinion_map(votes, straight=True)
    assert before.supported
    for form, ends in (("withus-opinion/3", 0), ("withus-opinion/4", 1)):
        (tmp_path / "old.json").write_text(json.dumps(sealed(votes, before, form=form)))
        code, _, err = run(tmp_path / "bow.csv", "--out", tmp_path / "again", "--check", tmp_path / "old.json")
        assert code == ends, err
    assert "whether groups are supported differs" in err


def test_too_few_people_are_said_in_one_line(run: Run, tmp_path: Path) -> None:
    code, _, err = run(LONDON / "votes.csv", "--out", tmp_path)
    said = [line for line in err.splitlines() if not line.endswith("…")]
    assert (code, said) == (
        0, ["withus: no groups are shown: 24 people voted often enough; groups need at least 30"]
    )  # fmt: skip
    assert json.loads((tmp_path / "result.json").read_text())["groups"] == {}


def test_a_statement_that_nobody_saw_is_said_in_one_line(run: Run, tmp_path: Path) -> None:
    comments = tmp_path / "comments.csv"
    comments.write_text("comment-id,comment-body\n99999,never shown\n")
    code, _, err = run(BREXIT / "votes.csv", "--comments", comments, "--out", tmp_path, "--method", "polis")
    assert code == 0
    assert "withus: nobody voted on 1 of the statements in the comments; they are left out\n" in err


def test_statements_about_the_talk_have_the_priority_that_polis_gives_them(run: Run, tmp_path: Path) -> None:
    comments = tmp_path / "comments.csv"
    comments.write_text("comment-id,moderated,is-meta,comment-body\n1,1,t,a\n2,-1,f,b\n3,-1,true,c\n4,1,f,d\n")
    words = ["--comments", comments, "--method", "polis"]
    run(BREXIT / "votes.csv", "--out", tmp_path / "map", *words)
    code, _, err = run(BREXIT / "votes.csv", "--out", tmp_path / "two", "--check", tmp_path / "map" / "seal.json")
    assert code == 0, err
    for folder in ("map", "two"):
        result = json.loads((tmp_path / folder / "result.json").read_text())
        priority = dict(zip(result["statement_ids"], result["priority"], strict=True))
        assert {one for one, worth in priority.items() if worth == 49} == {1, 3}
        assert (result["seal"]["moderated"], result["seal"]["meta"]) == ([1, 2, 3], [1, 3])
        assert len(result["agreement"]) == 47


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "votes.csv, line 1: there are no names of columns; is this a CSV file, and not empty?"),
        (HEAD, "votes.csv: there are no votes; give at least one"),
        (b"person,vote\n1,1\n", "line 1: the column participant_id is missing"),
        (HEAD + b"1,1,5\n", "line 2: a vote must be 1 (agree), -1 (disagree) or 0 (pass)"),
        (HEAD + b"1,1,1\n1,2", "line 3: the number of columns differs"),
        (HEAD + b"1,1,1\n1,2,\0\n", "line 3: a vote must be"),
        (HEAD + b"1,1,1\n" + b"\0" * 50 + b",2,1\n", "line 3: an id must be"),
        (HEAD + b"\xff\xfe,1,1\n", "line 2: an id must be"),
        (HEAD.decode().encode("utf-16"), "votes.csv: this is UTF-16; save the file as UTF-8"),
        (b"Stimme\xe4," + HEAD, "votes.csv: this is not UTF-8; save the file as UTF-8"),
        (HEAD + b"1,2,1" + b",1" * 1_000_000 + b"\n", "line 2: the number of columns differs"),
        (b"participant_id,statement_id,vote" + b",x" * 1_000_000 + b"\n", "line 1: a column's name stands twice"),
        (HEAD + b"1,2," + b"1" * 100_000 + b"\n", "line 2: a vote must be"),
        (HEAD + b"1" * 10_000_000 + b",2,1\n", "line 2: the line is too long"),
        (gzip.compress(HEAD + b"1,2,1\n" * 999)[:-9], "votes.csv: the compressed file is damaged"),
    ],
    ids=[
        "empty", "header alone", "wrong header", "bad vote", "half a line", "NUL", "NULs", "not UTF-8", "UTF-16",
        "Latin-1 in the header", "a million columns", "a million names", "100 kB in a field", "10 MB in a line",
        "half a gzip",
    ],
)  # fmt: skip
def test_bad_input_ends_in_one_line(run: Run, tmp_path: Path, data: bytes, says: str) -> None:
    (tmp_path / "votes.csv").write_bytes(data)
    code, out, err = run(tmp_path / "votes.csv", "--out", tmp_path / "map")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith("withus: ")
    assert says in err
    assert not (tmp_path / "map").exists()


def test_signs_that_move_the_terminal_are_shown_and_not_obeyed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "votes.csv").write_bytes(HEAD + "1,2,“\x1b[31mrot\x07\x9b2J\u202e”\n".encode())
    run(LONDON / "votes.csv", "--out", tmp_path / "map")
    seal = json.loads((tmp_path / "map" / "seal.json").read_text())
    (tmp_path / "seal.json").write_text(json.dumps(seal | {"\x1b[2J": 1}))
    _, _, err = run(tmp_path / "votes.csv", "--out", tmp_path / "map")
    assert err.endswith("“1,2,“\\x1b[31mrot\\x07\\x9b2J\\u202e””\n")
    _, _, err = run(LONDON / "votes.csv", "--out", tmp_path / "map", "--check", tmp_path / "seal.json")
    assert "these figures differ: seal.\\x1b[2J." in err
    assert err.replace("\n", "").isprintable()


@pytest.mark.parametrize("option", ["FILE", "--comments"])
def test_a_pipe_is_refused_before_anything_is_taken_from_it(run: Run, tmp_path: Path, option: str) -> None:
    reader, writer = os.pipe()
    with open(reader, "rb") as pipe:
        os.write(writer, HEAD + b"1,1,1\n")
        os.close(writer)
        there = f"/dev/fd/{reader}"
        files = [there] if option == "FILE" else [LONDON / "votes.csv", option, there]
        code, out, err = run(*files, "--out", tmp_path / "map")
        assert pipe.read() == HEAD + b"1,1,1\n"
    says = f"withus: {there}: this is a pipe or a device; write it into a file first, and give that\n"
    assert (code, out, err) == (1, "", says)


@pytest.mark.parametrize("out", ["taken", "taken/deeper"])
def test_a_place_where_nothing_can_be_written_is_said_before_the_votes_are_read(
    run: Run, tmp_path: Path, out: str
) -> None:
    (tmp_path / "taken").write_text("")
    code, _, err = run(tmp_path / "no votes", "--out", tmp_path / out)
    assert (code, err) == (1, f"withus: {tmp_path / 'taken'} is a file; give a folder with --out\n")
    code, _, err = run(
        tmp_path / "no votes", "--out", "/proc/new/map"
    )  # rights alone do not show that it takes nothing
    assert (code, err) == (1, "withus: nothing may be written in /proc; give another folder with --out\n")


def test_a_missing_file_ends_in_one_line(run: Run, tmp_path: Path) -> None:
    code, out, err = run(tmp_path / "votes.csv", "--out", tmp_path / "map")
    assert (code, out, err.count("\n")) == (3, "", 1)
    assert "votes.csv: No such file or directory" in err


@pytest.mark.parametrize("method", ["withus", "polis"])
@pytest.mark.parametrize(
    ("rows", "people", "statements", "votes"),
    [
        (["7,5,1"], [7], [5], 1),
        ([f"7,{statement},{statement % 3 - 1}" for statement in range(30)], [7], list(range(30)), 30),
        ([f"{person},5,{person % 3 - 1}" for person in range(50)], list(range(50)), [5], 50),
        ([f"{p},{s},1" for p in range(50) for s in range(9)], list(range(50)), list(range(9)), 450),
        (["1,1,1", "1,1,-1", "2,1,0", "1,1,-1"], [1, 2], [1], 2),
        ([f"{2**53 + 1},{2**63 - 1},1", f"{2**53},5,1"], [2**53, 2**53 + 1], [5, 2**63 - 1], 2),
    ],
    ids=["one vote", "one person", "one statement", "all agree", "the same again", "ids past 2^53"],
)
def test_next_to_nothing_makes_a_map_and_no_groups(
    run: Run, tmp_path: Path, method: str, rows: list[str], people: list[int], statements: list[int], votes: int
) -> None:
    (tmp_path / "votes.csv").write_bytes(HEAD + "\n".join(rows).encode() + b"\n")
    code, _, err = run(tmp_path / "votes.csv", "--out", tmp_path / "map", "--method", method)
    result = json.loads((tmp_path / "map" / "result.json").read_text())
    assert (code, result["participant_ids"], result["statement_ids"]) == (0, people, statements), err
    assert (result["seal"]["votes"], len(result["agreement"])) == (votes, len(statements))
    if method == "withus":
        assert not result["supported"]
        assert "withus: no groups are shown: " in err


def test_a_person_with_very_many_statements_takes_no_table_of_pairs(tmp_path: Path) -> None:
    """A hundred thousand statements have ten thousand million pairs, and 6 GB are what the command may ask for here."""
    (tmp_path / "votes.csv").write_bytes(HEAD + b"".join(b"1,%d,%d\n" % (j, j % 3 - 1) for j in range(100_000)))
    limit = "import resource; resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30)); from withus import cli; "
    words = ["opinion", "votes.csv", "--out", "map", "--method", "polis"]
    ran = subprocess.run(
        [sys.executable, "-c", f"{limit}cli.main({words})"], cwd=tmp_path, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "no json",
        "[]",
        '{"format": "withus-opinion/1"}',
        '{"format": "withus-opinion/1", "method": "polis", "moderated": "x", "seed": 0, "ballots": 1, "votes": 1}',
        '{"format": "withus-opinion/1", "method": "polis", "moderated": [], "seed": "0", "ballots": 1, "votes": 1}',
        '{"format": "withus-opinion/1", "method": "polis", "moderated": [], "seed": 0, "ballots": 1, "votes": 1}',
        '{"format": "withus-opinion/1", "method": "polis", "moderated": [], "meta": 1, "seed": 0, "ballots": 1, '
        '"votes": 1, "salt": ""}',
    ],
)
def test_what_is_no_seal_is_refused(run: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "seal.json").write_text(text)
    code, _, err = run(LONDON / "votes.csv", "--out", tmp_path / "map", "--check", tmp_path / "seal.json")
    assert (code, err.count("\n")) == (1, 1)
    assert "give the seal.json or result.json of the map to check" in err


@pytest.mark.parametrize("words", [["--method", "best"], ["--seed", "-1"], ["--seed", "x"]])
def test_wrong_usage_is_exit_code_two(run: Run, tmp_path: Path, words: list[str]) -> None:
    code, _, err = run(LONDON / "votes.csv", "--out", tmp_path / "map", *words)
    assert (code, err.count("\n")) == (2, 1)


def test_long_work_says_how_far_it_is(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opinion, "PATIENCE", 0.0)
    _, _, err = run(BREXIT / "votes.csv", "--out", tmp_path)
    assert "withus: shuffling the votes: 199 of 200 …" in err
    assert "withus: drawing people again: 99 of 100 …" in err
