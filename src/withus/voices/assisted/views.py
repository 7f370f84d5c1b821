"""Pages for whoever prints slips and types them in; none of them shows what was typed in before."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from withus.acting import must
from withus.core import clock, codes
from withus.people.models import Organisation, OrganisationKind
from withus.people.queries import public_organisations, public_recognised_codes
from withus.policy.rules import Action
from withus.voices import carried
from withus.voices.assisted import actions
from withus.voices.assisted.forms import AssistForm, AssistSeveralForm, OneSlip, PrintSlipsForm, only_once, rows
from withus.voices.assisted.models import BLANK_FOR
from withus.voices.forms import OLDEST
from withus.voices.inboxes.queries import public_open_inboxes
from withus.voices.sending import LIVES
from withus.voices.wording import STATED, Consent, Readers
from withus.web.requests import Request, saying_why_not, sent

NONE_FILLED_IN = _("No slip is filled in yet. Type in the code and the words of one at least.")
MOST_TICKS = 4  # inboxes that have room on a slip; others are written on its line


def _peers(code: str) -> Organisation:
    found = get_object_or_404(public_organisations(), code=code)
    if found.kind != OrganisationKind.PEER:
        raise Http404
    return found


def _readers() -> Readers:
    return Readers(public_open_inboxes(), public_recognised_codes(), is_for_another=True)


def print_slips(request: Request, code: str) -> HttpResponse:
    """Blank slips: how many, then the sheet; sent again, those of it that nobody has used yet."""
    ours = _peers(code)
    must(request.actor, Action.PRINT_SLIPS, ours)
    form = PrintSlipsForm(sent(request), initial={"slip": carried.new_slip()})
    seen = {"form": form, "organisation": ours, "is_invented": ours.is_invented, "days": BLANK_FOR.days}
    if form.is_valid() and form.given:
        with saying_why_not(form):
            token, size = form.given.secret, form.cleaned_data["size"]
            made = actions.print_slips(request.actor, ours, key=request.session_info.key, size=size, token=token)
            return _sheet(request, ours, made, size - len(made))
    return render(request, "voices/assisted/print_slips.html", seen)


def _sheet(request: Request, organisation: Organisation, made: list[actions.Printed], used: int) -> HttpResponse:
    """The slips, to be printed now and torn in two; nothing of the log, as this is no paper to keep."""
    readers = _readers()
    seen = {"organisation": organisation, "is_invented": organisation.is_invented, "slips": made, "printed": None}
    seen |= {"used": used, "hours": OLDEST // timedelta(hours=1)}
    seen |= {"address": f"{request.get_host()}{reverse('come_back')}", "until": clock.today() + BLANK_FOR}
    seen |= {"kinds": [words for _, words in STATED], "consents": Consent.labels, "lives": LIVES.days}
    seen |= {"inboxes": readers.inboxes[:MOST_TICKS], "may_publish": readers.may_publish}
    return render(request, "voices/assisted/slips.html", seen)


def assist(request: Request, code: str) -> HttpResponse:
    """Types in a slip; then the form comes again, empty, for the next one."""
    ours, readers, is_sent = _peers(code), _readers(), False
    must(request.actor, Action.ASSIST, ours)
    about = _given_out(readers)
    form = AssistForm(sent(request), **about)
    if form.is_valid() and form.given:
        with saying_why_not(form):
            actions.assist(request.actor, ours, token=form.given.secret, **form.said)
            form, is_sent = AssistForm(**about), True
    seen = {"form": form, "organisation": ours, "is_invented": ours.is_invented, "is_sent": is_sent}
    return render(request, "voices/assisted/assist.html", seen | {"inboxes": readers.inboxes})


def assist_several(request: Request, code: str) -> HttpResponse:
    """Types in several slips that go to the same readers: those that are right are sent, the others stay."""
    ours, readers, are_sent = _peers(code), _readers(), list[str]()
    must(request.actor, Action.ASSIST, ours)
    about, slips = _given_out(readers), rows(sent(request))
    form = AssistSeveralForm(sent(request), **about)
    if form.is_valid() and form.given:
        filled = {at: one for at, one in enumerate(slips) if one.has_changed()}
        if not filled:
            form.add_error(None, NONE_FILLED_IN)
        only_once(filled.values())
        for at, one in filled.items():
            if _is_entered(request, ours, form, one):
                are_sent.append(codes.grouped(one.said["number"]))
                slips[at] = rows(None)[at]
        if are_sent:
            form.begin_anew()
        if filled and len(are_sent) == len(filled):  # who speaks next chooses for herself
            form, slips = AssistSeveralForm(**about), rows(None)
    seen = {"form": form, "slips": slips, "organisation": ours, "is_invented": ours.is_invented, "are_sent": are_sent}
    return render(request, "voices/assisted/assist_several.html", seen | {"inboxes": readers.inboxes})


def _given_out(readers: Readers) -> dict[str, Any]:
    """What a form is given out with: a slip of its own, and nothing of what was typed in before."""
    return {"readers": readers, "organisations": public_organisations(), "initial": {"slip": carried.new_slip()}}


def _is_entered(request: Request, ours: Organisation, form: AssistSeveralForm, slip: OneSlip) -> bool:
    """Whether one slip of several is sent; if not, it says why."""
    if not slip.errors and form.given:
        with saying_why_not(slip):
            actions.assist(request.actor, ours, token=form.given.secret, **form.said, **slip.said)
    return not slip.errors
