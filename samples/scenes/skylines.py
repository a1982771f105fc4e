"""Scenes of cities from afar."""

from __future__ import annotations

import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from samples.figures import held_by_walker, person, solid
from samples.painting import (
    HEIGHT,
    SIZE,
    WIDTH,
    area,
    bare_tree,
    below,
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
    scaled,
    shape,
    snowfall,
    stars,
    textured,
)

Box = tuple[float, float, float, float]


def _blocks(rng: random.Random, foot: float, tall: tuple[float, float], wide: tuple[float, float]) -> list[Box]:
    """Houses side by side along a line: left, top, right, foot in pixels."""
    boxes, x = [], -30.0
    while x < WIDTH + 20:
        w = rng.uniform(*wide) * WIDTH
        boxes.append((x, HEIGHT * (foot - rng.uniform(*tall)), x + w, HEIGHT * foot))
        x += w * rng.uniform(0.82, 1.05)
    return boxes


def _houses(boxes: list[Box]) -> Image.Image:
    mask = Image.new("L", SIZE)
    draw = ImageDraw.Draw(mask)
    for box in boxes:
        draw.rectangle(box, fill=255)
    return mask


def _windows(rng: random.Random, boxes: list[Box], size: tuple[int, int], lit: float) -> Image.Image:
    """Windows in rows, a share of them lit, each at its own strength."""
    mask = Image.new("L", SIZE)
    draw = ImageDraw.Draw(mask)
    w, h = size
    for left, top, right, foot in boxes:
        pitch, dark = w * rng.uniform(1.7, 2.3), rng.random() < 0.15
        y = top + h * 1.5
        while y < foot - h and not dark:
            floor = rng.random() * 0.7 + 0.5
            x = left + w
            while x < right - w * 1.3:
                if rng.random() < lit * floor:
                    draw.rectangle([x, y, x + w, y + h], fill=rng.randint(90, 255))
                x += pitch
            y += h * 2.1
    return mask


def city_under_smoke(rng: random.Random) -> Image.Image:
    """Smoke rises over a white city by the sea, from a hill."""
    picture = gradient(
        [
            (0, (130, 158, 184)),
            (0.34, (204, 206, 196)),
            (0.40, (214, 208, 192)),
            (0.46, (150, 172, 184)),
            (1, (190, 180, 160)),
        ]
    )
    smoke = shape(
        *[
            [
                (870, 520),
                (930, 520),
                (1010 + 60 * k, 330 - 70 * k),
                (960 + 120 * k, 120 - 60 * k),
                (780 + 40 * k, 200 - 70 * k),
                (840, 360),
            ]
            for k in range(3)
        ],
        blur=34,
    )
    thick = noise(rng, 11, 9, 6)
    column = curve(ImageChops.multiply(smoke, curve(thick, (0, 120), (255, 255))), (0, 0), (60, 30), (150, 250))
    dark = textured(Image.new("RGB", SIZE, (62, 58, 58)), relief(thick, -7, -5, 1.6))
    picture = lay(picture, dark, scaled(column, 0.95))
    for step, (foot, tall, wide) in enumerate(
        (
            (0.50, (0.02, 0.07), (0.010, 0.022)),
            (0.58, (0.03, 0.12), (0.016, 0.034)),
            (0.70, (0.05, 0.16), (0.026, 0.055)),
            (0.88, (0.08, 0.24), (0.05, 0.09)),
            (1.12, (0.10, 0.34), (0.08, 0.15)),
        )
    ):
        share = step / 4
        for _ in range(2):
            for left, top, right, bottom in _blocks(rng, foot, tall, wide):
                wall = mix(
                    rng.choice([(226, 214, 192), (208, 192, 168), (196, 178, 152), (232, 226, 212), (186, 160, 136)]),
                    (206, 204, 194),
                    0.75 - 0.62 * share,
                )
                turn = left + (right - left) * rng.uniform(0.55, 0.8)
                draw = ImageDraw.Draw(picture)
                draw.rectangle([left, top, right, bottom], fill=wall)
                draw.rectangle([turn, top, right, bottom], fill=mix(wall, (92, 92, 104), 0.45))
                w = max(2, round(3 + 9 * share))
                y = top + w * 1.6
                while y < min(bottom, HEIGHT) - w:
                    x = left + w
                    while x < right - w * 1.5:
                        if rng.random() < 0.8:
                            draw.rectangle(
                                [x, y, x + w, y + w * 1.5], fill=mix(wall, (66, 68, 76), 0.55 if x < turn else 0.75)
                            )
                        x += w * 2.2
                    y += w * 3
                if rng.random() < 0.6:  # a tank or a hut on the roof
                    hut = left + (right - left) * rng.uniform(0.1, 0.7)
                    draw.rectangle([hut, top - w * 2, hut + w * 2.5, top], fill=mix(wall, (110, 104, 100), 0.5))
        picture = lay(picture, (206, 204, 194), scaled(fade(foot - 0.25, foot + 0.2, 255, 0), 0.30 * (1 - share)))
        if step == 1:
            picture = lay(
                picture,
                (76, 70, 68),
                scaled(
                    ImageChops.multiply(
                        noise(rng, 8, 8, 5),
                        glow(Image.new("RGB", SIZE), (0.56, 0.51), 0.09, (255, 255, 255)).convert("L"),
                    ),
                    1.8,
                ),
            )
            picture = glow(picture, (0.565, 0.535), 0.03, (255, 150, 60))
    return developed(rng, picture, tint=(140, 132, 116), contrast=0.25, grain=0.09)


