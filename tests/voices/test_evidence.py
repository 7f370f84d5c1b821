"""A file is kept as it was only if somebody asks for it; then it is sealed, listed, and saved after a warning."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.voices import files
from tests.voices.scene import Scene, come_back, filled, only, send
from withus.core import sealing
from withus.voices.enclosing import making
from withus.voices.models import Enclosure, Turn, Voice

PHOTO, SPEECH = files.photo(), files.speech()


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    """A file with a name that says too much."""
    return SimpleUploadedFile(f"anas-{name}", content)


def test_the_box_is_not_ticked_and_its_warning_says_what_a_file_tells(scene: Scene) -> None:
    page = Client().get("/voices/new").content.decode()
    box = re.search(r'<input type="checkbox" id="id_as_evidence"[^>]*>', page)
    assert box
    assert "checked" not in box[0]
    assert 'aria-describedby="id_as_evidence-help"' in box[0]
    warning = page.partition('id="id_as_evidence-help">')[2].partition("<")[0]
    assert all(word in warning for word in ("where", "when", "device", "lead to you"))


def test_without_asking_nothing_is_kept_as_it_was(scene: Scene) -> None:
    send(scene, Client(), audio=sent("voice", SPEECH), photos=[sent("photo", PHOTO)])
    assert Enclosure.objects.count() == 2


def test_kept_as_evidence_it_is_listed_for_her_and_saved_by_a_reader_after_a_warning(scene: Scene) -> None:
    receipt = send(scene, Client(), as_evidence="on", audio=sent("voice", SPEECH), photos=[sent("photo", PHOTO)])
    assert Enclosure.objects.count() == 4
    client, edi = Client(), scene.of(scene.edi)
    page = come_back(client, receipt)
    assert page.count("kept as evidence") == 2
    assert "Save the file as it was sent" not in page, "her device may be anybody's"
    assert client.get("/voices/enclosures/2").status_code == 404

    place = only()[1].get_absolute_url()
    assert edi.post(f"{place}4/original").status_code == 404, "closed until she says that she opens it"
    edi.post(f"{place}open")
    page = edi.get(place).content.decode()
    assert page.count("It was not cleaned") == 2
    assert "anas-" not in page
    assert edi.get(f"{place}4").status_code == 404, "no page opens it"
    assert edi.get(f"{place}4/original").status_code == 405
    answer = edi.post(f"{place}4/original")
    assert answer.content == PHOTO
    expected = {"Content-Type": "application/octet-stream", "Cache-Control": "no-store"}
    expected |= {"Content-Disposition": 'attachment; filename="original-4"', "X-Content-Type-Options": "nosniff"}
    assert {name: answer[name] for name in expected} == expected
    assert edi.post(f"{place}2/original").content == SPEECH
    for number in (1, 3, 5):
        assert edi.post(f"{place}{number}/original").status_code == 404, "what was made anew is no original"
    assert "kept as evidence" not in edi.get(f"{place}transcribe").content.decode()

    for who in (scene.cem, scene.mina, scene.lu):  # others; and a reader who has not opened it today
        assert scene.of(who).post(f"{place}4/original").status_code == 404
    assert Client().post(f"{place}4/original").status_code in {403, 404}
    client.post("/voices/erase")
    assert Enclosure.objects.count() == 0


def test_what_comes_later_can_be_kept_too(scene: Scene) -> None:
    client = Client()
    come_back(client, send(scene, Client()))
    client.post("/voices/more", {"text": "See.", "photos": [sent("photo", PHOTO)], "as_evidence": "on"})
    assert Enclosure.objects.count() == 2
    assert client.get("/voices/return").content.decode().count("kept as evidence") == 1


def test_as_it_was_it_is_sealed_like_the_rest(scene: Scene) -> None:
    send(scene, Client(), as_evidence="on", photos=[sent("photo", PHOTO)])
    rows = b"".join(bytes(one.sealed) for model in (Enclosure, Turn) for one in model.objects.all())  # type: ignore[attr-defined]
    assert not re.search(rb"CANARY|anas|Exif|JFIF|original|octet", rows)
    assert len({len(one.sealed) % sealing.FILE_BLOCK for one in Enclosure.objects.all()}) == 1, "told in whole blocks"


@pytest.mark.parametrize(
    "more",
    [
        {"photos": [sent("x", files.SVG)]},
        {"audio": sent("x", files.PLAYLIST)},
        {"photos": [sent("x", bytes(making.LARGEST + 1))]},
        {"photos": [sent("x", PHOTO[:2000])]},
    ],
)
def test_a_file_that_is_not_taken_is_not_kept_either(scene: Scene, more: dict[str, Any]) -> None:
    client = Client()
    page = client.post("/voices/new", filled(scene, client, as_evidence="on", **more))
    assert (page.status_code, Voice.objects.count(), Enclosure.objects.count()) == (200, 0, 0)
    assert re.search(r'id="id_as_evidence" name="as_evidence" checked', page.content.decode()), "what was ticked stays"
