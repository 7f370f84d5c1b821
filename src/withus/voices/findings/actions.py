"""What peer editors make of voices: findings, in public and in their own words; and what they tell back."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.acting import acting, only_once, only_telling
from withus.compute.reasons import OF_A_REASON, repeats
from withus.compute.suppression import PUBLIC_FLOOR
from withus.core import clock, erasure
from withus.core.errors import Refused, all_at_once
from withus.people.models import Organisation
from withus.policy.facts import Actor, ActorKind
from withus.policy.rules import Action
from withus.texts.actions import erase
from withus.voices.findings import queries
from withus.voices.findings.chains import Link, public_links
from withus.voices.findings.models import Finding, Notice, Returned, Source, Withdrawal
from withus.voices.findings.queries import LEAST_TOGETHER, TELL_WITHIN, Groupable, Offered
from withus.voices.holding import opened
from withus.voices.models import Envelope, Voice
from withus.voices.own_words import only_in_own_words

ORGANISATION = ActorKind.ORGANISATION
TELLING = _("Say in a sentence what these voices show.")
DECIDED = _("Say in plain words what was decided, and why.")
TOGETHER = _(
    "One of these voices may only be counted together with at least two others. Choose three voices or more, or leave "
    "it out."
)
STANDS_BESIDE = _(
    "Then a voice that may only be counted would stand here with fewer than two others. Count another one in it first, "
    "take that voice out too, or take the finding back."
)
RESTS = _(
    "A body was asked for something that rests on this finding. Whoever sent this voice is told what becomes of it, "
    "and can say whether it is done. So the voice stays here, unless she takes it back with her receipt."
)
WHY = _("Give a reason that others can understand: a sentence at least, not one word.")


def publish_finding(
    actor: Actor,
    subject: Groupable,
    *,
    key: bytes,
    voices: Sequence[str],
    kind: str,
    text: str,
    topic: str,
    area: str,
    language: str,
    code: str = "",
) -> Finding:
    """Publishes what some voices show, by their codes: those that the actor has opened. Raises Refused, Denied."""
    with acting(actor, Action.PUBLISH_FINDING, subject) as record:
        ours = subject.inbox.organisation
        with all_at_once() as check:
            check(only_telling, TELLING, text=text)
            chosen, known = check(_chosen, actor, ours, key, voices) or ([], [])
        with all_at_once() as check:
            check(_only_together, chosen, len(chosen))
            heard = _heard(known)
            for name, said in {"text": text, "topic": topic, "area": area}.items():
                check(only_in_own_words, said, heard, name)
        words = {"kind": kind, "text": text, "topic": topic, "area": area, "language": language}
        only_once(Finding.objects.filter(organisation=ours, found_on=clock.today(), **words))
        named = {"code": code} if code else {}
        made = Finding.objects.create(organisation=ours, found_on=clock.today(), **words, **named)
        _count_in(made, chosen)
        record.told(made.told(), by=ORGANISATION)
    return made


def add_sources(actor: Actor, finding: Finding, *, key: bytes, voices: Sequence[str]) -> None:
    """Counts more voices in a finding; one that is counted already stays once. Raises Refused, Denied."""
    with acting(actor, Action.ADD_SOURCES, finding):
        if finding.is_withdrawn:
            raise Refused(gettext("This finding was taken back. Publish another one."))
        chosen = _chosen(actor, finding.organisation, key, voices)[0]
        _only_together(chosen, len({*_locators(finding), *(one.envelope.voice.locator for one in chosen)}))
        heard = [words for one in chosen for words in one.words]  # a topic that stands there may have been taken up
        for said in (finding.text, finding.topic, finding.area):
            only_in_own_words(said, heard, "voices")
        _count_in(finding, chosen)


def take_source_out(actor: Actor, finding: Finding, *, key: bytes, voice: Envelope) -> None:
    """Counts a voice in a finding no more: whoever sent it is not told of that one. Raises Refused, Denied.

    None is taken out once a recommendation rests on the finding, or else the organisation chose who turns the third
    key; and none beside which a voice that may only be counted would stand with too few others.
    """
    with acting(actor, Action.TAKE_SOURCE_OUT, finding):
        opened(actor, voice, key)  # whoever is left out decides nothing about it
        if public_links([finding.code])[finding.code]:
            raise Refused(str(RESTS))
        left = _locators(finding) - {voice.voice.locator}
        if not finding.is_withdrawn and len(left) < LEAST_TOGETHER and queries.public_only_counted(left):
            raise Refused(str(STANDS_BESIDE))
        finding.sources.filter(locator=voice.voice.locator).delete()
        finding.at_least = min(finding.at_least, _in_tens(finding))
        finding.save(update_fields=["at_least"])
        erasure.for_good()


def withdraw_finding(actor: Actor, finding: Finding, *, reason: str, language: str) -> None:
    """Takes a finding back: its words are erased everywhere, the reason and what rests on it stay.

    Raises Refused, Denied.
    """
    with acting(actor, Action.WITHDRAW_FINDING, finding) as record:
        if finding.is_withdrawn:
            raise Refused(gettext("This finding is taken back already."))
        only_telling(WHY, OF_A_REASON, reason=reason)
        if finding.text and repeats(reason, finding.text):
            raise Refused(gettext("This repeats the words that you take back, and it stays for everybody."), "reason")
        finding.text = finding.topic = finding.area = ""
        finding.save(update_fields=["text", "topic", "area"])
        erase(finding.code)
        about = {"reason": reason, "language": language, "said_on": clock.today()}
        row = Withdrawal.objects.create(finding=finding, **about)
        record.told(row.told(), by=ORGANISATION)


def tell_back(actor: Actor, finding: Finding, *, recommendation: str, text: str, language: str) -> Notice:
    """Tells those who spoke what was decided, after a recommendation by its code. Raises Refused, Denied."""
    with acting(actor, Action.TELL_BACK, finding) as record:
        only_telling(DECIDED, OF_A_REASON, text=text)
        untold = {one.code: one for one in queries.public_untold(finding)}
        if recommendation not in untold:
            raise Refused(gettext("This answer was told already, or there is none yet."), "recommendation")
        link = untold[recommendation]
        about = {"recommendation": link.code, "response": link.decision, "text": text, "language": language}
        notice = Notice.objects.create(finding=finding, told_on=clock.today(), **about)
        count_returned(finding, link)
        record.told(notice.told(), by=ORGANISATION)
    return notice


def count_returned(finding: Finding, link: Link) -> bool:
    """Counts once whether an answer was told in time, and to how many: now, as it is told or its days are over."""
    assert link.decided_on
    day, told = clock.today(), finding.notices.filter(response=link.decision).exists()
    about = {"recommendation": link.code, "voices": finding.sources.count(), "counted_on": day}
    about |= {"is_in_time": told and day <= link.decided_on + TELL_WITHIN}
    return Returned.objects.get_or_create(finding=finding, response=link.decision, defaults=about)[1]


def _chosen(
    actor: Actor, organisation: Organisation, key: bytes, codes: Iterable[str]
) -> tuple[list[Offered], list[Offered]]:
    """The voices that were chosen, held until the end, and all among which they were. Raises Refused."""
    wanted = set(codes)
    if not wanted:
        raise Refused(gettext("Choose at least one voice that you have opened."), "voices")
    lying = Voice.objects.select_for_update(of=("self",)).filter(envelopes__inbox__organisation=organisation)
    list(lying.filter(code__in=wanted).order_by("pk"))  # first held, then read: consent may have ended meanwhile
    open_ones = {one.code: one for one in queries.offered(actor, organisation, key)}
    if not wanted <= open_ones.keys():
        raise Refused(gettext("One of these voices is not here any more. Choose again."), "voices")
    return [open_ones[code] for code in sorted(wanted)], list(open_ones.values())


def _only_together(chosen: Iterable[Offered], number: int) -> None:
    """Raises Refused where a voice that may only be counted would be told with too few others."""
    if number < LEAST_TOGETHER and not all(one.may_be_published for one in chosen):
        raise Refused(str(TOGETHER), "voices")


def _heard(known: Collection[Offered]) -> list[str]:
    """All that these voices say; of their topics and places what fewer than three of them name."""
    named = Counter(name for one in known for name in one.names)
    own = [name for name, number in named.items() if number < LEAST_TOGETHER]
    return [*own, *(words for one in known for words in one.words)]


def _locators(finding: Finding) -> set[str]:
    return set(finding.sources.values_list("locator", flat=True))


def _count_in(finding: Finding, chosen: Iterable[Offered]) -> None:
    about = {"finding": finding, "added_on": clock.today()}
    rows = [Source(locator=one.envelope.voice.locator, **about) for one in chosen]
    Source.objects.bulk_create(rows, ignore_conflicts=True)
    finding.at_least = max(finding.at_least, _in_tens(finding))
    finding.save(update_fields=["at_least"])


def _in_tens(finding: Finding) -> int:
    """How many voices at least may be told: a number that was told stays when somebody takes her voice back."""
    return finding.sources.count() // PUBLIC_FLOOR * PUBLIC_FLOOR
