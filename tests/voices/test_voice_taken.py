"""A voice on a running server: who takes files, database, its write-ahead log, processes and back-up finds no word."""

import http.client
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from tests.running.conftest import House, new_postgres
from tests.running.servers import free_port
from tests.running.test_traces import FROM, SENT
from tests.voices import files
from tests.voices.scene import send, set_up
from tests.voices.test_seizure import everything_in, grouped
from withus.voices.models import Voice

__all__ = ["new_postgres"]
pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads /proc")
OPENS = """
import sys
from withus.core import receipts
from withus.people.models import Session
from withus.people.queries import public_actor
from withus.voices import queries
from withus.voices.models import Envelope
receipt, account, key = sys.argv[1:]
actor = public_actor(Session.objects.filter(account=account).first().digest)
mine = queries.public_found(receipt, receipts.open_with(receipt))
read = queries.opened(actor, Envelope.objects.get(), bytes.fromhex(key))
print([bool(mine), bool(read)])
"""


class Reporter:
    """A browser without an account that says a lot about itself; it keeps the cookies of its visit."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies = port, dict[str, str]()

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None, photo: bytes = b"") -> tuple[int, str]:
        """Sends a form as browsers do, or asks for a page; returns status and page."""
        mark, pieces = uuid4().hex, list[bytes]()
        for name, value in (fields or {}).items():
            pieces.append(f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
        if photo:
            head = f'form-data; name="photos"; filename="{files.CANARY}.jpg"\r\nContent-Type: image/jpeg'
            pieces.append(f"--{mark}\r\nContent-Disposition: {head}\r\n\r\n".encode() + photo + b"\r\n")
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = SENT | {"Sec-Fetch-Site": "same-origin", "Cookie": cookies}
        if method == "POST":
            headers["Content-Type"] = f"multipart/form-data; boundary={mark}"
        body = b"".join([*pieces, f"--{mark}--\r\n".encode()]) if pieces else None
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60, source_address=(FROM, 0))) as line:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            page = answer.read().decode()
        for given in answer.headers.get_all("Set-Cookie", []):
            name, _, value = given.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, page

    def send(self, said: dict[str, str], photo: bytes) -> str:
        """Sends a voice; returns its receipt."""
        slip = re.search(r'name="slip" value="([^"]+)"', self.ask("GET", "/voices/new")[1])
        assert slip
        time.sleep(3.2)  # a form that comes back sooner is a program's
        form = {"kind": "problem", "excluded": "", "website": "", "slip": slip[1], **said}
        status, page = self.ask("POST", "/voices/new", form, photo)
        assert status == 303, re.sub(r"<[^>]+>|\s+", " ", page.partition("<main")[2])[:1500]
        shown = self.ask("GET", "/voices/receipt")[1].partition('id="receipt"')[2]
        return "".join(re.findall(r"<span>([0-9A-Z]{4})</span>", shown))


def all_below(process: int) -> list[int]:
    """A process and all that any of its threads started: workers are started by those that answer requests."""
    try:
        threads = list(Path(f"/proc/{process}/task").glob("*/children"))
        children = [int(one) for thread in threads for one in thread.read_text().split()]
    except OSError:
        return []
    return [process, *(below for one in children for below in all_below(one))]


def watch(process: int, temp: Path, seen: set[bytes], stop: threading.Event) -> None:
    """Collects arguments and surroundings of a process and all that it starts, and temporary files, again and again."""
    while not stop.wait(0.01):
        about = [Path(f"/proc/{one}/{part}") for one in all_below(process) for part in ("cmdline", "environ")]
        for one in (*about, *temp.rglob("*")):
            try:
                seen.add(one.read_bytes())
            except OSError:  # it has ended, is a folder, or nobody may look
                continue


def of_postgresql(since: str) -> Iterator[tuple[str, bytes]]:
    """The database's files, and what was written to the write-ahead log since then, as a superuser reads them."""
    read = "SELECT pg_read_binary_file(%s, 0, size, true) FROM pg_stat_file(%s, true) WHERE size > 0"
    with connection.cursor() as cursor:
        written = "SELECT 'pg_wal/' || name FROM pg_ls_waldir() WHERE modification >= %s::timestamptz"
        cursor.execute(written, [since])  # before the checkpoint, which clears away
        log = [name for (name,) in cursor.fetchall()]
        cursor.execute("SELECT 'base/' || oid FROM pg_database WHERE datname = current_database()")
        ((folder,),) = cursor.fetchall()
        cursor.execute("SELECT %s || '/' || name FROM pg_ls_dir(%s) AS name", [folder, folder])
        tables = [name for (name,) in cursor.fetchall()]
        for name in (*log, "", *tables):
            cursor.execute(*((read, [name, name]) if name else ("CHECKPOINT", None)))
            yield from ((name, bytes(content)) for (content,) in (cursor.fetchall() if name else ()) if content)


