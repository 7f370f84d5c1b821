"""The languages that people may write in, each by its own name."""

from functools import cache

from babel import Locale
from django.utils.translation import get_language

OFFERED = (
    *("am", "ar", "bg", "bn", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hr", "hu", "hy"),
    *("id", "it", "ja", "ka", "kk", "km", "ky", "lt", "lv", "mk", "mn", "ms", "my", "ne", "nl", "no", "pl", "ps"),
    *("pt", "ro", "ru", "sk", "sl", "so", "sq", "sr", "sv", "sw", "th", "tg", "ti", "tr", "uk", "ur", "uz", "vi", "zh"),
)


@cache
def named() -> tuple[tuple[str, str], ...]:
    """Code and own name of each language on offer, by name, for a form's choices."""
    names = [(code, Locale.parse(code).get_display_name(code) or code) for code in OFFERED]
    return tuple(sorted(names, key=lambda pair: pair[1].casefold()))


def readers() -> str:
    """The language that this page is being read in."""
    return (get_language() or "en").split("-")[0]
