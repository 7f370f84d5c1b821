"""The commands of Withus. Each imports what it needs when it runs, so that `withus --help` is instant.

Exit codes: 0 done and true · 1 refused, or what was checked is not true · 2 wrong usage · 3 surroundings.
"""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

DONE, REFUSED, USAGE, SURROUNDINGS = 0, 1, 2, 3


class Stop(Exception):
    """Ends a command with an exit code and one sentence."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class Parser(argparse.ArgumentParser):
    """An argument parser that complains in one line."""

    def error(self, message: str) -> NoReturn:
        """Ends with exit code 2."""
        raise Stop(USAGE, f"{message}; see: {self.prog} --help")


def main(words: list[str] | None = None) -> NoReturn:
    """The console script: runs a command and ends with its exit code, never with a traceback."""
    try:
        words = sys.argv[1:] if words is None else words
        arguments = _parser(words).parse_args(words)
        _prepare(arguments)
        code: int = arguments.run(arguments)
        sys.stdout.flush()
    except Stop as stop:
        code = _complain(stop.code, str(stop))
    except BrokenPipeError:  # whoever read our output has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = REFUSED
    except KeyboardInterrupt:
        code = _complain(REFUSED, "stopped before it was done")
    except Exception as problem:
        from withus.running import trouble

        if sys.flags.dev_mode:  # python -X dev: for those who work on Withus
            raise
        code = _complain(*trouble.explained(problem))
    sys.exit(code)


def _complain(code: int, sentence: str) -> int:
    print("withus:", *(one if one.isprintable() else repr(one)[1:-1] for one in sentence.split()), file=sys.stderr)
    return code


def _prepare(arguments: argparse.Namespace) -> None:
    """Looks at the surroundings; raises WrongSetting, and Stop for a day that is held outside the demo."""
    from withus.running import surroundings

    surroundings.prepare(arguments)
    if arguments.needs_django and os.environ.get("WITHUS_TODAY", "").strip() and not surroundings.unusable():
        _refuse_held_day_outside_the_demo(arguments.command)


def _refuse_held_day_outside_the_demo(command: str) -> None:
    from withus.demo import seed

    if seed.is_others() if command == "up" else not seed.is_demo():
        raise Stop(USAGE, "WITHUS_TODAY is for the demo only, and this data is not the demo's; take it away")


def _up(arguments: argparse.Namespace) -> int:
    from withus.core import configuration, locks
    from withus.demo import seed
    from withus.running import serve, start

    start.stop_cleanly()
    configuration.sound_certificate()
    start.refuse_unfit_origin()
    try:
        port = start.free_port(arguments.host, arguments.port)
    except OSError as problem:
        where = f"{arguments.host} port {arguments.port} ({problem.strerror})"
        raise Stop(SURROUNDINGS, f"cannot listen on {where}; stop what runs there or use another --port") from problem
    try:
        with locks.held("serve"):
            if arguments.demo and seed.is_others():
                raise Stop(REFUSED, "this data is not the demo's; choose another folder with --data")
            start.prepare()
            if arguments.demo:
                seed.sow()
            if address := start.set_up_address():
                host = f"[{arguments.host}]" if ":" in arguments.host else arguments.host
                print(f"Set this instance up, once: {start.scheme()}://{host}:{port}{address}", flush=True)
            return serve.serve(arguments.host, port, with_work=not arguments.no_work)
    except KeyboardInterrupt:
        return DONE


def _demo(arguments: argparse.Namespace) -> int:
    from withus.demo import seed

    if not seed.is_demo():
        raise Stop(REFUSED, "this data is not the demo's; start one with: withus up --demo")
    accounts = seed.accounts()
    if arguments.json:
        return _print_json(accounts)
    for account in accounts:
        print(f"{account['role']}\t{account['pseudonym']}\t{account['passphrase']}\t{account['speaks_for']}")
    return DONE


def _work(arguments: argparse.Namespace) -> int:
    import threading

    from withus.running import start, work

    start.refuse_unprepared()
    if arguments.once:
        if failed := [name for name, went_well in work.once().items() if not went_well]:
            raise Stop(REFUSED, f"these jobs failed: {', '.join(failed)}; run withus check")
        return DONE
    stop = threading.Event()
    start.stop_cleanly(stop.set)
    work.forever(stop)
    return DONE


def _steward_add(arguments: argparse.Namespace) -> int:
    from withus.running import start

    start.refuse_unprepared()
    print(f"A new steward can set up at: {start.steward_address()}")
    return DONE


def _check(arguments: argparse.Namespace) -> int:
    from dataclasses import asdict

    from withus.running import surroundings

    if not (parts := surroundings.unusable()):
        from withus.running import check, start

        start.refuse_missing()
        parts = check.everything()
    if arguments.json:
        _print_json([asdict(part) for part in parts])
    else:
        for part in parts:
            print(f"{part.word} {part.part}: {part.says}")
    return DONE if all(part.ok for part in parts) else REFUSED


def _backup(arguments: argparse.Namespace) -> int:
    from withus.running import actions, backup, start

    start.refuse_unprepared()
    size = backup.write(arguments.file)
    actions.note_back_up(arguments.file, size)
    print(f"{arguments.file}: {size} bytes, without keys (those: withus backup-keys FILE)")
    return DONE


def _backup_keys(arguments: argparse.Namespace) -> int:
    from withus.running import backup

    backup.write_keys(arguments.file)
    print(f"{arguments.file}: all keys. Keep it apart from the back-ups, where only you can reach it.")
    return DONE


def _restore(arguments: argparse.Namespace) -> int:
    from withus.running import restore

    restore.restore(arguments.file, arguments.keys)
    for warning in filter(None, (restore.warning(), restore.lost())):
        _complain(DONE, warning)
    if wrong := restore.problems():
        raise Stop(REFUSED, f"the back-up is in place, but {wrong}")
    print(f"Restored into {arguments.data}; its log holds.", *(() if arguments.keys else ("Keys: with --keys.",)))
    return DONE


def _upgrade(arguments: argparse.Namespace) -> int:
    from withus.core import locks
    from withus.running import start, upgrade, work

    start.refuse_unprepared()
    with locks.held("serve"), work.at_rest():
        saved = upgrade.upgrade()
    print(f"Upgraded. The back-up from before: {saved}")
    return DONE


def _copy_to(arguments: argparse.Namespace) -> int:
    from withus.core import locks
    from withus.running import copy_to, start, work
    from withus.settings import database

    start.refuse_unprepared()
    address = database(arguments.address)
    with locks.held("serve"), work.at_rest():
        copied = copy_to.copy_to(address)
    log = f"log of {copied.log_size} entries with root {copied.log_root}"
    print(f"Copied and compared: {copied.tables} tables, {copied.rows} rows, {log}.")
    print(f"To use it, set WITHUS_DATABASE={arguments.address}")
    return DONE


def _verify_log(arguments: argparse.Namespace) -> int:
    """A copy is checked by the very verifier that outsiders use; this instance's database by what it alone can see."""
    from withus.compute import verifier
    from withus.running import log_commands

    try:
        check = verifier.check_published if arguments.source else log_commands.check_own
        result = check(arguments.source, arguments)
    except verifier.Wrong as problem:
        raise Stop(USAGE, str(problem)) from problem
    except verifier.Unreachable as problem:
        raise Stop(SURROUNDINGS, str(problem)) from problem
    print(result.as_json() if arguments.json else result.as_text())
    return DONE if result.ok else REFUSED


