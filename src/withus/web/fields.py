"""A form's field as its component draws it: plain facts, no widget's markup."""

import datetime
from dataclasses import dataclass, field

from django import forms
from django.forms import BoundField
from django.forms.utils import flatatt
from django.utils.safestring import SafeString

_KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.HiddenInput, "hidden"),
    (forms.Textarea, "textarea"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.Select, "select"),
    (forms.CheckboxInput, "checkbox"),
    (forms.FileInput, "file"),
    (forms.PasswordInput, "password"),
    (forms.DateInput, "date"),
)
_GROUPS = {"radios", "checkboxes"}
_DJANGOS = {("cols", "40"), ("rows", "10")}  # too wide and too high for a small phone; the style sheet decides
_EXPLAINED_BY = {"help": "help", "error": "errors"}


@dataclass(frozen=True)
class Choice:
    """One of the answers to choose from; those of one `group` stand together under its name."""

    id: str
    value: str
    label: str
    is_chosen: bool
    group: str = ""


@dataclass(frozen=True)
class Shape:
    """What the component needs to know of a field."""

    kind: str
    id: str
    name: str
    label: str
    help: str
    errors: list[str]
    value: str
    is_required: bool
    limit: int | None
    language: str
    attributes: SafeString
    choices: list[Choice] = field(default_factory=list)

    @property
    def first_id(self) -> str:
        """Where a link to this field leads: its input, or the first of its choices."""
        return self.choices[0].id if self.kind in _GROUPS and self.choices else self.id

    @property
    def described_by(self) -> str:
        """The ids of what explains the input: its help, then its errors."""
        return " ".join(f"{self.id}-{part}" for part, of in _EXPLAINED_BY.items() if getattr(self, of))


def shape_of(bound: BoundField) -> Shape:
    """The field's shape, with what was typed; a password only if its widget says that it may be shown again."""
    widget = bound.field.widget
    kind = next((kind for type_, kind in _KINDS if isinstance(widget, type_)), "text")
    value = _value(bound, kind)
    return Shape(
        kind=kind,
        id=bound.auto_id,
        name=bound.html_name,
        label=str(bound.label),
        help=str(bound.help_text),
        errors=[str(error) for error in bound.errors],
        value=value,
        is_required=bound.field.required,
        limit=getattr(bound.field, "max_length", None),
        language=_language_of(bound),
        attributes=_attributes(bound, kind),
        choices=_choices(bound, kind),
    )


def _value(bound: BoundField, kind: str) -> str:
    value = bound.value()
    is_hidden_again = kind == "password" and not getattr(bound.field.widget, "render_value", False)
    if value is None or kind == "file" or is_hidden_again:
        return ""
    if kind == "checkbox":
        return "on" if value else ""
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def _language_of(bound: BoundField) -> str:
    """The language that the same form says its texts are in."""
    return str(bound.form["language"].value() or "") if "language" in bound.form.fields else ""


def _attributes(bound: BoundField, kind: str) -> SafeString:
    """What the form's author set on the widget, ready for the tag; a text without a direction finds its own."""
    written = {"dir": "auto"} if kind in {"text", "textarea"} else {}
    numeric = {"inputmode": "numeric"} if isinstance(bound.field, forms.IntegerField) else {}
    given = {name: value for name, value in bound.field.widget.attrs.items() if (name, value) not in _DJANGOS}
    return flatatt({**written, **numeric, **given})


def _choices(bound: BoundField, kind: str) -> list[Choice]:
    if kind not in _GROUPS and kind != "select":
        return []
    value = bound.value()
    chosen = {str(one) for one in value} if isinstance(value, list | tuple | set) else {str(value)}
    if value is None:
        chosen = {""}
    grouped = (
        (group, one)
        for key, label in bound.field.widget.choices
        for group, one in ([(key, one) for one in label] if isinstance(label, list | tuple) else [("", (key, label))])
    )
    return [
        Choice(f"{bound.auto_id}_{number}", str(key), str(label), str(key) in chosen, str(group))
        for number, (group, (key, label)) in enumerate(grouped)
    ]
