"""Every command: what it ends with, and the one sentence it says when it can't."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import DatabaseError
from tests.running.conftest import House, refusal

from withus.policy.rules import POLICY
from withus.running import trouble

COMMANDS = (
    "up", "demo", "work", "steward-add", "check", "backup", "backup-keys", "restore", "upgrade", "copy-to",
    "verify-log", "rotate-log-key", "continue-log", "permissions", "urls", "import-polis", "export-polis", "opinion",
    "messages",
)  # fmt: skip


def ready(process: "subprocess.Popen[str]") -> str:
    """The address that a server says, once it is ready."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("Withus is ready: "):
            return line.removeprefix("Withus is ready: ").strip()
    raise AssertionError(process.communicate()[1])


def stopped(process: "subprocess.Popen[str]", number: int = signal.SIGTERM) -> tuple[int, str]:
    """Stops a server; its exit code and what it complained about."""
    process.send_signal(number)
    _, complaints = process.communicate(timeout=30)
    return process.returncode, complaints


def test_help_names_every_command(empty: House) -> None:
    said = empty.must("--help")

    assert [name for name in COMMANDS if f"    {name} " not in said and f"    {name}\n" not in said] == []


def test_help_does_not_wait_for_django() -> None:
    asked = "import sys\nfrom withus.cli import main\ntry: main(['--help'])\nfinally: print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=False)
    assert done.stdout.endswith("False\n"), done.stderr


def test_check_where_nothing_was_ever_started_says_how_to_start(empty: House) -> None:
    assert "start one with: withus up" in refusal(empty.run("check"))[1]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["dance"],
        ["up", "--port", "x"],
        ["up", "--port", "70000"],
        ["up", "--dem"],
        ["backup"],
        ["restore", "x"],
        ["demo", "extra"],
        ["import-polis", "here"],
        ["verify-log", "/tmp"],
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2_and_one_line(empty: House, words: list[str]) -> None:
    assert refusal(empty.run(*words))[0] == 2
    assert not empty.data.exists()


@pytest.mark.parametrize(
    "words",
    [["work", "--once"], ["steward-add"], ["backup", "x"], ["upgrade"], ["copy-to", "sqlite:////x"]],
    ids=" ".join,
)
def test_without_a_house_there_is_nothing_to_do(empty: House, words: list[str]) -> None:
    code, sentence = refusal(empty.run(*words))

    assert code == 1
    assert sentence == f"there is no Withus in {empty.data}; start one with: withus up"
    assert not empty.data.exists()


@pytest.mark.parametrize(
    "setting",
    [
        {"WITHUS_TODAY": "soon"},
        {"WITHUS_BEHIND_PROXY": "maybe"},
        {"WITHUS_DATABASE": "mysql://x"},
        {"WITHUS_THREADS": "many"},
        {"WITHUS_THREADS": "0"},
        {"WITHUS_PROCESSES": "-4"},
        {"WITHUS_HOSTS": "ex ample/#"},
        {"WITHUS_HOSTS": ","},
        {"WITHUS_LOG_ORIGIN": "http://x y"},
        {"WITHUS_LOG_ORIGIN": "https://withus.example/log"},
        {"WITHUS_TIME_ZONE": "Mars/Olympus"},
        {"WITHUS_ONION": "x.onion"},
        {"WITHUS_TLS_CERT": "/nowhere/cert.pem"},
        {"WITHUS_TLS_KEY": "/nowhere/key.pem"},
        {"WITHUS_TLS_CERT": "/nowhere/cert.pem", "WITHUS_TLS_KEY": "/nowhere/key.pem"},
        {"WITHUS_TLS_CERT": __file__, "WITHUS_TLS_KEY": __file__},
    ],
    ids=lambda setting: " ".join(setting.values()) if len(setting) == 1 else "TLS",
)
def test_a_setting_that_cannot_be_used_ends_with_2_before_anything_is_made(
    empty: House, setting: dict[str, str]
) -> None:
    done = empty.run("up", "--port", "0", **setting)

    code, sentence = refusal(done)
    assert (code, done.stdout) == (2, "")
    assert next(iter(setting)) in sentence or "WITHUS_TLS" in sentence
    assert not empty.data.exists()


_FOR_UP = {
    "WITHUS_HOSTS": "withus.example:443,with_us",
    "WITHUS_PROCESSES": "65",
    "WITHUS_THREADS": "many",
    "WITHUS_ONION": "x.onion",
    "WITHUS_BEHIND_PROXY": "maybe",
    "WITHUS_TLS_KEY": "/nowhere/key.pem",
    "WITHUS_LOG_ORIGIN": "https://withus.example/log x",
}


