"""Rows bent behind the product's back, and whether the check of the log notices."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, connection, models, transaction

from withus.core import clock
from withus.public_log import verify

# The fields that tell nothing to the log, each with its reason; a field that is neither here nor told fails a test.
NOT_TOLD = {
    "Organisation": {
        "host_card_after": "counts mandates before the host's card, whose record says no version",
        "missed_on": "changes back and forth; each change is in the log",
    },
    "Paper": {"organisation": "is the seat's own where a seat speaks; a constraint lets only one of both stand"},
    "Tenure": {"account": "who sits somewhere is told to nobody"},
    "Phase": {"sealed_on": "told by the seal"},
    "Statement": dict.fromkeys(
        ("proposed_by", "is_meta", "state", "decided_on", "decided_by_account", "decline_reason", "decline_words"),
        "forgotten when an appeal is upheld or words are taken back, or a tie that no log may hold",
    ),
    "Appeal": dict.fromkeys(("upheld", "answer", "decided_on"), "the decision, erased with the appeal"),
    "Redaction": {
        "asked_by_account": "who asked is nobody's business once it is answered",
        "thing": "follows from the entry",
        "field": "follows from the entry",
    },
}
ALWAYS = {"id"}


def found() -> list[str]:
    """What the check says, each with its index."""
    return [f"{index}: {what}" for index, what in verify.own_log().errors]


def bend(sql: str, *values: Any) -> None:
    """Changes the database behind the product's back."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _other(row: models.Model, field: Any) -> Any:
    """Another value that the column takes."""
    value = getattr(row, field.attname)
    if field.is_relation:
        others = field.related_model._default_manager.exclude(pk=value).values_list("pk", flat=True)
        return next(iter(others), None)
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.DateField):
        return (value or clock.today()) - datetime.timedelta(days=1)
    if isinstance(field, models.DecimalField):
        return f"{value + 1:.2f}"
    if isinstance(field, models.IntegerField):
        return (value or 0) + 1
    if field.choices:
        return next(key for key, _ in field.choices if key != value)
    return "other"[: field.max_length or 5]  # PostgreSQL takes no more


@contextmanager
def undone() -> Iterator[None]:
    """Everything inside is taken back at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def unnoticed(model: type[models.Model]) -> list[str]:
    """The fields of a model's last row that can be changed without the check's noticing."""
    quiet = []
    for field in model._meta.concrete_fields:
        if field.name in ALWAYS | set(NOT_TOLD.get(model.__name__, {})):
            continue
        row = model._default_manager.order_by("pk").last()
        new = _other(row, field)
        if new is None or new == getattr(row, field.attname):
            continue
        with undone():
            if connection.vendor == "postgresql":
                bend("SET CONSTRAINTS ALL IMMEDIATE")
            for constraint in model._meta.constraints:
                if isinstance(constraint, models.CheckConstraint) and connection.vendor == "postgresql":
                    bend(f'ALTER TABLE "{model._meta.db_table}" DROP CONSTRAINT "{constraint.name}"')
            if connection.vendor == "sqlite":
                bend("PRAGMA ignore_check_constraints = 1")
            table, column = model._meta.db_table, field.column
            try:
                with transaction.atomic():
                    bend(f'UPDATE "{table}" SET "{column}" = %s WHERE id = %s', new, row.pk)
            except IntegrityError:
                continue  # the database itself refuses it
            if not found():
                quiet.append(f"{model.__name__}.{field.name}")
        if connection.vendor == "sqlite":
            bend("PRAGMA ignore_check_constraints = 0")
    return quiet
