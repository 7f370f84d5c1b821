"""Is the house well? Each part says so, and what is bad says what to do."""

import datetime
import json
import sqlite3

import pytest
from tests.running.conftest import House

from withus.core import clock
from withus.people.models import Instance
from withus.running import check, queries
from withus.running.models import BackUp, JobRun
from withus.voices.enclosing import making

PARTS = ["settings", "database", "migrations", "keys", "data", "weeks", "retention", "clock", "disk"]
PARTS += ["sandbox", "jobs", "back-up", "log"]


def parts(house: House) -> dict[str, tuple[bool, str]]:
    """What check says of each part."""
    return {one["part"]: (one["ok"], one["says"]) for one in json.loads(house.run("check", "--json").stdout)}


def test_a_fresh_house_is_well(house: House) -> None:
    found = json.loads(house.must("check", "--json"))

    assert [one["part"] for one in found] == PARTS
    assert [one for one in found if not one["ok"]] == []
    assert {tuple(one) for one in found} == {("part", "ok", "says")}


@pytest.mark.parametrize(
    ("open_doors", "says"),
    [([], "can reach nothing else"), (["signals", "memory"], "reach on this system: signals, memory")],
)
def test_what_a_decoder_could_reach_is_said(monkeypatch: pytest.MonkeyPatch, open_doors: list[str], says: str) -> None:
    monkeypatch.setattr(making, "open_doors", lambda: open_doors)
    part = check._sandbox()
    assert says in part.says
    assert part.ok, "a host cannot change what its system lacks"


def test_keys_that_others_can_read_are_bad(house: House) -> None:
    house.keys.chmod(0o755)
    assert house.run("check").returncode == 1
    assert parts(house)["keys"] == (False, "Others may read keys. Run: chmod -R go= on the key folder.")


def test_keys_in_the_data_folder_are_bad(house: House) -> None:
    house.keys.rename(house.data / "keys")
    house.keys = house.data / "keys"
    assert not parts(house)["keys"][0]


def test_keys_around_the_data_folder_are_bad(house: House) -> None:
    house.keys = house.data.parent
    is_well, says = parts(house)["keys"]
    assert (is_well, "must lie apart" in says) == (False, True)


def test_data_that_others_can_read_is_bad(house: House) -> None:
    well = (True, "Only this account can read the data.")
    assert parts(house)["data"] == well
    house.data.chmod(0o755)
    (house.data / "log").chmod(0o755)
    assert parts(house)["data"] == well, "what is private there is closed itself"
    (house.data / "table.csv").touch()
    (house.data / "table.csv").chmod(0o640)
    assert house.run("check").returncode == 1
    closing = f"Others may read the data. Run: chmod -R go= {house.data}"
    assert parts(house)["data"] == (False, f"{closing}/table.csv")
    house.data.chmod(0o777)
    assert parts(house)["data"] == (False, closing)


def test_a_database_elsewhere_that_others_can_read_is_bad(house: House) -> None:
    place = house.data.parent / "elsewhere.sqlite3"
    house.must("copy-to", f"sqlite://{place}")
    house.database = f"sqlite://{place}"
    assert parts(house)["data"][0]
    place.chmod(0o644)
    assert parts(house)["data"] == (False, f"Others may read the data. Run: chmod -R go= {place}")


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ({"WITHUS_THREADS": "0"}, "WITHUS_THREADS must be a whole number from 1"),
        ({"WITHUS_PROCESSES": "-4"}, "WITHUS_PROCESSES must be a whole number from 0"),
        ({"WITHUS_LOG_ORIGIN": "http://x y"}, "WITHUS_LOG_ORIGIN must be host/path"),
        ({"WITHUS_HOSTS": "ex ample/#"}, "WITHUS_HOSTS must be names like"),
        ({"WITHUS_BEHIND_PROXY": "maybe"}, "WITHUS_BEHIND_PROXY must be yes or no"),
        ({"WITHUS_ONION": "http://x.onion"}, "WITHUS_ONION must be a name of 56"),
        ({"WITHUS_TODAY": "soon"}, "WITHUS_TODAY must be a day"),
        ({"WITHUS_TIME_ZONE": "Mars"}, "WITHUS_TIME_ZONE must be the name of a time zone"),
        ({"WITHUS_DATABASE": "mysql://x"}, "WITHUS_DATABASE must begin with"),
        ({"WITHUS_DATABASE": "mysql://x", "WITHUS_THREADS": "0"}, "; WITHUS_THREADS must be"),
        ({"WITHUS_TLS_KEY": "/nowhere/key.pem"}, "set both or neither"),
        ({"WITHUS_TLS_CERT": "/nowhere/c", "WITHUS_TLS_KEY": "/nowhere/k"}, "a file that cannot be read: /nowhere/c"),
    ],
    ids=lambda given: "",
)
def test_a_setting_that_cannot_be_used_is_bad(house: House, setting: dict[str, str], says: str) -> None:
    house.more = setting
    is_well, said = parts(house)["settings"]
    assert (is_well, says in said) == (False, True), said
    done = house.run("check")
    assert (done.returncode, done.stdout.startswith("BAD settings: "), done.stderr) == (1, True, "")


