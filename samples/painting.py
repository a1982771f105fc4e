"""Paint with light and noise: skies, ground, ridges, glow, lens and film. Pillow alone, and a seeded `random.Random`.

A picture is built from back to front. Masks are "L" images of the picture's size; colours are (red, green, blue).
Positions are shares of width and height, so that a scene reads the same at any size.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise
from math import cos, sin

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps

Colour = tuple[int, int, int]
Point = tuple[float, float]

SIZE = (1600, 1067)
WIDTH, HEIGHT = SIZE


def noise(
    rng: random.Random, across: float, down: float, octaves: int = 5, size: tuple[int, int] = SIZE, keep: float = 0.55
) -> Image.Image:
    """Fractal noise, stretched to full contrast. `across` and `down` count the largest blots; each octave of finer
    ones weighs `keep` of the one before."""
    total, weight = Image.new("L", (1, 1), 128), 0.0
    for octave in range(octaves):  # grown as it is refined, so that only the last step is done at full size
        w, h = max(2, round(across * 2**octave)), max(2, round(down * 2**octave))
        layer = Image.frombytes("L", (w, h), rng.randbytes(w * h))
        share = keep**octave
        weight += share
        total = Image.blend(total.resize((w, h), Image.Resampling.BICUBIC), layer, share / weight)
    total = total.resize(size, Image.Resampling.BICUBIC)
    return ImageOps.autocontrast(total, cutoff=1)


def crests(surface: Image.Image) -> Image.Image:
    """Rounded noise folded into sharp crests, as of mountains or of waves."""
    return surface.point(lambda value: 255 - abs(2 * value - 255))


def relief(surface: Image.Image, dx: int, dy: int, strength: float = 2.0) -> Image.Image:
    """A surface lit from the side that (dx, dy) points away from: 128 is level ground."""
    return ImageChops.subtract(surface, ImageChops.offset(surface, dx, dy), 1 / strength, 128)


def gradient(stops: Sequence[tuple[float, Colour]], size: tuple[int, int] = SIZE) -> Image.Image:
    """Colours from top to bottom, each at its share of the height."""
    strip = Image.new("RGB", (1, 512))
    for y in range(512):
        at = y / 511
        below = max((s for s in stops if s[0] <= at), default=stops[0])
        above = min((s for s in stops if s[0] >= at), default=stops[-1])
        share = 0.0 if above[0] == below[0] else (at - below[0]) / (above[0] - below[0])
        strip.putpixel((0, y), mix(below[1], above[1], share))
    tall = strip.resize((1, size[1]), Image.Resampling.BICUBIC)
    return tall.resize(size, Image.Resampling.NEAREST)


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """The colour that lies `share` of the way from the first to the second."""
    r, g, b = (round(a + (z - a) * share) for a, z in zip(first, second, strict=True))
    return r, g, b


def fade(top: float, bottom: float, first: int = 0, last: int = 255) -> Image.Image:
    """A mask that goes from `first` at height `top` to `last` at `bottom`, and stays so beyond."""
    grey: list[tuple[float, Colour]] = [
        (0.0, (first,) * 3),
        (top, (first,) * 3),
        (bottom, (last,) * 3),
        (1.0, (last,) * 3),
    ]
    return gradient(grey).convert("L")


def curve(picture: Image.Image, *points: tuple[int, int]) -> Image.Image:
    """A tone curve through (in, out) points, straight between them."""
    ends = [
        (0, points[0][1] if points[0][0] == 0 else 0),
        *points,
        (255, points[-1][1] if points[-1][0] == 255 else 255),
    ]
    table = []
    for value in range(256):
        low = max((p for p in ends if p[0] <= value), key=lambda p: p[0])
        high = min((p for p in ends if p[0] >= value), key=lambda p: p[0])
        share = 0.0 if high[0] == low[0] else (value - low[0]) / (high[0] - low[0])
        table.append(max(0, min(255, round(low[1] + (high[1] - low[1]) * share))))
    return picture.point(table * len(picture.getbands()))


def scaled(mask: Image.Image, factor: float) -> Image.Image:
    """A mask made weaker or stronger."""
    return mask.point(lambda value: min(255, int(value * factor)))


def around(mask: Image.Image, margin: int = 0) -> tuple[int, int, int, int] | None:
    """The box that holds all of a mask's light, with a margin; work is done there only. None for an empty mask."""
    box = mask.getbbox()
    if box is None:
        return None
    left, top, right, bottom = box
    return (
        max(0, left - margin),
        max(0, top - margin),
        min(mask.width, right + margin),
        min(mask.height, bottom + margin),
    )


