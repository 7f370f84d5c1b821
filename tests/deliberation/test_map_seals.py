"""The map of an ended phase: sealed with its hashes in the public log, and recounted by whoever has the ballots."""

import csv
import datetime
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.deliberation import scene
from tests.deliberation.test_counts import ended
from tests.public_log.bending import bend

from withus import cli
from withus.compute.opinion_map import one_cloud
from withus.core import clock
from withus.core.errors import Refused
from withus.deliberation import actions, jobs
from withus.deliberation.maps import drawing, queries
from withus.deliberation.maps.actions import seal_map
from withus.deliberation.maps.models import DrawnMap, HeldVote, SealedMap
from withus.deliberation.models import Participant
from withus.deliberation.queries import public_votable
from withus.policy.facts import SYSTEM, Role
from withus.processes.models import Phase, Process

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


@pytest.fixture(autouse=True)
def not_so_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gaps between forty-five people need not be as clear as between more."""
    monkeypatch.setattr(one_cloud, "CLEAR", 0.3)


def talked(**more: Any) -> Process:
    """A conversation of two camps whose only phase ended yesterday, before any job has run."""
    talk = scene.process(**more)
    scene.camps(talk, 25, 20)
    days = {"opens_on": clock.today() - datetime.timedelta(days=9), "closes_on": clock.today() - datetime.timedelta(1)}
    talk.phases.update(**days)
    return talk


def sealed(**more: Any) -> tuple[Process, SealedMap]:
    """The same, with its counts and its map sealed."""
    talk = talked(**more)
    assert jobs.seal() == 1
    assert drawing.draw() == 1
    return Process.objects.get(pk=talk.pk), SealedMap.objects.get()


def recount(client: Client, one: SealedMap, folder: Path) -> dict[str, Path]:
    """What can be taken away to count again, unpacked."""
    answer = client.get(f"/processes/TALK/phases/{one.phase.code}/recount.zip")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        file.extractall(folder)
        return {name: folder / name for name in file.namelist()}


def checked(files: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """What `withus opinion --check` says of it."""
    out = files["votes.csv"].parent / "again"
    with pytest.raises(SystemExit) as end:
        cli.main(["opinion", str(files["votes.csv"]), "--check", str(files["seal.json"]), "--out", str(out)])
    return int(end.value.code or 0), capsys.readouterr().err


def steward() -> Client:
    return scene.signed_in("lu", Role.ORG_STEWARD)


def test_the_map_of_an_ended_phase_is_sealed_once_with_its_hashes_in_the_public_log() -> None:
    _, one = sealed()
    assert drawing.draw() == 0
    record = scene.records()[-1]
    assert (record["type"], record["actor"], record["subject"]) == ("map.sealed", "system", one.phase.code)
    assert record["facts"]["map_sha256"] == hashlib.sha256(one.content.encode()).hexdigest()
    assert record["facts"]["recount_sha256"] == hashlib.sha256(one.recount.encode()).hexdigest()
    answer = Client().get(f"/processes/TALK/phases/{one.phase.code}/map.json")
    assert hashlib.sha256(answer.content).hexdigest() == record["facts"]["map_sha256"]
    content = json.loads(answer.content)
    assert content["map"] == json.loads(DrawnMap.objects.get().content)
    assert [group["people"] for group in content["map"]["groups"]] == [30, 20]
    assert content["recount"]["sha256"] == record["facts"]["recount_sha256"]
    assert HeldVote.objects.count() == 0, "votes are held no longer than their map needs"


def test_no_exact_count_and_nothing_to_guess_it_by_is_in_what_everybody_gets() -> None:
    _, one = sealed()
    public, kept = json.loads(one.content), json.loads(one.recount)
    assert set(public["recount"]) == {"method", "seed", "said", "tallies", "groups", "lists", "sha256"}
    assert kept["ballots"] == 45
    assert len(kept["salt"]) == 64
    assert kept["salt"] not in one.content
    assert "45" not in json.dumps(public["map"])


def test_the_page_of_the_map_offers_the_sealed_map_to_all_and_the_ballots_to_stewards() -> None:
    talk, one = sealed()
    here = f"/processes/TALK/phases/{one.phase.code}"
    for client, may in ((Client(), False), (scene.signed_in("ana"), False), (steward(), True)):
        page = client.get("/maps/TALK/").content.decode()
        assert f"{here}/map.json" in page
        assert (f"{here}/recount.zip" in page) is may
        assert (client.get(f"{here}/recount.zip").status_code == 200) is may
    assert "/maps/TALK/#sealed" in Client().get(talk.get_absolute_url()).content.decode()
    assert Client().get("/processes/TALK/phases/NONE/map.json").status_code == 404
    assert steward().get("/processes/TALK/phases/NONE/recount.zip").status_code == 404


def test_everybody_gets_the_ballots_if_the_process_said_so_before_it_opened() -> None:
    _, one = sealed(publishes_votes=True)
    assert Client().get(f"/processes/TALK/phases/{one.phase.code}/recount.zip").status_code == 200


def test_ballots_are_numbered_anew_and_carry_no_day(tmp_path: Path) -> None:
    _, one = sealed()
    files = recount(steward(), one, tmp_path)
    assert sorted(files) == ["seal.json", "votes.csv"]
    assert hashlib.sha256(files["seal.json"].read_bytes()).hexdigest() == one.recount_sha256
    rows = list(csv.DictReader(files["votes.csv"].open(encoding="utf-8", newline="")))
    assert set(rows[0]) == {"participant_id", "statement_id", "vote"}
    assert len(rows) == 450
    numbers = {int(row["participant_id"]) for row in rows}
    assert len(numbers) == 45
    assert not numbers & set(Participant.objects.values_list("pk", flat=True))
    other = {queries.public_number(pk, "ANOTHER") for pk in Participant.objects.values_list("pk", flat=True)}
    assert not numbers & other


def test_whoever_has_the_ballots_recounts_the_very_map(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, one = sealed()
    files = recount(steward(), one, tmp_path)
    code, says = checked(files, capsys)
    assert (code, "differ" in says) == (0, False)


def test_a_recount_says_by_how_many_ballots_it_differs_after_somebody_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    talk, one = sealed()
    for person in Participant.objects.filter(process=talk)[:2]:
        person.delete()
    code, says = checked(recount(steward(), one, tmp_path), capsys)
    assert code == 1
    assert "the recount differs by 2 ballots" in says


def test_a_ballot_that_was_changed_by_hand_is_found_by_the_recount(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, one = sealed()
    bend("UPDATE withus_vote SET value = -1 WHERE statement_id = (SELECT MIN(id) FROM withus_statement)")
    code, says = checked(recount(steward(), one, tmp_path), capsys)
    assert code == 1
    assert "the counts of the statements differ" in says


def test_what_is_voted_in_a_later_phase_is_in_no_map_of_an_earlier_one() -> None:
    talk = talked()
    scene.phase(talk)
    first = talk.statements.get(number=1)
    facts = public_votable("TALK", first.code)
    assert facts
    tie = scene.tie("ana", talk)
    actions.vote(scene.ANA, facts, value=-1, tie=tie)  # the first vote of the later phase; no job has run
    assert HeldVote.objects.count() == 450
    drawing.draw()
    one = SealedMap.objects.get()
    assert json.loads(one.recount)["ballots"] == 45
    refused = steward().get(f"/processes/TALK/phases/{one.phase.code}/recount.zip")
    assert refused.status_code == 403
    assert "no vote is kept twice" in refused.content.decode()
    assert "recount.zip" not in steward().get("/maps/TALK/").content.decode()


def test_between_two_phases_the_newest_map_can_be_recounted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    talk, one = sealed()
    scene.phase(talk, first=5, last=9)
    assert checked(recount(steward(), one, tmp_path), capsys)[0] == 0


def test_who_leaves_while_votes_wait_for_their_map_is_not_in_it() -> None:
    talk = talked()
    jobs.seal()
    somebody = Participant.objects.filter(process=talk)[0]
    somebody.delete()
    assert HeldVote.objects.count() == 440
    assert drawing.draw() == 1
    assert json.loads(SealedMap.objects.get().recount)["ballots"] == 44


def test_a_map_that_was_counted_while_somebody_left_is_not_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    talk = talked()
    jobs.seal()
    count = drawing.sealed

    def leaves(*words: Any) -> dict[str, Any]:
        Participant.objects.filter(process=talk)[0].delete()
        return count(*words)

    monkeypatch.setattr(drawing, "sealed", leaves)
    assert drawing.draw() == 0
    assert SealedMap.objects.count() == 0
    monkeypatch.setattr(drawing, "sealed", count)
    assert drawing.draw() == 1


def test_two_runs_at_once_seal_a_map_once() -> None:
    _, one = sealed()
    phase = Phase.objects.get(pk=one.phase_id)
    again: dict[str, Any] = {"content": {}, "inside": {}, "recount": {"votes": 0}}
    with pytest.raises(Refused, match="sealed already"):
        seal_map(SYSTEM, phase, **again)
    assert [record["type"] for record in scene.records()].count("map.sealed") == 1


def test_nine_last_votes_are_in_the_recount_and_not_in_what_everybody_sees() -> None:
    talk = talked()
    talk.phases.update(closes_on=clock.today())
    jobs.release()
    assert drawing.draw() == 1
    before = DrawnMap.objects.get().content
    scene.cast(talk.statements.get(number=1), agree=9)
    talk.phases.update(closes_on=clock.today() - datetime.timedelta(days=1))
    jobs.seal()
    assert drawing.draw() == 1
    assert DrawnMap.objects.get().content == before
    one = SealedMap.objects.get()
    assert json.loads(one.content)["map"] == json.loads(before)
    assert json.loads(one.recount)["ballots"] == 54


def test_the_last_map_before_the_end_is_the_one_that_is_sealed() -> None:
    talk = talked()
    talk.phases.update(closes_on=clock.today())
    jobs.release()
    drawing.draw()
    before = json.loads(DrawnMap.objects.get().content)
    DrawnMap.objects.all().delete()
    talk.phases.update(closes_on=clock.today() - datetime.timedelta(days=1))
    jobs.seal()
    drawing.draw()
    assert json.loads(SealedMap.objects.get().content)["map"] == before


def test_a_phase_that_closes_while_its_map_is_drawn_is_sealed_by_the_next_look(monkeypatch: pytest.MonkeyPatch) -> None:
    talk = talked()
    talk.phases.update(closes_on=clock.today())
    jobs.release()
    told = drawing.published

    def closes(*words: Any) -> dict[str, Any]:
        talk.phases.update(closes_on=clock.today() - datetime.timedelta(days=1))
        jobs.seal()
        return told(*words)

    monkeypatch.setattr(drawing, "published", closes)
    assert drawing.draw() == 1
    assert (DrawnMap.objects.count(), SealedMap.objects.count(), HeldVote.objects.count()) == (1, 0, 450)
    assert drawing.draw() == 1
    assert json.loads(SealedMap.objects.get().content)["map"] == json.loads(DrawnMap.objects.get().content)


@pytest.mark.parametrize("votes", [0, 3])
def test_an_ended_phase_of_no_votes_or_few_has_a_seal_of_its_counts_and_no_figures(votes: int) -> None:
    talk = ended()
    scene.cast(scene.statement_of_the_past(talk), agree=votes)
    jobs.seal()
    assert drawing.draw() == (1 if votes else 0)
    assert [json.loads(one.content)["map"] for one in SealedMap.objects.all()] == [None] * bool(votes)
