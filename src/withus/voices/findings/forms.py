"""What is asked of those who make findings of voices, and tell back what became of them."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.compute.sentences import first_sentence
from withus.voices.findings.chains import Link
from withus.voices.findings.queries import Offered
from withus.voices.forms import Careful, area_field, topic_field
from withus.voices.wording import STATED, Kind
from withus.web.forms import Form, Written, sentences
from withus.web.language import apart, written_day

LONGEST = 70  # signs of what a voice says, so that one is told from another
_WITHOUT = {1: _("Without a topic"), 2: _("Opened on another day: open them again to see what they say")}


def _in_the_list(one: Offered) -> str:
    """A voice among others: what it says begins so, only on the day on which she opened it; else its code."""
    words = [gettext("Sent on %(day)s") % {"day": written_day(one.envelope.voice.sent_on)}]
    if one.is_today:
        begins = next((apart(first_sentence(said, LONGEST)) for said in one.words if said.strip()), "")
        speech = gettext("speech") if one.opened.has_speech else ""
        words = [begins, Kind(one.opened.about["kind"]).said, speech, *words]
    else:
        words = [*words, one.code]
    words += [] if one.may_be_published else [gettext("counts only together with two others")]
    return " · ".join(filter(None, words))


def _by_topic(voices: Iterable[Offered]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The voices in groups: those of one topic together, those without one, and last those that she opened before."""
    groups: dict[tuple[int, str], list[tuple[str, str]]] = {}
    names: dict[tuple[int, str], str] = {}
    for one in voices:
        topic = str(one.opened.about["topic"]).strip() if one.is_today else ""
        place = (0, topic.casefold()) if topic else (1 if one.is_today else 2, "")
        # Of several spellings always the same one: voices come in no order that means anything.
        names[place] = max(names.get(place, ""), topic or str(_WITHOUT[place[0]]))
        groups.setdefault(place, []).append((one.code, _in_the_list(one)))
    return ((names[place], groups[place]) for place in sorted(groups))


class _Published(Careful, Written):
    """Words that go out for everybody: the box of those who have read them again stands at the end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "anyway"])


class AddSourcesForm(Form):
    """Which voices."""

    voices = forms.MultipleChoiceField(
        label=_("Which voices show it?"),
        help_text=_(
            "Those that you have opened. Say what they show in words of your own, never in theirs. A voice that may "
            "only be counted needs at least two others beside it."
        ),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, voices: Iterable[Offered] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["voices"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(_by_topic(voices))


class PublishFindingForm(AddSourcesForm, _Published):
    """A finding, with the voices that show it."""

    watched = ("text", "topic", "area")
    kind = forms.ChoiceField(label=_("What is it?"), choices=STATED, widget=forms.RadioSelect)
    text = sentences(
        _("What do these voices show?"),
        _("In words of your own, for everybody to read. Nothing that points to somebody, not even by what happened."),
    )
    topic = topic_field()
    area = area_field()
    field_order = ("voices", "kind", "text", "topic", "area")


class WithdrawFindingForm(_Published):
    """Why a finding is taken back."""

    watched = ("reason",)
    reason = sentences(
        _("Why do you take it back?"), _("Everybody reads this in place of the finding. Do not repeat what it said.")
    )


class TellBackForm(_Published):
    """What was decided, for those who spoke."""

    recommendation = forms.ChoiceField(label=_("Which answer do you tell of?"))
    text = sentences(
        _("What was decided, and why?"),
        _("Two or three short sentences, in plain words. She may hear it read aloud, where others are."),
    )

    def __init__(self, *args: Any, links: Iterable[Link] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found, field = list(links), self.fields["recommendation"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", gettext("Please choose")),
            *((one.code, f"{apart(one.to)}: {one.words}") for one in found),
        ]
        if len(found) == 1:
            self.initial.setdefault("recommendation", found[0].code)
