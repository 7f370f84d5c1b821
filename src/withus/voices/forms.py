"""What is asked of whoever sends a voice, comes back to it, or answers one."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.core import receipts
from withus.people.forms import secret_field
from withus.voices import carried, traces
from withus.voices.enclosing.making import LARGEST
from withus.voices.wording import Kind, Readers
from withus.web.forms import Form, offer

LONGEST = 5000
MOST_PHOTOS = 3
YOUNGEST, OLDEST = timedelta(seconds=3), timedelta(hours=24)  # of a form that is sent


class Careful(Form):
    """A form that warns before words go out that could point to somebody."""

    not_keywords: tuple[str, ...] = ("anyway",)
    watched: tuple[str, ...] = ("text",)
    anyway = forms.BooleanField(
        label=_("I have read it again, and it can be sent as it is"), required=False, widget=forms.HiddenInput
    )

    def clean(self) -> dict[str, Any]:
        """Says what it found, and asks once more."""
        said = super().clean() or {}
        found = traces.in_text(*(str(said.get(name, "")) for name in self.watched))
        if found:
            self.fields["anyway"].widget = forms.CheckboxInput()
            if not said.get("anyway"):
                seems = _(
                    "This seems to hold {what}. Whoever reads it could find somebody by it. Take it out, or tick "
                    "the box at the end."
                )
                self.add_error(None, str(format_lazy(seems, what=", ".join(map(str, found)))))
        self.said = {name: value for name, value in said.items() if name not in self.not_keywords}
        return said


def _text(label: Any, help_text: Any = "", *, is_required: bool = True) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 8, "autocomplete": "off"})
    return forms.CharField(label=label, help_text=help_text, max_length=LONGEST, widget=area, required=is_required)


class _SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class _Photos(forms.FileField):
    """Several files in one field."""

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        """Each file, looked at by itself."""
        return [super(_Photos, self).clean(one, initial) for one in data or ()]


def _bytes_of(file: "UploadedFile[Any] | None") -> bytes:
    if file is None:
        return b""
    if file.size is None or file.size > LARGEST:
        raise forms.ValidationError(gettext("This file is larger than 10 MB. Choose a smaller one."))
    return bytes(file.read())


class ContributeForm(Careful):
    """A voice: what is to be said, and who may read it."""

    not_keywords = ("anyway", "slip", "website")
    watched = ("text", "topic", "area")
    slip = forms.CharField(widget=forms.HiddenInput, max_length=2000, required=False)
    kind = forms.ChoiceField(
        label=_("What do you want to say?"), choices=Kind.choices, widget=forms.RadioSelect, initial=Kind.PROBLEM.value
    )
    text = _text(
        _("Say it in your own words"),
        _("No names, no phone numbers, no exact places: neither yours nor of others. You can also speak: see below."),
        is_required=False,
    )
    topic = forms.CharField(
        label=_("What is it about?"),
        help_text=_("A word or two, such as: needles, opening hours."),
        max_length=80,
        required=False,
    )
    area = forms.CharField(
        label=_("Where is it so?"),
        help_text=_("A town or a district, never an address."),
        max_length=80,
        required=False,
    )
    audience = forms.MultipleChoiceField(
        label=_("Who may read it?"),
        help_text=_("Of several, each reads all that is said, also the answers of the others."),
        widget=forms.CheckboxSelectMultiple,
    )
    excluded = forms.TypedChoiceField(
        label=_("Is there one that must not read it?"),
        help_text=_("For example the one that it is about. Its readers never get it here."),
        required=False,
        empty_value=None,
    )
    audio = forms.FileField(
        label=_("Do you want to say it by voice?"),
        help_text=_(
            "Up to five minutes: webm, ogg, mp3, m4a or wav. What your device wrote into the file goes. Your voice "
            "stays as it is: who knows you can recognise it. In place of writing, or beside it."
        ),
        required=False,
        widget=forms.FileInput(attrs={"accept": "audio/*"}),
    )
    photos = _Photos(
        label=_("Do you want to add photos?"),
        help_text=_(
            "Up to three: jpeg, png or webp. Place and time that a phone writes into them go. What is to be seen "
            "stays: no faces, no doors, no papers."
        ),
        required=False,
        widget=_SeveralFiles(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    website = forms.CharField(required=False)  # nobody sees it; programs that fill in every field do

    def __init__(self, *args: Any, readers: Readers, organisations: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._readers = readers
        audience = self.fields["audience"]
        assert isinstance(audience, forms.MultipleChoiceField)
        audience.choices = readers.choices
        offer(self.fields["excluded"], organisations, gettext("No"))

    def clean_audience(self) -> Any:
        """The inboxes that were chosen."""
        answers = self.cleaned_data["audience"]
        if self._readers.mixed(answers):
            raise forms.ValidationError(_("What is for all to read goes to one organisation first. Choose that alone."))
        return self._readers.chosen(answers)

    def clean_audio(self) -> bytes:
        """The speech; nothing if there is none."""
        return _bytes_of(self.cleaned_data["audio"])

    def clean_photos(self) -> list[bytes]:
        """Each photo."""
        if len(self.cleaned_data["photos"]) > MOST_PHOTOS:
            raise forms.ValidationError(_("Choose three photos at most."))
        return [_bytes_of(one) for one in self.cleaned_data["photos"]]

    def clean_website(self) -> str:
        """A person leaves it empty."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Leave the hidden field empty, and send it again."))
        return ""

    def clean(self) -> dict[str, Any]:
        """Reads the slip too: a form that came too fast or too late is sent once more."""
        said = super().clean()
        if not said.get("text") and not said.get("audio") and not {"text", "audio"} & set(self.errors):
            self.add_error("text", _("Write it here, or say it by voice: one of the two is enough."))
        slip = carried.read_slip(str(said.get("slip", "")))
        if slip is None or slip.age > OLDEST:
            self._again(_("This page was open for more than a day. Look at it once more, then send it."))
        elif slip.age < YOUNGEST:
            self.add_error(None, _("That was very quick. Read it once more, then send it."))
        else:
            self.said["receipt"] = slip.receipt
        return said

    def _again(self, advice: Any) -> None:
        self.data = MultiValueDict({**dict(self.data), "slip": [carried.new_slip()]})
        self.add_error(None, advice)


class SayMoreForm(Careful):
    """More words to one's own voice."""

    text = _text(_("What do you want to add?"), _("No names, no phone numbers, no exact places."))


class AnswerVoiceForm(Careful):
    """An organisation's answer to a voice."""

    text = _text(_("What do you answer?"), _("Plain and short. She may hear it read aloud, where others are."))


class TranscribeVoiceForm(Careful):
    """What a reader heard."""

    text = _text(
        _("What do you hear?"),
        _("Word for word, in the language that is spoken. Leave out names. Where you cannot hear it, write “…”."),
    )


class ComeBackForm(Form):
    """A receipt."""

    receipt = secret_field(
        _("What is on your receipt?"), _("Sixteen letters and digits, or eight words. Small or large does not matter.")
    )


class ReceiptForm(ComeBackForm):
    """The receipt once more, from paper."""

    def __init__(self, *args: Any, receipt: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._receipt = receipt

    def clean_receipt(self) -> str:
        """The same as was shown."""
        if receipts.read(self.cleaned_data["receipt"]) != self._receipt:
            raise forms.ValidationError(_("This is another one. Look at your paper again, or have it shown again."))
        return self._receipt
