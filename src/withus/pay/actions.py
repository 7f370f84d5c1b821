"""Rates, hours, payments and whether they arrived: each said once, in public, never to be edited."""

import datetime
import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from babel.core import get_global
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext

from withus.acting import acting, only_telling
from withus.compute.reasons import OF_A_REASON
from withus.core import clock, codes
from withus.core.errors import Refused, all_at_once, only_if
from withus.pay.models import (
    CENT,
    MOST,
    MOST_MINUTES,
    NOTHING,
    Arrival,
    PayLine,
    Payment,
    Rate,
    RateAgreement,
)
from withus.pay.owing import fit, follow
from withus.pay.queries import Agreeable, public_has_ended
from withus.people.models import Organisation, OrganisationKind
from withus.policy.facts import Actor, ActorKind
from withus.policy.rules import Action

OLDEST = datetime.timedelta(days=365)
AHEAD = datetime.timedelta(days=60)  # a part may be paid before the work
_CODE = re.compile(f"[{codes.SYMBOLS}]{{13}}")
Row = TypeVar("Row", bound=models.Model)


@cache
def _currencies() -> frozenset[str]:
    """Letters of every currency that is legal tender somewhere today."""
    used = (one for territory in get_global("territory_currencies").values() for one in territory)
    return frozenset(code for code, _, until, is_tender in used if is_tender and until is None)


def _currency(letters: str) -> str:
    known = letters.strip().upper()
    if known not in _currencies():
        raise Refused(gettext("Write the three letters of a currency that is in use, for example EUR."), "currency")
    return known


def _money(amount: Decimal, field: str, least: Decimal) -> Decimal:
    """The amount to the cent; raises Refused for one that nobody pays."""
    if not least <= amount < MOST:
        says = gettext("This cannot be right. Write an amount from %(least)s on, below 100 million.")
        raise Refused(says % {"least": least}, field)
    if amount != amount.quantize(CENT):
        raise Refused(gettext("Write at most two digits after the point, for example 12.50."), field)
    return amount.quantize(CENT)


def _once(make: Callable[[], Row], same: models.QuerySet[Row], sentence: str) -> Row:
    """The row; raises Refused with the sentence if somebody made the `same` already, or makes it at this moment."""
    try:
        with transaction.atomic():
            return make()
    except IntegrityError:
        if same.exists():
            raise Refused(sentence) from None
        raise


def _as_payer(payer: Organisation) -> ActorKind:
    return ActorKind.BODY if payer.kind == OrganisationKind.BODY else ActorKind.ORGANISATION


def _body(payer: Organisation) -> str | None:
    return payer.code if payer.kind == OrganisationKind.BODY else None


def offer_rate(
    actor: Actor,
    payer: Organisation,
    *,
    worked_for: Organisation,
    kind: str,
    amount: Decimal,
    currency: str,
    per: str,
    words: str,
    language: str,
    from_on: datetime.date,
) -> Rate:
    """Says what the people of a peer organisation are paid; it counts once that organisation agrees.

    Raises Refused, Denied.
    """
    with acting(actor, Action.OFFER_RATE, payer) as record:
        today = clock.today()
        with all_at_once() as check:
            theirs = gettext("Choose a peer organisation: these rates are for its people.")
            check(only_if, worked_for.kind == OrganisationKind.PEER, theirs, "worked_for")
            about: dict[str, Any] = {"amount": check(_money, amount, "amount", CENT)}
            about["currency"] = check(_currency, currency)
            begins = gettext("A rate cannot begin in the past. Choose today or a later day.")
            check(only_if, from_on >= today, begins, "from_on")
            advice = gettext("Say in a sentence what is included, in which form, and when it is paid.")
            check(only_telling, advice, OF_A_REASON, words=words)
        about |= {"payer": payer, "worked_for": worked_for, "kind": kind, "per": per, "from_on": from_on}
        rate = _once(
            lambda: Rate.objects.create(**about, words=words, language=language, stated_on=today),
            Rate.objects.filter(**about),
            gettext("This rate was offered already. It stands on the page."),
        )
        record.told(rate.told(), by=_as_payer(payer), body=_body(payer))
    return rate


def agree_rate(actor: Actor, agreeable: Agreeable) -> RateAgreement:
    """Agrees for the peer organisation whose people are paid: the rate counts. Raises Refused, Denied."""
    with acting(actor, Action.AGREE_RATE, agreeable) as record:
        rate = agreeable.rate
        if public_has_ended(rate):
            raise Refused(gettext("You have agreed to a newer rate for this work since. This offer has ended."))
        agreement = _once(
            lambda: RateAgreement.objects.create(rate=rate, agreed_on=clock.today()),
            RateAgreement.objects.filter(rate=rate),
            gettext("Your organisation has agreed to this rate already."),
        )
        record.told(agreement.told(), by=ActorKind.ORGANISATION, body=_body(rate.payer))
    return agreement


