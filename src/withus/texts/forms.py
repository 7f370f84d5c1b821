"""What editors and stewards are asked about texts."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.texts.actions import LARGEST_SOUND
from withus.web import languages
from withus.web.forms import Form


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
