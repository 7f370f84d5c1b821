"""What is published of voices says nothing in their words: neither a finding nor a story. Only actions call this."""

from collections.abc import Iterable

from django.utils.translation import gettext

from withus.compute.reasons import said_again
from withus.compute.sentences import one_line
from withus.core.errors import Refused


def only_in_own_words(text: str, heard: Iterable[str], field: str) -> None:
    """Raises Refused where words of a voice are said again, whatever its consent."""
    again = said_again(text, heard)
    if again:
        words = ", ".join(f"“{one_line(part)}”" for part in again)
        sentence = gettext("These words stand in a voice: %(words)s. Say it in words of your own.")
        raise Refused(sentence % {"words": words}, field)
