"""What is asked of a peer editor who tells a story."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from withus.people import names
from withus.voices.forms import Careful, area_field, topic_field, words_field
from withus.web.forms import Written

_SOMEBODY = "somebody"


class TellStoryForm(Careful, Written):
    """A voice in a peer editor's words, under a name that nobody has."""

    watched = ("text", "topic", "area")
    text = words_field(
        _("What happened?"),
        _(
            "In your own words: how somebody writes can give her away. No names, no places where few live, no days, "
            "nothing that only one person lived through."
        ),
    )
    pseudonym = forms.ChoiceField(
        label=_("Who says it?"), help_text=_("We made the name up. It is nobody’s here."), widget=forms.RadioSelect
    )
    topic = topic_field()
    area = area_field(_("A town or a district, never an address. Leave it empty where few people live."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        typed = str(self.data.get("pseudonym") or (self.initial or {}).get("pseudonym", ""))
        drawn = typed if names.is_for_a_story(typed) else names.for_a_story()
        who = self.fields["pseudonym"]
        assert isinstance(who, forms.ChoiceField)
        who.choices = [(drawn, drawn), (_SOMEBODY, _("Somebody"))]
        who.initial = drawn
        self.order_fields(["text", "pseudonym", "topic", "area", "language", "anyway"])

    def clean_pseudonym(self) -> str:
        """The name that was drawn; none for somebody."""
        chosen: str = self.cleaned_data["pseudonym"]
        return "" if chosen == _SOMEBODY else chosen