def lay(picture: Image.Image, colour: Colour | Image.Image, mask: Image.Image) -> Image.Image:
    """Paint a colour (or another picture) through a mask."""
    out, box = picture.copy(), around(mask)
    if box:
        over = colour if isinstance(colour, tuple) else colour.crop(box)
        out.paste(over, box, mask.crop(box))
    return out


def textured(picture: Image.Image, texture: Image.Image, mask: Image.Image | None = None) -> Image.Image:
    """Light and shade from a grey texture (128 changes nothing), inside a mask."""
    box = around(mask) if mask else (0, 0, *picture.size)
    out = picture.copy()
    if box:
        worked = ImageChops.overlay(picture.crop(box), Image.merge("RGB", [texture.crop(box)] * 3))
        out.paste(worked, box, mask.crop(box) if mask else None)
    return out


def glow(picture: Image.Image, at: Point, radius: float, colour: Colour, squash: float = 1.0) -> Image.Image:
    """Light spreading from a point. `radius` is a share of the width; `squash` below 1 flattens it."""
    wide, high = round(radius * 2 * picture.width), max(2, round(radius * 2 * picture.width * squash))
    falloff = curve(ImageOps.invert(Image.radial_gradient("L")), (0, 0), (75, 0), (140, 45), (200, 130), (255, 255))
    spot = ImageOps.colorize(falloff, (0, 0, 0), colour).resize((wide, high), Image.Resampling.BICUBIC)
    left, top = round(at[0] * picture.width - wide / 2), round(at[1] * picture.height - high / 2)
    box = (max(0, left), max(0, top), min(picture.width, left + wide), min(picture.height, top + high))
    out = picture.copy()
    if box[0] < box[2] and box[1] < box[3]:
        light = spot.crop((box[0] - left, box[1] - top, box[2] - left, box[3] - top))
        out.paste(ImageChops.screen(picture.crop(box), light), box)
    return out


def ridge(rng: random.Random, level: float, swing: float, roughness: float = 0.5, steps: int = 8) -> list[Point]:
    """A skyline by midpoint displacement, as points in pixels from left to right; `level` and `swing` are shares."""
    heights = [level + rng.uniform(-swing, swing), level + rng.uniform(-swing, swing)]
    for _ in range(steps):
        finer: list[float] = []
        for left, right in pairwise(heights):
            finer += [left, (left + right) / 2 + rng.uniform(-swing, swing)]
        heights = [*finer, heights[-1]]
        swing *= roughness
    step = WIDTH / (len(heights) - 1)
    return [(i * step, y * HEIGHT) for i, y in enumerate(heights)]


def below(line: Sequence[Point], blur: float = 0.6) -> Image.Image:
    """The mask of all that lies under a skyline."""
    return shape([*line, (WIDTH + 5, HEIGHT + 5), (-5, HEIGHT + 5)], blur=blur)


def shape(*polygons: Sequence[Point], blur: float = 0.6) -> Image.Image:
    """The mask of polygons, in pixels."""
    mask = Image.new("L", SIZE)
    draw = ImageDraw.Draw(mask)
    for polygon in polygons:
        draw.polygon(list(polygon), fill=255)
    return softened(mask, blur) if blur else mask


