"""What is asked of whoever reports something, and of the steward who decides."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.core import codes
from withus.home.reports.models import Ruling, Why
from withus.home.reports.places import page_meant
from withus.voices import carried
from withus.voices.forms import Slipped
from withus.web.forms import Written, sentences

_SYMBOLS = 26  # of the address to come back to


class ReportForm(Slipped):
    """Something on this host that the law forbids."""

    slip_kind = "secret"
    target = forms.CharField(
        label=_("Where is it?"),
        help_text=_("The address of the page, as it stands at the top of the browser, or a code."),
        max_length=400,
    )
    why = forms.ChoiceField(label=_("What is wrong with it?"), choices=Why.choices, widget=forms.RadioSelect)
    text = sentences(
        _("Which words or pictures are it, and why are they unlawful?"),
        _("As exactly as you can. No names and no phone numbers, neither yours nor of others: we do not need them."),
    )

    @classmethod
    def new_slip(cls) -> str:
        """A slip with the key of the address to come back to."""
        return carried.new_slip(cls.slip_kind, codes.code(_SYMBOLS))

    def clean_target(self) -> str:
        """A page of this host."""
        found = page_meant(self.cleaned_data["target"])
        if not found:
            raise forms.ValidationError(
                gettext("We find no such page on this host. Open the page, copy its address, and paste it here.")
            )
        return found

    def clean(self) -> dict[str, Any]:
        """The same form with the same words has one address; with other words it is a further report, with its own."""
        said = super().clean()
        if key := self.said.pop(self.slip_kind, None):
            self.said["secret"] = codes.keyed(key.encode(), json.dumps(self.said, sort_keys=True), _SYMBOLS)
        return said


class DecideReportForm(Written):
    """What came of a report."""

    decision = forms.ChoiceField(label=_("What did you decide?"), choices=Ruling.choices, widget=forms.RadioSelect)
    reasons = sentences(
        _("Why?"),
        _(
            "Whoever sent it reads this: what you looked at, which law or rule it rests on, and what was done. "
            "Do not repeat the words."
        ),
    )
