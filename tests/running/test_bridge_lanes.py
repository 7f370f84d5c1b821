"""The bridge by itself, without a server: full lanes, those who leave, and limits that take long to reach."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse

from withus.running import bodies, bridge
from withus.running.bridge import Bridge, environ_of

SENTENCE = (
    "Many people are here right now. Wait a few seconds, then reload this page: that sends it again. Do not go back: "
    "you may have to type it again then."
)


def django_like(view: Callable[[dict[str, Any]], HttpResponseBase]) -> Any:
    """A WSGI application as Django's: it returns the response itself."""

    def application(environ: dict[str, Any], start: Callable[..., None]) -> HttpResponseBase:
        response = view(environ)
        start(f"{response.status_code} X", list(response.items()))
        return response

    return application


def scope(method: str, path: str, **fields: str) -> dict[str, Any]:
    """An ASGI scope."""
    return {
        "type": "http", "method": method, "path": path, "query_string": b"", "http_version": "1.1", "scheme": "http",
        "headers": [(n.replace("_", "-").encode(), v.encode()) for n, v in {"host": "localhost", **fields}.items()],
    }  # fmt: skip


class Visit:
    """One request given to the bridge, and what came back."""

    def __init__(self, serve: Bridge, method: str, path: str, body: bytes = b"", **fields: str) -> None:
        self.events: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.came: list[Any] = []
        self.may_read = asyncio.Event()
        self.may_read.set()
        if body:
            self.events.put_nowait({"type": "http.request", "body": body, "more_body": False})
            fields = {"content_length": str(len(body)), **fields}
        self.task = asyncio.create_task(serve(scope(method, path, **fields), self.events.get, self._send))  # type: ignore[arg-type]

    async def _send(self, event: Any) -> None:
        await self.may_read.wait()
        self.came.append(event)

    def leave(self) -> None:
        """The person closes the page."""
        self.events.put_nowait({"type": "http.disconnect"})

    async def status(self) -> int | None:
        """What the answer was, or None."""
        await self.task
        return self.came[0]["status"] if self.came else None

    @property
    def fields(self) -> dict[str, str]:
        """The headers of the answer."""
        return {name.decode(): value.decode() for name, value in self.came[0]["headers"]}

    @property
    def body(self) -> bytes:
        """The body of the answer."""
        return b"".join(event.get("body", b"") for event in self.came)


def test_when_the_lane_is_full_the_next_are_asked_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "HASHES_WAITING", 3)
    go = threading.Event()
    serve = Bridge(django_like(lambda _: HttpResponse(f"{go.wait(5)}")), hash_paths=["/sign-in"])

    async def story() -> None:
        visits = [Visit(serve, "POST", "/sign-in", b"who=Ana") for _ in range(4)]
        await asyncio.sleep(0.05)
        late, looks = Visit(serve, "POST", "/sign-in", b"who=Bo"), Visit(serve, "GET", "/sign-in")
        assert await late.status() == 503
        assert (late.fields["retry-after"], late.body.decode()) == ("5", SENTENCE)
        arabic = Visit(serve, "POST", "/sign-in", b"who=Bo", accept_language="ar")
        assert await arabic.status() == 503
        assert arabic.fields["content-language"] == "ar"
        go.set()
        assert [await visit.status() for visit in [*visits, looks]] == [200] * 5
        assert await Visit(serve, "POST", "/sign-in", b"who=Bo").status() == 200

    asyncio.run(story())


def test_who_leaves_while_waiting_costs_nothing_and_who_stays_is_served() -> None:
    go, seen = threading.Event(), []

    def view(environ: dict[str, Any]) -> HttpResponse:
        go.wait(5)
        seen.append(environ["wsgi.input"].read())
        return HttpResponse("in")

    serve = Bridge(django_like(view), hash_paths=["/sign-in"])

    async def story() -> None:
        first, left, stayed = (Visit(serve, "POST", "/sign-in", who) for who in (b"first", b"left", b"stayed"))
        without_body = Visit(serve, "POST", "/sign-in")
        without_body.events.put_nowait({"type": "http.request", "body": b"", "more_body": False})
        await asyncio.sleep(0.05)
        left.leave()
        await asyncio.sleep(0.05)
        go.set()
        assert [await one.status() for one in (first, left, stayed, without_body)] == [200, None, 200, 200]

    asyncio.run(story())
    assert seen == [b"first", b"stayed", b""]


