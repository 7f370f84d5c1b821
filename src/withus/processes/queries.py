"""Bodies, services, processes and phases: everybody may read them."""

import datetime
from collections.abc import Collection, Iterable, Sequence
from copy import copy
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.core import clock
from withus.core.edition import kept
from withus.people.models import Organisation, OrganisationKind
from withus.people.queries import House, public_house, public_recognised_codes
from withus.policy.facts import Actor, Role
from withus.processes import telling as telling
from withus.processes.models import Body, BodyEnd, Phase, PhaseKind, Process, Service, Site
from withus.processes.others import not_by_others
from withus.public_log.telling import Named, names
from withus.texts.subjects import has_texts


def public_bodies() -> QuerySet[Body]:
    """All bodies with a page, by name."""
    about = ("organisation", "opened_by", "end__successor__organisation")
    return Body.objects.select_related(*about).order_by("organisation__name", "id")


def public_ends() -> QuerySet[BodyEnd]:
    """That bodies were closed, as they said themselves."""
    return BodyEnd.objects.filter(not_by_others())


def public_open_bodies() -> QuerySet[Body]:
    """All bodies with a page that were not closed, by name."""
    return public_bodies().exclude(pk__in=public_ends().values("body"))


def public_services(organisation: Organisation) -> QuerySet[Service]:
    """The services of an organisation with their sites."""
    sites = Prefetch("sites", Site.objects.order_by("name", "id"))
    return organisation.services.prefetch_related(sites).order_by("name", "id")


def public_all_services() -> QuerySet[Service]:
    """Every service there is."""
    return Service.objects.select_related("organisation").order_by("name", "id")


def public_processes() -> QuerySet[Process]:
    """All processes with their phases, the newest first."""
    return (
        Process.objects.select_related("organisation", "body__organisation", "service", "beside")
        .prefetch_related(Prefetch("phases", Phase.objects.order_by("opens_on", "id")))
        .order_by("-opened_on", "-id")
    )


@kept(256)
def _process_of_this_edition(code: str) -> Process | None:
    return public_processes().filter(code=code).first()


def public_process(code: str) -> Process | None:
    """One process with its phases, read once an edition; None if there is none. The caller may change what she gets."""
    return copy(_process_of_this_edition(code))


def public_phases() -> QuerySet[Phase]:
    """All phases with their processes."""
    return Phase.objects.select_related("process__organisation", "process__beside").order_by("opens_on", "id")


def public_organisations() -> QuerySet[Organisation]:
    """All organisations."""
    return Organisation.objects.order_by("name", "id")


def bodies_without_page(actor: Actor) -> QuerySet[Organisation]:
    """Organisations of this kind that nobody has opened a page for; for a body's secretary her own."""
    there = Organisation.objects.filter(kind=OrganisationKind.BODY, body__isnull=True).order_by("name", "id")
    return there.filter(code__in=actor.organisations(Role.BODY_SECRETARY)) if only_ones_own(actor) else there


@dataclass(frozen=True)
class Opening(House):
    """In whose name the page of a body is opened, for the policy; empty for this house's, or the page that asks."""

    opener_code: str


def public_opening(opener: Organisation | None) -> Opening:
    """The opener, with what the policy asks of it."""
    return Opening(public_house().recognised, opener.code if opener else "")


def _recognised_of(actor: Actor) -> frozenset[str]:
    """The recognised peer organisations of which the actor is a steward."""
    return actor.organisations(Role.ORG_STEWARD) & public_recognised_codes()


def only_ones_own(actor: Actor, opener: Organisation | None = None) -> bool:
    """Whether the actor opens pages as a body's secretary only: in the opener's name, or in any if none is named."""
    if opener is not None and opener.kind == OrganisationKind.BODY:
        return not actor.is_system
    return not (actor.is_system or actor.holds(Role.INSTANCE_STEWARD) or _recognised_of(actor))


def opener_of(actor: Actor, organisation: Organisation | None) -> Organisation | None:
    """In whose name the actor opens a body's page: her own body's, if it is that one; else her organisation's."""
    bodies = actor.organisations(Role.BODY_SECRETARY)
    if organisation and organisation.code in bodies:
        return organisation
    return Organisation.objects.filter(code__in=_recognised_of(actor)).order_by("name", "id").first()


def organisations_that_open(actor: Actor) -> QuerySet[Organisation]:
    """The organisations in whose name this actor may open a process."""
    codes = actor.organisations(Role.ORG_STEWARD, Role.BODY_SECRETARY)
    return Organisation.objects.filter(code__in=codes).order_by("name", "id")


def public_recognised() -> QuerySet[Organisation]:
    """The recognised peer organisations, which can be asked to read statements."""
    return Organisation.objects.filter(code__in=public_recognised_codes()).order_by("name", "id")


