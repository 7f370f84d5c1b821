"""Who takes the machine while it runs finds nobody: no address, no browser, no secret, nothing that was erased."""

import os
import re
import signal
import socket
import sqlite3
import sys
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from bench import crowd
from tests.running.conftest import House
from tests.running.servers import everything, family
from tests.running.test_no_vote_is_lost import started

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
FROM = "127.44.55.66"
SENT = {
    "User-Agent": "CanaryBrowser/9.9",
    "X-Forwarded-For": "203.0.113.77",
    "X-Real-IP": "203.0.113.78",
    "Forwarded": "for=203.0.113.79",
    "Referer": "http://canary-came-from.example/",
    "X-Canary": "canary-header",
}
VISIT = {FROM, *SENT.values(), "canary-path", "canary-query", "canary-form", "canary-malformed", "canary-host"}
SAID, BROKEN = "The canary kitchen should open at night", "What the canary said when the table was gone"
WRONG = "canary words that nobody gave out"


class Traced(HTTPConnection):
    """A browser that says a lot about itself, from an address of its own."""

    def __init__(self, port: int) -> None:
        super().__init__("127.0.0.1", port, timeout=30, source_address=(FROM, 0))

    def request(self, method: str, url: str, body: Any = None, headers: Any = (), **more: Any) -> None:
        """Sends all that says who she is with each request."""
        super().request(method, url, body, {**dict(headers), **SENT}, **more)


def browser(port: int) -> crowd.Browser:
    """A new browser of hers."""
    return crowd.Browser(port, connection=Traced(port))


def raw(port: int, request: bytes) -> bytes:
    """Sends bytes from her address."""
    with socket.create_connection(("127.0.0.1", port), timeout=10, source_address=(FROM, 0)) as connection:
        connection.sendall(request)
        return everything(connection)


def joined(port: int, card: str) -> tuple[crowd.Browser, str, str]:
    """Somebody new with a card: her browser, pseudonym and passphrase."""
    newcomer = browser(port)
    _, page = newcomer.post("/join", code=card)
    shown = re.findall(r'<(?:p|ol) class="secret-(?:groups|words)"[^>]*>(.*?)</(?:p|ol)>', page)
    name, words = (re.findall(r"<(?:span|li)>([^<]+)<", one) for one in shown)
    for step in ("check", "skip"):
        status, page = newcomer.post("/join", **crowd._hidden(page), step=step)
    assert status == 303
    return newcomer, "-".join(name), " ".join(words)


def in_files(folder: Path, canaries: set[str]) -> set[str]:
    """The canaries that stand anywhere below a folder, in a file or in its name."""
    paths = list(folder.rglob("*"))
    read = b"\n".join([*(str(path).encode() for path in paths), *(one.read_bytes() for one in paths if one.is_file())])
    return {one for one in canaries if one.encode() in read or quote_plus(one).encode() in read}


def in_processes(processes: list[int], canaries: set[str]) -> set[str]:
    """The canaries in the arguments and surroundings of processes."""
    read = b"".join(Path(f"/proc/{one}/{part}").read_bytes() for one in processes for part in ("cmdline", "environ"))
    return {one for one in canaries if one.encode() in read}


def table(house: House, old: str, new: str) -> None:
    """Gives a table another name, so that what needs it breaks."""
    with sqlite3.connect(house.data / "withus.sqlite3") as connection:
        connection.execute(f"ALTER TABLE {old} RENAME TO {new}")
    connection.close()


def test_nothing_that_is_kept_says_who_was_here(house: House) -> None:
    people = crowd.prepared(house.python, voters=0, cards=2)
    card, talk = people.cards[0], f"/processes/{crowd.PROCESS}"
    server, port = started(house)
    try:
        ana, pseudonym, passphrase = joined(port, card)
        cookies = {ana.cookie}
        assert ana.vote(people.statements[0], 1)
        assert ana.post(f"{talk}/propose", text=SAID, language="en")[0] == 303
        assert ana.post("/sign-out")[0] == 303

        assert browser(port).post("/sign-in", pseudonym=pseudonym, passphrase=WRONG)[0] == 200
        again = browser(port)
        assert again.post("/sign-in", pseudonym=pseudonym, passphrase=passphrase)[0] == 303
        cookies.add(again.cookie)
        assert again.get("/canary-path?q=canary-query")[0] == 404
        assert again.post("/canary-path", text="canary-form")[0] == 404
        assert raw(port, b"canary-malformed\r\n\r\n").startswith(b"HTTP/1.1 400")
        assert b" 400 " in raw(port, b"GET / HTTP/1.1\r\nHost: canary-host\r\nConnection: close\r\n\r\n")[:20]
        table(house, "withus_log_opening", "elsewhere")
        assert again.post(f"{talk}/propose", text=BROKEN, language="en")[0] == 500
        table(house, "elsewhere", "withus_log_opening")

        assert in_files(house.data, {SAID, pseudonym}) == {SAID, pseudonym}  # as long as she is here
        assert again.post("/me/leave", stays="no")[0] == 200

        visit = VISIT | {passphrase, WRONG, BROKEN, card, "-".join(re.findall("....", card))} | cookies
        erased = {SAID, pseudonym}
        assert in_files(house.data, visit | erased) == set()
        assert in_files(house.keys, visit | erased) == set()
        assert in_processes(family(server.pid), visit | erased) == set()
    finally:
        for one in family(server.pid):
            os.kill(one, signal.SIGKILL)
        said = "\n".join(server.communicate(timeout=30))
    assert "OperationalError at " in said  # the operator learns what broke, and where
    assert {one for one in visit | erased if one in said} == set()
    assert house.log()["ok"]


def test_nothing_in_deploy_keeps_a_record_of_visits() -> None:
    caddy = re.sub(r"#.*", "", Path("deploy/Caddyfile").read_text())
    assert re.findall(r"\blog\s*\{\s*(.*?)\s*\}", caddy) == ["output discard"]
    assert "header_up -X-Forwarded-For" in caddy
    assert re.findall(r"^Log .*$", Path("deploy/torrc").read_text(), re.MULTILINE) == ["Log err syslog"]