def test_a_body_that_takes_too_long_or_more_room_than_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "ORDINARY", (1000, 0.1))
    monkeypatch.setattr(bodies, "IN_MEMORY", 200)
    monkeypatch.setattr(bodies, "ON_DISK", 500)
    serve = Bridge(django_like(lambda environ: HttpResponse(environ["wsgi.input"].read())))

    async def story() -> None:
        assert await Visit(serve, "POST", "/x", content_length="10").status() == 408
        to_disk = Visit(serve, "POST", "/x", b"x" * 400)
        assert await to_disk.status() == 200
        assert to_disk.body == b"x" * 400
        assert await Visit(serve, "POST", "/x", b"x" * 600).status() == 503
        assert await Visit(serve, "POST", "/x", b"x" * 400).status() == 200  # what was held is let go
        assert await Visit(serve, "POST", "/x", b"x" * 1001).status() == 413
        monkeypatch.setattr(bodies, "HEARD_OUT", 2000)
        assert await Visit(serve, "POST", "/x", b"x" * 2001).status() == 413
        for wrong in ("-1", "1,1", "x", "²"):
            assert await Visit(serve, "POST", "/x", content_length=wrong).status() == 400

    asyncio.run(story())


def test_a_film_from_a_telephone_is_heard_out_and_what_was_typed_before_it_arrives() -> None:
    seen: list[bytes] = []

    def view(environ: dict[str, Any]) -> HttpResponse:
        seen.append(environ["wsgi.input"].read())
        return HttpResponse("too much", status=413)

    serve = Bridge(django_like(view), sealed_paths=["/voices/new"])

    async def story() -> None:
        whole = b"typed" + bytes(70 * bodies.MB)
        visit = Visit(serve, "POST", "/voices/new", whole)
        assert (await visit.status(), visit.body) == (413, b"too much")

    asyncio.run(story())
    assert seen[0].startswith(b"typed")
    assert bodies.SEALED[0] < len(seen[0]) <= bodies.SEALED[0] + bodies.SMALL


def test_readers_who_stop_do_not_hold_the_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "STREAMS", 3)

    def view(environ: dict[str, Any]) -> HttpResponseBase:
        if environ["PATH_INFO"] == "/large":
            return StreamingHttpResponse(b"x" * 100_000 for _ in range(30))
        return HttpResponse("page")

    serve = Bridge(django_like(view), threads=1)

    async def story() -> None:
        readers = [Visit(serve, "GET", "/large") for _ in range(3)]
        for reader in readers:
            reader.may_read.clear()
        assert await Visit(serve, "GET", "/").status() == 200
        assert await Visit(serve, "GET", "/large").status() == 503  # as many downloads as there is room for
        for reader in readers:
            reader.may_read.set()
        assert [await reader.status() for reader in readers] == [200] * 3
        assert {len(reader.body) for reader in readers} == {3_000_000}
        assert await Visit(serve, "GET", "/large").status() == 200

    asyncio.run(story())


def test_a_reader_who_takes_nothing_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "SEND_SECONDS", 0.1)
    made: list[int] = []

    def pieces() -> Any:
        for number in range(1000):
            made.append(number)
            yield b"x" * 1000
            if number > 5:
                threading.Event().wait(0.05)

    serve = Bridge(django_like(lambda _: StreamingHttpResponse(pieces())))

    async def story() -> None:
        reader = Visit(serve, "GET", "/large")
        while not reader.came:
            await asyncio.sleep(0.01)
        reader.may_read.clear()
        with pytest.raises(TimeoutError):
            await reader.status()
        await asyncio.sleep(0.2)

    asyncio.run(story())
    assert len(made) < 50


def test_a_small_file_needs_no_stream(tmp_path: Any) -> None:
    (tmp_path / "app.css").write_text("body{}")
    serve = Bridge(django_like(lambda _: FileResponse((tmp_path / "app.css").open("rb"))))

    async def story() -> None:
        visit, head = Visit(serve, "GET", "/"), Visit(serve, "HEAD", "/")
        assert [await visit.status(), await head.status()] == [200, 200]
        assert (visit.body, head.body) == (b"body{}", b"")
        assert visit.fields["content-length"] == head.fields["content-length"] == "6"

    asyncio.run(story())


