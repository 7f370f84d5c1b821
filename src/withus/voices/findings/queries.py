"""Findings: what all may read of them, what readers of an inbox can make one of, and what has to be told back."""

import datetime
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from withus.core import buckets, clock
from withus.people.models import Organisation
from withus.people.queries import House, public_recognised_codes
from withus.policy.facts import Actor
from withus.policy.who import EDITORS
from withus.texts.subjects import has_texts
from withus.voices import queries as voices
from withus.voices.findings import telling as telling
from withus.voices.findings.chains import Link, public_links
from withus.voices.findings.models import Finding, Notice, Returned, Source
from withus.voices.inboxes.models import Inbox
from withus.voices.inboxes.queries import inboxes_of
from withus.voices.models import Envelope, Opening, Voice
from withus.voices.queries import Opened

TELL_WITHIN = datetime.timedelta(days=30)  # after an answer, for I-08 and on the desk
KEPT_CLOSED = datetime.timedelta(days=90)  # sources, after all that rests on their finding is closed
KEPT_ALONE = datetime.timedelta(days=366)  # and where nothing rests on it
MOST_OFFERED = 50
LEAST_TOGETHER = 3  # voices, where one of them may only be counted: beside one other, she knows who the other is


@dataclass(frozen=True)
class Became:
    """A finding, what rests on it, and what its sources were told."""

    finding: Finding
    links: list[Link]
    notices: list[Notice]


@dataclass(frozen=True)
class Groupable(House):
    """An inbox as those see it who make findings of what lies in it, for the policy."""

    inbox: Inbox

    @property
    def organisation_code(self) -> str:
        """Whose inbox it is."""
        return self.inbox.organisation_code

    @property
    def reader_accounts(self) -> frozenset[int]:
        """Who has its key."""
        return self.inbox.reader_accounts


@dataclass(frozen=True)
class Offered:
    """A voice that a reader has opened and can make a finding of; `is_today`: what it says may be shown to her."""

    envelope: Envelope
    opened: Opened
    is_today: bool

    @property
    def code(self) -> str:
        """What a form calls it by."""
        return self.envelope.voice.code

    @property
    def may_be_published(self) -> bool:
        """Whether what it says may be told, as its consent of today says; else it is only counted."""
        return bool(self.opened.voice.may_be_told)

    @property
    def words(self) -> list[str]:
        """What whoever sent it said in writing, and what was heard of her speech."""
        return self.opened.words

    @property
    def names(self) -> set[str]:
        """Its topic and its place, each as one is compared with another's."""
        return {str(self.opened.about[name]).strip().casefold() for name in ("topic", "area")}


@dataclass(frozen=True)
class ToTell:
    """An answer that nobody has told the sources of a finding yet."""

    finding: Finding
    link: Link
    until: datetime.date


def public_findings() -> QuerySet[Finding]:
    """All findings, the newest first."""
    return Finding.objects.select_related("organisation", "withdrawal").order_by("-found_on", "-id")


def public_some(**about: str) -> QuerySet[Finding]:
    """Those with this topic, area or organisation; an empty word asks for nothing."""
    return public_findings().filter(**{name: word for name, word in about.items() if word})


def public_notices(findings: Collection[str]) -> Mapping[str, list[Notice]]:
    """What was told of each of these findings, the oldest first."""
    found: dict[str, list[Notice]] = {code: [] for code in findings}
    for one in Notice.objects.filter(finding__code__in=findings).select_related("finding").order_by("id"):
        found[one.finding.code].append(one)
    return found


def public_became_of(findings: QuerySet[Finding]) -> list[Became]:
    """These findings, each with what became of it."""
    found = list(findings)
    codes = [one.code for one in found]
    links, notices = public_links(codes), public_notices(codes) if codes else {}
    return [Became(one, links[one.code], notices[one.code]) for one in found]


def public_became(locator: str) -> list[Became]:
    """What became of the findings that a receipt is a source of, the newest first."""
    since = dict(Source.objects.filter(locator=locator).values_list("finding__code", "added_on"))
    became = public_became_of(public_findings().filter(code__in=since))
    return [replace(one, links=[_asked(link, since[one.finding.code]) for link in one.links]) for one in became]


def _asked(link: Link, added_on: datetime.date) -> Link:
    """Whoever became a source once it was said to be done is not asked whether it is."""
    return replace(link, asks=tuple(ask for ask in link.asks if added_on < ask.said_on))


def public_groupable(inbox: Inbox) -> Groupable:
    """The inbox, with what the policy asks of it."""
    return Groupable(frozenset(public_recognised_codes()), inbox)


