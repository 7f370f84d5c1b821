"""The label "involves peers": eight conditions on facts; nobody grants it (docs/methods/involves-peers.md)."""

from dataclasses import dataclass
from datetime import date

LEAST_SEATS = 2  # "invite several, not just one"
MISSING = (
    "terms",
    "seats",
    "agenda",
    "pay",
    "overdue",
    "view",
    "sure",
    "open",
)  # every key, in the order in which a page says them


@dataclass(frozen=True)
class Terms:
    """What the terms of reference in force grant."""

    review_on: date | None = None  # the day by which they are looked at again
    peer_seats: int = 0
    peers_vote: bool = False
    peers_set_agenda: bool = False
    state_pay: bool = False


@dataclass(frozen=True)
class Facts:
    """All that the label looks at, as the record has it on a day."""

    day: date
    terms: Terms | None = None  # in force on the day
    filled_seats: int = 0  # voting peer seats, filled by recognised peer organisations
    answers_overdue: int = 0
    promises_overdue: int = 0
    unheard: int = 0  # past the day by which to say that they arrived, and not a word came
    asked_own_view: bool = False  # a vote of peers on how it goes, within twelve months, with ten people or more
    is_contested: bool = False  # whether those who answer are the body itself
    is_closed: bool = False


@dataclass(frozen=True)
class Label:
    """Whether a body involves peers, and every condition that is missing."""

    missing: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Only where nothing is missing."""
        return not self.missing


def label(facts: Facts) -> Label:
    """What the facts say; a right that lapsed terms gave counts for nothing."""
    terms = _current(facts)
    has = {
        "terms": terms is not None,
        "seats": has_formal_seats(facts),
        "agenda": terms is not None and terms.peers_set_agenda,
        "pay": terms is not None and terms.state_pay,
        "overdue": not (facts.answers_overdue or facts.promises_overdue or facts.unheard),
        "view": facts.asked_own_view,
        "sure": not facts.is_contested,
        "open": not facts.is_closed,
    }
    return Label(tuple(key for key in MISSING if not has[key]))


def _current(facts: Facts) -> Terms | None:
    """The terms, unless the day by which they were to be looked at again is past."""
    terms = facts.terms
    return terms if terms and (terms.review_on is None or facts.day <= terms.review_on) else None


def has_formal_seats(facts: Facts) -> bool:
    """Whether terms that hold grant at least two peer seats with a vote, and so many are filled (I-01)."""
    terms = _current(facts)
    if facts.is_closed or terms is None or not terms.peers_vote:
        return False
    return min(terms.peer_seats, facts.filled_seats) >= LEAST_SEATS


def a_year_before(day: date) -> date:
    """The same day of the year before; for 29 February the day before."""
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)
