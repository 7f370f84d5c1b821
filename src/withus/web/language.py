"""Which language a page is in, how a language calls itself, in which direction it runs, which digits it writes."""

import datetime
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency
from django.conf import settings
from django.http import HttpRequest
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_from_request, get_language_info, gettext, ngettext

from withus.core import receipts

COOKIE = "language"
_DIGITS = {"ar": "٠١٢٣٤٥٦٧٨٩", "fa": "۰۱۲۳۴۵۶۷۸۹", "ps": "۰۱۲۳۴۵۶۷۸۹", "bn": "০১২৩৪৫৬৭৮৯", "ne": "०१२३४५६७८९"}


def wished(request: HttpRequest) -> str:
    """The language chosen for this visit, else the browser's."""
    wish = request.COOKIES.get(COOKIE, "")
    return wish if wish in dict(settings.LANGUAGES) else get_language_from_request(request)


def direction(code: str) -> str:
    """`rtl`, `ltr`, or `auto` where we do not know the language."""
    try:
        return "rtl" if get_language_info(code)["bidi"] else "ltr"
    except KeyError:
        return "auto"


@lru_cache(maxsize=128)
def own_name(code: str) -> str:
    """What a language calls itself; for one that nobody knows, its code."""
    try:
        return Locale.parse(code, sep="-").get_display_name() or code
    except (ValueError, UnknownLocaleError):
        return code


def isolated(name: object) -> SafeString:
    """A name within a sentence: its letters keep their own direction, and the sentence keeps its order."""
    return format_html("<bdi>{}</bdi>", name)


def left_to_right(code: object) -> SafeString:
    """An address or a code within a sentence: written from left to right in every language."""
    return format_html('<bdi dir="ltr">{}</bdi>', code)


def has_receipt_words(code: str) -> bool:
    """Whether receipts are shown as words too to readers of a language: where it has a checked list of them."""
    return code.split("-")[0] in receipts.LANGUAGES


def apart(words: object) -> str:
    """Foreign words within a sentence that is no markup, such as an attribute's: isolated by signs that nobody sees."""
    return f"\u2068{words}\u2069"


def in_digits(text: object) -> str:
    """The text with its digits as the reader's language writes them."""
    digits = _DIGITS.get((get_language() or "")[:2])
    return str(text).translate(str.maketrans("0123456789", digits)) if digits else str(text)


def written_day(day: datetime.date) -> str:
    """A day as "3 May 2026", in the reader's language and digits."""
    return in_digits(formats.date_format(day, "j F Y", use_l10n=False))


def written_month(day: datetime.date) -> str:
    """The month of a day as "May 2026", in the reader's language and digits."""
    return in_digits(formats.date_format(day, "F Y", use_l10n=False))


def written_number(number: int) -> str:
    """A whole number with a narrow space between thousands, in the reader's digits."""
    return in_digits(f"{number:,}".replace(",", "\u202f"))


def written_percent(percent: float) -> str:
    """A share in whole percent, which no line breaks apart from its sign."""
    return f"{written_number(round(percent))}\N{NO-BREAK SPACE}%"


def written_money(amount: Decimal, currency: str) -> SafeString:
    """An amount with the letters of its currency; it keeps its own direction."""
    return isolated(money(amount, currency))


def money(amount: Decimal, currency: str) -> str:
    """An amount in the reader's digits, with the letters of its currency, which are the same for every reader."""
    language = (get_language() or "en")[:2]
    signs = "arab" if language == "ar" else "default"
    written = format_currency(
        amount, currency, "#,##0.00\N{NO-BREAK SPACE}¤¤", locale=language, currency_digits=False, numbering_system=signs
    )
    return in_digits(written)


def written_minutes(minutes: int) -> str:
    """How long something took, in hours and minutes; no line breaks a number apart from its unit."""
    hours, rest = divmod(minutes, 60)
    long = ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": written_number(hours)}
    short = ngettext("%(number)s minute", "%(number)s minutes", rest) % {"number": written_number(rest)}
    long, short = (words.replace(" ", "\N{NO-BREAK SPACE}") for words in (long, short))
    if hours and rest:
        return gettext("%(hours)s and %(minutes)s") % {"hours": long, "minutes": short}
    return long if hours else short
