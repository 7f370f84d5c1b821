"""The log's records in plain words: a sentence for each type, a name for each fact, words for each value.

Here stand those of the lower packages; a capability above brings its own with `speak`.
"""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Promise | str

TYPES: dict[str, Words] = {
    "log.opened": _("The public log was opened"),
    "key.rotated": _("The log got a new key"),
    "log.continued": _("The log went on under a new name, because its last entries were lost"),
    "instance.set_up": _("This house was set up"),
    "instance.described": _("It was said whose house this is"),
    "steward.joined": _("A steward of this house came in with a set-up address"),
    "steward.invited": _("A new set-up address was made"),
    "steward.left": _("A steward of this house gave the role up"),
    "steward.missed": _("It was said that nobody who gives the roles of %(organisation)s can act"),
    "steward.answered": _("Somebody who gives the roles of %(organisation)s answered: she is there"),
    "organisation.founded": _("%(organisation)s was added"),
    "mandate.published": _("A mandate of %(organisation)s was published"),
    "funding.declared": _("It was declared who pays %(organisation)s"),
    "mandate.countersigned": _("The mandate of %(organisation)s was countersigned"),
    "role.offered": _("Cards for a role of %(organisation)s were made: %(role)s"),
    "role.offered_by_host": _("A first card for %(organisation)s was made, which had nobody to make cards: %(role)s"),
    "role.taken": _("Somebody took a role of %(organisation)s, with a card: %(role)s"),
    "role.ended": _("A role of %(organisation)s ended: %(role)s"),
    "role.ended_by_host": _("A role of %(organisation)s was ended, which had nobody to do it: %(role)s"),
    "body.opened": _("A page for %(organisation)s was opened"),
    "service.opened": _("The service %(service)s was added"),
    "site.opened": _("A place of the service %(service)s was added"),
    "process.opened": _("The process %(process)s was opened"),
    "phase.planned": _("A phase was added to %(process)s"),
    "phase.closed": _("A phase of %(process)s was closed early"),
    "peers.asked": _("%(organisation)s was asked to read the statements of %(process)s"),
    "peers.agreed": _("%(organisation)s agreed to read the statements of %(process)s"),
    "work.offered": _("It was said how long reading a statement of %(process)s takes, and what it pays"),
    "statement.seeded": _("%(statement)s was added to %(process)s, as one of the first"),
    "statement.proposed": _("%(statement)s was proposed in %(process)s"),
    "statement.withdrawn": _("%(statement)s in %(process)s was taken back"),
    "statement.moderated": _("It was decided about %(statement)s in %(process)s"),
    "statement.appealed": _("Somebody appealed against the decision about %(statement)s in %(process)s"),
    "appeal.decided": _("An appeal about %(statement)s in %(process)s was decided"),
    "ballots.entered": _("Ballots from paper were entered in %(process)s"),
    "conversation.imported": _("A conversation was imported into %(process)s"),
    "tallies.sealed": _("The counts of a phase of %(process)s were sealed"),
    "recommendation.sent": _("%(organisation)s sent %(recommendation)s to %(body)s"),
    "recommendation.written": _("%(organisation)s wrote %(recommendation)s to %(body)s, which never joined"),
    "recommendation.capped": _("%(organisation)s could not send more to %(body)s: its terms set a limit"),
    "recommendation.served": _("It was said how the letter %(recommendation)s arrived"),
    "recommendation.acknowledged": _("It was said that %(recommendation)s has arrived"),
    "question.asked": _("A question was asked back about %(recommendation)s"),
    "question.answered": _("The question about %(recommendation)s was answered"),
    "deadline.extended": _("More time was taken to answer %(recommendation)s"),
    "recommendation.answered": _("%(recommendation)s was answered"),
    "answer.corrected": _("Better words were put beside the answer to %(recommendation)s"),
    "commitment.made": _("Something was promised after %(recommendation)s"),
    "delivery.said": _("It was said that what %(recommendation)s asks is done"),
    "delivery.verified": _("It was checked whether what %(recommendation)s asks is done"),
    "dissent.said": _("Dissent was put beside the answer to %(recommendation)s"),
    "text.translated": _("A text of %(subject)s was translated"),
    "text.recorded": _("A text of %(subject)s was read aloud"),
    "words.replaced": _("Words of the product were replaced by the community's own"),
}
# Where one fact decides what happened, its value has a sentence of its own.
OUTCOMES: dict[str, tuple[str, dict[object, Words]]] = {
    "statement.moderated": (
        "state",
        {
            "accepted": _("%(statement)s in %(process)s was accepted"),
            "declined": _("%(statement)s in %(process)s was declined, because %(reason)s"),
        },
    ),
    "appeal.decided": (
        "upheld",
        {
            True: _("After an appeal, %(statement)s in %(process)s was accepted after all"),
            False: _("After an appeal, %(statement)s in %(process)s stays declined"),
        },
    ),
}
WHOLE = _("%(what)s, by %(who)s, on %(day)s.")
NAMED = _("%(name)s (%(kind)s)")
ACTORS: dict[str, Words] = {
    "body": _("a body"),
    "peers": _("peers"),
    "organisation": _("an organisation"),
    "system": _("Withus itself"),
}
THIS_HOUSE = _("the stewards of this house")
ANYBODY = _("somebody")
# Which deeds are the house's, which the peer editors', and which fact names who did it; any other deed was done by
# the organisation whose thing the record is about.
OF_THIS_HOUSE = frozenset({
    "instance.set_up", "instance.described", "steward.invited", "steward.joined", "steward.left", "steward.missed",
    "organisation.founded", "role.offered_by_host", "role.ended_by_host",
})  # fmt: skip
OF_EDITORS = frozenset({
    "statement.seeded", "statement.moderated", "appeal.decided", "ballots.entered", "conversation.imported",
    "text.translated", "text.recorded",
})  # fmt: skip
OF_ANYBODY: set[str] = set()  # types that somebody did who need not have an account
OR_HOUSE: set[str] = set()  # types that are the house's where the fact that names who did it is empty
WHO = {
    "mandate.countersigned": "by",
    "body.opened": "opened_by",
    "peers.agreed": "organisation",
    "work.offered": "organisation",
    "recommendation.acknowledged": "body",
    "question.asked": "body",
    "deadline.extended": "body",
    "recommendation.answered": "body",
    "answer.corrected": "body",
    "commitment.made": "body",
    "delivery.said": "body",
    "delivery.verified": "organisation",
    "dissent.said": "organisation",
}
# Facts that are codes: which kind of thing they name. A text's `subject` is named by the first word of its field.
CODES = {
    "process": "process",
    "phase": "phase",
    "statement": "statement",
    "organisation": "organisation",
    "body": "organisation",
    "payer": "organisation",
    "by": "organisation",
    "parent": "organisation",
    "opened_by": "organisation",
    "service": "service",
    "site": "site",
    "recommendation": "recommendation",
}
# In the order in which a page tells them.
FACTS: dict[str, Words] = {
    "process": _("Process"),
    "organisation": _("Organisation"),
    "body": _("Body"),
    "service": _("Service"),
    "site": _("Place"),
    "phase": _("Phase"),
    "statement": _("Statement"),
    "number": _("Number"),
    "subject": _("What it belongs to"),
    "field": _("Which text"),
    "name": _("Name"),
    "title": _("Title"),
    "kind": _("Kind"),
    "area": _("Area"),
    "level": _("How much say is promised"),
    "state": _("Decision"),
    "upheld": _("The appeal was right"),
    "reason": _("Reason"),
    "role": _("Role"),
    "handed_over": _("Handed over by whoever held it before"),
    "version": _("Version"),
    "speaks_for": _("Whom it speaks for"),
    "chosen_how": _("How those who speak were chosen"),
    "members_asked": _("How members are asked"),
    "reports_back": _("How they report back"),
    "by": _("Who countersigned"),
    "outside_name": _("Which outside organisation"),
    "outside_proof": _("Where it can be read"),
    "payer": _("Who pays"),
    "payer_name": _("Who pays"),
    "share": _("How much of its money"),
    "parent": _("National organisation"),
    "opened_by": _("Who opened the page"),
    "decides": _("What it decides"),
    "time_zone": _("Time zone"),
    "can_change": _("What can change"),
    "cannot_change": _("What cannot change"),
    "opens_on": _("First day"),
    "closes_on": _("Last day"),
    "planned": _("Last day that was planned"),
    "recommendation": _("Recommendation"),
    "outcome": _("Answer"),
    "verdict": _("What peers found"),
    "how": _("How it arrived"),
    "sent_on": _("Sent on"),
    "served_on": _("Arrived on"),
    "until": _("Until"),
    "due_on": _("By which day"),
    "review_on": _("Taken up again by"),
    "transferred_to": _("Passed on to"),
    "acknowledge_days": _("Days to say that it has arrived"),
    "reply_days": _("Days to answer"),
    "extension_days": _("Days that can be added"),
    "counting": _("How days are counted"),
    "region": _("Whose public holidays count"),
    "cap": _("How many can wait at once"),
    "source": _("Where it was promised"),
    "evidence": _("What it rests on"),
    "asked_change": _("What should change"),
    "question": _("Question"),
    "owner": _("Which office"),
    "measure": _("What will be done"),
    "budget": _("With what money"),
    "source_words": _("In which law, strategy or declaration"),
    "commitment": _("Code of the promise"),
    "delivery": _("Code of what was done"),
    "verification": _("Code of the check"),
    "dissent": _("Code of the dissent"),
    "response": _("Code of the answer"),
    "signers": _("How many wrote and signed it"),
    "corrects": _("Code of the answer beside which it stands"),
    "terms_version": _("Version of the terms of reference"),
    "is_independent": _("The body does not pay this organisation"),
    "written_on": _("Written on"),
    "said_on": _("Said on"),
    "why": _("Why"),
    "takes_statements": _("Statements can be proposed"),
    "takes_votes": _("Votes can be cast"),
    "publishes_votes": _("Ballots without names are published at the end"),
    "minutes": _("How many minutes"),
    "pay": _("What it pays"),
    "ballots": _("How many ballots"),
    "statements": _("How many statements"),
    "votes": _("How many votes"),
    "language": _("Language"),
    "original": _("The product's words"),
    "before": _("Words before"),
    "words": _("Words"),
    "text": _("Text"),
    "answer": _("Answer"),
    "host_name": _("Whose house this is"),
    "community_name": _("What the community calls itself"),
    "appeal": _("Code of the appeal"),
    "both_until": _("Both keys sign until"),
    "comments_sha256": _("Fingerprint of the file of statements"),
    "from": _("The last checkpoint that holds"),
    "instance": _("Code of this house"),
    "origin": _("What the log calls itself"),
    "recording": _("Code of the recording"),
    "sha256": _("Fingerprint of the counts"),
    "signed": _("How many entries the old name has signed"),
    "stolen": _("The old key may be in other hands"),
    "trusted": _("The last checkpoint that can be trusted"),
    "vkey": _("The log's key"),
    "votes_sha256": _("Fingerprint of the file of votes"),
}
YES_NO: dict[object, Words] = {True: _("yes"), False: _("no")}
# The capabilities' own words for what they write; a test holds both against each other.
VALUES: dict[str, dict[object, Words]] = {
    "kind": {
        "peer_organisation": _("peer organisation"),
        "body": _("body"),
        "service": _("service"),
        "funder": _("funder"),
        "recommendation": _("recommendation"),
        "question": _("formal question"),
        "need": _("need"),
        "design": _("design"),
        "decision": _("decision"),
        "delivery": _("delivery"),
        "monitoring": _("monitoring"),
        "evaluation": _("evaluation"),
    },
    "outcome": {
        "accepted": _("accepted"),
        "accepted_in_part": _("accepted in part"),
        "rejected": _("rejected"),
        "deferred": _("put off"),
        "transferred": _("passed on"),
    },
    "verdict": {
        "confirmed": _("yes, it is done"),
        "partly": _("partly"),
        "disputed": _("no, it is not done"),
    },
    "how": {
        "hand": _("handed over"),
        "post": _("sent by post"),
        "witness": _("handed over before a witness"),
    },
    "counting": {
        "calendar": _(
            "every day counts; if the last one is a weekend or a holiday, it moves to the next working day, "
            "and two days or more hold two working days at least"
        ),
        "working": _("only working days count: no weekends, no holidays"),
    },
    "source": {
        "answer": _("in the answer"),
        "law": _("in a law"),
        "strategy": _("in a strategy"),
        "declaration": _("in a declaration that the body has signed"),
    },
    "role": {
        "peer_worker": _("peer worker"),
        "peer_editor": _("peer editor"),
        "org_steward": _("steward of the organisation"),
        "body_secretary": _("secretary of the body"),
        "duty_bearer": _("somebody who answers for the body"),
        "referral_desk": _("referral desk"),
        "reader": _("reader of totals"),
    },
    "level": {
        1: _("you are told"),
        2: _("you are asked"),
        3: _("you are asked and get an answer with reasons"),
        4: _("you decide with us"),
        5: _("you decide, we support"),
        6: _("you run it yourselves"),
    },
    "share": {
        "none": _("nothing"),
        "small": _("less than a quarter of its money"),
        "part": _("from a quarter to a half of its money"),
        "most": _("more than a half of its money"),
    },
    "state": {"accepted": _("accepted"), "declined": _("declined")},
    "reason": {
        "names_somebody": _("it names or points to a person"),
        "duplicate": _("another statement says the same"),
        "unclear": _("it says several things, or can't be agreed or disagreed with"),
        "off_topic": _("it is about something else"),
        "hurts": _("it attacks a group of people"),
        "imported": _("it was declined before it came here, and no reason came with it"),
        "advert": _("it advertises something"),
    },
}
DAYS = {
    "opens_on", "closes_on", "planned", "both_until", "sent_on", "served_on", "until", "due_on", "review_on",
    "written_on", "said_on",
}  # fmt: skip
# Facts that say nothing to a reader: shown as they stand.
OPAQUE = {
    "appeal", "field", "instance", "origin", "recording", "time_zone", "vkey", "commitment", "delivery", "region",
    "response", "corrects", "verification", "dissent",
}  # fmt: skip


def speak(
    types: Mapping[str, Words],
    *,
    who: Mapping[str, str] | None = None,
    codes: Mapping[str, str] | None = None,
    facts: Mapping[str, Words] | None = None,
    values: Mapping[str, Mapping[object, Words]] | None = None,
    days: Iterable[str] = (),
    opaque: Iterable[str] = (),
    or_house: Iterable[str] = (),
    of_anybody: Iterable[str] = (),
) -> None:
    """Adds a capability's words: a sentence for each type, which fact names who did it, what codes and facts are.

    `or_house`: types that the stewards of this house did where that fact is empty; `of_anybody`: that need no account.
    """
    TYPES.update(types)
    WHO.update(who or {})
    CODES.update(codes or {})
    FACTS.update(facts or {})
    for fact, words in (values or {}).items():
        VALUES.setdefault(fact, {}).update(words)
    DAYS.update(days)
    OPAQUE.update(opaque)
    OR_HOUSE.update(or_house)
    OF_ANYBODY.update(of_anybody)
