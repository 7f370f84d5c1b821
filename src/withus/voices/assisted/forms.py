"""What is asked of whoever prints slips, or types one in."""

from collections import Counter
from collections.abc import Collection

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.core import receipts
from withus.people.forms import secret_field
from withus.voices.assisted import entry
from withus.voices.forms import Careful, GivenOut, VoiceForm, kind_field, words_field
from withus.voices.wording import Consent
from withus.web.language import written_number

MOST = 24  # each costs one Argon2id
TOGETHER = 5  # slips on one page


class PrintSlipsForm(GivenOut):
    """How many slips."""

    not_keywords = ("slip",)
    size = forms.IntegerField(label=_("How many slips?"), min_value=1, max_value=MOST, initial=6)


class OneSlip(Careful):
    """What stands on one slip, and that the person said yes."""

    number = secret_field(
        _("Which code stands on your half of the slip?"),
        _("Eight letters and digits. Small or large does not matter, nor O or 0, I or 1."),
    )
    kind = kind_field(_("What does the person want to say?"))
    text = words_field(
        _("Which words did the person use?"),
        _("As it stands on the slip, not in your own words. Leave out names, phone numbers and exact places."),
    )
    consent = forms.ChoiceField(
        label=_("Did the person agree that you send this, to these readers?"),
        help_text=_("Read it to them first, if you can. Without a yes nothing is sent."),
        choices=Consent.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Say how the person agreed. Without a yes do not send it, and give the slip back.")
        },
    )
    may_be_told = forms.BooleanField(
        label=_("Did the person also agree that peer editors tell it as a story?"),
        help_text=_(
            "In the editors’ words, under a made-up name or in what they find, without anything that points to the "
            "person. Ask for this by itself. Without a tick it is at most counted, together with others."
        ),
        required=False,
    )

    def clean_number(self) -> str:
        """The entry code in its one spelling; a receipt is not kept on the page."""
        typed = self.cleaned_data["number"]
        if receipts.read(typed):
            self.data = MultiValueDict({**dict(self.data), self.add_prefix("number"): [""]})
            raise forms.ValidationError(
                _("That is the receipt, from the person’s half. It is theirs alone. Type in the code of your half.")
            )
        number = entry.read(typed)
        if number is None:
            raise forms.ValidationError(
                _("Something in this code is mistyped. Compare it with the paper, sign by sign.")
            )
        return number


class AssistForm(OneSlip, VoiceForm):
    """What somebody said, as it stands on her slip."""

    field_order = ("slip", "number", "kind", "text", "topic", "area", "audience", "excluded", "consent", "may_be_told")


class AssistSeveralForm(VoiceForm):
    """What several slips have in common."""

    watched = ("topic", "area")
    kind = None  # type: ignore[assignment] # each slip says its own


class SlipOfSeveral(OneSlip):
    """One of them: room that nobody wrote into is left out, whatever kind is chosen there."""

    def __init__(self, data: QueryDict | None, at: int) -> None:
        super().__init__(data, prefix=f"slip{at}", empty_permitted=True)
        self.title = gettext("Slip %(number)s") % {"number": written_number(at)}

    @cached_property
    def changed_data(self) -> list[str]:
        """What was filled in."""
        return [name for name in super().changed_data if name != "kind"]


def rows(data: QueryDict | None) -> list[SlipOfSeveral]:
    """Room for several slips."""
    return [SlipOfSeveral(data, at) for at in range(1, TOGETHER + 1)]


def only_once(slips: Collection[OneSlip]) -> None:
    """Whose code stands twice is not sent: nobody knows which of them it belongs to."""
    numbers = Counter(one.cleaned_data["number"] for one in slips if "number" not in one.errors)
    for one in slips:
        if numbers[one.cleaned_data.get("number")] > 1:
            one.add_error("number", _("This code stands twice on this page. Compare both slips with the paper."))
