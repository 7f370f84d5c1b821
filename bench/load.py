"""A small load generator and a meter: keep-alive connections over plain sockets, CPU of a process tree from /proc."""

import os
import selectors
import socket
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """User and system seconds of a process and its living descendants."""
    return sum(cpu_seconds_of(one) for one in [pid, *descendants(pid)])


def cpu_seconds_of(pid: int) -> float:
    """User and system seconds of one process; 0 for one that has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_mb(pid: int) -> float:
    """Proportional set size of a process and its descendants, in MB."""
    total = 0
    for one in [pid, *descendants(pid)]:
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except (FileNotFoundError, PermissionError, ProcessLookupError):
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def descendants(pid: int) -> list[int]:
    """All processes below this one."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            children = [int(child) for child in (task / "children").read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            continue
        for child in children:
            found += [child, *descendants(child)]
    return found


@dataclass
class Outcome:
    """What a run of load saw: answers by status, seconds, milliseconds of each answer."""

    seconds: float = 0.0
    statuses: dict[int, int] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """The latency below which `share` of all answers lie, in milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")

    @property
    def median(self) -> float:
        """The median latency in milliseconds."""
        return statistics.median(self.latencies) if self.latencies else float("nan")


class _Connection:
    """One keep-alive connection that sends the next request as soon as an answer is whole."""

    def __init__(self, address: tuple[str, int], requests: Iterator[bytes]) -> None:
        self.address, self.requests, self.started = address, requests, 0.0
        self.buffer = b""
        self.socket = socket.create_connection(address, timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self) -> bool:
        request = next(self.requests, None)
        if request is None:
            return False
        self.started = time.perf_counter()
        self.socket.sendall(request)
        return True

    def receive(self) -> int | None:
        """The status if the answer is whole now; 0 if the server closed the connection."""
        try:
            data = self.socket.recv(262144)
        except ConnectionResetError:
            data = b""
        if not data:
            return 0
        self.buffer += data
        head, found, rest = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return None
        lower = head.lower()
        if b"transfer-encoding: chunked" in lower:
            whole = rest.endswith(b"0\r\n\r\n")
        else:
            mark = lower.find(b"content-length:")
            length = int(lower[mark + 15 :].split(b"\r\n", 1)[0]) if mark >= 0 else 0
            whole = len(rest) >= length or head.startswith((b"HTTP/1.1 304", b"HTTP/1.1 204"))
        if not whole:
            return None
        self.buffer = b""
        return int(head.split(b" ", 2)[1])


def run(
    address: tuple[str, int],
    requests: Callable[[int], Iterator[bytes]],
    *,
    connections: int,
    seconds: float = 5.0,
    seen: Callable[[int, int], None] | None = None,
) -> Outcome:
    """Loads a server: each connection takes its requests from `requests(number)` until they or the time end."""
    outcome, selector = Outcome(), selectors.DefaultSelector()
    begin = time.perf_counter()
    for number in range(connections):
        connection = _Connection(address, requests(number))
        if connection.send():
            selector.register(connection.socket, selectors.EVENT_READ, (number, connection))
    while selector.get_map() and time.perf_counter() - begin < seconds:
        for key, _ in selector.select(timeout=0.5):
            number, connection = key.data
            status = connection.receive()
            if status is None:
                continue
            outcome.latencies.append((time.perf_counter() - connection.started) * 1000)
            outcome.statuses[status] = outcome.statuses.get(status, 0) + 1
            if seen:
                seen(number, status)
            if status == 0 or not connection.send():
                selector.unregister(connection.socket)
                connection.socket.close()
    outcome.seconds = time.perf_counter() - begin
    for key in list(selector.get_map().values()):
        key.data[1].socket.close()
    return outcome


def get(path: str, host: str, **headers: str) -> bytes:
    """A GET request as bytes; header names with underscores for hyphens."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", *(f"{k.replace('_', '-')}: {v}" for k, v in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def post(path: str, host: str, body: bytes, **headers: str) -> bytes:
    """A form POST as bytes."""
    fixed = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body)), **headers}
    lines = [f"POST {path} HTTP/1.1", f"Host: {host}", *(f"{k.replace('_', '-')}: {v}" for k, v in fixed.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body
