"""What happens with a body's recommendations, as a feed (RSS 2.0): by days, for nobody sees the minute of an act."""

import datetime
from collections.abc import Callable, Iterable

from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import get_language, gettext

from withus.compute.sentences import one_line
from withus.figures import telling
from withus.figures.queries import Event
from withus.processes.models import Body
from withus.texts.queries import public_words


class _ByDay(Rss201rev2Feed):
    """A feed that is as old as its newest item, and without items as old as its body's page: never as the clock."""

    def latest_post_date(self) -> datetime.datetime:
        opened: datetime.datetime = self.feed["opened"]
        return max((item["pubdate"] for item in self.items), default=opened)


def rss(body: Body, events: Iterable[Event], whole: Callable[[str], str], here: str) -> bytes:
    """The events as RSS; `whole` makes an address one that works elsewhere, `here` is the feed's own."""
    feed = _ByDay(
        title=one_line(body.organisation.name),
        link=whole(body.get_absolute_url()),
        description=gettext("What peers asked of this body, and what became of it"),
        language=get_language(),
        feed_url=here,
        opened=_noon(body.opened_on),
    )
    for event in events:
        words = public_words(event.recommendation, "text", whole)
        place, promise = event.recommendation.get_absolute_url(), event.promise.code if event.promise else ""
        feed.add_item(
            title=f"{telling.event_words(event)}: {one_line(words)}",
            link=whole(f"{place}#{promise}" if promise else place),
            categories=[promise] if promise else [],
            description=one_line(words, 400),
            pubdate=_noon(event.day),
            unique_id=event.mark,
            unique_id_is_permalink=False,
        )
    return feed.writeString("utf-8").encode()


def _noon(day: datetime.date) -> datetime.datetime:
    """Noon in Greenwich: the same day nearly everywhere."""
    return datetime.datetime.combine(day, datetime.time(12), datetime.UTC)
