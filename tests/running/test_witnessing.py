"""Two real houses on this machine: one asks the other to cosign its log, over the wire, by its job alone."""

import json
import shutil
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.running.conftest import SOW, House, refusal
from tests.running.test_commands import ready, stopped


@pytest.fixture
def other(tmp_path: Path) -> House:
    """Another house, with a log of its own."""
    found = House(tmp_path / "other-data", tmp_path / "other-keys")
    found.python(SOW)
    return found


@pytest.fixture
def address(house: House, other: House) -> Iterator[str]:
    """The other house serves, and is a witness of this one's log; this one knows it."""
    house.must("work", "--once")
    (other.keys / "witness.policy").write_text(f"log {key_of(house)}\nquorum none\n")
    process = other.start("up", "--demo", "--port", "0", "--no-work")
    address = ready(process)
    with urllib.request.urlopen(f"{address}witness/key") as answer:
        vkey = answer.read().decode().strip()
    (house.keys / "log.policy").write_text(f"witness other {vkey} {address}witness\nquorum other\n")
    (house.keys / "log.policy").chmod(0o600)
    yield address
    if process.poll() is None:
        assert stopped(process)[0] == 0


def key_of(house: House) -> str:
    """The key of a house's log."""
    return house.python("from withus.public_log import identity; print(identity.key())").strip()


def verified(house: House) -> dict[str, object]:
    """What an outsider finds who wants the other's cosignature, not older than an hour."""
    policy = house.keys / "log.policy"
    words = ["--key", key_of(house), "--policy", str(policy), "--max-age", "3600", "--json"]
    found: dict[str, object] = json.loads(house.run("verify-log", str(house.data / "log"), *words).stdout)
    return found


def log_part(house: House) -> tuple[bool, str]:
    """What check says of the log."""
    found = json.loads(house.run("check", "--json").stdout)
    return next((one["ok"], one["says"]) for one in found if one["part"] == "log")


def test_one_house_cosigns_for_the_other_and_stops_it_when_it_comes_back_older(
    house: House, address: str, tmp_path: Path
) -> None:
    assert verified(house)["ok"] is False
    house.must("work", "--once")
    first = verified(house)
    assert first["ok"] is True
    assert "1 of 1 witnesses signed within two days: other 2" in log_part(house)[1]
    shutil.copytree(house.data, tmp_path / "older")
    house.must("steward-add")
    house.must("work", "--once")
    second = verified(house)
    assert second["ok"] is True
    assert second["size"] == int(str(first["size"])) + 1

    shutil.rmtree(house.data)
    shutil.copytree(tmp_path / "older", house.data)
    for guard in house.keys.glob("anchor-*"):
        guard.unlink()  # with its guard lost, only the witness can tell
    house.must("steward-add")
    house.must("steward-add")
    house.must("work", "--once")
    assert verified(house)["ok"] is False

    shutil.rmtree(house.data)
    shutil.copytree(tmp_path / "older", house.data)
    for guard in house.keys.glob("anchor-*"):
        guard.unlink()
    house.python(
        "from withus.public_log.models import LogCosigned\n"
        "import datetime\n"
        "LogCosigned.objects.update(asked_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))"
    )
    house.must("work", "--once")
    is_well, says = log_part(house)
    assert not is_well
    assert "this instance has signed" in says
    assert "It says that it has signed" in says
    assert house.run("steward-add").returncode != 0


@pytest.mark.soak
def test_a_house_whose_witness_is_away_goes_on(house: House, address: str) -> None:
    policy = house.keys / "log.policy"
    policy.write_text(policy.read_text().replace(address, "http://127.0.0.1:9/"))
    house.must("work", "--once")
    house.must("steward-add")
    house.must("work", "--once")
    is_well, says = log_part(house)
    assert not is_well
    assert "It did not answer." in says


@pytest.mark.soak
def test_a_house_that_does_not_know_us_says_so(house: House, other: House, address: str) -> None:
    (other.keys / "witness.policy").unlink()
    house.must("work", "--once")
    assert "It does not know this log." in log_part(house)[1]
    assert refusal(house.run("continue-log")) == (
        1,
        "The log holds everything that was signed. It goes on under its own name.",
    )
