"""Pages of what peers are asked and paid."""

import csv
import io
from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from withus.acting import must
from withus.core import clock
from withus.pay import actions, forms, queries, wording
from withus.pay.models import PayLine, Rate
from withus.people.queries import public_recognised_codes
from withus.policy.rules import Action
from withus.web.forms import Form
from withus.web.requests import Request, saying_why_not, sent

PAGE = 25
COLUMNS = (
    *("line", "payer", "worked_for", "work", "about", "seat", "worked_on", "minutes", "rate", "amount", "expenses"),
    *("currency", "said_on", "paid_on", "paid_by", "form", "receipt", "paid_amount", "paid_currency", "arrived"),
)


def _page(request: Request, of: Any, lines: QuerySet[PayLine], rates: QuerySet[Rate], **seen: Any) -> HttpResponse:
    """One side of the table: its rates, its hours in sum, and its lines by month."""
    page, day = Paginator(lines, PAGE).get_page(request.GET.get("page")), clock.today()
    seen |= {
        "organisation": of,
        "is_invented": of.is_invented,
        "page": page,
        "months": wording.months(list(page), lines, day),
    }
    seen |= {"rates": wording.shown_rates(list(rates), public_recognised_codes(), day)}
    return render(request, "pay/pay_page.html", seen)


def payer(request: Request, code: str) -> HttpResponse:
    """What an organisation asks of peers, and what it paid."""
    found = get_object_or_404(queries.public_organisations(), code=code)
    seen = {"hours": queries.public_hours(found), "peers": queries.peers_of(request.actor), "is_payer": True}
    return _page(request, found, queries.public_lines(found), queries.public_rates(found), **seen)


def peers_pay(request: Request, code: str) -> HttpResponse:
    """What the people of a peer organisation were asked and paid."""
    found = get_object_or_404(queries.public_peer_organisations(), code=code)
    lines, rates = queries.public_peers_lines(found), queries.public_peers_rates(found)
    return _page(request, found, lines, rates, hours=queries.public_peers_hours(found), is_payer=False)


def pay_csv(request: Request, code: str) -> HttpResponse:
    """The lines of a payer, to take away. An empty cell: nobody has said it."""
    found = get_object_or_404(queries.public_organisations(), code=code)
    out = io.StringIO(newline="")
    csv.writer(out).writerows([COLUMNS, *(_cells(line) for line in queries.public_lines(found))])
    response = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="pay-{code}.csv"'
    return response


def _cells(line: PayLine) -> list[object]:
    said: dict[str, object] = dict(line.facts())
    if line.paid:
        paid = line.paid
        said |= {"paid_on": paid.paid_on, "paid_by": paid.paid_by.code, "form": paid.form, "receipt": paid.receipt}
        said |= {"paid_amount": paid.amount, "paid_currency": paid.currency}
    if line.arrival:
        said["arrived"] = "yes" if line.arrival.arrived else "no"
    return [said.get(name, "") for name in COLUMNS]


def pay_line(request: Request, code: str) -> HttpResponse:
    """Hours that were worked on a day, and what became of their pay."""
    line = get_object_or_404(queries.public_all_lines(), code=code)
    seen = {"line": line, "shown": wording.ShownLine(line, clock.today()), "is_invented": line.payer.is_invented}
    seen |= {"is_own_word": line.payer_id == line.worked_for_id}
    return render(request, "pay/pay_line.html", seen)


def _deed(
    request: Request, subject: Any, form: Form, word: Action, do: Callable[..., Any], back: str, **seen: Any
) -> HttpResponse:
    """The page of one deed: its form, or the deed."""
    must(request.actor, word, subject)
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            made = do(request.actor, subject, **form.cleaned_data)
            there = made.get_absolute_url() if isinstance(made, PayLine) else back
            return HttpResponseRedirect(there, status=303)
    seen |= {"form": form, "words": wording.DEEDS[word], "back": back}
    return render(request, "pay/deed.html", seen)


def offer_rate(request: Request, code: str) -> HttpResponse:
    """Offers a rate to a peer organisation."""
    found = get_object_or_404(queries.public_organisations(), code=code)
    form = forms.OfferRateForm(sent(request), peers=queries.public_peer_organisations())
    seen: dict[str, Any] = {"back": reverse("payer", args=[code]), "is_invented": found.is_invented}
    return _deed(request, found, form, Action.OFFER_RATE, actions.offer_rate, **seen)


def agree_rate(request: Request, code: str) -> HttpResponse:
    """Agrees to a rate."""
    rate = get_object_or_404(queries.public_all_rates(), code=code)
    seen: dict[str, Any] = {
        "back": reverse("peers_pay", args=[rate.worked_for.code]),
        "is_invented": rate.payer.is_invented,
    }
    about, form = queries.public_agreeable(rate), forms.AgreeRateForm(sent(request))
    return _deed(request, about, form, Action.AGREE_RATE, actions.agree_rate, rate=rate, **seen)


def claim_hours(request: Request, code: str) -> HttpResponse:
    """Asks for pay for hours that people of a peer organisation worked."""
    found = get_object_or_404(queries.public_peer_organisations(), code=code)
    chosen = {name: request.GET.get(name, "") for name in ("payer", "kind", "subject", "seat")}
    form = forms.ClaimHoursForm(sent(request), payers=queries.public_organisations(), initial=chosen)
    seen: dict[str, Any] = {"back": reverse("peers_pay", args=[code]), "is_invented": found.is_invented}
    return _deed(request, found, form, Action.CLAIM_HOURS, actions.claim_hours, **seen)


def _of_line(request: Request, line: PayLine, form: Form, word: Action, do: Callable[..., Any]) -> HttpResponse:
    seen: dict[str, Any] = {"back": line.get_absolute_url(), "is_invented": line.payer.is_invented}
    return _deed(request, line, form, word, do, line=line, **seen)


def pay(request: Request, code: str) -> HttpResponse:
    """Says that hours are paid."""
    line = get_object_or_404(queries.public_all_lines(), code=code)
    about: dict[str, Any] = {"payers": queries.public_payers_for(line), "has_rate": line.rate is not None}
    return _of_line(request, line, forms.PayForm(sent(request), **about), Action.PAY, actions.pay)


def check_pay(request: Request, code: str) -> HttpResponse:
    """Says whether the pay arrived."""
    line = get_object_or_404(queries.public_all_lines(), code=code)
    return _of_line(request, line, forms.CheckPayForm(sent(request)), Action.CHECK_PAY, actions.check_pay)
