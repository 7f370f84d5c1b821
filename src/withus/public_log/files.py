"""Files that must survive a power cut, and that nobody ever sees half written.

What is public can be read by every account that the data folder lets in, whatever the umask: a web server or a mirror.
"""

import os
from pathlib import Path


def write(
    path: Path,
    data: bytes,
    *,
    draft: Path | None = None,
    public_under: Path | None = None,
    renamed: set[Path] | None = None,
) -> None:
    """Writes a whole file under its name: draft, fsync, rename, fsync of the folder. `draft` is on the same disk.

    With `public_under`, the file and its folders up to that one are for everybody; else the file is for us alone.
    With `renamed` the folder is only noted there: whoever writes many files keeps their names at once at the end.
    """
    draft = draft or path.with_name(f".{path.name}.draft")
    make_folder(path.parent, public_under)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        if public_under:
            draft.chmod(0o644)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    if renamed is None:
        keep_names(path.parent)
    else:
        renamed.add(path.parent)


def make_folder(folder: Path, public_under: Path | None = None) -> None:
    """Makes a folder and those above it, to stay."""
    if not folder.is_dir():
        make_folder(folder.parent, public_under)
        folder.mkdir(exist_ok=True)
        if public_under and folder.is_relative_to(public_under):
            folder.chmod(0o755)
        keep_names(folder.parent)


def make_public(folder: Path) -> None:
    """Lets every account read what lies in a folder, if it is let in."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def keep_names(folder: Path) -> None:
    """Makes new names in a folder last through a power cut."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
