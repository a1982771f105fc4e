"""A map out of the outline that ships with the package: points in, one SVG's worth of paths and dots out.

Equirectangular, true to scale at the middle of the frame; north is up. No scripts, nothing fetched, unless a
newsroom sets a tile server: then its pictures lie under the dots, in their projection (see `archive.desk.tiles`).
Degrees north and east throughout; the picture's own units are pixels of a frame `WIDTH` wide.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from archive.desk.tiles import Box, Tile, mercator, tiles_of

WIDTH = 960
_FILE = Path(__file__).parent / "static" / "outline.json"
#: Below this width in degrees the coarse outline looks like a drawing by a child.
_FINE_BELOW = 70.0
#: Names on one map.
_NAMES = 24


WORLD = Box(-180.0, -58.0, 180.0, 80.0)


class Dot(NamedTuple):
    """Pictures at one point."""

    latitude: float
    longitude: float
    photos: int
    label: str
    #: What a click on it searches for.
    search: str


@dataclass(frozen=True, slots=True)
class Circle:
    """A dot as it is drawn; `labelled` where its name has room."""

    x: float
    y: float
    radius: float
    dot: Dot
    labelled: bool
    #: How many more dots it stands for.
    others: int = 0

    @property
    def name(self) -> str:
        """The largest of its places, and how many others."""
        return f"{self.dot.label} +{self.others}" if self.others else self.dot.label


@dataclass(frozen=True, slots=True)
class Map:
    """Everything that the template draws."""

    box: Box
    width: int
    height: int
    land: str
    borders: str
    circles: tuple[Circle, ...]
    #: The frames a step closer and a step further out.
    closer: Box
    wider: Box
    tiles: tuple[Tile, ...] = ()


class _Line(NamedTuple):
    points: tuple[tuple[float, float], ...]
    box: Box


@functools.cache
def _level(name: str) -> dict[str, list[_Line]]:
    level = json.loads(_FILE.read_text("utf-8"))[name]
    return {kind: [_line(flat) for flat in level[kind]] for kind in ("land", "borders")}


def _line(flat: Sequence[int]) -> _Line:
    x = y = 0
    points = []
    for i in range(0, len(flat), 2):
        x, y = x + flat[i], y + flat[i + 1]
        points.append((x / 100, y / 100))
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return _Line(tuple(points), Box(min(xs), min(ys), max(xs), max(ys)))


def frame(points: Iterable[tuple[float, float]], least: float = 36.0) -> Box:
    """The frame around (latitude, longitude) points with room at its edges, never less than `least` degrees wide.

    The shape is always 2.2 to 1 on the screen, so that nothing on the page moves from one map to the next.
    """
    points = list(points)
    if not points:
        return WORLD
    south, north = min(p[0] for p in points), max(p[0] for p in points)
    west, east = min(p[1] for p in points), max(p[1] for p in points)
    return shaped(Box(west, south, east, north), least, 1.25)


def shaped(box: Box, least: float = 0.5, room: float = 1.0) -> Box:
    """The smallest frame of our shape around a box, clamped to the world."""
    middle = max(-75.0, min(75.0, (box.south + box.north) / 2))
    squeeze = math.cos(math.radians(middle))
    width = max((box.east - box.west) * room, (box.north - box.south) * room * 2.2 / squeeze, least)
    if width >= 300:
        return WORLD
    height = width * squeeze / 2.2
    x = (box.west + box.east) / 2
    y = max(-85 + height / 2, min(85 - height / 2, (box.south + box.north) / 2))
    return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def parse_box(text: str) -> Box | None:
    """`west,south,east,north` from an address; None where it is none."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    if not (-360 <= west < east <= 360 and -90 <= south < north <= 90):  # NaN fails too
        return None
    return shaped(Box(west, south, east, north))


def _clip(points: Sequence[tuple[float, float]], box: Box) -> list[tuple[float, float]]:
    """Sutherland and Hodgman: a ring cut by a rectangle, edge by edge."""
    ring = list(points)
    for axis, limit, sign in ((0, box.west, 1), (0, box.east, -1), (1, box.south, 1), (1, box.north, -1)):
        out: list[tuple[float, float]] = []
        for i, here in enumerate(ring):
            before = ring[i - 1]
            is_in, was_in = (here[axis] - limit) * sign >= 0, (before[axis] - limit) * sign >= 0
            if is_in != was_in:
                share = (limit - before[axis]) / (here[axis] - before[axis])
                out.append((before[0] + share * (here[0] - before[0]), before[1] + share * (here[1] - before[1])))
            if is_in:
                out.append(here)
        ring = out
        if not ring:
            break
    return ring


def _inside_runs(points: Sequence[tuple[float, float]], box: Box) -> Iterable[list[tuple[float, float]]]:
    run: list[tuple[float, float]] = []
    for i, (x, y) in enumerate(points):
        if box.west <= x <= box.east and box.south <= y <= box.north:
            if not run and i:
                run.append(points[i - 1])
            run.append((x, y))
        elif run:
            yield [*run, (x, y)]
            run = []
    if len(run) > 1:
        yield run


