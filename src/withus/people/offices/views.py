"""The page on which somebody hands her role over."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from withus.acting import must
from withus.core import codes
from withus.people.forms import ROLE_NAMES
from withus.people.offices import actions, queries
from withus.people.offices.forms import HandOverForm
from withus.people.queries import public_organisations
from withus.policy.facts import Role
from withus.policy.rules import Action
from withus.web.requests import Request, saying_why_not, sent


def hand_over(request: Request, code: str) -> HttpResponse:
    """One card for a successor, shown once; and the cards that wait for theirs."""
    ours = get_object_or_404(public_organisations(), code=code)
    must(request.actor, Action.HAND_OVER, ours)
    form = HandOverForm(sent(request), roles=queries.roles_to_hand_over(request.actor, ours))
    if form.is_valid():
        with saying_why_not(form):
            batch, made = actions.hand_over(request.actor, ours, **form.cleaned_data)
            address = request.build_absolute_uri(reverse("join"))
            page = {"organisation": ours, "batch": batch, "cards": [(codes.grouped(made), f"{address}#{made}")]}
            page |= {"address": address, "role": ROLE_NAMES[Role(batch.role)]}
            return render(request, "people/cards.html", page)
    waiting = [(one, ROLE_NAMES[Role(one.role)]) for one in queries.handed_over(request.actor, ours)]
    return render(request, "people/hand_over.html", {"form": form, "organisation": ours, "waiting": waiting})
