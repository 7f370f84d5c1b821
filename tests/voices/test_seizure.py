"""Whoever takes the machine, its back-ups, logs and temporary files finds no word of anybody, and no receipt."""

import base64
import logging
import re
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from tests import make
from tests.voices import files
from tests.voices.full_run import AGREED, KIND, Run, Watch, addresses
from tests.voices.scene import come_back, only, send, set_up
from tests.voices.slips import enter, printed
from withus.core import buckets, clock, keys
from withus.policy.facts import Role
from withus.running import backup, work
from withus.voices import carried, queries
from withus.voices.assisted.models import BlankSlip
from withus.voices.models import Envelope, Turn, Voice

pytestmark = pytest.mark.usefixtures("own_database")
KEYS = re.compile(
    r"(cookie|visit)(\.before)?\.key|(receipts|draft|answers|letters|witness|log(-[0-9a-f]{8})?)\.key"
    r"|week-\d{4}-W\d\d\.key|anchor-[0-9a-f]{16}|(log|witness)\.policy"
)
BESIDE = re.compile(r'(INSERT INTO|UPDATE) "withus_(voice|turn|envelope|enclosure|sentform|opening|source|blankslip)"')


@pytest.fixture
def temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of this test's own, in what is searched."""
    (tmp_path / "temp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    return tmp_path / "temp"


@dataclass
class Heard:
    """What loggers say, of whatever level: the database's statements, and all else."""

    said: list[str]
    statements: list[str]


@pytest.fixture
def heard() -> Iterator[Heard]:
    """All that any logger says, also the database's statements."""
    found = Heard([], [])

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            where = found.statements if record.name == "django.db.backends" else found.said
            where.append(f"{record.name} {record.getMessage()} {record.exc_info}")

    ear, loggers = Ear(), [logging.getLogger(name) for name in ("", "django", "django.db.backends", "withus")]
    before = [one.level for one in loggers]
    for one in loggers:
        one.addHandler(ear)
        one.setLevel(logging.DEBUG)
    connection.force_debug_cursor = True
    yield found
    connection.force_debug_cursor = False
    for one, level in zip(loggers, before, strict=True):
        one.removeHandler(ear)
        one.setLevel(level)


def spelled(secret: bytes) -> list[bytes]:
    """A secret's bytes, as they may lie in a file."""
    kinds = (base64.b64encode(secret)[:40], base64.urlsafe_b64encode(secret)[:40], repr(secret)[2:-1].encode())
    return [secret, secret.hex().encode(), secret.hex().upper().encode(), *kinds]


def everything_in(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file below, with those inside of archives."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield path, path.read_bytes()
            if tarfile.is_tarfile(path):
                with tarfile.open(path) as archive:
                    for one in archive:
                        inside = archive.extractfile(one)
                        yield path / one.name, inside.read() if inside else b""


def grouped(receipt: str) -> list[str]:
    """A receipt in its groups, as it is shown and as it is typed."""
    groups = re.findall("....", receipt)
    return [mark.join(groups) for mark in (" ", "-", "</span> <span>", "</span><span>")]


def rows() -> bytes:
    """Every field of every row, whatever the database."""
    return b" ".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for model in apps.get_app_config("withus").get_models()
        for row in model._default_manager.values_list()
        for value in row
    )


def looked_at(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Each file below, when it was changed, and what is in it."""
    return {str(one): (one.stat().st_mtime_ns, one.read_bytes()) for one in folder.rglob("*") if one.is_file()}


def in_clear(run: Run, home: Path, heard: Heard, capfd: pytest.CaptureFixture[str]) -> list[tuple[str, bytes]]:
    """Where a word or a secret of the run is found that must not be there."""
    printed = "".join(capfd.readouterr()).encode()
    said, statements = ("\n".join(part).encode() for part in (heard.said, heard.statements))
    assert b"INSERT INTO" in statements, "statements are heard"
    words = {one.encode() for one in (*run.words, *run.watch.secrets, files.CANARY)}
    words |= {one for word in run.words for one in map(str.encode, grouped(word)) if len(word) == 16}
    words |= {one for secret in run.secrets for one in spelled(secret)}
    names = "\n".join(str(one.relative_to(home)) for one in home.rglob("*")).encode()
    everywhere = [*everything_in(home), ("rows", rows()), ("statements", statements), ("names", names)]
    aloud = [("logs", said), ("printed", printed)]
    found = [(str(where), one) for where, content in [*everywhere, *aloud] for one in words if one in content]
    hidden = [one.encode() for one in (KIND, AGREED, run.scene.council.code, run.scene.council.name)]
    beside = [("beside", one.encode()) for one in heard.statements if BESIDE.search(one)]
    found += [(where, one) for where, content in (*aloud, *beside) for one in hidden if one in content]
    found += [(where, one.encode()) for where, content in aloud for one in run.stored if one.encode() in content]
    for number, code in run.pairs:
        found += [(one, number.encode()) for one in heard.statements if number in one and code in one]
    heard.said.clear()
    heard.statements.clear()
    return found + [(where, content[:500]) for where, content in aloud if content]  # whatever it says


def test_after_a_full_run_no_word_and_no_secret_is_found(
    home: Path, temp: Path, heard: Heard, capfd: pytest.CaptureFixture[str], settings: Any, monkeypatch: Any
) -> None:
    run = Run(set_up(), settings, Watch().begin(monkeypatch))
    for moment in run.all_of_it():
        work.once()
        (home / "saved.tar.gz").unlink(missing_ok=True)
        backup.write(home / "saved.tar.gz")
        assert (moment, in_clear(run, home, heard, capfd)) == (moment, [])
    assert addresses() - run.watch.done == set(), "no deed is left out"
    everything = [*everything_in(home)]
    assert any("races.sqlite3" in str(name) for name, _ in everything) or connection.vendor != "sqlite"
    assert not [name for name, _ in everything if re.search(r"saved\.tar\.gz/.*(week-|\.key)", str(name))]
    week = keys.read(f"week-{Voice.objects.first().week}.key")  # type: ignore[union-attr]
    assert week
    inside = [str(name) for name, content in everything if week in content]
    assert [Path(name).parent.name for name in inside] == ["keys"], "the key of the week lies among the keys alone"
    others = [one.name for one in (home / "keys").iterdir() if not KEYS.fullmatch(one.name)]
    assert others == [], "among the keys lies nothing that nobody knows"
    kept = [[one.name for one, content in everything if key in content] for key in run.retired_keys()]
    assert kept == [[], [carried.KEY_BEFORE]], "of retired keys of visits the last one is left"


def test_whoever_comes_back_leaves_nothing_behind(home: Path) -> None:
    scene, clients = set_up(), [Client(), Client()]
    receipt = send(scene, Client())
    come_back(Client(), "0" * 16)
    before, stored = [looked_at(home / name) for name in ("data", "keys")], rows()
    for one in clients:
        come_back(one, receipt)
        come_back(one, "0" * 16)
    assert ([looked_at(home / name) for name in ("data", "keys")], rows()) == (before, stored)


def test_of_slips_nothing_leads_from_a_half_to_its_voice_or_to_who_typed_it_in() -> None:
    scene = set_up()
    who = make.somebody(Role.PEER_WORKER, scene.peers)
    wes = scene.of(who)
    used, blank, *_ = printed(scene, wes, 3)
    enter(scene, wes, used.number)
    assert used.number.encode() not in rows(), "nothing leads from the half that was typed in to its voice"
    assert blank.number.encode() in rows(), "a blank one is found"
    of_rows = [name for model in (Voice, Turn, Envelope, BlankSlip) for name in (f.name for f in model._meta.fields)]
    assert not {"account", "reader", "by_account"} & set(of_rows)
    assert who.account.pk not in {value for row in Voice.objects.values_list() for value in row}


def test_who_is_not_to_read_it_stands_inside_alone() -> None:
    scene = set_up()
    send(scene, Client(), excluded=scene.council.code)
    inside = queries.opened(scene.edi.actor, only()[1], scene.edi.key)
    assert inside
    assert inside.about["excluded"] == scene.council.code
    beside = [row for model in (Voice, Turn, Envelope) for row in model.objects.values()]
    assert not [row for row in beside if scene.council.code.encode() in repr(row).encode()]
    ties = {name for row in beside for name, value in row.items() if name.endswith("_id") and value is not None}
    assert ties <= {"voice_id", "inbox_id"}, "nothing leads to the one that was left out"
    assert [one.inbox for one in Envelope.objects.all()] == [scene.inbox], "to whom it went can be seen, as we say"


@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_a_copy_that_comes_back_without_the_key_of_its_week_shows_nothing(home: Path) -> None:
    scene, database = set_up(), connection.settings_dict["NAME"]
    receipt = send(scene, Client())
    voice, envelope = only()
    with closing(sqlite3.connect(home / "copy.sqlite3")) as copy:
        connection.connection.backup(copy)
    voice.delete()
    assert "nothing under this receipt" in come_back(Client(), receipt)
    connection.close()
    shutil.copy(home / "copy.sqlite3", database)
    for name in ("-wal", "-shm"):
        Path(f"{database}{name}").unlink(missing_ok=True)
    assert queries.opened(scene.lu.actor, only()[1], scene.lu.key), "an old copy, with the key of its week, opens"
    with clock.at(buckets.last_day(voice.week)):
        assert buckets.end(clock.today()) == 0
    keys.forget(f"week-{voice.week}.key")
    assert only()[1].pk == envelope.pk
    assert queries.opened(scene.lu.actor, only()[1], scene.lu.key) is None
    assert "nothing under this receipt" in come_back(Client(), receipt)
