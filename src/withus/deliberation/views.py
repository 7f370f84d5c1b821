"""Pages of a conversation."""

import csv
import io
import re
import zipfile

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from withus.acting import must
from withus.compute.suppression import ANSWERS
from withus.core import codes
from withus.core.errors import Denied, Refused
from withus.deliberation import actions, polis, queries, ties
from withus.deliberation.asking import asked
from withus.deliberation.forms import (
    AppealForm,
    EnterForm,
    ImportPolisForm,
    ModerateForm,
    ProposeForm,
    ReviewForm,
    SeedForm,
    SheetForm,
)
from withus.deliberation.maps.queries import next_left
from withus.deliberation.models import Statement
from withus.policy.rules import Action, decide
from withus.processes.models import Process
from withus.processes.queries import is_ours
from withus.processes.views import process_or_404
from withus.texts.queries import public_said, public_words
from withus.web import languages
from withus.web.requests import Request, saying_why_not, sent

PAGE = 25
ON_RESULTS, ON_A_BALLOT, ON_A_SHEET = 15, 40, 40  # statements: more would make the page heavy for an old phone
_VALUES = {"1": 1, "-1": -1, "0": 0}
_CODE = re.compile(r"[0-9A-Za-z-]{1,32}")


def _tie(request: Request, code: str) -> str:
    """The reader's own tie in this process; nothing for visitors."""
    return ties.tie_of(request.session_info.key, code) if request.session_info else ""


def _statement(request: Request, code: str, statement: str) -> Statement:
    found = queries.statement_seen_by(request.actor, code, statement, _tie(request, code))
    if found is None:
        raise Http404
    return found


def _votable(code: str, statement: str) -> queries.Votable:
    found = queries.public_votable(code, statement) if _CODE.fullmatch(statement) else None
    if found is None:
        raise Http404
    return found


def _page(request: Request, name: str, process: Process, **seen: object) -> HttpResponse:
    """A page of this process; what is invented says so."""
    return render(request, f"deliberation/{name}.html", {"process": process, "is_invented": process.is_invented} | seen)


def _see(name: str, *args: str, query: str = "") -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(name, args=args) + query, status=303)


def vote(request: Request, code: str) -> HttpResponse:
    """One statement and three answers; sending one leads to the next statement."""
    if request.method != "POST":
        return _voting(request, code)
    votable = _votable(code, request.POST.get("statement", ""))
    try:
        value = _VALUES.get(request.POST.get("value", ""), 9)
        actions.vote(request.actor, votable, value=value, tie=_tie(request, code))
    except Refused as no:
        return _voting(request, code, problem=no.sentence)
    return _see("my_votes" if "again" in request.POST else "vote", code)


def _voting(request: Request, code: str, problem: str = "") -> HttpResponse:
    process = process_or_404(code)
    must(request.actor, Action.VOTE, process)
    asked, left = next_left(request.actor, process, _tie(request, code))
    statement = queries.public_votable_text(asked, languages.readers()) if asked else None
    return _page(request, "vote", process, statement=statement, left=left, problem=problem)


def my_votes(request: Request, code: str) -> HttpResponse:
    """What the reader voted on; her choices are marked only when she asks for it, and then on this one answer only."""
    process, tie = process_or_404(code), _tie(request, code)
    if not tie:
        must(request.actor, Action.TAKE_BACK, process)
    page = Paginator(queries.own_votes(request.actor, process, tie), PAGE).get_page(request.GET.get("page"))
    public_said("statement", [one.statement for one in page.object_list])
    return _page(request, "my_votes", process, page=page, is_shown=request.method == "POST")


@require_POST
def take_back(request: Request, code: str, statement: str) -> HttpResponse:
    """Takes the reader's vote back."""
    actions.take_back(request.actor, _votable(code, statement), tie=_tie(request, code))
    return _see("my_votes", code)


def propose(request: Request, code: str) -> HttpResponse:
    """Proposes a statement."""
    process = process_or_404(code)
    must(request.actor, Action.PROPOSE, process)
    form = ProposeForm(sent(request))
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            actions.propose(request.actor, process, **form.cleaned_data, tie=_tie(request, code))
            return _see("my_statements", code)
    return _page(request, "propose", process, form=form)


