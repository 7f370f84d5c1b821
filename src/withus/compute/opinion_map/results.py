"""What a map says, frozen, and its form as `result.json` (docs/interface.md)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import orjson

from withus.compute.opinion_map.compiled import Array
from withus.compute.opinion_map.frozen import Frozen

DIGITS = 6
NOBODY = -1


class Agreed(NamedTuple):
    """How far all groups agree on a statement. `floor`: the least-agreeing group's share, as its lower 90 % bound.

    A group under one in twenty, or under seven people, is in it only if it has seven and surely fewer than half agree.
    `disagree_floor` is the same of those who disagree.

    `gac` is Polis' product over the groups, `gac_mean` its geometric mean, comparable between maps with other numbers
    of groups; `without` holds the floor with each group left out.
    """

    statement: int
    floor: float
    gac: float
    gac_mean: float
    disagree_floor: float
    agree: int
    disagree: int
    passed: int
    without: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Map(Frozen):
    """A map. `axes` is 2 × statements, `positions` people × 2; `group_of` holds NOBODY for whoever is in no group."""

    method: str
    seed: int
    participant_ids: Array
    statement_ids: Array
    moderated: tuple[int, ...]
    axes: Array
    explained_variance: Array
    positions: Array
    group_of: Array
    group_sizes: tuple[int, ...]
    representative: tuple[tuple[Any, ...], ...]
    agreement: tuple[Agreed, ...]
    supported: bool
    checks: Mapping[str, Any]

    @cached_property
    def groups(self) -> Mapping[int, int]:
        """The group of each person who is in one."""
        inside = self.group_of != NOBODY
        pairs = zip(self.participant_ids[inside].tolist(), self.group_of[inside].tolist(), strict=True)
        return MappingProxyType(dict(pairs))

    @cached_property
    def placed(self) -> bytes:
        """The positions as JSON. They are most of a map, so they are written once for all its files."""
        return written(self.positions)

    def text(self, **more: Any) -> bytes:
        """`result.json`, with what else belongs into it."""
        large = {"positions": orjson.Fragment(self.placed), "groups": orjson.Fragment(self._grouped())}
        return written(self.content() | large | more)

    def _grouped(self) -> bytes:
        """The groups as JSON, as of a dictionary with a key for each person, without making that."""
        inside = self.group_of != NOBODY
        pairs = written(np.column_stack([self.participant_ids[inside], self.group_of[inside]]))[2:-2]
        return b'{"%s}' % pairs.replace(b"],[", b";").replace(b",", b'":').replace(b";", b',"') if pairs else b"{}"

    def as_json(self) -> dict[str, Any]:
        """The map for `result.json`, of plain values."""
        return dict(plain(self.content() | {"groups": self.groups}))

    def content(self) -> dict[str, Any]:
        """The map for `result.json`; tables and floats as they are, and the place of the groups still empty."""
        return {
            "method": self.method,
            "seed": self.seed,
            "participants": len(self.participant_ids),
            "statements": len(self.statement_ids),
            "participant_ids": self.participant_ids,
            "statement_ids": self.statement_ids,
            "moderated": self.moderated,
            "axes": self.axes,
            "explained_variance": self.explained_variance,
            "positions": self.positions,
            "groups": None,
            "group_sizes": self.group_sizes,
            "representative": dict(enumerate(self.representative)),
            "agreement": self.agreement,
            "supported": self.supported,
            "checks": self.checks,
        }


def written(value: Any) -> bytes:
    """The value as JSON, its tables and data classes too."""
    options = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS
    return orjson.dumps(value, default=plain, option=options)


def plain(value: Any) -> Any:
    """The value as lists, dictionaries and plain numbers."""
    if hasattr(value, "__dataclass_fields__"):
        return plain(asdict(value))
    if isinstance(value, Agreed):
        return plain(value._asdict())
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(inner) for inner in value]
    return value
