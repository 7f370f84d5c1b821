"""What in a text could point to somebody. It only warns: a machine cannot know, and the person decides."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_SIGNS: tuple[tuple[re.Pattern[str], Promise], ...] = (
    (re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]{2,}"), _("an e-mail address")),
    (re.compile(r"(?:\d[\s\-./()]{0,2}){6,}"), _("a phone number, or another long number")),
    (re.compile(r"\b(?:my name is|my name’s|my name's|i am called)\b|(?:^|\s)[اإ]سمي\s", re.IGNORECASE), _("a name")),
)


def in_text(*texts: str) -> list[Promise]:
    """What these texts seem to hold that could point to somebody, in words."""
    return [words for sign, words in _SIGNS if any(sign.search(text) for text in texts)]
