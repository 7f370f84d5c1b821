"""A clinic whose page somebody took over with a letter, and other peers: for tests of who answers there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.test import Client

from tests import make
from tests.people.test_cards import text
from tests.recommendations import conftest
from tests.recommendations.conftest import MONDAY, Table
from tests.sown import sown
from withus.core import codes
from withus.people import actions as people
from withus.people.models import Organisation
from withus.people.queries import public_actor
from withus.policy.facts import VISITOR, Actor, Role
from withus.processes.models import Body
from withus.public_log import telling
from withus.recommendations import actions as recommendations
from withus.recommendations import queries as asked
from withus.recommendations.letters import actions, queries, secret
from withus.recommendations.letters.models import Joined
from withus.recommendations.models import Recommendation

On = Callable[[int], None]
NO = {"outcome": "rejected", "reason": "There is no money for it this year.", "language": "en"}
WHY = {"reason": "Our office in the town hall never had this letter.", "language": "en"}
ALONE = "Nobody else has confirmed that it is the body itself."


@dataclass
class Clinic:
    """A clinic whose page somebody took over with the peers' own letter, and answered it; and other peers."""

    table: Table
    body: Body
    letter: Recommendation
    others: Organisation
    ria: make.Somebody  # speaks for the others
    clerk: Actor
    bearer: make.Somebody

    def by_others(self, **more: Any) -> Recommendation:
        """A letter of the other organisation."""
        text = f"Nobody takes the phone on Sundays. ({Recommendation.objects.count()})"
        about = {"text": text, "asked_change": "Take it on Sundays as well."}
        said = about | {"organisation": self.others, "language": "en"} | more
        return recommendations.recommend(self.ria.actor, addressed(self.body), **said)

    def page(self) -> str:
        """The body's page, as visitors see it."""
        return text(Client().get(self.body.get_absolute_url()))

    def state(self) -> Joined | None:
        """What is known of those who came in."""
        found = queries.public_joined(Body.objects.get(pk=self.body.pk))
        return found.joined() if found else None


def addressed(body: Body) -> Any:
    """The body, for whoever writes to it."""
    return asked.public_addressee(body)


def comes_in(body: Body, letter: Recommendation) -> Actor:
    """Somebody takes the page over and joins."""
    code = secret.code_of(letter.code)
    actions.take_over(VISITOR, body, code=code)
    session = people.join(VISITOR, None, code=code, draft=make.draft(code))
    assert session
    found = public_actor(codes.digest(session.token))
    assert found
    return found


@sown
def come_in() -> Clinic:
    """The page is taken over, and the letter answered."""
    table = conftest.come_in()
    clinic = conftest.a_clinic(table)
    letter = table.sent(clinic)
    others = make.recognised("The others abroad")
    ria = make.somebody(Role.ORG_STEWARD, others)
    clerk = comes_in(clinic, letter)
    _, (card,) = people.invite(clerk, clinic.organisation, role=Role.DUTY_BEARER, size=1, ends_on=MONDAY)
    shown = make.draft(card)
    session = people.join(VISITOR, None, code=card, draft=shown)
    assert session
    actor = public_actor(codes.digest(session.token))
    assert actor
    bearer = make.Somebody(shown.pseudonym, shown.passphrase, shown.key, None, actor)  # type: ignore[arg-type]
    made = Clinic(table, Body.objects.get(pk=clinic.pk), letter, others, ria, clerk, bearer)
    recommendations.acknowledge(clerk, letter)
    recommendations.respond(bearer.actor, letter, **NO)
    return made


def code_of(letter: Recommendation) -> str:
    return secret.code_of(letter.code)


def sentence(record: dict[str, Any]) -> str:
    """What the log's page says of a record."""
    return "".join(piece.text for piece in telling.Told(record, telling.looked_up([record])).sentence)


def contests(joined: Clinic, letter: Recommendation | None = None) -> Any:
    """Somebody without an account, who works for the clinic."""
    sent = WHY | {"code": code_of(letter or joined.by_others())}
    return Client().post(f"{joined.body.get_absolute_url()}contest", sent)
