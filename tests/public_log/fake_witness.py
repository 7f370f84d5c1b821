"""A witness on this machine that cosigns as C2SP says, or misbehaves as told."""

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from withus.compute import merkle, witness
from withus.compute.verifier import COSIGNATURE, Key

WHEN = 1_795_435_200


class Witness:
    """Its key, what it has seen of one log, and how it behaves (`does`: a name below, or a status)."""

    def __init__(self, name: str, log: Key) -> None:
        self.name, self.log, self.seed = name, log, hashlib.sha256(name.encode()).digest()
        self.key = merkle.public_key(f"{name}.example/w", self.seed, COSIGNATURE)
        self.seen, self.note, self.does, self.asked, self.when = witness.Seen(), b"", "", 0, WHEN
        self.port = 0

    @property
    def line(self) -> str:
        """Its line in a policy."""
        return f"witness {self.name} {self.key} http://127.0.0.1:{self.port}/w"

    def add(self, body: bytes) -> tuple[int, bytes]:
        """Status and body of its answer."""
        self.asked += 1
        if self.does == "sleeps":
            time.sleep(3)
        if self.does.isdigit():
            return int(self.does), b"no\n"
        if self.does == "boasts":
            return 409, b"1000000\n"
        request = witness.read_request(body)
        answer = witness.decide(request, {self.log.name: [self.log]}, self.seen)
        if answer.checkpoint is None:
            return answer.status, answer.body.encode()
        self.seen, self.note = witness.Seen(answer.checkpoint.size, answer.checkpoint.root), request.note
        line = merkle.cosign(answer.checkpoint.text, self.key.name, self.seed, self.when)
        if self.does == "lies":
            line = merkle.cosign(answer.checkpoint.text + "x", self.key.name, self.seed, self.when)
        if self.does == "talks":
            line = "— somebody.else AAAAAAAA\n" + line
        return 200, line.encode()


def _handler(witness_: Witness) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._say(*(witness_.add(body) if self.path == "/w/add-checkpoint" else (418, b"")))

        def do_GET(self) -> None:
            shown = f"/w/{hashlib.sha256(witness_.log.name.encode()).hexdigest()}/checkpoint"
            self._say(200 if self.path == shown and witness_.note else 404, witness_.note)

        def _say(self, status: int, body: bytes) -> None:
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            for place in range(len(body) if witness_.does == "drips" else 0):
                time.sleep(0.3)
                self.wfile.write(body[place : place + 1])
            if witness_.does != "drips":
                self.wfile.write(body)

        def handle(self) -> None:
            with suppress(OSError):  # whoever asked has gone
                super().handle()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    return Handler


@contextmanager
def serving(*witnesses: Witness) -> Iterator[None]:
    """They answer until the end of the block."""
    servers = []
    for one in witnesses:
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(one))
        server.daemon_threads = True
        one.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
    try:
        yield
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
