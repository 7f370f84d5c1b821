"""`make bench`: measures everything, peer and product in turn, and writes bench/results.json.

Arguments name parts (votes pages house statements body paint log import opinion quality speech voices); without any,
all. PostgreSQL is used where WITHUS_BENCH_POSTGRES (an address of a server whose database `withus_bench` may be made
anew) or 127.0.0.1 answers.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import body, log, opinion, paint, quality, speech, statements, voices, web
from bench.results import Row

SERVER = os.environ.get("WITHUS_BENCH_POSTGRES", "postgresql://postgres@127.0.0.1:5432")
OUT = Path(__file__).parent / "results.json"


def empty_postgres() -> str:
    """The address of an empty database, or nothing where no PostgreSQL answers."""
    try:
        import psycopg

        with psycopg.connect(f"{SERVER}/postgres", autocommit=True, connect_timeout=2) as admin:
            admin.execute("DROP DATABASE IF EXISTS withus_bench WITH (FORCE)")
            admin.execute("CREATE DATABASE withus_bench")
    except Exception as problem:
        print(f"without PostgreSQL: {problem}", file=sys.stderr)
        return ""
    return f"{SERVER}/withus_bench"


def both(measure: object) -> Iterator[Row]:
    """A measurement on SQLite, then on PostgreSQL where there is one."""
    assert callable(measure)
    yield from measure("")
    if address := empty_postgres():
        yield from measure(address)


PARTS: dict[str, Callable[[], Iterator[Row]]] = {
    "votes": lambda: both(web.votes),
    "pages": web.pages,
    "house": web.house_figures,
    "statements": lambda: both(statements.statement_figures),
    "body": lambda: both(body.body_figures),
    "paint": lambda: paint.paint_figures(web.ROUNDS),
    "log": lambda: log.log_figures(web.ROUNDS),
    "opinion": lambda: opinion.opinion_figures(web.ROUNDS),
    "quality": quality.quality_figures,
    "voices": voices.voice_figures,
    "speech": lambda: speech.speech_figures(web.ROUNDS),
    "import": lambda: both(lambda database: log.import_figures(web.ROUNDS, database)),
}


def main() -> None:
    """Runs the parts that were asked for; rows of other parts stay as they were."""
    wanted = sys.argv[1:] or list(PARTS)
    kept = json.loads(OUT.read_text()) if OUT.exists() and sys.argv[1:] else []
    for part in wanted:
        for row in PARTS[part]():
            kept = [one for one in kept if (one["goal"], one["peer"]) != (row.goal, row.peer)] + [row.as_json()]
            beside = f"   {row.ratio} × {row.peer} ({row.peer_value})" if row.peer_value is not None else ""
            print(f"{row.goal}: {row.value} {row.unit} {list(row.spread)}{beside}", flush=True)
            OUT.write_text(json.dumps(kept, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
