"""What pages of voices look up: one in an inbox that the actor has the key of, and what was said in it, in words."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from withus.people.queries import public_organisations
from withus.voices.models import Envelope
from withus.voices.queries import Opened, envelopes
from withus.voices.wording import Entered, Kind
from withus.web.requests import Request


def lying(request: Request, code: str, voice: str) -> Envelope:
    """What lies in the inbox of an organisation, by codes; for whoever does not have its key it is not there (404)."""
    ours = get_object_or_404(public_organisations(), code=code)
    return get_object_or_404(envelopes(request.actor, ours), voice__code=voice)


def in_words(opened: Opened, name: str, *parts: str) -> dict[str, Any]:
    """What was said with the first words, in words, and each turn with what came with it, by its address."""
    excluded = public_organisations().filter(code=opened.about["excluded"]).first()
    entered = opened.about.get("assisted", {})
    by = public_organisations().filter(code=entered.get("by", "")).first()
    turns = [
        (said, [(one, reverse(name, args=[*parts, one.number])) for one in said.enclosed]) for said in opened.turns
    ]
    enclosed = [one for _, each in turns for one in each if not one[0].is_original]
    about: dict[str, Any] = {
        "kind": Kind(opened.about["kind"]).said,
        "excluded": excluded,
        "turns": turns,
        "enclosed": enclosed,
    }
    if entered:
        told = opened.about.get("may_be_told", False)
        about["entered"] = Entered(by.name if by else entered["by"], entered["consent"], told)
    return about
