"""Another key for the log, and what is done when an older back-up is all there is: from the console."""

import shutil
from pathlib import Path

import pytest
from tests.running.conftest import House, refusal

GROW = """
import datetime
from django.db import transaction
from withus.policy.facts import ActorKind
from withus.public_log import publish
from withus.public_log.append import NewRecord, append_all
with transaction.atomic():
    day = datetime.date(2026, 5, 3)
    append_all(NewRecord("steward.invited", {"number": n}, ActorKind.ORGANISATION, day) for n in range(300))
publish.publish()
"""


@pytest.fixture
def older(house: House, tmp_path: Path) -> House:
    """The house after an older back-up was put in its place; a copy of its newer log lies in `copy`."""
    house.must("backup", str(tmp_path / "old.tar.gz"))
    house.python(GROW)
    shutil.copytree(house.data / "log", tmp_path / "copy")
    shutil.rmtree(house.data)
    assert house.run("restore", str(tmp_path / "old.tar.gz"), "--data", str(house.data)).returncode == 1
    return house


def key_of(said: str) -> str:
    """The key in what a command printed."""
    return next(word for word in said.split() if word.count("+") >= 2)


def test_the_logs_key_is_rotated_and_the_one_file_verifier_follows(house: House, tmp_path: Path) -> None:
    house.must("work", "--once")
    old = house.python("from withus.public_log import identity; print(identity.key())").strip()
    early = tmp_path / "early"
    shutil.copy(house.data / "log" / "checkpoint", early)
    new = key_of(house.must("rotate-log-key"))
    assert new != old
    assert {path.stat().st_mode & 0o077 for path in house.keys.iterdir()} == {0}
    for key in (old, new):
        said = house.must("verify-log", str(house.data / "log"), "--key", key, "--checkpoint", str(early))
        assert f"key number 2: {new}" in said
        assert "checked against: checkpoint" in said
        house.must("verify-log", "--key", key)
    assert key_of(house.must("rotate-log-key", "--stolen")) not in (old, new)
    house.must("verify-log")
    for path in house.keys.glob("log-*.key"):
        path.unlink()
    code, sentence = refusal(house.run("rotate-log-key"))
    assert (code, "is not the key of the log" in sentence) == (1, True)


def test_before_there_is_a_house_nothing_can_be_rotated(empty: House) -> None:
    assert refusal(house_run := empty.run("rotate-log-key"))[0] == house_run.returncode == 1
    assert refusal(empty.run("continue-log"))[0] == 1


def test_missing_entries_come_back_from_a_copy(older: House, tmp_path: Path) -> None:
    assert older.run("verify-log").returncode == 1
    assert older.run("steward-add").returncode != 0
    code, sentence = refusal(older.run("continue-log", str(tmp_path)))
    assert (code, "does not hold all entries" in sentence) == (1, True)
    assert "300 entries are back" in older.must("continue-log", str(tmp_path / "copy"))
    older.must("verify-log")
    older.must("steward-add")
    assert refusal(older.run("continue-log"))[0] == 1


def test_without_a_copy_the_log_goes_on_under_another_name(older: House, tmp_path: Path) -> None:
    new = key_of(older.must("continue-log"))
    assert older.log()["ok"] is True
    older.must("verify-log", str(older.data / "log"), "--key", new)
    lost = older.run(
        "verify-log", str(older.data / "log"), "--key", new, "--checkpoint", str(tmp_path / "copy/checkpoint")
    )
    assert lost.returncode == 1
    older.must("steward-add")
    older.must("work", "--once")
    older.must("verify-log")
    older.must("backup", str(tmp_path / "next.tar.gz"))
