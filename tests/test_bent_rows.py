"""What bodies and peers said to each other, edited, made or deleted by hand in the database: `verify-log` finds it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction

from tests.public_log.bending import bend, found, undone, unnoticed
from withus.demo import seed, story
from withus.public_log.rows import READERS
from withus.recommendations.models import Recommendation

pytestmark = pytest.mark.django_db
THERE = ("withus.recommendations", "withus.processes.board", "withus.pay")


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The demo without its imported conversations; nothing of it stays."""
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        for name in ("WITHUS_DATA", "WITHUS_KEYS"):
            patch.setenv(name, str(tmp_path_factory.mktemp(name)))
        patch.setattr(story, "CONVERSATIONS", ())
        asked = tuple(replace(one, evidence="/processes/NIGHTS/\nA paper") for one in story.RECOMMENDATIONS)
        patch.setattr(story, "RECOMMENDATIONS", asked)
        seed.sow()
        yield
        transaction.set_rollback(True)


def _models() -> list[type[models.Model]]:
    rows = (told.row for kind in READERS if kind.read.__module__.startswith(THERE) for told in kind.read())
    return sorted({type(row) for row in rows}, key=lambda one: one.__name__)


@pytest.mark.usefixtures("demo")
def test_untouched_rows_agree_with_the_log() -> None:
    assert found() == []
    assert len(_models()) >= 20, "the demo shows too little of what can be said"


@pytest.mark.usefixtures("demo")
def test_each_field_that_is_changed_by_hand_is_found() -> None:
    assert [name for model in _models() for name in unnoticed(model)] == []
    assert found() == []


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("UPDATE withus_recommendation SET text = 'All is well.' WHERE code = 'R-OVERDUE'", "text in its row differs"),
        ("UPDATE withus_recommendation SET sent_on = '2030-01-01' WHERE code = 'R-OVERDUE'", "sent_on in its row"),
        ("UPDATE withus_recommendation SET reply_days = 300 WHERE code = 'R-OVERDUE'", "reply_days in its row differs"),
        ("UPDATE withus_recommendation SET owed_on = '2030-01-01' WHERE code = 'R-OVERDUE'", "R-OVERDUE: owed_on"),
        ("UPDATE withus_recommendation SET owed_on = NULL WHERE code = 'R-OVERDUE'", "R-OVERDUE: owed_on"),
        ("UPDATE withus_response SET outcome = 'accepted'", "outcome in its row differs"),
        ("UPDATE withus_verification SET verdict = 'confirmed'", "verdict in its row differs"),
        ("UPDATE withus_evidence SET subject = 'NOTHING'", "evidence in its row differs"),
        ("UPDATE withus_recommendation SET papers = 'Nothing'", "papers in its row differs"),
        ("UPDATE withus_verification SET was_paid = TRUE", "was_paid in its row differs"),
        ("UPDATE withus_recommendation SET undone_by = NULL WHERE code = 'R-ANSWERED'", "R-ANSWERED: undone_by"),
        ("UPDATE withus_delivery SET commitment_id = NULL", "commitment in its row differs"),
        ("DELETE FROM withus_arrival", "R-CONFIRMED: verdict"),
        ("UPDATE withus_tenure SET is_named = FALSE, account_id = NULL", "is_named in its row differs"),
        ("DELETE FROM withus_dissent", "dissent.said of R-ANSWERED: a record without its row"),
        ("DELETE FROM withus_verification", "delivery.verified of R-DISPUTED: a record without its row"),
        ("UPDATE withus_terms SET reply_days = 300", "reply_days in its row differs"),
        ("UPDATE withus_payment SET amount = 1", "amount in its row differs"),
        ("UPDATE withus_seatvote SET value = 'abstained'", "item.decided"),
        ("UPDATE withus_dissent SET code = 'OTHER'", "dissent in its row differs"),
        ("DELETE FROM withus_seat WHERE code = 'S-LANTERN'", "seat.added of S-LANTERN: a record without its row"),
        ("DELETE FROM withus_membership WHERE role = 'duty_bearer'", "duty_bearer of DEMO: 0 hold this role"),
        (
            "UPDATE withus_membership SET role = 'org_steward' WHERE role = 'peer_editor'",
            "2 hold this role, and the log",
        ),
        ("DELETE FROM withus_membership WHERE role = 'instance_steward'", "instance_steward of this house: 0 hold"),
    ],
)
def test_what_was_changed_by_hand_is_told(sql: str, says: str) -> None:
    with undone():
        bend(sql)
        assert [one for one in found() if says in one], found()


# What somebody can delete without the check's noticing, each with its reason.
UNSEEN = {
    "Account": "of a plain peer nothing is in the log",
    "Membership": "a plain peer's",
    "Draft": "nobody's word yet",
    "Judgement": "nobody's in the log: it can be taken back, without a trace",
    "TookPart": "who was there, by a random row",
    "LastCount": "from which the next snapshot is measured; the snapshot itself is told",
    "Instance": "there is no house without it",
    "InviteBatch": "whose unused cards are worthless then",
}


@pytest.mark.usefixtures("demo")
def test_a_row_that_is_deleted_by_hand_is_missed_and_breaks_nothing() -> None:
    unseen = set()
    for model in apps.get_app_config("withus").get_models():
        if not model.__module__.startswith((*THERE, "withus.people", "withus.processes")):
            continue
        rows = model._default_manager.order_by("pk")
        for row in filter(None, {rows.first(), rows.last()}):
            with undone():
                bend(f'DELETE FROM "{model._meta.db_table}" WHERE "{model._meta.pk.column}" = %s', row.pk)
                if not found():
                    unseen.add(model.__name__)
    assert unseen <= set(UNSEEN)


@pytest.mark.usefixtures("demo")
def test_an_answer_that_was_made_by_hand_is_found() -> None:
    with undone():
        about = Recommendation.objects.get(code="R-OVERDUE")
        words = {"outcome": "rejected", "reason": "Because we said so.", "language": "en", "said_on": about.written_on}
        about.responses.create(**words)
        assert [one for one in found() if "a row without its record" in one]
