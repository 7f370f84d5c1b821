"""Opinion maps that anyone can recount, and that say when there is nothing to see (docs/methods/opinion-map.md)."""

from withus.compute.opinion_map.conversation import BadVotes, Conversation
from withus.compute.opinion_map.polis import PolisMap, polis_map
from withus.compute.opinion_map.reading import Comments, read_comments, read_votes
from withus.compute.opinion_map.results import Map
from withus.compute.opinion_map.votes import Votes
from withus.compute.opinion_map.withus import OpinionMap, opinion_map

__all__ = [
    "BadVotes", "Comments", "Conversation", "Map", "OpinionMap", "PolisMap", "Votes", "opinion_map", "polis_map",
    "read_comments", "read_votes",
]  # fmt: skip
