"""Scenes in the air: a take-off, parachutes, a launch."""

from __future__ import annotations

import random
from itertools import pairwise
from math import cos, sin

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from samples.figures import FIGHTER, TRANSPORT, TRANSPORT_ENGINES, machine, person, shadow, solid
from samples.painting import (
    HEIGHT,
    SIZE,
    WIDTH,
    area,
    below,
    conifers,
    curve,
    developed,
    fade,
    glow,
    gradient,
    lay,
    mirrored,
    mix,
    noise,
    plane,
    relief,
    ridge,
    scaled,
    sea,
    shape,
    stars,
    textured,
    waves,
)


def jet_from_the_deck(rng: random.Random) -> Image.Image:
    """A fighter leaves the catapult over steam; the deck crew crouches."""
    horizon = 0.57
    picture = gradient([(0, (96, 124, 152)), (0.40, (170, 184, 194)), (0.57, (212, 214, 210)), (1, (80, 98, 112))])
    picture = textured(picture, curve(noise(rng, 4, 10, 6), (0, 80), (255, 172)), fade(0, 0.5, 255, 60))
    picture = sea(
        picture,
        gradient([(0.55, (128, 144, 150)), (0.62, (74, 96, 108)), (1, (50, 66, 76))]),
        waves(rng, horizon, 40, 90),
        horizon,
    )
    deck = area([(0, 0.72), (0.74, 0.66), (0.86, 0.68), (1.0, 0.78), (1.0, 1.0), (0, 1.0)], blur=0.8)
    picture = lay(picture, gradient([(0.65, (82, 84, 84)), (1, (46, 46, 48))]), deck)
    picture = textured(
        picture, curve(plane(noise(rng, 90, 60, 6, (2400, 1400)), 0.62, 7), (0, 86), (128, 128), (255, 172)), deck
    )
    lines = area(
        [(0.05, 1.0), (0.645, 0.672), (0.655, 0.672), (0.085, 1.0)],
        [(0.72, 1.0), (0.8, 0.678), (0.806, 0.678), (0.75, 1.0)],
        blur=1.2,
    )
    picture = lay(
        picture,
        (188, 184, 170),
        scaled(ImageChops.multiply(lines, curve(noise(rng, 60, 40, 4), (0, 40), (255, 255))), 0.8),
    )
    jet = machine(FIGHTER, (0.60 * WIDTH, 0.655 * HEIGHT), 620, tilt=7)
    picture = lay(
        picture, (24, 26, 28), scaled(ImageChops.multiply(shadow(jet, 0.70 * HEIGHT, 0.18, 0.0, 14), deck), 0.6)
    )
    steam = curve(
        ImageChops.multiply(
            noise(rng, 7, 6, 6), glow(Image.new("RGB", SIZE), (0.28, 0.70), 0.36, (255, 255, 255), 0.36).convert("L")
        ),
        (0, 0),
        (16, 0),
        (100, 240),
    )
    picture = solid(picture, jet, (120, 128, 134), light=(240, 242, 242), side=1, rim=0.5, bulk=13)
    canopy = machine(
        [[(0.11, 0.212), (0.17, 0.244), (0.25, 0.238), (0.33, 0.18)]], (0.60 * WIDTH, 0.655 * HEIGHT), 620, tilt=7
    )
    picture = lay(picture, (44, 50, 52), scaled(canopy, 0.85))
    picture = glow(picture, (0.412, 0.600), 0.055, (255, 170, 90), 0.35)
    picture = glow(picture, (0.412, 0.600), 0.018, (255, 240, 220), 0.6)
    picture = lay(picture, (228, 230, 230), scaled(steam, 0.9))
    picture = textured(picture, relief(noise(rng, 8, 7, 6), -5, 7, 1.0), scaled(steam, 0.6))
    for x, foot, tall, coat in (
        (0.855, 0.905, 250, (158, 128, 40)),
        (0.935, 0.93, 265, (62, 104, 66)),
        (0.155, 0.965, 300, (136, 44, 40)),
    ):
        mask = person(
            "kneel" if x > 0.5 else "stand", (x * WIDTH, foot * HEIGHT), tall, helmet=True, flip=x > 0.5, coat=1.1
        )
        picture = lay(picture, (24, 24, 26), scaled(shadow(mask, foot * HEIGHT, 0.25, 0.8, 5), 0.5))
        dark = ImageChops.multiply(
            mask,
            below(
                [
                    (0, foot * HEIGHT - tall * 0.42 * (0.62 if x > 0.5 else 1)),
                    (WIDTH, foot * HEIGHT - tall * 0.42 * (0.62 if x > 0.5 else 1)),
                ],
                2,
            ),
        )
        picture = solid(picture, mask, coat, light=(240, 240, 230), rim=0.4, bulk=7)
        picture = solid(picture, dark, (44, 44, 46), rim=0.2, bulk=5)
    return developed(rng, picture, tint=(124, 130, 134), contrast=0.3)


