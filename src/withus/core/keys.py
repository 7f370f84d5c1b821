"""Key files: in WITHUS_KEYS, never in the data folder, never in a back-up of it."""

import os
from functools import lru_cache
from pathlib import Path

from withus.core import clock, codes, configuration


def path_of(name: str) -> Path:
    """Where the key file `name` lies."""
    return configuration.folder("WITHUS_KEYS") / name


def read_or_make(name: str) -> bytes:
    """The 32-byte key `name`; made on first use, readable by its owner only.

    Two processes may ask at once: whoever links its file first wins, and both read that one.
    """
    while (key := read(name)) is None:
        _make(path_of(name), name)
    return key


def read(name: str) -> bytes | None:
    """The 32-byte key `name`; None if there is no such file."""
    path = path_of(name)
    try:
        found = path.stat()
        key = _read(path, found.st_mtime_ns, found.st_ino)
    except FileNotFoundError:
        return None
    if len(key) != 32:
        raise ValueError(f"the key file {name} must hold 32 bytes")
    return key


def age_of(name: str) -> float | None:
    """How old the key file `name` is, in seconds by the clock; None if there is none."""
    try:
        return clock.now().timestamp() - path_of(name).stat().st_mtime
    except FileNotFoundError:
        return None


def retire(name: str, as_name: str) -> None:
    """Gives the key another name, in place of the one that had it; who needs `name` next makes a new key."""
    path_of(name).replace(path_of(as_name))


def forget(name: str) -> bool:
    """Deletes the key; false if there is none."""
    try:
        path_of(name).unlink()
    except FileNotFoundError:
        return False
    return True


def named(pattern: str) -> list[str]:
    """The names of the key files that a pattern such as "week-*.key" fits."""
    return [path.name for path in path_of(pattern).parent.glob(pattern)]


def _make(path: Path, name: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{name}.{os.getpid()}.{codes.code(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(codes.key())
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


@lru_cache(maxsize=16)
def _read(path: Path, changed: int, inode: int) -> bytes:
    """The file's bytes, read anew only when it is another file or has changed."""
    return path.read_bytes()
