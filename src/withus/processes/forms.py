"""What organisations are asked when they open pages, processes and phases."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.processes.models import Level, PhaseKind
from withus.web.forms import Form, Written, offer

Long = forms.Textarea(attrs={"rows": 5})


class OpenBodyForm(Written):
    """A body's page."""

    organisation = forms.TypedChoiceField(label=_("Is the body here already?"), required=False, empty_value=None)
    name = forms.CharField(label=_("If not: what is it called?"), max_length=120, required=False)
    decides = forms.CharField(label=_("What does it decide?"), widget=Long)
    time_zone = forms.CharField(
        label=_("In which time zone does it work?"),
        help_text=_("For example Africa/Nairobi"),
        max_length=40,
        initial="UTC",
    )

    def __init__(self, *args: Any, bodies: Iterable[Any] = (), is_own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = list(bodies)
        offer(self.fields["organisation"], found, gettext("Please choose") if is_own else gettext("No, it is new"))
        if is_own:  # whoever is a body's secretary only opens no page of another
            self.fields["organisation"].label = gettext("For which body of yours?")
            self.fields["organisation"].required = True
            self.fields["name"].widget = forms.HiddenInput()
            self.initial.setdefault("organisation", found[0].code if len(found) == 1 else "")

    def clean_time_zone(self) -> str:
        """A name of the time zone database."""
        zone = str(self.cleaned_data["time_zone"])
        if zone not in available_timezones():
            raise forms.ValidationError(gettext("Write it like Africa/Nairobi or Europe/London."))
        return zone

    def clean(self) -> dict[str, Any]:
        """A new body has a name."""
        cleaned = super().clean() or {}
        if not self.fields["organisation"].required and not cleaned.get("organisation") and not cleaned.get("name"):
            self.add_error("name", gettext("Write the body's name."))
        return cleaned


class CloseBodyForm(Written):
    """The end of a body, which ends none of its clocks."""

    reason = forms.CharField(label=_("Why was it closed?"), help_text=_("Everybody can read this."), widget=Long)
    successor = forms.TypedChoiceField(label=_("Which body takes its place?"), required=False, empty_value=None)

    def __init__(self, *args: Any, bodies: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["successor"], bodies, gettext("None, or none that has a page here"))


class OpenServiceForm(Written):
    """A service of an organisation."""

    name = forms.CharField(label=_("What is the service called?"), max_length=120)
    about = forms.CharField(label=_("What does it offer?"), widget=Long, required=False)


class OpenSiteForm(Form):
    """A place where a service works."""

    name = forms.CharField(label=_("What is the place called?"), max_length=120)
    area = forms.CharField(
        label=_("In which area is it?"), help_text=_("An area or district, never an address."), max_length=120
    )
    hours = forms.CharField(label=_("When is it open?"), max_length=200, required=False)


class OpenProcessForm(Written):
    """A process around one policy or service."""

    title = forms.CharField(label=_("What is it about?"), max_length=200)
    about = forms.CharField(label=_("What is to be decided, and for whom?"), widget=Long)
    body = forms.TypedChoiceField(label=_("Which body decides it?"), required=False, empty_value=None)
    service = forms.TypedChoiceField(label=_("Which service is it about?"), required=False, empty_value=None)
    source = forms.CharField(
        label=_("Does something in it come from elsewhere?"), help_text=_("Who made it, and under which licence."),
        required=False,
    )  # fmt: skip
    publishes_votes = forms.BooleanField(
        label=_("Will everybody be able to download all ballots?"),
        help_text=_("Without names, codes or days. This cannot be changed later, so say it now."),
        required=False,
    )

    def __init__(self, *args: Any, bodies: Iterable[Any] = (), services: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["body"], bodies, gettext("None: we do this without a body"))
        offer(self.fields["service"], services, gettext("No single service"))


class PlanForm(Written):
    """A phase and its promise."""

    kind = forms.ChoiceField(label=_("Which stage is it?"), choices=PhaseKind)
    level = forms.TypedChoiceField(label=_("How much say do you promise?"), choices=Level, coerce=int)
    can_change = forms.CharField(label=_("What can change?"), widget=Long)
    cannot_change = forms.CharField(label=_("What cannot change, and why?"), widget=Long)
    opens_on = forms.DateField(label=_("On which day does it begin?"), widget=forms.DateInput({"type": "date"}))
    closes_on = forms.DateField(
        label=_("Which is its last day?"),
        help_text=_("It ends at 24:00 on this day."),
        widget=forms.DateInput({"type": "date"}),
    )
    takes_statements = forms.BooleanField(label=_("Can people propose statements?"), required=False)
    takes_votes = forms.BooleanField(label=_("Can people vote?"), required=False)


class AskForm(Form):
    """Which peer organisation is asked to read the statements."""

    beside = forms.TypedChoiceField(label=_("Which peer organisation do you ask?"))

    def __init__(self, *args: Any, peers: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["beside"], peers, gettext("Choose"))


class AgreeForm(Form):
    """Only the agreement."""


class OfferForm(Form):
    """What reading a statement takes and pays."""

    minutes = forms.IntegerField(
        label=_("How many minutes does it take to read one statement and decide about it?"), min_value=1, max_value=600
    )
    pay = forms.CharField(
        label=_("What does it pay for each statement?"),
        help_text=_("For example: 2 euros each, paid by the council. If nobody is paid, leave it empty."),
        max_length=120,
        required=False,
    )


class CloseForm(Form):
    """The end of a phase before its time."""

    why = forms.CharField(label=_("Why does it end early?"), widget=Long)
