"""The community's own words, laid over Django's catalogues in this process; a stamp file says when to read them anew.

The stamp is a file in the data folder, so that a page costs one look at it and no query.
"""

import hashlib
import re
import threading
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import gettext, trans_real

from withus.core.errors import Refused
from withus.texts.models import Wording

EMPTY = hashlib.sha256(b"[]").hexdigest()  # the digest of no words at all
CONTEXT = "\x04"  # gettext's own mark between context and sentence
PLURAL = "\x1f"  # ours between a sentence and the number of its plural form
# With other words on these buttons, people would vote for what they are against.
FIXED = frozenset({"Agree", "Disagree", "Pass", "agree", "disagree", "pass", "You agree", "You disagree", "You passed"})
_TAG = re.compile(r"<[^<>]*>")
_PLACE = re.compile(r"%\((\w+)\)[a-z]")


class _Own(dict[str | tuple[str, int], str]):
    """The layer of own words in a catalogue."""


class _Read:
    """Which stamp this process has read."""

    stamp = 0
    lock = threading.Lock()


@dataclass(frozen=True)
class Message:
    """One sentence of the product: its key, what the catalogue says, and the community's own words for it."""

    key: str
    original: str
    catalogue: str
    own: str

    @property
    def code(self) -> str:
        """A short name for addresses."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:16]

    @property
    def texts(self) -> tuple[str, str, str]:
        """Everything that a search looks at."""
        return (self.original, self.catalogue, self.own)

    @property
    def places(self) -> list[str]:
        """The places that Withus fills in."""
        return sorted({match.group() for match in _PLACE.finditer(self.original)})


def stamp() -> Path:
    """The file whose time changes with every change of words."""
    return Path(settings.WITHUS_DATA) / "words.stamp"


def touch(digest: str) -> None:
    """Tells all processes of this machine to read the words anew; a full disk lets a job do it later."""
    with suppress(OSError):
        stamp().parent.mkdir(parents=True, exist_ok=True)
        stamp().write_text(digest, "ascii")


def refresh() -> None:
    """Reads the words if the stamp is new; otherwise costs one look at a file."""
    try:
        seen = stamp().stat().st_mtime_ns
    except FileNotFoundError:
        return
    if seen == _Read.stamp:
        return
    with _Read.lock:
        rows = list(Wording.objects.all())
        for language, _ in settings.LANGUAGES:
            own = _layer(language)
            fresh = {_split(row.original): row.words for row in rows if row.language == language and _is_fit(row)}
            own.update(fresh)
            for gone in own.keys() - fresh.keys():
                del own[gone]
        _Read.stamp = seen


def _layer(language: str) -> _Own:
    """The top layer of Django's catalogue of this language."""
    catalog = trans_real.translation(language)._catalog  # type: ignore[attr-defined]
    if not isinstance(catalog._catalogs[0], _Own):
        catalog._catalogs.insert(0, _Own())
        catalog._plurals.insert(0, catalog._plurals[0])
    layer: _Own = catalog._catalogs[0]
    return layer


def _split(key: str) -> str | tuple[str, int]:
    text, mark, number = key.partition(PLURAL)
    return (text, int(number)) if mark else text


def _is_fit(row: Wording) -> bool:
    try:
        check(row.original, row.words)
    except Refused:
        return False
    return True


def check(key: str, words: str) -> None:
    """Raises Refused for words that stay, if a place that Withus fills in would be lost, or if words bring markup.

    Templates do not escape their own sentences, therefore no mark that HTML knows may come in here.
    """
    original = key.split(CONTEXT)[-1].split(PLURAL)[0]
    if original in FIXED:
        raise Refused(
            gettext("The names of the answers stay as they are: with others, votes would say what nobody meant."),
            "words",
        )
    wanted, given = sorted(set(_PLACE.findall(original))), sorted(set(_PLACE.findall(words)))
    if wanted != given:
        places = ", ".join(f"%({name})s" for name in wanted) or gettext("none")
        raise Refused(
            gettext("Keep the places that Withus fills in, and no others: %(places)s") % {"places": places}, "words"
        )
    if sorted(_TAG.findall(words)) != sorted(_TAG.findall(original)) or set('<>"') & set(_TAG.sub("", words)):
        raise Refused(
            gettext("Signs of the web (< > and straight quotes) cannot be used here. Use “ ” for quotes."), "words"
        )
    if wanted:
        try:
            words % dict.fromkeys(wanted, 1)
        except (ValueError, TypeError, KeyError) as error:
            raise Refused(gettext("Write the percent sign twice where you want one."), "words") from error


@cache
def _sentences(language: str) -> dict[str, tuple[str, str]]:
    """Key → (English, what the catalogue says), from the catalogue's source, which holds every sentence."""
    found: dict[str, tuple[str, str]] = {}
    path = Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    for message in catalog:
        if not message.id:
            continue
        before = f"{message.context}{CONTEXT}" if message.context else ""
        if isinstance(message.id, str):
            found[before + message.id] = (message.id, str(message.string))
        else:
            for number, text in enumerate(message.string or ()):
                english = message.id[min(number, 1)]
                found[f"{before}{message.id[0]}{PLURAL}{number}"] = (english, text)
    return found


def messages(language: str) -> list[Message]:
    """Every sentence of the product in the language, with own words where there are some."""
    own = dict(Wording.objects.filter(language=language).values_list("original", "words"))
    return [
        Message(key, english, text or english, own.get(key, ""))
        for key, (english, text) in _sentences(language).items()
    ]


def digest() -> str:
    """What the stamp says when it tells of the words as they are now."""
    rows = Wording.objects.order_by("language", "original").values_list("language", "original", "words")
    return hashlib.sha256(repr(list(rows)).encode()).hexdigest()
