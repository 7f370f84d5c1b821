"""Pages that are made once an edition: never old, never somebody else's."""

import datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from withus.core import edition
from withus.deliberation.models import Participant, Statement, Vote
from withus.people.models import Instance, Organisation
from withus.policy.facts import Role
from withus.policy.pages import roles_of
from withus.processes.models import Process
from withus.web.kept import PAGES

DAY = datetime.date(2026, 5, 3)
pytestmark = pytest.mark.usefixtures("own_database")


@pytest.fixture
def statement(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Statement:
    """A house with one statement, in a data folder of its own."""
    monkeypatch.setenv("WITHUS_DATA", str(tmp_path))
    settings.WITHUS_DATA = tmp_path
    Instance.objects.create(host_name="Lantern House", set_up_on=DAY)
    peers = Organisation.objects.create(kind="peer_organisation", name="Lantern", founded_on=DAY)
    process = Process.objects.create(organisation=peers, title="Nights", about="Beds", opened_on=DAY)
    return Statement.objects.create(process=process, number=1, text="Open at night", state="accepted", proposed_on=DAY)


def queries(client: Client, address: str, **headers: str) -> tuple[int, str]:
    """How many statements a page costs, and the page."""
    asked: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        page = client.get(address, headers=headers).content.decode()
    return len(asked), page


def test_a_visitors_page_is_made_once(statement: Statement) -> None:
    client, address = Client(), f"/processes/{statement.process.code}/results"
    made, first = queries(client, address)
    kept, second = queries(client, address)
    assert made > 0
    assert kept == 0
    assert first == second
    assert "Open at night" in first


def test_it_is_made_anew_when_something_public_was_written(statement: Statement) -> None:
    client, address = Client(), f"/processes/{statement.process.code}/results"
    for _ in range(3):
        client.get(address)
    Statement.objects.filter(pk=statement.pk).update(text="Open by day")
    assert "Open by day" in client.get(address).content.decode()
    with transaction.atomic():
        Instance.objects.update(host_name="Harbor House")
    assert "Harbor House" in client.get(address).content.decode()


def test_what_is_rolled_back_is_never_shown(statement: Statement) -> None:
    client, address = Client(), f"/processes/{statement.process.code}/results"
    with transaction.atomic():
        Statement.objects.filter(pk=statement.pk).update(text="Open by day")
        assert "Open by day" in client.get(address).content.decode()  # in here it is so, and nothing is kept
        transaction.set_rollback(True)
    assert "Open at night" in client.get(address).content.decode()


def test_a_vote_makes_no_new_edition(statement: Statement, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edition, "MOST_SECONDS", 10**9)  # no minute ends in the middle of this
    edition.begin()
    before = edition.current()
    someone = Participant.objects.create(process=statement.process, tie="00")
    Vote.objects.create(participant=someone, statement=statement, value=1)
    assert edition.current() == before
    Statement.objects.filter(pk=statement.pk).update(text="Open by day")
    assert edition.current() != before


def test_languages_hosts_and_codings_have_pages_of_their_own(statement: Statement, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    address = f"/processes/{statement.process.code}/results"
    for _ in range(2):
        assert 'lang="en"' in Client().get(address).content.decode()
        assert 'lang="ar"' in Client(headers={"Accept-Language": "ar"}).get(address).content.decode()
        assert Client(headers={"Host": "other.example"}).get(address).status_code == 200
        assert Client(headers={"Accept-Encoding": "br"}).get(address)["Content-Encoding"] == "br"
    assert Client(headers={"Host": "evil.example"}).get(address).status_code == 400


def test_who_brings_a_cookie_of_a_session_gets_a_page_of_her_own(statement: Statement) -> None:
    address = f"/processes/{statement.process.code}/results"
    for _ in range(3):
        Client().get(address)
    client = Client()
    client.cookies["withus"] = "anything"
    assert queries(client, address)[0] > 0
    assert client.get(address).cookies["withus"]["max-age"] == 0


def test_a_page_that_has_not_changed_is_not_sent_again(statement: Statement) -> None:
    address = f"/processes/{statement.process.code}/results"
    Client().get(address)
    tag = Client().get(address)["ETag"]
    kept = Client().get(address, headers={"If-None-Match": tag})
    assert kept.status_code == 304
    assert kept.content == b""
    assert "default-src 'none'" in kept["Content-Security-Policy"]


def test_a_new_day_is_a_new_edition(statement: Statement, settings: Any) -> None:
    edition.begin()
    settings.WITHUS_TODAY = DAY
    before = edition.current()
    settings.WITHUS_TODAY = DAY + datetime.timedelta(days=1)
    assert edition.current() != before


def test_guesses_do_not_fill_the_shelf(statement: Statement) -> None:
    edition.begin()
    seen: list[str] = []

    @edition.kept(2)
    def found(code: str) -> str | None:
        seen.append(code)
        return code if code == "THERE" else None

    for number in range(5):
        found(f"NOT-{number}")
    found("THERE")
    found("THERE")
    assert seen.count("THERE") == 1


def test_only_pages_for_everybody_are_kept() -> None:
    assert [name for name in PAGES if Role.VISITOR not in roles_of(name)] == []
