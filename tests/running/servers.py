"""Real servers in processes of their own, and plain sockets to talk to them."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SERVE = "import sys; from withus.running.serve import serve; sys.exit(serve('127.0.0.1', {port}, {more}))"


class Running:
    """A server process and where it listens."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process, self.port = process, port

    def connect(self) -> socket.socket:
        """A connection that gives up after ten seconds."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def say(self, *pieces: bytes, pause: float = 0.0) -> bytes:
        """Sends the pieces, and returns all that comes until the server closes."""
        with self.connect() as connection:
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(pause)
            return everything(connection)

    def ask(self, method: str, path: str, body: bytes = b"", **fields: str) -> tuple[int, dict[str, str], bytes]:
        """One request, asked to close; status, headers and body of the answer."""
        return parsed(self.say(request(method, path, body, Connection="close", **fields)))

    def echo(self, method: str, path: str, body: bytes = b"", **fields: str) -> dict[str, Any]:
        """What reached the code."""
        found: dict[str, Any] = json.loads(self.ask(method, path, body, **fields)[2])
        return found


def request(method: str, path: str, body: bytes = b"", **fields: str) -> bytes:
    """A request as bytes; underscores in names stand for hyphens."""
    given = {"Host": "localhost", **({"Content-Length": str(len(body))} if body else {}), **fields}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name.replace('_', '-')}: {value}" for name, value in given.items())]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def everything(connection: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    found = b""
    try:
        while piece := connection.recv(262144):
            found += piece
    except ConnectionResetError:
        pass
    return found


def parsed(answer: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers with names in small letters, body."""
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = dict(line.split(": ", 1) for line in lines)
    return int(first.split(" ")[1]), {name.lower(): value for name, value in fields.items()}, body


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def family(process: int) -> list[int]:
    """A process and all that it started."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except FileNotFoundError:
        return []
    return [process, *(one for child in children for one in family(int(child)))]


def start(kind: str, port: int, more: str = "with_work=False", **surroundings: str) -> subprocess.Popen[str]:
    """Starts granian through `serve`, or uvicorn on the same bridge."""
    quiet = ["--no-access-log", "--no-proxy-headers", "--lifespan", "off", "--log-level", "error"]
    command = (
        [sys.executable, "-m", "uvicorn", "--factory", "withus.running.bridge:application", "--port", str(port), *quiet]
        if kind == "uvicorn"
        else [sys.executable, "-c", SERVE.format(port=port, more=more)]
    )
    return subprocess.Popen(
        command,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "DJANGO_SETTINGS_MODULE": "tests.running.tiny",
            **surroundings,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def running(kind: str, more: str = "with_work=False", **surroundings: str) -> Iterator[Running]:
    """A server that answers, until the end of the block."""
    port = free_port()
    process = start(kind, port, more, **({"WITHUS_PROCESSES": "1"} | surroundings))  # its threads share what they count
    try:
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert process.poll() is None, process.communicate()
                time.sleep(0.05)
        yield Running(process, port)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=15)