def skyline_at_blue_hour(rng: random.Random) -> Image.Image:
    """Lit towers across a wide river just after sunset."""
    horizon = 0.66
    picture = gradient(
        [(0, (16, 26, 62)), (0.35, (44, 66, 122)), (0.58, (150, 122, 142)), (0.66, (224, 158, 128)), (1, (60, 60, 90))]
    )
    picture = textured(picture, curve(noise(rng, 3, 12, 5), (0, 84), (255, 166)), fade(0, 0.6, 255, 0))
    for depth, (tall, wide, lit) in enumerate(
        (((0.04, 0.16), (0.02, 0.04), 0.4), ((0.06, 0.30), (0.022, 0.045), 0.42), ((0.03, 0.12), (0.03, 0.06), 0.5))
    ):
        boxes = _blocks(rng, horizon, tall, wide)
        if depth == 1:
            boxes += [
                (0.445 * WIDTH, 0.20 * HEIGHT, 0.48 * WIDTH, horizon * HEIGHT),
                (0.60 * WIDTH, 0.13 * HEIGHT, 0.625 * WIDTH, horizon * HEIGHT),
                (0.607 * WIDTH, 0.06 * HEIGHT, 0.617 * WIDTH, 0.2 * HEIGHT),
                (0.30 * WIDTH, 0.27 * HEIGHT, 0.335 * WIDTH, horizon * HEIGHT),
            ]
        wall = mix((112, 98, 132), (24, 26, 46), depth / 2)
        picture = lay(
            picture,
            gradient([(0.1, wall), (0.66, mix(wall, (210, 150, 120), 0.2))]),
            _houses(boxes).filter(ImageFilter.GaussianBlur(0.7)),
        )
        lights = _windows(rng, boxes, (4, 5), lit)
        picture = lay(picture, (255, 214, 142) if depth != 1 else (236, 232, 214), scaled(lights, 0.85))
        halo = lights.filter(ImageFilter.GaussianBlur(9))
        picture = lay(picture, (255, 190, 110), scaled(halo, 0.5))
    for x, colour in ((0.612, (255, 70, 60)), (0.462, (90, 190, 255)), (0.317, (255, 90, 190))):
        picture = glow(picture, (x, 0.07 if x > 0.6 else 0.21 if x > 0.4 else 0.28), 0.03, colour)
    lamps = [(x / 60, 0.652, (255, 206, 130)) for x in range(61)]
    for x, y, colour in lamps:
        picture = glow(picture, (x, y), 0.006, colour)
    picture = mirrored(picture, horizon, curve(noise(rng, 4, 160, 4), (0, 0), (112, 0), (150, 255)), smear=9)
    picture = lay(picture, (18, 24, 50), fade(horizon, 1.0, 50, 190))
    picture = textured(
        picture,
        curve(
            plane(relief(noise(rng, 30, 90, 5, (2400, 1400)), 0, 5, 2.0), horizon, 8), (0, 30), (128, 128), (255, 225)
        ),
        fade(horizon, 0.74),
    )
    boat = area(
        [(0.18, 0.775), (0.31, 0.775), (0.295, 0.795), (0.2, 0.795)],
        [(0.21, 0.755), (0.285, 0.755), (0.29, 0.777), (0.2, 0.777)],
    )
    picture = lay(picture, (14, 16, 30), boat)
    for k in range(9):
        picture = glow(picture, (0.21 + 0.0095 * k, 0.765), 0.005, (255, 220, 150))
    return developed(rng, picture, bloom=0.6, grain=0.1, contrast=0.25, colour=0.85)


