"""What is asked of those who make, renew and recover an inbox, and of those who let others read."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.core import codes
from withus.people.forms import secret_field
from withus.voices.inboxes import unlocking
from withus.voices.inboxes.models import Reader
from withus.web.forms import Form, offer


def _seed() -> forms.RegexField:
    """A random seed: the same form sent twice makes one key, not two."""
    return forms.RegexField("^[0-9A-Z]{26}$", widget=forms.HiddenInput, initial=partial(codes.code, 26))


class MakeInboxForm(Form):
    """The first key of an inbox."""

    seed = _seed()


def _with_words(reader: Reader) -> str:
    """Her pseudonym, and her words as they are read out: in their order, whichever way the page runs."""
    words = '<bdi>{}</bdi><br><strong lang="en" dir="ltr" translate="no">{}</strong>'
    return format_html(words, reader, reader.fingerprint)


class AddReaderForm(Form):
    """Who reads from now on."""

    reader = forms.TypedChoiceField(
        label=_("Who may read from now on?"),
        help_text=_("Ask her for the eight words on her page. If they differ from those here, do not add her."),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, offering: Iterable[Reader] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {one.pseudonym_and_words: one for one in offering}
        field = self.fields["reader"]
        field.choices = [(code, _with_words(one)) for code, one in known.items()]  # type: ignore[attr-defined]
        field.coerce = lambda code: known[code]  # type: ignore[attr-defined]


class GivingUp(Form):
    """A new key, and how many voices the inbox may lose with it: asked only once that would be some."""

    field_order = ("seed", "without", "paper", "giving_up")
    giving_up = forms.IntegerField(
        label=_("How many voices do you give up?"),
        help_text=_("Leave it empty, unless you want to go on without them. Their number stands above."),
        required=False,
        widget=forms.HiddenInput,
    )

    def add_error(self, field: str | None, error: Any) -> None:
        """Where voices would be lost, the page asks."""
        if field == "giving_up":
            self.fields["giving_up"].widget = forms.NumberInput()
        super().add_error(field, error)


class RenewInboxForm(GivingUp):
    """A new key, and for whom no more."""

    seed = _seed()
    without = forms.TypedChoiceField(
        label=_("Who must not read any more?"),
        help_text=_("She can keep what she has read or copied. What comes from now on she cannot open."),
        required=False,
        empty_value=None,
    )

    def __init__(self, *args: Any, reading: Iterable[Reader] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["without"], reading, gettext("Nobody: only make a new key"))


class RecoverInboxForm(GivingUp):
    """The paper key."""

    seed = _seed()
    paper = secret_field(
        _("What stands on the paper?"),
        _("Fifty-two letters and digits. Small or large, with or without spaces, it does not matter."),
    )


class PaperForm(RecoverInboxForm):
    """The paper key once more, from paper."""

    def __init__(self, *args: Any, private: bytes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._private = private

    def clean_paper(self) -> str:
        """The same as was shown."""
        typed: str = self.cleaned_data["paper"]
        if unlocking.from_paper(typed) != self._private:
            raise forms.ValidationError(_("This is another one. Look at your paper again, or have it shown again."))
        return typed