def area(*polygons: Sequence[Point], blur: float = 0.6) -> Image.Image:
    """The mask of polygons, in shares of width and height."""
    return shape(*[[(x * WIDTH, y * HEIGHT) for x, y in polygon] for polygon in polygons], blur=blur)


def softened(mask: Image.Image, blur: float) -> Image.Image:
    """A mask out of focus, worked on only where it is."""
    box = around(mask, round(blur * 3) + 1)
    if box:
        mask.paste(mask.crop(box).filter(ImageFilter.GaussianBlur(blur)), box)
    return mask


def level_at(line: Sequence[Point], x: float) -> float:
    """The height of a skyline, in pixels, at a share of the width."""
    step = WIDTH / (len(line) - 1)
    return line[max(0, min(len(line) - 1, round(x * WIDTH / step)))][1]


def conifers(rng: random.Random, line: Sequence[Point], height: float, density: float = 1.0) -> Image.Image:
    """A mask of firs standing on a skyline; `height` in shares of the picture's height."""
    mask = below(line, blur=0)
    draw = ImageDraw.Draw(mask)
    for _ in range(round(density * 0.8 / height * 8)):
        x = rng.uniform(-0.02, 1.02)
        foot, tall = level_at(line, x) + 6, height * HEIGHT * rng.uniform(0.45, 1.0)
        centre = x * WIDTH
        slim = rng.uniform(1.0, 1.7)
        draw.line([(centre, foot), (centre, foot - tall)], fill=255, width=max(1, round(tall * 0.02)))
        for _ in range(46):  # boughs droop, longer towards the foot, none quite like another
            at = rng.random() ** 0.8
            y, reach = (
                foot - tall * (1 - 0.93 * at),
                tall * slim * (0.01 + 0.17 * at) * rng.uniform(0.55, 1.1) * rng.choice((-1, 1)),
            )
            thick = tall * rng.uniform(0.015, 0.04)
            draw.polygon(
                [(centre, y - thick), (centre + reach, y + abs(reach) * 0.45), (centre, y + thick * 1.6)], fill=255
            )
    return mask.filter(ImageFilter.GaussianBlur(0.7))


def broadleaves(rng: random.Random, line: Sequence[Point], height: float, density: float = 1.0) -> Image.Image:
    """A mask of round-crowned trees and scrub on a skyline."""
    mask = below(line, blur=0)
    draw = ImageDraw.Draw(mask)
    for _ in range(round(density * 60)):
        x = rng.uniform(-0.02, 1.02)
        tall = height * HEIGHT * rng.uniform(0.4, 1.0)
        foot, centre = level_at(line, x), x * WIDTH
        draw.line([(centre, foot + 5), (centre, foot - tall * 0.5)], fill=255, width=max(2, round(tall * 0.05)))
        for _ in range(26):
            dx, dy, r = rng.gauss(0, tall * 0.2), rng.gauss(-tall * 0.55, tall * 0.2), tall * rng.uniform(0.04, 0.13)
            draw.ellipse([centre + dx - r, foot + dy - r, centre + dx + r, foot + dy + r], fill=255)
    return mask.filter(ImageFilter.GaussianBlur(0.8))


def bare_tree(rng: random.Random, draw: ImageDraw.ImageDraw, foot: Point, height: float, lean: float = 0.0) -> None:
    """A leafless tree, in pixels, branch by branch."""

    def branch(x: float, y: float, angle: float, length: float, width: float) -> None:
        x2, y2 = x + sin(angle) * length, y - cos(angle) * length
        draw.line([(x, y), (x2, y2)], fill=255, width=max(1, round(width)))
        if length > height * 0.05:
            for _ in range(2 if rng.random() < 0.75 else 3):
                branch(x2, y2, angle + rng.gauss(0, 0.42), length * rng.uniform(0.62, 0.82), width * 0.66)

    branch(foot[0], foot[1], lean, height * 0.28, height * 0.035)


