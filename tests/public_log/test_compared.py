"""Rows edited, made or deleted by hand beside the log are found by `verify-log`, field by field."""

import datetime
from collections.abc import Iterable
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from tests import make
from tests.deliberation import scene
from tests.public_log.bending import bend, found, unnoticed
from tests.texts import two_keys

from withus.compute.verifier import MOST_ERRORS
from withus.core import clock, codes
from withus.deliberation import actions as deliberation
from withus.deliberation.maps.actions import seal_map
from withus.people import actions as people
from withus.people.models import FundingLink, Mandate, Organisation
from withus.policy.facts import SYSTEM
from withus.processes import actions as processes
from withus.processes.models import Phase, PhaseClosing, Process, Service, Site
from withus.public_log import compared, verify
from withus.public_log.append import append_pending
from withus.public_log.models import LogOpening
from withus.public_log.rows import READERS
from withus.texts import actions as texts
from withus.texts.models import Redaction

pytestmark = pytest.mark.django_db
PROMISE = {"kind": "design", "level": 2, "can_change": "The hours", "cannot_change": "The rent", "language": "en"}
# What stands in the demo is bent in tests/test_bent_rows.py.
HERE = ("withus.people", "withus.processes.telling", "withus.deliberation", "withus.texts")


@pytest.fixture
def lived(db: None) -> None:
    """A house in which every registered kind of row is there, and nothing was bent."""
    make.instance()
    peers = make.recognised()
    abroad = people.found(SYSTEM, None, kind="peer_organisation", name="A chapter", about="Of the hill", language="en")
    body = processes.open_body(SYSTEM, peers, name="The council", decides="Rents", language="en")
    ended = processes.open_body(SYSTEM, peers, name="The old council", decides="Nothing", language="en")
    why = "The council has taken its work over."
    processes.close_body(SYSTEM, ended, reason=why, language="en", successor=body)
    service = processes.open_service(SYSTEM, peers, name="Tea", about="Warm", language="en")
    processes.open_site(SYSTEM, service, name="Van", area="East", hours="9 to 5")
    people.declare(SYSTEM, abroad, payer=peers, share="most")
    talk = processes.open_process(
        SYSTEM, body.organisation, title="Beds", about="Of beds", language="en", body=body, service=service, source="S"
    )
    processes.ask(SYSTEM, talk, beside=peers)
    processes.agree(SYSTEM, talk)
    processes.offer(SYSTEM, talk, minutes=3, pay="2 €")
    processes.offer(SYSTEM, talk, minutes=4, pay="3 €")
    today, day = clock.today(), datetime.timedelta(days=1)
    with clock.at(today - 9 * day):
        asked = {"takes_statements": True, "takes_votes": True}
        early = processes.plan(SYSTEM, talk, **PROMISE, **asked, opens_on=today - 9 * day, closes_on=today)
        declined = deliberation.propose(scene.ANA, talk, text="Cem is loud", language="en", tie="t")
        one = deliberation.seed(SYSTEM, talk, text="Open at night", language="en")
    with clock.at(today - 8 * day):
        deliberation.moderate(SYSTEM, declined, decision="declined", reason="unclear", words="Say more.")
        deliberation.appeal(scene.ANA, declined, reason="It is clear", language="en", tie="t")
        processes.close(SYSTEM, early, why="The room burnt down")
    deliberation.seal(SYSTEM, Phase.objects.get(pk=early.pk))
    recount = {"method": "withus", "seed": 0, "tallies": "a", "groups": "b", "lists": "c", "said": "d", "votes": 0}
    inside = {"counts": [], "people": 0}
    seal_map(SYSTEM, Phase.objects.get(pk=early.pk), content={}, inside=inside, recount=recount)
    processes.plan(SYSTEM, talk, **PROMISE, opens_on=today + day, closes_on=today + 3 * day)
    texts.translate(SYSTEM, one, kind="statement", field="text", language="ar", text="first")
    texts.translate(SYSTEM, one, kind="statement", field="text", language="ar", text="second")
    two_keys.taken_away(two_keys.words_of("service.opened", service.code, "about"), peers)
    asked_again = two_keys.asked(two_keys.words_of("site.opened", Site.objects.get().code, "hours"))
    texts.settle(two_keys.steward(peers), asked_again, organisation=peers, **two_keys.NO)


