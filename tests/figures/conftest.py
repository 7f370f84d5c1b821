"""The table of the recommendations' tests, and a reader without a session."""

import pytest
from django.test import Client

from tests import cast
from tests.recommendations.conftest import Table, clinic, on, table

__all__ = ["clinic", "on", "reader", "table"]


@pytest.fixture
def reader(table: Table) -> Client:
    """Somebody without an account."""
    return cast.browser()
