"""Scenes in the street: rain, flood."""

from __future__ import annotations

import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from samples.figures import held_by_walker, person, solid, together
from samples.painting import (
    HEIGHT,
    SIZE,
    WIDTH,
    Colour,
    area,
    bare_tree,
    bokeh,
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
    rain,
    relief,
    scaled,
    shape,
    textured,
)


def street_in_rain(rng: random.Random) -> Image.Image:
    """Umbrellas on a wet street at evening, the traffic's lights out of focus behind them."""
    picture = gradient([(0, (20, 26, 40)), (0.5, (46, 50, 66)), (0.62, (60, 58, 66)), (1, (26, 28, 36))])
    side = Image.new("L", SIZE)
    draw = ImageDraw.Draw(side)
    for x0, x1 in ((-10, 0.20), (0.80, 1.01)):
        draw.polygon(
            [
                (x0 * WIDTH, 0),
                (x1 * WIDTH, HEIGHT * (0.1 if x0 < 0 else 0.3)),
                (x1 * WIDTH, HEIGHT * 0.64),
                (x0 * WIDTH, HEIGHT * 0.7),
            ],
            fill=255,
        )
    picture = lay(picture, (30, 32, 44), side.filter(ImageFilter.GaussianBlur(10)))
    warm: list[Colour] = [
        (255, 190, 96),
        (255, 150, 60),
        (255, 226, 170),
        (255, 70, 50),
        (110, 200, 150),
        (120, 160, 255),
        (255, 235, 210),
    ]
    spots = [
        (
            rng.betavariate(1.6, 1.6),
            0.60 - abs(rng.gauss(0, 0.16)),
            rng.uniform(0.008, 0.026),
            mix(rng.choice(warm), (0, 0, 0), rng.uniform(0.2, 0.65)),
        )
        for _ in range(110)
    ]
    picture = bokeh(rng, picture, spots)
    for x, colour in ((0.44, (255, 240, 214)), (0.485, (255, 240, 214)), (0.60, (255, 60, 40)), (0.635, (255, 60, 40))):
        picture = bokeh(rng, picture, [(x, 0.585, 0.017, colour)])
        picture = glow(picture, (x, 0.585), 0.09, mix(colour, (0, 0, 0), 0.4))
    picture = mirrored(picture, 0.635, smear=5)
    wet = plane(noise(rng, 60, 40, 6, (2400, 1400)), 0.635, 8)
    picture = textured(picture, curve(wet, (0, 36), (128, 110), (255, 210)), fade(0.635, 0.70))
    picture = lay(picture, (16, 18, 26), scaled(fade(0.65, 1.0, 0, 150), 1.0))
    for x, tall, tone, flip in (
        (0.38, 300, (58, 62, 78), False),
        (0.55, 270, (70, 66, 76), True),
        (0.72, 330, (40, 46, 60), True),
        (0.20, 430, (34, 36, 46), False),
        (0.88, 520, (26, 28, 36), True),
        (0.47, 560, (24, 26, 32), False),
    ):
        foot = 0.64 + (tall - 200) / 1150
        body = person("walk", (x * WIDTH, foot * HEIGHT), tall, flip=flip, coat=1.25)
        body = ImageChops.subtract(body, held_by_walker(x, foot, tall, flip))
        cx, cy, r = x * WIDTH + tall * (-0.04 if flip else 0.04), foot * HEIGHT - tall * 0.92, tall * 0.36
        dome = [(cx + r * (k / 12 - 1), cy - r * 0.55 * (1 - (k / 12 - 1) ** 2) ** 0.5) for k in range(25)]
        ribs = [(cx + r * (1 - k / 5), cy + (0 if k % 2 == 0 else -r * 0.10)) for k in range(11)]
        canopy = shape([*dome, *ribs], blur=0.8)
        cast = body.transform(
            SIZE, Image.Transform.AFFINE, (1, 0, 0, 0, -1, 2 * foot * HEIGHT - 8), Image.Resampling.BILINEAR
        ).filter(ImageFilter.GaussianBlur(9))
        picture = lay(
            picture, (10, 11, 16), scaled(ImageChops.multiply(cast, fade(foot, min(1.0, foot + 0.3), 255, 60)), 0.7)
        )
        picture = solid(picture, body, tone, light=(255, 206, 140), side=rng.choice((-1, 1)), rim=0.65, bulk=9)
        picture = solid(
            picture,
            canopy,
            mix(rng.choice([(40, 44, 60), (126, 36, 38), (30, 66, 84), (20, 20, 26)]), (60, 60, 70), 0.2),
            light=(255, 220, 170),
            rim=0.9,
            bulk=10,
        )
    return developed(rng, rain(rng, picture, 800, 0.1, 120), bloom=0.5, grain=0.12, contrast=0.25)