def parachutes(rng: random.Random) -> Image.Image:
    """Round canopies fall from a transport against tall summer clouds."""
    picture = gradient([(0, (38, 86, 150)), (0.6, (120, 168, 208)), (1, (190, 210, 222))])
    heap = noise(rng, 3, 3, 7, keep=0.5)
    mass = ImageChops.multiply(curve(heap, (0, 0), (96, 0), (150, 255)), fade(0.15, 0.8, 40, 255))
    light = relief(heap, -14, -22, 0.75)
    picture = Image.composite(textured(Image.new("RGB", SIZE, (216, 220, 226)), light), picture, mass)
    line = ridge(rng, 0.93, 0.01, 0.5)
    picture = lay(picture, (84, 100, 84), below(line))
    picture = lay(picture, (60, 74, 56), conifers(rng, line, 0.05, 1.0))
    plane_mask = machine(TRANSPORT, (0.22 * WIDTH, 0.235 * HEIGHT), 330, wheels=TRANSPORT_ENGINES, tilt=-8)
    picture = solid(picture, plane_mask, (88, 94, 98), light=(226, 230, 232), rim=0.4, bulk=5)
    for step in range(30):
        far = rng.random() if step > 3 else 0.0
        size = 26 + 110 * (1 - far) ** 2.2
        x = 0.30 + 0.62 * rng.random() if step > 3 else (0.56, 0.83, 0.70, 0.40)[step]
        y = (0.18 + 0.60 * rng.random()) if step > 3 else (0.50, 0.38, 0.70, 0.66)[step]
        picture = _canopy(rng, picture, (x * WIDTH, y * HEIGHT), size, far)
    return developed(rng, picture, contrast=0.22, tint=(128, 130, 134), bloom=0.15)


def _canopy(rng: random.Random, picture: Image.Image, at: tuple[float, float], size: float, far: float) -> Image.Image:
    x, y = at
    sway = rng.uniform(-0.12, 0.12) * size
    cords = Image.new("L", SIZE)
    draw = ImageDraw.Draw(cords)
    for step in range(9):
        angle = (step / 8 - 0.5) * 1.9
        draw.line(
            [(x + sin(angle) * size * 0.5 / 0.95, y + size * 0.02), (x + sway, y + size * 0.95)], fill=170, width=1
        )
    picture = lay(picture, (70, 76, 80), scaled(cords, 0.9 - 0.5 * far))
    dome = [(x + cos(a / 24 * 3.1416) * -size * 0.52, y - sin(a / 24 * 3.1416) * size * 0.36) for a in range(25)]
    hem = [(x + (0.5 - k / 16) * size * 1.04, y + (0.045 if k % 2 else -0.01) * size) for k in range(17)]
    mask = shape([*dome, *hem], blur=0.7)
    picture = solid(
        picture,
        mask,
        mix((104, 112, 82), (168, 186, 204), far * 0.75),
        light=(240, 240, 226),
        rim=0.5,
        bulk=max(3, int(size / 11)),
    )
    panels = Image.new("L", SIZE)
    lines = ImageDraw.Draw(panels)
    for k in range(2, 15, 2):
        lines.line([(x, y - size * 0.36), (x + (0.5 - k / 16) * size * 1.04, y)], fill=120, width=1)
    picture = lay(picture, (60, 66, 50), ImageChops.multiply(panels, mask))
    return solid(
        picture,
        person("stand", (x + sway, y + size * 1.16), size * 0.30, pack=True, helmet=True),
        (50, 54, 48),
        rim=0.2,
        bulk=2,
    )


