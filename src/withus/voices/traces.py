"""What in a text could point to somebody. It only warns: a machine cannot know, and the person decides."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from withus.voices import naming

LONGEST, MOST = 40, 8  # characters of what was found, and how many of them, are shown


class Trace(NamedTuple):
    """What it seems to be, and the words that look so."""

    what: Promise
    words: str


def _any(words: str) -> str:
    return "|".join(re.escape(word.replace("_", " ")) for word in words.split())


_NAMED = r"[A-ZÀ-ÖØ-ÞĀ-Ž][a-zà-öø-ÿā-ž’'\-]+"  # a word with a capital, and not in capitals
_A, _WORD = r"(?<!\w)", r"[^\W\d_]+"

_DIGITS = _any(
    "zero oh nought double triple one two three four five six seven eight nine "
    "null eins zwei zwo drei vier fünf sechs sieben acht neun zéro un deux trois quatre cinq sept huit neuf "
    "cero uno dos tres cuatro cinco seis siete ocho nueve "
    "صفر واحد اثنان اثنين ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة"
)
_BORN = _any("born geboren née né_le nacido nacida nata nato urodzony urodzona مواليد ولدت birthday birth Geburtstag")
_MONTHS = _any(
    "January February March April May June July August September October November December Januar Februar März Mai "
    "Juni Juli Oktober Dezember janvier février mars avril mai juin juillet août septembre octobre novembre "
    "décembre  enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre يناير "
    "فبراير مارس أبريل مايو  يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر كانون شباط آذار نيسان أيار حزيران تموز "
    "آب أيلول تشرين"
)
_STREETS = _any(
    "Street St St. Road Rd Rd. Avenue Ave Ave. Lane Square Drive Court Terrace street road avenue lane square"
)
_FOREIGN_STREETS = _any("rue boulevard chemin quai place_de place_du calle avenida viale piazza ul. ulica شارع")
_NETWORKS = _any(
    "telegram signal whatsapp instagram insta snapchat snap facebook tiktok twitter discord threema wickr session "
    "viber wechat skype kik reddit mastodon grindr tinder vk تلغرام تيليجرام تليجرام تلجرام واتساب واتس انستغرام "
    "انستقرام  سناب فيسبوك تويتر"
)
_OURS = _any(
    "patient client case file room cell prisoner inmate insurance passport id badge member membership card account "
    "reference social_security nhs المريض مريض الملف ملف الهوية هويتي الجواز الغرفة"
)
_COUNTED = _any("number no no. nr nr. id # nummer numéro número numero رقم رقمي رقمه")
_PHONES = _any(
    "tel phone telephone telefon teléfono téléphone telefono mobile handy телефон "
    "هاتف هاتفي تلفون تلفوني جوال جوالي موبايل"
)
_PLATES = _any("plate licence_plate license_plate kennzeichen matrícula immatriculation لوحة اللوحة")
_ROOMS = _any("room flat apartment apt cell zimmer wohnung zelle chambre habitación غرفة الغرفة")
_INNS = _any("hotel hostel motel pension hôtel shelter فندق نزل")
_IN_ONE = "|".join(("patientennummer", "aktenzeichen", "fallnummer", "kundennummer", "versichertennummer"))

_DATE = re.compile(r"(?<!\d)(?:\d{1,2}[./\-]\s?\d{1,2}[./\-]\s?(?:\d{4}|\d{2})|\d{4}-\d{1,2}-\d{1,2})(?!\d)")
_EMAIL, _NETWORK, _NUMBER, _NAME, _ADDRESS, _DAY = (
    _("an e-mail address"),
    _("a name on a network"),
    _("a phone number, or another long number"),
    _("a name"),
    _("an address"),
    _("a full date, or a birthday"),
)
_LOWER = re.IGNORECASE
_YEAR = r"(?:[1١][9٩]|[2٢][0٠])\d\d"
_HOUR = r"(?:[01]?\d|2[0-4])(?:[.:][0-5]\d)?"
_HOURS, _YEARS = rf"{_HOUR}\s?[-–]\s?{_HOUR}", rf"{_YEAR}\s?[-–/]\s?{_YEAR}"
# Opening hours and years: digits enough for a phone, and nobody's.
_NOBODYS = re.compile(
    rf"(?<!\d)(?<!\d[\s./\-])(?:{_HOURS}|{_YEARS}|{_YEAR}[\s,]{{1,2}}(?={_YEAR}))"
    rf"(?:[\s,]{{0,2}}(?:{_HOURS}|{_YEARS}|{_YEAR})){{0,20}}(?![\s./\-]?\d)"
)
_SIGNS: tuple[tuple[re.Pattern[str], Promise], ...] = (
    (re.compile(r"[^\s@]{1,64}@[^\s@.]+\.[^\s@]{2,}"), _EMAIL),
    (
        re.compile(
            r"(?<![\w.\-])[\w.\-]{1,64}\s?(?:\s(?:at|arobase|آت|ات)\s|[(\[]\s?at\s?[)\]])\s?[\w\-]{1,40}"
            r"(?:\s?(?:\s(?:dot|punkt|point|punto|دوت|نقطة)\s|[(\[]\s?dot\s?[)\]])\s?[\w\-]{2,24}){1,3}",
            _LOWER,
        ),
        _EMAIL,
    ),
    (
        re.compile(
            r"(?<![\w.@])@[\w.\-]{2,}|(?<!\w)(?:t\.me|wa\.me|instagram\.com|facebook\.com|tiktok\.com|x\.com)/\S+",
            _LOWER,
        ),
        _NETWORK,
    ),
    (
        re.compile(
            rf"{_A}(?:{_NETWORKS})(?!\w)(?:\W{{1,3}}(?:is|as|name|handle|user|id|my|me|at|under|on|هو|اسمي)(?!\w)){{0,3}}\W{{1,3}}"
            r"(?=[\w.]{0,40}[^\W\d])(?=[\w.]{0,40}(?:[\d_]|\.\w))[\w.]{5,40}(?!\w)"
            rf"|{_A}(?:my|mein|mi|mon)\s(?:{_NETWORKS})\s(?:is|ist|es|est)\s\w{{3,40}}",
            _LOWER,
        ),
        _NETWORK,
    ),
    (_DATE, _DAY),
    (
        re.compile(
            rf"{_A}(?:{_BORN})(?!\w)(?!\D{{0,12}}{_YEAR}(?!\d|\s?[./\-]\s?\d|\s\d))[^.!?\n\d]{{0,25}}\d+\S*", _LOWER
        ),
        _DAY,
    ),
    (re.compile(rf"{_A}(?:{_BORN})(?!\w)[^.!?\n\d]{{0,20}}(?:{_MONTHS})\W{{1,3}}\d+\S*", _LOWER), _DAY),
    (
        re.compile(
            rf"{_A}(?:(?:{_OURS})(?:’s|'s)?\s(?:{_COUNTED})|(?:{_COUNTED})\s(?:{_OURS})|{_IN_ONE})"
            r"(?!\w)\W{0,3}(?:(?:is|ist|est|es|هو|هي)(?!\w)\W{0,3})?[A-Za-z]{0,3}[\-/]?\d{3,}",
            _LOWER,
        ),
        _NUMBER,
    ),
    (re.compile(r"\d(?:[\s\-./()]{0,2}\d){5,}"), _NUMBER),
    (
        re.compile(
            rf"{_A}(?:{_PHONES})(?!\w)(?:\W{{1,3}}(?:{_COUNTED}|is|ist|es|هو)(?!\w)){{0,2}}\W{{0,3}}\d(?:[\s\-./]?\d){{4,}}",
            _LOWER,
        ),
        _NUMBER,
    ),
    (
        re.compile(
            r"(?<![\w\-])[A-ZÄÖÜ]{1,3}-[A-Z]{1,2} ?\d{3,4}[EH]?(?!\w|\.\d)"
            rf"|{_A}(?i:(?:{_PLATES})(?!\w)(?:\W{{1,3}}(?:{_COUNTED}|is|was|ist)(?!\w)){{0,2}})\W{{1,3}}"
            r"(?=[A-Z \-]{1,7}\d)[A-Z][A-Z\d]{0,3}(?:[ \-]?[A-Z\d]{1,4}){1,3}(?!\w)"
        ),
        _NUMBER,
    ),
    (re.compile(rf"{_A}(?:(?:{_DIGITS}|\d)[\s,.\-]{{1,3}}){{3,}}(?:{_DIGITS}|\d)(?!\w)", _LOWER), _NUMBER),
    (
        re.compile(
            rf"{_A}(?:(?i:{_WORD}(?:stra(?:ß|ss)e|str\.|gasse|platz|allee|weg|damm|ufer))|{_NAMED} (?:{_STREETS}))"
            r",?\s{1,3}(?:(?i:no|nr|number)\.? ?)?\d+\w?(?!\w)"
        ),
        _ADDRESS,
    ),
    (re.compile(rf"(?<!\w)\d+\w?,? (?:{_NAMED} ){{1,3}}(?:{_STREETS})(?!\w)"), _ADDRESS),
    (
        re.compile(
            rf"{_A}(?i:(?:{_ROOMS})(?:\s(?:{_COUNTED}))?\s\d{{1,4}}[a-z]?,?\s(?:(?:in|at|of|im|the|de|du|del|في)\s){{0,2}}"
            rf"(?:{_INNS}))(?!\w)(?:\s{_NAMED})?"
        ),
        _ADDRESS,
    ),
    (
        re.compile(
            rf"{_A}(?:{_FOREIGN_STREETS})\s(?:{_WORD}\s){{1,4}}?\d+|(?<!\d)\d{{1,4}},? (?:rue|boulevard|quai) \w+",
            _LOWER,
        ),
        _ADDRESS,
    ),
)
_BLANKED = (_EMAIL, _DAY, _NETWORK)  # else they would be numbers as well


class _Found(NamedTuple):
    what: Promise
    start: int
    end: int


def in_text(*texts: str, known: Iterable[str] = ()) -> list[Trace]:
    """What these texts seem to hold that could point to somebody, each once, and the longest of what overlaps.

    Names that everybody may say (`known`: of organisations, bodies, services) are no trace.
    """
    found: list[Trace] = []
    for text in texts:
        for one in _each(_without(text, known)):
            words = one.words.casefold()
            if not any(words in before.words.casefold() for before in found):
                found = [before for before in found if before.words.casefold() not in words] + [one]
    return found[:MOST]


def _each(text: str) -> Iterator[Trace]:
    """What is found, in the order of the text, without what lies in something longer."""
    each = (*_signs(text), *(_Found(_NAME, *span) for span in naming.spans(text)))
    end, shown = -1, 0
    for one in sorted(each, key=lambda one: (one.start, -one.end)):
        if one.end > end and shown < MOST:
            yield Trace(one.what, text[one.start : one.end].strip()[:LONGEST])
            end, shown = one.end, shown + 1


def _signs(text: str) -> Iterator[_Found]:
    text = _NOBODYS.sub(_blank, text)
    for sign, what in _SIGNS:
        yield from (_Found(what, *match.span()) for match in sign.finditer(text))
        text = sign.sub(_blank, text) if what in _BLANKED else text


def _blank(match: re.Match[str]) -> str:
    return "\n" * len(match[0])


def _without(text: str, known: Iterable[str]) -> str:
    names = sorted({name for name in known if name}, key=len, reverse=True)
    return re.sub(rf"{_A}(?:{'|'.join(map(re.escape, names))})(?!\w)", "\n", text) if names else text
