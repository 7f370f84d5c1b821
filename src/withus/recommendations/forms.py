"""What is asked of those who recommend, answer and check."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.compute.reasons import OF_A_REASON
from withus.pay.models import MOST_MINUTES
from withus.recommendations import wording
from withus.recommendations.conditions import (
    AGAINST,
    CHANGE,
    DONE,
    EXPLAINED,
    FOUND,
    MEASURE,
    REASON,
    UNKNOWN,
    WRONG,
)
from withus.recommendations.models import Commitment, Kind, Outcome, Serving, Verdict
from withus.web.forms import Form, Written, offer, sentences

Day = forms.DateInput(attrs={"type": "date"})


def _one_of(label: Any) -> forms.TypedChoiceField:
    """A choice among things of which there is often one only; the action says when it has to be made."""
    return forms.TypedChoiceField(label=label, required=False, empty_value=None)


def _offer_the_only(form: Form, name: str, things: Iterable[Any], words: Callable[[Any], str]) -> None:
    """Offers these; if there is one only it is chosen, and of none nothing is asked."""
    found = list(things)
    if not found:
        del form.fields[name]
        return
    offer(form.fields[name], found, gettext("Please choose"), words)
    if len(found) == 1:
        form.initial.setdefault(name, found[0].code)


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
    text = sentences(_("What is wrong, or needed?"), _("As you would say it to somebody who was never there."), WRONG)
    asked_change = sentences(_("What exactly should change, or be answered?"), advice=CHANGE)
    evidence = sentences(
        _("What does it rest on?"),
        _("A line for each: the address of a statement, a process or a finding here, or where a paper can be read."),
        is_required=False,
    )

    def __init__(self, *args: Any, bodies: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["body"], bodies, gettext("Please choose"), wording.with_its_end)
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

    answer = sentences(_("What do you answer?"), advice=EXPLAINED)


class VerifyForm(_Speaking):
    """The second key."""

    delivery = _one_of(_("What did you check?"))
    verdict = forms.ChoiceField(label=_("Is it true?"), choices=Verdict.choices, widget=forms.RadioSelect)
    evidence = sentences(_("What did you see, where and when?"), _("No names of persons, please."), FOUND)
    minutes = forms.IntegerField(
        label=_("How many minutes did the check take?"), min_value=1, max_value=MOST_MINUTES, required=False
    )
    payer = forms.TypedChoiceField(
        label=_("Who pays for the check?"),
        help_text=_(
            "Those who have agreed on a rate with you are here; ask others for pay for the hours afterwards. Until it "
            "is paid, the page says so, and your yes does not count as confirmed."
        ),
        required=False,
        empty_value=None,
    )

    def __init__(self, *args: Any, deliveries: Iterable[Any] = (), rates: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_the_only(self, "delivery", deliveries, wording.said)
        found = {rate.payer.code: rate for rate in rates}
        payers = [rate.payer for rate in found.values()]
        offer(self.fields["payer"], payers, gettext("Nobody"), lambda payer: f"{payer} ({found[payer.code]})")
        self.order_fields(["organisation", "delivery"])


class DissentForm(Written):
    """What speaks against an answer."""

    words = sentences(_("What do you hold against the answer?"), _("It stays beside the answer, for good."), AGAINST)


class AcknowledgeForm(Form):
    """It has arrived."""


class ClarifyForm(Written):
    """The one question back."""

    question = sentences(
        _("What do you need to know?"),
        _("One question can be asked, once. The clock stands still until it is answered, ten working days at most."),
        UNKNOWN,
    )


class ExtendForm(Written):
    """More time."""

    until = forms.DateField(label=_("Until which day?"), widget=Day)
    reason = sentences(_("Why do you need more time?"), _("Everybody can read this."), REASON, OF_A_REASON)


class RespondForm(Written):
    """The answer."""

    outcome = forms.ChoiceField(label=_("What is the answer?"), choices=Outcome.choices, widget=forms.RadioSelect)
    reason = sentences(
        _("For which reasons?"), _("A sentence at least. Everybody can read this, for good."), REASON, OF_A_REASON
    )
    review_on = forms.DateField(label=_("If it is put off: when do you take it up again?"), widget=Day, required=False)
    passed_to = forms.TypedChoiceField(
        label=_("If it is passed on: to which body?"),
        help_text=_("No clock runs for it there, until peers send it."),
        required=False,
        empty_value=None,
    )
    transferred_to = forms.CharField(
        label=_("If that one is not in the list: to whom?"),
        help_text=_("Its name, office and place, so that peers can find it. No person’s name."),
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, bodies: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["passed_to"], bodies, gettext("None of these"))


class DraftForm(RespondForm):
    """An answer for a duty bearer to sign."""


class _Mark(forms.CharField):
    """The mark of the draft on this page; after a no it is that of the draft as it is by then, which is shown too."""

    widget = forms.HiddenInput

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Never the mark that came."""
        return initial


class EndorseForm(Form):
    """Only the countersignature, of the draft that was shown."""

    seen = _Mark(required=False)


class SendForm(EndorseForm):
    """Only the sending."""


class CorrectForm(Written):
    """Better words beside an answer."""

    reason = sentences(
        _("How should the reasons read?"), _("What was said before stays. This stands beside it."), REASON, OF_A_REASON
    )


class CommitForm(Written):
    """A promise."""

    measure = sentences(_("What will be done?"), advice=MEASURE)
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

    commitment = _one_of(_("Which promise is kept?"))
    words = sentences(
        _("What was done, where, and since when?"), _("Peers will check it and say whether it is true."), DONE
    )

    def __init__(self, *args: Any, promises: Iterable[Any] = (), is_whole_open: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = list(promises)
        if found and is_whole_open:
            offer(self.fields["commitment"], found, gettext("All that was accepted, as one"), wording.promise)
        else:
            _offer_the_only(self, "commitment", found, wording.promise)
