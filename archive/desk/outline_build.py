"""Make `static/outline.json` from Natural Earth's TopoJSON (npm package `world-atlas`, public domain data).

    python -m archive.desk.outline_build countries-110m.json countries-50m.json archive/desk/static/outline.json

Land is kept as rings and borders as lines, each a flat list of hundredths of a degree (longitude, latitude):
the first point in full, the others as steps. All land has one colour on our maps, so a border is only a line.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

Point = tuple[float, float]

#: Natural Earth draws who holds the land. Captions go by UN recognition here, so the line across the isthmus
#: of Perekop, between Crimea and the rest of Ukraine, is not drawn as a border.
_NOT_A_BORDER = ({"643", "804"}, (32.5, 45.5, 35.4, 46.4))


def simplify(points: Sequence[Point], tolerance: float) -> list[Point]:
    """Ramer-Douglas-Peucker without recursion: the points that stray more than `tolerance` from the line."""
    keep = [False] * len(points)
    if points:
        keep[0] = keep[-1] = True
    stack = [(0, len(points) - 1)]
    while stack:
        low, high = stack.pop()
        if high - low < 2:
            continue
        (ax, ay), (bx, by) = points[low], points[high]
        dx, dy = bx - ax, by - ay
        length = dx * dx + dy * dy
        worst, at = -1.0, low
        for i in range(low + 1, high):
            px, py = points[i][0] - ax, points[i][1] - ay
            along = max(0.0, min(1.0, (px * dx + py * dy) / length)) if length else 0.0
            away = (px - along * dx) ** 2 + (py - along * dy) ** 2
            if away > worst:
                worst, at = away, i
        if worst > tolerance * tolerance:
            keep[at] = True
            stack += [(low, at), (at, high)]
    return [p for p, kept in zip(points, keep, strict=True) if kept]


def _arcs(topology: dict[str, Any], tolerance: float) -> list[list[Point]]:
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    out = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * sx + tx, y * sy + ty))
        out.append(simplify(line, tolerance))
    return out


def _rings(geometry: dict[str, Any]) -> Iterable[list[int]]:
    if geometry["type"] == "GeometryCollection":
        for part in geometry["geometries"]:
            yield from _rings(part)
    elif geometry["type"] == "Polygon":
        yield from geometry["arcs"]
    elif geometry["type"] == "MultiPolygon":
        for polygon in geometry["arcs"]:
            yield from polygon


def _ring(arcs: list[list[Point]], numbers: list[int]) -> list[Point]:
    points: list[Point] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return points


def _unwrapped(ring: list[Point]) -> list[list[Point]]:
    """A ring across the antimeridian runs on past 180 degrees, and stands a second time a turn further."""
    turn, out = 0.0, list(ring[:1])
    for (before, _), (x, y) in itertools.pairwise(ring):
        if abs(x - before) > 180:
            turn += 360 if x < before else -360
        out.append((x + turn, y))
    west, east = min(x for x, _ in out), max(x for x, _ in out)
    shifts = [0, *([-360] if east > 180.5 else []), *([360] if west < -180.5 else [])]
    return [[(x + by, y) for x, y in out] for by in shifts]


def _flat(points: Iterable[Point]) -> list[int]:
    flat: list[int] = []
    last = (0, 0)
    for x, y in points:
        here = (round(x * 100), round(y * 100))
        if flat and here == last:
            continue
        flat += [here[0] - last[0], here[1] - last[1]]
        last = here
    return flat


def level(topology: dict[str, Any], tolerance: float) -> dict[str, list[list[int]]]:
    """One level of detail: `land` rings and `borders` lines. `tolerance` in degrees."""
    arcs = _arcs(topology, tolerance)
    used: Counter[int] = Counter()
    of: dict[int, set[str]] = {}
    for country in topology["objects"]["countries"]["geometries"]:
        numbers = {n if n >= 0 else ~n for ring in _rings(country) for n in ring}
        used.update(numbers)
        for n in numbers:
            of.setdefault(n, set()).add(str(country.get("id")))
    pair, (west, south, east, north) = _NOT_A_BORDER
    borders = []
    for number, times in used.items():
        line = arcs[number]
        inside = all(west <= x <= east and south <= y <= north for x, y in line)
        if times > 1 and not (of[number] == pair and inside):
            borders.append(_flat(line))
    land = [_ring(arcs, ring) for ring in _rings(topology["objects"]["land"])]
    return {"land": [_flat(r) for ring in land if len(ring) > 3 for r in _unwrapped(ring)], "borders": borders}


def main(coarse: str, fine: str, out: str) -> None:
    """Read the two TopoJSON files, write the outline."""
    levels = {
        "credit": "Made with Natural Earth. Public domain.",
        "coarse": level(json.loads(Path(coarse).read_text("utf-8")), 0.05),
        "fine": level(json.loads(Path(fine).read_text("utf-8")), 0.012),
    }
    Path(out).write_text(json.dumps(levels, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:4])
