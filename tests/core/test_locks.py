"""One at a time on this machine, and never for ever."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from withus.core import locks

HOLD = (
    "import sys, time; from pathlib import Path; from withus.core import locks\n"
    "with locks.held('x', folder=Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
)


def test_a_second_one_is_told_and_comes_in_when_the_first_dies(tmp_path: Path) -> None:
    first = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert first.stdout is not None
    assert first.stdout.readline() == "held\n"

    with pytest.raises(locks.Taken), locks.held("x", folder=tmp_path):
        pass
    with locks.held("y", folder=tmp_path):
        pass

    first.send_signal(signal.SIGKILL)
    first.wait()
    first.stdout.close()
    with locks.held("x", folder=tmp_path, wait=5):
        pass


def test_waiting_ends(tmp_path: Path) -> None:
    with locks.held("x", folder=tmp_path):
        started = time.monotonic()
        with pytest.raises(locks.Taken), locks.held("x", folder=tmp_path, wait=0.2):
            pass
        assert 0.2 <= time.monotonic() - started < 2
