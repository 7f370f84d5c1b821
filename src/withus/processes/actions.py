"""What organisations do: open pages for bodies, services, sites and processes, plan phases, close them."""

import datetime

from django.utils.translation import gettext

from withus.acting import acting, only_telling
from withus.compute.reasons import OF_A_REASON
from withus.core import clock, codes
from withus.core.errors import Refused
from withus.people.models import Organisation, OrganisationKind
from withus.people.queries import public_recognised_codes
from withus.policy.facts import Actor, ActorKind
from withus.policy.rules import Action
from withus.processes import queries
from withus.processes.models import Body, BodyEnd, Phase, PhaseClosing, Process, Service, Site
from withus.processes.others import only_from_tomorrow
from withus.web.language import written_day


def _kind(organisation: Organisation | None) -> ActorKind:
    if organisation is not None and organisation.kind == OrganisationKind.BODY:
        return ActorKind.BODY
    return ActorKind.ORGANISATION


def _body(process: Process) -> str | None:
    return process.body.code if process.body else None


def open_body(
    actor: Actor,
    subject: Organisation | None,
    *,
    name: str,
    decides: str,
    language: str,
    time_zone: str = "UTC",
    organisation: Organisation | None = None,
    is_invented: bool = False,
    code: str = "",
) -> Body:
    """Opens the page of a body, which need not have joined; `subject` is the organisation that opens it.

    `organisation` is the body's own, if it is here already; its own secretary opens no other. Raises Refused, Denied.
    """
    with acting(actor, Action.OPEN_BODY, queries.public_opening(subject)) as record:
        today = clock.today()
        if queries.only_ones_own(actor, subject) and (organisation is None or organisation != subject):
            raise Refused(gettext("You can only open the page of your own body."), "organisation")
        if organisation is None:
            if queries.public_open_bodies().filter(organisation__name__iexact=name).exists():
                says = gettext("A body of this name has its page here. Write to it, or say in the name what differs.")
                raise Refused(says, "name")
            organisation = Organisation.objects.create(
                code=code or codes.code(),
                kind=OrganisationKind.BODY,
                name=name,
                language=language,
                is_invented=is_invented,
                founded_on=today,
            )
        body, is_new = Body.objects.get_or_create(
            organisation=organisation,
            defaults={
                "opened_by": subject,
                "decides": decides,
                "language": language,
                "time_zone": time_zone,
                "opened_on": today,
            },
        )
        if not is_new:
            raise Refused(gettext("This body has its page already."), "organisation")
        record.told(body.told(), by=_kind(subject), body=body.code)
    return body


def close_body(actor: Actor, body: Body, *, reason: str, language: str, successor: Body | None = None) -> BodyEnd:
    """Says for the body that it was closed, why, and who takes its place. Every clock runs on, and everything can still
    be sent and answered. Raises Refused, Denied.
    """
    with acting(actor, Action.CLOSE_BODY, body) as record:
        today = clock.today(body.time_zone)
        only_from_tomorrow(body.pk, today)
        if queries.public_ends().filter(body=body).exists():
            raise Refused(gettext("It was said already that this body is closed. It stays so, with its reason."))
        advice = gettext("Say why it was closed: a sentence at least, not one word.")
        only_telling(advice, OF_A_REASON, reason=reason)
        if successor and (successor == body or queries.public_ends().filter(body=successor).exists()):
            raise Refused(gettext("Choose another body, one that is not closed itself."), "successor")
        BodyEnd.objects.filter(body=body).delete()  # said by others than the body; the log keeps their word
        made = BodyEnd.objects.create(body=body, reason=reason, language=language, successor=successor, said_on=today)
        record.told(made.told(), by=ActorKind.BODY, body=body.code)
    return made


def open_service(actor: Actor, organisation: Organisation, *, name: str, about: str, language: str) -> Service:
    """Adds a service of an organisation; raises Denied."""
    with acting(actor, Action.OPEN_SERVICE, organisation) as record:
        service = Service.objects.create(
            organisation=organisation, name=name, about=about, language=language, opened_on=clock.today()
        )
        record.told(service.told(), by=_kind(organisation))
    return service


def open_site(actor: Actor, service: Service, *, name: str, area: str, hours: str) -> Site:
    """Adds a place where a service works; raises Denied."""
    with acting(actor, Action.OPEN_SITE, service) as record:
        site = Site.objects.create(service=service, name=name, area=area, hours=hours, opened_on=clock.today())
        record.told(site.told(), by=_kind(service.organisation))
    return site


