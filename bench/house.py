"""A house of its own for measuring: a demo in a temporary folder, served by Withus, gunicorn or waitress."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]
HOST = "127.0.0.1"


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


class House:
    """Data, keys, and what commands find around themselves."""

    def __init__(self, database: str = "") -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="withus-bench-"))
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("WITHUS_", "DJANGO_"))}
        own = {"WITHUS_DATA": str(self.folder / "data"), "WITHUS_KEYS": str(self.folder / "keys")}
        settings = {"WITHUS_DATABASE": database, "DJANGO_SETTINGS_MODULE": "withus.settings", "PYTHONPATH": "src"}
        kept.pop("PYTHONDONTWRITEBYTECODE", None)
        self.environment = {**kept, **own, **settings}

    def python(self, code: str, *words: str) -> str:
        """Runs Python inside the house; returns what it printed."""
        command = [sys.executable, "-c", f"import django; django.setup()\n{code}", *words]
        done = subprocess.run(command, env=self.environment, cwd=ROOT, capture_output=True, text=True, timeout=600)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout

    def command(self, *words: str) -> str:
        """Runs one of Withus' commands in the house; returns what it printed."""
        command = [sys.executable, "-m", "withus", *words]
        return subprocess.run(
            command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout

    @contextmanager
    def served(self, by: str = "withus", *, work: bool = False) -> Iterator[tuple[int, int, float]]:
        """Serves the house; gives port, process id, and the seconds until the first page answered."""
        port = free_port()
        threads = ["--threads", "8"]
        commands = {
            "withus": ["-m", "withus", "up", "--demo", "--port", str(port), *([] if work else ["--no-work"])],
            "gunicorn": ["-m", "gunicorn", "-w", "1", *threads, "-b", f"{HOST}:{port}", "withus.wsgi:application"],
            "waitress": ["-m", "waitress", *threads, f"--listen={HOST}:{port}", "withus.wsgi:application"],
        }
        began = time.perf_counter()
        quiet = subprocess.DEVNULL
        server = subprocess.Popen(
            [sys.executable, *commands[by]], env=self.environment, cwd=ROOT, stdout=quiet, stderr=quiet
        )
        try:
            while not answers(port):
                if server.poll() is not None or time.perf_counter() - began > 300:
                    raise RuntimeError(f"{by} did not start")
                time.sleep(0.02)
            yield port, server.pid, time.perf_counter() - began
        finally:
            server.terminate()
            server.wait(30)


def answers(port: int) -> bool:
    """Whether the first page answers."""
    try:
        with urlopen(f"http://{HOST}:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
