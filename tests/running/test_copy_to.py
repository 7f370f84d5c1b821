"""To another database and back: the same rows, the same tallies, the same log."""

from collections.abc import Callable
from pathlib import Path

from tests.running.conftest import House, refusal

COUNT = """
from django.apps import apps
print({model.__name__: model._base_manager.count() for model in apps.get_models()})
"""
VOTE = """
from withus.deliberation.models import Participant
from withus.processes.models import Process
print(Participant.objects.create(process=Process.objects.get(code="LONDON")).pk)
"""


def test_from_sqlite_to_postgresql_and_back_is_the_same_house(
    house: House, tmp_path: Path, new_postgres: Callable[[], str]
) -> None:
    before, counts = house.log(), house.python(COUNT)
    there, back = new_postgres(), f"sqlite:///{tmp_path / 'back.sqlite3'}"

    said = house.must("copy-to", there)
    on_postgres = House(house.data, house.keys, database=there)
    assert on_postgres.log() == before
    assert on_postgres.python(COUNT) == counts
    on_postgres.must("copy-to", back)
    on_sqlite = House(house.data, house.keys, database=back)

    assert on_sqlite.log() == before
    assert on_sqlite.python(COUNT) == counts
    assert f"log of {before['size']} entries" in said
    for copy in (on_postgres, on_sqlite):  # new rows get numbers that are free
        assert copy.python(VOTE).strip().isdigit()


def test_a_database_that_holds_something_is_refused(house: House, new_postgres: Callable[[], str]) -> None:
    there = new_postgres()
    house.must("copy-to", there)

    assert refusal(house.run("copy-to", there)) == (1, "The other database is not empty. Name an empty one.")
    own = f"sqlite:///{house.data / 'withus.sqlite3'}"
    assert refusal(house.run("copy-to", own)) == (1, "The other database is not empty. Name an empty one.")
    assert house.log()["ok"]


def test_a_wrong_address_is_said_in_one_line(house: House) -> None:
    code, sentence = refusal(house.run("copy-to", "mysql://x/y"))
    says = "a database address must begin with sqlite:/// or postgresql://, and a port in it be a number"
    assert (code, sentence) == (2, says)
    assert refusal(house.run("copy-to", "sqlite:////nowhere/at/all.sqlite3"))[0] == 3
