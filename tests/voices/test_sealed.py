"""What is sealed opens only in its own row; what cannot be sealed is not stored; what has ended is gone everywhere."""

import time
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from django.test import Client

from tests.voices.scene import WORDS, Scene, come_back, filled, only, send, slip
from withus.core import buckets, clock, codes, keys, receipts, sealing
from withus.core.errors import Busy
from withus.people.models import Organisation
from withus.voices import carried, jobs, queries, sealed
from withus.voices.inboxes import queries as inboxes
from withus.voices.models import Envelope, Opening, Turn, Voice

KEY, CODE = bytes(range(32)), "ABCDEFGHJKMNPQRSTVWXYZ0123"


def opened(scene: Scene, envelope: Envelope) -> queries.Opened | None:
    """The voice, as Lu opens it."""
    return queries.opened(scene.lu.actor, envelope, scene.lu.key)


def swap(model: Any, field: str) -> None:
    """Swaps a sealed field between the two rows there are."""
    first, second = model.objects.order_by("pk")
    values = getattr(second, field), getattr(first, field)
    for row, value in zip((first, second), values, strict=True):
        model.objects.filter(pk=row.pk).update(**{field: value})


@pytest.mark.parametrize(("model", "field"), [(Voice, "own_wrap"), (Envelope, "wrap"), (Turn, "sealed")])
def test_two_swapped_rows_refuse_to_open(scene: Scene, model: Any, field: str) -> None:
    given = [send(scene, Client()), send(scene, Client(), text="Another one.")]
    assert all(opened(scene, one).turns for one in Envelope.objects.all())  # type: ignore[union-attr]
    swap(model, field)
    if model is Turn:
        for one in Envelope.objects.all():
            with pytest.raises(sealing.Unreadable):
                assert opened(scene, one).turns  # type: ignore[union-attr]
    elif model is Envelope:
        assert [opened(scene, one) for one in Envelope.objects.all()] == [None, None]
    else:
        for receipt in given:
            assert "nothing under this receipt" in come_back(Client(), receipt)


def test_turns_of_one_voice_cannot_change_places(scene: Scene) -> None:
    client = Client()
    come_back(client, send(scene, Client()))
    client.post("/voices/more", {"text": "And then this."})
    swap(Turn, "sealed")
    with pytest.raises(sealing.Unreadable):
        assert opened(scene, only()[1]).turns  # type: ignore[union-attr]


def test_a_purpose_is_no_other_one(scene: Scene) -> None:
    inbox, pair = scene.inbox, sealing.pair()
    buckets.make("2027-W05")
    wrap = sealed.for_receipt(KEY, CODE, "2027-W05", pair.private)
    assert sealed.by_receipt(KEY, CODE, "2027-W05", wrap) == pair.private
    for open_ in (
        lambda: sealed.by_inbox(KEY, inbox, CODE, "2027-W05", wrap),
        lambda: sealed.by_receipt(KEY, CODE + "X", "2027-W05", wrap),
        lambda: sealed.by_receipt(KEY, CODE, "2027-W06", wrap),
        lambda: sealed.read_turn(pair.private, CODE, 2, sealed.turn(pair.public, CODE, 1, {"text": WORDS})),
    ):
        with pytest.raises(sealing.Unreadable):
            open_()


def _broken(*_: object, **__: object) -> Any:
    raise RuntimeError("the library is broken")


@pytest.mark.parametrize("part", ["pair", "part", "seal_to", "shut"])
def test_a_fault_while_sealing_stores_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    client = Client()
    sent = filled(scene, client)
    monkeypatch.setattr(sealing, part, _broken)
    answer = client.post("/voices/new", sent)
    assert answer.status_code == 503
    assert all(words in answer.content.decode() for words in ("Nothing was stored", WORDS, "Needles"))
    assert answer["Retry-After"] == "60"
    assert "voice" not in client.cookies
    assert (Voice.objects.count(), Turn.objects.count(), Envelope.objects.count()) == (0, 0, 0)