def test_a_broken_application_is_our_mistake_and_says_so() -> None:
    serve = Bridge(django_like(lambda _: 1 / 0))  # type: ignore[arg-type,return-value]

    async def story() -> None:
        visit = Visit(serve, "GET", "/")
        assert await visit.status() == 500
        assert visit.body == b"This is our mistake, not yours. Please try again in a few minutes."

    asyncio.run(story())


def test_the_proxys_word_counts_only_behind_a_proxy() -> None:
    asked = scope("GET", "/", x_forwarded_proto="https", x_forwarded_for="192.0.2.7")
    alone, behind = (environ_of(asked, behind_proxy=behind) for behind in (False, True))
    assert (alone["wsgi.url_scheme"], behind["wsgi.url_scheme"]) == ("http", "https")
    assert "192.0.2.7" not in f"{alone} {behind}"
    odd = environ_of(scope("GET", "/", x_forwarded_proto="https,http"), behind_proxy=True)
    assert odd["wsgi.url_scheme"] == "http"


def test_a_body_that_is_to_be_sealed_stays_in_memory_in_a_lane_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "SEALED", (1000, 5))
    monkeypatch.setattr(bodies, "SEALED_IN_ALL", 2500)
    monkeypatch.setattr(bodies, "SMALL", 100)
    monkeypatch.setattr(bodies, "SpooledTemporaryFile", lambda **_: pytest.fail("a file was made"))
    go, seen = threading.Event(), []

    def view(environ: dict[str, Any]) -> HttpResponse:
        go.wait(5)
        seen.append((environ["CONTENT_LENGTH"], threading.current_thread().name))
        return HttpResponse(environ["wsgi.input"].read())

    serve = Bridge(django_like(view), sealed_paths=["/voices/new"], hash_paths=["/voices/return"])

    async def story() -> None:
        whole = Visit(serve, "POST", "/voices/new", b"x" * 1000)
        cut = Visit(serve, "POST", "/voices/new", b"a" * 1000 + b"b" * 700 + b"c" * 100)
        await asyncio.sleep(0.1)
        assert await Visit(serve, "POST", "/voices/new", b"x" * 600).status() == 503, "what waits is held too"
        go.set()
        assert [await one.status() for one in (whole, cut)] == [200, 200]
        assert (whole.body, cut.body) == (b"x" * 1000, b"a" * 1000 + b"c" * 100)
        assert await Visit(serve, "POST", "/voices/new", b"x" * 900).status() == 200, "what was held is let go"

    asyncio.run(story())
    assert {name for _, name in seen} == {"withus-seal"}
    assert {length for length, _ in seen} >= {"1000", "1100", "900"}


SEALED = {"sealed_paths": ["/voices/new"]}
FORM = b'--x\r\nContent-Disposition: form-data; name="audio"; filename="%s"\r\n\r\n\r\n--x--'


def held_back(serve: Bridge, size: int, of: int) -> Visit:
    """Somebody who has sent so much of a body, and sends nothing more."""
    visit = Visit(serve, "POST", "/voices/new", content_length=str(of))
    visit.events.put_nowait({"type": "http.request", "body": b"x" * size, "more_body": True})
    return visit


def test_words_wait_where_files_cannot_hold_them_up() -> None:
    go, seen = threading.Event(), []

    def view(environ: dict[str, Any]) -> HttpResponse:
        seen.append(threading.current_thread().name)
        if "seal" in seen[-1]:
            go.wait(5)
        return HttpResponse("here")

    serve = Bridge(django_like(view), **SEALED)  # type: ignore[arg-type]

    async def story() -> None:
        sent = [b"x" * (bodies.SMALL + 1), FORM % b"a.png", FORM.replace(b"filename", b"FileName*") % b""]
        files = [Visit(serve, "POST", "/voices/new", each) for each in sent]
        await asyncio.sleep(0.05)
        words = [Visit(serve, "POST", "/voices/new", each) for each in (FORM % b"", b"text=Hm", b"")]
        assert [await one.status() for one in words] == [200] * 3
        go.set()
        assert [await one.status() for one in files] == [200] * 3

    asyncio.run(story())
    assert sorted(seen) == ["withus-seal"] * 3 + ["withus-words"] * 3


