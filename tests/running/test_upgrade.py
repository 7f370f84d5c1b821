"""A new version: back-up, migrate, check; and if one fails, everything is as before."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.running.conftest import House, refusal

BROKEN = """
from django.db import migrations

class Migration(migrations.Migration):
    dependencies = [("withus", "{before}")]
    operations = [
        migrations.RunSQL("CREATE TABLE withus_new_thing (a integer)"),
        migrations.RunSQL("UPDATE withus_instance SET about = 'half done'"),
        {last}
    ]
"""


def next_version(house: House, tmp_path: Path, last: str) -> None:
    """Makes the house find one migration more than there is."""
    import withus.migrations

    own = Path(withus.migrations.__path__[0])
    newer = tmp_path / "newer"
    newer.mkdir()
    names = sorted(path.stem for path in own.glob("0*.py"))
    for path in own.glob("*.py"):
        (newer / path.name).write_text(path.read_text())
    (newer / "9999_next.py").write_text(BROKEN.format(before=names[-1], last=last))
    (tmp_path / "newer_settings.py").write_text(
        "from withus.settings import *\nMIGRATION_MODULES = {'withus': 'newer'}\n"
    )
    house.more = {"PYTHONPATH": f"src:{tmp_path}", "DJANGO_SETTINGS_MODULE": "newer_settings"}


READ = """
from django.db import connection
from withus.people.models import Instance
print("withus_new_thing" in connection.introspection.table_names(), Instance.objects.get().about == "half done")
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def lived_in(request: pytest.FixtureRequest, house: House) -> House:
    """A house on each database."""
    if request.param == "postgresql":
        new_postgres: Callable[[], str] = request.getfixturevalue("new_postgres")
        address = new_postgres()
        house.must("copy-to", address)
        house.database = address
    return house


def test_an_upgrade_keeps_a_back_up_and_brings_the_new(lived_in: House, tmp_path: Path) -> None:
    before = lived_in.log()
    next_version(lived_in, tmp_path, "")
    assert "upgrade" in lived_in.run("check").stdout

    said = lived_in.must("upgrade")

    assert Path(said.rpartition(" ")[2].strip()).exists()
    assert lived_in.python(READ) == "True True\n"
    assert lived_in.log() == before


def test_an_upgrade_that_breaks_puts_everything_back(lived_in: House, tmp_path: Path) -> None:
    before = lived_in.log()
    next_version(lived_in, tmp_path, "migrations.RunSQL('SELECT * FROM nowhere'),")

    code, sentence = refusal(lived_in.run("upgrade"))

    assert code == 1
    assert "everything is as it was before" in sentence
    assert lived_in.python(READ) == "False False\n"
    assert lived_in.log() == before


def test_an_upgrade_that_is_stopped_puts_everything_back_and_blames_nothing(house: House, tmp_path: Path) -> None:
    before = house.log()
    next_version(
        house, tmp_path, "migrations.RunPython(lambda *_: __import__('os').kill(__import__('os').getpid(), 2)),"
    )

    assert refusal(house.run("upgrade")) == (1, "stopped before it was done")
    assert house.python(READ) == "False False\n"
    assert house.log() == before


def test_an_upgrade_that_harms_the_log_is_found_and_undone(lived_in: House, tmp_path: Path) -> None:
    before = lived_in.log()
    on = "" if not lived_in.database else " ON withus_log_entry"
    next_version(lived_in, tmp_path, f"migrations.RunSQL('DROP TRIGGER withus_log_entry_no_update{on}'),")

    code, sentence = refusal(lived_in.run("upgrade"))

    assert code == 1
    assert "log: " in sentence
    assert lived_in.python(READ) == "False False\n"
    assert lived_in.log() == before


def test_starting_a_new_version_upgrades_with_a_back_up_first(house: House, tmp_path: Path) -> None:
    next_version(house, tmp_path, "")

    house.python("from withus.running import start; start.prepare()")

    assert len(list((house.data / "backups").glob("before-upgrade-*.tar.gz"))) == 1
    assert house.python(READ) == "True True\n"
