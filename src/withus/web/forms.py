"""The base of every form: clean characters, honest lengths, and sentences that say what to do."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from withus.compute.reasons import OF_ANYTHING, says_enough
from withus.core.errors import Refused, only_if
from withus.web import languages
from withus.web.language import in_digits, written_number

# What somebody typed before she had to sign in again: forms that are only shown in this request hold it.
typed: ContextVar[MultiValueDict[str, str] | None] = ContextVar("typed", default=None)
MOST_ACCENTS = 8  # on one letter; no script needs more
LONGEST = 2000  # characters, where a field names no limit of its own
# Control characters, halves of surrogates, noncharacters, the two marks that turn the order of letters around, letters
# that look like nothing, and marks that only machines read.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\u115f\u1160\u2800\u3164\uffa0\U000e0000-\U000e007f]"
)
Field = TypeVar("Field", bound=forms.Field)
_LOST = "\ufffd"  # what stands where bytes were no UTF-8
_ADVICE: dict[type[forms.Field], dict[str, Any]] = {
    forms.Field: {"required": _("Please answer this question.")},
    forms.BooleanField: {"required": _("Please tick this box if you agree.")},
    forms.ChoiceField: {"invalid_choice": _("Please choose one of the answers.")},
    forms.MultipleChoiceField: {"invalid_choice": _("Please choose from the answers.")},
    forms.DateField: {"invalid": _("Write the day like this: 2026-05-03.")},
    forms.IntegerField: {
        "invalid": _("Write a whole number, for example 12."),
        "min_value": _("Write %(limit_value)s or more."),
        "max_value": _("Write %(limit_value)s or less."),
    },
    forms.FileField: {
        "required": _("Please choose a file."),
        "empty": _("This file is empty. Choose another one."),
        "invalid": _("The file did not arrive. Please choose it again."),
    },
}


def shown(text: str) -> str:
    """The text in normal form C, without the characters that nobody sees."""
    return unicodedata.normalize("NFC", _UNSEEN.sub("", unicodedata.normalize("NFC", text)).replace(_LOST, ""))


class Form(forms.Form):
    """A form whose text arrives as NFC, without characters that nobody sees, and never silently cut."""

    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any] | None = None, *args: Any, **kwargs: Any) -> None:
        self._altered: set[str] = set()
        super().__init__(None if data is None else self._tidied(data), *args, **kwargs)
        for field in self.fields.values():
            _advise(field)
            if isinstance(field, forms.CharField):
                _limit(field)
                field.validators.append(in_words)
        self.is_put_back = not self.is_bound and self._put_back(typed.get())

    def _put_back(self, said: MultiValueDict[str, str] | None) -> bool:
        """Shows what was typed, if it was typed here; what the page gives out itself, and files, are left alone."""
        asked = {
            name: field
            for name, field in self.fields.items()
            if not (field.widget.is_hidden or isinstance(field, forms.FileField))
        }
        if said is None or not asked.keys() & said.keys():
            return False
        known = {name: said.getlist(name) for name in asked if name in said}
        several = {name for name in known if isinstance(asked[name], forms.MultipleChoiceField)}
        ticks = {name: name in said for name, field in asked.items() if isinstance(field, forms.BooleanField)}
        values = {name: found if name in several else found[-1] for name, found in known.items()}
        self.initial = {**(self.initial or {}), **values, **ticks}
        return True

    def _tidied(self, data: Mapping[str, Any]) -> MultiValueDict[str, Any]:
        lists = data.lists() if isinstance(data, MultiValueDict) else [(name, [data[name]]) for name in data]
        return MultiValueDict({name: [self._tidy(name, value) for value in values] for name, values in lists})

    def _tidy(self, name: str, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        plain = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
        seen = shown(plain)
        if seen != plain:
            self._altered.add(name)
        return seen

    def full_clean(self) -> None:
        """A choice that was not sent at all is the one that the page shows: scripts need to name only what matters."""
        for name, field in self.fields.items():
            shown_first = self.get_initial_for_field(field, name)
            is_left_out = self.is_bound and self.add_prefix(name) not in self.data
            is_one_of = isinstance(field, forms.ChoiceField) and not isinstance(field, forms.MultipleChoiceField)
            if is_left_out and shown_first and is_one_of:
                self.data = MultiValueDict({**dict(self.data), self.add_prefix(name): [shown_first]})
        super().full_clean()
        if self.is_bound and self.errors:
            self._tell_the_rest()

    def _tell_the_rest(self) -> None:
        """What the action would refuse in the other answers as well: it is not asked while one is missing."""
        for name, field in self.fields.items():
            condition, value = getattr(field, "condition", None), self.cleaned_data.get(name)
            if condition and value not in field.empty_values:
                try:
                    condition(value)
                except Refused as no:
                    self.add_error(name, no.sentence)

    def _clean_form(self) -> None:
        """Before the form's own checks: a text that we had to alter goes back to the person to be looked at."""
        for name in self.fields:
            if self.add_prefix(name) in self._altered:
                sentence = gettext("We took out characters that cannot be shown. Please read this again, then send it.")
                self.add_error(name, sentence)
        super()._clean_form()  # type: ignore[misc]


