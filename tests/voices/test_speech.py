"""Spoken in place of written, with photos: sent, heard by those who may, written down, and found by nobody else."""

import os
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image

from tests.voices import files
from tests.voices.scene import WORDS, Scene, come_back, filled, only, send, shown, slip
from withus.core import sealing
from withus.running import bodies
from withus.voices import limits, sealed
from withus.voices.enclosing import making, worker
from withus.voices.models import Enclosure, Envelope, Turn, Voice

HEARD = "The needles are too short, she says."


def spoken(name: str = "my own name.webm", **how: Any) -> SimpleUploadedFile:
    """A recording, as a form sends it."""
    return SimpleUploadedFile(name, files.speech(**how), "audio/webm")


def seen(name: str = "IMG_2024.jpg", content: bytes = b"") -> SimpleUploadedFile:
    """A photo, as a form sends it."""
    return SimpleUploadedFile(name, content or files.photo(), "image/jpeg")


@pytest.fixture(scope="module", autouse=True)
def written() -> Iterator[list[str]]:
    """What Python opens for writing, from here on; hooks stay for ever, so it is one list for all."""
    found: list[str] = []
    listening = [True]

    def hear(event: str, given: tuple[Any, ...]) -> None:
        if event == "open" and listening[0] and isinstance(given[2], int) and given[2] & (os.O_WRONLY | os.O_RDWR):
            found.append(str(given[0]))

    sys.addaudithook(hear)
    yield found
    listening[0] = False


def test_spoken_in_place_of_written_heard_and_written_down(scene: Scene) -> None:
    tablet = Client()
    receipt = send(scene, tablet, text="", audio=spoken(), photos=[seen(), seen("x.png", files.photo("PNG"))])
    assert Enclosure.objects.count() == 3
    place, edi = only()[1].get_absolute_url(), scene.of(scene.edi)
    assert edi.get(f"{place}1").status_code == 404, "closed until she says that she opens it"
    edi.post(f"{place}open")
    page = edi.get(place).content.decode()
    assert f'<audio controls preload="none" src="{place}1"' in page
    assert page.count("<img ") == page.count("sent without a description") + page.count('class="qr') == 2
    sound = edi.get(f"{place}1")
    expected = {"Content-Type": "audio/webm", "Content-Disposition": "attachment", "Cache-Control": "no-store"}
    expected |= {"X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex"}
    assert {name: sound[name] for name in expected} == expected
    assert sound.content.startswith(b"\x1a\x45\xdf\xa3")
    part = edi.get(f"{place}1", headers={"range": "bytes=2-5"})
    assert (part.status_code, part.content) == (206, sound.content[2:6])
    picture = edi.get(f"{place}3")
    assert picture["Content-Type"] == "image/jpeg"
    with Image.open(BytesIO(picture.content)) as found:
        assert max(found.size) <= worker.SIDE
    assert edi.get(f"{place}4").status_code == 404

    assert "What do you hear?" in edi.get(f"{place}transcribe").content.decode()
    for _ in range(2):
        assert edi.post(f"{place}transcribe", {"text": HEARD}).status_code == 303
    assert Turn.objects.filter(is_transcript=True).count() == 1
    page = edi.get(place).content.decode()
    assert HEARD in page
    assert Envelope.objects.get().is_waiting, "it is no answer"

    elsewhere = Client()
    page = come_back(elsewhere, receipt)
    assert "Heard and written down" in page
    assert HEARD in page
    assert "read, not answered yet" in page
    assert 'src="/voices/enclosures/1"' in page
    assert elsewhere.get("/voices/enclosures/1").content == sound.content
    assert Client().get("/voices/enclosures/1").status_code == 404
    elsewhere.post("/voices/erase")
    assert Enclosure.objects.count() == 0


def test_nobody_without_the_key_hears_it(scene: Scene) -> None:
    send(scene, Client(), audio=spoken())
    place = only()[1].get_absolute_url()
    for who in (scene.cem, scene.mina, scene.lu):
        assert scene.of(who).get(f"{place}1").status_code == 404
        if who is not scene.lu:
            assert scene.of(who).post(f"{place}transcribe", {"text": HEARD}).status_code == 404
    client = Client()
    come_back(client, send(scene, Client(), text="Nothing to hear."))
    assert client.get("/voices/enclosures/1").status_code == 404
    assert Turn.objects.count() == 2