def my_statements(request: Request, code: str) -> HttpResponse:
    """What the reader proposed, and what became of it."""
    process, tie = process_or_404(code), _tie(request, code)
    if not tie:
        must(request.actor, Action.PROPOSE, process)
    own = queries.own_statements(request.actor, process, tie)
    return _page(request, "my_statements", process, statements=own)


def seed(request: Request, code: str) -> HttpResponse:
    """Adds first statements, one after another."""
    process = process_or_404(code)
    must(request.actor, Action.SEED, process)
    form = SeedForm(sent(request))
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            actions.seed(request.actor, process, **form.cleaned_data)
            return _see("seed", code)
    last = queries.public_accepted(process).filter(is_seed=True).reverse()[:10]
    return _page(request, "seed", process, form=form, last=last)


def moderation(request: Request, code: str) -> HttpResponse:
    """The editors' queue."""
    process = process_or_404(code)
    must(request.actor, Action.MODERATE, process)
    waiting = Paginator(queries.waiting_statements(request.actor, process), PAGE).get_page(request.GET.get("page"))
    appeals = queries.waiting_appeals(request.actor, process)
    return _page(request, "moderation", process, page=waiting, appeals=appeals)


def statement(request: Request, code: str, statement: str) -> HttpResponse:
    """A statement: what was said, what became of it, how people voted, and what you can do here."""
    found = _statement(request, code, statement)
    (said,) = public_said("statement", [found])
    seen = {
        "statement": said,
        "row": queries.public_row(found),
        "may_read": queries.may_read(request.actor, found),
        "is_own": found.is_own,
        "appeal": getattr(found, "appeal", None),
        "is_ours": is_ours(request.actor, found.process),
    }
    return _page(request, "statement", found.process, **seen)


def moderate(request: Request, code: str, statement: str) -> HttpResponse:
    """Decides about a statement."""
    found = _statement(request, code, statement)
    must(request.actor, Action.MODERATE, found)
    form = ModerateForm(sent(request))
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            actions.moderate(request.actor, found, **form.cleaned_data)
            return _see("moderation", code)
    return _page(request, "moderate", found.process, form=form, statement=found)


def appeal(request: Request, code: str, statement: str) -> HttpResponse:
    """Asks that somebody else looks again."""
    found = _statement(request, code, statement)
    must(request.actor, Action.APPEAL, found)
    form = AppealForm(sent(request))
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            actions.appeal(request.actor, found, **form.cleaned_data, tie=_tie(request, code))
            return _see("my_statements", code)
    return _page(request, "appeal", found.process, form=form, statement=found)


def review(request: Request, code: str, statement: str) -> HttpResponse:
    """Decides an appeal."""
    found = get_object_or_404(queries.waiting_appeals(request.actor, process_or_404(code)), statement__code=statement)
    must(request.actor, Action.REVIEW, found)
    form = ReviewForm(sent(request))
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            actions.review(request.actor, found, **form.cleaned_data)
            return _see("moderation", code)
    return _page(request, "review", found.statement.process, form=form, appeal=found, statement=found.statement)


@require_POST
def withdraw(request: Request, code: str, statement: str) -> HttpResponse:
    """Takes the reader's own statement back."""
    try:
        actions.withdraw(request.actor, _statement(request, code, statement), tie=_tie(request, code))
    except Refused as no:
        raise Denied(no.sentence) from no
    return _see("my_statements", code)


def results(request: Request, code: str) -> HttpResponse:
    """What most agree on, and every statement with its counts; who has not voted yet is asked first."""
    process, tie = process_or_404(code), _tie(request, code)
    if (
        tie
        and "show" not in request.GET
        and decide(request.actor, Action.VOTE, process)
        and not queries.has_voted(request.actor, process, tie)
    ):
        return _page(request, "results_later", process)
    rows = queries.public_results(process)
    page = Paginator(rows, ON_RESULTS).get_page(request.GET.get("page"))
    agreement, turnout = queries.public_agreement(rows)[:10], queries.public_turnout(process, rows)
    public_said("statement", {row.statement for row in [*page.object_list, *agreement]})
    seen = {"agreement": agreement, "turnout": turnout, "is_imported": queries.public_is_imported(code)}
    seen |= {"asked": asked(request.actor, process, request.session_info.key) if tie else []}
    return _page(request, "results", process, page=page, count=len(rows), **seen)


