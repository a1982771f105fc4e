"""Pictures of a newsroom's tile server as the ground of a map: addresses {z}/{x}/{y} in spherical Mercator."""

from __future__ import annotations

import math
from typing import NamedTuple
from urllib.parse import urlsplit

#: Zoom levels that tile servers have, and the most tiles that one map asks for.
_DEEPEST, _MOST = 19, 60


class Box(NamedTuple):
    """A frame in degrees."""

    west: float
    south: float
    east: float
    north: float


class Tile(NamedTuple):
    """One square picture and where it lies, in pixels of the map."""

    url: str
    x: float
    y: float
    size: float


def origin(tile_server: str | None) -> str | None:
    """Scheme and host of a tile server, for the policy; None where the setting is no such address."""
    parts = urlsplit(tile_server or "")
    if parts.scheme not in ("http", "https") or not parts.hostname or any(c in parts.netloc for c in " ;,'\"@"):
        return None
    return f"{parts.scheme}://{parts.netloc}"


def mercator(latitude: float) -> float:
    """Degrees north as the projection stretches them, in degrees of the equator; 85.05 is where its square ends."""
    return math.degrees(math.asinh(math.tan(math.radians(max(-85.05, min(85.05, latitude))))))


def tiles_of(tile_server: str, box: Box, width: int) -> tuple[int, tuple[Tile, ...]]:
    """Height of the map in pixels, and the tiles that cover a frame `width` pixels wide."""
    scale = width / (box.east - box.west)
    top, bottom = mercator(box.north), mercator(box.south)
    height = max(1, round((top - bottom) * scale))
    zoom = max(0, min(_DEEPEST, round(math.log2(scale * 360 / 256))))
    while True:
        step = 360 / 2**zoom
        columns = range(math.floor((box.west + 180) / step), math.ceil((box.east + 180) / step))
        lines = range(max(0, math.floor((180 - top) / step)), min(2**zoom, math.ceil((180 - bottom) / step)))
        if len(columns) * len(lines) <= _MOST or zoom == 0:
            break
        zoom -= 1
    return height, tuple(
        Tile(
            tile_server.replace("{z}", str(zoom)).replace("{x}", str(x % 2**zoom)).replace("{y}", str(y)),
            round((x * step - 180 - box.west) * scale, 2), round((top - (180 - y * step)) * scale, 2),
            round(step * scale, 2),
        )
        for x in columns for y in lines
    )  # fmt: skip
