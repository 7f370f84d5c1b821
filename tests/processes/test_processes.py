"""Bodies and processes: opened by those who may, with a promise that the public log keeps."""

import datetime
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import make
from tests.deliberation import scene

from withus.core import clock
from withus.core.errors import Denied, Refused
from withus.people.models import OrganisationKind
from withus.policy.facts import Role
from withus.processes import actions, queries
from withus.processes.models import Body, Phase, Process, Service
from withus.public_log.models import LogEntry

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
PROMISE = {
    "kind": "design",
    "level": 2,
    "can_change": "The hours",
    "cannot_change": "The rent",
    "language": "en",
    "takes_votes": True,
}


def last_record() -> dict[str, object]:
    """The newest entry of the public log."""
    entry = LogEntry.objects.order_by("seq").last()
    assert entry is not None
    record: dict[str, object] = json.loads(bytes(entry.body))
    return record


def body() -> Body:
    """A body with a page, that has not joined."""
    peers = make.recognise(scene.organisation())
    return actions.open_body(scene.LU, peers, name="Ministry", decides="Money", language="en", code="BODY")


def test_nobody_opens_a_page_in_the_name_of_an_organisation_that_is_not_recognised() -> None:
    lu = scene.signed_in("lu", Role.ORG_STEWARD)
    for opener in (scene.organisation(), None):
        with pytest.raises(Denied, match="recognised peer organisation"):
            actions.open_body(scene.LU, opener, name="Ministry", decides="Money", language="en")
    assert lu.get("/bodies/new").status_code == 403
    make.recognise(scene.organisation())
    assert lu.get("/bodies/new").status_code == 200
    assert not Body.objects.exists()


def test_a_peer_organisation_opens_a_page_for_a_body_that_never_joined() -> None:
    made = body()
    record = last_record()
    assert (record["type"], record["actor"], record["body"]) == ("body.opened", "organisation", "BODY")
    assert (made.opened_by, made.organisation.kind) == (scene.organisation(), OrganisationKind.BODY)
    with pytest.raises(Refused, match="has its page already"):
        actions.open_body(scene.LU, None, name="", decides="x", language="en", organisation=made.organisation)


def test_a_peer_organisation_opens_a_process_without_any_body() -> None:
    made = scene.process()
    assert made.body is None
    assert Client().get("/processes/TALK/").status_code == 200
    types = [json.loads(bytes(one.body))["type"] for one in LogEntry.objects.order_by("seq")]
    assert types[-2:] == ["process.opened", "phase.planned"]


def test_mina_opens_a_process_for_her_body_and_the_log_says_that_it_was_the_body() -> None:
    made = body()
    talk = actions.open_process(scene.MINA, made.organisation, title="T", about="A", language="en", body=made)
    assert (last_record()["actor"], last_record()["body"]) == ("body", "BODY")
    with pytest.raises(Denied):
        actions.open_process(scene.MINA, scene.organisation(), title="T", about="A", language="en")
    assert Process.objects.get() == talk


def test_the_whole_promise_of_a_phase_stands_in_the_public_log() -> None:
    talk = scene.process(is_open=False)
    day = clock.today()
    made = actions.plan(scene.LU, talk, **PROMISE, opens_on=day, closes_on=day + DAY)
    assert last_record()["facts"] == {
        "process": "TALK",
        "phase": made.code,
        "kind": "design",
        "level": 2,
        "can_change": "The hours",
        "cannot_change": "The rent",
        "opens_on": day.isoformat(),
        "closes_on": (day + DAY).isoformat(),
        "takes_statements": False,
        "takes_votes": True,
        "language": "en",
        "said_on": day.isoformat(),
    }


@pytest.mark.parametrize(
    ("first", "last", "advice"),
    [
        (-1, 3, "This date has passed"),
        (5, 4, "ends before it begins"),
        (9, 12, "Another phase runs"),
        (0, 30, "Another phase"),
    ],
)
def test_days_that_have_passed_or_are_taken_get_advice(first: int, last: int, advice: str) -> None:
    talk = scene.process()  # a phase runs from today for ten days
    day = clock.today()
    with pytest.raises(Refused, match=advice):
        actions.plan(scene.LU, talk, **PROMISE, opens_on=day + first * DAY, closes_on=day + last * DAY)
    assert queries.public_first_free_day(talk) == day + 11 * DAY
    actions.plan(scene.LU, talk, **PROMISE, opens_on=day + 11 * DAY, closes_on=day + 12 * DAY)
    assert Phase.objects.count() == 2


def test_a_phase_closed_early_ends_with_today_so_that_nobodys_vote_is_cut_off() -> None:
    phase = scene.process().phases.get()
    actions.close(scene.LU, phase, why="The room is lost.")
    assert phase.closes_on == clock.today()
    assert phase.process.takes("votes")
    assert last_record()["type"] == "phase.closed"
    for _ in range(2):
        with pytest.raises(Refused, match="beyond today"):
            actions.close(scene.LU, phase, why="Again")


