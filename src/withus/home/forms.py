"""What the instance's steward is asked about the house."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.web import languages
from withus.web.forms import Form


class DescribeForm(Form):
    """Whose host this is."""

    host_name = forms.CharField(
        label=_("Whose host is this?"),
        help_text=_("The name of the organisation that runs it. It stands at the top of every page."),
        max_length=120,
    )
    community_name = forms.CharField(
        label=_("What does the community call itself here?"),
        help_text=_(
            "It stands in place of “Withus”, also in the browser's tab, where others may read it over a shoulder. "
            "Choose a name that gives nobody away."
        ),
        max_length=120,
        required=False,
    )
    language = forms.ChoiceField(label=_("In which language do you write this?"), choices=languages.named)
    about = forms.CharField(
        label=_("Who are you, which law holds, and how can somebody reach you?"),
        help_text=_("Everybody can read this. Say who answers for the data, and who looks after complaints."),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    exit_address = forms.CharField(
        label=_("Where does “Leave quickly” lead?"),
        help_text=_("A page that everybody reads, such as a weather report. Empty: an encyclopedia."),
        max_length=200,
        required=False,
    )

    def clean_exit_address(self) -> str:
        """An address of the web, or nothing."""
        address = str(self.cleaned_data["exit_address"])
        parts = urlsplit(address)
        if address and not (parts.scheme == "https" and parts.hostname and " " not in address):
            raise forms.ValidationError(gettext("Write a whole address that begins with https://"))
        return address

    @classmethod
    def of(cls, instance: Any, data: Any = None) -> "DescribeForm":
        """The form with what the house says now."""
        return cls(data, initial={name: getattr(instance, name) for name in cls.base_fields})
