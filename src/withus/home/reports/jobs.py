"""Reports lose their words by themselves."""

from withus.core import clock
from withus.core.schedule import every
from withus.home.reports import actions, queries


@every(days=1)
def end() -> int:
    """Erases the words of reports 90 days after their decision; days and decisions stay."""
    ended = list(queries.due_reports(clock.today()))
    for one in ended:
        actions.forget_words(one)
    return len(ended)
