"""The register of stored fields knows every field, and nothing that is not stored."""

from django.apps import apps
from django.db.models import CompositePrimaryKey, Field

from withus.home.register import Kept
from withus.home.views import REGISTER


def tables() -> dict[str, Kept]:
    """Every entry, by model."""
    return {name: kept for section in REGISTER.values() for name, kept in section.tables.items()}


def test_everything_that_is_stored_is_in_the_register_and_nothing_else() -> None:
    stored = {
        model.__name__: [
            field.name for field in model._meta.get_fields() if isinstance(field, Field | CompositePrimaryKey)
        ]
        for model in apps.get_app_config("withus").get_models()
    }
    assert {name: sorted(kept.fields) for name, kept in tables().items()} == {
        name: sorted(fields) for name, fields in stored.items()
    }


def test_every_field_has_a_purpose_and_every_table_a_basis_and_an_end() -> None:
    empty = [
        f"{name}.{part}"
        for name, kept in tables().items()
        for part, words in {"what": kept.what, "basis": kept.basis, "until": kept.until, **kept.fields}.items()
        if not str(words).strip()
    ]
    assert empty == []


def test_no_table_stands_twice() -> None:
    names = [name for section in REGISTER.values() for name in section.tables]
    assert sorted(set(names)) == sorted(names)
