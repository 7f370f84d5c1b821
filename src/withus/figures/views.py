"""The page of a body, and everything that can be taken away from it: data, feed, calendar, poster."""

from collections.abc import Iterable

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers

from withus.core import clock
from withus.figures import data, queries, telling
from withus.figures.calendar import ics, of_body, of_peers
from withus.figures.chain import public_chain
from withus.figures.feed import rss
from withus.figures.table import public_formal_seats
from withus.pay.queries import public_hours
from withus.people.models import OrganisationKind
from withus.people.queries import public_organisations
from withus.policy.rules import Action, decide
from withus.processes.board.queries import public_board
from withus.processes.models import Body
from withus.processes.queries import public_bodies, public_processes, public_services
from withus.recommendations.letters.queries import public_joined, standing
from withus.recommendations.models import Recommendation
from withus.recommendations.queries import public_to_check
from withus.recommendations.wording import Line
from withus.web.requests import Request

PAGE = 25
IN_A_FEED, ON_A_POSTER = 100, 1
_OURS = (Action.OPEN_SERVICE, Action.OPEN_PROCESS)


def _body(code: str) -> Body:
    return get_object_or_404(public_bodies(), organisation__code=code)


def bodies(request: Request) -> HttpResponse:
    """All bodies, and how many of them give peers formal seats."""
    page = Paginator(public_bodies(), PAGE).get_page(request.GET.get("page"))
    return render(request, "figures/bodies.html", {"page": page, "formal_seats": telling.told(public_formal_seats())})


def body(request: Request, code: str) -> HttpResponse:
    """A body: what it decides, whether it involves peers, what it was asked and what became of it."""
    found = _body(code)
    record = queries.public_record(found)
    silent = _lines(queries.public_silent(found, record.day)[: queries.SILENT_SHOWN], record)
    seen = {"body": found, "record": record, "silence": telling.silence(record), "silent": silent}
    seen |= {"rates": telling.rates_of(record), "seats": telling.told(record.seats)}
    seen |= {"label": telling.label_words(record), "day": record.day, "is_invented": _is_invented(found)}
    seen |= {"services": public_services(found.organisation), "processes": public_processes().filter(body=found)}
    seen |= {"table_rates": telling.rates_of_table(record), "board": public_board(found)}
    seen |= {"hours": public_hours(found.organisation), "standing": standing(request.actor, found)}
    seen |= {"is_ours": any(decide(request.actor, deed, found.organisation) for deed in _OURS)}
    return render(request, "figures/body.html", seen)


def _lines(rows: Iterable[Recommendation], record: queries.Record) -> list[Line]:
    return [Line(one, one.standing(), record.day) for one in rows]


def _is_invented(body: Body) -> bool:
    return body.organisation.is_invented


def poster(request: Request, code: str) -> HttpResponse:
    """A sheet for the wall of the drop-in."""
    found = _body(code)
    record = queries.public_record(found)
    rows_of = queries.public_newest(found, record.day, ON_A_POSTER)
    newest = {kind: _lines(rows, record) for kind, rows in rows_of.items()}
    seen = {"body": found, "record": record, "label": telling.label_words(record), "newest": newest}
    seen |= {"address": request.build_absolute_uri(found.get_absolute_url()), "is_invented": _is_invented(found)}
    return render(request, "figures/poster.html", seen)


def feed_rss(request: Request, code: str) -> HttpResponse:
    """What happens with a body's recommendations, as a feed."""
    found = _body(code)
    events = queries.public_events(found, clock.today(found.time_zone), IN_A_FEED)
    here = request.build_absolute_uri(request.path)
    return _spoken(rss(found, events, request.build_absolute_uri, here), "application/rss+xml; charset=utf-8")


def deadlines_ics(request: Request, code: str) -> HttpResponse:
    """Deadlines that run, and promises, as a calendar."""
    found = _body(code)
    owed, promises = queries.public_owed(found).iterator(2000), queries.public_promises(found).iterator(2000)
    whole = request.build_absolute_uri
    made = ics(found.organisation.name, clock.today(found.time_zone), of_body(owed, promises, whole), whole)
    return _spoken(made, "text/calendar; charset=utf-8")


def peers_ics(request: Request, code: str) -> HttpResponse:
    """What a peer organisation waits for, and what waits for it, as a calendar."""
    found = get_object_or_404(public_organisations(), code=code, kind=OrganisationKind.PEER)
    whole = request.build_absolute_uri
    owed, asked = queries.public_owed_to(found).iterator(2000), queries.public_asked(found).iterator(2000)
    done = public_to_check(found).select_related("recommendation").order_by("id").iterator(2000)
    made = ics(found.name, clock.today(), of_peers(owed, asked, done, whole), whole)
    return _spoken(made, "text/calendar; charset=utf-8")


def _spoken(content: bytes, kind: str) -> HttpResponse:
    """An answer with sentences in the reader's language."""
    response = HttpResponse(content, content_type=kind)
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


def data_csv(request: Request, code: str) -> HttpResponse:
    """A row for each recommendation."""
    found = _body(code)
    day, chain, signers = clock.today(found.time_zone), public_chain(found), queries.public_signers(found)
    lines, joined = queries.public_lines(found), public_joined(found)
    content = data.as_csv(lines, chain, signers, joined, day, request.build_absolute_uri)
    response = _spoken(content, "text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="body-{code}.csv"'
    return response


def data_json(request: Request, code: str) -> HttpResponse:
    """The label, the indicators and every recommendation, for programs."""
    found = _body(code)
    chain, signers = public_chain(found), queries.public_signers(found)
    content = data.as_json(queries.public_record(found), queries.public_lines(found), chain, signers)
    return _spoken(content, "application/json")


def data_dictionary(request: Request) -> HttpResponse:
    """What each name in a body's data means."""
    return render(request, "figures/data_dictionary.html", {"tables": {"data.json": data.JSON, "data.csv": data.CSV}})
