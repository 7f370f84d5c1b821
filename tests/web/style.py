"""Every component of the kit on one page, and the settings that show it without anything of what lies above the kit."""

import copy
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.loader import get_template
from django.urls import include, path

from withus.compute.suppression import shown
from withus.core.errors import Busy, CannotSeal, Denied, Refused
from withus.policy.facts import VISITOR, Actor
from withus.web.forms import Form
from withus.web.middleware import Handler
from withus.web.requests import saying_why_not

handler400 = "withus.web.errors.bad_request"
handler403 = "withus.web.errors.denied"
handler404 = "withus.web.errors.not_found"
handler500 = "withus.web.errors.broken"
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def kit_alone() -> dict[str, Any]:
    """The product's own settings, with stand-ins for what lies above the kit."""
    templates = copy.deepcopy(settings.TEMPLATES)
    options = templates[0]["OPTIONS"]
    templates[0]["DIRS"].append(Path(__file__).parent / "templates")
    own = [name for name in options["context_processors"] if name.startswith("django.")]
    options["context_processors"] = [*own, "tests.web.style.house"]
    middleware = [
        "tests.web.style.who_acts" if name == "withus.people.middleware.who_acts" else name
        for name in settings.MIDDLEWARE
        if not name.startswith(("withus.texts.", "withus.web.pages."))  # whose words, and which addresses, is above
    ]
    return {"TEMPLATES": templates, "MIDDLEWARE": middleware, "ROOT_URLCONF": "tests.web.style"}


def house(request: HttpRequest) -> dict[str, Any]:
    """What the home's context processor says on every page."""
    host = SimpleNamespace(host_name="Riverside Peer Union", community_name="Our Say", exit_address="", is_demo=True)
    return {"host": host}


def who_acts(get_response: Handler) -> Handler:
    """Ana is there if the cookie says so; on a shared device if it says that."""

    def middleware(request: HttpRequest) -> Any:
        here = request.COOKIES.get("withus", "")
        request.actor = Actor(account=1, pseudonym="calm otter") if here else VISITOR
        request.session_info = SimpleNamespace(is_shared=here == "shared") if here else None
        return get_response(request)

    return middleware


class ProposeForm(Form):
    """One of each kind of field."""

    text = forms.CharField(
        label="What should change?", help_text="One thought, in your own words.", max_length=140, widget=forms.Textarea
    )
    language = forms.ChoiceField(
        label="In which language did you write it?", choices=[("en", "English"), ("ar", "العربية")]
    )
    area = forms.CharField(label="Where is it?", required=False)
    passphrase = forms.CharField(
        label="What is your passphrase?", widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )
    who = forms.ChoiceField(
        label="Who may read it?", choices=[("all", "Everybody"), ("peers", "Only peers")], widget=forms.RadioSelect
    )
    topics = forms.MultipleChoiceField(
        label="What is it about?",
        choices=[("a", "Opening hours"), ("b", LONG)],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    seats = forms.IntegerField(label="How many seats?", required=False)
    until = forms.DateField(label="Until which day?", required=False)
    paper = forms.FileField(label="Which file?", required=False)
    agreed = forms.BooleanField(label="I have written it down")
    token = forms.CharField(widget=forms.HiddenInput, required=False)


class JoinForm(Form):
    """The code of an invitation."""

    code = forms.CharField(label="What is your code?", widget=forms.TextInput(attrs={"data-from-hash": True}))


def things() -> dict[str, Any]:
    """What the style page shows."""
    recording = SimpleNamespace(language="en", get_absolute_url="/recordings/R1")
    steps = [
        SimpleNamespace(name="Voice", state="heard", kind="yes", day=date(2026, 3, 2), url="/voice"),
        SimpleNamespace(name="Recommendation", state="sent", kind="wait", day=date(2026, 4, 1), is_current=True),
        SimpleNamespace(name="Answer", state="missing", kind="plain", is_missing=True),
    ]
    return {
        "LONG": LONG,
        "day": date(2026, 5, 3),
        "today": date(2026, 4, 21),
        "steps": steps,
        "said": SimpleNamespace(
            text="We want tests of drugs on Fridays.",
            language="en",
            original="نريد فحص المخدرات أيام الجمعة.",
            original_language="ar",
            by="Riverside Peer Union",
            recordings=[recording],
        ),
        "many": shown(70, 38, 12),
        "some": shown(70, 3, 12),
        "few": shown(3, 2, 1),
        "page": Paginator(range(60), 25).get_page(2),
        "empty_form": ProposeForm(),
        "form": ProposeForm({"text": "x" * 145, "language": "en", "who": "peers", "seats": "many", "area": "a\x00b"}),
        "printed": SimpleNamespace(
            size=1234,
            words="able zone wolf apple table ocean river stone",
            link="https://withus.example/verify/#1234-able-zone-wolf-apple-table-ocean-river-stone",
        ),
        "desk": [{"url": "/desk", "text": "Desk"}],
    }


def style(request: HttpRequest) -> HttpResponse:
    """The style page."""
    return HttpResponse(get_template("style/style.html").render(things(), request))


def ask(request: HttpRequest) -> HttpResponse:
    """A page of one question."""
    form = ProposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            raise Refused("This is said already. Look at statement 12.", "text")
    return HttpResponse(get_template("style/ask.html").render({"form": form}, request))


def visit(request: HttpRequest) -> HttpResponse:
    """A page of a visit with a receipt."""
    seen = {"form": ProposeForm(), "is_visit": True}
    return HttpResponse(get_template("style/ask.html").render(seen, request))


def no(request: HttpRequest) -> HttpResponse:
    """The policy says no."""
    raise Denied("Only Lu can do this.")


def rush(request: HttpRequest) -> HttpResponse:
    """Too many at once."""
    raise Busy


def unsealed(request: HttpRequest) -> HttpResponse:
    """Nothing can be sealed."""
    raise CannotSeal


def fault(request: HttpRequest) -> HttpResponse:
    """Our own mistake."""
    raise ZeroDivisionError


def send_only(request: HttpRequest) -> HttpResponse:
    """An address that only takes a form."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    return HttpResponse(f"{len(request.POST)} answers")


def elsewhere(request: HttpRequest) -> HttpResponse:
    """Stands for the address by which somebody leaves quickly; another page of the kit stands for the neutral one."""
    return HttpResponseRedirect("/sign-in", status=303)


def sign_in(request: HttpRequest) -> HttpResponse:
    """Stands for the sign-in page, which the kit links to."""
    return HttpResponse("sign in")


def join(request: HttpRequest) -> HttpResponse:
    """A field that takes its answer from behind the address's #."""
    form = JoinForm()
    return HttpResponse(get_template("style/ask.html").render({"form": form}, request))


def data(request: HttpRequest, **_: str) -> HttpResponse:
    """Something for other programs."""
    return HttpResponse("{}" + " " * 400, content_type="application/json")


urlpatterns = [
    path("", style),
    path("style/", style, name="style"),
    path("ask/", ask),
    path("no/", no),
    path("rush/", rush),
    path("unsealed/", unsealed),
    path("fault/", fault),
    path("send-only/", send_only),
    path("join", join),
    path("sign-in", sign_in, name="sign_in"),
    path("api/v1/things", data),
    path("log/checkpoint", data),
    path("claims/<code>/badge.svg", data),
    path("bodies/<code>/feed.rss", data),
    path("voices/new", ask),
    path("voices/leave", elsewhere),
    path("voices/return", visit),
    path("voices/consent", visit),
    path("field/", ask),
    path("", include("withus.web.urls")),
]