def test_settings_of_the_server_stop_nothing_but_the_server(house: House, empty: House, tmp_path: Path) -> None:
    house.more = empty.more = _FOR_UP
    house.must("work", "--once")
    house.must("backup", str(tmp_path / "saved"))
    house.must("verify-log")
    empty.must("restore", str(tmp_path / "saved"), "--data", str(empty.data))
    assert refusal(house.run("up", "--demo", "--port", "0"))[0] == 2


def test_the_name_of_a_log_that_has_one_stops_no_server(house: House) -> None:
    server = house.start("up", "--demo", "--port", "0", WITHUS_LOG_ORIGIN="https://withus.example/log")
    ready(server)
    assert stopped(server) == (0, "")


def test_what_looks_at_no_data_asks_no_setting(empty: House, tmp_path: Path) -> None:
    votes = tmp_path / "votes.csv"
    votes.write_text("participant_id,statement_id,vote\n" + "".join(f"{n},{n % 3},1\n" for n in range(30)))
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    empty.more = {**_FOR_UP, "WITHUS_TODAY": "2027-01-01", "WITHUS_DATABASE": nowhere, "WITHUS_KEYS": str(empty.data)}
    for today in ("2027-01-01", "soon"):
        empty.must("opinion", str(votes), "--out", str(tmp_path / today), WITHUS_TODAY=today)
        empty.must("permissions", WITHUS_TODAY=today)
    assert (tmp_path / "soon" / "map.svg").stat().st_mode & 0o777 == 0o666 & ~_umask()


def _umask() -> int:
    os.umask(mask := os.umask(0))
    return mask


@pytest.mark.parametrize("words", [["steward-add"], ["rotate-log-key"], ["draw-maps"], ["verify-log"]], ids=" ".join)
def test_every_command_keeps_what_it_makes_to_us_but_the_published_log(house: House, words: list[str]) -> None:
    house.data.chmod(0o755)
    for name in ("edition", "withus.sqlite3.gate", "withus.sqlite3-wal", "withus.sqlite3-shm"):
        (house.data / name).unlink(missing_ok=True)
    house.must(*words)
    log = house.data / "log"
    modes = {path: path.stat().st_mode & 0o777 for path in house.data.rglob("*")}
    private = {path: mode for path, mode in modes.items() if not path.is_relative_to(log) and path.is_file()}
    assert {path: mode for path, mode in private.items() if mode & 0o077} == {}
    assert {mode for path, mode in modes.items() if path.is_relative_to(log) and path.is_file()} == {0o644}
    assert {mode for path, mode in modes.items() if path.is_relative_to(log) and path.is_dir()} == {0o755}


def test_a_restored_log_can_be_read_by_whoever_is_let_in(house: House, empty: House, tmp_path: Path) -> None:
    house.must("work", "--once")
    house.must("backup", str(tmp_path / "saved"))
    empty.must("restore", str(tmp_path / "saved"), "--data", str(empty.data))
    log = empty.data / "log"
    assert {path.stat().st_mode & 0o777 for path in log.rglob("*") if path.is_file()} == {0o644}
    assert {path.stat().st_mode & 0o777 for path in (log, log / "tile")} == {0o755}
    assert empty.data.stat().st_mode & 0o777 == 0o700


def test_only_sqlites_words_say_that_a_file_is_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = DatabaseError("malformed array literal")
    for vendor, says in (("sqlite", "restore the newest back-up"), ("postgresql", "run: withus upgrade")):
        monkeypatch.setattr(trouble, "connection", SimpleNamespace(vendor=vendor))
        assert says in trouble.explained(problem)[1]


def test_another_server_is_asked_for_its_settings_too_and_keeps_to_us(empty: House) -> None:
    wsgi = [sys.executable, "-c", "import os, withus.wsgi; print(os.umask(0))"]
    done = subprocess.run(wsgi, env=empty.environment(), capture_output=True, text=True, timeout=60)
    assert done.stdout == f"{0o077}\n"
    wrong = empty.environment(WITHUS_BEHIND_PROXY="maybe")
    done = subprocess.run(wsgi, env=wrong, capture_output=True, text=True, timeout=60)
    assert "WITHUS_BEHIND_PROXY must be yes or no" in done.stderr