def test_a_log_that_has_its_name_keeps_it_whatever_the_setting_says(house: House) -> None:
    house.more = {"WITHUS_LOG_ORIGIN": "https://withus.example/log"}
    is_well, says = parts(house)["settings"]
    assert (is_well, says.endswith("A log that has its name keeps it.")) == (True, True)


def test_a_name_that_is_no_setting_is_noted_with_the_setting_that_may_be_meant(house: House) -> None:
    house.more = {
        "WITHUS_HOST": "withus.example",
        "WITHUS_BOGUS": "1",
        "WITHUS_SOAK": "yes",
        "WITHUS_BENCH_ROUNDS": "1",
    }
    names = "WITHUS_BOGUS, WITHUS_HOST (did you mean WITHUS_HOSTS?)"
    says = f"No setting has this name, so nothing reads it: {names}. See docs/configuration.md"
    assert parts(house)["settings"] == (True, says)
    assert house.must("check").splitlines()[0] == f"note settings: {says}"


def test_a_week_that_is_over_and_has_its_key_is_bad_until_the_job_has_run(house: House) -> None:
    (house.keys / "week-2020-W01.key").write_bytes(bytes(32))
    (house.keys / "week-2020-W01.key").chmod(0o600)
    is_well, says = parts(house)["weeks"]
    assert not is_well
    assert "2020-W01" in says
    house.must("work", "--once")
    is_well, says = parts(house)["weeks"]
    assert is_well
    assert says.startswith("No week that is over has a key. Ended weeks were last looked after on ")


def test_a_job_that_ends_data_and_stands_still_is_named_by_the_command_itself(house: House) -> None:
    house.must("work", "--once")
    house.must("check")
    stand_still = ["people.end_terms", "people.forget_ended", "public_log.enter_what_peers_did", "reports.end"]
    stand_still += ["voices.end_slips", "voices.end_sources", "voices.end_weeks"]
    connection = sqlite3.connect(house.data / "withus.sqlite3")
    long_ago = (clock.now() - datetime.timedelta(days=40)).isoformat(" ")
    connection.execute("UPDATE withus_instance SET set_up_on = '2026-01-01'")
    for name in stand_still:
        connection.execute("UPDATE withus_jobrun SET started_at = ? WHERE name = ?", (long_ago, name))
    assert connection.total_changes == 1 + len(stand_still)
    connection.commit()
    connection.close()

    assert house.run("check").returncode == 1
    found = parts(house)
    assert {name: found[name][0] for name in ("weeks", "retention", "jobs")} == dict.fromkeys(
        ("weeks", "retention", "jobs"), False
    )
    named = ", ".join(stand_still)
    assert f"longer than promised: {named} did not run" in found["retention"][1]
    assert found["jobs"][1] == f"Overdue: {named}. Run: withus work"
    assert found["weeks"][1].startswith("Nobody looks after the weeks that end. Run: withus work Ended weeks were last")


def test_a_database_without_a_guard_of_the_log_is_bad(house: House) -> None:
    connection = sqlite3.connect(house.data / "withus.sqlite3")
    connection.execute("DROP TRIGGER withus_log_entry_no_update")
    connection.commit()
    connection.close()

    assert not parts(house)["log"][0]


def test_a_part_that_breaks_while_it_is_looked_at_is_bad_and_the_others_are_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def _disk() -> check.Part:
        raise OSError("the disk\nis gone")

    found = check._parts(_disk, lambda: check.Part("other", True, "well"))

    assert found == [check.Part("disk", False, "the disk is gone"), check.Part("other", True, "well")]


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "ok"), [(0, True), (6, True), (7, False)])
def test_a_back_up_of_a_week_ago_is_too_old(days: int, ok: bool) -> None:
    made_at = clock.now() - datetime.timedelta(days=days)
    BackUp.objects.create(asked_on=clock.today(), made_at=made_at)

    assert check._back_up().ok is ok


@pytest.mark.django_db
def test_no_back_up_is_bad_from_the_second_day_on() -> None:
    instance = Instance.objects.create(host_name="Here", set_up_on=clock.today())
    assert check._back_up() == check.NotYet("back-up", True, "There is no back-up yet. Run: withus backup FILE")

    instance.set_up_on -= datetime.timedelta(days=1)
    instance.save()
    assert check._back_up() == check.Part("back-up", False, "There is no back-up yet. Run: withus backup FILE")


@pytest.mark.django_db
def test_a_clock_that_ran_back_is_seen() -> None:
    assert check._clock().ok
    later = clock.now() + datetime.timedelta(hours=2)
    JobRun.objects.create(name="a.job", started_at=later, milliseconds=1, did=0)
    assert not check._clock().ok


def test_a_disk_is_low_under_half_a_gigabyte_or_a_twentieth() -> None:
    assert not queries.Disk(free=600_000_000, total=10_000_000_000, used_by_us=1).is_low
    assert queries.Disk(free=400_000_000, total=5_000_000_000, used_by_us=1).is_low
    assert queries.Disk(free=40_000_000_000, total=1_000_000_000_000, used_by_us=1).is_low
