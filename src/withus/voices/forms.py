"""What is asked of whoever sends a voice, comes back to it, or answers one."""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html, format_html_join
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.core import codes, receipts
from withus.people.forms import secret_field
from withus.people.queries import public_organisations
from withus.people.typed import LONGEST as LONGEST_KEPT
from withus.voices import carried, traces
from withus.voices.enclosing.making import LARGEST
from withus.voices.wording import STATED, Kind, Readers
from withus.web.errors import OTHER_WAY
from withus.web.forms import Form, offer

LONGEST = 5000
MOST_PHOTOS = 3
YOUNGEST, OLDEST = timedelta(seconds=3), timedelta(hours=24)  # of a form that is sent

_HAS_RECEIPT = _(
    "Here stands what looks like a receipt. Take it out: whoever reads this could come back with it, answer in that "
    "name, and erase all. If it is something else, write it in another way."
)
_POINTS = _("Whoever reads this could find somebody by it. It seems to hold:")
_NO_SLIP = _(
    "Send it from this page once more: the hidden mark by which we know each form did not come with it, or is too old "
    "to be read."
)
_TAKE_OUT = _("Take it out, or tick the box at the end: then it is sent as it is.")


def _warning(found: Iterable[traces.Trace]) -> str:
    """What was found, one on a line, each with its words."""
    each = format_html_join("", "<li>{}: <bdi>{}</bdi></li>", found)
    return format_html("{}<ul>{}</ul>{}", _POINTS, each, _TAKE_OUT)


class Careful(Form):
    """A form that takes no receipt among its words, and warns before words go out that could point to somebody."""

    not_keywords: tuple[str, ...] = ("anyway",)
    watched: tuple[str, ...] = ("text",)
    anyway = forms.BooleanField(
        label=_("I have read it again, and it can be sent as it is"), required=False, widget=forms.HiddenInput
    )

    def clean(self) -> dict[str, Any]:
        """Says what it found; what could point to somebody it asks about once."""
        said = super().clean() or {}
        texts = {name: str(said.get(name) or "") for name in self.watched}
        for name, text in texts.items():
            if receipts.seems_in(text):
                self.add_error(name, _HAS_RECEIPT)
        found = traces.in_text(*texts.values(), known=public_organisations().values_list("name", flat=True))
        if found:
            self.fields["anyway"].widget = forms.CheckboxInput()
            if not said.get("anyway"):
                self.add_error(None, _warning(found))
        self.said = {name: value for name, value in said.items() if name not in self.not_keywords}
        return said


def words_field(label: Any, help_text: Any = "", *, is_required: bool = True) -> forms.CharField:
    """Words of a voice."""
    area = forms.Textarea(attrs={"rows": 8, "autocomplete": "off"})
    return forms.CharField(label=label, help_text=help_text, max_length=LONGEST, widget=area, required=is_required)


def kind_field(label: Any) -> forms.TypedChoiceField:
    """What it is about, in one word of a short list; whoever does not choose leaves it open."""
    return forms.TypedChoiceField(
        label=label, choices=STATED, required=False, empty_value=Kind.OPEN.value, widget=forms.RadioSelect
    )


def topic_field(*, is_required: bool = True) -> forms.CharField:
    """What it is about."""
    advice = _("A word or two, such as: needles, opening hours.")
    return forms.CharField(label=_("What is it about?"), help_text=advice, max_length=80, required=is_required)


def area_field(advice: Any = "") -> forms.CharField:
    """Where it is so, coarsely."""
    usual = _("A town or a district, never an address.")
    return forms.CharField(label=_("Where is it so?"), help_text=advice or usual, max_length=80, required=False)


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


class GivenOut(Form):
    """A form that brings back the slip with which it was given out: what is sent with it twice is one thing."""

    slip_kind = carried.RECEIPT
    slip = forms.CharField(widget=forms.HiddenInput, max_length=2000, required=False)
    given: carried.Slip | None = None

    @classmethod
    def new_slip(cls) -> str:
        """A slip for one such form."""
        return carried.new_slip(cls.slip_kind)

    def add_error(self, field: str | None, error: Any) -> None:
        """Where the slip is what is wrong, the form gets a new one and keeps its words."""
        if field == "slip":
            self.begin_anew()
        super().add_error(None if field == "slip" else field, error)

    def begin_anew(self) -> None:
        """What is sent next with this page is another thing; its answers stay."""
        self.data = MultiValueDict({**dict(self.data), "slip": [self.new_slip()]})

    def clean(self) -> dict[str, Any]:
        """Reads the slip; a form that comes too late, or without one that is ours, is sent once more."""
        said = super().clean() or {}
        slip = carried.read_slip(str(said.get("slip", "")), self.slip_kind)
        if slip is None:
            self.add_error("slip", _NO_SLIP)
        elif slip.age > OLDEST:
            self.add_error("slip", _("This page was open for more than a day. Look at it once more, then send it."))
        else:
            self.given = slip
        return said