@pytest.mark.parametrize("place", ["data", "data/keys", "."])
@pytest.mark.parametrize("words", [["up", "--port", "0"], ["work", "--once"], ["backup"]], ids=" ".join)
def test_keys_and_data_inside_each_other_are_refused(house: House, place: str, words: list[str]) -> None:
    (house.data.parent / "linked").symlink_to(house.data.parent / place)
    house.keys, saved = house.data.parent / "linked", house.data.parent / "saved.tar.gz"

    code, sentence = refusal(house.run(*words, *([str(saved)] if words == ["backup"] else [])))

    assert (code, "must lie apart" in sentence) == (2, True)
    assert not saved.exists()


def test_the_day_is_held_for_the_demo_only(house: House, empty: House) -> None:
    assert refusal(empty.run("up", WITHUS_TODAY="2027-01-01"))[0] == 2
    assert refusal(empty.run("check", WITHUS_TODAY="2027-01-01"))[0] == 2
    assert "2027-01-01" in house.run("check", "--json", WITHUS_TODAY="2027-01-01").stdout
    house.must("permissions", WITHUS_TODAY="2027-01-01")
    bend(house, "UPDATE withus_instance SET is_demo = false")
    for words in (["up", "--demo", "--port", "0"], ["work", "--once"], ["urls"], ["demo", "--json"]):
        assert refusal(house.run(*words, WITHUS_TODAY="2027-01-01"))[0] == 2, words
    assert refusal(house.run("up", "--demo", "--port", "0"))[0] == 1


def test_a_folder_that_was_there_before_holds_nothing_that_others_can_read(empty: House) -> None:
    empty.data.mkdir()
    empty.data.chmod(0o755)
    server = empty.start("up", "--port", "0")
    ready(server)
    empty.must("work", "--once")
    assert stopped(server) == (0, "")

    made = [path for path in empty.data.rglob("*") if path.is_file()]
    assert (empty.data / "withus.sqlite3") in made
    log = empty.data / "log"
    assert [path for path in made if path.stat().st_mode & 0o077 and not path.is_relative_to(log)] == []


def test_a_house_without_anything_prints_its_set_up_address_once(empty: House) -> None:
    server = empty.start("up", "--port", "0")
    assert server.stdout is not None
    first = server.stdout.readline()
    address = first.rpartition(" ")[2].strip()
    where = ready(server)

    assert first.startswith("Set this instance up, once: ")
    assert address.startswith(f"{where}setup/")
    assert urllib.request.urlopen(address).status == 200
    assert urllib.request.urlopen(f"{where}healthz").read() == b"ok"
    assert stopped(server) == (0, "")


def test_the_demo_starts_stops_and_starts_again(house: House) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        server = house.start("up", "--demo", "--port", "0")
        where = ready(server)
        page = urllib.request.urlopen(f"{where}processes/LONDON/").read().decode()
        assert "CC BY 4.0" in page
        assert urllib.request.urlopen(f"{where}readyz").status == 200
        assert stopped(server, number) == (0, "")


def test_a_second_start_on_the_same_data_or_port_is_told_so(house: House, empty: House) -> None:
    server = house.start("up", "--demo", "--port", "0", "--no-work")
    port = ready(server).rstrip("/").rpartition(":")[2]

    code, sentence = refusal(house.run("up", "--demo", "--port", "0"))
    assert (code, sentence.partition(";")[0]) == (3, "Withus runs on this data folder already")
    code, sentence = refusal(empty.run("up", "--demo", "--port", port))
    assert (code, "stop what runs there" in sentence) == (3, True)
    assert refusal(house.run("upgrade"))[0] == 3
    assert not empty.data.exists()
    assert stopped(server) == (0, "")


def test_the_demos_accounts_are_listed_one_for_each_role(house: House, empty: House) -> None:
    accounts = json.loads(house.must("demo", "--json"))

    assert [one["role"] for one in accounts] == [
        "peer", "peer_worker", "peer_editor", "org_steward", "body_secretary", "duty_bearer", "referral_desk", "reader",
        "instance_steward",
    ]  # fmt: skip
    assert {frozenset(one) for one in accounts} == {frozenset({"role", "pseudonym", "passphrase", "speaks_for"})}
    assert {len(one["passphrase"].split()) for one in accounts} == {7}
    assert refusal(empty.run("demo", "--json"))[0] == 1


def test_the_permission_table_is_printed_whole(empty: House) -> None:
    lines = json.loads(empty.must("permissions", "--json"))

    assert [one["action"] for one in lines] == [action.value for action in POLICY]
    assert {frozenset(one) for one in lines} == {frozenset({"action", "sentence", "roles", "trace", "reason_no"})}
    assert len(empty.must("permissions").splitlines()) == len(POLICY)


