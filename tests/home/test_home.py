"""The start page and what every visitor may ask for."""

import datetime
import io
import tarfile

import pytest
from django.test import Client

from withus.core.errors import Denied
from withus.home import actions, queries
from withus.home.methods import METHODS
from withus.people.models import Instance, Organisation
from withus.policy.facts import Actor, Role, Standing
from withus.processes.models import Phase, Process
from withus.public_log.models import LogEntry

pytestmark = pytest.mark.django_db
HEDY = Actor(1, "hedy", frozenset({Standing(Role.INSTANCE_STEWARD)}))
ANA = Actor(2, "ana", frozenset({Standing(Role.PEER, "LANTERN", is_of_peers=True)}))
DAY = datetime.date(2026, 5, 3)
SAID = {"host_name": "Open Hands", "community_name": "Lantern", "about": "We.", "language": "ar", "exit_address": ""}


@pytest.fixture
def host() -> Instance:
    """A house that was set up."""
    return Instance.objects.create(host_name="Lantern House", set_up_on=DAY)


@pytest.fixture
def process(host: Instance, settings: object) -> Process:
    """A process whose phase takes votes on 3 May, and not a day longer."""
    settings.WITHUS_TODAY = DAY  # type: ignore[attr-defined]
    organisation = Organisation.objects.create(kind="peer_organisation", name="Lantern", founded_on=DAY)
    made = Process.objects.create(organisation=organisation, title="Opening hours", about="Nights", opened_on=DAY)
    Phase.objects.create(
        process=made, kind="need", level=3, can_change="Hours", cannot_change="Money",
        opens_on=DAY, closes_on=DAY, takes_votes=True, planned_on=DAY,
    )  # fmt: skip
    return made


def test_ana_sees_at_once_whose_house_it_is_and_what_she_can_do(client: Client, process: Process) -> None:
    page = client.get("/").content.decode()
    assert "This is <bdi>Lantern House</bdi>" in page
    assert "Opening hours" in page
    assert "You can vote." in page
    assert 'href="/join"' in page
    assert "/demo/sign-in" not in page


def test_a_process_that_has_ended_is_not_offered(client: Client, process: Process, settings: object) -> None:
    settings.WITHUS_TODAY = DAY + datetime.timedelta(days=1)  # type: ignore[attr-defined]
    page = client.get("/").content.decode()
    assert "Opening hours" not in page
    assert "No process is open today." in page


def test_a_house_that_nobody_has_set_up_says_so(client: Client, db: None) -> None:
    assert "This house is being set up" in client.get("/").content.decode()


def test_the_demo_offers_one_button_for_each_role(client: Client, host: Instance) -> None:
    Instance.objects.update(is_demo=True)
    page = client.get("/").content.decode()
    assert page.count('name="role"') == 9
    assert 'value="body_secretary"' in page


def test_hedy_describes_the_house_and_the_log_says_so(host: Instance) -> None:
    actions.describe(HEDY, host, **SAID)
    kept = queries.public_host()
    assert kept is not None
    assert {name: getattr(kept, name) for name in SAID} == SAID
    newest = LogEntry.objects.latest("seq")
    assert b'"type":"instance.described"' in bytes(newest.body)


def test_ana_is_told_why_she_cannot_describe_the_house(host: Instance) -> None:
    actions.describe(HEDY, host, **SAID)
    with pytest.raises(Denied, match="Only this instance's steward"):
        actions.describe(ANA, host, **SAID)


@pytest.mark.parametrize("name", METHODS)
def test_every_method_has_its_page(client: Client, host: Instance, name: str) -> None:
    answer = client.get(f"/methods/{name}")
    assert answer.status_code == 200
    assert str(METHODS[name].title) in answer.content.decode()


def test_a_method_that_is_not_there_is_not_found(client: Client, host: Instance) -> None:
    assert client.get("/methods/magic").status_code == 404


def test_search_engines_may_list_the_front_page_alone(client: Client, host: Instance) -> None:
    assert client.get("/robots.txt").content.decode() == "User-agent: *\nAllow: /$\nAllow: /log/\nDisallow: /\n"


def test_whoever_finds_a_hole_learns_where_to_turn(client: Client, host: Instance, settings: object) -> None:
    settings.WITHUS_TODAY = DAY  # type: ignore[attr-defined]
    assert client.get("/.well-known/security.txt").content.decode().splitlines() == [
        "Contact: http://testserver/about-this-host",
        "Expires: 2026-08-01T00:00:00Z",
        "Preferred-Languages: en, ar",
        "Canonical: http://testserver/.well-known/security.txt",
    ]


@pytest.mark.parametrize("address", ["http://example.org", "javascript:alert(1)", "weather", "https://", "https://a b"])
def test_leave_quickly_leads_only_to_a_safe_page_of_the_web(address: str) -> None:
    from withus.home.forms import DescribeForm

    assert DescribeForm({**SAID, "exit_address": "https://example.org/weather"}).is_valid()
    assert list(DescribeForm({**SAID, "exit_address": address}).errors) == ["exit_address"]


def test_everybody_can_take_the_source_and_nothing_else_with_it(client: Client, host: Instance) -> None:
    with tarfile.open(fileobj=io.BytesIO(client.get("/source").content)) as archive:
        names = archive.getnames()
        assert {"withus/LICENSE", "withus/src/withus/acting.py"} <= set(names)
        assert not [name for name in names if "__pycache__" in name or "keys/" in name or name.endswith(".sqlite3")]
        assert {(one.uid, one.uname) for one in archive} == {(0, "")}