@pytest.mark.usefixtures("lived")
def test_untouched_rows_agree_with_the_log_before_and_after_peers_records_enter() -> None:
    assert found() == []
    append_pending()
    assert found() == []
    told = {kind for reader in READERS for kind in reader.types if str(reader.read.__module__).startswith(HERE)}
    there = {told.type for reader in READERS for told in reader.read()}
    assert told - there == set(), "let something of this kind happen in `lived`"


def _models() -> Iterable[type[models.Model]]:
    return {type(told.row) for reader in READERS for told in reader.read()}


@pytest.mark.usefixtures("lived")
def test_each_field_of_each_row_that_is_changed_by_hand_is_found_and_named() -> None:
    quiet = [name for model in sorted(_models(), key=lambda one: one.__name__) for name in unnoticed(model)]
    assert quiet == []
    assert found() == []


@pytest.mark.usefixtures("lived")
@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("UPDATE withus_organisation SET name = 'X' WHERE name = 'A chapter'", "organisation.founded of *: name in"),
        ("UPDATE withus_mandate SET speaks_for = 'All'", "mandate.published of *: speaks_for in its row differs"),
        ("UPDATE withus_fundinglink SET share = 'small'", "funding.declared of *: share in its row differs"),
        ("UPDATE withus_countersignature SET outside_name = 'X'", "mandate.countersigned of *: outside_name in its"),
        ("UPDATE withus_body SET decides = 'All'", "body.opened of *: decides in its row differs"),
        ("UPDATE withus_site SET area = 'West'", "site.opened of *: area in its row differs"),
        ("UPDATE withus_process SET about = 'Other'", "process.opened of *: about in its row differs"),
        ("UPDATE withus_process SET reading_pay = '9 €'", "work.offered of *: pay in its row differs"),
        ("UPDATE withus_phase SET closes_on = '2027-01-01'", "phase.planned of *: closes_on in its row differs"),
        ("UPDATE withus_phase SET closes_on = '2027-01-01'", "phase.closed of *: closes_on in its row differs"),
        ("UPDATE withus_phaseclosing SET why = 'So'", "phase.closed of *: why in its row differs"),
        ("UPDATE withus_statement SET text = 'Close'", "statement.seeded of *: text in its row differs"),
        ("UPDATE withus_appeal SET reason = 'No'", "statement.appealed of *: reason in its row differs"),
        ("UPDATE withus_translation SET text = 'first'", "text.translated of *: text in its row differs"),
        ("UPDATE withus_sealedtally SET content = 'x'", "tallies.sealed of *: sha256 in its row differs"),
        ("UPDATE withus_sealedmap SET content = 'x'", "map.sealed of *: map_sha256 in its row differs"),
        ("UPDATE withus_sealedmap SET recount = 'x'", "map.sealed of *: recount_sha256 in its row differs"),
        ("UPDATE withus_redaction SET words = 'x'", "redaction.asked of *: words in its row differs"),
        ("UPDATE withus_organisation SET about = ''", "organisation.founded of *: about in its row differs"),
        ("DELETE FROM withus_fundinglink", "funding.declared of *: a record without its row, which was deleted"),
        ("DELETE FROM withus_sealedmap", "map.sealed of *: a record without its row, which was deleted"),
        ("DELETE FROM withus_phaseclosing", "phase.closed of *: a record without its row, which was deleted"),
        ("DELETE FROM withus_site", "site.opened of *: a record without its row, which was deleted"),
        ("DELETE FROM withus_log_opening WHERE path = 'facts.source'", "facts.source are gone, and no two keys"),
    ],
)
def test_what_was_changed_or_deleted_by_hand_is_told_by_its_entry(sql: str, says: str) -> None:
    bend(sql)
    told = found()
    start, _, rest = says.partition("*")
    hits = [one for one in told if start in one and rest in one]
    assert hits, told
    waits = "statement.appealed" in says  # a record of peers, which has no number yet
    assert all(one.startswith("None: ") == waits for one in hits)


