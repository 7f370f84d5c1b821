"""The page on threats: each numbered requirement once, with tests that exist; and some that no other test holds."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from withus.running import bodies

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "threats.md").read_text("utf-8")
NAMED = r"`((?:[a-z_]+/)?test_\w+\.py)(?:::(test_\w+))?`"  # a file of tests, or one test in it
ROWS = re.findall(r"^\| (R\d+)[^|]*\| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)


def missing(text: str) -> list[str]:
    """The tests that a text names and that are not there."""
    found = [(ROOT / "tests" / file, test) for file, test in re.findall(NAMED, text)]
    return [
        f"{file.name}::{test}"
        for file, test in found
        if not file.is_file() or (test and not re.search(rf"^def {test}\(", file.read_text("utf-8"), re.MULTILINE))
    ]


def test_each_requirement_stands_there_once_and_in_order() -> None:
    assert [number for number, _, _ in ROWS] == [f"R{number}" for number in range(1, 56)]


@pytest.mark.parametrize(("number", "state"), [(number, state) for number, _, state in ROWS])
def test_a_requirement_that_holds_names_tests_and_they_exist(number: str, state: str) -> None:
    assert missing(state) == []
    assert re.search(NAMED, state) or state.startswith(("not met", "host's")), f"{number} says what it rests on"
    assert re.match(r"holds|differs|partly|host's|none|not met|own TLS holds", state), f"{number} begins with its state"


def test_every_test_that_the_page_names_exists() -> None:
    assert missing(PAGE) == []
    mentioned = re.findall(r"`[^`]*test_\w+\.py[^`]*`", PAGE)
    assert [one for one in mentioned if not re.fullmatch(NAMED, one)] == [], "each is written so that it is looked for"
    assert missing("`test_threats.py::test_that_nobody_wrote`, `voices/test_nothing.py`") != []


@pytest.mark.parametrize("script", sorted((ROOT / "src/withus/static/js").glob("*.js")), ids=lambda path: path.name)
def test_r2_no_script_keeps_anything_on_a_device(script: Path) -> None:
    kept = r"localStorage|sessionStorage|indexedDB|serviceWorker|document\.cookie|caches\b"
    assert re.findall(kept, script.read_text("utf-8")) == []


def test_r29_no_script_asks_anybody_else() -> None:
    for script in (ROOT / "src/withus/static/js").glob("*.js"):
        assert re.findall(r"https?://|\bfetch\(|XMLHttpRequest|WebSocket|import\(", script.read_text("utf-8")) == []


def test_r38_nobody_is_mailed() -> None:
    assert (settings.ADMINS, settings.MANAGERS) == ([], [])
    handlers = {one["class"] for one in settings.LOGGING["handlers"].values()}
    assert handlers == {"logging.StreamHandler"}


def test_r35_and_r40_the_examples_for_a_host_say_so() -> None:
    assert re.search(r"^HiddenServicePoWDefensesEnabled 1$", (ROOT / "deploy/torrc").read_text(), re.MULTILINE)
    unit = (ROOT / "deploy/withus.service").read_text()
    for line in ("LimitCORE=0", "MemorySwapMax=0", "PrivateTmp=yes"):
        assert f"\n{line}\n" in unit
    denied = " ".join(re.findall(r"^SystemCallFilter=~(.*)$", unit, re.MULTILINE)).split()
    assert {"ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd"} <= set(denied)


def test_the_example_for_a_proxy_lets_speech_and_photos_through() -> None:
    most = re.search(r"max_size (\d+)MB", (ROOT / "deploy/Caddyfile").read_text())
    assert most
    assert int(most[1]) * 1000 * 1000 > bodies.HEARD_OUT > (settings.FILE_UPLOAD_MAX_MEMORY_SIZE or 0), (
        "we say what is too much, not it"
    )


@pytest.mark.parametrize("lock", sorted((ROOT / "requirements").glob("*.lock")), ids=lambda path: path.name)
def test_r54_every_library_is_pinned_with_its_hashes(lock: Path) -> None:
    named = re.split(r"\n(?=\S)", lock.read_text("utf-8").strip())
    wanted = [one for one in named if not one.startswith(("#", "--"))]
    assert wanted
    assert [one.split()[0] for one in wanted if "==" not in one or "--hash=sha256:" not in one] == []
