"""The steward's pages about the house: for its steward alone, true, and with a word beside every color."""

import datetime
from pathlib import Path

import pytest
from django.test import Client
from tests import cast
from tests.public_log.test_publish import roll_back

from withus.core import clock, configuration
from withus.policy.facts import Role
from withus.public_log import publish
from withus.running import actions, backup, check, jobs, queries
from withus.running.models import BackUp, JobRun

PAGES = ("/running/", "/running/jobs", "/running/back-ups")
pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> cast.Cast:
    """Everybody."""
    return cast.come_in()


@pytest.mark.parametrize("page", PAGES)
def test_only_the_houses_steward_opens_its_pages(people: cast.Cast, page: str) -> None:
    assert cast.browser(people.hedy).get(page).status_code == 200

    for who in (None, people.ana, people.lu, people.mina, people.cem):
        answer = cast.browser(who).get(page)
        assert answer.status_code == 403
        assert "data-reason" in answer.content.decode()


def test_hedy_asks_for_a_back_up_and_the_background_makes_it(
    people: cast.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []

    def write(target: Path, says: object) -> int:
        written.append(target.name)
        return 1234

    monkeypatch.setattr(backup, "write", write)
    hedy = cast.browser(people.hedy)

    assert hedy.post("/running/back-up").status_code == 302
    assert hedy.post("/running/back-up").status_code == 302  # pressed twice: one back-up
    assert "being made" in hedy.get("/running/back-ups").content.decode()
    assert jobs.make_back_ups() == 1
    assert jobs.make_back_ups() == 0

    made = BackUp.objects.get()
    assert (made.percent, made.bytes, made.error, [made.file]) == (100, 1234, "", written)
    page = hedy.get("/running/back-ups").content.decode()
    assert made.file in page
    assert "Make a back-up now" in page


def test_ana_cannot_ask_for_a_back_up(people: cast.Cast) -> None:
    assert cast.browser(people.hedy).post("/running/back-up").status_code == 302
    BackUp.objects.all().delete()

    assert cast.browser(people.ana).post("/running/back-up").status_code == 403
    assert not BackUp.objects.exists()


def test_a_back_up_that_finds_no_room_says_so_and_the_next_one_may_be_asked_for(
    people: cast.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(target: Path, says: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "write", full)
    hedy = cast.browser(people.hedy)
    hedy.post("/running/back-up")
    jobs.make_back_ups()

    page = hedy.get("/running/back-ups").content.decode()
    assert "No space left on device" in page
    assert "Make a back-up now" in page


def test_a_whole_file_of_a_killed_worker_is_not_made_again(people: cast.Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = actions.back_up(people.hedy.actor, queries.house(people.hedy.actor))
    backup.folder().mkdir(parents=True, exist_ok=True)
    target = backup.folder() / f"withus-{wanted.asked_on}-{wanted.code}.tar.gz"
    target.write_bytes(b"whole")
    monkeypatch.delattr(backup, "write")

    jobs.make_back_ups()

    assert BackUp.objects.get().bytes == 5
    target.unlink()


def test_back_ups_older_than_thirty_days_go(people: cast.Cast) -> None:
    import os

    backup.folder().mkdir(parents=True, exist_ok=True)
    ages = {"new.tar.gz": 1, "old.tar.gz": 31}
    for name, days in ages.items():
        (backup.folder() / name).write_bytes(b"")
        moment = (clock.now() - datetime.timedelta(days=days)).timestamp()
        os.utime(backup.folder() / name, (moment, moment))

    assert jobs.drop_old_back_ups() == 1
    assert [path.name for path in backup.folder().glob("*.tar.gz")] == ["new.tar.gz"]
    (backup.folder() / "new.tar.gz").unlink()


def test_an_overdue_job_is_said_with_a_word(people: cast.Cast) -> None:
    started = clock.now() - datetime.timedelta(days=3)
    JobRun.objects.create(name="deliberation.release", started_at=started, milliseconds=5, did=2)
    JobRun.objects.create(name="deliberation.seal", started_at=clock.now(), milliseconds=5, did=0, error="ValueError")

    page = cast.browser(people.hedy).get("/running/jobs").content.decode()

    assert "overdue" in page
    assert "failed" in page
    assert "not run yet" in page


def test_what_is_still_to_come_is_neither_well_nor_bad_and_the_disk_is_said_once(people: cast.Cast) -> None:
    page = cast.browser(people.hedy).get("/running/").content.decode()

    row = page.partition('<th scope="row">back-up<br>')[2].partition("</tr>")[0]
    assert "not yet" in row
    assert "well" not in row
    assert page.count(" GB of ") == 1
    assert " MB of " not in page


@pytest.mark.parametrize("page", [*PAGES, "/log/", "/log/entries/0"])
def test_a_log_that_is_not_what_it_was_is_said_on_top(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setenv("WITHUS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("WITHUS_KEYS", str(tmp_path / "keys"))
    people = cast.come_in()
    publish.publish()
    before = cast.browser(people.hedy).get(page).content.decode()
    roll_back(1)
    after = cast.browser(people.hedy).get(page).content.decode()

    assert ("This log cannot be trusted now." in before, "This log cannot be trusted now." in after) == (False, True)
    assert "Nobody can change or cut it" not in after
    if page == "/log/":
        assert "Nobody can change or cut it" in before


def test_monitors_ask_without_a_cookie(monkeypatch: pytest.MonkeyPatch) -> None:
    configuration.folder("WITHUS_DATA").mkdir(parents=True, exist_ok=True)
    health, ready = Client().get("/healthz"), Client().get("/readyz")

    assert (health.status_code, health.content) == (200, b"ok")
    assert [line.split()[1] for line in ready.content.decode().splitlines()] == [
        "database",
        "migrations",
        "disk",
        "log",
    ]

    monkeypatch.setattr(check, "essential", lambda: [check.Part("disk", False, "full")])
    broken = Client().get("/readyz")
    assert (broken.status_code, broken.content) == (503, b"bad disk\n")


def test_an_instances_steward_is_meant_not_an_organisations(people: cast.Cast) -> None:
    assert Role.INSTANCE_STEWARD in people.hedy.actor.roles
    assert people.lu.actor.roles == {Role.ORG_STEWARD}