def test_every_address_says_its_methods_and_roles(empty: House) -> None:
    found = {one["name"]: one for one in json.loads(empty.must("urls", "--json"))}

    everyone = [
        "visitor", "contributor", "peer", "peer_worker", "peer_editor", "org_steward", "body_secretary", "duty_bearer",
        "referral_desk", "reader", "instance_steward",
    ]  # fmt: skip
    process = {"url": "/processes/CODE/", "name": "process", "methods": ["GET", "HEAD"], "roles": everyone}
    assert found["process"] | {"methods": ["GET", "HEAD"]} == process
    assert found["back_up"] == {
        "url": "/running/back-up",
        "name": "back_up",
        "methods": ["POST"],
        "roles": ["instance_steward"],
    }


def test_a_new_steward_is_added_at_the_console_and_the_log_says_so(house: House) -> None:
    before = house.log()["size"]

    said = house.must("steward-add")

    assert "/setup/" in said
    assert house.log()["size"] == before + 1


def test_polis_files_go_in_and_come_out(house: House, tmp_path: Path) -> None:
    out = tmp_path / "out"
    house.must("export-polis", "BREXIT", "--out", str(out))
    names = sorted(path.name for path in out.iterdir())
    assert names == ["comments.csv", "participants-votes.csv", "summary.csv", "votes.csv"]

    assert refusal(house.run("export-polis", "BREXIT", "--out", str(out)))[0] == 1
    assert refusal(house.run("export-polis", "NONE", "--out", str(tmp_path)))[0] == 1
    code, sentence = refusal(house.run("import-polis", str(out), "--process", "LONDON"))
    assert (code, sentence) == (1, "This process has statements already. Import into a new one.")
    assert refusal(house.run("import-polis", str(tmp_path / "none"), "--process", "LONDON"))[0] == 3


def test_the_own_log_and_its_published_copy_are_verified_alike(house: House) -> None:
    house.must("work", "--once")
    own = house.log()
    assert own["ok"]

    copy = house.data / "log"
    key = house.python("from withus.public_log.queries import public_key; print(public_key())").strip()
    found = json.loads(house.must("verify-log", str(copy), "--key", key, "--json"))
    assert (found["ok"], found["size"], found["root"]) == (True, own["size"], own["root"])
    foreign = key.replace(key[-12:], "A" * 12)
    assert house.run("verify-log", str(copy), "--key", foreign).returncode in {1, 2}
    assert refusal(house.run("verify-log", "/nowhere", "--key", key))[0] == 3


def bend(house: House, sql: str) -> None:
    """Changes a house's database by hand."""
    house.python(f"from django.db import connection; connection.cursor().execute({sql!r})")


def test_a_row_that_was_changed_by_hand_is_named_by_its_entry_and_a_restore_of_it_too(
    house: House, tmp_path: Path
) -> None:
    house.must("verify-log")
    bend(house, "UPDATE withus_service SET name = 'Elsewhere'")
    bend(house, "DELETE FROM withus_site WHERE id = (SELECT MAX(id) FROM withus_site)")
    bent = house.run("verify-log", "--json")
    found = {one["what"].partition(" of ")[0]: one for one in json.loads(bent.stdout)["errors"]}
    assert bent.returncode == 1
    assert "name in its row differs, changed beside the log" in found["service.opened"]["what"]
    assert "a record without its row, which was deleted" in found["site.opened"]["what"]
    assert all(isinstance(one["index"], int) for one in found.values())
    plain = house.run("verify-log")
    assert plain.returncode == 1
    assert "name in its row differs" in plain.stdout + plain.stderr
    house.must("backup", str(tmp_path / "bent.tar.gz"))
    restored = house.run("restore", str(tmp_path / "bent.tar.gz"), "--data", str(tmp_path / "again"))
    assert restored.returncode == 1
    assert "changed beside the log" in restored.stderr


def test_a_database_that_is_away_is_a_sentence(house: House) -> None:
    house.database = "postgresql://nobody@127.0.0.1:1/none"

    for words in (["check"], ["work", "--once"], ["up", "--port", "0"], ["verify-log"]):
        done = house.run(*words)
        assert done.returncode in {1, 3}, words
        assert len(done.stderr.splitlines()) <= 1


def test_output_that_nobody_reads_is_no_error(empty: House) -> None:
    shell = f"{sys.executable} -m withus permissions --json | head -1"
    done = subprocess.run(shell, shell=True, env=empty.environment(), capture_output=True, text=True)

    assert (done.stdout, done.stderr) == ("[\n", "")