def test_what_nobody_spoke_is_not_written_down(scene: Scene) -> None:
    send(scene, Client())
    place, edi = only()[1].get_absolute_url(), scene.of(scene.edi)
    edi.post(f"{place}open")
    assert "Write down what was said" not in edi.get(place).content.decode()
    assert "no speech that you can open" in edi.get(f"{place}transcribe").content.decode()
    edi.post(f"{place}transcribe", {"text": HEARD})
    assert Turn.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"text": "", "photos": [files.photo()]}, "one of the two is enough"),
        ({"audio": files.SVG}, "webm, ogg, mp3"),
        ({"audio": files.speech()[:-500]}, "The end of this recording is missing"),
        ({"photos": [files.photo(), files.SVG]}, "jpeg, png or webp"),
        ({"photos": [files.photo(size=(9, 9))] * 4}, "three photos at most"),
        ({"photos": [bytes(making.LARGEST + 1)]}, "larger than 10 MB"),
        ({"audio": bytes(making.LARGEST + 1)}, "larger than 10 MB"),
        ({"audio": b""}, "This file is empty"),
    ],
)
def test_what_is_refused_says_so_keeps_the_words_and_stores_nothing(
    scene: Scene, more: dict[str, Any], says: str
) -> None:
    client = Client()
    named = {
        name: seen("x", one)
        if isinstance(one, bytes)
        else [seen("x", each) for each in one]
        if name == "photos"
        else one
        for name, one in more.items()
    }
    if more.get("audio") == b"":
        named["audio"] = SimpleUploadedFile("x", b"")
    page = client.post("/voices/new", filled(scene, client, **named))
    assert page.status_code == 200
    assert says in page.content.decode()
    assert "Your recording and your photos are not here any more" in page.content.decode()
    assert 'role="alert"' in page.content.decode()
    assert "Needles" in page.content.decode()
    assert (Voice.objects.count(), Enclosure.objects.count()) == (0, 0)


def test_more_than_one_form_may_bring_is_413_and_what_was_typed_stays(scene: Scene) -> None:
    """As the bridge hands it on: the first and the last bytes, and none of the files."""
    client, limit = Client(), bodies.SEALED[0]
    assert limit == settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    large = SimpleUploadedFile("x", b"x" * 9_000_000, "audio/webm")
    sent = filled(scene, client)
    after = {name: sent.pop(name) for name in ("topic", "area", "slip")}
    whole = encode_multipart(BOUNDARY, sent | {"audio": large, "photos": [seen("y", b"y" * 9_000_000)]} | after)
    body = bodies.Unwritten(bodies.Room(bodies.SEALED_IN_ALL))
    for at in range(0, len(whole), 60_000):
        body.take(whole[at : at + 60_000], limit)
    body.whole()
    answer = client.generic("POST", "/voices/new", body.getvalue(), MULTIPART_CONTENT)
    page = answer.content.decode()
    assert answer.status_code == 413
    assert "larger than 16 MB" in page
    assert all(words in page for words in (WORDS, "Needles", "Harbor", sent["audience"][0]))
    assert Voice.objects.count() == 0
    body.close()


def test_looking_first_keeps_no_file_and_says_so(scene: Scene) -> None:
    client = Client()
    page = client.post("/voices/new", filled(scene, client, audio=spoken(), look="yes")).content.decode()
    assert "Not sent yet" in page
    assert "Your recording and your photos are not here any more" in page


def test_nothing_of_an_upload_is_written_anywhere(scene: Scene, written: list[str], tmp_path: Path) -> None:
    client = Client()
    large = files.speech(50, "wav", "pcm_s16le") + files.CANARY.encode() * 1000
    assert len(large) > 2.5 * 1024 * 1024, "what Django itself would write to the disk"
    sent = filled(scene, client, audio=seen("x", large), photos=[seen()])
    scene.of(scene.lu)  # the gate that hashes pass is open from here on, as in every house
    written.clear()
    assert client.post("/voices/new", sent).status_code == 303
    pipes_and_keys = [one for one in written if one.isdigit() or one == os.devnull or Path(one).parent.name == "keys"]
    assert [one for one in written if one not in pipes_and_keys] == []
    found = [path for path in tmp_path.rglob("*") if path.is_file() and files.CANARY.encode() in path.read_bytes()]
    assert found == []


def test_names_kinds_and_sizes_are_sealed(scene: Scene) -> None:
    for how in ({"audio": spoken("ANAS-VOICE.webm", seconds=1)}, {"audio": spoken(seconds=4)}, {"photos": [seen()]}):
        send(scene, Client(), **how)
    lengths = {len(one.sealed) for one in Enclosure.objects.all()}
    assert len(lengths) == 1, "small ones are as long as one another"
    rows = b"".join(bytes(one.sealed) for model in (Enclosure, Turn) for one in model.objects.all())  # type: ignore[attr-defined]
    assert not re.search(rb"ANAS|webm|speech|photo|JFIF", rows)


