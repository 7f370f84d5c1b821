"""Which rows of a conversation tell what the log must hold of them.

A decision about a statement is not among them: its row forgets it when an appeal is upheld or the words are taken back.
"""

from collections.abc import Iterator

from withus.deliberation.models import Appeal, SealedTally, Statement
from withus.people.telling import CHUNK
from withus.processes.models import Process
from withus.public_log.rows import Told, recorded, stands_in_rows, told_by


def _statements() -> Iterator[Told]:
    """All statements, but those that came with a conversation from Polis' files: they have one record together.

    A conversation is imported into an empty process, so the first so many of its statements came with it.
    """
    imported = recorded("conversation.imported", Process.objects.values_list("code", flat=True))
    left = {process: int(facts["statements"]) for process, facts in imported.items()}
    for one in Statement.objects.select_related("process").order_by("pk").iterator(CHUNK):
        if left.get(one.process.code, 0) > 0:
            left[one.process.code] -= 1
        else:
            yield one.told()


def _about(code: str) -> Iterator[Told]:
    yield from told_by(Statement.objects.select_related("process").filter(code=code))


def _appeals() -> Iterator[Told]:
    yield from told_by(Appeal.objects.select_related("statement__process").iterator(CHUNK))


def _seals() -> Iterator[Told]:
    yield from told_by(SealedTally.objects.select_related("phase__process").iterator(CHUNK))


stands_in_rows({"statement.seeded", "statement.proposed"}, _statements, forgets=True, about=_about)
stands_in_rows({"statement.appealed"}, _appeals, forgets=True)
stands_in_rows({"tallies.sealed"}, _seals)
