"""What is asked of those who name a norm, and of those who hold a letter."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.compute.deadlines import Counting
from withus.people.forms import secret_field
from withus.processes.board.terms import LIMITS
from withus.public_log.wording import VALUES
from withus.web.forms import Form, Written, offer


def _days(name: str, label: Any, help_text: Any = "") -> forms.IntegerField:
    bounds = forms.NumberInput(attrs=dict(zip(("min", "max"), LIMITS[name], strict=True)))
    return forms.IntegerField(label=label, help_text=help_text, widget=bounds)


class CiteForm(Written):
    """What gives a body its deadlines."""

    organisation = forms.TypedChoiceField(label=_("In whose name?"))
    words = forms.CharField(
        label=_("Which law, and which article?"),
        help_text=_("If there is none, say so, and why these days are fair. It stands in every letter."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    acknowledge_days = _days(
        "acknowledge_days", _("Within how many days does it have to say that a letter has arrived?")
    )
    reply_days = _days("reply_days", _("Within how many days does it have to answer a recommendation?"))
    question_days = _days("question_days", _("And a formal question?"))
    extension_days = _days(
        "extension_days",
        _("How many days can it take more, once, with a reason?"),
        _("0 means: none. Not more than the answer itself has."),
    )
    counting = forms.ChoiceField(
        label=_("Which days count?"),
        choices=[(one.value, VALUES["counting"][one.value]) for one in Counting],
        widget=forms.RadioSelect,
        initial=Counting.CALENDAR.value,
    )
    region = forms.CharField(
        label=_("Whose public holidays count?"),
        help_text=_("A country or a part of it, such as DE or DE-BE. Empty means: weekends only."),
        max_length=12,
        required=False,
    )

    def __init__(self, *args: Any, organisations: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = list(organisations)
        offer(self.fields["organisation"], found, gettext("Please choose"))
        if len(found) == 1:
            self.initial.setdefault("organisation", found[0].code)


class TakeOverForm(Form):
    """The code of a letter."""

    code = secret_field(
        _("Which code is on the letter?"), _("Sixteen letters and digits. Small or large, it does not matter.")
    )


class ConfirmForm(TakeOverForm):
    """The code of a second letter."""


class ContestForm(Written, TakeOverForm):
    """The code of another letter, and what is wrong."""

    reason = forms.CharField(
        label=_("How can others see that you are the body, and those who answer here are not?"),
        help_text=_("Everybody can read this, for good. No names of persons, please."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class AttestForm(Written):
    """What the host found."""

    holds = forms.TypedChoiceField(
        label=_("Are those who answer here the body?"),
        choices=[("yes", _("Yes, they hold the page")), ("no", _("No, and all their roles here end now"))],
        coerce="yes".__eq__,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("How did you check it?"),
        help_text=_("Everybody can read this, for good. Say whom you asked, by office, and what they said."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
