"""Pages of the third key: for participants, and for sources who came back with a receipt."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from withus.acting import must
from withus.policy.rules import Action
from withus.recommendations.judging import actions, queries
from withus.recommendations.judging.forms import JudgeDeliveryForm
from withus.recommendations.judging.queries import Judgeable
from withus.recommendations.queries import public_whole
from withus.voices import carried
from withus.voices.visits import shown
from withus.web.requests import Request, saying_why_not, sent

PAGE = "recommendations/judging/judge.html"


def _form(request: Request) -> JudgeDeliveryForm:
    """The form as it was sent; whoever only asks to see what she said has sent none."""
    return JudgeDeliveryForm(None if "show" in request.POST else sent(request))


def _is_said(request: Request, item: Judgeable, form: JudgeDeliveryForm) -> bool:
    """Does the deed, if the form says what; else the page says why not."""
    if form.is_valid():
        with saying_why_not(form):
            actions.judge_delivery(request.actor, item, **form.cleaned_data)
            return True
    return False


def _seen(request: Request, items: list[Judgeable], form: JudgeDeliveryForm, back: str) -> dict[str, Any]:
    """What can be judged; what she said before is shown only when she asks, and then on this one answer only."""
    return {"items": items, "form": form, "back": back, "is_shown": "show" in request.POST}


def judge_delivery(request: Request, code: str) -> HttpResponse:
    """Says, as somebody who took part, whether it is true."""
    found, info = get_object_or_404(public_whole(), code=code), request.session_info
    judging, form = queries.judging(request.actor, found, info.key if info else None), _form(request)
    must(request.actor, Action.JUDGE_DELIVERY, judging)
    if form.is_bound:
        item = next((one for one in judging.items if one.delivery.code == request.POST.get("delivery")), None)
        if item is None:
            raise Http404
        if _is_said(request, item, form):
            return HttpResponseRedirect(request.path, status=303)
    items = [one for one in judging.items if one.may_judge]
    return render(request, PAGE, _seen(request, items, form, found.get_absolute_url()))


def judge_by_receipt(request: Request, delivery: str) -> HttpResponse:
    """Says, as the source of a finding, whether it is true."""
    visit, form, back = carried.recall(request), _form(request), reverse("come_back")
    if visit is None:
        return HttpResponseRedirect(back, status=303)
    item = queries.public_by_receipt(visit.locator, visit.own, delivery)
    if item is None:
        raise Http404
    must(request.actor, Action.JUDGE_DELIVERY, item)
    if _is_said(request, item, form):
        return HttpResponseRedirect(request.path, status=303)
    return shown(request, visit, PAGE, _seen(request, [item], form, back))
