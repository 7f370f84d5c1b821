"""What whoever has the receipt is asked about her voice."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.voices.inboxes.models import Inbox
from withus.web.forms import Form, offer

NO, YES = "no", "yes"


class SetConsentForm(Form):
    """Whether it may be told as a story."""

    may_be_told = forms.TypedChoiceField(
        label=_("May it be told to everybody?"),
        choices=[
            (NO, _("No. It may only be counted together with others, in words that are not mine")),
            (YES, _("Yes, as a story or in what peers find, without anything that points to me")),
        ],
        coerce=lambda answer: answer == YES,
        widget=forms.RadioSelect,
    )


class ShareVoiceForm(Form):
    """Who else may read it."""

    inbox = forms.TypedChoiceField(
        label=_("Who else may read it?"),
        help_text=_("Its readers see all that was said, also the answers of the others."),
    )

    def __init__(self, *args: Any, others: Iterable[Inbox], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["inbox"], others, gettext("Please choose"), lambda one: str(one.organisation.name))
