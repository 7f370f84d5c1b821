"""Pages of bodies and processes."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render

from withus.acting import must
from withus.core import clock
from withus.policy.rules import Action, decide
from withus.processes import actions, queries
from withus.processes.forms import (
    AgreeForm,
    AskForm,
    CloseForm,
    OfferForm,
    OpenBodyForm,
    OpenProcessForm,
    OpenServiceForm,
    OpenSiteForm,
    PlanForm,
)
from withus.processes.models import Process
from withus.texts.queries import public_said
from withus.web.requests import Request, saying_why_not, sent

PAGE = 25


def process_or_404(code: str) -> Process:
    """The process that an address names; raises Http404."""
    found = queries.public_process(code)
    if found is None:
        raise Http404
    return found


def open_body(request: Request) -> HttpResponse:
    """Opens a body's page, in the name of the actor's organisation."""
    must(request.actor, Action.OPEN_BODY, queries.public_opening(None))
    without, is_own = queries.bodies_without_page(request.actor), queries.only_ones_own(request.actor)
    form = OpenBodyForm(sent(request), bodies=without, is_own=is_own)
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            opener = queries.opener_of(request.actor, form.cleaned_data["organisation"])
            made = actions.open_body(request.actor, opener, **form.cleaned_data)
            return HttpResponseRedirect(made.get_absolute_url(), status=303)
    return render(request, "processes/open_body.html", {"form": form})


def open_service(request: Request, code: str) -> HttpResponse:
    """Adds a service to an organisation."""
    organisation = get_object_or_404(queries.public_organisations(), code=code)
    must(request.actor, Action.OPEN_SERVICE, organisation)
    form = OpenServiceForm(sent(request))
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            actions.open_service(request.actor, organisation, **form.cleaned_data)
            return HttpResponseRedirect(queries.public_home(organisation), status=303)
    return render(request, "processes/open_service.html", {"form": form, "organisation": organisation})


def open_site(request: Request, code: str) -> HttpResponse:
    """Adds a place to a service."""
    service = get_object_or_404(queries.public_all_services(), code=code)
    must(request.actor, Action.OPEN_SITE, service)
    form = OpenSiteForm(sent(request))
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            actions.open_site(request.actor, service, **form.cleaned_data)
            return HttpResponseRedirect(queries.public_home(service.organisation), status=303)
    return render(request, "processes/open_site.html", {"form": form, "service": service})


def processes(request: Request) -> HttpResponse:
    """All processes."""
    page = Paginator(queries.public_processes(), PAGE).get_page(request.GET.get("page"))
    public_said("process", page.object_list)
    seen = {"openers": queries.organisations_that_open(request.actor), "waiting": queries.waiting_for(request.actor)}
    return render(request, "processes/processes.html", seen | {"page": page, "day": clock.today()})


def process(request: Request, code: str) -> HttpResponse:
    """A process: its phases, what is promised, and what you can do here now."""
    found = get_object_or_404(queries.public_processes(), code=code)
    (said,) = public_said("process", [found])
    phases = public_said("phase", found.phases.all())
    day = clock.today()
    chain = queries.public_chain(phases, day)
    planned, not_planned = ([step for step in chain if step.is_missing is missing] for missing in (False, True))
    seen = {"process": said, "phases": phases, "chain": planned, "not_planned": not_planned, "day": day}
    seen |= {"now": found.current_phase(day), "is_ours": queries.is_ours(request.actor, found)}
    seen |= {"is_voting": found.takes("votes"), "is_invented": found.is_invented, "is_asked": _is_asked(request, found)}
    return render(request, "processes/process.html", seen)


def _is_asked(request: Request, process: Process) -> bool:
    """Whether the reader can say yes for a peer organisation that was asked."""
    return process.editors is None and bool(decide(request.actor, Action.AGREE, process))


def open_process(request: Request, code: str) -> HttpResponse:
    """Opens a process in the name of an organisation."""
    organisation = get_object_or_404(queries.public_organisations(), code=code)
    must(request.actor, Action.OPEN_PROCESS, organisation)
    offers = {"bodies": queries.public_bodies(), "services": queries.public_all_services()}
    form = OpenProcessForm(sent(request), **offers)
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            made = actions.open_process(request.actor, organisation, **form.cleaned_data)
            return HttpResponseRedirect(made.get_absolute_url(), status=303)
    return render(request, "processes/open_process.html", {"form": form, "organisation": organisation})


def plan(request: Request, code: str) -> HttpResponse:
    """Adds a phase to a process."""
    found = get_object_or_404(queries.public_processes(), code=code)
    must(request.actor, Action.PLAN, found)
    form = PlanForm(sent(request), initial={"opens_on": queries.public_first_free_day(found)})
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            actions.plan(request.actor, found, **form.cleaned_data)
            return HttpResponseRedirect(found.get_absolute_url(), status=303)
    return render(request, "processes/plan.html", {"form": form, "process": found})


def ask(request: Request, code: str) -> HttpResponse:
    """Asks a peer organisation to read the statements."""
    found = get_object_or_404(queries.public_processes(), code=code)
    must(request.actor, Action.ASK, found)
    form = AskForm(sent(request), peers=queries.public_recognised())
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            actions.ask(request.actor, found, **form.cleaned_data)
            return HttpResponseRedirect(found.get_absolute_url(), status=303)
    return render(request, "processes/ask.html", {"form": form, "process": found})


def agree(request: Request, code: str) -> HttpResponse:
    """Agrees to read the statements, for the peer organisation that was asked."""
    found = get_object_or_404(queries.public_processes(), code=code)
    must(request.actor, Action.AGREE, found)
    form = AgreeForm(sent(request))
    if form.is_valid():
        with saying_why_not(form):
            actions.agree(request.actor, found)
            return HttpResponseRedirect(found.get_absolute_url(), status=303)
    return render(request, "processes/agree.html", {"form": form, "process": found})


def offer(request: Request, code: str) -> HttpResponse:
    """Says how long reading a statement takes, and what it pays."""
    found = get_object_or_404(queries.public_processes(), code=code)
    must(request.actor, Action.OFFER, found)
    said = {"minutes": found.reading_minutes, "pay": found.reading_pay}
    form = OfferForm(sent(request), initial=said)
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            actions.offer(request.actor, found, **form.cleaned_data)
            return HttpResponseRedirect(found.get_absolute_url(), status=303)
    return render(request, "processes/offer.html", {"form": form, "process": found})


def close(request: Request, code: str, phase: str) -> HttpResponse:
    """Closes a phase early."""
    found = get_object_or_404(queries.public_phases(), process__code=code, code=phase)
    must(request.actor, Action.CLOSE, found)
    form = CloseForm(sent(request))
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            actions.close(request.actor, found, **form.cleaned_data)
            return HttpResponseRedirect(found.get_absolute_url(), status=303)
    return render(request, "processes/close.html", {"form": form, "phase": found, "process": found.process})
