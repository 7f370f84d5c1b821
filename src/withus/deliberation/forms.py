"""What people are asked in a conversation."""

import re
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.deliberation.models import DeclineReason, StatementState
from withus.web import languages
from withus.web.forms import Form

LONGEST_STATEMENT = 400
LARGEST_FILE = 12 * 1024 * 1024
MOST_BALLOTS = 500
_MARKS = {"a": 1, "+": 1, "✓": 1, "d": -1, "-": -1, "✗": -1, "p": 0, "o": 0, "○": 0}
_MARK = re.compile(r"(\d{1,18})([^\W\d_]|[-+✓✗○])")


class _Written(Form):
    """A form whose answers are written in a language that the person names."""

    language = forms.ChoiceField(label=_("In which language do you write this?"), choices=languages.named)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("language", languages.readers())
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "language"])


class ProposeForm(_Written):
    """One sentence of a peer's own."""

    text = forms.CharField(
        label=_("What do you want to say?"),
        help_text=_(
            "One sentence that others can agree or disagree with. No names, and nothing that points to a person."
        ),
        max_length=LONGEST_STATEMENT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class SeedForm(ProposeForm):
    """One of the first statements, in the organisation's name."""


class ModerateForm(Form):
    """Accepting or declining, with a reason that everybody can read."""

    decision = forms.ChoiceField(
        label=_("May people vote on it?"),
        choices=[(StatementState.ACCEPTED, _("Yes, accept it")), (StatementState.DECLINED, _("No, decline it"))],
        widget=forms.RadioSelect,
    )
    reason = forms.ChoiceField(
        label=_("If you decline: why?"),
        choices=[("", "—"), *((r.value, r.label) for r in DeclineReason if r != DeclineReason.IMPORTED)],
        required=False,
    )
    words = forms.CharField(
        label=_("What do you want to tell the person?"),
        help_text=_("Everybody can read this. Name nobody."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )


class AppealForm(_Written):
    """Why somebody else should look again."""

    reason = forms.CharField(
        label=_("Why should somebody else look again?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )


class ReviewForm(Form):
    """The answer to an appeal."""

    upheld = forms.TypedChoiceField(
        label=_("Is the statement acceptable after all?"),
        choices=[("yes", _("Yes, people can vote on it now")), ("no", _("No, it stays declined"))],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(label=_("Why?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))


class EnterForm(Form):
    """Ballots from paper, one line each."""

    ballots = forms.CharField(
        label=_("What do the ballots say?"),
        help_text=_(
            "One line for each sheet: the number and a for agree, d for disagree, p for pass. Like this: 1a 2d 3p"
        ),
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 10, "autocomplete": "off", "spellcheck": "false"}),
    )
    token = forms.RegexField(r"^[0-9A-Za-z_-]{16,40}$", widget=forms.HiddenInput)

    def clean_ballots(self) -> list[dict[int, int]]:
        """The ballots; what cannot be read is said with the number of its line."""
        found, wrong = [], []
        for line, text in enumerate(str(self.cleaned_data["ballots"]).strip("\n").split("\n"), 1):
            ballot, error = _read_ballot(text)
            found.append(ballot)
            if error:
                wrong.append(gettext("Line %(line)s: %(what)s") % {"line": line, "what": error})
        if len(found) > MOST_BALLOTS:
            wrong.append(gettext("Type in at most %(most)s ballots at once.") % {"most": MOST_BALLOTS})
        if wrong:
            raise forms.ValidationError(wrong[:20])
        return found


def _read_ballot(text: str) -> tuple[dict[int, int], str]:
    ballot: dict[int, int] = {}
    for word in text.replace(",", " ").split():
        match = _MARK.fullmatch(word.lower())
        if match is None or match[2] not in _MARKS:
            return {}, gettext("“%(word)s” is not a number with a, d or p.") % {"word": word[:20]}
        number = int(match[1])
        if number in ballot:
            return {}, gettext("number %(number)s stands twice.") % {"number": number}
        ballot[number] = _MARKS[match[2]]
    return ballot, "" if ballot else gettext("there is no answer in it. Leave empty sheets out.")


class SheetForm(Form):
    """One ballot, as it lies on the table: a row of three answers for each statement."""

    token = EnterForm.base_fields["token"]

    def __init__(self, *args: Any, statements: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for statement in statements:
            self.fields[f"s{statement.number}"] = forms.TypedChoiceField(
                label=f"{statement.number}. {statement.text}",
                choices=[("1", _("Agree")), ("-1", _("Disagree")), ("0", _("Pass")), ("", _("No answer"))],
                coerce=int,
                empty_value=None,
                widget=forms.RadioSelect,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        """The one ballot, under the name that the action knows."""
        cleaned = super().clean() or {}
        given = {int(name[1:]): value for name, value in cleaned.items() if name != "token" and value is not None}
        if not given and not self.errors:
            raise forms.ValidationError(gettext("There is no answer in it. Leave empty sheets out."))
        return {"token": cleaned.get("token"), "ballots": [given]}


class ImportPolisForm(Form):
    """Polis' files."""

    comments = forms.FileField(label=_("Which file is comments.csv?"))
    votes = forms.FileField(label=_("Which file is votes.csv?"))
    summary = forms.FileField(label=_("Which file is summary.csv?"), required=False)

    def _bytes(self, name: str) -> bytes:
        file: UploadedFile[Any] | None = self.cleaned_data[name]
        if file is None:
            return b""
        if file.size is None or file.size > LARGEST_FILE:
            raise forms.ValidationError(
                gettext("This file is larger than 12 MB. Ask whoever runs this host to import it.")
            )
        return bytes(file.read())

    def clean_comments(self) -> bytes:
        """The file's bytes."""
        return self._bytes("comments")

    def clean_votes(self) -> bytes:
        """The file's bytes."""
        return self._bytes("votes")

    def clean_summary(self) -> bytes:
        """The file's bytes, none if there is no file."""
        return self._bytes("summary")
