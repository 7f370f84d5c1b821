"""Back-ups: consistent while people write, complete or absent, and never a way to turn the log back unseen."""

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.running.conftest import House, refusal

from withus.running import backup

WRITE = """
import sys
from withus.deliberation.models import Participant, Statement, Vote
from withus.processes.models import Process
from django.db import transaction
process = Process.objects.get(code="LONDON")
statements = list(Statement.objects.filter(process=process, state="accepted")[:5])
print("writing", flush=True)
for number in range(100000):
    with transaction.atomic():
        one = Participant.objects.create(process=process)
        Vote.objects.bulk_create(Vote(participant=one, statement=s, value=1) for s in statements)
    if number == 20: print("going", flush=True)
"""
ADD_ENTRIES = """
import sys
from withus.acting import acting
from withus.policy.facts import SYSTEM, ActorKind
from withus.policy.rules import Action
from withus.running import work
for number in range(int(sys.argv[1])):
    with acting(SYSTEM, Action.ADD_STEWARD, None) as record:
        record("steward.invited", {"number": number}, by=ActorKind.SYSTEM)
work.once()
"""
MARK = "import sys; from withus.people.models import Instance; Instance.objects.update(about=sys.argv[1])"
READ = "from withus.people.models import Instance; print(Instance.objects.get().about)"


def rows(database: Path, sql: str) -> list[tuple[object, ...]]:
    """What a database file says."""
    with sqlite3.connect(database) as connection:
        found: list[tuple[object, ...]] = connection.execute(sql).fetchall()
    connection.close()
    return found


def test_a_back_up_made_while_people_vote_is_of_one_moment(house: House, tmp_path: Path) -> None:
    environment = house.environment(DJANGO_SETTINGS_MODULE="withus.settings")
    code = f"import django; django.setup()\n{WRITE}"
    writer = subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    assert [writer.stdout.readline(), writer.stdout.readline()] == ["writing\n", "going\n"]

    house.must("backup", str(tmp_path / "saved.tar.gz"))
    assert writer.poll() is None
    writer.kill()
    writer.wait()
    writer.stdout.close()
    copy = House(tmp_path / "copy", house.keys)
    copy.must("restore", str(tmp_path / "saved.tar.gz"), "--data", str(copy.data))

    halves = rows(
        copy.data / "withus.sqlite3",
        "SELECT p.id FROM withus_participant p LEFT JOIN withus_vote v ON v.participant_id = p.id"
        " WHERE p.tie IS NULL AND p.number IS NULL GROUP BY p.id HAVING COUNT(v.value) <> 5",
    )
    assert halves == []
    assert rows(copy.data / "withus.sqlite3", "PRAGMA integrity_check") == [("ok",)]


def test_a_back_up_holds_no_key_wherever_a_link_or_setting_puts_one(house: House, tmp_path: Path) -> None:
    secrets = [path.read_bytes() for path in house.keys.iterdir() if path.suffix == ".key"]
    (house.data / "linked.key").symlink_to(house.keys / "log.key")
    (house.data / "all-keys").symlink_to(house.keys)
    (house.data / "tls").mkdir()
    (house.data / "tls" / "key.pem").write_bytes(b"the certificate's key")
    secrets.append(b"the certificate's key")
    tls = {"WITHUS_TLS_CERT": str(tmp_path / "cert.pem"), "WITHUS_TLS_KEY": str(house.data / "tls" / "key.pem")}
    house.must("backup", str(tmp_path / "saved.tar.gz"), **tls)

    with tarfile.open(tmp_path / "saved.tar.gz") as tar:
        contents = [file.read() for member in tar if (file := tar.extractfile(member))]

    assert secrets
    assert not [secret for secret in secrets for content in contents if secret in content]


