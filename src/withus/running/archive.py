"""The form of a back-up: a .tar.gz whose last member, `manifest.json`, holds size and SHA-256 of all others."""

import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.utils.translation import gettext

from withus.core.errors import Refused

MANIFEST = "manifest.json"
FORMAT = "withus-backup/1"
CHUNK = 1 << 20
Progress = Callable[[int], None]  # percent done


class _Hashing:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes], seen: Callable[[int], None]) -> None:
        self.file, self.seen, self.sha256, self.size = file, seen, hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        block = self.file.read(size)
        self.sha256.update(block)
        self.size += len(block)
        self.seen(len(block))
        return block


@contextmanager
def whole_file(target: Path) -> Iterator[IO[bytes]]:
    """A new file, readable by its owner only, that has its name only once it is complete and on the disk.

    A crash leaves `.NAME.unfinished`, which the next try overwrites. Raises Refused when the name is taken.
    """
    if target.exists():
        raise Refused(gettext("%(file)s is there already. Choose another name.") % {"file": target})
    draft = target.with_name(f".{target.name}.unfinished")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    _keep_names(target.parent)


def _keep_names(folder: Path) -> None:
    """Makes a rename last through a power cut."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def pack(target: Path, members: Iterable[tuple[str, Path]], about: dict[str, Any], progress: Progress) -> int:
    """Writes the members (name inside, file) and the manifest; returns the bytes. What vanished is left out."""
    members = list(members)
    total = sum(path.stat().st_size for _, path in members if path.exists()) or 1
    done, files = 0, {}

    def seen(count: int) -> None:
        nonlocal done
        done += count
        progress(min(99, 100 * done // total))

    with whole_file(target) as out, tarfile.open(fileobj=out, mode="w:gz", compresslevel=3) as tar:
        for name, path in members:
            try:
                file = path.open("rb")
            except FileNotFoundError:
                continue  # replaced by a newer one while we walked
            with file:
                hashing = _Hashing(file, seen)
                tar.addfile(_header(name, os.fstat(file.fileno()).st_size), hashing)
            files[name] = {"bytes": hashing.size, "sha256": hashing.sha256.hexdigest()}
        manifest = json.dumps({"format": FORMAT, **about, "files": files}, indent=1).encode()
        tar.addfile(_header(MANIFEST, len(manifest)), io.BytesIO(manifest))
    return target.stat().st_size


def _header(name: str, size: int) -> tarfile.TarInfo:
    """No owner, no time: a back-up says nothing about who made it when."""
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info


def _fit(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return bool(parts) and not name.startswith("/") and ".." not in parts and "\\" not in name


def unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Writes all files into the folder; returns the manifest if every size and hash is right, else raises Refused."""
    broken = Refused(
        gettext("%(file)s is not a whole back-up: it is damaged or something else. Take another one.")
        % {"file": source}
    )
    found: dict[str, dict[str, Any]] = {}
    manifest: dict[str, Any] = {}
    try:
        with gzip.open(source) as plain, tarfile.open(fileobj=plain, mode="r:") as tar:
            for member in tar:
                file = tar.extractfile(member) if member.isreg() else None
                if file is None or not _fit(member.name):
                    raise broken
                if member.name == MANIFEST:
                    manifest = json.loads(file.read(64 * CHUNK))
                else:
                    found[member.name] = _write(file, folder / member.name)
            while plain.read(CHUNK):
                pass  # to the end, where the checksum of the whole stands
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, ValueError, FileExistsError) as problem:
        raise broken from problem
    if manifest.get("format") != FORMAT or manifest.get("files") != found:
        raise broken
    return manifest


def _write(file: IO[bytes], target: Path) -> dict[str, Any]:
    target.parent.mkdir(parents=True, exist_ok=True)
    hashing = _Hashing(file, lambda _: None)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while block := hashing.read(CHUNK):
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    return {"bytes": hashing.size, "sha256": hashing.sha256.hexdigest()}
