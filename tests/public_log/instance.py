"""A whole instance of its own, for tests that need several processes: data, keys and database are nobody else's."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from withus.core import codes

_START = "import django; django.setup()\n"


class Instance:
    """Runs Python with this instance's surroundings."""

    def __init__(self, home: Path, database: str) -> None:
        self.data = home / "data"
        self.data.mkdir()
        self.surroundings = os.environ | {
            "WITHUS_DATA": str(self.data),
            "WITHUS_KEYS": str(home / "keys"),
            "WITHUS_DATABASE": database,
            "DJANGO_SETTINGS_MODULE": "withus.settings",
        }
        self.run("from django.core.management import call_command\ncall_command('migrate', verbosity=0)")

    def start(self, script: str) -> subprocess.Popen[str]:
        """A process that runs the script."""
        return subprocess.Popen(
            [sys.executable, "-c", _START + script], env=self.surroundings, stdout=subprocess.PIPE, text=True
        )

    def run(self, script: str) -> str:
        """What the script prints; fails when it does."""
        process = self.start(script)
        printed, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        return printed.strip()


@contextmanager
def instance(home: Path) -> Iterator[Instance]:
    """An instance on the kind of database that the tests run on."""
    if connection.vendor == "sqlite":
        yield Instance(home, "")
        return
    import psycopg

    own, name = connection.settings_dict, f"withus_{codes.code(8).lower()}"
    server = f"postgresql://{own['USER']}@{own['HOST']}:{own['PORT'] or 5432}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            yield Instance(home, f"{server}/{name}")
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
