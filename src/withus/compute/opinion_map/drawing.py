"""A map as one SVG file: where people stand, how unsure that is, and in words what it says."""

from collections.abc import Mapping
from html import escape
from textwrap import wrap

import numpy as np

from withus.compute.opinion_map.agreement import SMALLEST, SMALLEST_SHARE, uncounted
from withus.compute.opinion_map.compiled import Array
from withus.compute.opinion_map.polis import gathered
from withus.compute.opinion_map.results import NOBODY, Map
from withus.compute.opinion_map.withus import OpinionMap

SIDE, MARGIN, WIDTH, LINE = 600, 40, 1180, 18
MOST_POINTS = 1_500  # of more people, those close together are drawn as one circle
DOT, CLOUD = 3.3, 30.0  # radius of somebody whose place is sure, and of the widest cloud
COLORS = ("#0b6b8f", "#b3541e", "#4d7c2a", "#7a4a9e", "#8a6d00")  # at least 4.5 : 1 on white
NO_GROUP = "#5f6b73"
FAR = 0.01  # the part of people on each side who may lie beyond the picture
LETTERS = "ABCDE"
SHOWN = 5
_UNCOUNTED = (
    f"Not counted: a group of under one in {SMALLEST_SHARE} people, or under {SMALLEST}; but one of {SMALLEST} or more "
    "is counted where surely fewer than half of it agree."
)
LONGEST = 66  # letters in a line


def drawing(made: Map, texts: Mapping[int, str]) -> str:
    """The report."""
    words, height = _words(_sentences(made, texts))
    height = max(height, SIDE)
    title = f"Opinion map: {len(made.participant_ids)} people, {len(made.statement_ids)} statements"
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'aria-labelledby="title" font-family="system-ui, sans-serif" font-size="14" fill="#1c2529">',
        f"<title id=\"title\">{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        *_points(made),
        *words,
        "</svg>",
        "",
    ])  # fmt: skip


def name(group: int) -> str:
    """A group as people call it."""
    return LETTERS[group]


def _points(made: Map) -> list[str]:
    low, high = np.quantile(made.positions, [FAR, 1 - FAR], axis=0)  # who is farther out is drawn at the edge
    scale = (SIDE - 4 * MARGIN) / max(float((high - low).max()), 1e-9)
    middle = (low + high) / 2
    drawn = []
    for group in [NOBODY, *range(len(made.group_sizes))]:
        inside = made.group_of == group
        if not inside.any():
            continue
        points, sizes = made.positions[inside], np.full(int(inside.sum()), DOT)
        if len(made.positions) > MOST_POINTS:
            points, weights = gathered(points, 40)
            sizes = np.minimum(2.5 + 0.8 * np.sqrt(weights), 16)
        elif isinstance(made, OpinionMap):
            sizes = _clouds(made, scale)[inside]
        color = NO_GROUP if group == NOBODY else COLORS[group]
        places = _placed(points, middle, scale)
        shades = _shades(made, sizes)
        drawn += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" fill="{color}" fill-opacity="{shade:.2f}"/>'
            for (x, y), size, shade in zip(places.tolist(), sizes.tolist(), shades.tolist(), strict=True)
        ]
    return drawn + _marks(made, middle, scale)


def _clouds(made: OpinionMap, scale: float) -> Array:
    """How wide each person is drawn: a part of her standard error, so that many can be told apart."""
    return np.asarray(np.clip(0.15 * scale * np.sqrt(made.spreads[:, :2].mean(axis=1)), DOT, CLOUD))


def _shades(made: Map, sizes: Array) -> Array:
    """How strong: the wider a person's cloud, the paler."""
    is_single = len(made.positions) <= MOST_POINTS
    return np.clip(2 * (DOT / sizes) ** 2, 0.05, 0.45) if is_single else np.full(len(sizes), 0.45)


