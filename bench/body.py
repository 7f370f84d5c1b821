"""The page of a body that was sent ten thousand recommendations: time in the server, and SQL statements."""

import json
from collections.abc import Iterator

from bench.house import House
from bench.results import Row

MANY, ROUNDS, CEILING = 10_000, 15, 200.0  # the ceiling in ms
KINDS = {"wall": ("time", "ms"), "cpu": ("processor time", "ms"), "statements": ("statements", "SQL statements")}


def body_figures(database: str) -> Iterator[Row]:
    """Milliseconds in the server when a page is made anew, and its statements; made once an edition, then kept."""
    kind, house = ("PostgreSQL" if database else "SQLite"), House(database)
    with house.served():
        pass
    found = json.loads(house.python("from bench.much import main; main()", str(MANY), str(ROUNDS)).splitlines()[-1])
    for what, seen in found.items():
        for key, values in seen.items():
            name, unit = KINDS[key]
            ceiling = ("ceiling", CEILING) if (what, key) == ("the page", "wall") else ("", None)
            yield Row.of(f"body with {MANY} recommendations, {kind}, {what}: {name}", values, unit, *ceiling)
