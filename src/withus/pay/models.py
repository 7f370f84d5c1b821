"""What peers are paid: agreed rates, hours, payments, and whether the money arrived. Rows are added, never edited.

No person stands here, neither by name nor by account: hours belong to a peer organisation, and to a seat, a meeting or
a task by its public code.
"""

import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from withus.core import codes
from withus.people.models import Organisation
from withus.public_log.rows import Told
from withus.web.language import apart, money

CENT, NOTHING = Decimal("0.01"), Decimal("0.00")
MOST = Decimal(100_000_000)  # under this a rate stays in every currency there is
MOST_MINUTES = 24 * 60


class Work(models.TextChoices):
    """What peers are asked to do."""

    SEAT = "seat", _("a seat")
    MEETING = "meeting", _("a meeting")
    CHECKING = "checking", _("checking what was done")
    MODERATING = "moderating", _("reading statements")
    TRANSCRIBING = "transcribing", _("writing down what was said")
    OTHER = "other", _("another task")


class Per(models.TextChoices):
    """What a rate is paid for."""

    HOUR = "hour", _("for each hour")
    MEETING = "meeting", _("for each meeting")
    ITEM = "item", _("for each piece of work")


class Rate(models.Model):
    """What somebody offers to pay the people of a peer organisation for a kind of work, from a day on."""

    code = models.CharField(max_length=16, unique=True, default=codes.code)
    payer = models.ForeignKey(Organisation, models.PROTECT, related_name="rates_offered")
    worked_for = models.ForeignKey(Organisation, models.PROTECT, related_name="rates")
    kind = models.CharField(max_length=12, choices=Work)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    per = models.CharField(max_length=8, choices=Per)
    words = models.TextField()
    language = models.CharField(max_length=12)
    from_on = models.DateField()
    stated_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="a_rate_pays_something"),
            models.UniqueConstraint(
                fields=["payer", "worked_for", "kind", "from_on", "amount", "currency", "per"],
                name="a_rate_is_offered_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{apart(money(self.amount, self.currency))} {self.get_per_display()}"

    @property
    def organisation_code(self) -> str:
        """Whose people are paid, for the policy."""
        return self.worked_for.code

    def pay_for(self, minutes: int) -> Decimal:
        """What it pays for these minutes, to the cent, and never nothing; a meeting or a piece of work pays the same
        however long."""
        due = self.amount * minutes / 60 if self.per == Per.HOUR else self.amount
        return max(CENT, due.quantize(CENT, ROUND_HALF_UP))

    def facts(self) -> dict[str, object]:
        """What the world reads of it in the log."""
        return {
            "rate": self.code,
            "payer": self.payer.code,
            "worked_for": self.worked_for.code,
            "work": self.kind,
            "amount": f"{self.amount:.2f}",
            "currency": self.currency,
            "per": self.per,
            "from_on": self.from_on.isoformat(),
            "language": self.language,
            "said_on": self.stated_on.isoformat(),
        }

    def told(self) -> Told:
        """The record that it left; its words enter as a commitment."""
        return Told("rate.offered", self.code, self.facts(), self, {"words": "words"})


class RateAgreement(models.Model):
    """The peer organisation agrees to a rate: from then on it counts."""

    rate = models.OneToOneField(Rate, models.PROTECT, related_name="agreement")
    agreed_on = models.DateField()

    def facts(self) -> dict[str, object]:
        """What the world reads of it in the log."""
        return {
            "rate": self.rate.code,
            "payer": self.rate.payer.code,
            "worked_for": self.rate.worked_for.code,
            "said_on": self.agreed_on.isoformat(),
        }

    def told(self) -> Told:
        """The record that it left."""
        return Told("rate.agreed", self.rate.code, self.facts(), self)


class PayLine(models.Model):
    """Hours for which pay is asked, at the rate agreed for that day; without one it says so."""

    code = models.CharField(max_length=16, unique=True, default=codes.code)
    payer = models.ForeignKey(Organisation, models.PROTECT, related_name="lines_to_pay")
    worked_for = models.ForeignKey(Organisation, models.PROTECT, related_name="pay_lines")
    kind = models.CharField(max_length=12, choices=Work)
    subject = models.CharField(max_length=64, blank=True)  # public code of what it was for
    seat = models.CharField(max_length=64, blank=True)
    minutes = models.PositiveSmallIntegerField()
    worked_on = models.DateField()
    rate = models.ForeignKey(Rate, models.PROTECT, null=True, blank=True, related_name="lines")  # none: none was agreed
    amount = models.DecimalField(max_digits=14, decimal_places=2, default=NOTHING)
    expenses = models.DecimalField(max_digits=12, decimal_places=2, default=NOTHING)
    currency = models.CharField(max_length=3, blank=True)
    said_by_deed = models.BooleanField(default=False)  # another deed made it, and its record tells it
    said_on = models.DateField()

    class Meta:
        ordering = ("-worked_on", "-id")
        indexes = [
            models.Index(fields=["payer", "-worked_on", "-id"]),
            models.Index(fields=["worked_for", "-worked_on", "-id"]),
            models.Index(fields=["subject"], name="pay_for_something"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1, minutes__lte=MOST_MINUTES), name="work_lasts_a_minute_to_a_day"
            ),
            models.CheckConstraint(condition=models.Q(amount__gte=0, expenses__gte=0), name="nobody_pays_to_work"),
            models.CheckConstraint(
                condition=~models.Q(currency="") | models.Q(amount=0, expenses=0), name="money_has_its_currency"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def organisation_code(self) -> str:
        """Whose people worked, for the policy."""
        return self.worked_for.code

    @property
    def payer_code(self) -> str:
        """Who has to pay, for the policy."""
        return self.payer.code

    @property
    def total(self) -> Decimal:
        """What is asked in all."""
        return self.amount + self.expenses

    @property
    def month(self) -> datetime.date:
        """The first day of its month."""
        return self.worked_on.replace(day=1)

    @cached_property
    def paid(self) -> "Payment | None":
        """The payer's last word that it is paid."""
        return max(self.payments.all(), key=lambda one: one.number, default=None)

    @cached_property
    def arrival(self) -> "Arrival | None":
        """The last word of the peer organisation on whether it arrived."""
        return max(self.arrivals.all(), key=lambda one: one.pk, default=None)

    @property
    def answer(self) -> "Arrival | None":
        """What the peer organisation last said of the payer's last word; of an earlier one it does not count."""
        is_about_it = self.paid and self.arrival and self.arrival.number == self.paid.number
        return self.arrival if is_about_it else None

    @property
    def waits_for_payer(self) -> bool:
        """Whether the payer's word comes next: it was never said, or peers say that nothing came of it."""
        return self.paid is None or (self.answer is not None and not self.answer.arrived)

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("pay_line", args=[self.code])

    def facts(self) -> dict[str, object]:
        """What the world reads of it in the log."""
        return {
            "line": self.code,
            "payer": self.payer.code,
            "worked_for": self.worked_for.code,
            "work": self.kind,
            "about": self.subject,
            "seat": self.seat,
            "minutes": self.minutes,
            "worked_on": self.worked_on.isoformat(),
            "rate": self.rate.code if self.rate else "",
            "amount": f"{self.amount:.2f}",
            "expenses": f"{self.expenses:.2f}",
            "currency": self.currency,
            "said_on": self.said_on.isoformat(),
        }

    def told(self) -> Told:
        """The record that it left, unless it is told inside another deed's."""
        return Told("hours.claimed", self.code, self.facts(), self)


class Way(models.TextChoices):
    """How money is handed over."""

    CASH = "cash", _("cash")
    TRANSFER = "transfer", _("a transfer")
    OTHER = "other", _("another way")


class Receipt(models.TextChoices):
    """What shows that it was handed over; never a name or a signature here."""

    MARK = "mark", _("a mark on a list")
    CODE = "code", _("a code")
    WITNESS = "witness", _("a witness")
    NONE = "none", _("nothing")


class Payment(models.Model):
    """The payer's word that a line is paid, whole: the first key. After a no of the peers it can be said again."""

    line = models.ForeignKey(PayLine, models.PROTECT, related_name="payments")
    number = models.PositiveSmallIntegerField(default=1)  # said for the first time, the second …
    paid_by = models.ForeignKey(Organisation, models.PROTECT, related_name="payments")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    form = models.CharField(max_length=8, choices=Way)
    receipt = models.CharField(max_length=8, choices=Receipt)
    paid_on = models.DateField()
    said_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="a_payment_pays_something"),
            models.UniqueConstraint(fields=["line", "number"], name="each_payment_is_said_once"),
        ]

    def facts(self) -> dict[str, object]:
        """What the world reads of it in the log."""
        return {
            "line": self.line.code,
            "payer": self.line.payer.code,
            "payment": self.number,
            "paid_by": self.paid_by.code,
            "amount": f"{self.amount:.2f}",
            "currency": self.currency,
            "form": self.form,
            "receipt": self.receipt,
            "paid_on": self.paid_on.isoformat(),
            "said_on": self.said_on.isoformat(),
        }

    def told(self) -> Told:
        """The record that it left."""
        return Told("hours.paid", self.line.code, self.facts(), self)


class Arrival(models.Model):
    """The peer organisation's word whether the money arrived: the second key. After a no, a yes can follow."""

    line = models.ForeignKey(PayLine, models.PROTECT, related_name="arrivals")
    number = models.PositiveSmallIntegerField(default=1)  # of the payment
    arrived = models.BooleanField()
    said_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "number", "arrived"], name="each_answer_is_given_once")]

    def facts(self) -> dict[str, object]:
        """What the world reads of it in the log."""
        return {
            "line": self.line.code,
            "payer": self.line.payer.code,
            "worked_for": self.line.worked_for.code,
            "payment": self.number,
            "said_on": self.said_on.isoformat(),
        }

    def told(self) -> Told:
        """The record that it left; its type says yes or no."""
        return Told("pay.arrived" if self.arrived else "pay.missing", self.line.code, self.facts(), self)
