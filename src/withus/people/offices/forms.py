"""What somebody is asked who hands her role over."""

import datetime
from collections.abc import Iterable
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from withus.core import clock, codes
from withus.people.forms import ROLE_NAMES, term_field
from withus.policy.facts import Role
from withus.web.forms import Form

DAYS = 30  # that a successor has to come in


class HandOverForm(Form):
    """One card for a successor."""

    role = forms.ChoiceField(label=_("Which of your roles do you hand over?"), widget=forms.RadioSelect)
    ends_on = forms.DateField(
        label=_("Until which day can the card be used?"), widget=forms.DateInput(attrs={"type": "date"})
    )
    term_until = term_field()
    seed = forms.RegexField("^[0-9A-Z]{26}$", widget=forms.HiddenInput, initial=partial(codes.code, 26))

    def __init__(self, *args: Any, roles: Iterable[Role] = (), **kwargs: Any) -> None:
        offered = list(roles)
        given = kwargs.setdefault("initial", {})
        given.setdefault("ends_on", clock.today() + datetime.timedelta(days=DAYS))
        if len(offered) == 1:
            given.setdefault("role", offered[0].value)
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(role.value, ROLE_NAMES[role]) for role in offered]
