"""What two keys took away is in no page, no export and no file any more, on a real database with real commits."""

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from tests import make
from tests.deliberation import scene
from tests.texts.two_keys import taken_away, words_of

from withus.deliberation import queries as conversation
from withus.people.models import Organisation
from withus.policy.facts import SYSTEM, Actor, Role, Standing
from withus.processes import actions as processes
from withus.processes.models import Process
from withus.public_log import publish, verify
from withus.public_log.models import LogEntry, LogOpening
from withus.texts import actions
from withus.texts.models import Recording, Translation

CANARY = "Zaphira Quellmond lives above the bakery"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Data and keys of its own."""
    monkeypatch.setenv("WITHUS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("WITHUS_KEYS", str(tmp_path / "keys"))
    return tmp_path


def _live_in(peers: Organisation, talk: Process) -> list[str]:
    """Everything that shows the words: a translation, a recording, pages that were kept; returns the pages."""
    editor = Actor(44, "eve", frozenset({Standing(Role.PEER_EDITOR, peers.code, is_of_peers=True)}))
    at = {"kind": "process", "field": "about"}
    actions.translate(editor, talk, **at, language="ar", text=f"بالعربية {CANARY}")
    actions.translate(editor, talk, **at, language="ar", text=f"أفضل {CANARY}")
    actions.record(editor, talk, **at, language="en", sound=b"\x1aE\xdf\xa3" + CANARY.encode())
    publish.publish()
    return ["/", "/processes/", "/processes/TALK/", "/redactions/", "/log/", f"/organisations/{peers.code}/"]


def _on_disk() -> bytes:
    """The database file and the files beside it."""
    name = Path(str(connection.settings_dict["NAME"]))
    return b"".join(path.read_bytes() for path in name.parent.glob(f"{name.name}*") if path.is_file())


@pytest.mark.usefixtures("own_database")
def test_no_page_no_export_and_no_file_shows_the_words_any_more(home: Path) -> None:
    peers = make.recognised()
    talk = processes.open_process(SYSTEM, peers, title="Beds", about=CANARY, language="en", code="TALK")
    scene.phase(talk)
    pages = _live_in(peers, talk)
    browser = Client()
    assert CANARY in "".join(browser.get(page).content.decode() for page in pages)
    if connection.vendor == "sqlite":
        assert CANARY.encode() in _on_disk()
    taken_away(words_of("process.opened", "TALK", "about"), peers)
    pages += [f"/log/entries/{seq}" for seq in range(LogEntry.objects.count())]
    pages += [f"{page}.json" for page in pages if page.startswith("/log/entries/")]
    for language in ("en", "ar"):
        for page in pages:
            assert "Quellmond" not in browser.get(page, HTTP_ACCEPT_LANGUAGE=language).content.decode(), page
    assert "Taken away on" in browser.get("/processes/TALK/").content.decode()
    assert not Translation.objects.exists()
    assert not Recording.objects.exists()
    assert not LogOpening.objects.filter(content__contains="Quellmond").exists()
    exported = conversation.conversation_for(SYSTEM, Process.objects.get(code="TALK"), is_whole=True)
    assert "Quellmond" not in str(exported)
    if connection.vendor == "sqlite":
        name = Path(str(connection.settings_dict["NAME"]))
        files = [*home.rglob("*"), *name.parent.glob(f"{name.name}*")]
        assert not [path for path in files if path.is_file() and b"Quellmond" in path.read_bytes()]
    assert verify.own_log().errors == []
