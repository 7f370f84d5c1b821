"""SQL statements per page and per deed, for a visitor and for a peer; and bytes of a first visit."""

import json
from collections.abc import Iterator

from bench import crowd
from bench.house import House
from bench.results import Row

COUNT = """
import json, sys
from django.conf import settings
from django.db import connection
from django.test import Client
from withus.core import edition
settings.ALLOWED_HOSTS = ["testserver"]
process, cookie, statement = sys.argv[1:4]
seen = []
def note(execute, sql, params, many, context):
    seen.append(sql)
    return execute(sql, params, many, context)
def count(client, path, fields=None):
    for again in range(2):
        seen.clear()
        with connection.execute_wrapper(note):
            answer = client.post(path, fields) if fields else client.get(path)
    return [answer.status_code, len(seen)]
visitor, peer = Client(), Client()
peer.cookies["withus"] = cookie
here = f"/processes/{process}"
places = ["/", "/processes/", here + "/", here + "/results", "/bodies/", "/log/", "/organisations/LANTERN/"]
found = {}
for place in places:
    edition.begin()
    seen.clear()
    with connection.execute_wrapper(note):
        visitor.get(place)
    found[f"visitor, first of an edition: {place}"] = len(seen)
    found[f"visitor: {place}"] = count(visitor, place)[1]
for place in ["/me/", here + "/vote", here + "/my-votes", here + "/results?show=yes"]:
    found[f"peer: {place}"] = count(peer, place)[1]
found["peer votes"] = count(peer, here + "/vote", {"statement": statement, "value": "1"})[1]
found["peer takes a vote back"] = count(peer, here + f"/statements/{statement}/take-back", {"sure": "yes"})[1]
print(json.dumps(found))
"""


def statement_figures(database: str) -> Iterator[Row]:
    """How many SQL statements each page and deed costs; they do not grow with how much there is."""
    kind, house = ("PostgreSQL" if database else "SQLite"), House(database)
    with house.served():
        pass
    people = crowd.prepared(house.python, voters=1, cards=0)
    words = (crowd.PROCESS, people.voters[0]["cookie"], people.statements[0])
    for what, number in json.loads(house.python(COUNT, *words).splitlines()[-1]).items():
        yield Row.of(f"statements, {kind}, {what}", [number], "SQL statements")