def test_who_waits_too_long_for_a_turn_is_told_and_its_room_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "WAITS", 0.1)
    monkeypatch.setattr(bodies, "SEALED_IN_ALL", 3 * 70_000)
    go, seen = threading.Event(), []

    def view(environ: dict[str, Any]) -> HttpResponse:
        go.wait(5)
        seen.append(environ["wsgi.input"].read(1))
        return HttpResponse("here")

    serve = Bridge(django_like(view), **SEALED)  # type: ignore[arg-type]

    async def story() -> None:
        first = [Visit(serve, "POST", "/voices/new", b"a" * 70_000) for _ in range(2)]
        await asyncio.sleep(0.05)
        for who in (b"b", b"c"):  # there is room for one more, again and again
            late = Visit(serve, "POST", "/voices/new", who * 70_000)
            assert await late.status() == 503
            assert late.body.decode().startswith(SENTENCE)
        go.set()
        assert [await one.status() for one in first] == [200, 200], "who is being served is waited for"

    asyncio.run(story())
    assert seen == [b"a", b"a"]


def test_large_bodies_use_up_no_room_of_words_and_there_are_only_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "SEALED_AT_ONCE", 3)
    serve = Bridge(django_like(lambda _: HttpResponse("here")), **SEALED)  # type: ignore[arg-type]

    async def story() -> None:
        half = [held_back(serve, 1, 100_000) for _ in range(3)]
        await asyncio.sleep(0.05)
        assert await Visit(serve, "POST", "/voices/new", b"x" * 100_000).status() == 503
        assert await Visit(serve, "POST", "/voices/new", b"text=Hm").status() == 200
        half[0].leave()
        await half[0].task
        assert await Visit(serve, "POST", "/voices/new", b"x" * 100_000).status() == 200
        for one in half[1:]:
            one.leave()
            await one.task

    asyncio.run(story())


def test_a_large_body_that_brings_too_little_ends_and_a_slow_one_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "LEAST", (100, 0.3))
    monkeypatch.setattr(bodies, "SMALL", 10)
    serve = Bridge(django_like(lambda _: HttpResponse("here")), **SEALED)  # type: ignore[arg-type]

    async def story() -> None:
        dribbles, slow = held_back(serve, 150, 1000), held_back(serve, 100, 600)
        for number in range(5):
            await asyncio.sleep(0.15)
            dribbles.events.put_nowait({"type": "http.request", "body": b"x", "more_body": True})
            slow.events.put_nowait({"type": "http.request", "body": b"x" * 100, "more_body": number < 4})
        assert [await dribbles.status(), await slow.status()] == [408, 200]
        assert "reload this page" in dribbles.body.decode()

    asyncio.run(story())


def test_words_that_arrive_too_long_make_room_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "WORDS_IN_ALL", 1000)
    monkeypatch.setattr(bodies, "IN_ITS_TURN", 0.2)
    serve = Bridge(django_like(lambda environ: HttpResponse(environ["wsgi.input"].read())), **SEALED)  # type: ignore[arg-type]

    async def story() -> None:
        half = [held_back(serve, 240, 300) for _ in range(4)]
        await asyncio.sleep(0.05)
        assert await Visit(serve, "POST", "/voices/new", b"x" * 100).status() == 503, "it is still their turn"
        await asyncio.sleep(0.2)
        honest = Visit(serve, "POST", "/voices/new", b"h" * 300)
        assert (await honest.status(), honest.body) == (200, b"h" * 300)
        assert [await one.status() for one in half[:2]] == [408, 408], "as many as had to go"
        for one in half[2:]:
            one.events.put_nowait({"type": "http.request", "body": b"x" * 60, "more_body": False})
            assert await one.status() == 200
        for _ in range(2):
            status = 503
            while status == 503:  # an answer is there a moment before its body is let go
                await asyncio.sleep(0.01)
                status = await Visit(serve, "POST", "/voices/new", b"x" * 1000).status()
            assert status == 200

    asyncio.run(asyncio.wait_for(story(), 30))
