"""A story that was taken back is nowhere: in no table, no page, no copy of today, and no file of the database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from tests.voices.scene import come_back, for_a_story, only, send, set_up
from tests.voices.test_seizure import everything_in, rows
from withus.public_log.append import append_pending
from withus.public_log.models import LogEntry
from withus.running import backup
from withus.texts import actions as texts
from withus.voices.stories.models import Story

pytestmark = pytest.mark.usefixtures("own_database")
ANSWERS = {"text": "canary-text", "topic": "canary-topic", "area": "canary-area", "pseudonym": "brave otter"}
TRANSLATED, SPOKEN = "canary-translated", b"OggS canary-spoken"
CANARIES = [*(word.encode() for word in ANSWERS.values()), TRANSLATED.encode(), SPOKEN]
SOUNDS: list[str] = []  # where the recording was
LONG = " ".join(f"canary-text-{number}" for number in range(300))  # on pages of its own


def pages() -> Iterator[tuple[str, bytes]]:
    """All that a visitor may see where a story could stand."""
    places = ["/", "/stories/", "/log/", "/redactions/", "/organisations/", "/processes/", "/recommendations/"]
    places += [f"/stories/{code}/" for code in Story.objects.values_list("code", flat=True)]
    for seq in LogEntry.objects.values_list("seq", flat=True):
        places += [f"/log/entries/{seq}", f"/log/entries/{seq}.json"]
    for language in ("en", "ar"):
        visitor = Client(headers={"accept-language": language})
        for place in [*places, *SOUNDS]:
            answer = visitor.get(place)
            assert answer.status_code in {200, 404}, place
            yield place, answer.content


def files() -> bytes:
    """The database's files; nothing on PostgreSQL, whose files are its own."""
    place = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor != "sqlite":
        return b""
    return b"".join(path.read_bytes() for path in place.parent.glob(f"{place.name}*"))


def lying(content: bytes) -> set[bytes]:
    """The canaries in it."""
    return {word for word in CANARIES if word in content}


@pytest.mark.parametrize("text", [ANSWERS["text"], LONG], ids=["short", "long"])
@pytest.mark.parametrize("how", ["consent", "story", "erase"])
def test_what_is_taken_back_is_nowhere(home: Path, how: str, text: str) -> None:
    scene, client = set_up(), Client()
    receipt = send(scene, Client(), **for_a_story(scene))
    place, edi = only()[1].get_absolute_url(), scene.of(scene.edi)
    edi.post(f"{place}open")
    assert edi.post(f"{place}tell", ANSWERS | {"text": text, "language": "en"}).status_code == 303
    story = Story.objects.get()
    beside = {"kind": "story", "field": "text", "language": "ar"}
    texts.translate(scene.edi.actor, story, text=TRANSLATED, **beside)
    SOUNDS[:] = [texts.record(scene.edi.actor, story, sound=SPOKEN, **beside).get_absolute_url()]
    come_back(client, receipt)
    assert lying(rows()) == set(CANARIES)
    assert lying(b"".join(content for _, content in pages())) == set(CANARIES)
    assert connection.vendor != "sqlite" or lying(files()) == set(CANARIES)

    said = {"may_be_told": "no"} if how == "consent" else {}
    client.post({"story": f"/voices/stories/{story.code}/withdraw"}.get(how, f"/voices/{how}"), said)
    assert lying(rows()) == set()
    assert [name for name, content in pages() if lying(content)] == [], "kept pages are made anew at once"
    assert lying(files()) == set()
    append_pending()
    backup.write(home / "saved.tar.gz")
    assert [name for name, content in everything_in(home) if lying(content)] == []
    assert lying(rows()) == set()