def claim_hours(
    actor: Actor,
    organisation: Organisation,
    *,
    payer: Organisation,
    kind: str,
    minutes: int,
    worked_on: datetime.date,
    subject: str = "",
    seat: str = "",
    expenses: Decimal | None = None,
    currency: str = "",
    code: str = "",
) -> PayLine:
    """Asks for pay for hours that people of a peer organisation worked, at the rate agreed for that day.

    `code` is the form's own, so that a form that is sent twice makes one line. Raises Refused, Denied.
    """
    with acting(actor, Action.CLAIM_HOURS, organisation) as record:
        today, code = clock.today(), code or codes.code()
        if not (actor.is_system or _CODE.fullmatch(code)):
            raise Refused(gettext("This form is not from here. Open it again."))
        about = {"payer": payer, "kind": kind, "subject": subject, "seat": seat, "minutes": minutes}
        line = PayLine(code=code, worked_for=organisation, worked_on=worked_on, **about)
        with all_at_once() as check:
            check(_only_a_days_work, line, today)
            if expenses and currency:
                check(_currency, currency)
            line.expenses = _money(expenses or NOTHING, "expenses", NOTHING)
        _name_currency(fit(line), currency)
        _once(
            lambda: _saved(line),
            PayLine.objects.filter(code=code),
            gettext("This was sent already, and stands on the page once. For more hours open the form again."),
        )
        record.told(line.told(), by=ActorKind.ORGANISATION, body=_body(payer))
    return line


def _only_a_days_work(line: PayLine, today: datetime.date) -> None:
    """Raises Refused for hours that no day has, or of a day too long ago, or that a seat asked for already."""
    with all_at_once() as check:
        hours = gettext("Write the minutes of one day: from 1 to 1440.")
        check(only_if, 1 <= line.minutes <= MOST_MINUTES, hours, "minutes")
        day = gettext("Choose the day of the work: today, or one of the last twelve months.")
        check(only_if, today - OLDEST <= line.worked_on <= today, day, "worked_on")
        if line.subject and line.seat:
            same = PayLine.objects.filter(subject=line.subject, seat=line.seat, worked_on=line.worked_on)
            asked = gettext("The hours of this seat on that day were asked for already.")
            check(only_if, not same.exists(), asked, "seat")


def _saved(line: PayLine) -> PayLine:
    line.save(force_insert=True)
    return line


def _name_currency(line: PayLine, currency: str) -> None:
    """Expenses are in the currency of the rate, or in the one that is named where there is no rate."""
    if not line.expenses:
        return
    named = _currency(currency) if currency or not line.currency else line.currency
    if line.currency and named != line.currency:
        says = gettext("The agreed rate is in %(currency)s. Write the expenses in the same currency.")
        raise Refused(says % {"currency": line.currency}, "currency")
    line.currency = named


def pay(
    actor: Actor,
    line: PayLine,
    *,
    form: str,
    receipt: str,
    paid_on: datetime.date,
    paid_by: Organisation | None = None,
    amount: Decimal | None = None,
    currency: str = "",
) -> Payment:
    """Says for the payer that a line is paid, whole, and how much it was where no rate was agreed; once more where
    peers said that it did not arrive.

    Raises Refused, Denied.
    """
    with acting(actor, Action.PAY, line) as record:
        today, held = clock.today(), PayLine.objects.get(pk=line.pk)
        if not held.waits_for_payer:
            raise Refused(gettext("It was said already that this is paid."))
        owner = paid_by or line.payer
        with all_at_once() as check:
            says = gettext("Choose the day on which it was paid: not in the future, at most 60 days before the work.")
            check(only_if, line.worked_on - AHEAD <= paid_on <= today, says, "paid_on")
            pays = gettext("Choose the organisation that pays, or a funder.")
            check(only_if, owner == line.payer or owner.kind == OrganisationKind.FUNDER, pays, "paid_by")
            about: dict[str, Any] = {"amount": check(_whole, line, amount)}
            about["currency"] = line.currency if line.rate else check(_currency, currency)
        about |= {"form": form, "receipt": receipt, "paid_on": paid_on, "said_on": today, "paid_by": owner}
        about["number"] = held.paid.number + 1 if held.paid else 1
        payment = _once(
            lambda: Payment.objects.create(line=line, **about),
            Payment.objects.filter(line=line, number=about["number"]),
            gettext("It was said already that this is paid."),
        )
        record.told(payment.told(), by=_as_payer(line.payer), body=_body(line.payer))
        follow(line)
    return payment


def _whole(line: PayLine, amount: Decimal | None) -> Decimal:
    """What is paid; raises Refused for a part of what an agreed rate gives, or where nobody says how much."""
    if line.rate is None:
        if amount is None:
            raise Refused(gettext("No rate was agreed for this. Say how much was paid, with expenses."), "amount")
        return _money(amount, "amount", CENT)
    total = max(CENT, line.total)  # earlier versions rounded some lines to nothing, which nobody can pay
    if amount is not None and amount != total:
        says = gettext("A line is paid whole: %(total)s. Say so when all of it is paid.")
        raise Refused(says % {"total": f"{total} {line.currency}"}, "amount")
    return total


def check_pay(actor: Actor, line: PayLine, *, arrived: bool) -> Arrival:
    """Says for the peer organisation whether the pay arrived: the second key. Raises Refused, Denied."""
    with acting(actor, Action.CHECK_PAY, line) as record:
        payment = Payment.objects.filter(line=line).order_by("number").last()
        if payment is None:
            raise Refused(gettext("The payer has not said yet that this is paid. Then there is nothing to check."))
        if line.payer == line.worked_for:
            raise Refused(gettext("Your organisation paid this itself. Nobody can check one's own word."))
        if line.arrivals.filter(arrived=True).exists():
            raise Refused(gettext("It was said already that this arrived."))
        arrival = _once(
            lambda: Arrival.objects.create(line=line, number=payment.number, arrived=arrived, said_on=clock.today()),
            line.arrivals.filter(number=payment.number, arrived=arrived),
            gettext("It was said already that this did not arrive. You can still say that it came."),
        )
        record.told(arrival.told(), by=ActorKind.ORGANISATION, body=_body(line.payer))
        follow(line)
    return arrival