def plane(tile: Image.Image, horizon: float, near: float = 14.0) -> Image.Image:
    """A level surface seen in perspective, from the horizon to the lower edge; above the horizon it is black.

    `tile` is the surface from above; `near` is how many times smaller its grain is at the horizon than in front.
    """
    top = round(horizon * HEIGHT)
    deep = HEIGHT - top
    shrink = (near - 1) / deep  # the divisor grows from 1 at the horizon to `near` in front
    middle = tile.width / 2
    coefficients = (tile.width / WIDTH, middle * shrink, 0, 0, 0, tile.height - 1, 0, shrink)
    flat = tile.transform((WIDTH, deep), Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BILINEAR)
    out = Image.new(tile.mode, SIZE)
    out.paste(flat, (0, top))
    return out


def stars(rng: random.Random, picture: Image.Image, until: float, count: int = 500) -> Image.Image:
    """A night sky's stars, down to a share of the height."""
    points = Image.new("L", SIZE)
    draw = ImageDraw.Draw(points)
    for _ in range(count):
        x, y, light = rng.uniform(0, WIDTH), rng.uniform(0, until * HEIGHT), int(255 * rng.random() ** 3)
        draw.point([(x, y), (x + 1, y)], fill=light)
    return ImageChops.screen(picture, Image.merge("RGB", [points.filter(ImageFilter.GaussianBlur(0.8))] * 3))


def bokeh(
    rng: random.Random, picture: Image.Image, spots: Sequence[tuple[float, float, float, Colour]], soft: float = 1.5
) -> Image.Image:
    """Lights out of focus: (x, y, radius, colour), in shares, a little brighter at the rim as lenses make them."""
    out = picture.copy()
    for x, y, radius, colour in spots:
        r = radius * WIDTH * rng.uniform(0.85, 1.1)
        side = round(2 * r) + 18
        disc = Image.new("RGB", (side, side))
        ImageDraw.Draw(disc).ellipse(
            [9, 9, side - 9, side - 9], mix(colour, (0, 0, 0), 0.25), colour, max(2, round(r * 0.07))
        )
        disc = disc.filter(ImageFilter.GaussianBlur(soft))
        left, top = round(x * WIDTH - side / 2), round(y * HEIGHT - side / 2)
        box = (max(0, left), max(0, top), min(WIDTH, left + side), min(HEIGHT, top + side))
        if box[0] < box[2] and box[1] < box[3]:
            light = disc.crop((box[0] - left, box[1] - top, box[2] - left, box[3] - top))
            out.paste(ImageChops.screen(out.crop(box), light), box)
    return out