def raid_by_night(rng: random.Random) -> Image.Image:
    """Tracer and searchlights over a blacked-out city during a drone attack."""
    picture = gradient(
        [(0, (8, 10, 20)), (0.5, (26, 26, 42)), (0.74, (88, 56, 44)), (0.8, (120, 66, 40)), (1, (10, 9, 12))]
    )
    picture = textured(picture, curve(noise(rng, 4, 6, 6), (0, 50), (255, 200)), fade(0, 0.7, 255, 60))
    picture = stars(rng, picture, 0.4, 200)
    for x, tilt in ((0.22, 0.24), (0.36, 0.07), (0.72, -0.20)):
        beam = shape(
            [
                (x * WIDTH - 2, HEIGHT * 0.80),
                (x * WIDTH + 2, HEIGHT * 0.80),
                ((x + tilt) * WIDTH + 44, -10),
                ((x + tilt) * WIDTH - 44, -10),
            ],
            blur=5,
        )
        picture = lay(picture, (200, 214, 236), scaled(ImageChops.multiply(beam, fade(0.0, 0.8, 60, 230)), 0.5))
    picture = glow(picture, (0.58, 0.74), 0.30, (255, 128, 44))
    picture = glow(picture, (0.58, 0.735), 0.07, (255, 220, 150), 0.9)
    plume = ImageChops.multiply(
        noise(rng, 9, 9, 6),
        area([(0.55, 0.74), (0.61, 0.74), (0.72, 0.25), (0.58, 0.22)], blur=40),
    )
    picture = lay(picture, gradient([(0.2, (44, 36, 40)), (0.74, (190, 96, 46))]), scaled(plume, 1.4))
    tracer = Image.new("L", SIZE)
    draw = ImageDraw.Draw(tracer)
    for _ in range(9):
        x, lean = rng.uniform(0.25, 0.5), rng.uniform(0.12, 0.22)
        for k in range(26):
            t = k / 26 + rng.uniform(0, 0.01)
            x0, y0 = (x + lean * t + 0.07 * t * t) * WIDTH, (0.80 - 0.70 * t + 0.10 * t * t) * HEIGHT
            draw.line([(x0, y0), (x0 + 8, y0 - 15)], fill=rng.randint(120, 255), width=3)
    picture = lay(picture, (255, 110, 60), scaled(tracer.filter(ImageFilter.GaussianBlur(7)), 1.2))
    picture = lay(picture, (255, 236, 206), tracer.filter(ImageFilter.GaussianBlur(1)))
    far, near = _blocks(rng, 0.86, (0.03, 0.12), (0.02, 0.05)), _blocks(rng, 1.05, (0.14, 0.30), (0.07, 0.13))
    picture = lay(picture, (34, 24, 24), _houses(far))
    picture = lay(picture, (240, 176, 96), scaled(_windows(rng, far, (4, 6), 0.03), 0.7))
    picture = lay(picture, (34, 24, 24), below([(0, HEIGHT * 0.86), (WIDTH, HEIGHT * 0.86)]))
    block = _houses(near).filter(ImageFilter.GaussianBlur(0.8))
    picture = solid(picture, block, (13, 12, 15), light=(255, 150, 80), side=1, rim=0.6, bulk=5)
    picture = lay(picture, (24, 24, 32), scaled(_windows(rng, near, (13, 17), 0.8), 0.5))
    picture = lay(picture, (250, 190, 110), scaled(_windows(rng, near, (13, 17), 0.012), 0.8))
    return developed(rng, picture, bloom=0.55, grain=0.15, contrast=0.2)


