"""Pages of a body's table: its terms, its seats, its meetings, and what each side can do there."""

import datetime
from collections.abc import Callable
from itertools import zip_longest
from typing import Any

from django.core.paginator import Paginator
from django.forms.models import model_to_dict
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from withus.acting import must
from withus.core import clock
from withus.policy.rules import Action, decide
from withus.processes.board import actions, forms, queries, wording
from withus.processes.board.models import Decision, Item, Meeting, Minutes, Seat, Terms
from withus.processes.models import Body
from withus.web.forms import Form
from withus.web.requests import Request, saying_why_not, sent

PAGE = 25
YEAR = datetime.timedelta(days=365)


def _body(code: str) -> Body:
    return get_object_or_404(queries.public_body(code))


def _seat(code: str, seat: str) -> Seat:
    return get_object_or_404(queries.public_seats(_body(code)), code=seat)


def _meeting(code: str, meeting: str) -> Meeting:
    return get_object_or_404(queries.public_meetings(_body(code)), code=meeting)


def _item(code: str, item: str) -> Item:
    return get_object_or_404(queries.public_items(_body(code)), code=item)


def _seen(body: Body) -> dict[str, Any]:
    """What every page of a table shows."""
    return {
        "body": body,
        "day": clock.today(body.time_zone),
        "table": queries.public_table(body),
        "is_invented": body.organisation.is_invented,
    }


def _may(request: Request, subject: Any, *words: Action) -> set[Action]:
    """Which of these deeds the reader can do."""
    return {word for word in words if decide(request.actor, word, subject)}


def terms(request: Request, code: str) -> HttpResponse:
    """All versions of the terms, the newest first, with what changed."""
    body = _body(code)
    versions, seen = list(queries.public_versions(body)), _seen(body)
    told = [(one, queries.public_points(one, before)) for one, before in zip_longest(versions, versions[1:])]
    in_force = queries.public_terms(body, seen["day"])
    seen |= {"of_others": queries.public_versions_of_others(body)}
    seen |= {"versions": told, "in_force": in_force, "is_current": queries.public_current(in_force, seen["day"])}
    return render(request, "processes/board/terms.html", seen)


def seats(request: Request, code: str) -> HttpResponse:
    """Every seat, who fills it, and for how long."""
    body = _body(code)
    seen, recognised = _seen(body), queries.public_recognised()
    day, rows = seen["day"], []
    for seat in queries.public_seats(body):
        sitting = queries.public_sitting(seat, recognised)
        may = _may(request, sitting, Action.FILL, Action.VACATE)
        rows.append((sitting, seat.holder_on(day), seat.is_filled(day, recognised), may))
    seen |= {
        "rows": [row for row in rows if row[0].seat.is_there(day)],
        "is_office": _may(request, body, Action.ADD_SEAT),
    }
    seen |= {"ended": [row[0].seat for row in rows if not row[0].seat.is_there(day)]}
    return render(request, "processes/board/seats.html", seen)


def meetings(request: Request, code: str) -> HttpResponse:
    """All meetings, the newest first."""
    body = _body(code)
    page = Paginator(queries.public_meetings(body), PAGE).get_page(request.GET.get("page"))
    return render(request, "processes/board/meetings.html", _seen(body) | {"page": page})


def meeting(request: Request, code: str, meeting: str) -> HttpResponse:
    """A meeting: its agenda, its papers, its minutes, and who said what to each decision."""
    found = _meeting(code, meeting)
    seen = _seen(found.body) | {"meeting": found, "minutes": queries.public_minutes(found)}
    may = _may(request, seen["table"], Action.ADD_PAPER, Action.OBJECT_TO) | _may(request, found, Action.CONCLUDE)
    return render(request, "processes/board/meeting.html", seen | {"items": queries.public_agenda(found), "may": may})


def _deed(
    request: Request, form: Form, word: Action, body: Body, back: str, do: Callable[..., Any], about: Any = None
) -> HttpResponse:
    """The page of one deed: its form, or the deed; whoever comes here may do it."""
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            do(**form.cleaned_data)
            return HttpResponseRedirect(back, status=303)
    seen = {"form": form, "body": body, "back": back, "words": wording.DEEDS[word], "about": about}
    return render(request, "processes/board/deed.html", seen | {"is_invented": body.organisation.is_invented})


def adopt(request: Request, code: str) -> HttpResponse:
    """Adopts terms, beginning with the words of the version before."""
    body = _body(code)
    must(request.actor, Action.ADOPT, body)
    day, last = clock.today(body.time_zone), queries.public_own_versions(body).first()
    said = model_to_dict(last, fields=list(forms.AdoptForm.base_fields)) if last else {}
    form = forms.AdoptForm(sent(request), initial=said | {"in_force_on": day, "review_on": day + YEAR})
    back = reverse("terms", args=[code])
    return _deed(
        request, form, Action.ADOPT, body, back, lambda **said: actions.adopt(request.actor, body, terms=Terms(**said))
    )


