"""The start page, and what every visitor may ask: help, whose host, what is stored, how things are counted."""

import tarfile
from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from withus.acting import must
from withus.core import clock
from withus.home import actions, queries, register
from withus.home.forms import DescribeForm
from withus.home.methods import METHODS
from withus.home.register_answers import ANSWERS
from withus.home.register_board import BOARD, SEATED
from withus.home.register_findings import FINDINGS
from withus.home.register_judging import JUDGED, JUDGING
from withus.home.register_letters import LETTERS
from withus.home.register_maps import MAPS
from withus.home.register_pay import PAY
from withus.home.register_redactions import REDACTIONS
from withus.home.register_reports import REPORTS
from withus.home.register_voices import INBOXES, VOICES
from withus.home.reports.queries import public_year
from withus.home.retention import RETENTION
from withus.people.forms import ROLE_NAMES
from withus.people.models import Instance
from withus.policy.rules import Action, decide
from withus.web.requests import Request, saying_why_not, sent

_OTHERS = (VOICES, INBOXES, FINDINGS, REPORTS, JUDGING, MAPS, ANSWERS, JUDGED, LETTERS, SEATED, BOARD, PAY, REDACTIONS)
REGISTER = {one.name: one for one in (*register.SECTIONS, *_OTHERS)}
_MADE = {"__pycache__", "static_built"}


def start(request: Request) -> HttpResponse:
    """What this is and what you can do here now; in the demo, one button per role."""
    return render(request, "home/start.html", {"open": queries.public_open(), "roles": ROLE_NAMES.items()})


def help(request: Request) -> HttpResponse:
    """How things work here, in short."""
    return render(request, "home/help.html")


def about_this_host(request: Request) -> HttpResponse:
    """Who runs this house, and what they can and cannot see."""
    may_describe = decide(request.actor, Action.DESCRIBE, None)
    seen = {"may_describe": may_describe, "reports": public_year(clock.today())}
    return render(request, "home/about_this_host.html", seen)


def accessibility(request: Request) -> HttpResponse:
    """What we keep to, how it is checked, and what is not there yet."""
    return render(request, "home/accessibility.html")


def privacy(request: Request) -> HttpResponse:
    """Every stored field that is about people: what for, why we may, how long; and where to read about the others."""
    people = [section for section in REGISTER.values() if section.is_about_people]
    others = [section for section in REGISTER.values() if not section.is_about_people]
    return render(request, "home/privacy.html", {"people": people, "others": others})


def what_ends(request: Request) -> HttpResponse:
    """How long each class of data stays, and what ends it."""
    return render(request, "home/what_ends.html", {"retention": RETENTION})


def privacy_part(request: Request, part: str) -> HttpResponse:
    """A section of the register."""
    if part not in REGISTER:
        raise Http404
    return render(request, "home/privacy_part.html", {"section": REGISTER[part]})


def methods(request: Request) -> HttpResponse:
    """How things are counted, kept secret and proven: the list."""
    return render(request, "home/methods.html", {"methods": METHODS.values()})


def method(request: Request, name: str) -> HttpResponse:
    """One method."""
    if name not in METHODS:
        raise Http404
    return render(request, f"home/methods/{name}.html", {"method": METHODS[name]})


def describe(request: Request) -> HttpResponse:
    """The instance's steward says whose house this is."""
    instance = Instance.objects.first()
    if instance is None:
        raise Http404
    must(request.actor, Action.DESCRIBE, instance)
    form = DescribeForm.of(instance, sent(request))
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            actions.describe(request.actor, instance, **form.cleaned_data)
            return HttpResponseRedirect(reverse("about_this_host"), status=303)
    return render(request, "home/describe.html", {"form": form})


def source(request: Request) -> HttpResponse:
    """The program as it runs here, for everybody who uses it over the network (AGPL, section 13)."""
    name = 'attachment; filename="withus-source.tar.gz"'
    return HttpResponse(_source(), content_type="application/gzip", headers={"Content-Disposition": name})


@cache
def _source() -> bytes:
    """The package's own files, without what is made from them; of a checkout also papers for the host."""
    package, out = Path(settings.STATIC_ROOT).parent, BytesIO()
    around = package.parents[1]
    found = [path for path in sorted(package.rglob("*")) if path.is_file() and not _MADE & set(path.parts)]
    found += [path for name in ("LICENSE", "README.md", "pyproject.toml") if (path := around / name).is_file()]
    found += sorted((around / "docs" / "templates").glob("*.md"))
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for path in found:
            if path.suffix not in {".pyc", ".mo"}:
                archive.add(path, f"withus/{path.relative_to(around)}", filter=_nobodys)
    return out.getvalue()


def _nobodys(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without whose files they were."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def robots_txt(request: Request) -> HttpResponse:
    """What programs may take without being asked to: the front page, and the whole public log."""
    text = "User-agent: *\nAllow: /$\nAllow: /log/\nDisallow: /\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def security_txt(request: Request) -> HttpResponse:
    """Where somebody who found a hole can turn to (RFC 9116)."""
    contact = request.build_absolute_uri(reverse("about_this_host"))
    here = request.build_absolute_uri(reverse("security_txt"))
    expires = f"{clock.today() + timedelta(days=90)}T00:00:00Z"
    text = f"Contact: {contact}\nExpires: {expires}\nPreferred-Languages: en, ar\nCanonical: {here}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
