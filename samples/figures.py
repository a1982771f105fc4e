"""What stands in a scene, as masks: people, vehicles, guns, ships, aircraft, each from a table of points.

Points are (forward, up) in shares of the height of a person or of the length of a machine; the ground is 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from samples.painting import (
    HEIGHT,
    SIZE,
    WIDTH,
    Colour,
    Point,
    around,
    lay,
    mix,
    relief,
    scaled,
    shape,
    softened,
    textured,
)  # fmt: skip

Limb = tuple[Point, ...]

#: Joints of a person in six attitudes: head, then spine (neck to hips), arms, legs; last what the hands hold.
ATTITUDES: dict[str, tuple[Point, Limb, tuple[Limb, ...], Limb]] = {
    "walk": ((0.06, 0.92), ((0.04, 0.80), (0.0, 0.50)), (
        ((0.03, 0.79), (0.09, 0.63), (0.21, 0.64)), ((0.02, 0.79), (-0.03, 0.62), (0.09, 0.58)),
        ((0.0, 0.50), (0.10, 0.28), (0.07, 0.03), (0.14, 0.02)),
        ((0.0, 0.50), (-0.05, 0.26), (-0.17, 0.06), (-0.11, 0.02))), ((-0.04, 0.56), (0.40, 0.66))),
    "stand": ((0.0, 0.92), ((0.0, 0.80), (0.0, 0.50)), (
        ((0.03, 0.79), (0.08, 0.62), (0.12, 0.50)), ((-0.03, 0.79), (-0.08, 0.62), (-0.05, 0.48)),
        ((0.03, 0.50), (0.05, 0.27), (0.05, 0.02), (0.10, 0.02)),
        ((-0.03, 0.50), (-0.05, 0.27), (-0.06, 0.02), (-0.01, 0.02))), ()),
    "aim": ((0.07, 0.88), ((0.02, 0.77), (-0.02, 0.48)), (
        ((0.02, 0.76), (0.12, 0.68), (0.26, 0.80)), ((0.0, 0.76), (0.08, 0.66), (0.14, 0.78)),
        ((0.0, 0.48), (0.13, 0.27), (0.11, 0.02), (0.18, 0.02)),
        ((-0.02, 0.48), (-0.10, 0.26), (-0.22, 0.04), (-0.16, 0.02))), ((0.02, 0.81), (0.46, 0.82))),
    "kneel": ((0.05, 0.68), ((0.02, 0.57), (-0.02, 0.27)), (
        ((0.02, 0.56), (0.10, 0.43), (0.21, 0.46)), ((0.0, 0.56), (-0.02, 0.42), (0.09, 0.38)),
        ((0.0, 0.27), (0.16, 0.25), (0.14, 0.02), (0.20, 0.02)),
        ((-0.02, 0.27), (-0.02, 0.05), (-0.20, 0.03))), ((-0.03, 0.38), (0.38, 0.50))),
    "wade": ((0.06, 0.92), ((0.03, 0.80), (-0.02, 0.50)), (
        ((0.03, 0.79), (0.13, 0.84), (0.16, 0.98)), ((0.02, 0.79), (-0.06, 0.86), (-0.05, 1.0)),
        ((0.0, 0.50), (0.08, 0.28), (0.06, 0.03)), ((0.0, 0.50), (-0.06, 0.27), (-0.12, 0.06))),
        ((-0.16, 1.0), (0.28, 1.01))),
    "run": ((0.16, 0.90), ((0.11, 0.79), (0.0, 0.50)), (
        ((0.10, 0.78), (0.20, 0.66), (0.31, 0.74)), ((0.09, 0.78), (-0.04, 0.68), (-0.12, 0.55)),
        ((0.0, 0.50), (0.17, 0.40), (0.15, 0.17), (0.22, 0.15)),
        ((0.0, 0.50), (-0.09, 0.28), (-0.28, 0.26), (-0.30, 0.20))), ()),
}  # fmt: skip

WIDTHS = {"head": 0.062, "spine": 0.175, "limb": 0.074, "held": 0.022}


def person(
    attitude: str, at: Point, tall: float, *, flip: bool = False, pack: bool = False, helmet: bool = False,
    cap: bool = False, coat: float = 1.0,
) -> Image.Image:  # fmt: skip
    """The mask of one person; `at` is where the feet stand and `tall` the height, both in pixels."""
    head, spine, limbs, held = ATTITUDES[attitude]
    box, scale = _canvas(tall, 0.6, 1.15)
    draw = ImageDraw.Draw(box)

    def to(point: Point) -> Point:
        return (0.6 + (-point[0] if flip else point[0])) * scale, (1.15 - point[1]) * scale

    def stroke(points: Sequence[Point], width: float) -> None:
        places = [to(p) for p in points]
        draw.line(places, fill=255, width=max(1, round(width * scale)), joint="curve")
        for x, y in places:
            r = width * scale / 2
            draw.ellipse([x - r, y - r, x + r, y + r], fill=255)

    for limb in limbs:
        stroke(limb, WIDTHS["limb"] * coat)
        stroke(limb[:2], WIDTHS["limb"] * 1.35 * coat)  # thighs and upper arms are thicker
    stroke(spine, WIDTHS["spine"] * coat)
    stroke([spine[0], head], 0.06)
    x, y = to(head)
    r = WIDTHS["head"] * scale
    draw.ellipse([x - r * 0.85, y - r, x + r * 0.85, y + r * 1.1], fill=255)
    if helmet:
        draw.pieslice([x - r * 1.35, y - r * 1.45, x + r * 1.35, y + r * 1.15], 180, 360, fill=255)
    if cap:
        draw.ellipse([x - r * 1.3, y - r * 1.35, x + r * 1.3, y - r * 0.35], fill=255)
    if pack:
        stroke([(spine[0][0] - 0.12, spine[0][1] - 0.03), (spine[1][0] - 0.13, spine[1][1] + 0.10)], 0.15)
    if held:
        stroke(held, WIDTHS["held"])
        middle = ((held[0][0] + held[1][0]) / 2, (held[0][1] + held[1][1]) / 2)
        stroke([held[0], middle], WIDTHS["held"] * 1.9)
    return _placed(box, at, tall, 0.6, 1.15)


def machine(
    parts: Iterable[Sequence[Point]], at: Point, length: float, *, flip: bool = False,
    wheels: Sequence[tuple[float, float, float]] = (), holes: Iterable[Sequence[Point]] = (), tilt: float = 0.0,
) -> Image.Image:  # fmt: skip
    """The mask of polygons and wheels (forward, up, radius); `at` is the middle of its foot, `length` in pixels."""
    box, scale = _canvas(length, 0.75, 0.75)
    draw = ImageDraw.Draw(box)

    def to(point: Point) -> Point:
        return (0.75 + (-point[0] if flip else point[0])) * scale, (0.75 - point[1]) * scale

    for part in parts:
        draw.polygon([to(p) for p in part], fill=255)
    for hole in holes:
        draw.polygon([to(p) for p in hole], fill=0)
    for forward, up, radius in wheels:
        x, y = to((forward, up))
        draw.ellipse([x - radius * scale, y - radius * scale, x + radius * scale, y + radius * scale], fill=255)
    if tilt:
        box = box.rotate(-tilt if flip else tilt, Image.Resampling.BICUBIC)
    return _placed(box, at, length, 0.75, 0.75)


def _canvas(length: float, half: float, high: float) -> tuple[Image.Image, float]:
    """A drawing sheet at twice the size, for clean edges."""
    scale = length * 2
    return Image.new("L", (round(half * 2 * scale), round((high + 0.35) * scale))), scale


def _placed(box: Image.Image, at: Point, length: float, half: float, high: float) -> Image.Image:
    small = box.resize((max(1, box.width // 2), max(1, box.height // 2)), Image.Resampling.LANCZOS)
    mask = Image.new("L", SIZE)
    mask.paste(small, (round(at[0] - half * length), round(at[1] - high * length)))
    return mask


def together(masks: Iterable[Image.Image]) -> Image.Image:
    """Many masks as one."""
    total = Image.new("L", SIZE)
    for mask in masks:
        total = ImageChops.lighter(total, mask)
    return total


def solid(
    picture: Image.Image, mask: Image.Image, colour: Colour, *, light: Colour = (255, 240, 215), side: int = -1,
    rim: float = 0.5, bulk: int = 7, cloth: Image.Image | None = None,
) -> Image.Image:  # fmt: skip
    """Paint a mask as a body: darker low and away from the light, a rim of light on its `side` (-1 left, 1 right)."""
    out, box = picture.copy(), around(mask, bulk * 3)
    if box is None:
        return out
    mask, body = mask.crop(box), picture.crop(box)
    body = lay(body, colour, mask)
    puffed = relief(mask.filter(ImageFilter.GaussianBlur(bulk)), -side * bulk, bulk // 2, 0.6)
    body = textured(body, puffed, mask)
    if cloth is not None:
        body = textured(body, cloth.crop(box), mask)
    edge = ImageChops.multiply(mask, ImageChops.invert(ImageChops.offset(mask, -side * 2, 2)))
    out.paste(lay(body, mix(colour, light, 0.85), scaled(edge.filter(ImageFilter.GaussianBlur(0.7)), rim)), box)
    return out


def shadow(mask: Image.Image, foot: float, stretch: float, lean: float, soft: float = 5.0) -> Image.Image:
    """The mask of the shadow that a standing mask throws forward on level ground whose line is `foot` (pixels)."""
    # output (x, y) below the foot shows the body at height (y - foot) / stretch
    coefficients = (1, -lean, lean * foot, 0, -1 / stretch, foot + foot / stretch)
    thrown = mask.transform(SIZE, Image.Transform.AFFINE, coefficients, Image.Resampling.BILINEAR)
    ImageDraw.Draw(thrown).rectangle([0, 0, SIZE[0], foot], fill=0)
    return thrown.filter(ImageFilter.GaussianBlur(soft))


#: An eight-wheeled carrier, from its side; its gun points forward.
CARRIER: list[list[Point]] = [
    [
        (-0.50, 0.15),
        (-0.49, 0.29),
        (-0.30, 0.32),
        (0.30, 0.32),
        (0.49, 0.21),
        (0.50, 0.15),
        (0.42, 0.10),
        (-0.46, 0.10),
    ],
    [(-0.08, 0.31), (-0.06, 0.41), (0.10, 0.41), (0.15, 0.36), (0.16, 0.31)],
    [(0.12, 0.385), (0.12, 0.37), (0.42, 0.385), (0.42, 0.395)],
    [(-0.36, 0.31), (-0.36, 0.35), (-0.20, 0.35), (-0.18, 0.31)],
    [(-0.405, 0.30), (-0.40, 0.66), (-0.396, 0.66), (-0.395, 0.30)],
]
CARRIER_WHEELS = [(-0.36, 0.085, 0.083), (-0.14, 0.085, 0.083), (0.10, 0.085, 0.083), (0.32, 0.085, 0.083)]

#: A towed gun, trails to the left, barrel up to the right.
HOWITZER: list[list[Point]] = [
    [(-0.50, 0.02), (-0.49, 0.05), (0.0, 0.16), (0.04, 0.12), (-0.44, 0.0)],
    [(-0.10, 0.14), (-0.06, 0.22), (0.50, 0.47), (0.505, 0.455), (0.08, 0.14)],
    [(-0.02, 0.10), (0.0, 0.32), (0.05, 0.33), (0.08, 0.10)],
]
HOWITZER_WHEELS = [(0.02, 0.10, 0.10)]

#: A flat-decked carrier of aircraft, bow to the right.
FLAT_TOP: list[list[Point]] = [
    [(-0.50, 0.075), (-0.47, 0.0), (0.42, 0.0), (0.50, 0.085), (0.49, 0.095), (-0.50, 0.095)],
    [
        (0.02, 0.09),
        (0.02, 0.16),
        (0.045, 0.165),
        (0.05, 0.20),
        (0.065, 0.20),
        (0.07, 0.175),
        (0.10, 0.17),
        (0.11, 0.09),
    ],
    [(0.058, 0.19), (0.06, 0.29), (0.066, 0.29), (0.068, 0.19)],
    [(0.045, 0.24), (0.045, 0.246), (0.085, 0.246), (0.085, 0.24)],
]

#: A frigate, bow to the right.
FRIGATE: list[list[Point]] = [
    [(-0.50, 0.06), (-0.48, 0.0), (0.44, 0.0), (0.52, 0.095), (0.30, 0.075), (0.10, 0.065)],
    [(-0.34, 0.05), (-0.34, 0.105), (-0.16, 0.105), (-0.14, 0.05)],
    [(-0.12, 0.05), (-0.10, 0.15), (-0.03, 0.155), (-0.01, 0.05)],
    [(0.0, 0.05), (0.02, 0.13), (0.17, 0.135), (0.21, 0.09), (0.22, 0.05)],
    [(0.06, 0.12), (0.075, 0.27), (0.085, 0.27), (0.11, 0.12)],
    [(0.05, 0.20), (0.05, 0.208), (0.115, 0.208), (0.115, 0.20)],
    [(-0.075, 0.14), (-0.070, 0.21), (-0.064, 0.21), (-0.055, 0.14)],
    [(0.27, 0.07), (0.28, 0.10), (0.32, 0.10), (0.33, 0.075)],
    [(0.31, 0.088), (0.31, 0.094), (0.38, 0.106), (0.38, 0.100)],
]

#: A bulk carrier in harbour, bow to the left.
FREIGHTER: list[list[Point]] = [
    [(-0.52, 0.085), (-0.47, 0.0), (0.47, 0.0), (0.50, 0.075), (-0.40, 0.07)],
    [(0.32, 0.07), (0.32, 0.21), (0.45, 0.21), (0.46, 0.07)], [(0.40, 0.20), (0.40, 0.25), (0.44, 0.25), (0.44, 0.20)],
    *[[(x, 0.07), (x, 0.07 + h), (x + 0.058, 0.07 + h), (x + 0.058, 0.07)]
      for x, h in ((-0.36, 0.05), (-0.30, 0.075), (-0.24, 0.075), (-0.18, 0.10), (-0.12, 0.10), (-0.06, 0.075),
                   (0.0, 0.10), (0.06, 0.10), (0.12, 0.075), (0.18, 0.05), (0.24, 0.075))],
]  # fmt: skip

#: A gantry crane on a quay, its jib over the water on the left.
GANTRY: list[list[Point]] = [
    [(-0.10, 0.0), (-0.085, 0.62), (-0.065, 0.62), (-0.08, 0.0)],
    [(0.14, 0.0), (0.13, 0.62), (0.15, 0.62), (0.16, 0.0)],
    [(-0.50, 0.44), (-0.50, 0.465), (0.30, 0.465), (0.30, 0.44)],
    [(-0.09, 0.20), (-0.09, 0.22), (0.15, 0.22), (0.15, 0.20)],
    [(-0.085, 0.61), (-0.49, 0.47), (-0.49, 0.462), (-0.07, 0.60)],
    [(0.14, 0.62), (0.29, 0.47), (0.28, 0.462), (0.13, 0.60)],
    [(-0.085, 0.62), (-0.085, 0.60), (0.15, 0.60), (0.15, 0.62)],
    [(0.10, 0.41), (0.10, 0.45), (0.20, 0.45), (0.20, 0.41)],
    [(-0.30, 0.44), (-0.30, 0.41), (-0.26, 0.41), (-0.26, 0.44)],
    [(-0.282, 0.42), (-0.282, 0.27), (-0.278, 0.27), (-0.278, 0.42)],
]

#: A twin-tailed fighter, from its side.
FIGHTER: list[list[Point]] = [
    [(-0.48, 0.155), (-0.47, 0.19), (-0.20, 0.21), (0.05, 0.215), (0.30, 0.185), (0.50, 0.15), (0.30, 0.125),
     (-0.10, 0.12), (-0.40, 0.13)],
    [(0.10, 0.21), (0.17, 0.25), (0.25, 0.245), (0.34, 0.175)],
    [(-0.30, 0.20), (-0.42, 0.345), (-0.34, 0.345), (-0.14, 0.21)],
    [(-0.22, 0.20), (-0.32, 0.325), (-0.25, 0.325), (-0.08, 0.21)],
    [(-0.50, 0.17), (-0.56, 0.155), (-0.40, 0.15), (-0.34, 0.165)],
    [(-0.20, 0.16), (-0.28, 0.115), (0.02, 0.125), (0.08, 0.165)],
    [(-0.06, 0.12), (-0.06, 0.10), (0.12, 0.10), (0.14, 0.12)],
]  # fmt: skip

#: A twin-rotor transport helicopter, from its side.
CHINOOK: list[list[Point]] = [
    [
        (-0.32, 0.10),
        (-0.30, 0.20),
        (-0.10, 0.21),
        (0.18, 0.21),
        (0.27, 0.19),
        (0.33, 0.13),
        (0.31, 0.09),
        (-0.22, 0.08),
    ],
    [(-0.33, 0.14), (-0.30, 0.335), (-0.22, 0.345), (-0.14, 0.20)],
    [(0.12, 0.20), (0.16, 0.27), (0.24, 0.27), (0.28, 0.18)],
    [(-0.62, 0.350), (-0.62, 0.354), (0.10, 0.362), (0.10, 0.358)],
    [(-0.16, 0.283), (-0.16, 0.287), (0.56, 0.279), (0.56, 0.275)],
]
CHINOOK_WHEELS = [(-0.22, 0.065, 0.018), (0.20, 0.070, 0.018)]

#: A four-engined transport from ahead and below, wings level.
TRANSPORT: list[list[Point]] = [
    [(-0.50, 0.135), (-0.50, 0.128), (0.0, 0.105), (0.50, 0.128), (0.50, 0.135), (0.0, 0.150)],
    [(-0.045, 0.10), (-0.05, 0.15), (0.0, 0.185), (0.05, 0.15), (0.045, 0.10), (0.0, 0.08)],
    [(-0.006, 0.17), (-0.004, 0.30), (0.004, 0.30), (0.006, 0.17)],
    [(-0.15, 0.285), (-0.15, 0.295), (0.15, 0.295), (0.15, 0.285)],
]
TRANSPORT_ENGINES = [(-0.30, 0.118, 0.022), (-0.16, 0.113, 0.022), (0.16, 0.113, 0.022), (0.30, 0.118, 0.022)]


def from_behind(at: tuple[float, float], tall: float, cap: bool) -> Image.Image:
    """Head and shoulders of somebody standing before us; `tall` is the whole height in pixels."""
    x, foot = at
    top = foot - tall
    unit = tall / 10
    mask = Image.new("L", SIZE)
    draw = ImageDraw.Draw(mask)
    draw.ellipse([x - unit * 0.52, top, x + unit * 0.52, top + unit * 1.35], fill=255)
    draw.ellipse([x - unit * 0.62, top + unit * 0.55, x + unit * 0.62, top + unit * 0.9], fill=255)
    draw.rectangle([x - unit * 0.32, top + unit, x + unit * 0.32, top + unit * 1.9], fill=255)
    draw.polygon(
        [
            (x - unit * 0.3, top + unit * 1.4),
            (x - unit * 1.1, top + unit * 1.95),
            (x + unit * 1.1, top + unit * 1.95),
            (x + unit * 0.3, top + unit * 1.4),
        ],
        fill=255,
    )
    draw.rounded_rectangle(
        [x - unit * 1.45, top + unit * 1.8, x + unit * 1.45, foot + 400], radius=unit * 0.6, fill=255
    )
    if cap:
        draw.rounded_rectangle(
            [x - unit * 0.72, top - unit * 0.15, x + unit * 0.72, top + unit * 0.4], radius=unit * 0.2, fill=255
        )
    return softened(mask, 1.2)


def held_by_walker(x: float, foot: float, tall: float, flip: bool) -> Image.Image:
    """Where a walking figure of this size holds its rifle, so that a walker in the street holds none."""
    way = -1 if flip else 1
    left, right = sorted((x * WIDTH + way * tall * 0.235, x * WIDTH + way * tall * 0.44))
    return shape(
        [
            (left, foot * HEIGHT - tall * 0.72),
            (right, foot * HEIGHT - tall * 0.72),
            (right, foot * HEIGHT - tall * 0.58),
            (left, foot * HEIGHT - tall * 0.58),
        ],
        blur=0,
    )
