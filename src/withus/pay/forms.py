"""What is asked of those who offer rates, ask for pay, pay, and check that it arrived."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.core import codes
from withus.pay.models import Per, Receipt, Way, Work
from withus.web.forms import Form, Written, offer

_CODE_ADVICE = {"invalid": _("Write the code as its page shows it: letters, digits and hyphens.")}
Day = forms.DateInput(attrs={"type": "date"})


class Money(forms.DecimalField):
    """An amount, with a point or a comma before the cents, in any digits."""

    def __init__(self, **kwargs: Any) -> None:
        advice = {"invalid": _("Write an amount like this: 12.50.")}
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal"}), error_messages=advice, **kwargs)

    def to_python(self, value: Any) -> Any:
        """The number that was meant; what has points and commas both is asked for again."""
        return super().to_python(re.sub("[,٫]", ".", value) if isinstance(value, str) else value)


def _currency(label: Any, *, is_required: bool = True) -> forms.CharField:
    help_text = _("Its three letters, for example EUR.")
    return forms.CharField(label=label, help_text=help_text, max_length=3, required=is_required)


class OfferRateForm(Written):
    """What peers are paid."""

    worked_for = forms.TypedChoiceField(label=_("Whose people are paid?"))
    kind = forms.ChoiceField(label=_("For which work?"), choices=Work.choices, widget=forms.RadioSelect)
    amount = Money(label=_("How much?"), help_text=_("What people who are no peers get for such work, at least."))
    currency = _currency(_("In which currency?"))
    per = forms.ChoiceField(label=_("What for?"), choices=Per.choices, initial=Per.HOUR, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("What is included, in which form and when is it paid?"),
        help_text=_("Travel, food, childcare; cash or as people choose; before, after, or half and half."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    from_on = forms.DateField(label=_("From which day on?"), widget=Day)

    def __init__(self, *args: Any, peers: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["worked_for"], peers, gettext("Please choose"))


class AgreeRateForm(Form):
    """A yes."""


class ClaimHoursForm(Form):
    """Hours that somebody worked; its code is made with the form, so that twice sent is once said."""

    code = forms.CharField(widget=forms.HiddenInput, required=False)
    payer = forms.TypedChoiceField(label=_("Who has to pay?"))
    kind = forms.ChoiceField(label=_("Which work was it?"), choices=Work.choices, widget=forms.RadioSelect)
    worked_on = forms.DateField(label=_("On which day?"), widget=Day)
    minutes = forms.IntegerField(
        label=_("How many minutes?"),
        help_text=_("With the way there and back, and the time to read before. Two hours are 120."),
    )
    subject = forms.SlugField(
        label=_("For what was it?"),
        help_text=_("The code of the meeting, recommendation or process, as its page shows it."),
        max_length=64,
        required=False,
        error_messages=_CODE_ADVICE,
    )
    seat = forms.SlugField(
        label=_("On which seat?"),
        help_text=_("Its code."),
        max_length=64,
        required=False,
        error_messages=_CODE_ADVICE,
    )
    expenses = Money(label=_("How much was spent?"), help_text=_("Travel, food, childcare."), required=False)
    currency = _currency(_("In which currency was it spent?"), is_required=False)

    def __init__(self, *args: Any, payers: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("code", codes.code())
        offer(self.fields["payer"], payers, gettext("Please choose"))


class PayForm(Form):
    """The payer's word."""

    paid_on = forms.DateField(label=_("On which day was it paid?"), widget=Day)
    paid_by = forms.TypedChoiceField(label=_("Whose money was it?"))
    amount = Money(label=_("How much, with expenses?"))
    currency = _currency(_("In which currency?"))
    form = forms.ChoiceField(label=_("How was it handed over?"), choices=Way.choices, widget=forms.RadioSelect)
    receipt = forms.ChoiceField(
        label=_("What shows it?"),
        help_text=_("Never a name or a signature here."),
        choices=Receipt.choices,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, payers: Iterable[Any] = (), has_rate: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = list(payers)
        offer(self.fields["paid_by"], found, gettext("Please choose"))
        if len(found) == 1:
            self.initial.setdefault("paid_by", found[0].code)
        if has_rate:  # then the rate says how much
            del self.fields["amount"], self.fields["currency"]


class CheckPayForm(Form):
    """The second key."""

    arrived = forms.TypedChoiceField(
        label=_("Did all of it arrive, as agreed?"),
        choices=[("yes", _("Yes, it arrived")), ("no", _("No, it did not"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
