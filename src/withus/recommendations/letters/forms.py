"""What is asked of those who name a norm, and of those who hold a letter."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.compute.deadlines import Counting
from withus.compute.reasons import OF_A_REASON
from withus.people.forms import secret_field
from withus.processes.board.forms import number
from withus.public_log.wording import VALUES
from withus.recommendations.conditions import LAW, REASON
from withus.web.forms import Form, Written, also, offer, telling


class CiteForm(Written):
    """What gives a body its deadlines."""

    organisation = forms.TypedChoiceField(label=_("In whose name?"))
    words = also(
        forms.CharField(
            label=_("Which law, and which article?"),
            help_text=_("If there is none, say so, and why these days are fair. It stands in every letter."),
            widget=forms.Textarea(attrs={"rows": 4}),
        ),
        telling(LAW, OF_A_REASON),
    )
    acknowledge_days = number(
        _("Within how many days does it have to say that a letter has arrived?"), "acknowledge_days"
    )
    reply_days = number(_("Within how many days does it have to answer a recommendation?"), "reply_days")
    question_days = number(_("And a formal question?"), "question_days")
    extension_days = number(
        _("How many days can it take more, once, with a reason?"),
        "extension_days",
        help_text=_("0 means: none. Not more than the answer itself has."),
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

    reason = also(
        forms.CharField(
            label=_("How can others see that you are the body, and those who answer here are not?"),
            help_text=_("Everybody can read this, for good. No names of persons, please."),
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 5}),
        ),
        telling(REASON, OF_A_REASON),
    )


class AttestForm(Written):
    """What the host found."""

    holds = forms.TypedChoiceField(
        label=_("Are those who answer here the body?"),
        choices=[("yes", _("Yes, they hold the page")), ("no", _("No, and all their roles here end now"))],
        coerce="yes".__eq__,
        widget=forms.RadioSelect,
    )
    reason = also(
        forms.CharField(
            label=_("How did you check it?"),
            help_text=_("Everybody can read this, for good. Say whom you asked, by office, and what they said."),
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 5}),
        ),
        telling(REASON, OF_A_REASON),
    )
