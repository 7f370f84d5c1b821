"""Several processes at once, and some of them killed: no gap, no fork, no half file."""

import os
import random
import time
from pathlib import Path

import pytest
from tests.public_log.instance import instance

from withus.compute import verifier

APPEND = """
from django.db import transaction
from tests.public_log.writing import enter
for number in range({count}):
    with transaction.atomic():
        enter(subject=f"{name}{{number}}")
        if number % 7 == 3:
            transaction.set_rollback(True)
"""
PUBLISH = """
from withus.core import locks
from withus.public_log import publish
for _ in range({count}):
    try:
        publish.publish()
    except locks.Taken:
        pass
"""
WORK = """
from django.db import transaction
from tests.public_log.writing import enter
from withus.public_log import publish
print("ready", flush=True)
while True:
    with transaction.atomic():
        enter(37)
    publish.publish()
"""
VERIFY = "from withus.public_log import verify; print(verify.own_log().as_json())"
KEY = "from withus.public_log import queries; print(queries.public_key())"
KILLS = 40 if os.environ.get("WITHUS_SOAK") else 4


def test_four_writers_and_two_publishers_leave_no_gap_and_one_history(tmp_path: Path) -> None:
    with instance(tmp_path) as own:
        own.run(APPEND.format(count=1, name="FIRST"))
        processes = [own.start(APPEND.format(count=70, name=f"W{number}N")) for number in range(4)]
        processes += [own.start(PUBLISH.format(count=60)) for _ in range(2)]
        for process in processes:
            process.communicate(timeout=120)
        assert [process.returncode for process in processes] == [0] * 6
        own.run(PUBLISH.format(count=1))
        found = own.run(VERIFY)
        assert '"ok": true, "size": 242' in found, found
        key = verifier.read_key(own.run(KEY))
        result = verifier.check_log(verifier.Folder(own.data / "log"), key)
        assert (result.errors, result.size) == ([], 242)


def test_a_killed_publisher_never_shows_half_a_log(tmp_path: Path) -> None:
    chance = random.Random(7)
    with instance(tmp_path) as own:
        own.run(APPEND.format(count=1, name="FIRST"))
        key = verifier.read_key(own.run(KEY))
        for _ in range(KILLS):
            process = own.start(WORK)
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(chance.uniform(0.05, 0.6))
            process.kill()
            process.communicate()
            if (own.data / "log" / "checkpoint").exists():
                assert verifier.check_log(verifier.Folder(own.data / "log"), key).errors == []
            own.run(PUBLISH.format(count=1))
            assert verifier.check_log(verifier.Folder(own.data / "log"), key).errors == []
        assert '"ok": true' in own.run(VERIFY)


def test_an_old_back_up_that_comes_back_is_noticed(tmp_path: Path) -> None:
    with instance(tmp_path) as own:
        if own.surroundings["WITHUS_DATABASE"]:
            pytest.skip("the file of SQLite is copied back; the same on PostgreSQL is tested in test_publish")
        own.run(APPEND.format(count=5, name="A") + PUBLISH.format(count=1))
        database = own.data / "withus.sqlite3"
        old = database.read_bytes()
        own.run(APPEND.format(count=5, name="B") + PUBLISH.format(count=1))
        for ending in ("", "-wal", "-shm"):
            database.with_name(database.name + ending).unlink(missing_ok=True)
        database.write_bytes(old)
        refused = "from withus.public_log import verify\nprint(verify.problems())"
        assert "has signed 9 entries, and the database holds 5" in own.run(refused)
        append = own.start(APPEND.format(count=1, name="C"))
        append.communicate()
        assert append.returncode != 0
