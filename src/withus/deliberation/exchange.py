"""Whole conversations in and out as folders of Polis' files, for the command line."""

from pathlib import Path

from django.utils.translation import gettext

from withus.core.errors import Refused
from withus.deliberation import actions, polis, queries
from withus.policy.facts import SYSTEM
from withus.processes.models import Process
from withus.processes.queries import public_processes


def _process(code: str) -> Process:
    process = public_processes().filter(code=code).first()
    if process is None:
        raise Refused(gettext("There is no process %(code)s. Open it first, then use its code.") % {"code": code})
    return process


def import_polis(folder: Path, process_code: str, dry_run: bool) -> polis.ImportReport:
    """Fills the (empty) process from comments.csv, votes.csv and maybe summary.csv, all or nothing; raises Refused."""
    found = {}
    for name in ("comments", "votes", "summary"):
        path = folder / f"{name}.csv"
        if path.is_file():
            found[name] = path.read_bytes()
        elif name != "summary":
            raise Refused(gettext("There is no %(file)s in this folder.") % {"file": path.name})
    return actions.import_polis(SYSTEM, _process(process_code), **found, dry_run=dry_run)


def export_polis(process_code: str, out: Path) -> list[Path]:
    """Writes the process's four files into `out` (made if missing) and returns their paths; raises Refused."""
    files = polis.write(queries.conversation_for(SYSTEM, _process(process_code), is_whole=True))
    out.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (out / name).write_text(text, "utf-8", newline="")
    return [out / name for name in files]