def waiting_for(actor: Actor) -> QuerySet[Process]:
    """The processes whose openers ask a peer organisation of which the actor is a steward."""
    asked = public_processes().filter(agreed_on__isnull=True)
    return asked.filter(beside__code__in=actor.organisations(Role.ORG_STEWARD))


def public_home(organisation: Organisation) -> str:
    """The address of the organisation's page: the body's, if it is one with a page."""
    body = Body.objects.filter(organisation=organisation).first()
    return body.get_absolute_url() if body else organisation.get_absolute_url()


@dataclass(frozen=True)
class Step:
    """One stage of a process in the chain: planned, running, ended, or missing."""

    name: str
    state: str
    kind: str
    day: datetime.date | None = None
    url: str = ""
    is_current: bool = False
    is_missing: bool = False


def public_chain(phases: Sequence[Phase], day: datetime.date) -> list[Step]:
    """The six stages in their order, each with the last of its phases that has begun, else the first to come."""
    chain = []
    for kind in PhaseKind:
        own = [phase for phase in phases if phase.kind == kind]
        begun = [phase for phase in own if phase.opens_on <= day]
        if not own:
            chain.append(Step(str(kind.label), gettext("not planned"), "plain", is_missing=True))
        elif not begun:
            url = f"#phase-{own[0].code}"
            chain.append(Step(str(kind.label), gettext("planned from"), "plain", own[0].opens_on, url))
        else:
            last, is_now = begun[-1], begun[-1].is_open(day)
            state = gettext("open until") if is_now else gettext("ended on")
            url = f"#phase-{last.code}"
            chain.append(Step(str(kind.label), state, "wait" if is_now else "yes", last.closes_on, url, is_now))
    return chain


def is_ours(actor: Actor, process: Process) -> bool:
    """Whether the actor stands for the organisation whose process it is, or for the one that reads its statements."""
    theirs = {process.organisation_code, process.editors_code}
    return any(standing.organisation in theirs for standing in actor.standings if standing.organisation)


def public_first_free_day(process: Process) -> datetime.date:
    """The first day from today on that no phase of the process takes."""
    day = clock.today()
    for phase in sorted(process.phases.all(), key=lambda phase: phase.opens_on):
        if phase.is_open(day):
            day = phase.closes_on + datetime.timedelta(days=1)
    return day


def public_overlap(phases: Iterable[Phase], opens_on: datetime.date, closes_on: datetime.date) -> Phase | None:
    """A phase that shares a day with this stretch of time."""
    return next((phase for phase in phases if phase.opens_on <= closes_on and opens_on <= phase.closes_on), None)


def _process(actor: Actor, code: str) -> Process | None:
    return public_processes().filter(code=code).first()


def _phase(actor: Actor, code: str) -> Phase | None:
    return public_phases().filter(code=code).first()


has_texts("process", _process, title=_("What is it about?"), about=_("What is to be decided?"))
has_texts("phase", _phase, can_change=_("What can change?"), cannot_change=_("What cannot change?"))


def _named(organisation: Organisation) -> Named:
    return Named(organisation.name, organisation.language, organisation.get_absolute_url())


def _named_organisations(codes: Collection[str]) -> dict[str, Named]:
    found = {}
    for one in Organisation.objects.filter(code__in=codes).select_related("body"):
        page = one.body if hasattr(one, "body") else one
        found[one.code] = Named(one.name, one.language, page.get_absolute_url())
    return found


def _named_services(codes: Collection[str]) -> dict[str, Named]:
    services = public_all_services().filter(code__in=codes)
    return {one.code: Named(one.name, one.language, "", _named(one.organisation), is_title=True) for one in services}


def _named_sites(codes: Collection[str]) -> dict[str, Named]:
    sites = Site.objects.filter(code__in=codes).select_related("service__organisation")
    return {one.code: Named(one.name, whose=_named(one.service.organisation), is_title=True) for one in sites}


def _named_processes(codes: Collection[str]) -> dict[str, Named]:
    processes = Process.objects.filter(code__in=codes).select_related("organisation", "beside")
    return {one.code: public_naming(one, one.title, one.get_absolute_url()) for one in processes}


def _named_phases(codes: Collection[str]) -> dict[str, Named]:
    phases = public_phases().filter(code__in=codes)
    found = {}
    for one in phases:
        name = f"{one.process.title} ({PhaseKind(one.kind).label})"
        found[one.code] = public_naming(one.process, name, one.get_absolute_url())
    return found


def public_naming(process: Process, name: str, address: str) -> Named:
    """How the log calls something of a process: whose it is, and who reads its statements."""
    editors = _named(process.editors) if process.editors else None
    return Named(name, process.language, address, _named(process.organisation), editors, is_title=True)


names("organisation", _named_organisations)
names("service", _named_services)
names("site", _named_sites)
names("process", _named_processes)
names("phase", _named_phases)