class Slipped(GivenOut, Careful):
    """A careful form that anybody can send, once: with a slip, not too fast, and not by a program.

    Its slip's secret is said under the name of its kind.
    """

    not_keywords: tuple[str, ...] = ("anyway", "slip", "website")
    website = forms.CharField(required=False)  # nobody sees it; programs that fill in every field do

    def clean_website(self) -> str:
        """A person leaves it empty."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Leave the hidden field empty, and send it again."))
        return ""

    def clean(self) -> dict[str, Any]:
        """Asks for a moment too: a form that came too fast is sent once more."""
        said = super().clean()
        if self.given and self.given.age < YOUNGEST:
            self.add_error(None, _("That was very quick. Read it once more, then send it."))
        elif self.given:
            self.said[self.slip_kind] = self.given.secret
        return said


class Enclosing(Careful):
    """Words, with speech and photos in their place or beside them."""

    another_way = format_lazy(" {}", OTHER_WAY)  # for whoever cannot wait until it can be sent

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
    as_evidence = forms.BooleanField(
        label=_("Keep the files as they are too, as evidence"),
        help_text=_(
            "Only if somebody may have to prove what is in them. A file as it is can tell where and when it was made, "
            "and with which device: it can lead to you. Whoever reads this gets it. Without this we keep nothing of it."
        ),
        required=False,
    )

    def clean_audio(self) -> bytes:
        """The speech; nothing if there is none."""
        return _bytes_of(self.cleaned_data["audio"])

    def clean_photos(self) -> list[bytes]:
        """Each photo."""
        if len(self.cleaned_data["photos"]) > MOST_PHOTOS:
            raise forms.ValidationError(_("Choose three photos at most."))
        return [_bytes_of(one) for one in self.cleaned_data["photos"]]

    def clean(self) -> dict[str, Any]:
        """Something has to be said, in one way or the other."""
        said = super().clean()
        if not said.get("text") and not said.get("audio") and not {"text", "audio"} & set(self.errors):
            self.add_error("text", _("Write it here, or say it by voice: one of the two is enough."))
        return said


class VoiceForm(GivenOut, Careful):
    """A voice: what is to be said, and who may read it."""

    not_keywords: tuple[str, ...] = ("anyway", "slip")
    watched: tuple[str, ...] = ("text", "topic", "area")
    kind = kind_field(_("What do you want to say?"))
    topic = topic_field(is_required=False)
    area = area_field()
    audience = forms.MultipleChoiceField(
        label=_("Who may read it?"),
        help_text=_("Of several, each reads all that is said, also the answers of the others."),
        widget=forms.CheckboxSelectMultiple,
    )
    excluded = forms.TypedChoiceField(
        label=_("Is there one that must not read it?"),
        help_text=_("For example the one that it is about. Nobody who has a role there can read it here."),
        required=False,
        empty_value=None,
    )

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


class ContributeForm(Enclosing, Slipped, VoiceForm):
    """What somebody says herself, without an account: in writing, by voice, with photos."""

    field_order = ("slip", "kind", "text")
    text = words_field(
        _("Say it in your own words"),
        _("No names, no phone numbers, no exact places: neither yours nor of others. You can also speak: see below."),
        is_required=False,
    )
    may_be_told = forms.BooleanField(
        label=_("May peer editors also tell it as a story, if it is for all to read?"),
        help_text=_(
            "In their own words, under a made-up name or in what they find, without anything that points to you. "
            "Without a tick it is at most counted, together with others. You can change it later, with your receipt."
        ),
        required=False,
    )


class SayMoreForm(Enclosing):
    """More to one's own voice."""

    once = forms.RegexField(
        "^[0-9A-Z]{26}$", widget=forms.HiddenInput, initial=partial(codes.code, 26), required=False
    )  # the same form sent twice says it once
    text = words_field(
        _("What do you want to add?"), _("No names, no phone numbers, no exact places."), is_required=False
    )


class AnswerVoiceForm(Careful):
    """An organisation's answer to a voice."""

    text = words_field(_("What do you answer?"), _("Plain and short. She may hear it read aloud, where others are."))


class TranscribeVoiceForm(Careful):
    """What a reader heard."""

    text = words_field(
        _("What do you hear?"),
        _("Word for word, in the language that is spoken. Leave out names. Where you cannot hear it, write “…”."),
    )


class ComeBackForm(Form):
    """A receipt; and what was typed when the visit had ended, for the form that it was typed into."""

    kept = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST_KEPT, required=False)

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
