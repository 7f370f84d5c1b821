"""Pseudonyms: a calm adjective, an animal and a number. Nothing here points to a scene, a body or a people."""

import re
import secrets

_ADJECTIVES = """
able amber ample apt autumn blue bold brave bright brisk calm candid careful cheerful civil clear clever coastal
coral cosy curious daring dawn deep eager early east easy even fair fern firm fond frank free fresh friendly gentle
glad golden good graceful grand happy hardy hazel honest hopeful humble ivory jolly just keen kind lake level light
lively loyal lucid lucky maple mellow merry mild mint misty modest morning mossy neat nimble noble north olive open
patient pearl plain playful plum polite proud quiet ready river robust rosy royal ruby sandy sincere smooth soft
solid south spring steady still summer sunny sure sweet swift tender thoughtful tidy tranquil true trusty upland
upright valiant velvet vivid warm west wide willing wise witty
"""
_ANIMALS = """
albatross antelope badger bat beaver bee bison blackbird bobcat buffalo butterfly camel caribou cat chickadee cicada
condor coral cormorant crane cricket curlew deer dolphin dragonfly duck eagle eel egret elk emu falcon fawn finch
firefly flamingo fox frog gazelle gecko giraffe goldfinch goose gull hare hawk hedgehog heron hoopoe hummingbird
ibex ibis iguana jackdaw jay kestrel kingfisher kite koala lark lemur leopard linnet lion lizard llama lobster lynx
magpie manatee marten meerkat mole moose narwhal newt nightingale octopus oriole osprey ostrich otter owl oyster
panda parrot peacock pelican penguin pheasant pigeon plover pony porpoise puffin quail rabbit raven reindeer robin
rook salmon seal sparrow squid squirrel starling stork swallow swan swift tapir tern thrush tiger tortoise trout
turtle vole wagtail wren yak zebra
"""
ADJECTIVES, ANIMALS = _ADJECTIVES.split(), _ANIMALS.split()


_LOUD = {1312, 1488, 6660, 6661, 6666, 8888, 9110, 9111}  # numbers that are read as a word
_NUMBERS = [number for number in range(1000, 10000) if number not in _LOUD]


def pseudonym() -> str:
    """A new pseudonym, one of more than 100 million."""
    return f"{secrets.choice(ADJECTIVES)}-{secrets.choice(ANIMALS)}-{secrets.choice(_NUMBERS)}"


def for_a_story() -> str:
    """A made-up name for a story: without a number, so that it is no account's."""
    return f"{secrets.choice(ADJECTIVES)} {secrets.choice(ANIMALS)}"


def is_for_a_story(name: str) -> bool:
    """Whether a name is one that we made up for a story, and nobody's own."""
    adjective, _, animal = name.partition(" ")
    return adjective in ADJECTIVES and animal in ANIMALS


def read_pseudonym(typed: str) -> str:
    """A pseudonym as typed by a person: case, what stands between its parts and the kind of digits do not matter."""
    parts = re.findall(r"[a-z]+|\d+", typed[:200].lower())
    return "-".join(str(int(part)) if part.isdecimal() else part for part in parts)
