"""Who reads what people propose where a body opened the process, and what that work takes and pays."""

import datetime
import html
import re
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from tests import cast, make

from withus.core import clock
from withus.core.errors import Denied, Refused
from withus.deliberation import actions as deliberation
from withus.deliberation import ties
from withus.deliberation.models import StatementState
from withus.people import actions as people
from withus.people.models import Organisation
from withus.policy.facts import SYSTEM, Role
from withus.processes import actions
from withus.processes.models import Process
from withus.texts import actions as texts
from withus.texts.models import Translation

pytestmark = pytest.mark.django_db
UNREAD = "No peer organisation reads statements here yet"


@pytest.fixture
def everybody() -> cast.Cast:
    """The cast, with a recognised peer organisation."""
    came = cast.come_in()
    make.mandate(came.peers)
    people.declare(SYSTEM, came.peers, share="none")
    people.countersign(SYSTEM, came.peers, version=1, outside_name="Abroad", outside_proof="Their site")
    return came


@pytest.fixture
def talk(everybody: cast.Cast) -> Process:
    """A process that the ministry opened by itself."""
    about = {"title": "Opening hours", "about": "When the room is open", "language": "en", "code": "TALK"}
    return actions.open_process(everybody.mina.actor, everybody.ministry, **about)


def days(**more: Any) -> dict[str, Any]:
    """A phase from today on."""
    promise = {"kind": "need", "level": 2, "can_change": "All", "cannot_change": "None", "language": "en"}
    today = clock.today()
    return promise | {"opens_on": today, "closes_on": today + datetime.timedelta(days=3)} | more


def text(answer: Any) -> str:
    """A page's words."""
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", answer.content.decode())).split())


def stand_beside(everybody: cast.Cast, talk: Process) -> None:
    """The ministry asks, the peer organisation agrees, and a phase takes statements."""
    actions.ask(everybody.mina.actor, talk, beside=everybody.peers)
    actions.agree(everybody.lu.actor, talk)
    actions.plan(everybody.mina.actor, talk, **days(takes_statements=True, takes_votes=True))


def propose(who: make.Somebody, talk: Process, said: str = "Longer hours") -> Any:
    """Somebody proposes a statement."""
    tie = ties.tie_of(who.key, talk.code)
    return deliberation.propose(who.actor, talk, text=said, language="en", tie=tie)


def test_a_body_alone_takes_no_statements(everybody: cast.Cast, talk: Process) -> None:
    with pytest.raises(Refused, match="Ask a peer organisation first"):
        actions.plan(everybody.mina.actor, talk, **days(takes_statements=True))
    phase = actions.plan(everybody.mina.actor, talk, **days(takes_votes=True))
    type(phase).objects.update(takes_statements=True)  # as an older version of Withus let bodies do
    with pytest.raises(Denied, match=UNREAD):
        propose(everybody.ana, talk)
    page = text(cast.browser(everybody.ana).get("/processes/TALK/"))
    assert UNREAD in page
    assert "Until one agrees, nobody reads what people propose" in page


def test_mina_asks_lu_agrees_and_her_editors_read(everybody: cast.Cast, talk: Process) -> None:
    mina, lu, eve = (
        cast.browser(everybody.mina),
        cast.browser(everybody.lu),
        make.somebody(Role.PEER_EDITOR, everybody.peers),
    )
    assert "/processes/TALK/ask" in mina.get("/processes/TALK/").content.decode()
    assert "/processes/TALK/agree" not in lu.get("/processes/").content.decode()
    assert lu.get("/processes/TALK/agree").status_code == 403
    assert mina.post("/processes/TALK/ask", {"beside": everybody.peers.code}).status_code == 303
    assert "The peers was asked and has not agreed yet" in text(Client().get("/processes/TALK/"))
    assert "/processes/TALK/agree" in lu.get("/processes/").content.decode()
    assert "/processes/TALK/agree" not in mina.get("/processes/").content.decode()
    assert mina.post("/processes/TALK/agree").status_code == 403
    assert lu.post("/processes/TALK/agree").status_code == 303
    assert "The peers reads what people propose" in text(Client().get("/processes/TALK/"))
    assert "/processes/TALK/agree" not in lu.get("/processes/").content.decode()
    talk.refresh_from_db()
    actions.plan(everybody.mina.actor, talk, **days(takes_statements=True))
    said = propose(everybody.ana, talk)
    editor = cast.browser(eve)
    assert "Longer hours" in text(editor.get("/processes/TALK/moderation"))
    assert mina.get("/processes/TALK/moderation").status_code == 403
    assert mina.get(said.get_absolute_url()).status_code == 404, "the body sees nothing before peers have read it"
    with pytest.raises(Denied):
        deliberation.moderate(everybody.mina.actor, said, decision="accepted")
    deliberation.moderate(eve.actor, said, decision="accepted")
    said.refresh_from_db()
    assert said.state == StatementState.ACCEPTED