def mirrored(picture: Image.Image, horizon: float, ripple: Image.Image | None = None, smear: int = 0) -> Image.Image:
    """The water below the horizon mirrors what is above it; `smear` draws the lights out downwards."""
    top = round(horizon * HEIGHT)
    deep = HEIGHT - top
    above = (
        picture.crop((0, max(0, top - deep), WIDTH, top))
        .transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        .resize((WIDTH, deep))
    )
    if smear:
        above = above.resize((WIDTH, max(2, deep // smear)), Image.Resampling.BOX).resize(
            (WIDTH, deep), Image.Resampling.BICUBIC
        )
    if ripple is not None:  # displaced left and right by the ripples: two shifted copies through the ripples' mask
        shifted = ImageChops.offset(above, 14, 0)
        above = Image.composite(shifted, above, ripple.crop((0, top, WIDTH, HEIGHT)))
    out = picture.copy()
    out.paste(above, (0, top))
    return out


def rain(
    rng: random.Random, picture: Image.Image, drops: int = 900, slant: float = 0.12, light: int = 90
) -> Image.Image:
    """Falling rain as short streaks."""
    streaks = Image.new("L", SIZE)
    draw = ImageDraw.Draw(streaks)
    for _ in range(drops):
        x, y, length = rng.uniform(-50, WIDTH), rng.uniform(-50, HEIGHT), rng.uniform(14, 60)
        draw.line(
            [(x, y), (x + length * slant, y + length)], fill=rng.randint(light // 3, light), width=rng.choice((1, 1, 2))
        )
    return ImageChops.screen(picture, Image.merge("RGB", [streaks.filter(ImageFilter.GaussianBlur(1))] * 3))


def snowfall(rng: random.Random, picture: Image.Image, flakes: int = 500, largest: float = 7.0) -> Image.Image:
    """Falling snow, the near flakes out of focus."""
    near, far = Image.new("L", SIZE), Image.new("L", SIZE)
    for mask, share, sizes in ((far, 1.0, (0.8, 2.2)), (near, 0.12, (largest * 0.5, largest))):
        draw = ImageDraw.Draw(mask)
        for _ in range(round(flakes * share)):
            x, y, r = rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT), rng.uniform(*sizes)
            draw.ellipse([x - r, y - r, x + r, y + r * 1.2], fill=rng.randint(120, 235))
    snow = ImageChops.lighter(
        far.filter(ImageFilter.GaussianBlur(0.8)), scaled(near.filter(ImageFilter.GaussianBlur(3)), 0.6)
    )
    return lay(picture, (240, 244, 250), snow)


def developed(
    rng: random.Random, picture: Image.Image, *, grain: float = 0.09, vignette: float = 0.45, bloom: float = 0.25,
    contrast: float = 0.25, tint: Colour | None = None, colour: float = 0.78,
) -> Image.Image:  # fmt: skip
    """What lens, sensor and darkroom do: bloom round lights, a tone curve, darker corners, grain."""
    if bloom:
        lights = curve(picture, (0, 0), (150, 0), (255, 255)).resize((WIDTH // 8, HEIGHT // 8))
        soft = lights.filter(ImageFilter.GaussianBlur(5)).resize(SIZE, Image.Resampling.BICUBIC)
        picture = ImageChops.screen(picture, soft.point(lambda value: int(value * bloom)))
    if tint:
        picture = Image.blend(picture, ImageChops.soft_light(picture, Image.new("RGB", SIZE, tint)), 0.6)
    picture = ImageEnhance.Color(picture).enhance(colour)
    if contrast:
        bent = curve(picture, (0, 0), (64, 46), (128, 128), (192, 212), (255, 255))
        picture = Image.blend(picture, bent, contrast * 2)
    if vignette:
        corners = curve(Image.radial_gradient("L"), (0, 255), (90, 255), (180, 205), (255, 120)).resize(SIZE)
        dark = ImageChops.multiply(picture, Image.merge("RGB", [corners] * 3))
        picture = Image.blend(picture, dark, vignette * 2 if vignette < 0.5 else 1.0)
    speckle = Image.frombytes("L", SIZE, rng.randbytes(WIDTH * HEIGHT)).filter(ImageFilter.GaussianBlur(0.8))
    speckle = speckle.point(lambda value: int(128.5 + (value - 128) * 2.6 * grain))
    return ImageChops.overlay(picture, Image.merge("RGB", [speckle] * 3))


def waves(rng: random.Random, horizon: float, across: int = 26, deep: int = 60, strength: float = 2.4) -> Image.Image:
    """The sea's relief in perspective: 128 is level water."""
    surface = crests(noise(rng, across, deep, 5, (2400, 1500), keep=0.6))
    return plane(relief(surface, 0, 5, strength), horizon, 9)


def sea(picture: Image.Image, colours: Image.Image, swell: Image.Image, horizon: float) -> Image.Image:
    """Water below the horizon in these colours, its swell growing clearer towards us."""
    water = below([(0, HEIGHT * horizon), (WIDTH, HEIGHT * horizon)], 0.5)
    picture = Image.composite(colours, picture, water)
    return textured(picture, swell, ImageChops.multiply(water, fade(horizon, horizon + 0.12, 70, 255)))
