"""A voice lives as long as its week's key: a key is never made twice, and one that is lost is told."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from tests.voices.scene import WORDS, Scene, come_back, filled, only, send
from withus.core import buckets, clock, receipts
from withus.core.errors import CannotSeal
from withus.people.models import Instance
from withus.running import check, restore
from withus.voices import actions, jobs, weeks
from withus.voices.models import Voice
from withus.voices.sending import LIVES
from withus.web.language import written_day


@pytest.fixture
def file(scene: Scene, home: Path) -> Path:
    """The key file of the week in which a new voice ends."""
    jobs.end_weeks()
    Instance.objects.update(set_up_on=clock.today())
    return home / "keys" / buckets.file_of(buckets.week_of(clock.today() + LIVES))


def test_a_key_that_is_lost_is_told_and_not_made_anew(scene: Scene, file: Path) -> None:
    receipt = send(scene, Client())
    key = file.read_bytes()
    assert weeks.lost() == {}
    assert check._weeks().ok

    file.unlink()
    assert jobs.end_weeks() == 0
    assert not file.exists()
    part = check._weeks()
    assert not part.ok
    assert f"nobody can open without it: 1. Put these files back into {file.parent}" in part.says
    assert part.says.endswith(f"from what backup-keys made: {file.name}")
    assert "nothing under this receipt" in come_back(Client(), receipt)

    file.write_bytes(key)
    assert check._weeks().ok
    assert WORDS in come_back(Client(), receipt)


@pytest.mark.parametrize("other", [None, bytes(range(32)), b"no key"])
def test_while_it_is_lost_a_new_voice_ends_a_week_sooner(scene: Scene, file: Path, other: bytes | None) -> None:
    send(scene, Client())
    lost = only()[0].week
    file.unlink() if other is None else file.write_bytes(other)

    receipt = send(scene, Client())
    sooner = buckets.week_of(clock.today() + LIVES - timedelta(days=7))
    assert sorted(Voice.objects.values_list("week", flat=True)) == [sooner, lost]
    assert weeks.lost() == {lost: 1}
    assert not check._weeks().ok
    assert file.exists() is (other is not None)
    assert WORDS in come_back(Client(), receipt)


def test_without_any_key_nothing_is_sent(scene: Scene, file: Path) -> None:
    for week in buckets.kept():
        Voice.objects.create(code=week, locator=week, public=b"", own_wrap=b"", week=week, sent_on=clock.today())
    for one in file.parent.glob("week-*"):
        one.unlink()
    with pytest.raises(CannotSeal):
        weeks.latest(LIVES)
    assert list(file.parent.glob("week-*")) == []


@pytest.mark.parametrize("day", [0, 80])
def test_closing_never_lengthens_a_voices_life(scene: Scene, file: Path, day: int) -> None:
    send(scene, Client())
    before, envelope = only()
    with clock.at(clock.today() + timedelta(days=day)):
        actions.close_voice(scene.lu.actor, envelope, key=scene.lu.key)
        soon = buckets.week_of(clock.today() + actions.LIVES_CLOSED)
    after = only()[0].week
    assert after == min(soon, before.week)
    assert (after == before.week) is (day == 80)


def test_after_a_leap_in_time_weeks_end_two_days_later(scene: Scene, file: Path) -> None:
    receipt = send(scene, Client())
    wrong = clock.today() + timedelta(days=2_000)
    with clock.at(wrong):
        send(scene, Client())
        jobs.end_weeks()
        assert file.exists(), "a clock that was wrong for a moment ends nothing, though a voice came in it"
    jobs.end_weeks()
    assert WORDS in come_back(Client(), receipt)
    with clock.at(wrong):
        jobs.end_weeks()
        assert file.exists(), "nor when it is wrong again"
    with clock.at(wrong + timedelta(days=1)):
        jobs.end_weeks()
        assert file.exists()
    with clock.at(wrong + timedelta(days=35)):
        assert jobs.end_weeks() > 0, "a house that stood still goes on, also where the next look is far away"
    assert not file.exists()


def test_whoever_erases_is_told_until_when_older_copies_can_be_opened(scene: Scene) -> None:
    receipt = send(scene, Client())
    first = buckets.last_day(only()[0].week)
    actions.close_voice(scene.lu.actor, only()[1], key=scene.lu.key)
    assert only()[0].ends_on < first
    tablet = Client()
    assert f"with their key, until {written_day(first)}" in come_back(tablet, receipt)
    erased = tablet.post("/voices/erase").content.decode()
    assert f"it lies locked until {written_day(first)}" in erased


@pytest.mark.parametrize("other", [None, bytes(range(32))])
def test_a_lost_salt_is_told_and_not_made_anew(scene: Scene, home: Path, other: bytes | None) -> None:
    receipt = send(scene, Client())
    path = home / "keys" / receipts.SALT
    right = path.read_bytes()
    assert check._keys().ok
    path.unlink()
    if other:
        path.write_bytes(other)
    path.parent.chmod(0o700)
    assert Client().post("/voices/return", {"receipt": receipt}).status_code == 503
    assert Client().post("/voices/new", filled(scene, Client())).status_code == 503
    assert Voice.objects.count() == 1
    assert path.exists() is (other is not None)
    part = check._keys()
    assert not part.ok
    assert receipts.SALT in part.says
    assert receipts.SALT in restore.lost()
    path.write_bytes(right)
    path.chmod(0o600)
    assert check._keys().ok
    assert WORDS in come_back(Client(), receipt)
