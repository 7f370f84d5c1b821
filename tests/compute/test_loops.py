"""Compiled loops lie in a folder of this very code's own; those of older code go."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from withus.compute import loops


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for loops."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    return tmp_path


def older(folder: Path, name: str, days: float) -> Path:
    made = folder / name
    made.mkdir()
    (made / "loop.nbc").touch()
    (made / "kept").touch()
    os.utime(made / "kept", (time.time() - days * 24 * 3600,) * 2)
    return made


def test_loops_of_older_code_go_after_a_day_and_nothing_else_does(kept: Path) -> None:
    old, fresh, other = older(kept, "loops-1", 2), older(kept, "loops-2", 0.5), older(kept, "mine", 9)
    unmarked = kept / "loops-3"
    unmarked.mkdir()
    own = loops.begin()
    assert own is not None
    assert own.parent == kept
    assert [path.exists() for path in (own, old, fresh, other, unmarked)] == [True, False, True, True, False]


def test_they_are_ready_once_it_was_said(kept: Path) -> None:
    assert not loops.are_ready()
    loops.begin()
    assert not loops.are_ready()
    loops.say_ready()
    assert loops.are_ready()


def test_where_nothing_can_be_kept_nobody_waits_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file"))
    assert loops.begin() is None
    assert loops.are_ready()
    loops.say_ready()


def test_a_spare_folder_is_taken_only_where_none_was_chosen_and_the_codes_own_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    loops.keep_in(tmp_path)
    assert "NUMBA_CACHE_DIR" not in os.environ
    (tmp_path / "file").touch()
    monkeypatch.setattr(loops, "_BESIDE", tmp_path / "file")
    monkeypatch.setenv("NUMBA_CACHE_DIR", "")
    loops.keep_in(tmp_path / "spare")
    assert os.environ["NUMBA_CACHE_DIR"] == str(tmp_path / "spare")


def test_kept_loops_are_taken_without_what_only_compiling_needs(kept: Path) -> None:
    makes = (
        "import sys; from withus.compute.opinion_map.dice import drawn_again; print(drawn_again(4, 0, 1)); "
        "print('numba.np.linalg' in sys.modules)"
    )
    first, again = (
        subprocess.run([sys.executable, "-c", makes], capture_output=True, text=True, check=True).stdout.splitlines()
        for _ in range(2)
    )
    assert first[0] == again[0]
    assert (first[1], again[1]) == ("True", "False")
