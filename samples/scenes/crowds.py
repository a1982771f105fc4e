"""Scenes with many people: a match, a service, a meeting."""

from __future__ import annotations

import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from samples.figures import from_behind, person, solid
from samples.painting import (
    HEIGHT,
    SIZE,
    WIDTH,
    area,
    below,
    bokeh,
    curve,
    developed,
    glow,
    gradient,
    lay,
    mix,
    noise,
    relief,
    scaled,
    shape,
    softened,
    textured,
)


def stadium_at_night(rng: random.Random) -> Image.Image:
    """A full ground under floodlights, from high in the stand."""
    picture = gradient([(0, (14, 18, 34)), (0.3, (34, 40, 66)), (1, (20, 24, 30))])
    stand = area([(0, 0.3), (0.15, 0.24), (0.85, 0.24), (1.0, 0.3), (1.0, 0.6), (0.86, 0.52), (0.14, 0.52), (0, 0.6)])
    picture = lay(picture, (36, 34, 44), stand)
    seats = Image.frombytes("RGB", (320, 130), rng.randbytes(320 * 130 * 3)).resize(SIZE, Image.Resampling.BILINEAR)
    crowd = ImageChops.multiply(seats, gradient([(0.2, (90, 80, 96)), (0.5, (220, 190, 186))]))
    red = ImageChops.multiply(curve(noise(rng, 40, 20, 4), (0, 0), (110, 0), (150, 255)), stand)
    picture = lay(picture, crowd, scaled(stand, 0.75))
    picture = lay(picture, (186, 30, 36), scaled(red, 0.45))
    for y in (0.325, 0.405):
        picture = lay(
            picture,
            (14, 14, 20),
            area(
                [
                    (0, y + 0.045),
                    (0.14, y),
                    (0.86, y),
                    (1.0, y + 0.045),
                    (1.0, y + 0.055),
                    (0.86, y + 0.008),
                    (0.14, y + 0.008),
                    (0, y + 0.055),
                ]
            ),
        )
    roof = area(
        [(0, 0.16), (0.14, 0.155), (0.86, 0.155), (1.0, 0.16), (1.0, 0.31), (0.85, 0.25), (0.15, 0.25), (0, 0.31)]
    )
    picture = solid(picture, roof, (30, 32, 42), light=(200, 214, 240), rim=0.3, bulk=9)
    pitch = area([(0.17, 0.54), (0.83, 0.54), (1.1, 1.02), (-0.1, 1.02)])
    picture = lay(
        picture,
        (30, 62, 36),
        below(
            [
                (0, 0.605 * HEIGHT),
                (0.14 * WIDTH, 0.525 * HEIGHT),
                (0.86 * WIDTH, 0.525 * HEIGHT),
                (WIDTH, 0.605 * HEIGHT),
            ]
        ),
    )
    picture = lay(picture, gradient([(0.5, (66, 128, 62)), (1, (42, 98, 46))]), pitch)

    def on_pitch(u: float, v: float) -> tuple[float, float]:
        """Pitch shares (left to right, far to near) to pixels."""
        deep = v / (v + (1 - v) * 2.0) if v < 1 else 1.0
        y = 0.54 + 0.48 * deep
        half = 0.33 + 0.27 * deep
        return (0.5 + (u - 0.5) * 2 * half) * WIDTH, y * HEIGHT

    stripes = shape(
        *[
            [on_pitch(k / 14, 0), on_pitch((k + 1) / 14, 0), on_pitch((k + 1) / 14, 1), on_pitch(k / 14, 1)]
            for k in range(0, 14, 2)
        ],
        blur=2,
    )
    picture = lay(picture, (78, 146, 70), scaled(stripes, 0.5))
    marks = Image.new("L", SIZE)
    draw = ImageDraw.Draw(marks)
    for line in (
        [(0.04, 0.04), (0.96, 0.04), (0.96, 0.9), (0.04, 0.9), (0.04, 0.04)],
        [(0.5, 0.04), (0.5, 0.9)],
        [(0.04, 0.22), (0.18, 0.22), (0.18, 0.72), (0.04, 0.72)],
        [(0.96, 0.22), (0.82, 0.22), (0.82, 0.72), (0.96, 0.72)],
    ):
        draw.line([on_pitch(*p) for p in line], fill=220, width=3)
    (left, top), (right, bottom) = on_pitch(0.41, 0.30), on_pitch(0.59, 0.66)
    draw.ellipse([left, top, right, bottom], outline=220, width=3)
    picture = lay(picture, (232, 238, 226), scaled(marks.filter(ImageFilter.GaussianBlur(0.8)), 0.85))
    picture = textured(picture, curve(noise(rng, 300, 200, 3), (0, 96), (255, 160)), pitch)
    for k in range(22):
        u, v = rng.uniform(0.12, 0.9), rng.uniform(0.08, 0.86)
        px, py = on_pitch(u, v)
        tall = 32 + 42 * (py / HEIGHT - 0.54) / 0.46
        body = person(rng.choice(("run", "run", "stand")), (px, py), tall, flip=rng.random() < 0.5)
        for dx in (-0.7, 0.7):  # each throws a shadow from every mast
            cast = shape([(px, py), (px + dx * tall, py + tall * 0.25), (px + dx * tall + 6, py + tall * 0.3)], blur=2)
            picture = lay(picture, (20, 50, 24), scaled(cast, 0.6))
        picture = lay(picture, (196, 32, 36) if k % 2 else (236, 238, 242), body)
    for x in (0.08, 0.30, 0.50, 0.70, 0.92):
        for dx in (-0.018, -0.009, 0, 0.009, 0.018):
            picture = glow(picture, (x + dx, 0.165 + abs(x - 0.5) * 0.02), 0.02, (250, 252, 255))
        picture = glow(picture, (x, 0.17), 0.16, (130, 146, 176))
    haze = glow(Image.new("RGB", SIZE), (0.5, 0.45), 0.6, (150, 160, 180), 0.5)
    return developed(
        rng, ImageChops.screen(picture, haze.point(lambda v: int(v * 0.22))), bloom=0.5, grain=0.1, contrast=0.3
    )


