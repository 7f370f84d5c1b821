"""Pseudonyms: a calm adjective, an animal and a number. Nothing here points to a scene, a body or a people."""

import secrets

ADJECTIVES = (
    "able amber ample apt autumn blue bold brave bright brisk calm candid careful cheerful civil clear clever coastal "
    "coral cosy curious daring dawn deep eager early east easy even fair fast fern fine firm fond frank free fresh friendly "
    "gentle glad golden good graceful grand green happy hardy hazel honest hopeful humble ivory jolly just keen kind lake "
    "level light lively loyal lucid lucky maple mellow merry mild mint misty modest morning mossy neat nimble noble north "
    "olive open patient pearl plain playful plum polite proud quick quiet ready river robust rosy round royal ruby sandy "
    "sincere smooth soft solid south spring steady still summer sunny sure sweet swift tall tender thoughtful tidy tranquil "
    "true trusty upland upright valiant velvet vivid warm west wide willing wise witty young"
).split()
ANIMALS = (
    "albatross antelope badger bat beaver bee bison blackbird bobcat buffalo butterfly camel caribou cat chickadee cicada "
    "cod condor coot coral cormorant crab crane cricket crow curlew deer dolphin donkey dove dragonfly duck eagle eel egret "
    "elephant elk emu falcon fawn ferret finch firefly flamingo fox frog gazelle gecko giraffe goat goldfinch goose gull "
    "hare hawk hedgehog heron hoopoe horse hummingbird ibex ibis iguana jackdaw jay kestrel kingfisher kite koala lark "
    "lemur leopard linnet lion lizard llama lobster lynx magpie manatee marten meerkat mole moose moth narwhal newt "
    "nightingale octopus oriole osprey ostrich otter owl oyster panda parrot peacock pelican penguin pheasant pigeon plover "
    "pony porpoise puffin quail rabbit raven reindeer robin rook salmon seal sparrow squid squirrel starling stork swallow "
    "swan swift tapir tern thrush tiger toad tortoise trout turtle viper vole wagtail walrus weasel whale wren yak zebra"
).split()


def pseudonym() -> str:
    """A new pseudonym, one of some 200 million."""
    return f"{secrets.choice(ADJECTIVES)}-{secrets.choice(ANIMALS)}-{secrets.randbelow(9000) + 1000}"


def read_pseudonym(typed: str) -> str:
    """A pseudonym as typed by a person: case and what stands between its parts do not matter."""
    return "-".join(typed[:200].lower().replace("-", " ").replace("_", " ").split())
