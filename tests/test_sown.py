"""A world that is put back is the one that was built."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from tests import cast, make
from tests.sown import sown
from withus.core import clock, keys
from withus.core.errors import Refused
from withus.policy.facts import Role
from withus.public_log import identity, verify

pytestmark = pytest.mark.django_db
come_in = sown(cast.come_in.__wrapped__)  # type: ignore[attr-defined]


def stored() -> dict[str, list[Any]]:
    """Every row of every table."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
            found[table] = cursor.fetchall()
    return found


def test_rows_keys_and_people_are_what_they_were_and_life_goes_on(home: Path) -> None:
    with transaction.atomic():
        first, rows, key = come_in(), stored(), keys.read(identity.KEY_FILE)
        make.organisation("Those who came later")
        transaction.set_rollback(True)
    shutil.rmtree(home / "keys")
    again = come_in()
    assert (again, again.ana, stored(), keys.read(identity.KEY_FILE)) == (first, first.ana, rows, key)
    assert again is not first
    make.somebody(Role.PEER, make.organisation("Those who came later"))
    assert verify.own_log().errors == []
    assert cast.browser(again.ana).get("/me/").status_code == 200


def test_where_something_is_there_already_or_on_another_day_it_is_built_anew(home: Path, settings: Any) -> None:
    with transaction.atomic():
        today = come_in()
        with pytest.raises(Refused, match="here already"):  # by the door
            come_in()
        transaction.set_rollback(True)
    shutil.rmtree(home / "keys")
    settings.WITHUS_TODAY = clock.today() + timedelta(days=1)
    tomorrow = come_in()
    assert tomorrow.peers.code != today.peers.code
    assert tomorrow.peers.founded_on == clock.today()
