"""Pages for whoever reports something, and for the steward who decides."""

from urllib.parse import urlsplit

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from withus.acting import must
from withus.core import clock
from withus.home.reports import actions, models, queries
from withus.home.reports import desk as desk  # what waits there
from withus.home.reports.forms import DecideReportForm, ReportForm
from withus.home.reports.places import page_meant
from withus.policy.rules import Action
from withus.web.requests import Request, onward, saying_why_not, sent

PAGE = 25
_DAYS = {"urgent": models.URGENT.days, "usual": models.USUAL.days, "kept": queries.KEPT.days}


def report(request: Request) -> HttpResponse:
    """A new report: the form, then the address to come back to."""
    form = ReportForm(sent(request), initial={"slip": ReportForm.new_slip(), "target": _came_from(request)})
    if form.is_valid():
        with saying_why_not(form):
            actions.report(request.actor, None, **form.said)
            return onward("reported", form.said["secret"])
    return render(request, "home/reports/report.html", {"form": form, "days": _DAYS})


def _came_from(request: Request) -> str:
    """The page whose link led here, so that nobody has to copy its address; empty for one that has no words."""
    found = urlsplit(request.META.get("HTTP_REFERER", ""))
    is_ours = found.netloc == request.get_host() and found.path not in {"/", request.path}
    return page_meant(found.path) if is_ours else ""


def reported(request: Request, code: str) -> HttpResponse:
    """What became of a report, for whoever has its address."""
    found = queries.public_report(code)
    if found is None:
        raise Http404
    seen = {"report": found, "days": _DAYS, "address": request.build_absolute_uri(request.path), "day": clock.today()}
    seen |= {"ends_on": found.decided_on + queries.KEPT if found.decided_on else None}
    return render(request, "home/reports/reported.html", seen)


def reports(request: Request) -> HttpResponse:
    """All reports, for a steward of this house."""
    page = Paginator(queries.reports(request.actor), PAGE).get_page(request.GET.get("page"))
    seen = {"page": page, "late": sum(one.is_late for one in queries.waiting(request.actor)), "days": _DAYS}
    return render(request, "home/reports/reports.html", seen)


def decide_report(request: Request, code: str) -> HttpResponse:
    """Decides about one."""
    must(request.actor, Action.DECIDE_REPORT, None)
    found = get_object_or_404(queries.reports(request.actor), code=code)
    form = DecideReportForm(sent(request))
    if form.is_valid():
        with saying_why_not(form):
            actions.decide_report(request.actor, found, **form.cleaned_data)
            return onward("reports")
    entries = queries.entries_about(request.actor, found)
    return render(request, "home/reports/decide_report.html", {"form": form, "report": found, "entries": entries})
