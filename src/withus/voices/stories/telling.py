"""How records of stories are told, and the rows in which they stand: none is taken back without its record."""

from collections.abc import Collection, Iterator

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.people.telling import CHUNK
from withus.public_log.rows import Told, stands_in_rows, told_by
from withus.public_log.telling import Named, names
from withus.public_log.wording import speak
from withus.voices.stories.models import Story

TYPES = {
    "story.told": _("%(organisation)s told %(story)s"),
    "story.withdrawn": _("%(story)s of %(organisation)s was taken back, and its words were erased"),
}


def _told() -> Iterator[Told]:
    yield from told_by(Story.objects.select_related("organisation").order_by("pk").iterator(CHUNK))


def _about(code: str) -> Iterator[Told]:
    yield from told_by(Story.objects.select_related("organisation").filter(code=code))


def _taken_back() -> Iterator[Told]:
    gone = Story.objects.filter(is_told=False).select_related("organisation").order_by("pk")
    yield from (one.told_back() for one in gone.iterator(CHUNK))


def _named(codes: Collection[str]) -> dict[str, Named]:
    """Stories by their codes: never by a word of theirs, which could be taken back."""
    found = Story.objects.filter(code__in=codes)
    return {one.code: Named(gettext("a story"), "", one.get_absolute_url() if one.is_told else "") for one in found}


names("story", _named)
stands_in_rows({"story.told"}, _told, forgets=True, about=_about)
stands_in_rows({"story.withdrawn"}, _taken_back)
speak(
    TYPES,
    who=dict.fromkeys(TYPES, "organisation"),
    codes={"story": "story"},
    facts={"story": _("Story"), "topic": _("Topic"), "pseudonym": _("The made-up name")},
)
