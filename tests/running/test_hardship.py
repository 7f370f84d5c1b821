"""No room, no power, no patience: a sentence each time, and nothing half done."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.running.conftest import SOW, House, refusal
from tests.running.test_commands import ready, stopped

LIMITED = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}))
from withus.cli import main
main({words!r})
"""


def with_room_for(house: House, most: int, *words: str) -> "subprocess.CompletedProcess[str]":
    """Runs a command on a disk that takes no file larger than `most` bytes."""
    code = LIMITED.format(most=most, words=list(words))
    around = house.environment(PYTHONDONTWRITEBYTECODE="1")  # Python keeps what it could write of a file, cut off
    return subprocess.run([sys.executable, "-c", code], env=around, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("most", [20_000, pytest.param(300_000, marks=pytest.mark.soak), 2_000_000])
def test_a_demo_that_finds_no_room_says_so_and_starts_when_there_is_some(empty: House, most: int) -> None:
    code, sentence = refusal(with_room_for(empty, most, "up", "--demo", "--port", "0"))
    assert code == 3
    assert "disk" in sentence

    server = empty.start("up", "--demo", "--port", "0", "--no-work")
    ready(server)
    assert stopped(server) == (0, "")
    assert len(json.loads(empty.must("demo", "--json"))) == 9
    assert empty.log()["ok"]


def test_a_house_without_room_loses_nothing_that_was_accepted(house: House) -> None:
    before = house.log()
    done = with_room_for(house, 100_000, "steward-add")

    assert done.returncode in {0, 3}  # a small entry may still fit
    assert len(done.stderr.splitlines()) == (1 if done.returncode else 0)
    assert house.log()["size"] == before["size"] + (done.returncode == 0)
    assert house.log()["ok"]


def test_a_copy_that_finds_no_room_keeps_nothing(house: House, tmp_path: Path) -> None:
    there = f"sqlite:///{tmp_path / 'there.sqlite3'}"

    code, sentence = refusal(with_room_for(house, 1_000_000, "copy-to", there))
    assert code == 3
    assert "disk" in sentence

    assert "Copied and compared" in house.must("copy-to", there)


def test_a_demo_that_is_killed_while_it_is_made_is_made_by_the_next_start(empty: House) -> None:
    code = f"import django; django.setup()\nprint('begun', flush=True)\n{SOW}"
    environment = {"DJANGO_SETTINGS_MODULE": "withus.settings", **empty.environment()}
    for moment in (0.2, 0.6, 1.0):
        process = subprocess.Popen(
            [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()

    server = empty.start("up", "--demo", "--port", "0", "--no-work")
    ready(server)
    assert stopped(server) == (0, "")
    assert empty.log()["ok"]
    assert len(json.loads(empty.must("demo", "--json"))) == 9


def test_a_start_that_is_stopped_midway_ends_cleanly(empty: House) -> None:
    for moment in (0.3, 0.8, 1.3):
        server = empty.start("up", "--demo", "--port", "0", "--no-work")
        time.sleep(moment)
        assert stopped(server) in {(0, ""), (-signal.SIGTERM, "")}  # before it could listen, the system ends it
