"""A copy that the verifier keeps: laid out as published, whole or plainly not, and never over an older one."""

from pathlib import Path

import pytest
from tests.compute import golden_log as golden
from tests.compute.golden_log import Memory
from tests.compute.test_verifier import run, write

from withus.compute import verifier
from withus.compute.verifier import Unreachable, Wrong


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A published log of 300 entries."""
    write(tmp_path / "log", golden.sample()["copy_at_300"])
    return tmp_path / "log"


def files(folder: Path) -> dict[str, bytes]:
    """Every file in the folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_saved_copy_is_what_was_published_and_holds_without_it(published: Path, tmp_path: Path) -> None:
    key, copy = golden.sample()["vkey"], tmp_path / "copies" / "may"
    first = run(str(published), "--key", key, "--save", str(copy))
    assert (first.returncode, f"a copy lies in {copy}" in first.stdout) == (0, True)
    assert files(copy) == files(published) | {"key": f"{key}\n".encode()}
    assert run(str(copy), "--key", (copy / "key").read_text()).returncode == 0


@pytest.mark.parametrize("name", ["checkpoint", "tile/0/000", "tile/entries/000", "tile/entries/001.p/44"])
def test_a_flipped_byte_in_a_saved_copy_is_refused(published: Path, tmp_path: Path, name: str) -> None:
    key, copy = golden.sample()["vkey"], tmp_path / "copy"
    assert run(str(published), "--key", key, "--save", str(copy)).returncode == 0
    data = bytearray((copy / name).read_bytes())
    data[20] ^= 1
    (copy / name).write_bytes(data)
    assert run(str(copy), "--key", key).returncode == 1


def test_what_does_not_hold_is_kept_as_evidence(published: Path, tmp_path: Path) -> None:
    key, copy = golden.sample()["vkey"], tmp_path / "copy"
    (published / "tile/0/000").write_bytes(bytes(8192))
    assert run(str(published), "--key", key, "--save", str(copy)).returncode == 1
    assert (copy / "tile/0/000").read_bytes() == bytes(8192)
    assert run(str(copy), "--key", key).returncode == 1


def test_an_older_copy_is_never_written_over(published: Path, tmp_path: Path) -> None:
    key, copy = golden.sample()["vkey"], tmp_path / "copy"
    copy.mkdir()
    (copy / "checkpoint").write_text("old")
    for taken in (copy, copy / "checkpoint"):
        again = run(str(published), "--key", key, "--save", str(taken))
        assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert files(copy) == {"checkpoint": b"old"}


def test_a_copy_that_was_cut_short_has_no_checkpoint(tmp_path: Path) -> None:
    class Away(Memory):
        def read(self, path: str, most: int) -> bytes | None:
            if path.startswith("tile/0"):
                raise Unreachable("gone")
            return super().read(path, most)

    sample, copy = golden.sample(), tmp_path / "copy"
    saving = verifier.Saving(Away(sample["copy_at_300"]), copy)
    with pytest.raises(Unreachable):
        verifier.check_log(saving, verifier.read_key(sample["vkey"]))
    assert set(files(copy)) == {"tile/entries/000"}


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Wrong, match="not a folder"):
        verifier.Saving(Memory({}), tmp_path / "file")
    saving = verifier.Saving(Memory({}), tmp_path / "file" / "below")
    with pytest.raises(Unreachable, match="cannot be written"):
        saving.finish(verifier.read_key(golden.sample()["vkey"]))
