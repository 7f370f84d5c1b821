"""The letter, what it opens, and what else concerns a body that may never have joined."""

from collections.abc import Callable

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from withus.acting import must
from withus.core import codes
from withus.policy.rules import Action
from withus.processes import actions as processes
from withus.processes.forms import CloseBodyForm
from withus.processes.models import Body
from withus.processes.queries import public_bodies, public_open_bodies
from withus.recommendations.evidence import public_shown
from withus.recommendations.letters import actions, forms, queries
from withus.recommendations.queries import (
    organisations_that_recommend,
    public_addressee,
    public_recommendations,
    public_waiting,
)
from withus.recommendations.wording import Line
from withus.web.forms import Form
from withus.web.requests import Request, saying_why_not, sent

AGAIN = 307  # as 303, and the browser sends the form on: the code is in no address, and nobody types it twice


def _found(code: str) -> Body:
    return get_object_or_404(public_bodies(), organisation__code=code)


def letter(request: Request, code: str) -> HttpResponse:
    """The recommendation as a letter to print; its code only for those who sent it, while nobody answers."""
    found = get_object_or_404(public_recommendations(), code=code)
    seen = {"recommendation": found, "line": Line.of(found), "evidence": public_shown(found.evidence.all())}
    seen |= {"norm": queries.public_norm_of(found), "answers": found.answers(), "doubts": queries.public_doubts(found)}
    seen |= {"address": request.build_absolute_uri(found.get_absolute_url())}
    pages = ("take_over", "confirm", "contest")
    seen |= {page: request.build_absolute_uri(reverse(page, args=[found.body.code])) for page in pages}
    seen |= {"code": codes.grouped(queries.code_for(request.actor, found))}
    seen |= {"is_answered_for": found.body.organisation.is_answered_for(), "opens": queries.public_opens(found)}
    seen |= {"is_invented": found.body.organisation.is_invented}
    return render(request, "recommendations/letters/letter.html", seen)


def cite(request: Request, code: str) -> HttpResponse:
    """Names what gives the body its deadlines."""
    body = _found(code)
    addressee = public_addressee(body)
    must(request.actor, Action.CITE, addressee)
    form = forms.CiteForm(sent(request), organisations=organisations_that_recommend(request.actor))
    if form.is_valid():
        with saying_why_not(form):
            actions.cite(request.actor, addressee, **form.cleaned_data)
            return HttpResponseRedirect(body.get_absolute_url(), status=303)
    return render(request, "recommendations/letters/cite.html", {"form": form, "body": body})


def take_over(request: Request, code: str) -> HttpResponse:
    """Takes the page over; the code goes on to the page where people join, which it opens from then on."""
    body = _found(code)
    form = forms.TakeOverForm(sent(request))
    if form.is_valid():
        with saying_why_not(form):
            actions.take_over(request.actor, body, **form.cleaned_data)
            return HttpResponseRedirect(reverse("join"), status=AGAIN)
    return render(request, "recommendations/letters/take_over.html", {"form": form, "body": body})


def close_body(request: Request, code: str) -> HttpResponse:
    """Says that the body was closed, with what it still owes before one's eyes."""
    body = _found(code)
    must(request.actor, Action.CLOSE_BODY, body)
    others = public_open_bodies().exclude(pk=body.pk)
    form = CloseBodyForm(sent(request), bodies=others)
    if form.is_valid():
        with saying_why_not(form):
            processes.close_body(request.actor, body, **form.cleaned_data)
            return HttpResponseRedirect(body.get_absolute_url(), status=303)
    owed = public_waiting(body)
    seen = {"form": form, "body": body, "owed": owed}
    return render(request, "recommendations/letters/close_body.html", seen)


def _about_joining(
    request: Request, code: str, word: Action, kind: type[Form], do: Callable[..., None]
) -> HttpResponse:
    """A word about those who took the page over, with what is known of them before one's eyes."""
    body = _found(code)
    must(request.actor, word, body)
    form = kind(sent(request))
    if form.is_valid():
        with saying_why_not(form):
            do(request.actor, body, **form.cleaned_data)
            return HttpResponseRedirect(body.get_absolute_url(), status=303)
    seen = {"form": form, "body": body, "joined": queries.public_joined(body)}
    return render(request, f"recommendations/letters/{word}.html", seen)


def confirm(request: Request, code: str) -> HttpResponse:
    """Enters the code of a second letter."""
    return _about_joining(request, code, Action.CONFIRM, forms.ConfirmForm, actions.confirm)


def contest(request: Request, code: str) -> HttpResponse:
    """Says that those who answer here are not the body."""
    return _about_joining(request, code, Action.CONTEST, forms.ContestForm, actions.contest)


def attest(request: Request, code: str) -> HttpResponse:
    """Says how this house checked who answers here."""
    return _about_joining(request, code, Action.ATTEST, forms.AttestForm, actions.attest)