def test_in_a_crowd_the_words_stay_on_the_page(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    client, real = Client(), receipts.open_with
    sent = filled(scene, client)

    def crowded(_receipt: str) -> Any:
        raise Busy

    monkeypatch.setattr(receipts, "open_with", crowded)
    answer = client.post("/voices/new", sent)
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert all(words in page for words in ("Wait a few seconds", "bring it on paper", WORDS, "Needles", "Harbor"))
    monkeypatch.setattr(receipts, "open_with", real)
    assert client.post("/voices/new", sent | {"slip": slip(answer)}).status_code == 303


def test_a_fault_while_more_is_said_or_answered_stores_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    come_back(client, send(scene, Client()))
    place, lu = only()[1].get_absolute_url(), scene.of(scene.lu)
    lu.post(f"{place}open")
    monkeypatch.setattr(sealing, "part", _broken)
    assert client.post("/voices/more", {"text": "More."}).status_code == 503
    assert lu.post(f"{place}answer", {"text": "Yes."}).status_code == 503
    assert Turn.objects.count() == 1


def test_without_a_key_folder_nothing_is_stored(scene: Scene, monkeypatch: pytest.MonkeyPatch, home: Any) -> None:
    client = Client()
    sent = filled(scene, client)
    real = keys.read_or_make

    def no_weeks(name: str) -> bytes:
        if name.startswith("week-"):
            raise PermissionError(name)
        return real(name)

    monkeypatch.setattr(keys, "read_or_make", no_weeks)
    assert client.post("/voices/new", sent).status_code == 503
    assert Voice.objects.count() == 0


def test_what_has_ended_is_gone_and_its_copy_opens_nothing(scene: Scene) -> None:
    receipt = send(scene, Client())
    voice, envelope = only()
    key = inboxes.unlocked(scene.lu.actor, scene.inbox, scene.lu.key)
    assert key
    after = buckets.last_day(voice.week) + timedelta(days=1)
    with clock.at(after - timedelta(days=1)):
        jobs.end_weeks()
        assert Voice.objects.count() == 1
        assert WORDS in come_back(Client(), receipt)
    with clock.at(after):
        assert buckets.overdue(after) == [voice.week]
        assert "nothing under this receipt" in come_back(Client(), receipt), "also before the job has run"
        assert scene.of(scene.lu).get(envelope.get_absolute_url()).status_code == 404
        assert jobs.end_weeks() >= 2
        assert jobs.end_weeks() == 0, "twice does nothing"
        assert buckets.overdue(after) == []
    assert (Voice.objects.count(), Turn.objects.count(), Envelope.objects.count()) == (0, 0, 0)
    for open_ in (
        lambda: sealed.by_receipt(receipts.open_with(receipt).wrap, voice.code, voice.week, bytes(voice.own_wrap)),
        lambda: sealed.by_inbox(key, envelope.inbox, voice.code, voice.week, bytes(envelope.wrap)),
    ):
        with pytest.raises(sealing.Unreadable):
            open_()


def test_openings_are_forgotten_after_a_year(scene: Scene) -> None:
    about = {"organisation": Organisation.objects.get(pk=scene.peers.pk), "voice_code": "X", "reader": scene.lu.account}
    jobs.end_weeks()
    Opening.objects.create(opened_on=clock.today() - timedelta(days=366), **about)
    Opening.objects.create(opened_on=clock.today() - timedelta(days=367), **about)
    assert jobs.end_weeks() == 1
    assert Opening.objects.count() == 1


def test_a_week_ends_on_its_sunday() -> None:
    assert buckets.last_day("2026-W53") == date(2027, 1, 3)
    assert buckets.week_of(buckets.last_day("2027-W05")) == "2027-W05"


def test_the_key_of_visits_lives_for_a_day_and_a_day_more(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    assert jobs.renew_visit_key() == 1, "before the first visit, whose minute its file would tell"
    slip, real = carried.new_slip(), clock.now
    assert jobs.renew_visit_key() == 0
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(hours=24, seconds=1))
    assert jobs.renew_visit_key() == 1
    assert carried.read_slip(slip), "until a form is a day old"
    # Its file is of now, whatever this clock says.
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(hours=49))
    assert jobs.renew_visit_key() == 1
    assert carried.read_slip(slip) is None


def test_no_two_voices_of_one_size_differ_in_length(scene: Scene) -> None:
    for text in ("A.", "A longer one, of which the length tells nobody anything."):
        send(scene, Client(), text=text)
    rows = list(Voice.objects.all())
    assert len({len(one.own_wrap) for one in rows}) == 1
    assert len({len(one.sealed) for one in Turn.objects.all()}) == 1
    assert len({len(one.wrap) for one in Envelope.objects.all()}) == 1


def medians(known: str, tries: int, read: Callable[[], float]) -> tuple[float, float]:
    """How many milliseconds a known and an unknown receipt take, by this clock, in turns."""
    client = Client()

    def taken(receipt: str) -> float:
        begun = read()
        client.post("/voices/return", {"receipt": receipt})
        return 1000 * (read() - begun)

    here, nowhere = zip(*((taken(known), taken(codes.code(16))) for _ in range(tries)), strict=True)
    return median(here), median(nowhere)


def test_known_and_unknown_receipts_take_the_same_time(scene: Scene) -> None:
    here, nowhere = medians(
        send(scene, Client()), 60, time.process_time
    )  # of this process, however busy the machine is
    assert abs(here - nowhere) < 5, f"{here:.2f} ms known, {nowhere:.2f} ms unknown"


@pytest.mark.soak
@pytest.mark.usefixtures("true_argon2")
def test_known_and_unknown_receipts_take_the_same_time_by_the_clock_on_the_wall(scene: Scene) -> None:
    here, nowhere = medians(send(scene, Client()), 2000, time.perf_counter)
    assert abs(here - nowhere) < 5, f"{here:.2f} ms known, {nowhere:.2f} ms unknown"


def test_no_key_is_made_in_the_minute_of_a_voice(scene: Scene, home: Path) -> None:
    jobs.renew_visit_key()
    jobs.end_weeks()
    keys.read_or_make(receipts.SALT)
    before = {path.name for path in (home / "keys").iterdir()}
    send(scene, Client())
    assert {path.name for path in (home / "keys").iterdir()} - before <= {"cookie.key"}


def test_whoever_opens_what_was_altered_is_told_so_and_the_log_too(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = Client(), Client()
    receipt = send(scene, first)
    send(scene, second, text="Other words, as long as you like.")
    swap(Turn, "sealed")
    voice = Voice.objects.order_by("pk").first()
    assert voice
    edi, place = scene.of(scene.edi), voice.envelopes.get().get_absolute_url()
    back = Client()
    back.post("/voices/return", {"receipt": receipt})
    for answer in (edi.post(f"{place}open"), back.get("/voices/return")):
        assert answer.status_code == 410
        assert "This was changed after it was sealed. Nobody can read it." in unescape(answer.content.decode())
    told = [one.getMessage() for one in caplog.records if "changed after it was sealed" in one.getMessage()]
    assert len(told) >= 2
    assert not [word for word in (voice.code, receipt, "Other words", "/voices/") if word in caplog.text]
