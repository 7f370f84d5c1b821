"""A crowd for load and for hardship: people with sessions, people with cards, all over plain HTTP."""

import http.client
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

PROCESS = "LONDON"
# Runs inside the house: accounts are made by the product's own actions, only their cookies are taken along.
PREPARE = """
import json, sys
from datetime import timedelta
from withus.core import clock
from withus.deliberation.ties import tie_of
from withus.people import actions, sessions
from withus.people.models import Organisation
from withus.people.queries import draft_for_code
from withus.policy.facts import SYSTEM, VISITOR, Role
from withus.processes.models import Process
voters, cards, process = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
peers = Organisation.objects.get(code="LANTERN")
until = clock.today() + timedelta(days=7)
made = []
while len(made) < voters + cards:
    size = min(200, voters + cards - len(made))
    made += actions.invite(SYSTEM, peers, role=Role.PEER, size=size, ends_on=until)[1]
people = []
for code in made[:voters]:
    info = actions.join(VISITOR, None, code=code, draft=draft_for_code(VISITOR, code), shared=False)
    people.append({"cookie": sessions._sealed(info), "tie": tie_of(info.key, process)})
open_now = Process.objects.get(code=process).statements.filter(state="accepted")
statements = list(open_now.values_list("code", flat=True))
print(json.dumps({"voters": people, "cards": made[voters:], "statements": statements}))
"""
COUNT = """
import json, sys
from withus.deliberation.models import Participant, Vote
rows = Vote.objects.filter(participant__process__code=sys.argv[1], participant__tie__isnull=False)
print(json.dumps([list(row) for row in rows.values_list("participant__tie", "statement__code", "value")]))
"""
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
ATTRIBUTE = re.compile(r'(name|value)="([^"]*)"')


@dataclass
class Crowd:
    """Who takes part: cookies and ties of voters, unused cards, statements to vote on."""

    voters: list[dict[str, str]]
    cards: list[str]
    statements: list[str]


def prepared(python: Callable[..., str], *, voters: int, cards: int, process: str = PROCESS) -> Crowd:
    """Makes the crowd inside a house; `python` runs code in it with words and returns what it printed."""
    return Crowd(**json.loads(python(PREPARE, str(voters), str(cards), process).splitlines()[-1]))


def stored(python: Callable[..., str], process: str = PROCESS) -> dict[tuple[str, str], int]:
    """Every vote of people with accounts, by tie and statement, read from the house's database."""
    rows = json.loads(python(COUNT, process).splitlines()[-1])
    assert len({(tie, statement) for tie, statement, _ in rows}) == len(rows), "a vote is there twice"
    return {(tie, statement): value for tie, statement, value in rows}


@dataclass
class Browser:
    """One keep-alive connection with a cookie; no page is followed by itself."""

    port: int
    cookie: str = ""
    connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        """Sends a form; keeps the cookie of the answer. Returns status and page."""
        self.connection = self.connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        if self.cookie:
            headers["Cookie"] = f"withus={self.cookie}"
        self.connection.request("POST", path, urlencode(fields), headers)
        answer = self.connection.getresponse()
        page = answer.read().decode()
        if given := re.search(r"\bwithus=([^;]+)", " ".join(answer.headers.get_all("Set-Cookie", []))):
            self.cookie = given.group(1)
        return answer.status, page

    def get(self, path: str) -> tuple[int, str]:
        """Asks for a page; returns status and page."""
        self.connection = self.connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.connection.request("GET", path, headers={"Cookie": f"withus={self.cookie}"} if self.cookie else {})
        answer = self.connection.getresponse()
        return answer.status, answer.read().decode()

    def vote(self, statement: str, value: int, process: str = PROCESS) -> bool:
        """Votes; true once the server has answered that it took the vote."""
        return self.post(f"/processes/{process}/vote", statement=statement, value=str(value))[0] == 303

    def join(self, code: str, *, tries: int = 20) -> bool:
        """Comes in with a card, in the three steps of the pages; true once signed in. Waits when asked to."""
        status, page = self._patiently("/join", tries, code=code)
        for step in ("check", "skip"):
            if status != 200:
                return False
            status, page = self._patiently("/join", tries, **_hidden(page), step=step)
        return status == 303

    def _patiently(self, path: str, tries: int, **fields: str) -> tuple[int, str]:
        for _ in range(tries):
            status, page = self.post(path, **fields)
            if status != 503:
                return status, page
            time.sleep(1)
        return status, page


def _hidden(page: str) -> dict[str, str]:
    fields = (dict(ATTRIBUTE.findall(found)) for found in HIDDEN.findall(page))
    return {one["name"]: one.get("value", "") for one in fields if one.get("name") not in {None, "here"}}
