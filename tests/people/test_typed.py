"""A form that is sent when the session has ended loses nothing, tells nobody else, and sends nothing by itself."""

import html
import re
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

import pytest
from django import forms
from django.http import HttpResponse
from django.test import Client
from tests import cast, make
from tests.test_architecture import dotted, modules

from withus.core import clock, keys
from withus.people import sessions, typed
from withus.people.forms import SECRET
from withus.people.models import Mandate
from withus.policy.facts import Role
from withus.web.forms import Form
from withus.web.forms import typed as put_back

pytestmark = pytest.mark.django_db
WORDS = {"speaks_for": "People who sleep <outside>", "chosen_how": "By vote", "members_asked": "Weekly"}
WORDS |= {"reports_back": "On paper, each month", "language": "ar"}
PLAIN = "application/x-www-form-urlencoded"


@pytest.fixture
def everybody(home: object, db: None) -> cast.Cast:
    """The cast, with keys of a test's own."""
    return cast.come_in()


def later(monkeypatch: pytest.MonkeyPatch, minutes: int = 61) -> None:
    """So many minutes from now."""
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + sessions.timedelta(minutes=minutes))


def place(everybody: cast.Cast) -> str:
    """The form for a mandate of Lu's organisation."""
    return f"/organisations/{everybody.peers.code}/mandate"


def send(client: Client, address: str, fields: dict[str, Any]) -> HttpResponse:
    """Sends a form as a browser does."""
    return client.post(address, urlencode(fields, doseq=True), content_type=PLAIN)  # type: ignore[return-value]


def blob(answer: HttpResponse) -> str:
    """What a page carries."""
    found = re.search(r'name="typed" value="([^"]+)"', answer.content.decode())
    assert found, answer.content.decode()
    return found[1]


def sign_in(client: Client, who: make.Somebody, carried: str, **more: str) -> HttpResponse:
    """Signs in from the page that carries something."""
    about = {"pseudonym": who.pseudonym, "passphrase": who.passphrase, "typed": carried}
    return send(client, "/sign-in", about | more)


def sent_too_late(everybody: cast.Cast, monkeypatch: pytest.MonkeyPatch) -> tuple[Client, HttpResponse]:
    """Lu's browser, and the answer to a form that she sent when her session had ended."""
    lu = cast.browser(everybody.lu)
    later(monkeypatch)
    return lu, send(lu, place(everybody), WORDS)


