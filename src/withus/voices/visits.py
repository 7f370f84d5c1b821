"""A visit with a receipt, on pages: what it opens, and that each page of it makes it last."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from withus.voices import actions, carried, queries
from withus.voices.carried import Visit
from withus.voices.queries import Opened
from withus.web.requests import Request


def visited(request: Request) -> Opened | None:
    """The voice of the visit; None without one, or if nothing lies under it any more."""
    visit = carried.recall(request)
    return queries.public_reopened(visit) if visit else None


def cleared(response: HttpResponse) -> HttpResponse:
    """The page, which goes by itself once the visit has ended. For those into which nobody types what could be lost."""
    response["Refresh"] = f"{int(carried.LASTS.total_seconds())}; url={reverse('come_back')}"
    return response


def shown(request: Request, visit: Visit, template: str, seen: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of the visit. A browser that came with it has its receipt: then its form is used up."""
    actions.spend(carried.recall(request))
    answer = render(request, template, seen | {"is_visit": True}, status=status)
    carried.remember(request, answer, visit)
    return answer
