"""Two keys for these tests: a steward of the house, a steward of a recognised peer organisation, and words to take."""

import json

from tests import make

from withus.people.models import Organisation
from withus.policy.facts import Actor, Role, Standing
from withus.public_log import publish
from withus.public_log.models import LogEntry
from withus.texts import actions
from withus.texts.models import Redaction
from withus.texts.queries import Settleable, Takeable, public_settleable, public_takeable

WHY = {"reason": "danger", "words": "Somebody could be found there.", "language": "en"}
YES = {"agreed": True, "answer": "We have asked those concerned.", "language": "en"}
NO = {"agreed": False, "answer": "Nobody can be recognised by it.", "language": "en"}
HOUSE = Actor(901, "house", frozenset({Standing(Role.INSTANCE_STEWARD)}))


def steward(of: Organisation) -> Actor:
    """A steward of the organisation."""
    return Actor(902 + of.pk, "steward", frozenset({Standing(Role.ORG_STEWARD, of.code, is_of_peers=True)}))


def entry_of(type: str, subject: str) -> int:
    """The newest published entry of this type about this subject."""
    publish.publish()
    for seq, body in LogEntry.objects.filter(subject=subject).order_by("-seq").values_list("seq", "body"):
        if json.loads(bytes(body))["type"] == type:
            return int(seq)
    raise LookupError(type)


def words_of(type: str, subject: str, fact: str) -> Takeable:
    """The words of that entry's fact."""
    found = public_takeable(entry_of(type, subject), fact)
    assert found is not None
    return found


def asked(words: Takeable, by: Organisation | None = None) -> Settleable:
    """A request with the house's key, or with an organisation's."""
    make.instance()
    made = actions.redact(steward(by) if by else HOUSE, words, organisation=by, **WHY)
    return settleable(made)


def settleable(made: Redaction) -> Settleable:
    """The request, to be answered."""
    found = public_settleable(made)
    assert found is not None
    return found


def taken_away(words: Takeable, peers: Organisation) -> Redaction:
    """Both keys turned: the house asks, the peer organisation agrees."""
    subject = asked(words)
    actions.settle(steward(peers), subject, organisation=peers, **YES)
    return Redaction.objects.get(pk=subject.redaction.pk)