def _change_log(arguments: argparse.Namespace) -> int:
    from withus.running import log_commands

    rotates = arguments.command == "rotate-log-key"
    print(log_commands.rotate(is_stolen=arguments.stolen) if rotates else log_commands.go_on(arguments.source))
    return DONE


def _permissions(arguments: argparse.Namespace) -> int:
    from withus.running import addresses

    lines = addresses.permissions()
    if arguments.json:
        return _print_json(lines)
    for one in lines:
        who = ", ".join(one["roles"]) or "Withus itself"
        print(f"{one['sentence']} — {who} (trace: {one['trace']}). If not: {one['reason_no']}")
    return DONE


def _urls(arguments: argparse.Namespace) -> int:
    from withus.running import addresses

    found = addresses.listed()
    if arguments.json:
        return _print_json(found)
    for one in found:
        print(f"{one['url']}\t{one['name']}\t{' '.join(one['methods'])}\t{addresses.spoken(one['roles'])}")
    return DONE


def _import_polis(arguments: argparse.Namespace) -> int:
    from withus.running import polis_commands

    return _print_json(polis_commands.import_polis(arguments))


def _export_polis(arguments: argparse.Namespace) -> int:
    from withus.running import polis_commands

    print(*polis_commands.export_polis(arguments), sep="\n")
    return DONE


def _opinion(arguments: argparse.Namespace) -> int:
    from withus.running import quickly

    print(quickly.loaded("withus.running.opinion").make(arguments))
    return DONE


def _draw_maps(arguments: argparse.Namespace) -> int:
    from withus.deliberation.maps import drawing
    from withus.running import start

    start.refuse_unprepared()
    print(drawing.draw(arguments.codes))
    return DONE


def _messages(arguments: argparse.Namespace) -> int:
    from withus.running import start

    print(*start.compile_catalogues(anew=True), sep="\n")
    start.collect_static()
    return DONE


def _print_json(value: Any) -> int:
    import json

    print(json.dumps(value, ensure_ascii=False, indent=1))
    return DONE


def _port(word: str) -> int:
    if not (word.isascii() and word.isdigit() and int(word) < 65536):
        raise argparse.ArgumentTypeError(f"{word!r} is no port; choose a number up to 65535, or 0 for any free one")
    return int(word)


