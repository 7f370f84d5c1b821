"""What is asked of those who keep a body's table, and of those who sit there."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.processes.board.conditions import STATED, only_within
from withus.processes.board.models import Seat
from withus.processes.board.speaking import Side, Speaker, Vote, Wanted
from withus.processes.board.terms import COUNTING, LIMITS, TermsKind
from withus.web.forms import Form, Written, also, offer, sentences

Day = forms.DateInput(attrs={"type": "date"})
CONFLICT = "conflict"


def _stated(label: Any, help_text: Any = "", *, is_required: bool = False) -> forms.CharField:
    """What terms state in words; what they need not say reads “not stated” on their page."""
    return sentences(label, help_text, STATED, is_required=is_required)


def number(label: Any, name: str, initial: int | None = None, help_text: Any = "") -> forms.IntegerField:
    """A number of terms or of a law. The action tells its bounds, with all else that is wrong; a browser sees them."""
    bounds = forms.NumberInput(attrs=dict(zip(("min", "max"), LIMITS[name], strict=True)))
    made = forms.IntegerField(label=label, widget=bounds, initial=initial, help_text=help_text)
    return also(made, partial(only_within, name))


class AdoptForm(Written):
    """Terms of reference: long, so in groups, and begun from the version before."""

    kind = forms.ChoiceField(label=_("What may the table do?"), choices=TermsKind.choices, widget=forms.RadioSelect)
    mandate = _stated(_("What is it there for?"), is_required=True)
    deliverables = _stated(_("What does it have to deliver?"))
    who_decides = _stated(_("Who decides in the end?"), is_required=True)
    reporting_line = _stated(_("To whom does it report?"))
    legal_basis = _stated(_("On which law or order does it rest?"))
    members = _stated(_("Who are its members, and how are they appointed?"), _("Offices and organisations, no names."))
    member_term = _stated(_("For how long are members appointed?"))
    chair = _stated(_("Who chairs?"), _("An office or a seat, not a name."))
    quorum = _stated(_("How many have to be there?"))
    rhythm = _stated(_("How often does it meet?"))
    peer_seats = number(_("How many seats are for peers?"), "peer_seats", 2)
    peer_vote = forms.BooleanField(label=_("Do peers vote?"), required=False)
    agenda_right = forms.BooleanField(label=_("Can anyone seated put items on the agenda?"), required=False)
    acknowledge_days = number(
        _("Within how many days does the body say that a recommendation has arrived?"), "acknowledge_days", 10
    )
    reply_days = number(_("Within how many days does it answer a recommendation?"), "reply_days", 30)
    question_days = number(_("Within how many days does it answer a formal question?"), "question_days", 20)
    extension_days = number(
        _("How many days can it add, once and with a public reason?"),
        "extension_days",
        30,
        _("Not more than the answer itself has."),
    )
    counting = forms.ChoiceField(label=_("How are days counted?"), choices=COUNTING, widget=forms.RadioSelect)
    region = forms.CharField(
        label=_("Whose public holidays count?"),
        help_text=_("A country or a part of it, such as DE or DE-BE. Empty: weekends only."),
        max_length=12,
        required=False,
    )
    cap = forms.IntegerField(
        label=_("For how many answers can one organisation wait at once?"),
        help_text=_("Ten or more. Empty: as many as it likes."),
        required=False,
    )
    pay = _stated(_("What is paid: expenses, and for the time?"), _("If nothing is stated, the page says so."))
    interests = _stated(_("How are conflicts of interest declared?"))
    confidentiality = _stated(_("What stays confidential?"))
    publication = _stated(_("How is its advice published?"))
    dissent_rule = _stated(_("What becomes of dissent?"))
    secretariat = _stated(_("Who does its paperwork?"))
    ending = _stated(_("Who may end it, and how?"))
    in_force_on = forms.DateField(label=_("From which day do these terms hold?"), widget=Day)
    review_on = forms.DateField(label=_("By which day are they looked at again?"), widget=Day)

    GROUPS = (
        (_("What it is for"), ("kind", "mandate", "deliverables", "who_decides", "reporting_line", "legal_basis")),
        (_("Who sits there"), ("members", "member_term", "chair", "quorum", "rhythm", "peer_seats", "peer_vote")),
        (
            _("What has to be done by when"),
            (
                "agenda_right", "acknowledge_days", "reply_days", "question_days", "extension_days", "counting",
                "region", "cap",
            ),
        ),
        (_("What is fair"), ("pay", "interests", "confidentiality", "publication", "dissent_rule")),
        (_("How it is kept"), ("secretariat", "ending", "in_force_on", "review_on", "language")),
    )  # fmt: skip

    def groups(self) -> Iterator[tuple[Any, list[BoundField]]]:
        """The questions in groups, each with its title."""
        for title, fields in self.GROUPS:
            yield title, [self[name] for name in fields]


AdoptForm.not_keywords = tuple(AdoptForm.base_fields)  # type: ignore[attr-defined]  # one row of terms, one keyword


class AddSeatForm(Written):
    """A seat."""

    name = forms.CharField(
        label=_("What is the seat called?"),
        help_text=_("For example: seat of the night services. Never a person's name."),
        max_length=120,
    )
    side = forms.ChoiceField(label=_("Whose side is it?"), choices=Side.choices, widget=forms.RadioSelect)
    organisation = forms.TypedChoiceField(
        label=_("Which organisation fills it?"),
        help_text=_("A seat of peers: a peer organisation, which chooses who sits there. The body's own need none."),
        required=False,
        empty_value=None,
    )
    has_vote = forms.BooleanField(label=_("Does it have a vote?"), required=False, initial=True)

    def __init__(self, *args: Any, organisations: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["organisation"], organisations, gettext("The body itself"))


class EndSeatForm(Written):
    """The end of a seat."""

    reason = sentences(_("Why does the seat end?"), _("Everybody can read this, for good."))
    ends_on = forms.DateField(label=_("Which is its last day?"), widget=Day)


class FillForm(Form):
    """A term in a seat."""

    since = forms.DateField(label=_("From which day?"), widget=Day)
    until = forms.DateField(label=_("Until which day?"), widget=Day)
    pseudonym = forms.CharField(
        label=_("Does the person have an account here? Then write its made-up name."),
        help_text=_("She can then speak for the seat here. No page ever shows who sits in it."),
        max_length=60,
        required=False,
    )


class VacateForm(Form):
    """The early end of a term."""

    ends_on = forms.DateField(label=_("Which is the last day?"), widget=Day)


class CallForm(Written):
    """A meeting."""

    day = forms.DateField(label=_("On which day is it?"), widget=Day)
    place = forms.CharField(
        label=_("Where is it?"),
        help_text=_("In words that people know, such as “the hall beside the market”, or “by phone”."),
        max_length=200,
    )
    planned_minutes = forms.IntegerField(
        label=_("How many minutes is it planned to take?"), min_value=5, max_value=1_440, initial=90
    )
    urgency = sentences(
        _("Is it in less than a week? Then say why it cannot wait."),
        _("Everybody can read this. Peers need the week to read, to talk, and to bring things up."),
        is_required=False,
    )


class _Speaking(Written):
    """A form in the name of a seat or an organisation."""

    speaker = forms.TypedChoiceField(label=_("In whose name?"))

    def __init__(self, *args: Any, speakers: Iterable[Speaker] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = list(speakers)
        offer(self.fields["speaker"], found, gettext("Please choose"))
        if len(found) == 1:
            self.initial.setdefault("speaker", found[0].code)


class BringUpForm(_Speaking):
    """An item."""

    title = forms.CharField(label=_("What is it about?"), max_length=200)
    summary = sentences(_("What has to be known about it, in short and in plain words?"))
    wanted = forms.ChoiceField(label=_("What do you want of the meeting?"), choices=Wanted, widget=forms.RadioSelect)


class AddPaperForm(_Speaking):
    """A paper."""

    title = forms.CharField(label=_("What is the paper called?"), max_length=200)
    where = forms.CharField(
        label=_("Where can it be read?"),
        help_text=_("A web address, or words such as “printed, at the desk of the drop-in”."),
        max_length=300,
    )
    is_plain = forms.BooleanField(label=_("Is it written in plain words?"), required=False)


class WriteMinutesForm(Written):
    """Minutes."""

    words = sentences(_("What was said and done?"), _("Seats and organisations, no names of persons. This stays."))
    duration = forms.IntegerField(label=_("How many minutes did it take?"), min_value=1, max_value=1_440)
    present = forms.MultipleChoiceField(
        label=_("Which seats were there?"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, seats: Iterable[Seat] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["present"].choices = [(seat.code, seat.name) for seat in seats]  # type: ignore[attr-defined]


class ConcludeForm(Written):
    """What was decided: one question for each seat that was there."""

    words = sentences(_("What was decided, and why?"), _("This stays as it is."))
    conflict_words = sentences(_("If a seat stepped out: which conflict of interest was declared?"), is_required=False)

    def __init__(self, *args: Any, seats: Iterable[Seat] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of_seats = {}
        for seat in seats:
            votes = [("", gettext("did not vote")), *Vote.choices] if seat.has_vote else [("", gettext("has no vote"))]
            choices = [*votes, (CONFLICT, gettext("stepped out: conflict of interest"))]
            label = gettext("How did “%(seat)s” vote?") % {"seat": seat.name}
            self.of_seats[f"seat_{seat.code}"] = seat.code
            self.fields[f"seat_{seat.code}"] = forms.ChoiceField(label=label, choices=choices, required=False)
        self.order_fields(["words", *self.of_seats, "conflict_words", "language"])

    def clean(self) -> dict[str, Any]:
        """The seats' answers as votes and conflicts."""
        cleaned = super().clean() or {}
        said = {code: cleaned.pop(name, "") for name, code in self.of_seats.items()}
        cleaned["votes"] = {code: vote for code, vote in said.items() if vote and vote != CONFLICT}
        cleaned["conflicts"] = [code for code, vote in said.items() if vote == CONFLICT]
        return cleaned


class ObjectToForm(_Speaking):
    """Dissent."""

    words = sentences(_("What do you hold against the decision?"), _("It stays beside the decision, for good."))


class ApproveMinutesForm(Form):
    """The word of a peer organisation that minutes are right."""

    organisation = forms.TypedChoiceField(label=_("In whose name?"))

    def __init__(self, *args: Any, organisations: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = list(organisations)
        offer(self.fields["organisation"], found, gettext("Please choose"))
        if len(found) == 1:
            self.initial.setdefault("organisation", found[0].code)