@pytest.mark.parametrize(
    ("deed", "allowed"),
    [
        ("open_body", {"lu", "system"}),
        ("open_service", {"lu", "system"}),
        ("open_process", {"lu", "system"}),
        ("plan", {"lu", "system"}),
        ("close", {"lu", "system"}),
    ],
)
def test_exactly_these_people_may(deed: str, allowed: set[str]) -> None:
    may = set()
    make.recognise(scene.organisation())
    for name, actor in scene.EVERYBODY.items():
        ours, talk, day = scene.organisation(), scene.process(f"P-{name.upper()}"), clock.today()
        deeds = {
            "open_body": lambda: actions.open_body(actor, None, name=f"B {name}", decides="x", language="en"),  # noqa: B023
            "open_service": lambda: actions.open_service(actor, ours, name="S", about="", language="en"),  # noqa: B023
            "open_process": lambda: actions.open_process(actor, ours, title="T", about="A", language="en"),  # noqa: B023
            "plan": lambda: actions.plan(actor, talk, **PROMISE, opens_on=day + 20 * DAY, closes_on=day + 21 * DAY),  # noqa: B023
            "close": lambda: actions.close(actor, talk.phases.get(), why="x"),  # noqa: B023
        }
        try:
            deeds[deed]()
            may.add(name)
        except (Denied, Refused):
            continue
    assert may == allowed


def test_the_page_of_a_process_says_what_is_promised_and_why_a_visitor_cannot_vote() -> None:
    scene.process()
    page = Client().get("/processes/TALK/").content.decode()
    for words in ("The hours", "The rent", "you are asked", "Please sign in first.", "data-reason", "Not planned:"):
        assert words in page, words
    assert "/processes/TALK/vote" not in page
    assert "/processes/TALK/vote" in scene.signed_in("ana").get("/processes/TALK/").content.decode()
    assert "/processes/TALK/enter" not in scene.signed_in("ana").get("/processes/TALK/").content.decode()
    assert "/processes/TALK/enter" in scene.signed_in("lu", Role.ORG_STEWARD).get("/processes/TALK/").content.decode()


def test_lu_opens_everything_through_forms_and_ana_is_told_why_she_cannot() -> None:
    lu, ana = scene.signed_in("lu", Role.ORG_STEWARD), scene.signed_in("ana")
    make.recognise(scene.organisation())
    forms = {
        "/bodies/new": {"name": "Council", "decides": "Rooms", "language": "en", "time_zone": "Europe/London"},
        "/organisations/PEERS/services/new": {"name": "Night room", "about": "Tea", "language": "en"},
        "/organisations/PEERS/processes/new": {"title": "Hours", "about": "When", "language": "en"},
    }
    for address, given in forms.items():
        refused = ana.post(address, given)
        assert (address, refused.status_code) == (address, 403)
        assert "data-reason" in refused.content.decode()
        assert lu.get(address).status_code == 200
        wrong = lu.post(address, {"language": "en"})
        assert (wrong.status_code, 'role="alert"' in wrong.content.decode()) == (200, True)
        assert (address, lu.post(address, given).status_code) == (address, 303)
    service = Service.objects.get()
    site = {"name": "Door 2", "area": "Harbour"}
    assert [person.post(f"/services/{service.code}/sites/new", site).status_code for person in (ana, lu)] == [403, 303]
    made = Process.objects.get()
    day = clock.today()
    plan = {**PROMISE, "opens_on": day.isoformat(), "closes_on": (day - DAY).isoformat()}
    wrong = lu.post(f"/processes/{made.code}/plan", plan)
    assert (wrong.status_code, "The hours" in wrong.content.decode()) == (200, True)
    plan["closes_on"] = (day + DAY).isoformat()
    assert lu.post(f"/processes/{made.code}/plan", plan).status_code == 303
    phase = made.phases.get()
    assert ana.post(f"/processes/{made.code}/phases/{phase.code}/close", {"why": "x"}).status_code == 403
    assert lu.post(f"/processes/{made.code}/phases/{phase.code}/close", {"why": "x"}).status_code == 303
    assert Client().get(f"/bodies/{Body.objects.get().code}/").status_code == 200


@pytest.mark.parametrize("address", ["/bodies/NONE/", "/processes/NONE/", "/processes/%00/", "/processes/talk/"])
def test_what_is_not_there_is_not_found(address: str) -> None:
    scene.process()
    assert Client().get("/processes/TALK/").status_code == 200
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("address", ["/processes/", "/bodies/", "/bodies/BODY/"])
def test_lists_cost_the_same_for_one_and_for_three(address: str) -> None:
    made = body()

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert Client().get(address).status_code == 200
        return len(seen)

    def add(name: str) -> None:
        about = scene.process(f"P-{name}", body=made)
        about.title = name
        service = actions.open_service(scene.SYSTEM, made.organisation, name=name, about="", language="en")
        actions.open_site(scene.SYSTEM, service, name=name, area="x", hours="")
        actions.open_body(scene.LU, scene.organisation(), name=name, decides="x", language="en")

    add("ONE")
    cost()
    few = cost()
    add("TWO")
    add("THREE")
    assert cost() == few