def test_what_was_typed_comes_back_into_its_form_and_is_sent_by_her(
    everybody: cast.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    lu, answer = sent_too_late(everybody, monkeypatch)
    page = answer.content.decode()
    assert (answer.status_code, answer["Cache-Control"]) == (403, "no-store")
    assert "data-reason" in page
    assert "You are not signed in any more" in page
    assert 'action="/sign-in"' in page
    assert "sleep" not in page, "whoever comes next at this device reads nothing"
    assert lu.cookies["withus"].value == ""

    wrong = sign_in(lu, everybody.lu, blob(answer), passphrase="seven wrong words of no account at all")
    assert "not signed in" not in wrong.content.decode()
    inside = sign_in(lu, everybody.lu, blob(wrong))
    assert inside.status_code == 200
    assert f'action="{place(everybody)}"' in inside.content.decode()
    assert 'action="/sign-out"' in inside.content.decode()
    assert 'href="/sign-in"' not in inside.content.decode()
    assert not Mandate.objects.exists()

    form = send(lu, place(everybody), {"typed": blob(inside)})
    shown = html.unescape(form.content.decode())
    assert form.status_code == 200
    assert "This is what you typed" in shown
    assert '<option value="ar" selected>' in shown
    for words in (WORDS["speaks_for"], WORDS["reports_back"]):
        assert words in shown
    assert 'role="alert"' not in shown
    assert form["Cache-Control"] == "no-store"
    assert not Mandate.objects.exists(), "she has to press send herself"

    assert send(lu, place(everybody), WORDS).status_code == 303
    assert Mandate.objects.get().speaks_for == WORDS["speaks_for"]
    assert b"This is what you typed" not in lu.get(place(everybody)).content


def test_another_account_gets_nothing_of_it(everybody: cast.Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, answer = sent_too_late(everybody, monkeypatch)
    inside = sign_in(browser, everybody.mina, blob(answer))
    assert "typed by somebody else" in inside.content.decode()
    assert b'name="typed"' not in inside.content
    shown = send(browser, place(everybody), {"typed": blob(answer)})
    assert b"sleep" not in shown.content
    other = make.somebody(Role.ORG_STEWARD, everybody.peers)
    inside = sign_in(browser, other, blob(answer))
    assert "typed by somebody else" in inside.content.decode(), "also of the same organisation"
    shown = send(browser, place(everybody), {"typed": blob(answer)})
    assert (shown.status_code, b"sleep" in shown.content) == (200, False)


def test_without_a_cookie_it_goes_to_whoever_signs_in_with_this_page_and_from_then_on_to_nobody_else(
    everybody: cast.Cast,
) -> None:
    lu = Client()
    first = blob(send(lu, place(everybody), WORDS))
    inside = blob(sign_in(lu, everybody.lu, first))
    assert b"sleep" in send(lu, place(everybody), {"typed": inside}).content
    assert b"sleep" not in send(lu, place(everybody), {"typed": first}).content, "only what was signed in with"
    other = make.somebody(Role.ORG_STEWARD, everybody.peers)
    assert b"sleep" not in send(cast.browser(other), place(everybody), {"typed": inside}).content


@pytest.mark.parametrize("change", ["", "x", "A" * 400, "é", "first", "last"])
def test_what_was_altered_opens_nothing_and_does_nothing(
    change: str, everybody: cast.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    lu, answer = sent_too_late(everybody, monkeypatch)
    good = blob(sign_in(lu, everybody.lu, blob(answer)))
    bent = {"first": "B" + good[1:], "last": good[:-8] + "AAAAAAAA"}.get(change, change)
    assert typed.opened(bent) is None
    shown = send(lu, place(everybody), WORDS | {"typed": bent})
    assert (shown.status_code, b"sleep" in shown.content) == (200, False)
    assert not Mandate.objects.exists(), "a form that brings something back is only shown"
    if change:
        assert b"could not be opened any more" in sign_in(lu, everybody.lu, bent).content


def test_it_opens_at_its_own_address_alone(everybody: cast.Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    lu, answer = sent_too_late(everybody, monkeypatch)
    good = blob(sign_in(lu, everybody.lu, blob(answer)))
    elsewhere = f"/organisations/{everybody.peers.code}/funding"
    assert b"This is what you typed" not in send(lu, elsewhere, {"typed": good}).content
    assert b"sleep" not in send(lu, place(everybody) + "?x=1", {"typed": good}).content


@pytest.mark.parametrize(
    "address", ["https://elsewhere.example/", "//elsewhere.example/x", "javascript:alert(1)", "", "x"]
)
def test_an_address_elsewhere_is_never_followed(address: str, everybody: cast.Cast) -> None:
    made = typed.sealed(typed.Typed(address, "", {"text": ["x"]}))
    assert typed.opened(made) is None
    page = sign_in(Client(), everybody.lu, made).content.decode()
    assert "elsewhere.example" not in page
    assert "could not be opened any more" in page


@pytest.mark.parametrize("address", ["/me/", "/organisations/", "/log/", "/nothing/here", "/running/"])
def test_only_a_deeds_address_keeps_what_was_typed(address: str, everybody: cast.Cast) -> None:
    assert b'name="typed" value="' not in send(Client(), address, {"text": "Something long"}).content


def test_an_address_that_only_takes_a_form_leads_to_ones_own_page(
    everybody: cast.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    lu, address = cast.browser(everybody.lu), f"/organisations/{everybody.peers.code}/show-up"
    later(monkeypatch)
    inside = sign_in(lu, everybody.lu, blob(send(lu, address, {"x": "y"})))
    assert send(lu, address, {"typed": blob(inside)})["Location"] == "/me/"


def test_too_much_is_said_and_not_carried(everybody: cast.Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    lu = cast.browser(everybody.lu)
    later(monkeypatch)
    answer = send(lu, place(everybody), WORDS | {"speaks_for": "x" * typed.LARGEST})
    assert answer.status_code == 403
    assert b"too long for this page to keep" in answer.content
    assert b'name="typed" value="' not in answer.content
    fits = send(lu, place(everybody), WORDS | {"speaks_for": "x" * (typed.LARGEST - 2000)})
    inside = sign_in(lu, everybody.lu, blob(fits))
    assert b"x" * 1000 in send(lu, place(everybody), {"typed": blob(inside)}).content


def test_more_than_a_form_may_bring_is_said_too(everybody: cast.Cast, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = send(Client(), place(everybody), WORDS | {"speaks_for": "x" * 2000})
    assert (answer.status_code, b"too long for this page to keep" in answer.content) == (403, True)


def test_secrets_are_not_carried(everybody: cast.Cast) -> None:
    answer = send(Client(), place(everybody), WORDS | dict.fromkeys(typed.SECRETS, "SECRET") | {"seed": "SECRET"})
    found = typed.opened(blob(answer))
    assert found
    assert found.fields == {name: [value] for name, value in WORDS.items()}
    only = send(Client(), place(everybody), dict.fromkeys(typed.SECRETS, "SECRET"))
    assert b'name="typed" value="' not in only.content, "nothing is left of it"


def test_every_field_for_a_secret_is_known_by_its_name() -> None:
    found = {
        name
        for path in modules("forms")
        for form in vars(import_module(dotted(path))).values()
        if isinstance(form, type) and issubclass(form, forms.BaseForm)
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field.widget, forms.PasswordInput) or field.widget.attrs.items() >= SECRET.items()
    }
    assert {"passphrase", "paper", "code"} <= found
    assert found - typed.SECRETS == set()


def test_nothing_of_it_is_stored_and_it_ends_with_the_keys(
    everybody: cast.Cast, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        made = typed.sealed(typed.Typed("/x", "", {"text": ["Something"]}))
    assert typed.opened(made)
    keys.retire(sessions.KEY, sessions.KEY_BEFORE)
    assert typed.opened(made)
    keys.forget(sessions.KEY_BEFORE)
    assert typed.opened(made) is None


def test_another_site_can_put_nothing_back(everybody: cast.Cast) -> None:
    lu = cast.browser(everybody.lu)
    made = typed.sealed(typed.Typed(place(everybody), typed.mark_of(everybody.lu.key), {"speaks_for": ["sleep"]}))
    away = {"Sec-Fetch-Site": "cross-site"}
    answer = lu.post(place(everybody), urlencode({"typed": made}), content_type=PLAIN, headers=away)
    assert (answer.status_code, b"sleep" in answer.content) == (403, False)


class Kinds(Form):
    """One of each."""

    text = forms.CharField()
    one = forms.ChoiceField(choices=[("a", "A"), ("b", "B")])
    several = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B"), ("c", "C")])
    yes = forms.BooleanField(initial=True)
    hidden = forms.CharField(widget=forms.HiddenInput, initial="ours")


def test_each_kind_of_field_holds_what_was_typed_and_hidden_ones_what_the_page_gives_out() -> None:
    said = typed.Typed("/x", "", {"text": ["a\nb"], "one": ["b"], "several": ["a", "c"], "hidden": ["theirs"]}).data
    token = put_back.set(said)
    try:
        form = Kinds()
        assert {name: form[name].value() for name in form.fields} == {
            "text": "a\nb", "one": "b", "several": ["a", "c"], "yes": False, "hidden": "ours",
        }  # fmt: skip
        assert not form.is_bound
        assert not Kinds({"text": "sent"}).is_put_back
    finally:
        put_back.reset(token)
    assert Kinds()["text"].value() is None