def test_two_swapped_files_refuse_to_open(scene: Scene) -> None:
    send(scene, Client(), audio=spoken(), photos=[seen()])
    first, second = Enclosure.objects.order_by("number")
    voice, pair = only()[0], sealing.pair()
    content = sealed.enclosure(pair.public, voice.code, 1, b"anything")
    assert sealed.read_enclosure(pair.private, voice.code, 1, content) == b"anything"
    for code, number in ((voice.code, 2), (f"{voice.code}X", 1)):
        with pytest.raises(sealing.Unreadable):
            sealed.read_enclosure(pair.private, code, number, content)
    with pytest.raises(sealing.Unreadable):
        sealed.read_turn(pair.private, voice.code, 1, content)
    Enclosure.objects.filter(pk=first.pk).update(sealed=second.sealed)
    place, edi = only()[1].get_absolute_url(), scene.of(scene.edi)
    edi.post(f"{place}open")
    assert edi.get(f"{place}1").status_code == 410
    assert edi.get(f"{place}2").status_code == 200


@pytest.mark.parametrize("fault", ["no worker", "broken sealing"])
def test_a_fault_stores_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    client = Client()
    sent = filled(scene, client, audio=spoken())
    if fault == "no worker":
        monkeypatch.setattr(making, "WORKER", Path("/nowhere/worker.py"))
        monkeypatch.setattr(making.sys, "executable", "/nowhere/python")
    else:
        real = sealing.part
        monkeypatch.setattr(sealing, "part", lambda *given: real(*given) if len(given) < 5 else 1 / 0)
    answer = client.post("/voices/new", sent)
    assert answer.status_code == 503
    assert all(words in answer.content.decode() for words in ("Nothing was stored", WORDS, "are not here any more"))
    assert "voice" not in client.cookies
    assert (Voice.objects.count(), Turn.objects.count(), Enclosure.objects.count()) == (0, 0, 0)


def test_sent_twice_it_is_made_anew_once(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    client, made, real = Client(), [], making.run
    monkeypatch.setattr(making, "run", lambda *given: made.append(1) or real(*given))
    sent, audio = filled(scene, client), spoken()
    for _ in range(2):
        audio.seek(0)
        assert client.post("/voices/new", sent | {"audio": audio}).status_code == 303
    shown(client)
    assert (len(made), Enclosure.objects.count()) == (1, 1)


def test_files_are_tried_a_few_times_with_one_form_and_words_as_often_as_they_come(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, client = [], Client()
    monkeypatch.setattr(making, "run", lambda *_: made.append(1) or (0, b"no broken\n"))
    sent = filled(scene, client)
    for _ in range(limits.TRIES + 3):
        page = client.post("/voices/new", sent | {"audio": spoken()})
    assert len(made) == limits.TRIES
    assert "tried four times" in page.content.decode()
    assert WORDS in page.content.decode()
    client.post("/voices/new", sent | {"audio": spoken(), "slip": slip(page)})
    assert len(made) == limits.TRIES + 1, "the page brought a new slip"
    assert client.post("/voices/new", sent).status_code == 303


def test_nothing_is_made_anew_where_there_is_no_room_for_it(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    come_back(client, send(scene, client))
    monkeypatch.setattr(limits, "TRIES_OF_MORE", 1)
    assert client.post("/voices/more", {"text": "More.", "photos": [seen()]}).status_code == 303
    monkeypatch.setattr(making, "run", lambda *_: pytest.fail("it was"))
    page = client.post("/voices/more", {"text": "And more.", "photos": [seen()]}).content.decode()
    assert "Send the words alone" in page
    assert "And more." in page
    monkeypatch.setattr(limits, "AN_HOUR_EACH", 1)
    assert "So much came" in client.post("/voices/new", filled(scene, client, audio=spoken())).content.decode()


def test_nothing_is_made_anew_for_a_form_that_is_not_right(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "run", lambda *_: pytest.fail("it was"))
    client = Client()
    for wrong in ({"audience": []}, {"slip": "made up"}, {"website": "x"}, {"text": "I am called Ana."}):
        assert client.post("/voices/new", filled(scene, client, audio=spoken(), **wrong)).status_code == 200


def test_the_page_stays_small(scene: Scene) -> None:
    page = Client().get("/voices/new").content
    names = re.findall(r'(?:src|href)="/static/((?:js|css)/[^"]+)"', page.decode())
    sizes = {
        name: len(
            brotli.compress(Path(settings.STATICFILES_DIRS[0], re.sub(r"\.[0-9a-f]{12}\.", ".", name)).read_bytes())
        )
        for name in names
    }
    assert {name.partition(".")[0] for name in names} == {"css/withus", "js/withus", "js/speech"}
    assert sum(size for name, size in sizes.items() if name.startswith("js/")) <= 5000
    assert len(brotli.compress(page, quality=5)) + sum(sizes.values()) <= 14_000