def _seed(word: str) -> int:
    if not (word.isascii() and word.isdigit() and int(word) < 2**63):
        raise argparse.ArgumentTypeError(f"{word!r} is no seed; choose a whole number from 0")
    return int(word)


def _parser(words: list[str]) -> Parser:
    parser = Parser(prog="withus", description="Meaningful peer involvement, on the record.", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)

    def command(name: str, does: Callable[[argparse.Namespace], int], says: str, *, json: bool = False) -> Parser:
        made: Parser = commands.add_parser(name, help=says, description=says, allow_abbrev=False)
        made.set_defaults(run=does, needs_django=True)
        if json:
            made.add_argument("--json", action="store_true", help="for machines")
        return made

    up = command("up", _up, "serve until stopped")
    up.add_argument("--demo", action="store_true", help="with a demo; the data folder must be new or the demo's")
    up.add_argument("--host", default="127.0.0.1")
    up.add_argument("--port", type=_port, default=8000)
    up.add_argument("--data", metavar="DIR", help="the data folder (default: WITHUS_DATA)")
    up.add_argument("--no-work", action="store_true", help="without background jobs; run withus work beside it")
    command("demo", _demo, "the demo's accounts", json=True)
    work = command("work", _work, "the background jobs alone")
    work.add_argument("--once", action="store_true", help="all that is due now, then end")
    command("steward-add", _steward_add, "a new set-up address, when no steward can sign in; entered in the public log")
    command("check", _check, "whether everything is well", json=True)
    command("backup", _backup, "everything in one file, without keys").add_argument("file", type=Path)
    command("backup-keys", _backup_keys, "the keys in one file").add_argument("file", type=Path)
    restore = command("restore", _restore, "put a back-up into an empty folder, and verify the log")
    restore.add_argument("file", type=Path)
    restore.add_argument("--data", metavar="DIR", required=True, help="a new or empty folder")
    restore.add_argument("--keys", metavar="FILE", type=Path, help="what backup-keys made")
    command("upgrade", _upgrade, "back-up, migrate, check; goes back if one fails")
    command("copy-to", _copy_to, "everything to another database, then compare").add_argument("address")
    verify = command("verify-log", _verify_log, "whether the public log holds: this instance's, or a copy of one")
    verify.add_argument("source", metavar="SOURCE", nargs="?", help="folder or address of a published log")
    if words[:1] == ["verify-log"]:
        from withus.compute import verifier

        verifier.arguments(verify)
    rotate = command("rotate-log-key", _change_log, "another key for the public log, entered in it")
    rotate.add_argument("--stolen", action="store_true", help="the old key may be in other hands")
    go_on = command("continue-log", _change_log, "after an older back-up: missing entries back, else a new name")
    go_on.add_argument("source", metavar="SOURCE", nargs="?", help="folder or address of a copy of the published log")
    command("permissions", _permissions, "who may do what", json=True).set_defaults(needs_django=False)
    command("urls", _urls, "every address, who may open it", json=True)
    _polis_commands(command)
    command("messages", _messages, "compile the catalogues and static files, as the first start does")
    return parser


def _polis_commands(command: Callable[..., Parser]) -> None:
    import_polis = command("import-polis", _import_polis, "a conversation from Polis' CSV files")
    import_polis.add_argument("folder", metavar="DIR", type=Path)
    import_polis.add_argument("--process", metavar="CODE", required=True)
    import_polis.add_argument("--dry-run", action="store_true", help="only say what would happen")
    export_polis = command("export-polis", _export_polis, "a process as Polis' CSV files")
    export_polis.add_argument("process", metavar="CODE")
    export_polis.add_argument("--out", metavar="DIR", type=Path, required=True)
    opinion = command("opinion", _opinion, "the opinion map of any such votes, without server or database")
    opinion.set_defaults(needs_django=False)
    opinion.add_argument("files", metavar="FILE…", type=Path, nargs="+", help="CSV, plain or gzip")
    opinion.add_argument("--comments", metavar="FILE", type=Path, help="texts, and which statements were declined")
    opinion.add_argument("--out", metavar="DIR", type=Path, required=True)
    opinion.add_argument("--method", metavar="withus|polis", choices=["withus", "polis"])
    opinion.add_argument("--seed", metavar="N", type=_seed, help="for shuffling and drawing; 0 if not said")
    opinion.add_argument(
        "--previous", metavar="RESULT", type=Path, help="the result.json whose groups keep their numbers"
    )
    opinion.add_argument("--check", metavar="SEALED", type=Path, help="a map's seal.json or result.json to recount")
    opinion.add_argument("--scheduler", metavar="ADDRESS", help="a Dask cluster whose workers hold the votes")
    draw_maps = command("draw-maps", _draw_maps, "the opinion maps that are due, as the background does by itself")
    draw_maps.add_argument("codes", metavar="CODE…", nargs="*", default=[], help="processes; all, if none is named")
