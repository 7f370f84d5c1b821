"""How records of bodies, services, processes and phases are told, and the rows in which they stand."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from withus.people.models import Organisation
from withus.people.telling import CHUNK
from withus.processes.models import Body, BodyEnd, Phase, PhaseClosing, Process, Service, Site
from withus.public_log.rows import Told, recorded, stands_in_rows, told_by
from withus.public_log.wording import speak


def _organisations() -> Iterator[Told]:
    """All organisations, but those that came with the page of a body, whose own record tells them.

    Such a one has said nothing about itself: where words stand, somebody has put them there.
    """
    with_page = Body.objects.values_list("organisation__code", flat=True)
    founded = recorded("organisation.founded", with_page)
    others = set(with_page) - founded.keys()
    for one in Organisation.objects.select_related("parent").iterator(CHUNK):
        if one.about or one.code not in others:
            yield one.told()


def _bodies() -> Iterator[Told]:
    found = Body.objects.select_related("organisation__parent", "opened_by")
    yield from told_by(found.iterator(CHUNK))


def _ends() -> Iterator[Told]:
    found = BodyEnd.objects.select_related("body__organisation", "successor__organisation")
    yield from told_by(found.iterator(CHUNK))


def _services() -> Iterator[Told]:
    yield from told_by(Service.objects.select_related("organisation").iterator(CHUNK))


def _sites() -> Iterator[Told]:
    yield from told_by(Site.objects.select_related("service").iterator(CHUNK))


def _all() -> Iterator[Process]:
    found = Process.objects.select_related("organisation", "body__organisation", "service", "beside")
    yield from found.iterator(CHUNK)


def _processes() -> Iterator[Told]:
    yield from told_by(_all())


def _asked() -> Iterator[Told]:
    yield from (one.told_asked() for one in _all() if one.beside)


def _agreed() -> Iterator[Told]:
    yield from (one.told_agreed() for one in _all() if one.agreed_on)


def _offered() -> Iterator[Told]:
    yield from (one.told_offered() for one in _all() if one.reading_minutes is not None or one.reading_pay)


def _phases() -> Iterator[Told]:
    found = Phase.objects.select_related("process", "closing")
    yield from told_by(found.iterator(CHUNK))


def _closings() -> Iterator[Told]:
    found = PhaseClosing.objects.select_related("phase__process")
    yield from told_by(found.iterator(CHUNK))


speak(
    {"body.closed": _("%(body)s was closed")},
    who={"body.closed": "body"},
    codes={"successor": "organisation"},
    facts={
        "successor": _("Who takes its place"),
        "founded_on": _("Added on"),
        "hours": _("Opening hours"),
        "page_language": _("Language of the page"),
    },
    days=["founded_on"],
    opaque=["page_language"],
)
stands_in_rows({"organisation.founded"}, _organisations)
stands_in_rows({"body.opened"}, _bodies)
stands_in_rows({"body.closed"}, _ends, newest=())  # what others said is replaced by the body's own word
stands_in_rows({"service.opened"}, _services)
stands_in_rows({"site.opened"}, _sites)
stands_in_rows({"process.opened"}, _processes)
stands_in_rows({"peers.asked"}, _asked, newest=())
stands_in_rows({"peers.agreed"}, _agreed)
stands_in_rows({"work.offered"}, _offered, newest=())
stands_in_rows({"phase.planned"}, _phases)
stands_in_rows({"phase.closed"}, _closings)
