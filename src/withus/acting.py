"""The door: every change passes here, is decided on the locked row, and leaves exactly the trace its line names."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import models, transaction
from django.utils.translation import gettext

from withus.compute.reasons import OF_ANYTHING, says_enough
from withus.core import clock, done, erasure
from withus.core.errors import Denied, Gone, Refused
from withus.policy.facts import Actor, ActorKind, Trace
from withus.policy.rules import POLICY, Action, decide
from withus.public_log.append import append, erase, erase_these
from withus.public_log.rows import Told


@dataclass
class Record:
    """Takes the one public record of a deed; handed to the action by the door."""

    written: int = 0
    is_silent: bool = False
    seq: int | None = field(default=None)

    def __call__(
        self,
        type: str,
        facts: Mapping[str, Any],
        *,
        by: ActorKind,
        body: str | None = None,
        subject: str | None = None,
        texts: Mapping[str, str] | None = None,
    ) -> None:
        """Writes the record. `facts` never hold a person, `texts` (field → words of peers) enter as commitments.

        Records of peers carry the day only and wait, shuffled, for the daily hour; those of bodies and of the system
        are dated to the second.
        """
        self.written += 1
        moment = None if by == ActorKind.PEERS else clock.now()
        self.seq = append(
            type,
            dict(facts),
            actor=by,
            day=clock.today(),
            at=moment,
            body=body,
            subject=subject,
            texts=dict(texts or {}),
        )

    def told(self, told: Told, *, by: ActorKind, body: str | None = None) -> None:
        """Writes the record as the row tells it that the deed left, so that the check of the log can compare both."""
        self(told.type, told.facts, by=by, body=body, subject=told.subject, texts=told.texts)

    def nothing(self) -> None:
        """Leaves no record, where the table wants one of offices only: of a plain peer, or because nothing changed."""
        self.is_silent = True

    @property
    def where(self) -> str:
        """Where the record is now: in the log, waiting with those of peers, or nowhere."""
        return done.NOTHING if not self.written else done.LATER if self.seq is None else done.LOG


def _hold(subject: Any) -> None:
    """Reads the subject's row anew and holds it until the end of the transaction; plain facts need none of it.

    A row that is a part of another one (`part_of`) is held after that: so do all deeds on it, and none waits for ever
    for one that waits for it. Raises Gone.
    """
    # Without its key: rows of others that point to it are checked at the end of their deed, which holds the log's head
    # then. Nobody may wait for that head meanwhile and let them wait too.
    if not isinstance(subject, models.Model) or subject.pk is None:
        return
    try:
        _hold(getattr(subject, "part_of", None))
        rows = type(subject)._default_manager.select_for_update(of=("self",), no_key=True)
        subject.refresh_from_db(from_queryset=rows)
    except ObjectDoesNotExist:
        raise Gone from None


@contextmanager
def acting(actor: Actor, action: Action, subject: Any) -> Iterator[Record]:
    """One deed: a transaction that decides first, and that holds exactly one public record, or none, as the table says.

    Raises Denied, Gone. If anything inside fails, neither the deed nor its record exists.
    """
    record = Record()
    with transaction.atomic(), clock.standing_still():
        _hold(subject)
        verdict = decide(actor, action, subject)
        if not verdict:
            raise Denied(gettext(verdict.reason))
        yield record
        trace = POLICY[action].trace
        wanted = 0 if trace is Trace.NONE or record.is_silent else 1
        if record.written != wanted or (record.is_silent and trace is not Trace.OFFICES):
            raise AssertionError(f"{action} must leave {wanted} public records, not {record.written}")
    done.note(action, record.where)


def must(actor: Actor, action: Action, subject: Any) -> None:
    """Raises Denied as the door would; for a page that only shows the form of a deed."""
    verdict = decide(actor, action, subject)
    if not verdict:
        raise Denied(gettext(verdict.reason))


def only_telling(advice: object, least: int = OF_ANYTHING, **said: str) -> None:
    """Raises Refused, with the advice, for words that say nothing, beside their field."""
    for name, words in said.items():
        if not says_enough(words, least):
            raise Refused(str(advice), name)


def only_once(same: models.QuerySet[Any]) -> None:
    """Raises Refused for what was said already, word for word: a form that was sent twice."""
    if same.exists():
        raise Refused(gettext("This is here already. It was kept the first time."))


def erase_words(subject: str) -> int:
    """Erases the words behind a subject's commitments in the log, which stays whole; returns how many.

    Whatever else its transaction erases leaves the disk with them.
    """
    erasure.for_good()
    return erase(subject)


def erase_commitments(commitments: Collection[str]) -> int:
    """Erases the words behind these commitments in the log, which stays whole; else as `erase_words`."""
    erasure.for_good()
    return erase_these(commitments)
