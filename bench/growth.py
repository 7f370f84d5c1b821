"""How the time of a map grows with the votes, as a picture: both axes in powers of ten."""

from collections.abc import Mapping, Sequence
from math import floor, log10

WIDTH, HEIGHT, LEFT, BOTTOM, RIGHT = 640, 400, 60, 50, 50
COLORS = ("#0b6b8f", "#b3541e", "#5f6b73")


def drawn(lines: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    """An SVG of lines through (votes, seconds)."""
    points = [point for line in lines.values() for point in line]
    (low_x, high_x), (low_y, high_y) = (_reach([point[k] for point in points]) for k in (0, 1))

    def at(x: float, y: float) -> tuple[float, float]:
        return (
            LEFT + (log10(x) - low_x) / (high_x - low_x) * (WIDTH - LEFT - RIGHT),
            HEIGHT - BOTTOM - (log10(y) - low_y) / (high_y - low_y) * (HEIGHT - BOTTOM - 20),
        )

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-size="13" '
        'font-family="system-ui, sans-serif" fill="#1c2529"><title>Seconds of processor time by number of votes</title>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
    ]
    for power in range(low_x, high_x + 1):
        x, _ = at(10.0**power, 10.0**low_y)
        parts.append(f'<path d="M{x:.0f} 20V{HEIGHT - BOTTOM}" stroke="#d5dadd"/>')
        parts.append(f'<text x="{x:.0f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{10**power:,}</text>')
    for power in range(low_y, high_y + 1):
        _, y = at(10.0**low_x, 10.0**power)
        parts.append(f'<path d="M{LEFT} {y:.0f}H{WIDTH - RIGHT}" stroke="#d5dadd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.0f}" text-anchor="end">{10.0**power:g} s</text>')
    for number, (name, line) in enumerate(lines.items()):
        places = [at(*point) for point in sorted(line)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        color = COLORS[number]
        parts.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{color}"/>' for x, y in places]
        parts.append(f'<text x="{LEFT + 12}" y="{38 + 18 * number}" fill="{color}">{name}</text>')
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 10}" text-anchor="middle">votes</text></svg>\n')
    return "\n".join(parts)


def _reach(values: Sequence[float]) -> tuple[int, int]:
    low = floor(log10(min(values)))
    return low, max(low + 1, -floor(-log10(max(values))))