def open_process(
    actor: Actor,
    organisation: Organisation,
    *,
    title: str,
    about: str,
    language: str,
    body: Body | None = None,
    service: Service | None = None,
    source: str = "",
    publishes_votes: bool = False,
    is_invented: bool = False,
    code: str = "",
) -> Process:
    """Opens a process in the name of an organisation, about a body's policy, a service, or neither; raises Denied."""
    with acting(actor, Action.OPEN_PROCESS, organisation) as record:
        process = Process.objects.create(
            code=code or codes.code(),
            organisation=organisation,
            body=body,
            service=service,
            title=title,
            about=about,
            language=language,
            source=source,
            publishes_votes=publishes_votes,
            is_invented=is_invented,
            opened_on=clock.today(),
        )
        record.told(process.told(), by=_kind(organisation), body=_body(process))
    return process


def ask(actor: Actor, process: Process, *, beside: Organisation) -> None:
    """Asks a recognised peer organisation to read the statements of a process that no peer organisation opened.

    Another one can be asked until one has agreed. Raises Refused, Denied.
    """
    with acting(actor, Action.ASK, process) as record:
        if process.editors:
            raise Refused(gettext("A peer organisation reads the statements here already."))
        if beside.code not in public_recognised_codes():
            raise Refused(gettext("Choose a recognised peer organisation."), "beside")
        process.beside = beside
        process.save(update_fields=["beside"])
        record.told(process.told_asked(), by=_kind(process.organisation), body=_body(process))


def agree(actor: Actor, process: Process) -> None:
    """Agrees, for the peer organisation that was asked, to read the statements. Raises Refused, Denied."""
    with acting(actor, Action.AGREE, process) as record:
        if process.editors or process.asked_code not in public_recognised_codes():
            raise Refused(gettext("Only a recognised peer organisation that was asked can agree, and only once."))
        process.agreed_on = clock.today()
        process.save(update_fields=["agreed_on"])
        record.told(process.told_agreed(), by=ActorKind.ORGANISATION, body=_body(process))


def offer(actor: Actor, process: Process, *, minutes: int, pay: str = "") -> None:
    """Says how many minutes reading one statement takes and what it pays; no pay means unpaid. Raises Denied."""
    with acting(actor, Action.OFFER, process) as record:
        process.reading_minutes, process.reading_pay = minutes, pay
        process.save(update_fields=["reading_minutes", "reading_pay"])
        record.told(process.told_offered(), by=ActorKind.ORGANISATION, body=_body(process))


def plan(
    actor: Actor,
    process: Process,
    *,
    kind: str,
    level: int,
    can_change: str,
    cannot_change: str,
    language: str,
    opens_on: datetime.date,
    closes_on: datetime.date,
    takes_statements: bool = False,
    takes_votes: bool = False,
) -> Phase:
    """Adds a phase with its promise; raises Refused for days that have passed or that another phase has, and Denied.

    Withus itself may plan the past, for what was imported with its history.
    """
    with acting(actor, Action.PLAN, process) as record:
        if closes_on < opens_on:
            raise Refused(gettext("It ends before it begins. Choose a later day."), "closes_on")
        free = written_day(queries.public_first_free_day(process))
        if opens_on < clock.today() and not actor.is_system:
            raise Refused(gettext("This date has passed. Choose a day from %(day)s on.") % {"day": free}, "opens_on")
        if takes_statements and not process.editors:
            raise Refused(
                gettext("Ask a peer organisation first: without one nobody reads the statements."), "takes_statements"
            )
        if queries.public_overlap(process.phases.all(), opens_on, closes_on):
            advice = gettext("Another phase runs in these days. Choose a day from %(day)s on that is free.")
            raise Refused(advice % {"day": free}, "opens_on")
        phase = Phase.objects.create(
            process=process,
            kind=kind,
            level=level,
            can_change=can_change,
            cannot_change=cannot_change,
            language=language,
            opens_on=opens_on,
            closes_on=closes_on,
            takes_statements=takes_statements,
            takes_votes=takes_votes,
            planned_on=clock.today(),
        )
        record.told(phase.told(), by=_kind(process.organisation), body=_body(process))
    return phase


def close(actor: Actor, phase: Phase, *, why: str) -> Phase:
    """Ends a running phase with today, so that nobody's vote of today is cut off; raises Refused, Denied."""
    with acting(actor, Action.CLOSE, phase) as record:
        today = clock.today()
        if not phase.is_open(today) or phase.closes_on == today:
            raise Refused(gettext("Only a phase that runs beyond today can be closed early."))
        closing = PhaseClosing.objects.create(phase=phase, planned=phase.closes_on, why=why, said_on=today)
        phase.closes_on = today
        phase.save(update_fields=["closes_on"])
        record.told(closing.told(), by=_kind(phase.process.organisation), body=_body(phase.process))
    return phase