def found_in(contents: Iterable[tuple[object, bytes]], words: list[bytes]) -> set[tuple[str, bytes]]:
    """Which of these words stand in any of these, and where."""
    return {(str(name), word) for name, content in contents for word in words if word in content}


def started(house: House) -> tuple[subprocess.Popen[str], int]:
    """A server on the house, ready."""
    server = house.start("up", "--port", str(port := free_port()))
    assert server.stdout is not None
    for line in server.stdout:
        if "ready" in line:
            return server, port
    raise AssertionError(server.communicate()[1])


@pytest.fixture
def taken(own_database: None, home: Path) -> House:
    """The house of this test's own database, which is on SQLite or on PostgreSQL as the run is."""
    (home / "temp").mkdir()
    settings, more = connection.settings_dict, {"TMPDIR": str(home / "temp")}
    if connection.vendor == "sqlite":
        return House(home / "data", home / "keys", f"sqlite:///{settings['NAME']}", more)
    where = f"{settings['USER']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
    return House(home / "data", home / "keys", f"postgresql://{where}", more)


def restored(house: House, saved: Path, request: pytest.FixtureRequest) -> House:
    """Another house from a back-up, with a copy of the keys."""
    database = "" if connection.vendor == "sqlite" else request.getfixturevalue("new_postgres")()
    again = House(saved.parent / "again", saved.parent / "keys-again", database)
    shutil.copytree(house.keys, again.keys)
    again.must("restore", str(saved), "--data", str(again.data))
    return again


def test_of_a_voice_on_a_running_server_nothing_is_found(taken: House, home: Path) -> None:
    scene, postgres = set_up(), connection.vendor == "postgresql"
    letters = uuid4().hex.translate(str.maketrans("0123456789", "ghijklmnop"))  # new: nothing of earlier runs
    said = {one: f"canary{one}{letters}" for one in ("text", "topic", "area")}
    with connection.cursor() as cursor:
        cursor.execute("SELECT CURRENT_TIMESTAMP")
        since = str(cursor.fetchone()[0])
    connection.close()
    server, port = started(taken)
    stop, seen = threading.Event(), set[bytes]()
    watching = threading.Thread(target=watch, args=(server.pid, home / "temp", seen, stop))
    watching.start()
    try:
        there, back = Reporter(port), Reporter(port)
        receipt = there.send(said | {"audience": scene.peers.code}, files.photo())
        words = [one.encode() for one in (*said.values(), receipt, *grouped(receipt), files.CANARY)]
        assert back.ask("POST", "/voices/return", {"receipt": receipt})[0] == 303
        assert said["text"] in back.ask("GET", "/voices/return")[1]
        words += [one.encode() for one in (FROM, *SENT.values())]
        words += [value.encode() for one in (there, back) for value in one.cookies.values() if len(value) > 20]
        assert all(one.cookies for one in (there, back))
        on_disk = [*everything_in(home)]
        code = Voice.objects.get().code
        Voice.objects.update(code=code)  # so that a write-ahead log that was just emptied holds a row again
        on_disk += [*everything_in(home), *(of_postgresql(since) if postgres else ())]
        if not postgres:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint")
            on_disk += everything_in(home)
    finally:
        stop.set()
        watching.join()
        for one in all_below(server.pid):
            os.kill(one, signal.SIGKILL)
        printed = "\n".join(server.communicate(timeout=30)).encode()
    assert found_in(on_disk, words) == set()
    places = {Path(name).parts[0 if postgres else -1] for name, _ in found_in(on_disk, [code.encode()])}
    wanted = {"base", "pg_wal"} if postgres else {"races.sqlite3", "races.sqlite3-wal"}
    assert places & wanted == wanted, "what stands there in clear is found"
    assert found_in((("", one) for one in (*seen, printed)), words) == set()
    assert any(b"worker.py" in one for one in seen), "the worker was seen at its work"


@pytest.mark.usefixtures("true_argon2")
def test_a_back_up_restored_without_the_keys_of_weeks_shows_nothing(
    taken: House, home: Path, request: pytest.FixtureRequest
) -> None:
    scene, saved = set_up(), home / "saved.tar.gz"
    said = {one: f"canary{one}ofthebackup" for one in ("text", "topic", "area")}
    receipt, code = send(scene, Client(), **said), Voice.objects.get().code
    connection.close()
    taken.must("backup", str(saved))
    inside = [one for one in everything_in(home) if saved in one[0].parents]
    assert found_in(inside, [one.encode() for one in (*said.values(), receipt, *grouped(receipt))]) == set()
    assert found_in(inside, [code.encode()]), "the voice is in it"
    again = restored(taken, saved, request)
    who = (receipt, str(scene.edi.account.pk), scene.edi.key.hex())
    assert again.python(OPENS, *who).split("\n")[-2] == "[True, True]", "with the key of its week it opens"
    for key in again.keys.glob("week-*.key"):
        key.unlink()
    assert again.python(OPENS, *who).split("\n")[-2] == "[False, False]", "without it, it never does"
