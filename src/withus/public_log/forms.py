"""What is typed in from paper."""

import re

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.compute.verifier import Wrong, read_printed
from withus.public_log import papers
from withus.public_log.papers import Paper

LONGEST = 400


class VerifyForm(forms.Form):
    """Size and eight words, or a code."""

    use_required_attribute = False
    printed = forms.CharField(
        label=_("What stands on your paper?"),
        help_text=_("Type the number and the eight words, or a code. The first four letters of a word are enough."),
        max_length=LONGEST,
        error_messages={
            "required": _("Type what stands at the foot of your paper: a number and eight words, or a code."),
            "max_length": _("This is too long. Type only the number and the eight words, or only the code."),
        },
        widget=forms.Textarea(
            attrs={"rows": 3, "autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}
        ),
    )

    def clean_printed(self) -> tuple[int, list[str]] | str | Paper:
        """A checkpoint as size and words, a code, or a paper that this house signed."""
        typed: str = self.cleaned_data["printed"].strip()
        if paper := papers.read(typed):
            return paper
        if re.fullmatch(r"[A-Za-z0-9-]{1,32}", typed) and not typed.isdigit():
            return typed.upper()
        try:
            return read_printed(typed)
        except Wrong as problem:
            sentence = gettext(
                "We can't read this: %(why)s. Look at your paper again: first the number, then eight words."
            )
            raise forms.ValidationError(sentence % {"why": _why(typed, problem)}) from problem


def _why(typed: str, problem: Wrong) -> str:
    if not any(symbol.isdigit() for symbol in typed):
        return gettext("the number is missing")
    return (
        gettext("a word is misspelt, or there are not eight of them")
        if "word" in str(problem)
        else gettext("the number is not one")
    )
