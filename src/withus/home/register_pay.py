"""The register of stored fields, for what peers are asked and paid: organisations, seats and hours, no persons."""

from django.utils.translation import gettext_lazy as _

from withus.home.register import CODE, DAY, FOR_EVER, LANGUAGE, RECORD, ROW, Kept, Section

_PAYER = _("Which organisation has to pay.")
_WHOSE_PEOPLE = _("Of which peer organisation the people are.")
_WORK = _("What kind of work it is.")
_AMOUNT = _("How much money.")
_CURRENCY = _("In which currency.")
_TIME = _("Which payment: the first, or one after a no.")
_WHICH_LINE = _("The hours that it is about.")

PAY = Section(
    "pay",
    _("What peers were asked and paid"),
    _("Hours belong to a peer organisation, and to a seat or a task by its code. Who worked is stored nowhere."),
    {
        "Rate": Kept(_("What an organisation offers to pay."), RECORD, FOR_EVER, {
            "id": ROW, "code": CODE, "payer": _PAYER, "worked_for": _WHOSE_PEOPLE, "kind": _WORK,
            "amount": _AMOUNT, "currency": _CURRENCY,
            "per": _("For an hour, a meeting or a piece of work."),
            "words": _("What is included, in which form and when it is paid."),
            "language": LANGUAGE,
            "from_on": _("The first day for which it counts."),
            "stated_on": DAY,
        }),
        "RateAgreement": Kept(_("A peer organisation agrees to a rate."), RECORD, FOR_EVER, {
            "id": ROW, "rate": _("The rate that it agrees to."), "agreed_on": DAY,
        }),
        "PayLine": Kept(_("Hours for which pay is asked."), RECORD, FOR_EVER, {
            "id": ROW, "code": CODE, "payer": _PAYER, "worked_for": _WHOSE_PEOPLE, "kind": _WORK,
            "subject": _("The code of the meeting, recommendation or process that it was for."),
            "seat": _("The code of the seat."),
            "minutes": _("How long it took."),
            "worked_on": _("The day of the work, never the time of day."),
            "rate": _("The rate that was agreed for that day."),
            "amount": _AMOUNT,
            "expenses": _("What was spent on travel, food or childcare."),
            "currency": _CURRENCY,
            "said_by_deed": _("Whether another formal act made it, whose record tells it."),
            "said_on": DAY,
        }),
        "Payment": Kept(_("The payer says that hours are paid."), RECORD, FOR_EVER, {
            "id": ROW, "line": _WHICH_LINE, "number": _TIME,
            "paid_by": _("Whose money it was."),
            "amount": _AMOUNT, "currency": _CURRENCY,
            "form": _("Cash, a transfer, or another way."),
            "receipt": _("A mark, a code, a witness or nothing; never a name."),
            "paid_on": _("The day of the payment."),
            "said_on": DAY,
        }),
        "Arrival": Kept(_("The peer organisation says whether the money arrived."), RECORD, FOR_EVER, {
            "id": ROW, "line": _WHICH_LINE, "number": _TIME, "arrived": _("Yes or no."), "said_on": DAY,
        }),
    },
)  # fmt: skip
