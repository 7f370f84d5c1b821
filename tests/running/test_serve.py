"""One command: ready when it says so, stops when it is told to, keeps the background alive, leaves nothing behind."""

import os
import shutil
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.running.servers import Running, everything, request, running, start

PYTHON = sys.executable


def until(true: Callable[[], object], seconds: float = 10) -> None:
    """Waits until something holds."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def work(code: str) -> str:
    """Arguments of `serve` that make a piece of code the background."""
    return f"with_work={[PYTHON, '-c', code]!r}"


@pytest.mark.parametrize("sign", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.soak)])
def test_it_says_ready_once_and_stops_at_once_even_with_slow_phones(sign: signal.Signals) -> None:
    with running("granian") as server:
        assert server.process.stdout is not None
        assert server.process.stdout.readline() == f"Withus is ready: http://127.0.0.1:{server.port}/\n"
        slow = [server.connect() for _ in range(3)]
        slow[0].sendall(b"GET / HTTP/1.1\r\nHost: loc")
        slow[1].sendall(request("POST", "/", Content_Length="10") + b"a")
        slow[2].sendall(request("GET", "/large"))
        time.sleep(0.2)
        begun = time.monotonic()
        server.process.send_signal(sign)
        out, error = server.process.communicate(timeout=15)
        assert time.monotonic() - begun < 6
        assert (server.process.returncode, out, error) == (0, "", "")
    for connection in slow:
        connection.close()


def test_what_is_under_way_is_answered_before_it_stops() -> None:
    with running("granian") as server, server.connect() as connection:
        connection.sendall(request("GET", "/takes/700", Connection="close"))
        time.sleep(0.2)
        server.process.terminate()
        assert everything(connection).endswith(b"done")
        assert server.process.wait(5) == 0


def test_a_taken_port_is_said_in_one_line() -> None:
    with running("granian") as server:
        second = start("granian", server.port)
        out, error = second.communicate(timeout=15)
        assert (second.returncode, out) == (3, "")
        assert error.startswith(f"withus: cannot listen on 127.0.0.1 port {server.port} (Address already in use);")
        assert error.count("\n") == 1
        assert server.ask("GET", "/healthz")[0] == 200


def test_port_0_takes_a_free_one() -> None:
    process = start("granian", 0)
    assert process.stdout is not None
    try:
        port = int(process.stdout.readline().rsplit(":", 1)[1].strip("/\n"))
        assert Running(process, port).ask("GET", "/healthz")[2] == b"ok"
    finally:
        process.terminate()
        process.communicate(timeout=10)


def test_the_background_is_started_again_when_it_dies(tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    with running("granian", work(f"open({str(marks)!r}, 'a').write('x')")) as server:
        until(lambda: marks.exists() and len(marks.read_text()) >= 2)
        assert server.ask("GET", "/healthz")[0] == 200
        server.process.terminate()
        _, error = server.process.communicate(timeout=10)
    assert "withus: the background ended (0) and is started again\n" in error


def alive(number: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    try:
        return " Z " not in Path(f"/proc/{number}/stat").read_text()
    except FileNotFoundError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties processes together")
@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL])
def test_the_background_never_outlives_the_server(tmp_path: Path, sign: signal.Signals) -> None:
    note = tmp_path / "pid"
    code = f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    with running("granian", work(code)) as server:
        until(lambda: note.exists() and note.read_text())
        background = int(note.read_text())
        assert alive(background)
        os.kill(server.process.pid, sign)
        server.process.wait(10)
        until(lambda: not alive(background), 3)


def test_two_web_processes_share_the_port() -> None:
    with running("granian", "processes=2, with_work=False") as server:
        until(
            lambda: len(Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()) == 1
        )
        time.sleep(1.5)
        assert {server.ask("GET", "/healthz")[0] for _ in range(50)} == {200}
        server.process.terminate()
        assert server.process.wait(10) == 0


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl to make a certificate")
def test_its_own_certificate(tmp_path: Path) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    subprocess.run([*make.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.create_default_context(cafile=str(certificate))
    with running("granian", WITHUS_TLS_CERT=str(certificate), WITHUS_TLS_KEY=str(key)) as server:
        assert server.process.stdout is not None
        assert server.process.stdout.readline() == f"Withus is ready: https://127.0.0.1:{server.port}/\n"
        with context.wrap_socket(server.connect(), server_hostname="localhost") as connection:
            connection.sendall(request("POST", "/x", b"x" * 100_000, Connection="close"))
            answer = everything(connection)
    assert b'"scheme": "https", "size": 100000' in answer


def test_a_certificate_that_vanished_leaves_nothing_unsaid_behind() -> None:
    process = start("granian", 0, WITHUS_TLS_CERT="/nowhere/cert.pem", WITHUS_TLS_KEY="/nowhere/key.pem")
    _, error = process.communicate(timeout=15)
    assert process.returncode != 0
    assert "load_cert_chain" in error
    assert error.endswith("FileNotFoundError: [Errno 2] No such file or directory\n")
    assert "never awaited" not in error
