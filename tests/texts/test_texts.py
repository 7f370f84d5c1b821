"""Translations and recordings beside what people wrote."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.deliberation import scene

from withus.core.errors import Denied, Refused
from withus.deliberation import actions as deliberation
from withus.policy.facts import Role
from withus.public_log.models import LogOpening
from withus.texts import actions
from withus.texts.models import Recording, Translation

pytestmark = pytest.mark.django_db
WEBM = b"\x1aE\xdf\xa3" + bytes(range(200))
HERE = "/processes/TALK/"


def test_a_reader_gets_the_translation_with_who_made_it_and_the_original_beside_it() -> None:
    one = scene.statement(scene.process(), "Open at night")
    actions.translate(scene.EVE, one, kind="statement", field="text", language="ar", text="افتحوا ليلًا")
    address = f"{HERE}statements/{one.code}/"
    arabic = Client().get(address, HTTP_ACCEPT_LANGUAGE="ar").content.decode()
    assert "افتحوا ليلًا" in arabic
    assert 'lang="ar" dir="rtl"' in arabic
    assert "The PEERS" in arabic
    assert "Open at night" in arabic
    assert "افتحوا ليلًا" not in Client().get(address).content.decode()


def test_a_new_translation_takes_the_place_of_the_old_one() -> None:
    one = scene.statement(scene.process())
    for text in ("first", "second"):
        actions.translate(scene.EVE, one, kind="statement", field="text", language="ar", text=text)
    assert [made.text for made in Translation.objects.all()] == ["second"]
    with pytest.raises(Refused, match="itself is in this language"):
        actions.translate(scene.EVE, one, kind="statement", field="text", language="en", text="x")


def test_exactly_the_editors_of_the_organisation_may_translate_and_record() -> None:
    may: dict[str, set[str]] = {"translate": set(), "record": set()}
    for name, actor in scene.EVERYBODY.items():
        one = scene.statement(scene.process(f"P-{name.upper()}"))
        at = {"kind": "statement", "field": "text", "language": "ar"}
        for deed, given in (("translate", {"text": "x"}), ("record", {"sound": WEBM})):
            try:
                getattr(actions, deed)(actor, one, **at, **given)
                may[deed].add(name)
            except Denied:
                continue
    assert may == {"translate": {"lu", "eve", "system"}, "record": {"lu", "eve", "system"}}


@pytest.mark.parametrize(
    ("sound", "media"),
    [
        (WEBM, "audio/webm"),
        (b"OggS....", "audio/ogg"),
        (b"ID3.....", "audio/mpeg"),
        (b"\xff\xfb......", "audio/mpeg"),
        (b"\0\0\0\x1cftypM4A ", "audio/mp4"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"<script>alert(1)</script>", None),
        (b"%PDF-1.7", None),
        (b"", None),
    ],
)
def test_a_file_is_what_its_first_bytes_say(sound: bytes, media: str | None) -> None:
    assert actions.media_of(sound) == media


def test_eve_uploads_a_recording_and_everybody_hears_it_whole_or_in_part() -> None:
    one = scene.statement(scene.process())
    eve, ana = scene.signed_in("eve", Role.PEER_EDITOR), scene.signed_in("ana")
    address = f"/texts/statement/{one.code}/text/record"

    def uploads(person: Client, sound: bytes) -> int:
        file = SimpleUploadedFile("voice.html", sound, content_type="text/html")
        return person.post(address, {"language": "en", "sound": file}).status_code

    assert uploads(ana, WEBM) == 403
    assert [uploads(eve, sound) for sound in (b"<script>", WEBM * 11_000, WEBM)] == [200, 200, 303]
    made = Recording.objects.get()
    page = Client().get(f"{HERE}statements/{one.code}/").content.decode()
    assert made.get_absolute_url() in page
    whole = Client().get(made.get_absolute_url())
    assert (whole.content, whole["Content-Type"], whole["X-Content-Type-Options"]) == (WEBM, "audio/webm", "nosniff")
    part = Client().get(made.get_absolute_url(), HTTP_RANGE="bytes=4-9")
    assert (part.status_code, part.content, part["Content-Range"]) == (206, WEBM[4:10], f"bytes 4-9/{len(WEBM)}")
    for wrong in ("bytes=9-4", "bytes=99999-", "bytes=x", "lines=1-2"):
        assert Client().get(made.get_absolute_url(), HTTP_RANGE=wrong).content == WEBM


def test_what_stands_beside_a_statement_is_erased_with_it() -> None:
    talk = scene.process()
    tie = scene.tie("ana", talk)
    one = deliberation.propose(scene.ANA, talk, text="Open at night", language="en", tie=tie)
    deliberation.moderate(scene.EVE, one, decision="accepted")
    at = {"kind": "statement", "field": "text", "language": "ar"}
    actions.translate(scene.EVE, one, **at, text="canary")
    actions.record(scene.EVE, one, **at, sound=WEBM)
    assert LogOpening.objects.filter(content="canary").exists()
    deliberation.withdraw(scene.ANA, one, tie=tie)
    assert (Translation.objects.count(), Recording.objects.count()) == (0, 0)
    assert not LogOpening.objects.filter(subject=one.code).exists()


@pytest.mark.parametrize(
    "address", ["statement/NONE/text", "statement/{}/code", "nothing/{}/text", "process/NONE/title"]
)
def test_there_is_nothing_to_translate_where_there_is_no_such_text(address: str) -> None:
    one = scene.statement(scene.process())
    eve = scene.signed_in("eve", Role.PEER_EDITOR)
    assert eve.get(f"/texts/statement/{one.code}/text/translate").status_code == 200
    assert eve.get(f"/texts/{address.format(one.code)}/translate").status_code == 404


def test_a_statement_that_waits_is_not_shown_to_the_editors_of_another_organisation() -> None:
    talk = scene.process()
    one = deliberation.propose(scene.ANA, talk, text="x", language="en", tie=scene.tie("ana", talk))
    ours, foreign = scene.signed_in("eve", Role.PEER_EDITOR), scene.signed_in("cem", Role.PEER_EDITOR, "ELSEWHERE")
    address = f"/texts/statement/{one.code}/text/translate"
    assert [person.get(address).status_code for person in (ours, foreign, Client())] == [200, 404, 404]


def test_phases_and_processes_are_translated_too() -> None:
    talk = scene.process()
    phase = talk.phases.get()
    lu = scene.signed_in("lu", Role.ORG_STEWARD)
    for address in (f"process/{talk.code}/title", f"process/{talk.code}/about", f"phase/{phase.code}/can_change"):
        assert lu.post(f"/texts/{address}/translate", {"language": "ar", "text": "كلمة"}).status_code == 303
    assert Client().get(HERE, HTTP_ACCEPT_LANGUAGE="ar").content.decode().count("كلمة") == 3
