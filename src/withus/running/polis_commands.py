"""Conversations in and out as Polis' CSV files, at the machine's console."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from withus.core.errors import Refused
from withus.deliberation import actions, polis
from withus.deliberation import queries as votes
from withus.policy.facts import SYSTEM
from withus.processes import queries
from withus.processes.models import Process
from withus.running import start


def import_polis(options: argparse.Namespace) -> dict[str, Any]:
    """Brings a conversation into a process, all or nothing; what it brought. Raises Refused."""
    process, folder, summary = _process(options.process), options.folder, options.folder / "summary.csv"
    report = actions.import_polis(
        SYSTEM,
        process,
        comments=(folder / "comments.csv").read_bytes(),
        votes=(folder / "votes.csv").read_bytes(),
        summary=summary.read_bytes() if summary.exists() else b"",
        dry_run=options.dry_run,
    )
    return asdict(report)


def export_polis(options: argparse.Namespace) -> Iterator[Path]:
    """Writes a conversation into a folder that holds none, file by file. Raises Refused."""
    files = polis.write(votes.conversation_for(SYSTEM, _process(options.process), is_whole=True))
    options.out.mkdir(parents=True, exist_ok=True)
    taken = [name for name in files if (options.out / name).exists()]
    if taken:
        raise Refused(f"{options.out} holds {taken[0]} already; choose another folder")
    for name, text in files.items():
        (options.out / name).write_text(text, "utf-8", newline="")
        yield options.out / name


def _process(code: str) -> Process:
    start.refuse_unprepared()
    found: Process | None = queries.public_processes().filter(code=code).first()
    if found is None:
        raise Refused(f"there is no process {code}; its code stands at the end of its page's address")
    return found
