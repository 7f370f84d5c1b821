"""Settings are looked at before anything uses them: what cannot be used is named, with what to do."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from withus.core import configuration
from withus.core.configuration import WrongSetting
from withus.public_log import identity


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("WITHUS_")]:
        monkeypatch.delenv(name)


def test_without_any_setting_nothing_is_wrong() -> None:
    assert configuration.wrong() == []
    assert configuration.unread() == {}
    assert configuration.sound_certificate() == ("", "")


@pytest.mark.parametrize(
    ("name", "fit", "unfit"),
    [
        ("WITHUS_THREADS", ["1", "64"], ["0", "-1", "65", "9" * 5000, "\u0663", "1.5"]),
        ("WITHUS_PROCESSES", ["0", "64"], ["-4", "65"]),
    ],
)
def test_numbers_have_bounds(monkeypatch: pytest.MonkeyPatch, name: str, fit: list[str], unfit: list[str]) -> None:
    for value in fit:
        monkeypatch.setenv(name, value)
        assert configuration.number(name) == int(value)
        assert configuration.wrong() == []
    for value in unfit:
        monkeypatch.setenv(name, value)
        assert [one.partition(" ")[0] for one in configuration.wrong()] == [name], value


@pytest.mark.parametrize("value", ["withus.example/log", "withus.example:8443/log", "haus.example/schl\u00fcssel", "x"])
def test_a_log_may_be_called(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("WITHUS_LOG_ORIGIN", value)
    assert configuration.origin("WITHUS_LOG_ORIGIN") == value


@pytest.mark.parametrize("value", ["http://x y", "http://x/log", "x y", "x\u00a0y", "x+y", "x\ny", "x\x7fy"])
def test_a_log_may_not_be_called(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("WITHUS_LOG_ORIGIN", value)
    with pytest.raises(WrongSetting, match="WITHUS_LOG_ORIGIN must be host/path without http://, spaces or plus signs"):
        identity.opening(identity.clock.today())
    assert len(configuration.wrong()) == (value != "http://x/log")  # a log that was opened with it goes on
    assert configuration.wrong(configuration.TOUCHING) == []


@pytest.mark.parametrize(
    "value", ["*", "localhost", ".withus.example", "Withus.Example, 10.0.0.1,[::1]", "a" * 56 + ".onion"]
)
def test_a_host_may_be_called(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("WITHUS_HOSTS", value)
    assert configuration.wrong() == []


@pytest.mark.parametrize(
    "value",
    ["ex ample/#", ",", "http://withus.example", "withus.example:80", "withus.example/", "*.withus.example", "::1",
     "withus.example.", "with_us", "localhost,m\u00fcnchen.example"],
)  # fmt: skip
def test_a_host_that_no_browser_can_ask_for_is_wrong(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("WITHUS_HOSTS", value)
    assert [one.partition(" ")[0] for one in configuration.wrong()] == ["WITHUS_HOSTS"]


@pytest.mark.parametrize("value", ["Mars/Olympus", "Europe", "/etc/passwd", "../x", "\u0663"])
def test_a_time_zone_that_there_is_not_is_wrong(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("WITHUS_TIME_ZONE", value)
    (says,) = configuration.wrong(configuration.LOADING)
    assert says.startswith("WITHUS_TIME_ZONE must be the name of a time zone")


@pytest.mark.parametrize(
    "value", ["mysql://x", "postgresql://u:secret@h:many/d", "postgresql://u:secret@h:99999/d", "postgresql://[::1/d"]
)
def test_an_address_of_no_database_is_wrong_and_its_password_is_not_said(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("WITHUS_DATABASE", value)
    (says,) = configuration.wrong(configuration.LOADING)
    assert says.startswith("WITHUS_DATABASE must begin with sqlite:/// or postgresql://")
    assert "secret" not in says


@pytest.mark.parametrize(
    ("data", "keys", "are_apart"),
    [
        ("data", "keys", True),
        ("data", "data-keys", True),
        ("data", "data", False),
        ("data", "data/keys", False),
        ("keys/data", "keys", False),
        ("link", "data/keys", False),
        ("data", "link", False),
        ("data", "link/../keys", True),
    ],
)
def test_keys_and_data_lie_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: str, keys: str, are_apart: bool
) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "data")
    monkeypatch.setenv("WITHUS_DATA", str(tmp_path / data))
    monkeypatch.setenv("WITHUS_KEYS", str(tmp_path / keys))
    says = configuration.wrong()
    assert (says == []) is are_apart
    assert are_apart or "must lie apart, neither inside the other" in says[0]


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl to make a certificate")
def test_a_certificate_and_its_key_fit_and_have_no_passphrase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one", "other"):
        make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
        files = ["-keyout", tmp_path / f"{name}.key", "-out", tmp_path / f"{name}.pem"]
        subprocess.run([*make.split(), *files], check=True, capture_output=True)
    lock = ["openssl", "ec", "-aes128", "-passout", "pass:long enough", "-in", tmp_path / "one.key"]
    subprocess.run([*lock, "-out", tmp_path / "locked.key"], check=True, capture_output=True)

    monkeypatch.setenv("WITHUS_TLS_CERT", str(tmp_path / "one.pem"))
    assert configuration.wrong() == ["WITHUS_TLS_CERT and WITHUS_TLS_KEY belong together; set both or neither"]
    for key in ("other.key", "locked.key", "one.pem"):
        monkeypatch.setenv("WITHUS_TLS_KEY", str(tmp_path / key))
        assert configuration.wrong() == []  # files are looked into only where they are served with
        with pytest.raises(WrongSetting, match=f"{key} its key without a passphrase"):
            configuration.sound_certificate()
    monkeypatch.setenv("WITHUS_TLS_KEY", str(tmp_path))
    with pytest.raises(WrongSetting, match="WITHUS_TLS_KEY names a file that cannot be read"):
        configuration.sound_certificate()
    monkeypatch.setenv("WITHUS_TLS_KEY", str(tmp_path / "one.key"))
    assert configuration.sound_certificate() == (str(tmp_path / "one.pem"), str(tmp_path / "one.key"))


def test_what_looks_like_a_setting_and_is_none_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    given = ("WITHUS_HOST", "WITHUS_TREADS", "WITHUS_BOGUS", "WITHUS_BENCH_ROUNDS", *configuration.TOOLS)
    for name in (*given, *configuration.SETTINGS):
        monkeypatch.setenv(name, "1")
    found = {"WITHUS_BOGUS": "", "WITHUS_HOST": "WITHUS_HOSTS", "WITHUS_TREADS": "WITHUS_THREADS"}
    assert configuration.unread() == found