def candlelight(rng: random.Random) -> Image.Image:
    """Servicemen from behind at an Easter service, candles and gold before them."""
    picture = gradient([(0, (22, 14, 10)), (0.4, (62, 36, 18)), (0.75, (46, 24, 14)), (1, (10, 7, 6))])
    for k in range(7):  # a wall of gilded panels, out of focus
        x = 0.11 + 0.13 * k
        arch, inner = (
            area(
                [
                    (x - r, 0.62),
                    (x - r, 0.24),
                    (x - r * 0.6, 0.15),
                    (x, 0.17 - r),
                    (x + r * 0.6, 0.15),
                    (x + r, 0.24),
                    (x + r, 0.62),
                ],
                blur=7,
            )
            for r in (0.05, 0.043)
        )
        edge = ImageChops.subtract(arch, inner)
        picture = lay(picture, mix((90, 40, 22), (120, 74, 30), rng.random()), scaled(arch, 0.6))
        picture = lay(picture, (226, 168, 76), scaled(edge, 0.6))
        saint = softened(person("stand", (x * WIDTH, 0.60 * HEIGHT), 300, coat=1.7), 9)
        picture = lay(picture, rng.choice([(36, 46, 66), (92, 30, 26), (60, 52, 30)]), scaled(saint, 0.7))
        picture = glow(picture, (x, 0.36), 0.035, (190, 140, 60))
    picture = picture.filter(ImageFilter.GaussianBlur(5))
    picture = glow(picture, (0.5, 0.50), 0.55, (120, 66, 22), 0.7)
    spots = [
        (
            rng.gauss(0.5, 0.24),
            rng.gauss(0.55, 0.07),
            rng.uniform(0.006, 0.019),
            mix((255, 196, 104), (255, 140, 50), rng.random()),
        )
        for _ in range(90)
    ]
    picture = bokeh(rng, picture, spots)
    for x, y in ((0.27, 0.10), (0.5, 0.05), (0.73, 0.10)):
        for _ in range(14):
            picture = bokeh(rng, picture, [(x + rng.gauss(0, 0.035), y + rng.gauss(0, 0.03), 0.009, (255, 214, 140))])
    for row, (foot, tall, count) in enumerate(((0.98, 420, 9), (1.14, 560, 7), (1.34, 760, 5))):
        for k in range(count):
            x = (k + 0.5 + rng.uniform(-0.2, 0.2) + 0.3 * (row % 2)) / count
            mask = from_behind((x * WIDTH, foot * HEIGHT), tall * rng.uniform(0.96, 1.04), rng.random() < 0.3)
            tone = mix((58, 44, 28), (12, 9, 8), row / 2)
            picture = solid(
                picture, mask, tone, light=(255, 188, 98), side=rng.choice((-1, 1)), rim=0.75 - 0.2 * row, bulk=10
            )
            if row < 2 and k % 2 == 0:
                cx, cy = x + 0.035, foot - tall / HEIGHT * 0.80
                picture = lay(
                    picture,
                    (220, 190, 130),
                    shape(
                        [
                            (cx * WIDTH - 4, cy * HEIGHT + 6),
                            (cx * WIDTH + 4, cy * HEIGHT + 6),
                            (cx * WIDTH + 4, cy * HEIGHT + 70),
                            (cx * WIDTH - 4, cy * HEIGHT + 70),
                        ],
                        blur=1,
                    ),
                )
                picture = glow(picture, (cx, cy), 0.05, (255, 160, 60))
                picture = glow(picture, (cx, cy), 0.010, (255, 244, 214), 1.8)
    return developed(rng, picture, bloom=0.5, grain=0.14, contrast=0.25)


