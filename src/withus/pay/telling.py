"""What the log's records of pay read like, what their codes stand for, and which rows they stand in."""

from collections.abc import Collection, Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from withus.pay.models import Arrival, PayLine, Payment, Per, Rate, RateAgreement, Receipt, Way, Work
from withus.people.models import Organisation
from withus.public_log.rows import Told, stands_in_rows, told_by
from withus.public_log.telling import Named, names
from withus.public_log.wording import speak

TYPES = {
    "rate.offered": _("%(payer)s offered a rate for the work of people of %(worked_for)s"),
    "rate.agreed": _("%(worked_for)s agreed to a rate of %(payer)s"),
    "hours.claimed": _("%(worked_for)s asked %(payer)s for pay for %(line)s"),
    "hours.paid": _("It was said that %(line)s is paid"),
    "pay.arrived": _("It was said that the pay for %(line)s arrived"),
    "pay.missing": _("It was said that the pay for %(line)s did not arrive"),
}


def _whose(organisation: Organisation) -> Named:
    return Named(organisation.name, organisation.language, organisation.get_absolute_url())


def _named_rates(codes: Collection[str]) -> dict[str, Named]:
    found = Rate.objects.filter(code__in=codes).select_related("payer")
    return {one.code: Named(str(one), "", reverse("payer", args=[one.payer.code]), _whose(one.payer)) for one in found}


def _named_lines(codes: Collection[str]) -> dict[str, Named]:
    found = PayLine.objects.filter(code__in=codes).select_related("worked_for")
    return {one.code: Named(str(one), "", one.get_absolute_url(), _whose(one.worked_for)) for one in found}


def _told() -> Iterator[Told]:
    of_the_line = ("line__payer", "line__worked_for")
    for rows in (
        Rate.objects.select_related("payer", "worked_for"),
        RateAgreement.objects.select_related("rate__payer", "rate__worked_for"),
        PayLine.objects.filter(said_by_deed=False).select_related("payer", "worked_for", "rate"),
        Payment.objects.select_related("paid_by", *of_the_line),
        Arrival.objects.select_related(*of_the_line),
    ):
        yield from told_by(rows.order_by("pk").iterator(2000))


names("rate", _named_rates)
names("pay_line", _named_lines)
stands_in_rows(TYPES, _told)
speak(
    TYPES,
    who={
        "rate.offered": "payer",
        "rate.agreed": "worked_for",
        "hours.claimed": "worked_for",
        "hours.paid": "payer",
        "pay.arrived": "worked_for",
        "pay.missing": "worked_for",
    },
    codes={"rate": "rate", "line": "pay_line", "worked_for": "organisation", "paid_by": "organisation"},
    facts={
        "rate": _("Rate"),
        "line": _("What was worked"),
        "worked_for": _("Whose people worked"),
        "work": _("Which work"),
        "about": _("What it was for"),
        "seat": _("Seat"),
        "amount": _("How much"),
        "currency": _("Currency"),
        "per": _("What for"),
        "expenses": _("Expenses"),
        "from_on": _("From which day on"),
        "worked_on": _("On which day"),
        "owed": _("Pay that was asked for"),
        "payment": _("Which payment, if peers had said no before"),
        "paid_by": _("Whose money it was"),
        "form": _("How it was handed over"),
        "receipt": _("What shows it"),
        "paid_on": _("Paid on"),
        "said_on": _("Said on"),
    },
    values={
        "work": {str(one.value): one.label for one in Work},
        "per": {str(one.value): one.label for one in Per},
        "form": {str(one.value): one.label for one in Way},
        "receipt": {str(one.value): one.label for one in Receipt},
    },
    days=("from_on", "worked_on", "paid_on", "said_on"),
    opaque=("about", "seat"),
)
