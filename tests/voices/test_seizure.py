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
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from tests.voices import files
from tests.voices.scene import come_back, only, send, set_up
from withus.core import buckets, clock, keys, receipts
from withus.running import backup, work
from withus.voices import queries
from withus.voices.inboxes import queries as inboxes
from withus.voices.inboxes import unlocking

pytestmark = pytest.mark.usefixtures("own_database")
SPOKEN, SEEN = files.speech(40, "wav", "pcm_s16le"), files.photo()  # made before anybody listens to what is logged
CANARIES = {
    "text": "canarywordsofthevoice",
    "topic": "canarytopic",
    "area": "canaryarea",
    "more": "canarymorewords",
    "answer": "canaryanswer",
}


@pytest.fixture
def temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of this test's own, in what is searched."""
    (tmp_path / "temp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    return tmp_path / "temp"


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """All that any logger says, of whatever level, also the database's statements."""
    found: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(f"{record.name} {record.getMessage()} {record.exc_info}")

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
    return [secret, secret.hex().encode(), secret.hex().upper().encode(), base64.b64encode(secret)[:40]]


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


def rows() -> bytes:
    """Every field of every row, whatever the database."""
    return b" ".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for model in apps.get_app_config("withus").get_models()
        for row in model._default_manager.values_list()
        for value in row
    )


def test_after_a_full_run_no_word_and_no_key_is_found(
    home: Path, temp: Path, logged: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    scene, tablet = set_up(), Client()
    about = {name: CANARIES[name] for name in ("text", "topic", "area")}
    sound = SimpleUploadedFile(f"{files.CANARY}.wav", SPOKEN)
    receipt = send(scene, tablet, **about, audio=sound, photos=[SimpleUploadedFile(f"{files.CANARY}.jpg", SEEN)])
    tablet.post("/voices/receipt", {"step": "typed", "receipt": receipt})
    place, edi = only()[1].get_absolute_url(), scene.of(scene.edi)
    edi.post(f"{place}open")
    assert CANARIES["text"] in edi.get(place).content.decode()
    edi.post(f"{place}answer", {"text": CANARIES["answer"]})
    tablet.post("/voices/more", {"text": CANARIES["more"]})
    client = Client()
    assert CANARIES["answer"] in come_back(client, receipt)
    client.post("/voices/more", {"text": f"{CANARIES['more']} {receipt}"})  # refused
    private = inboxes.unlocked(scene.edi.actor, scene.inbox, scene.edi.key)
    opened = queries.opened(scene.edi.actor, only()[1], scene.edi.key)
    assert private
    assert opened
    work.once()
    backup.write(home / "saved.tar.gz")

    words = [one.encode() for one in (*CANARIES.values(), receipt, receipts.in_words(receipt))]
    words += [files.CANARY.encode(), *(opened.enclosure(number)[500:540] for number in (1, 2))]  # type: ignore[index]
    words += [one for key in (private, opened.rk) for one in spelled(key)]
    words += spelled(unlocking.reading_pair(scene.edi.key).private) + spelled(scene.edi.key)
    words += [unlocking.on_paper(private).encode(), receipts.in_words(receipt).replace(" ", "-").encode()]
    printed = "".join(capfd.readouterr()).encode()
    heard = [("rows", rows()), ("logs", " ".join(logged).encode()), ("printed", printed)]
    everything = [*everything_in(home), *heard]
    assert any("races.sqlite3" in str(name) for name, _ in everything) or connection.vendor != "sqlite"
    assert any(b"INSERT INTO" in content for name, content in heard if name == "logs"), "statements are heard"
    found = [(str(name), word[:20]) for name, content in everything for word in words if word in content]
    assert found == []
    assert not [name for name, _ in everything if re.search(r"saved\.tar\.gz/.*(week-|\.key)", str(name))]
    week = keys.read(f"week-{only()[0].week}.key")
    assert week
    inside = [str(name) for name, content in everything if week in content]
    assert [Path(name).parent.name for name in inside] == ["keys"], "the key of the week lies among the keys alone"


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