@pytest.mark.usefixtures("lived")
@pytest.mark.parametrize("model", [Mandate, FundingLink, Service, Site, Process, Phase, Organisation])
def test_a_row_that_was_made_by_hand_is_found(model: type[models.Model]) -> None:
    row: Any = model._default_manager.order_by("pk").last()
    row.pk = None
    if hasattr(row, "version"):
        row.version += 1
    if hasattr(row, "code"):
        row.code = codes.code()
    row.save(force_insert=True)
    assert [one for one in found() if "a row without its record, made beside the log" in one]


@pytest.mark.usefixtures("lived")
def test_words_that_were_put_back_after_two_keys_took_them_away_are_found() -> None:
    one = Redaction.objects.get(agreed=True)
    LogOpening.objects.create(
        commitment=one.fingerprint, subject=one.thing, path="facts.about", salt=b"s" * 32, content="Warm"
    )
    assert [told for told in found() if "words that two keys took away are here again" in told]
    bend("DELETE FROM withus_log_opening WHERE content = 'Warm'")
    assert found() == []
    bend("UPDATE withus_service SET about = 'Warm'")
    assert [told for told in found() if "service.opened" in told and "about in its row differs" in told]


def test_records_of_earlier_versions_agree_without_the_facts_that_came_later(db: None) -> None:
    peers = people.found(SYSTEM, None, kind="service", name="The hill", about="Of the hill", language="en")
    told = peers.told()
    older = told.said.without(told.later)
    assert set(older.facts) == {"organisation", "kind", "name", "language"}
    checked = compared.Compared(verify.Result())
    checked.record(7, {"type": told.type, "subject": told.subject, "facts": older.facts}, {})
    checked._row(told.said, told.later)
    assert checked.extra == []
    assert not checked.places[older.digest]


def test_a_flood_of_differences_is_counted_and_not_told_one_by_one(db: None) -> None:
    peers = make.organisation()
    made = [FundingLink(organisation=peers, share="none", declared_on=clock.today()) for _ in range(3 * MOST_ERRORS)]
    FundingLink.objects.bulk_create(made)
    told = found()
    assert len(told) == MOST_ERRORS + 1
    assert told[-1] == "None: and more"


def test_statements_that_came_from_polis_are_told_by_their_import_and_later_ones_by_themselves(db: None) -> None:
    make.organisation("The house of beds")
    peers = make.recognised()
    talk = processes.open_process(SYSTEM, peers, title="Beds", about="Of beds", language="en", code="TALK")
    scene.import_polis("london.youth.policing", "TALK")
    scene.phase(talk)
    deliberation.seed(SYSTEM, talk, text="Open at night", language="en")
    assert found() == []
    row: Any = talk.statements.order_by("pk").first()
    row.pk, row.code, row.number = None, codes.code(), 9999
    row.save(force_insert=True)
    assert [one for one in found() if "a row without its record" in one]


def test_the_check_reads_each_table_once_however_many_rows_there_are(
    db: None, django_assert_max_num_queries: Any
) -> None:
    peers = make.organisation()
    for _ in range(60):
        people.declare(SYSTEM, peers, share="none")
    with django_assert_max_num_queries(80):
        assert verify.own_log().errors == []
    for _ in range(60):
        people.declare(SYSTEM, peers, share="none")
    with django_assert_max_num_queries(80):
        assert verify.own_log().errors == []


@pytest.mark.usefixtures("lived")
def test_phases_that_an_earlier_version_closed_early_get_their_row_from_the_log() -> None:
    before = list(PhaseClosing.objects.values("phase_id", "planned", "why"))
    PhaseClosing.objects.all().delete()
    assert found() != []
    import_module("withus.migrations.0010_redaction").tell_early_ends(apps, connection.schema_editor())
    assert list(PhaseClosing.objects.values("phase_id", "planned", "why")) == before