def test_no_key_goes_into_a_back_up_even_where_the_folders_do_not_lie_apart(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("log/checkpoint", "keys/log.key", "keys/deep/week.key"):
        (home / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (home / "data" / name).write_bytes(b"")
    monkeypatch.setenv("WITHUS_KEYS", str(home / "data" / "keys"))

    assert [name for name, _ in backup._published(home / "data")] == ["log/checkpoint"]


def test_a_restored_house_is_the_same_house(house: House, tmp_path: Path) -> None:
    house.python(MARK, "kept")
    house.must("backup", str(tmp_path / "saved.tar.gz"))
    house.must("backup-keys", str(tmp_path / "keys.tar.gz"))
    copy = House(tmp_path / "copy", tmp_path / "copied-keys")

    words = ("--data", str(copy.data), "--keys", str(tmp_path / "keys.tar.gz"))
    restored = copy.run("restore", str(tmp_path / "saved.tar.gz"), *words)

    assert (restored.returncode, "no guard of this log" in restored.stderr) == (0, True)  # guards go into no back-up
    assert copy.python(READ) == "kept\n"
    ours, theirs = copy.log(), house.log()
    assert ours.pop("checked_against") == theirs.pop("checked_against")[1:]
    assert ours == theirs
    assert {p.name: p.read_bytes() for p in copy.keys.iterdir() if p.suffix == ".key"} == {
        p.name: p.read_bytes() for p in house.keys.iterdir() if p.suffix == ".key"
    }
    assert copy.keys.stat().st_mode & 0o077 == 0


def test_voices_whose_key_was_not_saved_are_told_and_get_no_other_key(house: House, tmp_path: Path) -> None:
    house.must("work", "--once")
    ((week, number),) = rows(
        house.data / "withus.sqlite3", "SELECT week, COUNT(*) FROM withus_voice GROUP BY week ORDER BY week LIMIT 1"
    )
    name = f"week-{week}.key"
    (house.keys / name).rename(tmp_path / name)
    house.must("backup", str(tmp_path / "saved.tar.gz"))
    house.must("backup-keys", str(tmp_path / "keys.tar.gz"))
    copy, beside = House(tmp_path / "copy", tmp_path / "copied-keys"), House(tmp_path / "beside", house.keys)

    for one, more in ((copy, ("--keys", str(tmp_path / "keys.tar.gz"))), (beside, ())):
        done = one.run("restore", str(tmp_path / "saved.tar.gz"), "--data", str(one.data), *more)
        assert done.returncode == 0
        assert f"Voices that nobody can open without it: {number}. Put these files back into {one.keys}" in done.stderr
        assert name in done.stderr
    copy.must("work", "--once")
    assert not (copy.keys / name).exists()
    found = {one["part"]: one for one in json.loads(copy.run("check", "--json").stdout)}
    assert not found["weeks"]["ok"]
    assert name in found["weeks"]["says"]

    shutil.copy2(tmp_path / name, copy.keys / name)
    found = {one["part"]: one for one in json.loads(copy.run("check", "--json").stdout)}
    assert found["weeks"]["ok"]


def test_restoring_an_old_back_up_is_noticed(house: House, tmp_path: Path) -> None:
    house.python(ADD_ENTRIES, "1")
    house.must("backup", str(tmp_path / "old.tar.gz"))
    house.python(ADD_ENTRIES, "3")
    shutil.move(house.data, tmp_path / "lost")

    code, sentence = refusal(house.run("restore", str(tmp_path / "old.tar.gz"), "--data", str(house.data)))

    assert code == 1
    assert "older" in sentence
    assert "the anchor shows" in sentence
    assert house.run("verify-log").returncode == 1
    parts = json.loads(house.run("check", "--json").stdout)
    assert [one["ok"] for one in parts if one["part"] == "log"] == [False]


def test_restoring_where_no_guard_lies_is_said_and_where_it_lies_is_not(house: House, tmp_path: Path) -> None:
    house.must("work", "--once")
    house.must("backup", str(tmp_path / "saved.tar.gz"))
    for name, has_guard in (("with", True), ("without", False)):
        for guard in house.keys.glob("anchor-*"):
            if not has_guard:
                guard.unlink()
        done = house.run("restore", str(tmp_path / "saved.tar.gz"), "--data", str(tmp_path / name))
        assert (done.returncode, "Warning: no guard of this log lies in" in done.stderr) == (0, not has_guard)
        assert len(done.stderr.splitlines()) == (0 if has_guard else 1)


def test_restoring_into_a_house_that_stands_changes_nothing(house: House, tmp_path: Path) -> None:
    house.must("backup", str(tmp_path / "saved.tar.gz"))
    before = sorted(path.name for path in house.data.iterdir())

    code, sentence = refusal(house.run("restore", str(tmp_path / "saved.tar.gz"), "--data", str(house.data)))

    assert (code, sentence) == (1, f"{house.data} is not empty. Name a new folder.")
    assert sorted(path.name for path in house.data.iterdir()) == before


def test_a_damaged_back_up_is_refused_and_leaves_nothing(house: House, tmp_path: Path) -> None:
    saved = tmp_path / "saved.tar.gz"
    house.must("backup", str(saved))
    data = bytearray(saved.read_bytes())
    data[len(data) // 2] ^= 0xFF
    saved.write_bytes(data)
    copy = House(tmp_path / "copy", house.keys)

    code, sentence = refusal(copy.run("restore", str(saved), "--data", str(copy.data)))

    assert code == 1
    assert "not a whole back-up" in sentence
    assert not copy.data.exists()  # it was not there before


def test_a_back_up_killed_midway_leaves_no_file_with_its_name_and_the_next_one_works(
    house: House, tmp_path: Path
) -> None:
    saved = tmp_path / "out" / "saved.tar.gz"
    saved.parent.mkdir()
    for moment in (0.45, 0.6, 0.75, 0.9):
        process = house.start("backup", str(saved))
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        if saved.exists():  # it was faster than we: then it is whole
            House(tmp_path / f"copy{moment}", house.keys).must(
                "restore", str(saved), "--data", str(tmp_path / f"copy{moment}")
            )
            saved.unlink()

    house.must("backup", str(saved))
    assert [path.name for path in saved.parent.iterdir()] == ["saved.tar.gz"]


def test_a_full_disk_is_said_and_nothing_is_lost(house: House, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    code = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (200000, 200000)); sys.argv[1:]"
    run = f"{code}\nfrom withus.cli import main\nmain(['backup', {str(tmp_path / 'out' / 's.tar.gz')!r}])"

    around = house.environment(PYTHONDONTWRITEBYTECODE="1")  # Python keeps what it could write of a file, cut off
    done = subprocess.run([sys.executable, "-c", run], env=around, capture_output=True, text=True, timeout=60)

    assert refusal(done)[0] == 3
    assert list((tmp_path / "out").iterdir()) == []
    assert house.log()["ok"]


def test_postgresql_is_backed_up_and_restored_too(
    house: House, tmp_path: Path, new_postgres: Callable[[], str]
) -> None:
    house.python(MARK, "kept")
    first, second = new_postgres(), new_postgres()
    house.must("copy-to", first)
    house.database = first
    house.must("backup", str(tmp_path / "saved.tar.gz"))
    copy = House(tmp_path / "copy", house.keys, database=second)

    copy.must("restore", str(tmp_path / "saved.tar.gz"), "--data", str(copy.data))

    assert copy.python(READ) == "kept\n"
    assert copy.log() == house.log()
    code, sentence = refusal(copy.run("restore", str(tmp_path / "saved.tar.gz"), "--data", str(tmp_path / "third")))
    assert (code, sentence) == (1, "The database is not empty. Name a new one in WITHUS_DATABASE.")


def test_keys_in_place_of_a_back_up_are_named(house: House, tmp_path: Path) -> None:
    house.must("backup-keys", str(tmp_path / "keys.tar.gz"))
    code, sentence = refusal(house.run("restore", str(tmp_path / "keys.tar.gz"), "--data", str(tmp_path / "new")))
    assert (code, sentence) == (1, "These are keys. Name a back-up first, and this file after --keys.")
    assert not (tmp_path / "new").exists()


def test_a_damaged_database_is_said_to_need_a_back_up(house: House) -> None:
    for name in ("-wal", "-shm"):
        (house.data / f"withus.sqlite3{name}").unlink(missing_ok=True)
    (house.data / "withus.sqlite3").write_bytes(b"no database" * 999)
    for command in ("upgrade", "work"):
        code, sentence = refusal(house.run(command, *(["--once"] if command == "work" else [])))
        assert (code, "is damaged" in sentence, "restore the newest back-up" in sentence) == (3, True, True), sentence


def test_a_refused_restore_leaves_no_keys_behind(house: House, tmp_path: Path) -> None:
    house.must("backup-keys", str(tmp_path / "keys.tar.gz"))
    (tmp_path / "saved.tar.gz").write_bytes(b"no back-up")
    copy = House(tmp_path / "copy", tmp_path / "copied-keys")
    words = ("--data", str(copy.data), "--keys", str(tmp_path / "keys.tar.gz"))

    code, _ = refusal(copy.run("restore", str(tmp_path / "saved.tar.gz"), *words))

    assert (code, copy.data.exists(), copy.keys.exists()) == (1, False, False)