def offered(actor: Actor, organisation: Organisation, key: bytes) -> list[Offered]:
    """The voices in an inbox that the actor has opened, those that she opened last first, and that her key opens."""
    mine = Opening.objects.filter(reader=actor.account or 0, organisation=organisation)
    days = dict(mine.order_by("opened_on").values_list("voice_code", "opened_on"))
    lying = voices.envelopes(actor, organisation).filter(voice__code__in=days)
    newest = sorted(lying, key=lambda one: days[one.voice.code], reverse=True)[:MOST_OFFERED]
    opened = voices.opened_all(actor, newest, key)
    return [Offered(one, it, days[one.voice.code] == clock.today()) for one, it in opened]


def public_only_counted(locators: Collection[str]) -> bool:
    """Whether one of these voices may only be counted; one that has ended says no more that it may be told."""
    return Voice.objects.filter(locator__in=locators, may_be_told=True).count() < len(locators)


def standing_alone(actor: Actor) -> QuerySet[Finding]:
    """The findings of the actor's organisations on few voices, of which one may only be counted since."""
    sources = Source.objects.filter(finding=OuterRef(OuterRef("pk")))
    closed = Voice.objects.filter(locator__in=sources.values("locator"), may_be_told=False)
    ours = public_findings().filter(organisation__code__in=actor.organisations(*EDITORS), withdrawal=None)
    return ours.annotate(of=Count("sources")).filter(Exists(closed), of__lt=LEAST_TOGETHER)


def counted_in(actor: Actor, envelope: Envelope) -> list[Finding]:
    """The findings of the actor's organisation that this voice is a source of; for readers of that inbox."""
    if envelope.inbox not in inboxes_of(actor):
        return []
    own = Finding.objects.filter(organisation=envelope.inbox.organisation, sources__locator=envelope.voice.locator)
    return list(own.order_by("-found_on", "-id"))


def grouping(actor: Actor, organisation: Organisation) -> QuerySet[Finding]:
    """The findings of an organisation to which the actor can add voices, if she reads its inbox."""
    is_reader = any(one.organisation_id == organisation.pk for one in inboxes_of(actor))
    own = Finding.objects.filter(organisation=organisation, withdrawal=None) if is_reader else Finding.objects.none()
    return own.order_by("-found_on", "-id")


def to_tell(actor: Actor) -> list[ToTell]:
    """The answers of which the actor's organisations have not told the sources of their findings."""
    ours = Finding.objects.filter(organisation__code__in=actor.organisations(*EDITORS))
    return list(_untold(ours.select_related("organisation").order_by("id")))


def public_untold(finding: Finding) -> list[Link]:
    """The answers of which this finding's sources were told nothing."""
    return [one.link for one in _untold(Finding.objects.filter(pk=finding.pk))]


def _untold(findings: QuerySet[Finding]) -> Iterator[ToTell]:
    """Only where somebody is left to be told."""
    found = list(findings.filter(Exists(Source.objects.filter(finding=OuterRef("pk")))))
    told = set(Notice.objects.filter(finding__in=found).values_list("finding", "response"))
    links = public_links([one.code for one in found])
    for one in found:
        for link in links[one.code]:
            if link.decided_on and (one.pk, link.decision) not in told:
                yield ToTell(one, link, link.decided_on + TELL_WITHIN)


def due_counting(day: datetime.date) -> Iterator[ToTell]:
    """The answers of which nobody told within thirty days, and that are not counted yet."""
    counted = set(Returned.objects.values_list("finding", "response"))
    for one in _untold(Finding.objects.all()):
        if one.until < day and (one.finding.pk, one.link.decision) not in counted:
            yield one


def due_sources(day: datetime.date) -> QuerySet[Source]:
    """Sources that nothing more is to come for, and whose voice has ended.

    Where something rests on the finding: 90 days after all of it is closed. Else a year after they were added.
    """
    codes = list(Source.objects.values_list("finding__code", flat=True).distinct())
    closed, alone = [], []
    for code, links in public_links(codes).items():
        if not links:
            alone.append(code)
        elif all(one.closed_on and one.closed_on + KEPT_CLOSED < day for one in links):
            closed.append(code)
    over = Q(finding__code__in=closed) | Q(finding__code__in=alone, added_on__lt=day - KEPT_ALONE)
    living = Voice.objects.filter(locator=OuterRef("locator"), week__gte=buckets.week_of(day))
    return Source.objects.filter(over, ~Exists(living))


def _seen(actor: Actor, code: str) -> Finding | None:
    return public_findings().filter(code=code).exclude(text="").first()


has_texts("finding", _seen, text=_("The finding"))