class Written(Form):
    """A form whose answers are written in a language that the person names."""

    language = forms.ChoiceField(label=_("In which language do you write this?"), choices=languages.named)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("language", languages.readers())
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "language"])


def also(field: Field, condition: Callable[[Any], None]) -> Field:
    """The field, with what the action asks of its answer: the form tells it beside mistakes of its own, never alone."""
    field.condition = condition  # type: ignore[attr-defined]
    return field


def sentences(
    label: Any, help_text: Any = "", advice: Any = "", least: int = OF_ANYTHING, *, is_required: bool = True
) -> forms.CharField:
    """An answer in a sentence or more. The action gives the advice, with all else that is wrong, if it tells less than
    `least`; see `also`."""
    area = forms.Textarea(attrs={"rows": 5})
    made = forms.CharField(label=label, help_text=help_text, widget=area, max_length=5_000, required=is_required)
    return also(made, telling(advice, least)) if advice else made


def telling(advice: Any, least: int = OF_ANYTHING) -> Callable[[Any], None]:
    """A condition for `also`: words that say enough, or the advice."""
    return lambda words: only_if(says_enough(words, least), str(advice))


def offer(field: forms.Field, things: Iterable[Any], none: str, name: Callable[[Any], str] = str) -> None:
    """Lets people choose among things, called by `name`, by their public codes; what comes out is the thing."""
    assert isinstance(field, forms.TypedChoiceField)
    known = {thing.code: thing for thing in things}
    field.choices = [("", none), *((code, name(thing)) for code, thing in known.items())]
    field.coerce = lambda code: known[code]


def _advise(field: forms.Field) -> None:
    """Our sentences in place of Django's, except where the field brings its own."""
    ours: dict[str, Any] = {}
    for kind, advice in _ADVICE.items():
        if isinstance(field, kind):
            ours |= advice
    for code, sentence in ours.items():
        if field.error_messages.get(code) is _djangos(type(field), code):
            field.error_messages[code] = sentence
    for code in ("min_value", "max_value"):
        if getattr(field, code, None) is not None:
            limit = written_number(getattr(field, code))
            field.error_messages[code] = field.error_messages[code] % {"limit_value": limit}


def in_words(text: str) -> None:
    """Raises ValidationError for what would stand before others as an empty card, or buried under accents.

    And the log takes no sign that this Python's tables do not know: another version would write it otherwise.
    """
    unknown = sorted({sign for sign in text if unicodedata.category(sign) == "Cn"})
    if unknown:
        advice = _("These signs are too new for this house to keep them safely. Take them away: %(signs)s")
        raise ValidationError(advice, code="unknown", params={"signs": " ".join(unknown)})
    kinds = [unicodedata.category(sign)[0] for sign in text]
    if not {"L", "N", "S"} & set(kinds):
        raise ValidationError(_("Write it in words: letters or numbers."), code="no_words")
    if "M" * (MOST_ACCENTS + 1) in "".join(kinds):
        raise ValidationError(_("There are too many accents on one letter. Take some away."), code="accents")


def _djangos(kind: type[forms.Field], code: str) -> Any:
    found = (vars(one).get("default_error_messages", {}).get(code) for one in kind.__mro__)
    return next((sentence for sentence in found if sentence is not None), None)


def _limit(field: forms.CharField) -> None:
    """Says by how much a text is too long. The browser must not cut it: what is cut on pasting is lost unseen."""
    field.max_length = field.max_length or LONGEST
    field.widget.attrs.pop("maxlength", None)
    limit = field.max_length
    field.validators = [check for check in field.validators if not isinstance(check, MaxLengthValidator)]

    def at_most(text: str) -> None:
        over = len(text) - limit
        if over > 0:
            raise ValidationError(
                in_digits(
                    ngettext(
                        "This is %(over)d character too long. There is room for %(limit)d.",
                        "This is %(over)d characters too long. There is room for %(limit)d.",
                        over,
                    )
                    % {"over": over, "limit": limit}
                ),
                code="max_length",
            )

    field.validators.append(at_most)
