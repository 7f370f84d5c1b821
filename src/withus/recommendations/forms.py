"""What is asked of those who recommend, answer and check."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.recommendations.models import Commitment, Kind, Outcome, Serving, Verdict
from withus.web.forms import Form, Written, offer

Long = forms.Textarea(attrs={"rows": 5})
Day = forms.DateInput(attrs={"type": "date"})
LONGEST = 5_000


def _words(label: Any, help_text: Any = "", *, is_required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, widget=Long, max_length=LONGEST, required=is_required)


class _Speaking(Written):
    """A form in the name of one of the organisations for which the person can speak."""

    organisation = forms.TypedChoiceField(label=_("In whose name?"))

    def __init__(self, *args: Any, organisations: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = list(organisations)
        offer(self.fields["organisation"], found, gettext("Please choose"))
        if len(found) == 1:
            self.initial.setdefault("organisation", found[0].code)


class RecommendForm(_Speaking):
    """A recommendation or a formal question."""

    not_keywords = ("body",)
    body = forms.TypedChoiceField(label=_("Who has to answer?"))
    kind = forms.ChoiceField(
        label=_("What do you send?"), choices=Kind.choices, initial=Kind.RECOMMENDATION, widget=forms.RadioSelect
    )
    text = _words(_("What is wrong, or needed?"), _("As you would say it to somebody who was never there."))
    asked_change = _words(_("What exactly should change, or be answered?"))
    evidence = _words(
        _("What does it rest on?"),
        _("A line for each: the address of a statement or of a process here, or where a paper can be read."),
        is_required=False,
    )

    def __init__(self, *args: Any, bodies: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["body"], bodies, gettext("Please choose"))
        self.order_fields(["body", "organisation", "kind", "text", "asked_change", "evidence", "language"])


class ServeForm(Form):
    """How a letter arrived."""

    how = forms.ChoiceField(label=_("How did it arrive?"), choices=Serving.How.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Who took it, or which proof is there?"),
        help_text=_("The office or the post's number; never a person's name."),
        max_length=300,
    )
    served_on = forms.DateField(label=_("On which day did it arrive there?"), widget=Day)


class ExplainForm(Written):
    """The answer to a question back."""

    answer = _words(_("What do you answer?"))


class VerifyForm(_Speaking):
    """The second key."""

    verdict = forms.ChoiceField(label=_("Is it true?"), choices=Verdict.choices, widget=forms.RadioSelect)
    evidence = _words(_("What did you see, where and when?"), _("No names of persons, please."))
    minutes = forms.IntegerField(
        label=_("How many minutes did the check take?"), min_value=1, max_value=10_000, required=False
    )
    pay = forms.CharField(
        label=_("What were those paid who checked?"),
        help_text=_("Empty means: nobody was paid. Then the page says so, and your yes does not count as confirmed."),
        max_length=120,
        required=False,
    )


class DissentForm(Written):
    """What speaks against an answer."""

    words = _words(_("What do you hold against the answer?"), _("It stays beside the answer, for good."))


class AcknowledgeForm(Form):
    """It has arrived."""


class ClarifyForm(Written):
    """The one question back."""

    question = _words(
        _("What do you need to know?"),
        _("One question can be asked, once. The clock stands still until it is answered, ten working days at most."),
    )


class ExtendForm(Written):
    """More time."""

    until = forms.DateField(label=_("Until which day?"), widget=Day)
    reason = _words(_("Why do you need more time?"), _("Everybody can read this."))


class RespondForm(Written):
    """The answer."""

    outcome = forms.ChoiceField(label=_("What is the answer?"), choices=Outcome.choices, widget=forms.RadioSelect)
    reason = _words(_("For which reasons?"), _("A sentence at least. Everybody can read this, for good."))
    review_on = forms.DateField(label=_("If it is put off: when do you take it up again?"), widget=Day, required=False)
    transferred_to = forms.CharField(label=_("If it is passed on: to whom?"), max_length=200, required=False)


class DraftForm(RespondForm):
    """An answer for a duty bearer to sign."""


class EndorseForm(Form):
    """Only the countersignature."""


class SendForm(Form):
    """Only the sending."""


class CorrectForm(Written):
    """Better words beside an answer."""

    reason = _words(_("How should the reasons read?"), _("What was said before stays. This stands beside it."))


class CommitForm(Written):
    """A promise."""

    measure = _words(_("What will be done?"))
    owner = forms.CharField(label=_("Which office does it?"), help_text=_("An office, not a person."), max_length=120)
    due_on = forms.DateField(label=_("By which day?"), widget=Day)
    budget = forms.CharField(
        label=_("With what money?"), help_text=_("Say “none needed” if that is so."), max_length=200
    )
    source = forms.ChoiceField(
        label=_("Where is it promised?"),
        choices=Commitment.Source.choices,
        initial=Commitment.Source.ANSWER,
        widget=forms.RadioSelect,
    )
    source_words = forms.CharField(
        label=_("If in a law, strategy or declaration: in which, and where?"), max_length=300, required=False
    )


class DeliverForm(Written):
    """The first key."""

    words = _words(_("What was done, where, and since when?"), _("Peers will check it and say whether it is true."))
