"""A command in a process of its own: what it loads leaves the memory with it, and it ends with whoever started it."""

import ctypes
import subprocess
import sys

# Ends with its parent, even if that is killed; only Linux can promise this.
TIED = (
    sys.executable,
    "-IS",
    "-c",
    "import ctypes,os,sys;ctypes.CDLL(None).prctl(1,15);os.execv(sys.argv[1],sys.argv[1:])",
)


def tied() -> tuple[str, ...]:
    """What stands before a command that is to end with us."""
    return TIED if sys.platform == "linux" else ()


def close_memory() -> None:
    """From here on no other process of this account reads our memory, nor does a core of it reach the disk."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE; a program that we start begins with it anew


def run(*words: str) -> None:
    """Runs a command of Withus and waits for it; raises CalledProcessError if it failed."""
    command = (*tied(), sys.executable, "-m", "withus", *words)
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # noqa: S603