def meeting_by_video(rng: random.Random) -> Image.Image:
    """A man at a long table before a great screen in a panelled hall; photographers' backs in front."""
    picture = gradient([(0, (96, 78, 60)), (0.5, (150, 122, 92)), (0.7, (120, 92, 66)), (1, (56, 40, 30))])
    for k in range(12):  # panels and pilasters
        left = k / 11 * WIDTH - 60
        panel = shape([(left, 0), (left + 106, 0), (left + 106, 0.66 * HEIGHT), (left, 0.66 * HEIGHT)], blur=2)
        picture = textured(
            lay(picture, mix((172, 140, 104), (128, 98, 68), rng.random()), scaled(panel, 0.8)),
            curve(noise(rng, 120, 4, 4), (0, 104), (255, 152)),
            panel,
        )
    screen = [
        (0.20 * WIDTH, 0.10 * HEIGHT),
        (0.66 * WIDTH, 0.10 * HEIGHT),
        (0.66 * WIDTH, 0.53 * HEIGHT),
        (0.20 * WIDTH, 0.53 * HEIGHT),
    ]
    frame = shape(
        [
            (x + dx, y + dy)
            for (x, y), (dx, dy) in zip(screen, ((-14, -14), (14, -14), (14, 14), (-14, 14)), strict=True)
        ]
    )
    picture = lay(picture, (14, 14, 16), frame)
    show = gradient([(0.1, (90, 118, 132)), (0.5, (60, 80, 92))])
    show = lay(
        show,
        (120, 60, 52),
        area([(0.22, 0.1), (0.29, 0.1), (0.28, 0.53), (0.22, 0.53)], blur=8),
    )
    officer = from_behind((0.43 * WIDTH, 0.98 * HEIGHT), 800, False)
    show = solid(show, officer, (62, 72, 56), light=(230, 226, 206), rim=0.4, bulk=16)
    face = area([(0.408, 0.25), (0.452, 0.25), (0.45, 0.315), (0.43, 0.345), (0.41, 0.315)], blur=9)
    show = lay(show, (206, 164, 138), face)
    show = textured(show, curve(noise(rng, 1.5, 300, 2), (0, 118), (255, 138)))
    picture = Image.composite(show, picture, shape(screen))
    picture = glow(picture, (0.43, 0.32), 0.34, (44, 58, 62))
    for x in (0.745, 0.80, 0.855):  # flags on their poles
        stripes = gradient([(0.2, (214, 210, 204)), (0.42, (60, 76, 132)), (0.62, (150, 40, 40))])
        cloth = area([(x - 0.012, 0.16), (x + 0.016, 0.2), (x + 0.022, 0.6), (x - 0.016, 0.63)], blur=1)
        picture = Image.composite(textured(stripes, relief(noise(rng, 90, 3, 3), 8, 0, 2.0)), picture, cloth)
    table = area([(0.08, 0.7), (0.92, 0.66), (1.02, 0.86), (0, 0.94)], blur=1.5)
    picture = lay(picture, (38, 28, 22), scaled(ImageChops.offset(table, 0, 30), 0.9))
    picture = lay(picture, gradient([(0.64, (150, 104, 64)), (0.95, (78, 48, 28))]), table)
    picture = lay(
        picture,
        (172, 184, 184),
        scaled(
            ImageChops.multiply(
                table, glow(Image.new("RGB", SIZE), (0.42, 0.72), 0.22, (255, 255, 255), 0.3).convert("L")
            ),
            0.55,
        ),
    )
    man = from_behind((0.70 * WIDTH, 1.10 * HEIGHT), 730, False)
    man = ImageChops.subtract(man, below([(0, 0.76 * HEIGHT), (WIDTH, 0.735 * HEIGHT)]))
    picture = solid(picture, man, (30, 32, 44), light=(226, 220, 208), rim=0.7, bulk=14)
    skin = area([(0.676, 0.435), (0.695, 0.43), (0.7, 0.5), (0.685, 0.525), (0.675, 0.48)], blur=5)
    picture = lay(picture, (196, 150, 124), skin)
    for x in (0.30, 0.50):
        sheet = area([(x, 0.745), (x + 0.07, 0.74), (x + 0.08, 0.765), (x + 0.004, 0.772)], blur=1)
        picture = lay(picture, (236, 232, 222), sheet)
    for x, tall in ((0.10, 560), (0.93, 620)):
        picture = solid(
            picture,
            from_behind((x * WIDTH, 1.22 * HEIGHT), tall * 1.2, x < 0.5).filter(ImageFilter.GaussianBlur(7)),
            (18, 16, 16),
            light=(190, 170, 140),
            rim=0.3,
            bulk=16,
        )
    return developed(rng, picture, tint=(136, 124, 110), contrast=0.25, bloom=0.3, grain=0.1)
