"""The test vectors of tests/golden/tlog, read."""

import base64
import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

from withus.compute import verifier

FOLDER = Path(__file__).parents[1] / "golden" / "tlog"


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of a file with one JSON object a line."""
    with gzip.open(FOLDER / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def notes(kind: str) -> list[dict[str, Any]]:
    """The rows of notes.json of one kind."""
    return [row for row in json.loads((FOLDER / "notes.json").read_text("utf-8")) if row["kind"] == kind]


def canonical(kind: str) -> list[dict[str, Any]]:
    """The rows of canonical.json of one kind."""
    return [row for row in json.loads((FOLDER / "canonical.json").read_text("utf-8")) if row["kind"] == kind]


@cache
def sample() -> dict[str, Any]:
    """The sample log of 300 entries."""
    data: dict[str, Any] = json.loads(gzip.decompress((FOLDER / "samplelog.json.gz").read_bytes()))
    return data


def raw(text: str) -> bytes:
    """Bytes from base64."""
    return base64.b64decode(text)


def keys(vkeys: list[str]) -> list[verifier.Key]:
    """Keys from their text form."""
    return [verifier.read_key(vkey) for vkey in vkeys]


def bodies() -> list[bytes]:
    """The sample log's entries."""
    return [entry.encode() for entry in sample()["entries"]]


class Memory:
    """A published log in memory."""

    def __init__(self, files: dict[str, str | None]) -> None:
        self.files = {path: raw(data) for path, data in files.items() if data is not None}

    def read(self, path: str, most: int) -> bytes | None:
        """The file's bytes."""
        return self.files.get(path)
