"""A running Withus, started as anybody would: `./withus up`, with data, keys and port of its own."""

import datetime
import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]
PATIENCE = 120  # seconds, on a slow machine that still has to make the demo


class House:
    """A server of its own; `with House(folder, demo=True) as house: house.address`."""

    def __init__(self, folder: Path, *, demo: bool, today: datetime.date | None = None) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address, self.demo = f"http://127.0.0.1:{self.port}", demo
        self.output = folder / "output"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("WITHUS_", "DJANGO_"))}
        ours = {name: os.environ[name] for name in ("WITHUS_ENV", "WITHUS_PYTHON") if name in os.environ}
        self.environment = kept | ours | {"WITHUS_DATA": str(folder / "data"), "WITHUS_KEYS": str(folder / "keys")}
        if today:
            self.environment["WITHUS_TODAY"] = today.isoformat()

    def __enter__(self) -> "House":
        words = [str(ROOT / "withus"), "up", "--port", str(self.port), *(["--demo"] if self.demo else [])]
        with self.output.open("wb") as out:
            self.process = subprocess.Popen(words, env=self.environment, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
        until = time.monotonic() + PATIENCE
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > until:
                self.__exit__()
                raise AssertionError(f"Withus did not start:\n{self.output.read_text('utf-8')}")
            time.sleep(0.1)
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.address}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, ConnectionError, TimeoutError):
            return False

    def run(self, *words: str) -> str:
        """What a command says about this house."""
        return subprocess.run(
            [str(ROOT / "withus"), *words], env=self.environment, cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout

    def accounts(self) -> list[dict[str, str]]:
        """The demo's accounts."""
        return list(json.loads(self.run("demo", "--json")))

    def set_up_path(self) -> str:
        """The one-time address that a new house prints."""
        words = self.output.read_text("utf-8").split()
        return next(word.split(str(self.port), 1)[1] for word in words if "/setup/" in word)