def _path(points: Iterable[tuple[float, float]], box: Box, scale: tuple[float, float], close: bool) -> str:
    """Whole pixels are enough for a coast; a point that falls on the last one is left out."""
    out: list[str] = []
    last: tuple[int, int] | None = None
    for lon, lat in points:
        here = (round((lon - box.west) * scale[0]), round((box.north - lat) * scale[1]))
        if last is None:
            out.append(f"M{here[0]} {here[1]}")
        elif here != last:
            dx, dy = here[0] - last[0], here[1] - last[1]
            out.append(f"l{dx} {dy}")
        last = here
    if len(out) < (3 if close else 2):
        return ""
    return "".join(out) + ("z" if close else "")


@functools.lru_cache(maxsize=256)
def _ground(box: Box) -> tuple[str, str, int]:
    """Land, borders and height in pixels of one frame."""
    width, height = box.east - box.west, box.north - box.south
    squeeze = math.cos(math.radians(max(-75.0, min(75.0, (box.south + box.north) / 2)))) if box != WORLD else 0.9
    scale = (WIDTH / width, WIDTH / width / squeeze)
    tall = round(height * scale[1])
    level = _level("fine" if width < _FINE_BELOW else "coarse")
    roomy = Box(box.west - width * 0.02, box.south - height * 0.02, box.east + width * 0.02, box.north + height * 0.02)

    def near(line: _Line) -> bool:
        b = line.box
        return b.west <= roomy.east and b.east >= roomy.west and b.south <= roomy.north and b.north >= roomy.south

    land = "".join(_path(_clip(r.points, roomy), box, scale, True) for r in level["land"] if near(r))
    borders = "".join(
        _path(run, box, scale, False) for r in level["borders"] if near(r) for run in _inside_runs(r.points, roomy)
    )
    return land, borders, tall


def _labelled(circles: list[Circle]) -> list[Circle]:
    """Names for the largest, where they have room: to the right of the dot, on no other dot and no other name."""
    names: list[tuple[float, float, float]] = []
    out = []
    for circle in circles:
        left = circle.x + circle.radius + 2
        right = left + 4 + 7.6 * len(circle.name)
        meant = not circle.dot.label[:1].isdigit() and len(circle.dot.label) <= 32
        free = meant and len(names) < _NAMES and right < WIDTH and not any(
            abs(c.y - circle.y) < c.radius + 8 and left < c.x + c.radius and c.x - c.radius < right
            for c in circles if c is not circle
        ) and not any(abs(y - circle.y) < 16 and left < b and a < right for a, b, y in names)  # fmt: skip
        if free:
            names.append((left, right, circle.y))
        out.append(replace(circle, labelled=free))
    return out


def draw(dots: Sequence[Dot], box: Box | None = None, tile_server: str | None = None) -> Map:
    """A map of these dots. Dots that would touch are drawn as one, named after the largest of them."""
    shown = box or frame([(d.latitude, d.longitude) for d in dots])
    x_scale = WIDTH / (shown.east - shown.west)
    if tile_server:
        land = borders = ""
        height, tiles = tiles_of(tile_server, shown, WIDTH)
        top = mercator(shown.north)
    else:
        land, borders, height = _ground(shown)
        tiles = ()
    y_scale = height / (shown.north - shown.south)
    # Where all are few, none is drawn as if it were many.
    most = max(25, *(d.photos for d in dots), 0)
    placed: list[Circle] = []
    for dot in sorted(dots, key=lambda d: (-d.photos, d.label)):
        x, y = (dot.longitude - shown.west) * x_scale, (shown.north - dot.latitude) * y_scale
        if tile_server:
            y = (top - mercator(dot.latitude)) * x_scale
        if not (-4 <= x <= WIDTH + 4 and -4 <= y <= height + 4):
            continue
        radius = 5 + 17 * math.sqrt(dot.photos / most)
        merged = next(
            (i for i, c in enumerate(placed) if math.hypot(c.x - x, c.y - y) < max(c.radius * 0.8, 7)), None
        )
        if merged is not None:
            c = placed[merged]
            more = c.others + 1
            together = c.dot._replace(photos=c.dot.photos + dot.photos)
            placed[merged] = Circle(c.x, c.y, c.radius, together, c.labelled, more)
            continue
        placed.append(Circle(round(x, 1), round(y, 1), round(radius, 1), dot, False))
    placed = _labelled(placed)
    middle = ((shown.west + shown.east) / 2, (shown.south + shown.north) / 2)

    def scaled(by: float) -> Box:
        w, h = (shown.east - shown.west) * by / 2, (shown.north - shown.south) * by / 2
        return shaped(Box(middle[0] - w, max(-89.0, middle[1] - h), middle[0] + w, min(89.0, middle[1] + h)))

    return Map(shown, WIDTH, height, land, borders, tuple(placed), scaled(0.5), scaled(2.0), tiles)