def test_the_editors_beside_look_again_translate_and_type_in_ballots(everybody: cast.Cast, talk: Process) -> None:
    stand_beside(everybody, talk)
    eve = make.somebody(Role.PEER_EDITOR, everybody.peers)
    said, tie = propose(everybody.ana, talk), ties.tie_of(everybody.ana.key, talk.code)
    deliberation.moderate(eve.actor, said, decision="declined", reason="unclear")
    made = deliberation.appeal(everybody.ana.actor, said, reason="It is clear", language="en", tie=tie)
    with pytest.raises(Denied):
        deliberation.review(eve.actor, made, upheld=True, answer="Yes")
    deliberation.review(everybody.lu.actor, made, upheld=True, answer="Yes")
    at = {"kind": "process", "field": "title", "language": "ar"}
    texts.translate(everybody.lu.actor, talk, **at, text="ساعات")
    assert Translation.objects.get().by == everybody.peers
    assert deliberation.enter(everybody.lu.actor, talk, ballots=[{said.number: 1}], token="A" * 26) == 1
    with pytest.raises(Denied):
        deliberation.enter(everybody.mina.actor, talk, ballots=[{said.number: 1}], token="B" * 26)


def test_only_recognised_peer_organisations_are_asked_and_another_until_one_agrees(
    everybody: cast.Cast, talk: Process
) -> None:
    mina, other = everybody.mina.actor, make.recognised("The neighbors")
    for wrong in (make.organisation("Unknown"), everybody.ministry):
        with pytest.raises(Refused, match="recognised"):
            actions.ask(mina, talk, beside=wrong)
    answer = cast.browser(everybody.mina).get("/processes/TALK/ask").content.decode()
    assert re.findall(r'<option value="(\w+)"', answer) == [other.code, everybody.peers.code]
    for beside in (other, everybody.peers):
        actions.ask(mina, talk, beside=beside)
    with pytest.raises(Denied, match="that was asked"):
        actions.agree(make.somebody(Role.ORG_STEWARD, other).actor, talk)
    make.mandate(everybody.peers)
    with pytest.raises(Refused, match="recognised"):
        actions.agree(everybody.lu.actor, talk)
    people.countersign(SYSTEM, everybody.peers, version=2, by=other)
    actions.agree(everybody.lu.actor, talk)
    with pytest.raises(Refused, match="already"):
        actions.ask(mina, talk, beside=other)
    with pytest.raises(Refused, match="only once"):
        actions.agree(everybody.lu.actor, talk)


def test_a_peer_organisation_reads_its_own_and_asks_nobody(everybody: cast.Cast) -> None:
    own = actions.open_process(everybody.lu.actor, everybody.peers, title="Ours", about="x", language="en")
    assert own.editors == everybody.peers
    with pytest.raises(Refused, match="already"):
        actions.ask(everybody.lu.actor, own, beside=everybody.peers)
    assert f"/processes/{own.code}/ask" not in cast.browser(everybody.lu).get(own.get_absolute_url()).content.decode()


def test_a_service_does_not_read_what_is_said_about_it(everybody: cast.Cast) -> None:
    clinic = make.organisation("The clinic", "service")
    cleo = make.somebody(Role.ORG_STEWARD, clinic)
    about = actions.open_process(cleo.actor, clinic, title="Us", about="x", language="en")
    with pytest.raises(Denied, match=UNREAD):
        deliberation.import_polis(cleo.actor, about, comments=COMMENTS, votes=VOTES)
    actions.ask(cleo.actor, about, beside=everybody.peers)
    actions.agree(everybody.lu.actor, about)
    with pytest.raises(Denied):
        actions.offer(cleo.actor, about, minutes=1)


COMMENTS = b"timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
VOTES = b"timestamp,datetime,comment-id,voter-id,vote\n"


