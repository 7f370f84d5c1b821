"""Pages for translating, recording and rewording, and for what two keys take away."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from withus.acting import must
from withus.people.queries import public_house
from withus.policy.rules import Action, decide
from withus.texts import actions, queries
from withus.texts.forms import RecordForm, RedactForm, RewordForm, SearchForm, SettleForm, TranslateForm
from withus.texts.subjects import Words
from withus.web.ranges import ranged
from withus.web.requests import Request, saying_why_not, sent

PAGE = 25


def _subject(request: Request, kind: str, code: str, field: str, action: Action) -> tuple[Any, Words]:
    found = queries.subject_for(request.actor, kind, code, field)
    if found is None:
        raise Http404
    must(request.actor, action, found[0])
    return found


def translate(request: Request, kind: str, code: str, field: str) -> HttpResponse:
    """Puts a translation beside a text."""
    thing, question = _subject(request, kind, code, field, Action.TRANSLATE)
    form = TranslateForm(sent(request))
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            actions.translate(request.actor, thing, kind=kind, field=field, **form.cleaned_data)
            return HttpResponseRedirect(thing.get_absolute_url(), status=303)
    seen = {"form": form, "thing": thing, "question": question, "text": getattr(thing, field)}
    return render(
        request, "texts/translate.html", seen | {"translations": queries.public_translations(code, kind, field)}
    )


def record(request: Request, kind: str, code: str, field: str) -> HttpResponse:
    """Puts a recording beside a text."""
    thing, question = _subject(request, kind, code, field, Action.RECORD)
    form = RecordForm(sent(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            actions.record(request.actor, thing, kind=kind, field=field, **form.cleaned_data)
            return HttpResponseRedirect(thing.get_absolute_url(), status=303)
    seen = {"form": form, "thing": thing, "question": question, "text": getattr(thing, field)}
    return render(request, "texts/record.html", seen)


def recording(request: Request, code: str) -> HttpResponse:
    """The sound, whole or the part that the browser asks for."""
    found = get_object_or_404(queries.public_recordings(), code=code)
    return ranged(request, bytes(found.sound), found.media, "inline")


def words(request: Request) -> HttpResponse:
    """The product's sentences, and the community's own words for them."""
    form = SearchForm(request.GET or None, offered=settings.LANGUAGES)
    asked = form.cleaned_data if form.is_valid() else {}
    language = asked.get("language") or request.LANGUAGE_CODE
    found = queries.public_messages(language, asked.get("search", ""), bool(asked.get("is_changed")))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    house = public_house()
    may_reword = bool(decide(request.actor, Action.REWORD, house))
    seen = {"form": form, "page": page, "language": language, "may_reword": may_reword, "house": house}
    return render(request, "texts/words.html", seen)


def reword(request: Request, language: str, message: str) -> HttpResponse:
    """Replaces one sentence."""
    house = public_house()
    must(request.actor, Action.REWORD, house)
    found = queries.public_message(language, message)
    if found is None:
        raise Http404
    form = RewordForm(sent(request), initial={"words": found.own})
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            actions.reword(request.actor, house, language=language, original=found.key, **form.cleaned_data)
            return HttpResponseRedirect(f"{reverse('words')}?language={language}", status=303)
    return render(request, "texts/reword.html", {"form": form, "message": found, "language": language})


def redactions(request: Request) -> HttpResponse:
    """Every request to take words away: who asked, why, and what the other key said."""
    page = Paginator(queries.public_redactions(), PAGE).get_page(request.GET.get("page"))
    return render(request, "texts/redactions.html", {"page": page})


def redaction(request: Request, code: str) -> HttpResponse:
    """One request, and its tombstone if the other key agreed."""
    one = get_object_or_404(queries.public_redactions(), code=code)
    return render(request, "texts/redaction.html", {"redaction": one, "subject": queries.public_asked(one)})


def redact(request: Request, seq: int, fact: str) -> HttpResponse:
    """Asks that words of an entry be taken away."""
    found = queries.public_takeable(seq, fact)
    if found is None:
        raise Http404
    must(request.actor, Action.REDACT, found)
    form = RedactForm(sent(request), keys=queries.keys_of(request.actor, found.recognised))
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            made = actions.redact(request.actor, found, **form.cleaned_data)
            return HttpResponseRedirect(made.get_absolute_url(), status=303)
    return render(request, "texts/redact.html", {"form": form, "found": found})


def settle(request: Request, code: str) -> HttpResponse:
    """Answers a request with the other key."""
    one = get_object_or_404(queries.public_redactions(), code=code)
    subject = queries.public_settleable(one)
    if subject is None:
        raise Http404
    must(request.actor, Action.SETTLE, subject)
    form = SettleForm(sent(request), keys=queries.other_keys_of(request.actor, subject))
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            actions.settle(request.actor, subject, **form.cleaned_data)
            return HttpResponseRedirect(one.get_absolute_url(), status=303)
    return render(request, "texts/settle.html", {"form": form, "redaction": one, "found": subject.takeable})
