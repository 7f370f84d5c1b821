"""Real threads and real files need a database of their own."""

from tests.deliberation.conftest import empty_database, own_database  # noqa: F401  fixtures by their names
