"""An outsider takes a copy of a live log with the file that the house hands out, and checks it without the house."""

import subprocess
import sys
import urllib.request
from pathlib import Path

from tests.running.conftest import House, refusal
from tests.running.test_commands import ready, stopped


def test_a_live_log_is_saved_and_checked_without_the_house(house: House, tmp_path: Path) -> None:
    def check(*words: str) -> int:
        command = [sys.executable, "-I", str(tmp_path / "verifier.py"), *words]
        return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode

    copy = tmp_path / "copy"
    house.must("work", "--once")
    process = house.start("up", "--demo", "--port", "0", "--no-work")
    address = f"{ready(process)}log"
    with urllib.request.urlopen(f"{address}/key") as answer:
        key = answer.read().decode().strip()
    with urllib.request.urlopen(f"{address}/verifier.py") as answer:
        (tmp_path / "verifier.py").write_bytes(answer.read())
    elsewhere = house.run("verify-log", address.removesuffix("log"), "--key", key)
    saved = check(address, "--key", key, "--save", str(copy))
    gone = check(str(tmp_path), "--key", key, "--checkpoint", str(copy / "checkpoint"))
    taken = house.run("verify-log", address, "--key", key, "--save", str(tmp_path / "copy-2"))
    assert stopped(process)[0] == 0

    code, sentence = refusal(elsewhere)
    assert (code, "the address of a log ends in /log" in sentence) == (3, True), "a wrong address proves nothing"
    assert gone == 1, "it was there: whoever kept a checkpoint knows"
    assert (saved, taken.returncode) == (0, 0)
    for folder in (copy, tmp_path / "copy-2"):
        names = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()} - {Path("key")}
        assert {"checkpoint", "tile"} == {name.parts[0] for name in names}
        assert all((folder / name).read_bytes() == (house.data / "log" / name).read_bytes() for name in names)
        assert check(str(folder), "--key", key) == 0
    bundle = next(path for path in copy.glob("tile/entries/**/*") if path.is_file())
    data = bytearray(bundle.read_bytes())
    data[100] ^= 1
    bundle.write_bytes(data)
    assert check(str(copy), "--key", key) == 1


def test_ones_own_database_is_no_copy_to_save(house: House, tmp_path: Path) -> None:
    code, sentence = refusal(house.run("verify-log", "--save", str(tmp_path / "copy")))
    assert (code, "needs SOURCE" in sentence) == (2, True)
    assert not (tmp_path / "copy").exists()
