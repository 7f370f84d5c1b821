"""The header table, same origin, languages, what may be kept and what may be compressed."""

import gzip

import brotli
import pytest
from django.test import Client, RequestFactory

from withus.core import configuration
from withus.running.bridge import refusal_of
from withus.web import errors

EVERYWHERE = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self' blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ADDRESSES = ["/style/", "/ask/", "/no/", "/rush/", "/fault/", "/send-only/", "/nowhere", "/static/css/withus.css"]


@pytest.fixture
def visitor() -> Client:
    """Somebody without a session; a fault is a page, as in real life."""
    return Client(raise_request_exception=False)


@pytest.fixture
def ana() -> Client:
    """Ana, signed in."""
    client = Client(raise_request_exception=False)
    client.cookies["withus"] = "own"
    return client


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("method", ["get", "post", "head"])
def test_every_answer_carries_the_table(visitor: Client, address: str, method: str) -> None:
    answer = getattr(visitor, method)(address)
    assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    permissions = answer.headers["Permissions-Policy"].split(", ")
    assert {"camera=()", "geolocation=()", "microphone=()"} <= set(permissions)
    assert all(permission.endswith("=()") for permission in permissions)
    assert {"Strict-Transport-Security", "Access-Control-Allow-Origin"}.isdisjoint(answer.headers)
    assert not answer.cookies


def test_a_wrong_host_name_gets_the_table_too(visitor: Client) -> None:
    answer = visitor.get("/style/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert answer.headers["Content-Security-Policy"] == EVERYWHERE["Content-Security-Policy"]


def test_pages_of_voices_are_kept_and_listed_nowhere(visitor: Client) -> None:
    answer = visitor.get("/voices/new")
    permissions = answer.headers["Permissions-Policy"].split(", ")
    assert [one for one in permissions if not one.endswith("=()")] == ["microphone=(self)"]
    assert "microphone=(self)" in visitor.get("/voices/return").headers["Permissions-Policy"]
    assert "microphone=()" in visitor.get("/voices/receipt").headers["Permissions-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in visitor.get("/style/").headers


def test_only_the_field_may_have_a_worker(visitor: Client) -> None:
    policy = visitor.get("/field/").headers["Content-Security-Policy"]
    assert policy == EVERYWHERE["Content-Security-Policy"] + "; worker-src 'self'"


@pytest.mark.parametrize(
    "address", ["/api/v1/things", "/log/checkpoint", "/claims/AB/badge.svg", "/bodies/AB/feed.rss"]
)
def test_other_sites_may_show_what_is_made_for_them(visitor: Client, address: str) -> None:
    assert visitor.get(address).headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize(("host", "pinned"), [("testserver", True), ("localhost", False), ("abc.onion", False)])
def test_only_clearnet_hosts_are_pinned_to_tls(visitor: Client, settings, host: str, pinned: bool) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "localhost", "abc.onion"]
    answer = visitor.get("/style/", secure=True, headers={"host": host})
    assert ("Strict-Transport-Security" in answer.headers) is pinned


ONION = "a" * 55 + "d.onion"


def test_the_onion_address_is_offered_over_tls_where_there_is_one(visitor: Client, settings) -> None:
    assert "Onion-Location" not in visitor.get("/style/", secure=True).headers
    settings.WITHUS_ONION, settings.ALLOWED_HOSTS = ONION, ["testserver", ONION]
    assert visitor.get("/style/?a=b", secure=True).headers["Onion-Location"] == f"http://{ONION}/style/?a=b"
    assert "Onion-Location" not in visitor.get("/style/").headers, "browsers look at it over TLS alone"
    assert "Onion-Location" not in visitor.get("/style/", secure=True, headers={"host": ONION}).headers


@pytest.mark.parametrize("wrong", ["https://example.org", f"http://{ONION}", "short.onion", ONION + "/"])
def test_an_onion_address_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("WITHUS_ONION", wrong)
    with pytest.raises(configuration.WrongSetting, match="56 letters"):
        configuration.onion("WITHUS_ONION")


def test_a_busy_page_of_voices_names_another_way() -> None:
    for path, names in (("/voices/new", True), ("/sign-in", False)):
        assert ("peer worker" in errors.busy(RequestFactory().get(path)).content.decode()) is names
        environ = {**RequestFactory().get(path).environ, "PATH_INFO": path}
        assert ("peer worker" in refusal_of(environ, 503)[2].decode()) is names


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin", "origin": "http://testserver"},
        {"sec-fetch-site": "none"},
        {"origin": "http://testserver"},
        {},
    ],
)
def test_our_own_forms_are_taken(visitor: Client, headers: dict[str, str]) -> None:
    assert visitor.post("/send-only/", {"value": "1"}, headers=headers).content == b"1 answers"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
        {"sec-fetch-site": "same-origin", "origin": "https://evil.example"},
        {"origin": "https://evil.example"},
        {"origin": "http://testserver:8080"},
        {"origin": "null"},
        {"origin": "http://testserver.evil.example"},
        {"origin": "http://["},
        {"referer": "https://evil.example/"},
        {"referer": "http://testserver.evil.example/"},
        {"referer": "testserver"},
    ],
)
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_forms_from_other_sites_are_refused_with_a_reason(
    visitor: Client, method: str, headers: dict[str, str]
) -> None:
    answer = getattr(visitor, method)("/send-only/", headers=headers)
    assert answer.status_code == 403
    assert "<p data-reason>This form was sent from another site." in answer.content.decode()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"referer": ""},
        {"referer": "http://testserver/style/"},
        {"origin": "http://testserver", "referer": "https://evil.example/"},
        {"sec-fetch-site": "same-origin", "referer": "https://made.up.example/"},
    ],
)
def test_forms_of_browsers_that_say_little_or_make_up_where_they_were_arrive(
    visitor: Client, headers: dict[str, str]
) -> None:
    assert visitor.post("/send-only/", headers=headers).status_code != 403


