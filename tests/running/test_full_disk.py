"""A disk that is really full: every page says so, nothing is half done, and all goes on when there is room again."""

import errno
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from bench import crowd
from django.db import OperationalError
from tests.running.conftest import House, refusal
from tests.running.servers import family
from tests.running.test_hardship import with_room_for
from tests.running.test_no_vote_is_lost import started

from withus.core.errors import is_full

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits of another process are Linux' own")
WORDS = "Open the kitchen at night, canary"
STATEMENTS = (
    f"from withus.deliberation.models import Statement; print(Statement.objects.filter(text={WORDS!r}).count())"
)


class Limit:
    """The system refuses every write of the server's, as a quota that is used up does."""

    def __init__(self, house: House) -> None:
        self.house, self.server = house, 0
        house.more["PYTHONDONTWRITEBYTECODE"] = "1"  # Python keeps what it could write of a file, cut off

    def fill(self) -> None:
        """No file takes anything more."""
        self._allow(1)

    def free(self) -> None:
        """There is room again."""
        self._allow(resource.RLIM_INFINITY)

    def _allow(self, most: int) -> None:
        for one in family(self.server):
            resource.prlimit(one, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


class Small(Limit):
    """The house lies on a file system of its own, with a few megabytes."""

    @property
    def weight(self) -> Path:
        """What fills it."""
        return self.house.data / "weight"

    def fill(self) -> None:
        """Writes until the system says that it is full."""
        with self.weight.open("wb", buffering=0) as file:
            for size in (65536, 4096, 1):
                with suppress(OSError):
                    while True:
                        file.write(b"x" * size)
        assert shutil.disk_usage(self.house.data).free == 0

    def free(self) -> None:
        """Takes the weight away."""
        self.weight.unlink()


@pytest.fixture
def small(house: House, tmp_path: Path) -> Iterator[House]:
    """A demo house on a file system of its own; skips where nobody may mount one."""
    place = tmp_path / "small"
    place.mkdir()
    size = sum(path.stat().st_size for path in house.data.rglob("*")) + 12_000_000
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount a file system")
    try:
        shutil.copytree(house.data, place / "data")
        house.data = place / "data"
        yield house
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture(params=[Limit, Small])
def disk(request: pytest.FixtureRequest) -> Limit:
    """A house whose disk can be filled and freed."""
    kind: type[Limit] = request.param
    return kind(request.getfixturevalue("house" if kind is Limit else "small"))


def test_what_cannot_be_saved_is_said_and_all_goes_on_when_there_is_room(disk: Limit) -> None:
    house = disk.house
    people = crowd.prepared(house.python, voters=1, cards=1)
    first, second = people.statements[:2]
    server, port = started(house, WITHUS_PROCESSES="1")
    disk.server = server.pid
    try:
        ana = crowd.Browser(port, people.voters[0]["cookie"])
        assert ana.vote(first, 1)

        disk.fill()
        status, page = ana.post(f"/processes/{crowd.PROCESS}/vote", statement=second, value="1")
        assert (status, "Nothing was saved" in page) == (503, True)
        status, page = ana.post(f"/processes/{crowd.PROCESS}/propose", text=WORDS, language="en")
        assert (status, "Nothing was saved" in page, f"{WORDS}</textarea>" in page) == (503, True, True)
        assert crowd.Browser(port).join(people.cards[0], tries=1) is False
        for address in (
            "/",
            f"/processes/{crowd.PROCESS}/",
            f"/processes/{crowd.PROCESS}/my-votes",
            "/log/",
            "/healthz",
        ):
            assert ana.get(address)[0] == 200, address

        disk.free()
        assert ana.vote(second, -1)
        assert ana.post(f"/processes/{crowd.PROCESS}/propose", text=WORDS, language="en")[0] == 303
        assert crowd.Browser(port).join(people.cards[0])
    finally:
        server.terminate()
        _, complaints = server.communicate(timeout=30)
    tie = people.voters[0]["tie"]
    assert {at: value for at, value in crowd.stored(house.python).items() if at[0] == tie} == {
        (tie, first): 1,
        (tie, second): -1,
    }
    assert house.python(STATEMENTS) == "1\n"
    house.must("work", "--once")
    assert house.log()["ok"]
    assert WORDS not in complaints
    assert "Traceback" not in complaints


def test_check_and_readyz_see_a_full_disk(small: House) -> None:
    disk = Small(small)
    server, port = started(small, WITHUS_PROCESSES="1")
    disk.server = server.pid
    try:
        disk.fill()
        done = small.run("check")
        assert done.returncode == 1
        assert [line for line in done.stdout.splitlines() if line.startswith("BAD disk: 0.0 GB of ")] != []
        assert "ok  log" in done.stdout
        assert crowd.Browser(port).get("/readyz")[0] == 503
    finally:
        server.terminate()
        server.communicate(timeout=30)
    done = small.run("check")  # nobody serves: SQLite has no room for what it needs even to read
    assert (done.returncode, done.stderr) == (1, "")
    assert "BAD disk: 0.0 GB of " in done.stdout


def test_a_back_up_that_finds_no_room_leaves_nothing_and_says_so(house: House, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    for most in (10_000, 300_000, 1_000_000):
        code, sentence = refusal(with_room_for(house, most, "backup", str(there / "saved.tar.gz")))
        assert code == 3
        assert "the disk" in sentence
        assert list(there.iterdir()) == []


def test_a_back_up_onto_the_full_disk_itself_leaves_nothing(small: House) -> None:
    disk = Small(small)
    server, _ = started(small, WITHUS_PROCESSES="1")
    try:
        disk.fill()
        before = {path for path in small.data.rglob("*") if not path.name.endswith(".lock")}
        code, sentence = refusal(small.run("backup", str(small.data / "saved.tar.gz")))
        assert (code, "check the disk" in sentence) == (3, True)
        assert {path for path in small.data.rglob("*") if not path.name.endswith(".lock")} == before
        disk.free()
        assert "bytes" in small.must("backup", str(small.data.parent / "saved.tar.gz"))
    finally:
        server.terminate()
        server.communicate(timeout=30)


class DiskFull(Exception):
    """As psycopg says it."""

    sqlstate = "53100"


@pytest.mark.parametrize(
    ("cause", "full"),
    [
        (DiskFull(), True),
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), True),
        (OSError(errno.EACCES, "Permission denied"), False),
        (ValueError("disk full"), False),
    ],
)
def test_a_full_disk_is_known_by_its_code_and_not_by_its_words(cause: Exception, full: bool) -> None:
    wrapped = OperationalError("somebody's words")
    wrapped.__cause__ = cause
    assert is_full(wrapped) is full
    assert is_full(cause) is full
