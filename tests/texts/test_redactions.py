"""Two keys take words away: a steward of the house and one of a recognised peer organisation, never one alone."""

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import cast, make
from tests.deliberation import scene
from tests.texts import two_keys
from tests.texts.two_keys import HOUSE, NO, WHY, YES, asked, settleable, steward, taken_away, words_of

from withus.core.errors import Denied, Refused
from withus.deliberation import actions as deliberation
from withus.deliberation import queries as conversation
from withus.people.models import Organisation
from withus.policy.facts import SYSTEM, VISITOR, Actor, Role, Standing
from withus.processes import actions as processes
from withus.processes.models import Process
from withus.public_log import publish, verify
from withus.public_log.models import LogOpening
from withus.public_log.rows import READERS
from withus.texts import actions
from withus.texts.desk import for_the_keys
from withus.texts.models import Redaction
from withus.texts.queries import Takeable, public_takeable, public_tombstones

pytestmark = pytest.mark.django_db
CANARY = "Zaphira Quellmond lives above the bakery"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Data and keys of their own: what one log published must not lie in another one's way."""
    monkeypatch.setenv("WITHUS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("WITHUS_KEYS", str(tmp_path / "keys"))
    return tmp_path


@pytest.fixture
def peers() -> Organisation:
    """A recognised peer organisation."""
    return make.recognised()


@pytest.fixture
def talk(peers: Organisation) -> Process:
    """Its process, whose description names somebody."""
    made = processes.open_process(SYSTEM, peers, title="Beds", about=CANARY, language="en", code="TALK")
    scene.phase(made)
    return made


@pytest.fixture
def about(talk: Process) -> Takeable:
    """Those words."""
    return words_of("process.opened", "TALK", "about")


def test_both_keys_take_words_away_and_leave_the_log_whole(peers: Organisation, about: Takeable) -> None:
    one = taken_away(about, peers)
    assert Process.objects.get(code="TALK").about == ""
    assert not LogOpening.objects.filter(pk=about.fingerprint).exists()
    assert (one.agreed, one.asked_by, one.answered_by, one.asked_by_account) == (True, None, peers, None)
    assert Process.objects.get(code="TALK").title == "Beds"
    assert verify.own_log().errors == []
    told = scene.records()[-2:]
    assert [record["type"] for record in told] == ["redaction.asked", "redaction.agreed"]
    assert told[1]["facts"]["fingerprint"] == about.fingerprint
    assert CANARY not in str(told)


def test_a_peer_organisation_asks_and_the_house_agrees(peers: Organisation, about: Takeable) -> None:
    subject = asked(about, peers)
    actions.settle(HOUSE, subject, **YES)
    one = Redaction.objects.get()
    assert (one.agreed, one.asked_by, one.answered_by) == (True, peers, None)
    assert Process.objects.get(code="TALK").about == ""
    assert verify.own_log().errors == []


def test_a_no_is_public_with_its_reason_and_changes_nothing_else(peers: Organisation, about: Takeable) -> None:
    subject = asked(about)
    with pytest.raises(Refused, match="Give a reason"):
        actions.settle(steward(peers), subject, organisation=peers, **NO | {"answer": ""})
    actions.settle(steward(peers), subject, organisation=peers, **NO)
    assert Process.objects.get(code="TALK").about == CANARY
    assert scene.records()[-1]["type"] == "redaction.declined"
    assert verify.own_log().errors == []
    page = Client().get(Redaction.objects.get().get_absolute_url()).content.decode()
    assert "Nobody can be recognised by it." in page
    assert "the other key said no" in page
    with pytest.raises(Refused, match="answered already"):
        actions.settle(steward(peers), subject, organisation=peers, **YES)
    assert asked(about).redaction.agreed is None, "after a no it may be asked anew"


@pytest.mark.parametrize(
    ("asker", "who", "says"),
    [
        ("house", "house", "You asked for this yourself"),
        ("house", "other house", "This house asked. The second key is with the stewards of recognised peer"),
        ("house", "both", "You asked for this yourself"),
        ("house", "unrecognised", "Your organisation is not recognised"),
        ("house", "secretary", "Only a steward of this house, or of a recognised peer organisation"),
        ("house", "peer", "Only a steward of this house, or of a recognised peer organisation"),
        ("house", "visitor", "Please sign in first"),
        ("house", "system", "Only a steward of this house, or of a recognised peer organisation"),
        ("peers", "peers", "You asked for this yourself"),
        ("peers", "other peers", "A peer organisation asked. The second key is with the stewards of this house"),
        ("peers", "secretary", "Only a steward of this house, or of a recognised peer organisation"),
    ],
)
def test_nobody_turns_both_keys_and_the_body_has_none(
    peers: Organisation, about: Takeable, asker: str, who: str, says: str
) -> None:
    everyone = _everyone(peers)
    subject = asked(about, peers if asker == "peers" else None)
    with pytest.raises(Denied, match=says):
        actions.settle(everyone[who], subject, organisation=peers if asker == "house" else None, **YES)
    assert Process.objects.get(code="TALK").about == CANARY


def test_whoever_answers_for_the_body_that_is_named_has_no_key_whatever_her_cards(peers: Organisation) -> None:
    body = processes.open_body(SYSTEM, peers, name="Ministry", decides="Money of the town", language="en")
    processes.open_process(SYSTEM, peers, title="Beds", about=CANARY, language="en", code="BEDS", body=body)
    words = words_of("process.opened", "BEDS", "about")
    lu = steward(peers)
    mina = Actor(lu.account, "both", lu.standings | {Standing(Role.DUTY_BEARER, body.code)})
    with pytest.raises(Denied, match="You answer for this body yourself"):
        actions.redact(mina, words, organisation=peers, **WHY)
    subject = asked(words)
    with pytest.raises(Denied, match="You answer for this body yourself"):
        actions.settle(mina, subject, organisation=peers, **YES)
    with pytest.raises(Refused, match="Give a reason"):
        actions.settle(lu, subject, organisation=peers, **YES | {"answer": ""})
    actions.settle(lu, subject, organisation=peers, **YES)


def _everyone(peers: Organisation) -> dict[str, Actor]:
    elsewhere = make.organisation("Not recognised")
    ministry = make.ministry()
    both = frozenset({Standing(Role.INSTANCE_STEWARD), Standing(Role.ORG_STEWARD, peers.code, is_of_peers=True)})
    return {
        "house": HOUSE,
        "other house": Actor(77, "house-2", HOUSE.standings),
        "both": Actor(HOUSE.account, "both", both),
        "peers": steward(peers),
        "other peers": Actor(78, "peers-2", steward(peers).standings),
        "unrecognised": steward(elsewhere),
        "secretary": Actor(5, "mina", frozenset({Standing(Role.BODY_SECRETARY, ministry.code)})),
        "peer": Actor(6, "ana", frozenset({Standing(Role.PEER, peers.code, is_of_peers=True)})),
        "visitor": VISITOR,
        "system": SYSTEM,
    }


@pytest.mark.parametrize("who", ["unrecognised", "secretary", "peer", "visitor", "system"])
def test_only_who_has_a_key_asks(peers: Organisation, about: Takeable, who: str) -> None:
    with pytest.raises(Denied):
        actions.redact(_everyone(peers)[who], about, organisation=None, **WHY)
    assert not Redaction.objects.exists()


def test_nobody_asks_or_answers_in_the_name_of_a_key_that_is_not_hers(peers: Organisation, about: Takeable) -> None:
    make.instance()
    other = make.recognised("The other peers")
    for actor, key in ((HOUSE, peers), (steward(peers), None), (steward(peers), other)):
        with pytest.raises(Refused, match="You do not have this key"):
            actions.redact(actor, about, organisation=key, **WHY)
    subject = asked(about)
    for key in (other, None):
        with pytest.raises(Refused, match="You do not have this key"):
            actions.settle(steward(peers), subject, organisation=key, **YES)


def test_the_same_words_wait_once_and_erased_ones_not_at_all(peers: Organisation, about: Takeable) -> None:
    subject = asked(about)
    with pytest.raises(Refused, match="asked already to take these words away"):
        actions.redact(steward(peers), about, organisation=peers, **WHY)
    actions.settle(steward(peers), subject, organisation=peers, **YES)
    gone = words_of("process.opened", "TALK", "about")
    assert gone.content is None
    with pytest.raises(Refused, match="erased already"):
        actions.redact(HOUSE, gone, organisation=None, **WHY)


def test_who_lost_recognition_meanwhile_gets_no_yes(peers: Organisation, about: Takeable) -> None:
    make.recognised("Those who stay")
    subject = asked(about, peers)
    make.mandate(peers)  # a new version, which nobody has countersigned
    with pytest.raises(Refused, match="not recognised any more"):
        actions.settle(HOUSE, settleable(subject.redaction), **YES)
    actions.settle(HOUSE, settleable(subject.redaction), **NO)


@pytest.mark.parametrize("words", ["", "No.", "no no no no no no no no"])
def test_a_reason_says_something(about: Takeable, words: str) -> None:
    make.instance()
    with pytest.raises(Refused, match="Give a reason"):
        actions.redact(HOUSE, about, organisation=None, **WHY | {"words": words})


def test_what_is_taken_away_is_not_said_again_in_the_reason(peers: Organisation, about: Takeable) -> None:
    make.instance()
    again = "It says that zaphira quellmond, lives above a shop: Quellmond lives above the roof."
    with pytest.raises(Refused, match="repeats words"):
        actions.redact(HOUSE, about, organisation=None, **WHY | {"words": again})
    subject = asked(about)
    with pytest.raises(Refused, match="repeats words"):
        actions.settle(steward(peers), subject, organisation=peers, **YES | {"answer": again})
    assert Process.objects.get(code="TALK").about == CANARY


def test_twenty_requests_of_one_key_wait_and_no_more(peers: Organisation) -> None:
    make.instance()
    words = []
    for number in range(21):
        made = processes.open_service(SYSTEM, peers, name=f"S{number}", about=f"Word {number}", language="en")
        words.append(made.code)
    publish.publish()
    found = [words_of("service.opened", code, "about") for code in words]
    for one in found[:20]:
        actions.redact(HOUSE, one, organisation=None, **WHY)
    with pytest.raises(Refused, match="Twenty of your requests wait"):
        actions.redact(HOUSE, found[20], organisation=None, **WHY)
    actions.redact(steward(peers), found[20], organisation=peers, **WHY)


def test_words_that_not_everybody_can_read_are_shown_to_no_key(peers: Organisation, talk: Process) -> None:
    from withus.public_log.append import append_pending

    waiting = deliberation.propose(scene.ANA, talk, text=CANARY, language="en", tie="t")
    append_pending()
    found = words_of("statement.proposed", waiting.code, "text")
    assert found.shown == ""
    make.instance()
    with pytest.raises(Refused, match="Not everybody can read these words"):
        actions.redact(HOUSE, found, organisation=None, **WHY)


def test_a_fact_that_is_no_commitment_has_no_such_page(talk: Process) -> None:
    seq = two_keys.entry_of("process.opened", "TALK")
    assert public_takeable(seq, "title") is None
    assert public_takeable(seq + 1000, "about") is None
    assert public_takeable(seq, "nothing") is None


def test_a_statement_without_words_takes_no_votes_and_keeps_those_it_has(peers: Organisation, talk: Process) -> None:
    said = deliberation.seed(SYSTEM, talk, text=CANARY, language="en")
    scene.cast(said, agree=12)
    deliberation.release_tallies(talk)
    taken_away(words_of("statement.seeded", said.code, "text"), peers)
    said.refresh_from_db()
    assert (said.text, said.state) == ("", "accepted")
    assert conversation.public_votable_text(said.code, "en") is None
    assert verify.own_log().errors == []
    page = Client().get(said.get_absolute_url()).content.decode()
    assert "Taken away on" in page
    assert "12" in page
    assert public_tombstones([said.code])[said.code, "text"].agreed
    assert "Taken away on" in Client().get("/processes/TALK/results.csv").content.decode()


def test_every_word_of_every_kind_of_row_can_be_taken_away(peers: Organisation, talk: Process) -> None:
    processes.open_site(
        SYSTEM,
        processes.open_service(SYSTEM, peers, name="Tea", about=CANARY, language="en"),
        name="Van",
        area="East",
        hours="Nine to five",
    )
    deliberation.seed(SYSTEM, talk, text="Open at night", language="en")
    publish.publish()
    told = [one for reader in READERS for one in reader.read() if one.is_public and one.type != "text.translated"]
    taken = 0
    for one in told:
        for fact in one.words:
            found = words_of(one.type, one.subject, fact)
            if found.content:
                taken_away(found, peers)
                taken += 1
    assert taken >= 4
    assert verify.own_log().errors == []


def test_pages_lead_whoever_has_a_key_from_the_entry_to_the_answer(peers: Organisation, talk: Process) -> None:
    hedy, lu = make.somebody(Role.INSTANCE_STEWARD), make.somebody(Role.ORG_STEWARD, peers)
    ana = make.somebody(Role.PEER, peers)
    house, key, peer = cast.browser(hedy), cast.browser(lu), cast.browser(ana)
    entry = f"/log/entries/{two_keys.entry_of('process.opened', 'TALK')}"
    assert "Ask to take them away" in house.get(entry).content.decode()
    assert "Ask to take them away" not in peer.get(entry).content.decode()
    assert "Ask to take them away" not in Client().get(entry).content.decode()
    ask = f"{entry}/about/redact"
    assert CANARY in house.get(ask).content.decode()
    assert peer.get(ask).status_code == 403
    assert house.get(f"{entry}/title/redact").status_code == 404
    sent = WHY | {"organisation": "house"}
    page = house.post(ask, sent | {"words": "Short."}).content.decode()
    assert "Give a reason that others can understand" in page
    answer = house.post(ask, sent)
    assert answer.status_code == 303
    assert house.post(ask, sent).status_code == 200, "the same request again says that it waits"
    assert Redaction.objects.count() == 1
    place = answer["Location"]
    assert "waits for the other key" in Client().get(place).content.decode()
    assert CANARY not in Client().get(place).content.decode()
    assert f'href="{place}settle"' not in house.get(place).content.decode()
    assert f'href="{place}settle"' in key.get(place).content.decode()
    said = YES | {"agreed": "yes", "organisation": peers.code}
    assert house.post(f"{place}settle", said | {"organisation": "house"}).status_code == 403
    assert key.post(f"{place}settle", said).status_code == 303
    assert f'href="{place}settle"' not in key.get(place).content.decode()
    assert CANARY not in key.get(f"{place}settle").content.decode()
    assert "Taken away on" in Client().get("/processes/TALK/").content.decode()
    publish.publish()
    log = Client().get("/log/").content.decode()
    assert "The other key agreed, and words were taken away, because they are a danger to somebody" in log
    assert "It was asked to take words away" in log
    assert key.get("/redactions/nothing/").status_code == 404


def test_who_leaves_is_no_longer_known_as_who_asked(peers: Organisation, about: Takeable) -> None:
    from withus.people import actions as people

    hedy = make.somebody(Role.INSTANCE_STEWARD)
    made = actions.redact(hedy.actor, about, organisation=None, **WHY)
    assert made.asked_by_account == hedy.account.pk
    people.leave(hedy.actor, None, key=hedy.key, stays=True)
    assert Redaction.objects.get().asked_by_account is None
    actions.settle(steward(peers), settleable(made), organisation=peers, **YES)


def test_the_list_asks_the_database_the_same_few_questions_however_long_it_is(peers: Organisation) -> None:
    make.instance()
    asked_then = []
    for number in range(3):
        made = processes.open_service(SYSTEM, peers, name=f"S{number}", about="Words of it", language="en")
        actions.redact(HOUSE, words_of("service.opened", made.code, "about"), organisation=None, **WHY)
        with CaptureQueriesContext(connection) as asked_now:
            page = Client().get("/redactions/").content.decode()
        assert page.count("Somebody could be found there.") == number + 1
        asked_then.append(len(asked_now))
    assert asked_then[1] == asked_then[2] < 10


def test_before_anybody_asked_the_list_says_so() -> None:
    make.instance()
    assert "Nobody has asked to take words away." in Client().get("/redactions/").content.decode()


def test_a_request_waits_on_the_desks_of_the_other_key_alone(db: None) -> None:
    make.instance()
    peers, others = make.recognised(), make.organisation("The others")
    service = processes.open_service(SYSTEM, peers, name="Tea", about="Warm", language="en")
    two_keys.asked(two_keys.words_of("service.opened", service.code, "about"))
    assert [task.what for task in for_the_keys(two_keys.steward(peers))] == ["Say yes or no: should these words go?"]
    assert for_the_keys(two_keys.HOUSE) == for_the_keys(two_keys.steward(others)) == []


def test_words_that_need_not_be_given_leave_a_tombstone_only_where_they_were(peers: Organisation) -> None:
    make.instance()
    body = processes.open_body(SYSTEM, peers, name="The council", decides="Rents", language="en")
    processes.open_service(SYSTEM, body.organisation, name="Bus", about="", language="en")
    tea = processes.open_service(SYSTEM, body.organisation, name="Tea", about=CANARY, language="en")
    page = Client().get(body.get_absolute_url()).content.decode()
    assert CANARY in page
    assert "Taken away on" not in page
    taken_away(words_of("service.opened", tea.code, "about"), peers)
    page = Client().get(body.get_absolute_url()).content.decode()
    assert page.count("Taken away on") == 1
    assert "because they are a danger to somebody; by a steward of this house and" in page
    assert CANARY not in page
