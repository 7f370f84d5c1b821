"""Eight people vote without pause while newcomers join and the power goes: whatever was answered as taken is there."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path

import pytest
from bench import crowd
from tests.running.conftest import SOW, House
from tests.running.servers import family, free_port

IS_SOAK = os.environ.get("WITHUS_SOAK") == "yes"
SECONDS, NEWCOMERS_A_SECOND, KILLS = (5.0, 10, 40) if IS_SOAK else (4.0, 5, 2)
CROWD_AT_ONCE = 200 if IS_SOAK else 24
CUT = (OSError, HTTPException)  # what a connection to a killed server ends with
ACCOUNTS = "from withus.people.models import Account; print(Account.objects.count())"


@pytest.fixture(params=["sqlite", "postgresql"])
def lively(request: pytest.FixtureRequest, tmp_path: Path) -> House:
    """A demo house on each database."""
    if request.param == "sqlite":
        return request.getfixturevalue("house")  # type: ignore[no-any-return]
    new_postgres: Callable[[], str] = request.getfixturevalue("new_postgres")
    house = House(tmp_path / "data", tmp_path / "keys", new_postgres())
    house.python(SOW)
    return house


def started(house: House, **more: str) -> tuple[subprocess.Popen[str], int]:
    """A server on the house, ready."""
    port = free_port()
    server = house.start("up", "--demo", "--port", str(port), **more)
    assert server.stdout is not None
    for line in server.stdout:
        if "ready" in line:
            return server, port
    raise AssertionError(server.communicate()[1])


class Load:
    """People voting and joining until told to stop; remembers what was answered, and what was still under way."""

    def __init__(self, people: crowd.Crowd) -> None:
        self.port, self.people, self.stop = 0, people, threading.Event()
        self.taken: dict[tuple[str, str], int] = {}
        self.open: dict[tuple[str, str], int] = {}
        self.answered = self.came = 0
        self.joined: list[bool] = []

    def votes(self, voter: dict[str, str]) -> None:
        browser, number = crowd.Browser(self.port, voter["cookie"]), 0
        while not self.stop.is_set():
            number += 1
            statement = self.people.statements[number % len(self.people.statements)]
            at, value = (voter["tie"], statement), (number // 7) % 3 - 1
            self.open[at] = value
            try:
                if browser.vote(statement, value):
                    self.taken[at] = value
                    self.answered += 1
                    del self.open[at]
            except CUT:
                return

    def joins(self, card: str) -> None:
        with suppress(*CUT):
            self.joined.append(crowd.Browser(self.port).join(card))

    def newcomers(self, cards: list[str]) -> None:
        """One after another, each with a browser of her own, whether those before are in or not."""
        threads = []
        for card in cards:
            if self.stop.wait(1 / NEWCOMERS_A_SECOND):
                break
            threads.append(threading.Thread(target=self.joins, args=(card,)))
            threads[-1].start()
            self.came += 1
        for thread in threads:
            thread.join(60)

    def run(self, port: int, cards: list[str], end: Callable[[], None]) -> None:
        """Everybody at once for some seconds; `end` comes in the middle of it."""
        self.port = port
        self.stop.clear()
        threads = [threading.Thread(target=self.votes, args=(voter,)) for voter in self.people.voters]
        threads.append(threading.Thread(target=self.newcomers, args=(cards,)))
        for thread in threads:
            thread.start()
        time.sleep(SECONDS)
        end()
        self.stop.set()
        for thread in threads:
            thread.join(60)


def kill(server: subprocess.Popen[str]) -> None:
    """No process of the server's gets to say a last word."""
    for one in family(server.pid):
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
    server.wait(30)


def test_what_was_answered_as_taken_survives_kill_9(lively: House, capsys: pytest.CaptureFixture[str]) -> None:
    each = int(SECONDS * NEWCOMERS_A_SECOND) + 5
    people = crowd.prepared(lively.python, voters=8, cards=each * KILLS)
    before, load = int(lively.python(ACCOUNTS)), Load(people)
    for turn in range(KILLS):
        server, port = started(lively)
        load.run(port, people.cards[turn * each :][:each], lambda server=server: kill(server))
        stored = crowd.stored(lively.python)
        for at, value in load.taken.items():
            may_be = {value, load.open.get(at, value)}  # what was under way may be there or not, but nothing else
            assert stored.get(at) in may_be, (at, value, stored.get(at))
        load.taken, load.open = {at: stored[at] for at in load.taken}, {}
    new = int(lively.python(ACCOUNTS)) - before
    with capsys.disabled():
        print(
            f"\n{KILLS} kills: {load.answered} votes answered and none lost; "
            f"{load.came} newcomers came, {sum(load.joined)} were let in and {new} are there, "
            f"{len(load.joined) - sum(load.joined)} refused"
        )
    assert load.answered > 50 * KILLS
    assert all(load.joined)
    assert sum(load.joined) >= KILLS  # how many of those who come are in when the power goes is the machine's speed
    assert new >= sum(load.joined)
    assert lively.log()["ok"]


def test_a_crowd_of_newcomers_at_once_is_let_in_whole(lively: House, capsys: pytest.CaptureFixture[str]) -> None:
    people = crowd.prepared(lively.python, voters=0, cards=CROWD_AT_ONCE)
    server, port = started(lively)
    came: list[bool] = []
    took: list[float] = []

    def comes(card: str) -> None:
        begun = time.monotonic()
        came.append(crowd.Browser(port).join(card))
        took.append(time.monotonic() - begun)

    threads = [threading.Thread(target=comes, args=(card,)) for card in people.cards]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    server.terminate()
    server.wait(30)
    with capsys.disabled():
        print(f"\n{len(came)} newcomers at once: {sum(came)} let in, the last after {max(took):.1f} s")
    assert came == [True] * CROWD_AT_ONCE


def test_nobody_votes_as_another_or_reads_her_votes(house: House) -> None:
    people = crowd.prepared(house.python, voters=2, cards=0)
    ana, bo = people.voters
    server, port = started(house)
    statement = people.statements[0]
    assert crowd.Browser(port, ana["cookie"]).vote(statement, 1)
    bent = ana["cookie"][:-8] + bo["cookie"][-8:]
    assert not crowd.Browser(port, bent).vote(statement, -1)
    status, page = crowd.Browser(port, bo["cookie"]).post(f"/processes/{crowd.PROCESS}/my-votes")
    server.terminate()
    server.wait(30)
    assert status == 200
    assert statement not in page
    assert crowd.stored(house.python) == {(ana["tie"], statement): 1}