def test_a_public_page_is_kept_until_it_changes(visitor: Client) -> None:
    first = visitor.get("/style/")
    again = visitor.get("/style/", headers={"if-none-match": first.headers["ETag"]})
    other = visitor.get("/style/", headers={"if-none-match": '"other"'})
    assert (first.status_code, again.status_code, other.status_code) == (200, 304, 200)
    assert again.content == b""
    assert first.headers["Cache-Control"] == "no-cache"
    assert set(first.headers["Vary"].split(", ")) == {"Accept-Language", "Cookie", "Accept-Encoding"}


@pytest.mark.parametrize("address", ["/style/", "/nowhere", "/no/"])
def test_no_page_of_a_session_is_kept(ana: Client, address: str) -> None:
    answer = ana.get(address)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


def test_no_answer_to_a_form_is_kept(visitor: Client) -> None:
    assert visitor.post("/ask/", {"text": "x"}).headers["Cache-Control"] == "no-store"


def test_public_pages_are_compressed(visitor: Client) -> None:
    plain = visitor.get("/ask/").content
    in_brotli = visitor.get("/ask/", headers={"accept-encoding": "gzip, br"})
    in_gzip = visitor.get("/ask/", headers={"accept-encoding": "gzip"})
    assert brotli.decompress(in_brotli.content) == gzip.decompress(in_gzip.content) == plain
    assert len(in_brotli.content) == int(in_brotli.headers["Content-Length"]) < len(plain) / 2


def test_a_page_of_a_session_is_compressed_only_for_our_own_pages(ana: Client) -> None:
    def encoding(**headers: str) -> str | None:
        return ana.get("/ask/", headers={"accept-encoding": "br", **headers}).headers.get("Content-Encoding")

    assert encoding(**{"sec-fetch-site": "same-origin"}) == "br"
    assert encoding(**{"sec-fetch-site": "cross-site"}) is None
    assert encoding() is None


def test_an_answer_to_a_form_is_never_compressed(ana: Client) -> None:
    headers = {"accept-encoding": "br", "sec-fetch-site": "same-origin"}
    assert "Content-Encoding" not in ana.post("/ask/", {"text": "x"}, headers=headers).headers


@pytest.mark.parametrize(
    ("accepts", "cookie", "begins"),
    [
        ("", "", '<html lang="en" dir="ltr">'),
        ("ar,en;q=0.5", "", '<html lang="ar" dir="rtl">'),
        ("xx", "", '<html lang="en" dir="ltr">'),
        ("ar", "en", '<html lang="en" dir="ltr">'),
        ("en", "ar", '<html lang="ar" dir="rtl">'),
        ("en", "<script>", '<html lang="en" dir="ltr">'),
    ],
)
def test_the_language_is_the_chosen_one_or_the_browsers(
    visitor: Client, accepts: str, cookie: str, begins: str
) -> None:
    visitor.cookies["language"] = cookie
    assert begins in visitor.get("/style/", headers={"accept-language": accepts}).content.decode()


def test_choosing_a_language_is_remembered_for_the_visit_and_leads_back(visitor: Client) -> None:
    answer = visitor.post("/language", {"language": "ar", "here": "/style/?page=2"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/style/?page=2")
    cookie = answer.cookies["language"]
    assert (cookie.value, cookie["max-age"], cookie["expires"], cookie["httponly"], cookie["samesite"]) == (
        "ar", "", "", True, "Lax",
    )  # fmt: skip


@pytest.mark.parametrize(
    "here", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "", "/\\evil.example"]
)
def test_choosing_a_language_never_leads_elsewhere(visitor: Client, here: str) -> None:
    assert visitor.post("/language", {"language": "ar", "here": here}).headers["Location"] == "/"


def test_an_unknown_language_is_not_remembered(visitor: Client) -> None:
    assert not visitor.post("/language", {"language": "xx", "here": "/"}).cookies


def test_on_a_shared_device_signing_out_is_large_and_the_page_goes_away_by_itself() -> None:
    shared = Client()
    shared.cookies["withus"] = "shared"
    page = shared.get("/ask/", headers={"accept-language": "en"}).content.decode()
    assert '<body data-idle="600">' in page
    assert '<form method="post" action="/sign-out"><button class="button button-main">' in page


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "FOO"])
@pytest.mark.django_db
def test_pages_know_reading_and_sending_only(method: str) -> None:
    answer = Client().generic(method, "/sign-in")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST, OPTIONS")