def results_csv(request: Request, code: str) -> HttpResponse:
    """The released counts, to take away; an empty cell is a count under ten."""
    out = io.StringIO(newline="")
    head = [
        "statement",
        "number",
        "text",
        "language",
        "agree",
        "disagree",
        "pass",
        "votes_at_least",
        "votes_at_most",
        "from_paper",
        "released_on",
    ]
    rows = queries.public_results(process_or_404(code))
    csv.writer(out).writerows([head, *(_csv_row(row, request) for row in rows)])
    response = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="results-{code}.csv"'
    patch_vary_headers(response, ["Accept-Language", "Cookie"])  # what was taken away is said in the reader's language
    return response


def _csv_row(row: queries.Row, request: Request) -> list[object]:
    one, day = row.statement, row.released_on
    words = polis.escaped(public_words(one, "text", request.build_absolute_uri))
    told = row.counts
    counts = [*map(told.cells.get, ANSWERS), told.at_least, told.at_most, row.from_paper]
    return [one.code, one.number, words, one.language, *counts, day and day.isoformat()]


def sealed_tally(request: Request, code: str, phase: str) -> HttpResponse:
    """The bytes whose hash lies in the public log."""
    found = queries.public_sealed(code, phase)
    if found is None:
        raise Http404
    return HttpResponse(found.content.encode(), content_type="application/json")


def ballot(request: Request, code: str) -> HttpResponse:
    """The statements as a sheet to print, with boxes and room to write."""
    process = process_or_404(code)
    page = Paginator(queries.public_accepted(process), ON_A_BALLOT).get_page(request.GET.get("page"))
    statements = public_said("statement", page.object_list)
    return _page(request, "ballot", process, statements=statements, page=page)


def enter(request: Request, code: str) -> HttpResponse:
    """Ballots from paper: many as lines, or one as it lies on the table."""
    process = process_or_404(code)
    must(request.actor, Action.ENTER, process)
    statements = queries.public_accepted(process)
    has_sheet = statements.count() <= ON_A_SHEET
    is_sheet = has_sheet and "sheet" in request.GET
    given = {"initial": {"token": codes.code(26)}} | ({"statements": statements} if is_sheet else {})
    form = (SheetForm if is_sheet else EnterForm)(sent(request), **given)
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            actions.enter(request.actor, process, **form.cleaned_data)
            return _see("enter", code, query="?sheet=yes" if is_sheet else "")
    seen = {"has_sheet": has_sheet, "is_sheet": is_sheet}
    return _page(request, "enter", process, form=form, **seen)


def import_polis(request: Request, code: str) -> HttpResponse:
    """Fills an empty process from Polis' files."""
    process = process_or_404(code)
    must(request.actor, Action.IMPORT, process)
    form = ImportPolisForm(sent(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            actions.import_polis(request.actor, process, **form.cleaned_data)
            return _see("results", code)
    return _page(request, "import_polis", process, form=form)


def export_polis(request: Request, code: str) -> HttpResponse:
    """Polis' four files: whole for the stewards; for everybody if the process said so and its voting has ended."""
    process = process_or_404(code)
    is_whole = queries.is_steward(request.actor, process)
    if not (is_whole or queries.public_ballots_are_open(process)):
        raise Denied(gettext("The ballots are for this organisation's stewards, unless the process says otherwise."))
    if process.takes("votes"):
        raise Denied(
            gettext("The ballots can be taken out when voting has ended. Two copies around a vote would show it.")
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in polis.write(queries.conversation_for(request.actor, process, is_whole=is_whole)).items():
            file.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text)
    response = HttpResponse(out.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{code}.zip"'
    return response
