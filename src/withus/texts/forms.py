"""What editors and stewards are asked about texts."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.people.models import Organisation
from withus.texts.actions import LARGEST_SOUND
from withus.texts.models import Grounds
from withus.web import languages
from withus.web.forms import Form, Written


class TranslateForm(Form):
    """A text in another language."""

    language = forms.ChoiceField(label=_("Into which language?"), choices=languages.named, initial=languages.readers)
    text = forms.CharField(
        label=_("What does it say in this language?"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6})
    )


class RecordForm(Form):
    """A text read aloud."""

    language = forms.ChoiceField(
        label=_("In which language is it read?"), choices=languages.named, initial=languages.readers
    )
    sound = forms.FileField(
        label=_("Which file is the recording?"),
        help_text=_(
            "Up to 2 MB: webm, ogg, mp3, m4a or wav. We keep the file as it is. What your device wrote into it, such "
            "as its make or the time, stays in it. A voice can be recognised: use one that everybody may hear."
        ),
        widget=forms.FileInput(attrs={"accept": "audio/*"}),
    )

    def clean_sound(self) -> bytes:
        """The sound itself."""
        file = self.cleaned_data["sound"]
        if file.size > LARGEST_SOUND:
            raise forms.ValidationError(
                gettext("This file is larger than 2 MB. Speak shorter, or record with less quality.")
            )
        return bytes(file.read())


class RewordForm(Form):
    """The community's words for one sentence."""

    words = forms.CharField(
        label=_("How does your community say this?"),
        help_text=_("Leave it empty to go back to the product's own words."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )


class SearchForm(Form):
    """Which of the product's sentences to list."""

    language = forms.ChoiceField(label=_("In which language?"), required=False)
    search = forms.CharField(label=_("Which words are you looking for?"), max_length=100, required=False)
    is_changed = forms.BooleanField(label=_("Only those with your own words?"), required=False)

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = offered  # type: ignore[attr-defined]


HOUSE = "house"


class _Key(Written):
    """A form that is sent with one of two keys; only who has several is asked which."""

    organisation = forms.TypedChoiceField(label=_("With which key?"))

    def __init__(self, *args: Any, keys: Iterable[tuple[str, Organisation | None]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {code or HOUSE: one for code, one in keys}
        choice = self.fields["organisation"]
        assert isinstance(choice, forms.TypedChoiceField)
        choice.choices = [(code, str(one or gettext("This house"))) for code, one in known.items()]
        choice.coerce = lambda code: known[code]
        if len(known) == 1:
            self.initial.setdefault("organisation", next(iter(known)))


class RedactForm(_Key):
    """Why words should be taken away."""

    reason = forms.ChoiceField(label=_("Why should they go?"), choices=Grounds.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("How do you explain it to everybody?"),
        help_text=_("This stays for everybody to read. Do not repeat what is to be taken away, and name nobody."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class SettleForm(_Key):
    """The other key's yes or no."""

    agreed = forms.TypedChoiceField(
        label=_("May these words be taken away?"),
        help_text=_("A yes erases them everywhere, and nobody can bring them back."),
        choices=[("yes", _("Yes, take them away")), ("no", _("No, they stay"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Why?"),
        help_text=_("This stays for everybody to read. Do not repeat what is to be taken away, and name nobody."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
