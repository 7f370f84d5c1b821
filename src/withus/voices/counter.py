"""The counter-receipt: a signed line which says that an organisation received a report, and nothing of what it says.

Its number follows from the receipt and the organisation alone. So it is the same each time, and one report cannot look
like many; it counts nothing, as dice do; and nobody without the receipt finds the voice by it, also no reader.
"""

import datetime

from django.utils.translation import gettext

from withus.core import buckets, codes
from withus.people.models import Organisation
from withus.people.queries import public_organisations
from withus.public_log import papers
from withus.voices.queries import Opened, public_sent_to
from withus.voices.wording import Kind
from withus.web.language import apart, written_day

KIND, _WORDS, _SYMBOLS = "counter-receipt", 4, 8


def receivers(opened: Opened) -> list[Organisation]:
    """Who has received it, whether or not it opens there today: each can be named on a counter-receipt."""
    return [one.inbox.organisation for one in public_sent_to(opened.voice)]


def made_out(opened: Opened, organisation: Organisation) -> papers.Paper:
    """The counter-receipt for one of them, for whoever has the receipt. Raises CannotSeal."""
    number = codes.keyed(opened.own, f"{KIND} {organisation.code}", _SYMBOLS)
    week = buckets.week_of(opened.voice.sent_on)
    return papers.sign(KIND, organisation.code, opened.about["kind"], week, number)


def _spoken(code: str, kind: str, week: str, number: str) -> str:
    """The line as a sentence; the day is that on which the week began."""
    found = public_organisations().filter(code=code).first()
    name = apart(found.name if found else code)
    labels = {one.value.upper(): str(one.label) for one in Kind}
    try:
        last = buckets.last_day(week)
    except ValueError:
        return " ".join((KIND, code, kind, week, number))
    first = last - datetime.timedelta(days=6)
    days = {"first": written_day(first), "last": written_day(last)}
    about = {"name": name, "kind": labels.get(kind, kind), "number": number} | days
    said = gettext(
        "%(name)s received a report between %(first)s and %(last)s. Of this kind: %(kind)s. Its number: %(number)s."
    )
    return said % about


papers.gives_out(KIND, _WORDS, _spoken)
