"""Pages for what did not work: calm, with the reason and a way on."""

import pytest
from django.test import Client, RequestFactory

from withus.web import errors


@pytest.fixture
def visitor() -> Client:
    """Somebody without a session; a fault is a page, as in real life."""
    return Client(raise_request_exception=False)


def test_somebody_is_told_why_not(visitor: Client) -> None:
    answer = visitor.get("/no/")
    assert answer.status_code == 403
    assert "<p data-reason>Only Lu can do this.</p>" in answer.content.decode()
    assert '<a href="/sign-in?next=/no/">Sign in</a>' in answer.content.decode()


@pytest.mark.parametrize(
    ("method", "address", "status", "title"),
    [
        ("get", "/nowhere", 404, "There is nothing here"),
        ("get", "/send-only/", 405, "This address only takes a form"),
        ("get", "/fault/", 500, "Something went wrong"),
        ("get", "/rush/", 503, "Please wait a moment"),
        ("get", "/unsealed/", 503, "Nothing was stored"),
    ],
)
def test_each_no_has_a_calm_page(visitor: Client, method: str, address: str, status: int, title: str) -> None:
    answer = getattr(visitor, method)(address)
    page = answer.content.decode()
    assert answer.status_code == status
    assert f"<h1>{title}</h1>" in page
    assert '<a href="/">Start page</a>' in page
    assert "Traceback" not in page
    assert "ZeroDivision" not in page
    assert "data-reason" not in page


def test_missing_and_hidden_pages_look_the_same(visitor: Client) -> None:
    assert visitor.get("/nowhere").content == visitor.get("/statements/HIDDEN/").content


def test_too_much_at_once_is_413(visitor: Client, settings) -> None:
    assert visitor.post("/send-only/", {"text": "x" * 1000}).status_code == 200
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 500
    answer = visitor.post("/send-only/", "text=" + "x" * 1000, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "That is too much at once" in answer.content.decode()


def test_too_many_fields_are_400(visitor: Client, settings) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    answer = visitor.post("/send-only/", {"a": "1", "b": "2", "c": "3"})
    assert answer.status_code == 400
    assert "We could not read that" in answer.content.decode()


def test_the_methods_that_work_are_named(visitor: Client) -> None:
    assert visitor.get("/send-only/").headers["Allow"] == "POST"


def test_a_rush_says_when_to_come_back(visitor: Client) -> None:
    assert visitor.get("/rush/").headers["Retry-After"] == "5"
    assert visitor.get("/unsealed/").headers["Retry-After"] == "60"


def test_a_no_of_the_domain_stands_in_the_form_and_all_input_stays(visitor: Client) -> None:
    given = {
        "text": "night hours",
        "language": "en",
        "who": "all",
        "passphrase": "cabin",
        "agreed": "on",
        "area": "east",
    }
    answer = visitor.post("/ask/", given)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'role="alert"' in page
    assert "This is said already. Look at statement 12." in page
    assert "night hours</textarea>" in page
    assert 'value="east"' in page
    assert "<title>Error · Question · Our Say</title>" in page


def test_an_error_of_ours_is_logged_by_its_kind_and_place_never_by_its_words(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise KeyError("canary-words-of-somebody")
    except KeyError:
        answer = errors.broken(RequestFactory().get("/canary-address"))
    assert answer.status_code == 500
    assert "KeyError at" in caplog.text
    assert "test_errors.py" in caplog.text
    assert "canary" not in caplog.text
