"""More is said by voice and with photos: each file belongs to the turn it came with, and no form says it twice."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.deliberation.test_races import at_once
from tests.voices import files
from tests.voices.scene import Scene, come_back, only, send, set_up
from withus.core import clock, sealing
from withus.running import bodies
from withus.voices import limits, queries
from withus.voices.enclosing import making
from withus.voices.models import Enclosure, Envelope, Turn


def spoken(**how: Any) -> SimpleUploadedFile:
    """A recording, as a form sends it."""
    return SimpleUploadedFile("x.webm", files.speech(**how), "audio/webm")


def seen(content: bytes = b"") -> SimpleUploadedFile:
    """A photo, as a form sends it."""
    return SimpleUploadedFile("x.jpg", content or files.photo(), "image/jpeg")


def once(client: Client) -> str:
    """The mark of the form on the page."""
    return re.search(r'name="once" value="([^"]+)"', client.get("/voices/return").content.decode())[1]  # type: ignore[index]


def back(scene: Scene, **first: Any) -> Client:
    """Somebody who came back to what she sent."""
    client = Client()
    come_back(client, send(scene, Client(), **first))
    return client


def test_what_comes_later_lies_beside_its_turn_and_is_heard_and_written_down(scene: Scene) -> None:
    client = back(scene, photos=[seen()])
    assert "data-recorder" in client.get("/voices/return").content.decode()
    sent = {"text": "", "audio": spoken(seconds=3), "photos": [seen(files.photo("PNG"))], "once": once(client)}
    assert client.post("/voices/more", sent)["Location"] == "/voices/return"
    assert (
        client.post("/voices/more", {"text": "In words.", "audio": spoken(), "once": once(client)}).status_code == 303
    )
    assert sorted(Enclosure.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
    turns = re.split(r"<li class=\"card\">", client.get("/voices/return").content.decode())[1:]
    assert [re.findall(r'src="/voices/enclosures/(\d)"', one) for one in turns] == [["1"], ["2", "3"], ["4"]]
    assert "Speech of 3 seconds" in turns[1]

    place, edi = only()[1].get_absolute_url(), scene.of(scene.edi)
    assert edi.get(f"{place}2").status_code == 404, "closed until she says that she opens it"
    edi.post(f"{place}open")
    turns = re.split(r"<li class=\"card\">", edi.get(place).content.decode())[1:]
    assert [re.findall(rf'src="{place}(\d)"', one) for one in turns] == [["1"], ["2", "3"], ["4"]]
    assert edi.get(f"{place}2").content[:4] == b"\x1a\x45\xdf\xa3"
    assert (edi.get(f"{place}2")["Content-Type"], edi.get(f"{place}3")["Content-Type"]) == ("audio/webm", "image/jpeg")
    assert edi.get(f"{place}transcribe").content.decode().count("<audio ") == 2
    assert edi.post(f"{place}transcribe", {"text": "They came."}).status_code == 303
    assert "They came." in client.get("/voices/return").content.decode()
    client.post("/voices/erase")
    assert Enclosure.objects.count() == 0


def test_an_answer_is_words_alone(scene: Scene) -> None:
    back(scene)
    place, edi = only()[1].get_absolute_url(), scene.of(scene.edi)
    edi.post(f"{place}open")
    assert 'type="file"' not in edi.get(place).content.decode()
    edi.post(f"{place}answer", {"text": "Monday.", "audio": spoken(), "photos": [seen()]})
    assert (Turn.objects.count(), Enclosure.objects.count()) == (2, 0)


def test_sent_twice_it_is_said_and_made_anew_once(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    client, made, real, speech = back(scene), [], making.run, files.speech()
    monkeypatch.setattr(making, "run", lambda *given: made.append(1) or real(*given))
    mark = once(client)
    for _ in range(2):
        assert client.post("/voices/more", {"text": "", "audio": seen(speech), "once": mark}).status_code == 303
    assert (len(made), Turn.objects.count(), Enclosure.objects.count()) == (1, 2, 1)
    for _ in range(2):  # another form may say the same again
        assert client.post("/voices/more", {"text": "Still so.", "once": once(client)}).status_code == 303
    assert Turn.objects.count() == 4


def test_the_same_form_with_other_words_or_files_says_these_too(scene: Scene) -> None:
    client = back(scene)
    form = {"text": "At noon.", "once": once(client)}
    for sent in (form, form | {"text": "At one, I meant."}, form | {"photos": [seen()]}):
        for _ in range(2):
            assert client.post("/voices/more", sent).status_code == 303
            for photo in sent.get("photos", []):
                photo.seek(0)
    assert (Turn.objects.count(), Enclosure.objects.count()) == (4, 1)
    assert "At one, I meant." in client.get("/voices/return").content.decode()


@pytest.mark.usefixtures("own_database")
def test_sent_three_times_at_once_it_is_said_once() -> None:
    clients, scene = [Client() for _ in range(3)], set_up()
    receipt = send(scene, Client())
    for client in clients:
        come_back(client, receipt)
    mark = once(clients[0])

    def more(client: Client) -> None:
        sent = {"text": "Once.", "photos": [seen(files.photo(size=(90, 90)))], "once": mark}
        assert client.post("/voices/more", sent).status_code == 303

    assert at_once(*(lambda one=one: more(one) for one in clients)) == []
    assert (Turn.objects.count(), Enclosure.objects.count()) == (2, 1)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"text": ""}, "one of the two is enough"),
        ({"text": "", "photos": [files.photo()]}, "one of the two is enough"),
        ({"audio": files.SVG}, "webm, ogg, mp3"),
        ({"photos": [files.SVG]}, "jpeg, png or webp"),
        ({"photos": [files.photo(size=(9, 9))] * 4}, "three photos at most"),
        ({"audio": bytes(making.LARGEST + 1)}, "larger than 10 MB"),
        ({"text": "Call 0171 234 56 78.", "audio": files.speech()}, "a phone number"),
    ],
)
def test_what_is_refused_says_so_keeps_the_words_and_stores_nothing(
    scene: Scene, more: dict[str, Any], says: str
) -> None:
    client = back(scene)
    sent: dict[str, Any] = {"text": "More of it.", "once": once(client)} | more
    if "photos" in more:
        sent["photos"] = [seen(one) for one in more["photos"]]
    if "audio" in more:
        sent["audio"] = seen(more["audio"])
    answer = client.post("/voices/more", sent)
    page = answer.content.decode()
    assert (answer.status_code, says in page, sent["text"] in page) == (200, True, True)
    assert ("Your recording and your photos are not here any more" in page) == bool({"audio", "photos"} & set(more))
    assert (Turn.objects.count(), Enclosure.objects.count()) == (1, 0)


def test_more_than_one_form_may_bring_is_413_and_what_was_typed_stays(scene: Scene) -> None:
    client = back(scene)
    large = {"text": "More of it.", "audio": SimpleUploadedFile("x", bytes(bodies.SEALED[0] + 1))}
    answer = client.post("/voices/more", large)
    assert answer.status_code == 413
    assert "larger than 16 MB" in answer.content.decode()
    assert Turn.objects.count() == 1
    assert "/voices/more" in settings.WITHUS_SEALED_PATHS, "in memory alone, until it is sealed"


def test_without_a_visit_nothing_is_said_nor_made_anew(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    send(scene, Client())
    monkeypatch.setattr(making, "run", lambda *_: pytest.fail("it was"))
    for client in (Client(), scene.of(scene.edi), scene.of(scene.cem)):
        assert client.post("/voices/more", {"text": "As if.", "audio": spoken()})["Location"] == "/voices/return"
    assert (Turn.objects.count(), Enclosure.objects.count()) == (1, 0)


def test_a_fault_while_more_is_sealed_stores_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    client, real = back(scene), sealing.part
    monkeypatch.setattr(sealing, "part", lambda *given: real(*given) if len(given) < 5 else 1 / 0)
    answer = client.post("/voices/more", {"text": "More.", "audio": spoken(), "once": once(client)})
    assert (answer.status_code, Turn.objects.count(), Enclosure.objects.count()) == (503, 1, 0)


def test_over_the_hour_s_limit_it_is_said(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    client = back(scene)
    monkeypatch.setattr(limits, "AN_HOUR_EACH", 1)
    page = client.post("/voices/more", {"text": "More.", "photos": [seen()]}).content.decode()
    assert "say it to a peer worker" in page
    assert (Turn.objects.count(), Enclosure.objects.count()) == (1, 0)


def test_one_voice_takes_ten_words_an_hour_and_says_when_it_takes_more(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = clock.now().replace(minute=48, second=0)
    monkeypatch.setattr(clock, "now", lambda: late)
    client, other = back(scene), back(scene)
    for number in range(limits.MORE_AN_HOUR):
        assert client.post("/voices/more", {"text": f"More of it, {number}."}).status_code == 303
    page = client.post("/voices/more", {"text": "And this."}).content.decode()
    assert "Send it again in 12 minutes." in page
    assert ">\nAnd this.</textarea>" in page
    assert other.post("/voices/more", {"text": "Something else."}).status_code == 303
    monkeypatch.setattr(clock, "now", lambda: late + timedelta(minutes=12))
    assert client.post("/voices/more", {"text": "And this."}).status_code == 303


def test_more_words_leave_half_of_each_hour_to_new_voices(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "AN_HOUR_EACH", 6)
    clients = [back(scene), back(scene)] * 2
    for number, client in enumerate(clients):
        page = client.post("/voices/more", {"text": f"More of it, {number}."})
        assert page.status_code == (200 if number == 3 else 303)
    assert "So much came in this hour" in page.content.decode()
    send(scene, Client())


def test_first_turns_that_gave_no_numbers_are_still_heard(scene: Scene) -> None:
    """As the version before sealed them: what came lies in its order."""
    send(scene, Client(), audio=spoken(), photos=[seen()])
    opened = queries.opened(scene.edi.actor, Envelope.objects.get(), scene.edi.key)
    assert opened
    for one in opened.turns[0].more["enclosed"]:
        one.pop("number")
        one.pop("size")
    assert [(one.number, one.kind) for one in opened.enclosed] == [(1, "speech"), (2, "photo")]
    found = opened.enclosure(2)
    assert found
    assert found[1].startswith(b"\xff\xd8\xff")


def test_the_page_with_the_conversation_stays_small(scene: Scene) -> None:
    client = back(scene, audio=spoken())
    page = client.get("/voices/return").content
    names = {name.partition(".")[0] for name in re.findall(r'src="/static/(js/[^"]+)"', page.decode())}
    assert names == {"js/withus", "js/speech", "js/aloud"}
    scripts = [Path(settings.STATICFILES_DIRS[0], f"{name}.js").read_bytes() for name in names]
    assert sum(len(brotli.compress(one)) for one in scripts) <= 5_000
    assert len(brotli.compress(page, quality=5)) <= 7_000