def tower_in_snow(rng: random.Random) -> Image.Image:
    """A television tower fades into snow cloud over a white square with walkers."""
    picture = gradient([(0, (176, 182, 190)), (0.5, (206, 210, 214)), (0.66, (214, 217, 220)), (1, (228, 231, 235))])
    tower = Image.new("L", SIZE)
    draw = ImageDraw.Draw(tower)
    x = 0.60 * WIDTH
    draw.polygon(
        [(x - 16, 0.70 * HEIGHT), (x - 7, 0.26 * HEIGHT), (x + 7, 0.26 * HEIGHT), (x + 16, 0.70 * HEIGHT)], fill=255
    )
    draw.ellipse([x - 42, 0.235 * HEIGHT - 42, x + 42, 0.235 * HEIGHT + 42], fill=255)
    draw.polygon(
        [(x - 7, 0.20 * HEIGHT), (x - 2, 0.02 * HEIGHT), (x + 2, 0.02 * HEIGHT), (x + 7, 0.20 * HEIGHT)], fill=255
    )
    soft = ImageChops.multiply(tower.filter(ImageFilter.GaussianBlur(1.6)), fade(0.03, 0.5, 30, 235))
    picture = lay(picture, (120, 130, 140), soft)
    for depth, (height, width) in enumerate((((0.06, 0.14), (0.04, 0.09)), ((0.10, 0.20), (0.08, 0.16)))):
        boxes = [
            b for b in _blocks(rng, 0.70, height, width) if depth == 0 or b[0] < 0.30 * WIDTH or b[0] > 0.74 * WIDTH
        ]
        wall = ((172, 176, 180), (140, 140, 142))[depth]
        picture = lay(picture, wall, _houses(boxes).filter(ImageFilter.GaussianBlur(0.8)))
        picture = lay(
            picture,
            mix(wall, (70, 76, 84), 0.5),
            scaled(_windows(rng, boxes, (7 + 3 * depth, 10 + 4 * depth), 0.9), 0.7),
        )
        picture = lay(
            picture, (250, 214, 150), scaled(_windows(rng, boxes, (7 + 3 * depth, 10 + 4 * depth), 0.05), 0.8)
        )
        for left, top, right, _ in boxes:
            picture = lay(
                picture,
                (236, 238, 242),
                shape([(left, top - 4), (right, top - 4), (right, top + 5), (left, top + 5)], blur=1),
            )
    square = below([(0, 0.695 * HEIGHT), (WIDTH, 0.695 * HEIGHT)], 4)
    picture = lay(picture, gradient([(0.69, (212, 216, 222)), (1, (236, 239, 243))]), square)
    picture = textured(
        picture, curve(plane(noise(rng, 40, 40, 5, (2400, 1400)), 0.69, 8), (0, 90), (128, 128), (255, 168)), square
    )
    trees = Image.new("L", SIZE)
    pen = ImageDraw.Draw(trees)
    for tx, foot, tall in ((0.10, 0.76, 560), (0.27, 0.715, 330), (0.80, 0.73, 430), (0.95, 0.79, 700)):
        bare_tree(rng, pen, (tx * WIDTH, foot * HEIGHT), tall)
    picture = lay(picture, (70, 68, 68), trees.filter(ImageFilter.GaussianBlur(0.8)))
    cover = ImageChops.multiply(ImageChops.subtract(trees, ImageChops.offset(trees, 1, 3)), noise(rng, 120, 90, 3))
    picture = lay(picture, (240, 242, 246), cover.filter(ImageFilter.GaussianBlur(0.8)))
    for px, tall, tone, flip in (
        (0.36, 110, (110, 112, 118), False),
        (0.42, 118, (96, 100, 110), True),
        (0.52, 140, (80, 84, 92), False),
        (0.70, 190, (66, 70, 80), True),
        (0.235, 270, (46, 50, 60), False),
        (0.275, 262, (116, 46, 46), False),
    ):
        foot = 0.70 + (tall - 90) / 1000
        body = ImageChops.subtract(
            person("walk", (px * WIDTH, foot * HEIGHT), tall, flip=flip, coat=1.25),
            held_by_walker(px, foot, tall, flip),
        )
        picture = solid(picture, body, tone, light=(236, 240, 246), rim=0.35, bulk=6)
    return developed(
        rng, snowfall(rng, picture, 1500, 9), tint=(122, 128, 136), contrast=0.25, vignette=0.3, colour=0.7
    )
