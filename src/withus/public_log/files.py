"""Files that must survive a power cut, and that nobody ever sees half written."""

import os
from pathlib import Path


def write(
    path: Path, data: bytes, *, draft: Path | None = None, mode: int = 0o644, renamed: set[Path] | None = None
) -> None:
    """Writes a whole file under its name: draft, fsync, rename, fsync of the folder. `draft` is on the same disk.

    With `renamed` the folder is only noted there: whoever writes many files keeps their names at once at the end.
    """
    draft = draft or path.with_name(f".{path.name}.draft")
    make_folder(path.parent)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    if renamed is None:
        keep_names(path.parent)
    else:
        renamed.add(path.parent)


def make_folder(folder: Path) -> None:
    """Makes a folder and those above it, to stay."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        keep_names(folder.parent)


def keep_names(folder: Path) -> None:
    """Makes new names in a folder last through a power cut."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
