"""What is sent when somebody who spoke says whether it is true."""

from django import forms
from django.utils.translation import gettext_lazy as _

from withus.recommendations.judging.actions import TAKEN_BACK
from withus.recommendations.judging.models import Judgement
from withus.web.forms import Form


class JudgeDeliveryForm(Form):
    """One of two buttons, or the third that takes it back."""

    verdict = forms.ChoiceField(
        label=_("Is it true?"), choices=[*Judgement.Verdict.choices, (TAKEN_BACK, _("Take it back"))]
    )