def launch_by_night(rng: random.Random) -> Image.Image:
    """A long exposure of a rocket's climb, its arc doubled in the still lagoon."""
    horizon = 0.70
    picture = gradient([(0, (10, 16, 38)), (0.45, (24, 34, 66)), (0.70, (86, 66, 74)), (1, (86, 66, 74))])
    picture = stars(rng, picture, 0.66, 900)
    picture = lay(
        picture,
        (90, 86, 104),
        scaled(
            ImageChops.multiply(curve(noise(rng, 4, 12, 6), (0, 0), (130, 0), (220, 255)), fade(0.2, 0.7, 60, 255)), 0.5
        ),
    )
    arc = [(0.30 + 0.52 * t**1.25, horizon - 0.62 * sin(t * 1.62)) for t in [k / 60 for k in range(61)]]
    points = [(x * WIDTH, y * HEIGHT) for x, y in arc]
    line = Image.new("L", SIZE)
    draw = ImageDraw.Draw(line)
    for k, (start, end) in enumerate(pairwise(points)):
        draw.line([start, end], fill=255, width=max(3, round(12 - k * 0.15)))
    picture = glow(picture, (0.31, 0.66), 0.42, (236, 130, 60))
    for blur, colour, force in ((46, (255, 130, 56), 1.6), (14, (255, 178, 96), 1.2), (3, (255, 244, 214), 1.0)):
        picture = lay(picture, colour, scaled(line.filter(ImageFilter.GaussianBlur(blur)), force))
    puff = curve(
        ImageChops.multiply(
            noise(rng, 10, 9, 6), glow(Image.new("RGB", SIZE), (0.305, 0.69), 0.14, (255, 255, 255), 0.36).convert("L")
        ),
        (0, 0),
        (30, 0),
        (110, 255),
    )
    picture = lay(picture, (255, 196, 130), puff)
    shore = ridge(rng, 0.692, 0.004, 0.6)
    picture = lay(picture, (12, 11, 16), below(shore))
    tower = area([(0.272, 0.7), (0.274, 0.585), (0.283, 0.585), (0.285, 0.7)])
    picture = lay(picture, (20, 14, 14), tower)
    picture = mirrored(picture, horizon, curve(noise(rng, 4, 150, 4), (0, 0), (112, 0), (150, 255)), smear=2)
    picture = lay(picture, (8, 12, 26), fade(horizon, 1.0, 40, 170))
    picture = textured(picture, waves(rng, horizon, 30, 80, 1.2), fade(horizon, 0.78))
    reeds = Image.new("L", SIZE)
    blades = ImageDraw.Draw(reeds)
    for _ in range(260):
        x, tall, lean = (
            rng.choice((rng.gauss(0.06, 0.06), rng.gauss(0.93, 0.07))) * WIDTH,
            rng.uniform(60, 250),
            rng.gauss(0, 26),
        )
        blades.line(
            [(x, HEIGHT), (x + lean * 0.4, HEIGHT - tall * 0.6), (x + lean, HEIGHT - tall)],
            fill=255,
            width=rng.choice((2, 3, 4)),
        )
    picture = lay(picture, (7, 7, 10), reeds.filter(ImageFilter.GaussianBlur(1)))
    return developed(rng, picture, bloom=0.5, grain=0.13, contrast=0.2)