def test_the_database_knows_no_agreement_of_nobody_and_no_pay_without_minutes(talk: Process) -> None:
    for wrong in ({"agreed_on": clock.today()}, {"reading_pay": "much"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Process.objects.filter(pk=talk.pk).update(**wrong)


def test_mina_finds_the_way_to_a_process_on_her_bodys_page(everybody: cast.Cast) -> None:
    actions.open_body(SYSTEM, everybody.peers, name="", decides="x", language="en", organisation=everybody.ministry)
    page, link = f"/bodies/{everybody.ministry.code}/", f"/organisations/{everybody.ministry.code}/processes/new"
    assert link in cast.browser(everybody.mina).get(page).content.decode()
    assert link not in cast.browser(everybody.hedy).get(page).content.decode()
    assert f"/organisations/{everybody.ministry.code}/services/new" in (
        cast.browser(everybody.hedy).get(page).content.decode()
    )
    assert "For those who run" not in text(cast.browser(everybody.ana).get(page))


WORK = ("/processes/TALK/moderation", "/processes/TALK/", "/processes/TALK/results?show=yes")


@pytest.mark.parametrize("address", WORK)
def test_what_reading_takes_and_pays_stands_beside_the_work(everybody: cast.Cast, talk: Process, address: str) -> None:
    stand_beside(everybody, talk)
    lu = cast.browser(everybody.lu)
    assert "Nobody has said how long reading a statement takes or what it pays" in text(lu.get(address))
    assert "checked by nobody who was paid" in text(lu.get(address))
    assert lu.post("/processes/TALK/offer", {"minutes": "1", "pay": ""}).status_code == 303
    assert "takes about 1 minute. It is not paid." in text(lu.get(address))
    assert "checked by nobody who was paid" in text(lu.get(address))
    assert lu.post("/processes/TALK/offer", {"minutes": "4", "pay": "2 euros each"}).status_code == 303
    assert "takes about 4 minutes. It pays: 2 euros each" in text(lu.get(address))
    assert "nobody who was paid" not in text(lu.get(address))


def test_only_the_steward_of_those_who_read_says_what_it_pays_and_the_log_keeps_it(
    everybody: cast.Cast, talk: Process
) -> None:
    stand_beside(everybody, talk)
    for who in (everybody.mina, everybody.ana, everybody.hedy, make.somebody(Role.PEER_EDITOR, everybody.peers)):
        assert cast.browser(who).post("/processes/TALK/offer", {"minutes": "1"}).status_code == 403
    lu = cast.browser(everybody.lu)
    for minutes in ("", "0", "-1", "601", "x"):
        assert 'role="alert"' in lu.post("/processes/TALK/offer", {"minutes": minutes}).content.decode()
    actions.offer(everybody.lu.actor, talk, minutes=3, pay="1 euro")
    facts = {"process": "TALK", "organisation": everybody.peers.code, "minutes": 3, "pay": "1 euro"}
    assert newest() == ("work.offered", facts)


def newest() -> tuple[str, dict[str, Any]]:
    """Type and facts of the log's newest record."""
    from tests.deliberation.scene import records

    record = records()[-1]
    return record["type"], record["facts"]


def test_asking_and_agreeing_stand_in_the_log(everybody: cast.Cast, talk: Process) -> None:
    facts = {"process": "TALK", "organisation": everybody.peers.code}
    actions.ask(everybody.mina.actor, talk, beside=everybody.peers)
    assert newest() == ("peers.asked", facts)
    actions.agree(everybody.lu.actor, talk)
    assert newest() == ("peers.agreed", facts | {"said_on": clock.today().isoformat()})


def test_a_public_statement_says_whether_anybody_was_paid_to_check_it(everybody: cast.Cast, talk: Process) -> None:
    stand_beside(everybody, talk)
    said = propose(everybody.ana, talk)
    deliberation.moderate(everybody.lu.actor, said, decision="accepted")
    first = deliberation.seed(everybody.lu.actor, talk, text="Tea", language="en")
    assert "Checked by nobody who was paid." in text(Client().get(said.get_absolute_url()))
    actions.offer(everybody.lu.actor, talk, minutes=3, pay="1 euro")
    assert "paid for it: 1 euro" in text(Client().get(said.get_absolute_url()))
    page = text(Client().get(first.get_absolute_url()))
    assert "paid" not in page
    assert "Added by The peers" in page


def test_an_organisation_can_stand_beside_many(everybody: cast.Cast, talk: Process) -> None:
    stand_beside(everybody, talk)
    assert list(Organisation.objects.get(code=everybody.peers.code).stands_beside.all()) == [talk]
