"""The bridge under two real servers: what goes in and out, and that the slow cost the quick nothing."""

import itertools
import json
import random
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.running.servers import Running, everything, parsed, request, running

MB = 1024 * 1024


@pytest.fixture(scope="module", params=["granian", "uvicorn"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The tiny Django, served."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "secret.txt").write_text("nobody may read this")
    (folder / "static").mkdir()
    (folder / "static" / "app.css").write_text("body{}")
    with running(request.param, TINY_STATIC=str(folder / "static")) as found:
        yield found


def test_what_was_sent_reaches_the_code(server: Running) -> None:
    found = server.echo(
        "POST", "/a/b%2Fc/%ff/%C3%A9?q=%20a&q=b", b"who=Ana+%26+Bo", Content_Type="application/x-www-form-urlencoded"
    )
    assert (found["method"], found["path"], found["query"]) == ("POST", "/a/b/c/%FF/é", "q=%20a&q=b")
    assert (found["form"], found["size"], found["scheme"]) == ({"who": "Ana & Bo"}, 14, "http")
    assert found["thread"] == "withus-page"


def test_nothing_that_says_who_asks_reaches_the_code(server: Running) -> None:
    telling = {
        "X_Forwarded_For": "192.0.2.7", "X_Real_IP": "192.0.2.7", "Forwarded": "for=192.0.2.7", "User_Agent": "Phone 7",
        "CF_Connecting_IP": "192.0.2.7", "True_Client_IP": "192.0.2.7", "X_Forwarded_Proto": "https", "Proxy": "evil",
    }  # fmt: skip
    found = server.echo("GET", "/", Accept_Language="ar", **telling)
    assert found["headers"] == {"Host": "localhost", "Accept-Language": "ar", "Connection": "close"}
    assert (found["meta"], found["scheme"]) == ([], "http")
    posing = server.say(
        b"GET / HTTP/1.1\r\nHost: localhost\r\nSec_Fetch_Site: same-origin\r\nConnection: close\r\n\r\n"
    )
    assert b"Sec-Fetch" not in posing


def test_several_cookies_are_one(server: Running) -> None:
    raw = b"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: a=1\r\nCookie: b=2\r\nConnection: close\r\n\r\n"
    assert json.loads(parsed(server.say(raw))[2])["headers"]["Cookie"] == "a=1; b=2"


def test_head_304_and_the_next_request_on_one_connection(server: Running) -> None:
    asked = [
        request("HEAD", "/tagged"),
        request("GET", "/tagged", If_None_Match='"same"'),
        request("HEAD", "/stream"),
        request("GET", "/tagged", Connection="close"),
    ]
    with server.connect() as connection:
        answers = []
        for one in asked:
            connection.sendall(one)
            answers.append(connection.recv(65536))
        answers[-1] += everything(connection)
    assert [parsed(answer)[0] for answer in answers] == [200, 304, 200, 200]
    assert [parsed(answer)[2] for answer in answers] == [b"", b"", b"", b"page"]
    assert parsed(answers[0])[1]["content-length"] == "4"


def test_a_stream_arrives_piece_by_piece(server: Running) -> None:
    with server.connect() as connection:
        connection.sendall(request("GET", "/stream", Connection="close"))
        begun, first = time.monotonic(), b""
        while b"0\n" not in first:
            first += connection.recv(65536)
        assert time.monotonic() - begun < 0.3
        assert b"2\n" not in first
        assert b"2\n" in everything(connection)


def test_an_answer_that_broke_off_looks_broken_off(server: Running) -> None:
    answer = server.say(request("GET", "/breaks-off", Connection="close"))
    assert b"half" in answer
    assert not answer.endswith(b"0\r\n\r\n")


def test_a_large_answer_arrives_whole(server: Running) -> None:
    answer = server.say(request("GET", "/large", Connection="close"))
    assert answer.count(b"x") >= 16 * MB
    assert answer.endswith(b"0\r\n\r\n")


def chunked(path: str, body: bytes, size: int) -> bytes:
    """A request whose body comes in chunks and does not say its size."""
    chunks = b"".join(
        b"%x\r\n%s\r\n" % (len(body[i : i + size]), body[i : i + size]) for i in range(0, len(body), size)
    )
    return request("POST", path, Transfer_Encoding="chunked", Connection="close") + chunks + b"0\r\n\r\n"


def test_bodies_have_a_limit_and_uploads_a_larger_one(server: Running) -> None:
    assert server.echo("POST", "/x", b"x" * MB)["size"] == MB
    status, fields, body = server.ask("POST", "/x", b"x" * (MB + 1))
    assert (status, body) == (413, b"This is too large to send here. Make it smaller, then send it again.")
    assert (fields["cache-control"], fields["x-content-type-options"]) == ("no-store", "nosniff")
    assert parsed(server.say(chunked("/x", b"x" * (MB + 1), 50000)))[0] == 413
    assert server.echo("POST", "/processes/ABC/import", b"x" * 3 * MB)["size"] == 3 * MB
    assert json.loads(parsed(server.say(chunked("/processes/ABC/import", b"x" * 3 * MB, 50000)))[2])["size"] == 3 * MB
    assert server.ask("POST", "/processes/A/B/import", b"x" * 3 * MB)[0] == 413
    for fields in ({"Content_Length": "99999999999999"}, {"Content_Length": f"{13 * MB}", "Expect": "100-continue"}):
        with server.connect() as connection:
            connection.sendall(request("POST", "/processes/ABC/import", **fields))
            assert connection.recv(65536).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    "raw",
    [
        b"garbage\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: " + b"y" * 500_000 + b"\r\n\r\n",
    ],
    ids=["garbage", "null", "negative", "two lengths", "bad chunk", "large header"],
)
def test_what_is_no_request_is_refused(server: Running, raw: bytes) -> None:
    answer = server.say(raw)
    assert answer == b"" or answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 431"))
    assert server.ask("GET", "/healthz")[0] == 200


def test_half_a_body_is_no_request(server: Running) -> None:
    with server.connect() as connection:
        connection.sendall(request("POST", "/x", Content_Length="10") + b"half")
        connection.shutdown(socket.SHUT_WR)
        answer = everything(connection)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    "path",
    ["/static/../secret.txt", "/static/%2e%2e/secret.txt", "/static/..%2fsecret.txt", "/static//../secret.txt",
     "/static/%2e%2e%2fsecret.txt", "/static/..\\secret.txt", "/static/%00/../../secret.txt", "//static/../secret.txt"],
)  # fmt: skip
def test_no_path_leads_out_of_the_static_folder(server: Running, path: str) -> None:
    assert server.ask("GET", "/static/app.css")[2] == b"body{}"
    assert b"nobody may read this" not in server.say(request("GET", path, Connection="close"))


names = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=20).map(lambda name: f"T-{name}x")
values = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=200)


@settings(max_examples=25)
@given(
    body=st.binary(max_size=3000),
    fields=st.dictionaries(names, values, max_size=8),
    cuts=st.lists(st.integers(0, 5000), max_size=6),
    size=st.integers(0, 700),
)
def test_it_does_not_matter_where_the_network_cuts(
    server: Running, body: bytes, fields: dict[str, str], cuts: list[int], size: int
) -> None:
    import hashlib

    given = {"_".join(name.split("-")): value for name, value in fields.items()}
    raw = request("POST", "/x", body, Connection="close", **given)
    if size:
        raw = chunked("/x", body, size).replace(b"Connection", b"\r\n".join(
            [f"{name}: {value}".encode() for name, value in fields.items()] + [b"Connection"]), 1)  # fmt: skip
    places = sorted({0, len(raw), *(cut % len(raw) for cut in cuts)})
    pieces = [raw[a:b] for a, b in itertools.pairwise(places)]
    found = json.loads(parsed(server.say(*pieces, pause=0.001))[2])
    assert (found["size"], found["sha256"]) == (len(body), hashlib.sha256(body).hexdigest())
    sent = {name.lower(): value for name, value in fields.items()}
    assert {n.lower(): v for n, v in found["headers"].items() if n.startswith("T-")} == sent


def quick_pages(server: Running, count: int = 40) -> float:
    """The slowest of some pages, in seconds."""
    slowest = 0.0
    for _ in range(count):
        begun = time.monotonic()
        assert server.ask("GET", "/healthz")[0] == 200
        slowest = max(slowest, time.monotonic() - begun)
    return slowest


def test_slow_phones_hold_nobody_up(server: Running) -> None:
    slow = [server.connect() for _ in range(60)]
    stop = threading.Event()

    def drip() -> None:
        while not stop.wait(0.1):
            for number, connection in enumerate(slow[:40]):
                connection.sendall(b"a" if number < 20 else b"b")

    for number, connection in enumerate(slow):
        if number < 20:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        elif number < 40:
            connection.sendall(request("POST", "/sign-in", Content_Length="100000"))
        else:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.sendall(request("GET", "/large"))
    dripping = threading.Thread(target=drip)
    dripping.start()
    try:
        assert quick_pages(server) < 2
        assert server.ask("POST", "/sign-in", b"who=Ana")[0] == 200
    finally:
        stop.set()
        dripping.join()
        for connection in slow:
            connection.close()


def test_half_sent_files_close_voices_to_no_words(server: Running) -> None:
    head = request("POST", "/voices/new", Content_Length=f"{16 * MB}")
    half = [server.connect() for _ in range(58)]
    try:
        for connection in half:
            try:
                connection.sendall(head + b"x" * 2 * MB)
            except OSError:  # it was refused while it was sent
                continue
        answers = (server.ask("POST", "/voices/new", b"x" * 3 * MB) for _ in range(50))
        refused = next((body for status, _, body in answers if status == 503), b"")
        assert b"peer worker" in refused, "of files there is as much as there is room for"
        for _ in range(5):
            assert server.echo("POST", "/voices/new", b"text=Hm")["size"] == 7
    finally:
        for connection in half:
            connection.close()


def test_newcomers_are_served_in_turn_while_pages_stay_quick(server: Running) -> None:
    answers: dict[int, dict[str, object]] = {}

    def join(number: int) -> None:
        body = f"who={number}".encode()
        answers[number] = server.echo("POST", "/sign-in", body, Content_Type="application/x-www-form-urlencoded")

    threads = []
    for number in range(60):
        threads.append(threading.Thread(target=join, args=(number,)))
        threads[-1].start()
        time.sleep(0.005)  # so that who came first is clear
    slowest = quick_pages(server, 20)
    for thread in threads:
        thread.join(30)
    order = [
        int(str(answer["who"])) for answer in sorted(answers.values(), key=lambda answer: int(str(answer["served"])))
    ]
    assert len(order) == 60
    assert {answer["together"] for answer in answers.values()} == {1}
    assert max(abs(place - number) for place, number in enumerate(order)) <= 5
    assert slowest < 1
    assert server.echo("GET", "/setup/TOKEN")["thread"] == "withus-page"
    assert server.echo("POST", "/setup/TOKEN")["thread"] == "withus-hash"


def test_a_hundred_connections_at_random_moments_all_get_their_own_answer(server: Running) -> None:
    wrong: list[object] = []

    def visit(number: int) -> None:
        time.sleep(random.random() / 5)
        found = server.echo("POST", f"/visit/{number}", b"x" * number)
        if (found["path"], found["size"]) != (f"/visit/{number}", number):
            wrong.append(found)

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert wrong == []