def _marks(made: Map, middle: Array, scale: float) -> list[str]:
    """The groups' letters, and the ellipse of a typical person."""
    drawn = []
    for group in range(len(made.group_sizes)):
        x, y = _placed(made.positions[made.group_of == group].mean(axis=0, keepdims=True), middle, scale)[0].tolist()
        drawn.append(
            f'<text x="{x:.1f}" y="{y + 8:.1f}" font-size="24" font-weight="700" text-anchor="middle" '
            f'stroke="#ffffff" stroke-width="4" paint-order="stroke" fill="{COLORS[group]}">{name(group)}</text>'
        )
    if isinstance(made, OpinionMap):
        wide, tall = (2 * np.sqrt(np.median(made.spreads[:, :2], axis=0)) * scale).tolist()
        wide, tall = min(wide, SIDE / 4), min(tall, SIDE / 4)
        drawn.append(
            f'<ellipse cx="{MARGIN / 2 + wide:.1f}" cy="{SIDE - MARGIN / 2 - tall:.1f}" rx="{wide:.1f}" '
            f'ry="{tall:.1f}" fill="none" stroke="{NO_GROUP}" stroke-dasharray="4 3"/>'
        )
    return drawn


def _placed(points: Array, middle: Array, scale: float) -> Array:
    at = np.clip((points - middle) * scale + SIDE / 2, MARGIN / 2, SIDE - MARGIN / 2)
    return np.stack([at[:, 0], SIDE - at[:, 1]], axis=1)


def _sentences(made: Map, texts: Mapping[int, str]) -> list[tuple[str, str]]:
    """What the map says, as (kind, text); kinds: head, plain, or a color."""

    def said(statement: int) -> str:
        return texts.get(statement) or f"statement {statement}"

    lines = [("head", f"{len(made.participant_ids)} people, {len(made.statement_ids)} statements, "
                      f"method “{made.method}”")]  # fmt: skip
    lines.append(("plain", str(made.checks.get("says") or made.checks.get("reality", ""))))
    if len(made.positions) > MOST_POINTS:
        lines.append(("plain", "People who stand close together are drawn as one circle."))
    elif isinstance(made, OpinionMap):
        lines.append(("plain", "Who answered few statements is drawn as a wide, pale cloud: her place is unsure."))
    if isinstance(made, OpinionMap):
        lines.append(
            ("plain", "The dashed ellipse shows how unsure the place of a typical person is (two standard errors).")
        )
    for group, size in enumerate(made.group_sizes):
        lines.append((COLORS[group], f"{name(group)}: {size} people"))
        for one in made.representative[group][:SHOWN] if made.representative else ():
            lines.append(("plain", f"{one.direction}: {said(one.statement)}"))
    groups, small = "every group" if made.group_sizes else "those who voted", uncounted(made.group_sizes)
    groups += f" (not counted: {', '.join(map(name, small))})" if small else ""
    lines.append(("head", "What all agree on"))
    lines.append(("plain", f"At least so many of {groups} agree (we are 90 % sure):"))
    lines += [("plain", f"{int(100 * one.floor + 1e-9)} %: {said(one.statement)}") for one in made.agreement[:SHOWN]]
    if small:
        lines.append(("plain", _UNCOUNTED))
    if isinstance(made, OpinionMap):
        lines.append(("head", "Liked by people who usually disagree"))
        liked = [one for one in made.bridging if one.both_sides][:SHOWN]
        lines += [("plain", said(one.statement)) for one in liked]
    return lines


def _words(sentences: list[tuple[str, str]]) -> tuple[list[str], int]:
    """The sentences in lines beside the map, and how far down they reach."""
    drawn, y = [], MARGIN
    for kind, text in sentences:
        style = {"head": 'font-weight="700"', "plain": ""}.get(kind, f'font-weight="700" fill="{kind}"')
        y += 8 if kind != "plain" else 0
        clean = "".join(symbol if symbol.isprintable() else " " for symbol in text)
        for line in wrap(clean, LONGEST) or [""]:
            drawn.append(f'<text x="{SIDE + MARGIN}" y="{y}" unicode-bidi="plaintext" {style}>{escape(line)}</text>')
            y += LINE
    return drawn, y + MARGIN