def street_under_water(rng: random.Random) -> Image.Image:
    """A village street in flood, two people in a boat."""
    horizon = 0.58
    picture = gradient([(0, (120, 130, 138)), (0.5, (190, 194, 192)), (1, (150, 140, 120))])
    clouds = noise(rng, 4, 7, 6)
    picture = textured(picture, curve(clouds, (0, 56), (128, 128), (255, 186)), fade(0, 0.55, 255, 80))
    trees = Image.new("L", SIZE)
    draw = ImageDraw.Draw(trees)
    for _ in range(40):
        bare_tree(rng, draw, (rng.uniform(0, WIDTH), horizon * HEIGHT), rng.uniform(90, 230))
    picture = lay(picture, (112, 112, 108), trees.filter(ImageFilter.GaussianBlur(1.2)))
    rows = (
        (0.02, 0.20, 0.30, 0.12),
        (0.22, 0.33, 0.21, 0.09),
        (0.36, 0.43, 0.14, 0.06),
        (0.60, 0.68, 0.15, 0.06),
        (0.70, 0.81, 0.22, 0.09),
        (0.82, 1.02, 0.32, 0.13),
    )
    for left, right, wall, roof in rows:
        foot, ridge_y = horizon + wall * 0.06, horizon - wall
        tone = rng.choice([(196, 178, 148), (206, 200, 188), (176, 150, 130), (188, 190, 182)])
        picture = solid(
            picture,
            area([(left, ridge_y), (right, ridge_y), (right, foot), (left, foot)]),
            tone,
            rim=0.2,
            bulk=14,
        )
        tiles = area(
            [
                (left - 0.012, ridge_y),
                (left + (right - left) * 0.2, ridge_y - roof),
                (right - (right - left) * 0.2, ridge_y - roof),
                (right + 0.012, ridge_y),
            ]
        )
        picture = lay(picture, mix((140, 74, 56), (110, 100, 96), rng.random() * 0.6), tiles)
        picture = textured(picture, relief(noise(rng, 20, 120, 3), 0, 3, 1.2), tiles)
        for k in range(3):
            wx, wy, w = left + (right - left) * (0.16 + 0.28 * k), ridge_y + wall * 0.28, (right - left) * 0.13
            pane = area([(wx, wy), (wx + w, wy), (wx + w, wy + wall * 0.34), (wx, wy + wall * 0.34)])
            picture = lay(picture, (56, 60, 64), pane)
        stain = fade(horizon - 0.035, horizon - 0.02, 0, 255)
        picture = lay(
            picture,
            mix(tone, (88, 70, 48), 0.6),
            scaled(
                ImageChops.multiply(
                    stain,
                    area([(left, ridge_y), (right, ridge_y), (right, foot), (left, foot)]),
                ),
                0.7,
            ),
        )
    for x in (0.475, 0.555):
        picture = lay(
            picture,
            (74, 70, 66),
            shape(
                [
                    (x * WIDTH - 3, 0.30 * HEIGHT),
                    (x * WIDTH + 3, 0.30 * HEIGHT),
                    (x * WIDTH + 4, horizon * HEIGHT),
                    (x * WIDTH - 4, horizon * HEIGHT),
                ],
                [
                    (x * WIDTH - 24, 0.33 * HEIGHT),
                    (x * WIDTH + 24, 0.33 * HEIGHT),
                    (x * WIDTH + 24, 0.336 * HEIGHT),
                    (x * WIDTH - 24, 0.336 * HEIGHT),
                ],
            ),
        )
    picture = mirrored(picture, horizon + 0.005, curve(noise(rng, 5, 120, 4), (0, 0), (108, 0), (150, 255)), smear=2)
    picture = lay(picture, (140, 120, 92), fade(horizon, 1.0, 80, 190))
    ripples = plane(relief(noise(rng, 26, 70, 5, (2400, 1400)), 0, 5, 1.6), horizon, 9)
    picture = textured(picture, ripples, fade(horizon + 0.01, 0.68))
    boat = area([(0.37, 0.755), (0.6, 0.755), (0.635, 0.735), (0.605, 0.805), (0.395, 0.805)])
    crew = together(
        [
            person("kneel", (0.45 * WIDTH, 0.80 * HEIGHT), 250, coat=1.2),
            person("stand", (0.545 * WIDTH, 0.785 * HEIGHT), 270, coat=1.2),
        ]
    )
    cast = ImageChops.lighter(boat, crew).transform(
        SIZE, Image.Transform.AFFINE, (1, 0, 0, 0, -1.5, 0.805 * HEIGHT * 2.5), Image.Resampling.BILINEAR
    )
    picture = lay(
        picture,
        (48, 42, 36),
        scaled(
            ImageChops.multiply(cast.filter(ImageFilter.GaussianBlur(4)), curve(ripples, (0, 255), (255, 120))), 0.75
        ),
    )
    picture = solid(picture, crew, (176, 86, 34), light=(240, 236, 226), rim=0.4, bulk=7)
    picture = solid(picture, boat, (52, 66, 74), light=(226, 230, 230), rim=0.5, bulk=7)
    return developed(rng, rain(rng, picture, 420, 0.06, 70), tint=(134, 128, 114), contrast=0.3)
