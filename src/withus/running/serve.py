"""One command serves: the web in this very process, the background (and further web processes) in supervised ones."""

import asyncio
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.http import HTTP1Settings, HTTP2Settings
from granian.server.embed import Server

from withus.core import apart, configuration
from withus.running import bridge

DONE, SURROUNDINGS = 0, 3
GRACE = 3.0  # seconds that what is under way has to end
CONNECTIONS = 4096  # idle phones cost a descriptor each, and no thread
WORK = (sys.executable, "-m", "withus", "work")


def serve(
    host: str,
    port: int,
    *,
    processes: int | None = None,
    threads: int | None = None,
    certfile: str | None = None,
    keyfile: str | None = None,
    with_work: bool | Sequence[str] = True,
) -> int:
    """Serves until SIGTERM or SIGINT, then ends this process with 0; returns 3 if it cannot listen there.

    Port 0 takes any free one; `processes`, `threads` (of each) and the TLS files come from the settings unless given;
    `with_work` may be another command for the background. Says `Withus is ready: …` once the first page was answered.
    """
    try:
        port = _free_port(host, port)
    except OSError as problem:
        sentence = (
            f"cannot listen on {host} port {port} ({problem.strerror}); stop what runs there or choose another --port"
        )
        print(f"withus: {sentence}", file=sys.stderr)
        return SURROUNDINGS
    certfile = certfile or configuration.text("WITHUS_TLS_CERT")
    keyfile = keyfile or configuration.text("WITHUS_TLS_KEY")
    threads = threads or configuration.number("WITHUS_THREADS")
    processes = processes or configuration.number("WITHUS_PROCESSES") or min(2, os.cpu_count() or 1)
    web = (sys.executable, "-m", "withus.running.serve", host, str(port), str(threads), certfile, keyfile)
    others: dict[str, Sequence[str]] = {f"web process {number}": web for number in range(2, processes + 1)}
    if with_work:
        others["background"] = tuple(with_work) if not isinstance(with_work, bool) else WORK
    return _serve_and_end(host, port, threads, certfile, keyfile, others, announced=True)


def _serve_and_end(
    host: str,
    port: int,
    threads: int,
    certfile: str,
    keyfile: str,
    others: dict[str, Sequence[str]],
    *,
    announced: bool,
) -> NoReturn:
    served = bridge.application(threads)
    server = _server(served, host, port, certfile, keyfile)
    announce = _announce(host, port, bool(certfile)) if announced else None
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        code = runner.run(_run(server, others, announce))
    served.close()
    with suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    # Not through the interpreter's own end: threads of the server may still call into it, and then it aborts.
    os._exit(code)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The faster event loop, where there is one: it halves what waking up for an answer costs."""
    if sys.platform == "win32":
        return None
    import uvloop  # noqa: PLC0415 - not on Windows

    return uvloop.new_event_loop


def _free_port(host: str, port: int) -> int:
    """The port, or a free one for 0; asked without SO_REUSEPORT, which would let a second server steal requests."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
        return int(probe.getsockname()[1])


def _server(served: bridge.Bridge, host: str, port: int, certfile: str, keyfile: str) -> Server:
    return Server(
        served,
        host,
        port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.auto if certfile else HTTPModes.http1,
        websockets=False,
        backlog=1024,
        backpressure=_connections(),
        http1_settings=HTTP1Settings(header_read_timeout=20_000, max_buffer_size=65536),
        http2_settings=HTTP2Settings(max_concurrent_streams=32, max_headers_size=65536),
        log_enabled=False,  # its messages quote exceptions, and these may quote people
        ssl_cert=Path(certfile) if certfile else None,
        ssl_key=Path(keyfile) if keyfile else None,
        ssl_protocol_min=SSLProtocols.tls12,
    )


def _connections() -> int:
    """How many connections this process may hold, after asking the system for more than the usual 1,024."""
    if sys.platform == "win32":
        return 512
    import resource  # noqa: PLC0415 - not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + 256
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return min(CONNECTIONS, max(soft - 256, 128))


async def _run(server: Server, others: dict[str, Sequence[str]], announce: Coroutine[Any, Any, None] | None) -> int:
    """Serves until a signal comes or the server ends by itself."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows: KeyboardInterrupt does it
            loop.add_signal_handler(number, asked.set)
    web = asyncio.create_task(server.serve())
    kept = [asyncio.create_task(_keep(name, command)) for name, command in others.items()]
    if announce:
        kept.append(asyncio.create_task(announce))
    stop = asyncio.create_task(asked.wait())
    await asyncio.wait({web, stop}, return_when=asyncio.FIRST_COMPLETED)
    code = DONE if asked.is_set() else SURROUNDINGS
    # A thread that does not come to its end must not hold up the stop.
    last = threading.Timer(GRACE + 2, os._exit, [code])
    last.daemon = True
    last.start()
    server.stop()  # type: ignore[no-untyped-call]
    for task in kept:
        task.cancel()
    await asyncio.wait({web, *kept}, timeout=GRACE)
    if code:
        print("withus: the web server ended by itself; please report it", file=sys.stderr)
    return code


async def _keep(name: str, command: Sequence[str]) -> None:
    """Keeps a process alive until cancelled; one that dies at once is started ever more rarely."""
    pause = 1.0
    loop = asyncio.get_running_loop()
    while True:
        started = loop.time()
        process = await asyncio.create_subprocess_exec(
            *apart.tied(),
            *command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # so that Ctrl-C reaches us alone, and we stop it in order
        )
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            await _end(process)
            raise
        pause = 1.0 if loop.time() - started > 60 else min(pause * 2, 60)
        print(f"withus: the {name} ended ({code}) and is started again", file=sys.stderr, flush=True)
        await asyncio.sleep(pause)


async def _end(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), GRACE - 1)
        except TimeoutError:
            process.kill()
            await process.wait()


async def _announce(host: str, port: int, tls: bool) -> None:
    """Asks for /healthz until it answers 200, then says so."""
    known = settings.ALLOWED_HOSTS[0].lstrip(".*") if settings.ALLOWED_HOSTS else ""
    request = f"GET /healthz HTTP/1.1\r\nHost: {known or 'localhost'}\r\nConnection: close\r\n\r\n".encode()
    near = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104
    context = ssl._create_unverified_context() if tls else None  # noqa: S323 - our own certificate, on this machine
    answer = b""
    while not answer.startswith(b"HTTP/1.1 200"):
        await asyncio.sleep(0.02)
        with suppress(OSError, asyncio.IncompleteReadError):
            reader, writer = await asyncio.open_connection(near, port, ssl=context)
            writer.write(request)
            answer = await reader.readline()
            writer.close()
    shown = f"[{host}]" if ":" in host else host
    print(f"Withus is ready: {'https' if tls else 'http'}://{shown}:{port}/", flush=True)


if __name__ == "__main__":  # a further web process; its parent announces and supervises
    _serve_and_end(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5], {}, announced=False)
