"""What a steward changes of the house."""

from withus.acting import acting
from withus.people.models import Instance
from withus.policy.facts import Actor, ActorKind
from withus.policy.rules import Action


def describe(
    actor: Actor,
    instance: Instance,
    *,
    host_name: str,
    community_name: str,
    about: str,
    language: str,
    exit_address: str,
) -> None:
    """Says whose host this is, what the community calls itself, and where "Leave quickly" leads."""
    with acting(actor, Action.DESCRIBE, instance) as record:
        instance.host_name, instance.community_name, instance.about = host_name, community_name, about
        instance.language, instance.exit_address = language, exit_address
        instance.save(update_fields=["host_name", "community_name", "about", "language", "exit_address"])
        record("instance.described", instance.facts(), by=ActorKind.ORGANISATION, subject=instance.code)