def add_seat(request: Request, code: str) -> HttpResponse:
    """Adds a seat."""
    body = _body(code)
    must(request.actor, Action.ADD_SEAT, body)
    form = forms.AddSeatForm(sent(request), organisations=queries.public_that_fill(body))
    back = reverse("seats", args=[code])
    return _deed(
        request, form, Action.ADD_SEAT, body, back, lambda **said: actions.add_seat(request.actor, body, **said)
    )


def end_seat(request: Request, code: str, seat: str) -> HttpResponse:
    """Ends a seat."""
    found = _seat(code, seat)
    must(request.actor, Action.END_SEAT, found)
    return _of_seat(request, found, forms.EndSeatForm(sent(request)), Action.END_SEAT, actions.end_seat)


def fill(request: Request, code: str, seat: str) -> HttpResponse:
    """Fills a seat."""
    found = _seat(code, seat)
    must(request.actor, Action.FILL, queries.public_sitting(found, queries.public_recognised()))
    return _of_seat(request, found, forms.FillForm(sent(request)), Action.FILL, actions.fill)


def vacate(request: Request, code: str, seat: str) -> HttpResponse:
    """Ends a term early."""
    found = _seat(code, seat)
    must(request.actor, Action.VACATE, queries.public_sitting(found, queries.public_recognised()))
    return _of_seat(request, found, forms.VacateForm(sent(request)), Action.VACATE, actions.vacate)


def _of_seat(request: Request, seat: Seat, form: Form, word: Action, do: Callable[..., Any]) -> HttpResponse:
    back = reverse("seats", args=[seat.body.code])
    return _deed(request, form, word, seat.body, back, lambda **said: do(request.actor, seat, **said), seat)


def call(request: Request, code: str) -> HttpResponse:
    """Calls a meeting."""
    body = _body(code)
    must(request.actor, Action.CALL, body)
    form, back = forms.CallForm(sent(request)), reverse("meetings", args=[code])
    return _deed(request, form, Action.CALL, body, back, lambda **said: actions.call(request.actor, body, **said))


def bring_up(request: Request, code: str, meeting: str) -> HttpResponse:
    """Brings an item up."""
    found = _meeting(code, meeting)
    must(request.actor, Action.BRING_UP, queries.public_table(found.body))
    form = forms.BringUpForm(sent(request), speakers=queries.speakers(request.actor, found.body))
    return _of_meeting(request, found, form, Action.BRING_UP, found, actions.bring_up)


def add_paper(request: Request, code: str, item: str) -> HttpResponse:
    """Adds a paper to an item."""
    found = _item(code, item)
    must(request.actor, Action.ADD_PAPER, queries.public_table(found.meeting.body))
    form = forms.AddPaperForm(sent(request), speakers=queries.speakers(request.actor, found.meeting.body))
    return _of_meeting(request, found.meeting, form, Action.ADD_PAPER, found, actions.add_paper)


def write_minutes(request: Request, code: str, meeting: str) -> HttpResponse:
    """Writes the minutes."""
    found = _meeting(code, meeting)
    must(request.actor, Action.WRITE_MINUTES, found)
    form = forms.WriteMinutesForm(sent(request), seats=queries.public_held_on(found.body, found.day))
    return _of_meeting(request, found, form, Action.WRITE_MINUTES, found, actions.write_minutes)


def conclude(request: Request, code: str, item: str) -> HttpResponse:
    """Says what was decided."""
    found = _item(code, item)
    must(request.actor, Action.CONCLUDE, found)
    minutes = queries.public_minutes(found.meeting)
    seats = [one.seat for one in minutes.attendances.all()] if minutes else []
    form = forms.ConcludeForm(sent(request), seats=seats)
    return _of_meeting(request, found.meeting, form, Action.CONCLUDE, found, actions.conclude)


def object_to(request: Request, code: str, item: str) -> HttpResponse:
    """Puts dissent beside a decision."""
    found = _item(code, item)
    must(request.actor, Action.OBJECT_TO, queries.public_table(found.meeting.body))
    decision = get_object_or_404(Decision, item=found)
    speakers = queries.speakers(request.actor, found.meeting.body, also_office=False)
    form = forms.ObjectToForm(sent(request), speakers=speakers)
    return _of_meeting(request, found.meeting, form, Action.OBJECT_TO, decision, actions.object_to)


def approve_minutes(request: Request, code: str, meeting: str) -> HttpResponse:
    """Approves the minutes."""
    found = _meeting(code, meeting)
    must(request.actor, Action.APPROVE_MINUTES, queries.public_table(found.body))
    minutes = get_object_or_404(Minutes, meeting=found)
    approving = queries.organisations_that_approve(request.actor, found.body)
    form = forms.ApproveMinutesForm(sent(request), organisations=approving)
    return _of_meeting(request, found, form, Action.APPROVE_MINUTES, minutes, actions.approve_minutes)


def _of_meeting(
    request: Request, meeting: Meeting, form: Form, word: Action, subject: Any, do: Callable[..., Any]
) -> HttpResponse:
    back = meeting.get_absolute_url()
    about = subject if isinstance(subject, Item) else None
    return _deed(request, form, word, meeting.body, back, lambda **said: do(request.actor, subject, **said), about)
