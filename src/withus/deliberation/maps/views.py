"""The page of a map, and what can be taken away of it."""

import csv
import io
import zipfile

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from withus.acting import must
from withus.core.errors import Denied
from withus.deliberation import ties
from withus.deliberation.maps import queries
from withus.deliberation.queries import (
    public_accepted,
    public_agreement,
    public_is_imported,
    public_results,
    public_turnout,
)
from withus.policy.rules import Action, decide
from withus.processes.views import process_or_404
from withus.texts.queries import public_said
from withus.web.requests import Request


def opinion_map(request: Request, code: str) -> HttpResponse:
    """The opinion groups, or why there are none; what all agree on; the reader's own place only when she asks."""
    process, info = process_or_404(code), request.session_info
    rows = public_results(process)
    drawn = queries.public_map(process, [row.statement for row in rows])
    agreement = public_agreement(rows)[:10]
    public_said("statement", {*(drawn.statements if drawn else ()), *(row.statement for row in agreement)})
    seen = {"process": process, "is_invented": process.is_invented, "drawn": drawn, "agreement": agreement}
    seen |= {"turnout": public_turnout(process, rows), "is_imported": public_is_imported(code)}
    seen |= {"sealed": queries.sealed_maps(request.actor, process)}
    seen |= {"reads": bool(decide(request.actor, Action.MODERATE, process))}
    if info and drawn and request.method == "POST":
        own = queries.own_place(request.actor, process, ties.tie_of(info.key, code), drawn)
        seen |= {"own": own, "is_asked": True}
    return render(request, "deliberation/maps/opinion_map.html", seen)


def cohorts(request: Request, code: str) -> HttpResponse:
    """Who may have changed the list, for those who read the statements."""
    process = process_or_404(code)
    must(request.actor, Action.MODERATE, process)
    statements = {one.number: one for one in public_said("statement", public_accepted(process))}
    found = queries.cohorts(request.actor, process)
    for one in found:
        one["list"] = [statements[number] for number in one["without"] if number in statements]
    seen = {"process": process, "is_invented": process.is_invented, "cohorts": found}
    return render(request, "deliberation/maps/cohorts.html", seen)


def sealed_map(request: Request, code: str, phase: str) -> HttpResponse:
    """The bytes of a sealed map, whose hash lies in the public log."""
    found = queries.public_sealed_map(code, phase)
    if found is None:
        raise Http404
    return HttpResponse(found.content.encode(), content_type="application/json")


def recount(request: Request, code: str, phase: str) -> HttpResponse:
    """The ballots behind a sealed map and what it is checked with: for stewards, or for all if the process said so."""
    process, found = process_or_404(code), queries.public_sealed_map(code, phase)
    if found is None:
        raise Http404
    if not queries.may_recount(request.actor, process):
        raise Denied(gettext("The ballots are for this organisation's stewards, unless the process says otherwise."))
    if not queries.public_is_recountable(found, process):
        raise Denied(gettext("People have voted on since then, and no vote is kept twice: these ballots are gone."))
    table = io.StringIO(newline="")
    rows = queries.ballots(request.actor, process, found)
    csv.writer(table).writerows([("participant_id", "statement_id", "vote"), *rows])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in {"votes.csv": table.getvalue(), "seal.json": found.recount}.items():
            file.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text)
    response = HttpResponse(out.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="recount-{phase}.zip"'
    return response
