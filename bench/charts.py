"""Bar charts as SVG: one bar a side, grouped by comparison, readable in light and dark."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from results import Measurement

WIDTH, LEFT, RIGHT = 760, 260, 130
BAR, GAP, TITLE, GROUP_GAP = 18, 5, 24, 16
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600 }
.hint { fill: #6b7280; font-size: 11px }
.ours { fill: #0f766e } .other { fill: #a8b0bb } .axis { stroke: #6b7280 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .hint { fill: #9aa4b0 } .ours { fill: #2dd4bf } .other { fill: #59636e }
}
"""


def write(path: Path, measurements: Sequence[Measurement]) -> None:
    """Write one chart with a group of bars for each comparison, each on a scale of its own."""
    parts: list[str] = []
    y = 0
    for one in measurements:
        drawn, height = _group(one, y)
        parts += drawn
        y += height + GROUP_GAP
    title = escape("; ".join(one.title for one in measurements))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}" '
        f'role="img">\n<title>{title}</title>\n<style>{STYLE}</style>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _group(one: Measurement, top: int) -> tuple[list[str], int]:
    hint = "shorter is better" if one.is_time else "longer is better"
    parts = [
        f'<text class="title" x="0" y="{top + 15}">{escape(one.title)} '
        f'<tspan class="hint">{escape(one.unit)}, {hint}</tspan></text>'
    ]
    longest = max(one.figure(side) for side in one.sides)
    y = top + TITLE
    for side in one.sides:
        length = max(1.0, (WIDTH - LEFT - RIGHT) * one.figure(side) / longest)
        kind = "ours" if one.is_ours(side) else "other"
        middle = y + BAR - 4
        parts += [
            f'<text x="{LEFT - 8}" y="{middle}" text-anchor="end">{escape(side)}</text>',
            f'<rect class="{kind}" x="{LEFT}" y="{y}" width="{length:.1f}" height="{BAR}" rx="2"/>',
            f'<text x="{LEFT + length + 6:.1f}" y="{middle}">{figure(one, side)}</text>',
        ]
        y += BAR + GAP
    return parts, y - top


def figure(one: Measurement, side: str) -> str:
    """Return a side's median with its unit, to three digits or so."""
    value = one.figure(side)
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {one.unit}"
