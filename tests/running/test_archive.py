"""The form of a back-up: whole or refused, never half."""

import io
import json
import tarfile
from pathlib import Path

import pytest

from withus.core.errors import Refused
from withus.running import archive


def quiet(percent: int) -> None:
    """Nobody watches."""


def packed(folder: Path) -> Path:
    """An archive of two files."""
    (folder / "a.txt").write_text("A" * 5000)
    (folder / "b.bin").write_bytes(bytes(range(256)))
    target = folder / "saved.tar.gz"
    archive.pack(target, [("a.txt", folder / "a.txt"), ("deep/b.bin", folder / "b.bin")], {"note": "n"}, quiet)
    return target


def test_what_is_packed_comes_out_byte_for_byte(tmp_path: Path) -> None:
    manifest = archive.unpack(packed(tmp_path), tmp_path / "out")

    assert (tmp_path / "out" / "a.txt").read_text() == "A" * 5000
    assert (tmp_path / "out" / "deep" / "b.bin").read_bytes() == bytes(range(256))
    assert manifest["note"] == "n"
    assert sorted(manifest["files"]) == ["a.txt", "deep/b.bin"]


def test_a_back_up_is_for_its_owner_only_and_says_nothing_about_its_maker(tmp_path: Path) -> None:
    saved = packed(tmp_path)

    assert saved.stat().st_mode & 0o777 == 0o600
    with tarfile.open(saved) as tar:
        assert {(one.uname, one.uid, one.mtime, one.mode) for one in tar} == {("", 0, 0, 0o600)}


def test_progress_goes_up_and_stays_below_100_until_it_is_done(tmp_path: Path) -> None:
    heard: list[int] = []
    (tmp_path / "big").write_bytes(b"x" * 5_000_000)

    archive.pack(tmp_path / "saved.tar.gz", [("big", tmp_path / "big")], {}, heard.append)

    assert heard == sorted(heard)
    assert 0 < heard[-1] < 100


def test_a_name_that_is_taken_is_refused_and_kept(tmp_path: Path) -> None:
    saved = packed(tmp_path)
    before = saved.read_bytes()

    with pytest.raises(Refused, match="is there already"):
        packed(tmp_path)
    assert saved.read_bytes() == before


def test_a_file_that_vanishes_midway_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a")

    archive.pack(tmp_path / "s.tar.gz", [("gone", tmp_path / "gone"), ("a", tmp_path / "a")], {}, quiet)

    assert sorted(archive.unpack(tmp_path / "s.tar.gz", tmp_path / "out")["files"]) == ["a"]


def test_a_failure_leaves_no_half_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a")

    def fails(percent: int) -> None:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        archive.pack(tmp_path / "s.tar.gz", [("a", tmp_path / "a")], {}, fails)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a"]


@pytest.mark.parametrize("at", [60, 200, -9, -30])
def test_one_changed_byte_anywhere_is_found(tmp_path: Path, at: int) -> None:
    saved = packed(tmp_path)
    data = bytearray(saved.read_bytes())
    data[at] ^= 1
    saved.write_bytes(data)

    with pytest.raises(Refused, match="not a whole back-up"):
        archive.unpack(saved, tmp_path / "out")


@pytest.mark.parametrize("keep", [0.0, 0.3, 0.9])
def test_a_cut_file_is_found(tmp_path: Path, keep: float) -> None:
    saved = packed(tmp_path)
    saved.write_bytes(saved.read_bytes()[: int(keep * saved.stat().st_size)])

    with pytest.raises(Refused, match="not a whole back-up"):
        archive.unpack(saved, tmp_path / "out")


@pytest.mark.parametrize("name", ["/etc/evil", "../evil", "a/../../evil", "b\\..\\evil"])
def test_a_file_that_wants_to_lie_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    saved = tmp_path / "evil.tar.gz"
    with tarfile.open(saved, "w:gz") as tar:
        member = tarfile.TarInfo(name)
        member.size = 1
        tar.addfile(member, io.BytesIO(b"x"))

    with pytest.raises(Refused):
        archive.unpack(saved, tmp_path / "deep" / "out")
    assert not list(tmp_path.rglob("evil"))


def test_links_and_files_that_the_manifest_does_not_know_are_refused(tmp_path: Path) -> None:
    manifest = json.dumps({"format": archive.FORMAT, "files": {}}).encode()
    for member in (tarfile.TarInfo("link"), tarfile.TarInfo("extra")):
        saved = tmp_path / f"{member.name}.tar.gz"
        if member.name == "link":
            member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        with tarfile.open(saved, "w:gz") as tar:
            tar.addfile(member, io.BytesIO(b""))
            last = tarfile.TarInfo(archive.MANIFEST)
            last.size = len(manifest)
            tar.addfile(last, io.BytesIO(manifest))
        with pytest.raises(Refused):
            archive.unpack(saved, tmp_path / member.name)
