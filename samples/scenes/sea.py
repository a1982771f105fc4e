"""Scenes at sea and on the shore."""

from __future__ import annotations

import random
from itertools import pairwise
from math import sin

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from samples.figures import FIGHTER, FLAT_TOP, FREIGHTER, FRIGATE, GANTRY, machine, person, solid, together
from samples.painting import (
    HEIGHT,
    SIZE,
    WIDTH,
    area,
    below,
    crests,
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
    textured,
    waves,
)


def flat_top_at_sunset(rng: random.Random) -> Image.Image:
    """An aircraft carrier under way, against the setting sun on the water."""
    horizon = 0.58
    sky = gradient(
        [
            (0, (58, 62, 96)),
            (0.25, (150, 104, 104)),
            (0.45, (240, 160, 92)),
            (0.58, (255, 208, 128)),
            (1, (255, 208, 128)),
        ]
    )
    clouds = noise(rng, 3, 18, 6)
    sky = lay(
        sky,
        (84, 66, 88),
        scaled(ImageChops.multiply(curve(clouds, (0, 0), (120, 0), (190, 255)), fade(0.05, 0.5, 255, 60)), 0.75),
    )
    sky = textured(sky, relief(clouds, 0, -9, 1.0), fade(0.2, 0.5, 255, 0))
    sky = glow(sky, (0.30, 0.545), 0.34, (255, 170, 80))
    sky = glow(sky, (0.30, 0.545), 0.05, (255, 246, 215))
    picture = mirrored(sky, horizon, smear=6)
    picture = Image.composite(
        Image.blend(picture, Image.new("RGB", SIZE, (46, 50, 70)), 0.55), picture, fade(horizon, 0.85, 20, 255)
    )
    swell = waves(rng, horizon)
    picture = sea(picture, picture, swell, horizon)
    glint = ImageChops.multiply(
        curve(swell, (0, 0), (138, 0), (200, 255)),
        glow(Image.new("RGB", SIZE), (0.30, 0.66), 0.34, (255, 255, 255), 1.1).convert("L"),
    )
    picture = lay(picture, (255, 224, 160), scaled(ImageChops.multiply(glint, fade(horizon, horizon + 0.01)), 1.6))
    ship = machine(FLAT_TOP, (0.565 * WIDTH, 0.592 * HEIGHT), 840)
    deck = together(
        [
            machine(FIGHTER, ((0.565 + x) * WIDTH, 0.592 * HEIGHT - 86), 46, flip=x > 0)
            for x in (-0.235, -0.205, -0.172, -0.14, -0.05, 0.115, 0.15)
        ]
    )
    reflection = ImageChops.multiply(_flipped(ship, 0.592), curve(swell, (0, 255), (110, 230), (160, 60)))
    picture = lay(picture, (30, 28, 40), scaled(reflection.filter(ImageFilter.GaussianBlur(2)), 0.75))
    picture = lay(picture, (30, 27, 36), ImageChops.lighter(ship, deck))
    wake = area([(0.05, 0.597), (0.3, 0.588), (0.83, 0.588), (0.84, 0.596)], blur=2)
    picture = lay(picture, (255, 226, 190), scaled(ImageChops.multiply(wake, noise(rng, 200, 120, 3)), 0.8))
    picture = glow(picture, (0.30, 0.55), 0.22, (120, 66, 20))
    return developed(rng, picture, bloom=0.4, contrast=0.25, tint=(140, 118, 112))


def _flipped(mask: Image.Image, waterline: float) -> Image.Image:
    """The mask upside down below the waterline, half as high."""
    line = waterline * HEIGHT
    return mask.transform(SIZE, Image.Transform.AFFINE, (1, 0, 0, 0, -1.7, line * 2.7), Image.Resampling.BILINEAR)


def frigate_in_fog(rng: random.Random) -> Image.Image:
    """A warship out of the fog on still water: nearly no colour."""
    horizon = 0.60
    picture = gradient([(0, (168, 176, 180)), (0.55, (200, 205, 205)), (1, (200, 205, 205))])
    picture = textured(picture, curve(noise(rng, 3, 5, 5), (0, 104), (255, 152)))
    ship = machine(FRIGATE, (0.52 * WIDTH, 0.615 * HEIGHT), 900)
    hull = gradient([(0.3, (150, 158, 162)), (0.5, (112, 121, 127)), (0.62, (92, 101, 108))])
    picture = Image.composite(hull, picture, ship.filter(ImageFilter.GaussianBlur(1.4)))
    picture = textured(picture, curve(noise(rng, 60, 30, 4), (0, 100), (255, 156)), ship)
    picture = mirrored(picture, 0.615, curve(noise(rng, 6, 120, 4), (0, 0), (110, 0), (150, 255)))
    water = fade(0.612, 0.618)
    picture = lay(picture, (158, 168, 172), scaled(water, 0.35))
    picture = textured(picture, curve(waves(rng, horizon, 14, 40, 0.8), (0, 60), (128, 128), (255, 200)), water)
    wash = area([(0.2, 0.617), (0.8, 0.608), (0.83, 0.616), (0.5, 0.622)], blur=2)
    picture = lay(picture, (236, 238, 238), scaled(ImageChops.multiply(wash, noise(rng, 150, 120, 3)), 0.8))
    fog = ImageChops.multiply(noise(rng, 4, 7, 6), fade(0.3, 0.62, 80, 255))
    picture = lay(picture, (208, 213, 213), scaled(ImageChops.multiply(fog, fade(0.62, 0.8, 255, 40)), 0.7))
    for x, y in ((0.42, 0.42), (0.62, 0.47)):
        picture = glow(picture, (x, y), 0.012, (255, 240, 200))
    return developed(rng, picture, colour=0.6, contrast=0.3, bloom=0.1)


def harbour_at_dawn(rng: random.Random) -> Image.Image:
    """Gantry cranes and a container ship; pink haze over the roads."""
    horizon = 0.66
    picture = gradient(
        [
            (0, (96, 124, 164)),
            (0.35, (196, 172, 176)),
            (0.58, (250, 200, 168)),
            (0.66, (252, 214, 186)),
            (1, (200, 180, 176)),
        ]
    )
    picture = textured(picture, curve(noise(rng, 3, 14, 6), (0, 84), (255, 170)), fade(0, 0.6, 255, 40))
    picture = glow(picture, (0.82, 0.60), 0.30, (255, 180, 120))
    picture = lay(picture, (190, 158, 160), below(ridge(rng, 0.60, 0.03, 0.5)))
    picture = lay(picture, (236, 196, 176), scaled(fade(0.52, 0.66, 0, 200), 0.8))
    for x, size, depth in ((0.06, 230, 0.3), (0.16, 260, 0.35), (0.45, 330, 0.55), (0.60, 400, 0.7)):
        crane = machine(GANTRY, (x * WIDTH, horizon * HEIGHT + 4), size * 1.6)
        picture = lay(picture, mix((214, 178, 168), (54, 46, 58), depth), crane)
    quay = area([(0, 0.65), (0.74, 0.655), (0.74, 0.668), (0, 0.672)])
    picture = lay(picture, (84, 70, 76), quay)
    boxes = [(166, 74, 58), (66, 92, 122), (176, 132, 66), (92, 104, 92), (130, 60, 66), (196, 190, 180)]
    for _ in range(90):
        x, row = rng.uniform(0, 0.70) * WIDTH, rng.randint(0, 3)
        top = HEIGHT * 0.652 - (row + 1) * 13
        picture = lay(
            picture,
            mix(rng.choice(boxes), (214, 178, 168), 0.45),
            shape([(x, top), (x + 34, top), (x + 34, top + 13), (x, top + 13)], blur=0),
        )
    ship = machine(FREIGHTER, (0.64 * WIDTH, 0.688 * HEIGHT), 760)
    picture = solid(picture, ship, (70, 58, 66), light=(255, 214, 180), side=1, rim=0.5, bulk=6)
    for step in range(11):
        x0 = 0.64 * WIDTH + 760 * (-0.36 + 0.06 * step)
        for row in range(4):
            y0 = 0.688 * HEIGHT - 760 * (0.07 + 0.025 * (row + 1))
            cell = ImageChops.multiply(
                ship, shape([(x0, y0), (x0 + 42, y0), (x0 + 42, y0 + 17), (x0, y0 + 17)], blur=0)
            )
            picture = lay(picture, mix(rng.choice(boxes), (80, 62, 66), 0.35), cell)
    picture = mirrored(picture, 0.69, curve(noise(rng, 5, 110, 4), (0, 0), (110, 0), (150, 255)), smear=3)
    picture = lay(picture, (110, 116, 140), fade(0.69, 1.0, 30, 150))
    picture = textured(picture, waves(rng, 0.685, 24, 60, 1.8), fade(0.69, 0.75))
    return developed(rng, picture, tint=(144, 126, 128), bloom=0.3)


def shore_at_first_light(rng: random.Random) -> Image.Image:
    """Surf runs up an empty beach."""
    horizon = 0.44
    picture = gradient(
        [
            (0, (110, 142, 180)),
            (0.25, (184, 188, 204)),
            (0.40, (248, 206, 176)),
            (0.44, (250, 220, 190)),
            (1, (120, 130, 140)),
        ]
    )
    clouds = noise(rng, 4, 14, 6)
    picture = lay(
        picture,
        (248, 176, 150),
        scaled(ImageChops.multiply(curve(clouds, (0, 0), (126, 0), (200, 255)), fade(0.02, 0.42, 255, 120)), 0.75),
    )
    picture = textured(picture, relief(clouds, 0, -8, 1.0), fade(0.0, 0.40, 220, 0))
    swell = waves(rng, horizon, 20, 70, 2.0)
    picture = sea(
        picture,
        gradient([(0.44, (196, 184, 184)), (0.52, (112, 140, 156)), (0.8, (70, 104, 120)), (1, (70, 104, 120))]),
        swell,
        horizon,
    )
    edge = [(x, y + 190 - 0.00011 * (x - 300) ** 2 + 16 * sin(x / 210)) for x, y in ridge(rng, 0.70, 0.012, 0.5)]
    for step, rise in enumerate((-0.175, -0.11, -0.05)):  # lines of breakers
        crest = [(x, y + rise * HEIGHT + 10 * sin(x / 170 + step * 2)) for x, y in ridge(rng, 0.70, 0.016, 0.55)]
        thick = 6 + 9 * step
        band = shape([*crest, *[(x, y + thick * (1 + sin(x / 90 + step))) for x, y in reversed(crest)]], blur=2)
        picture = lay(picture, (44, 78, 92), scaled(ImageChops.offset(band, 0, -thick // 2), 0.5))
        foam = ImageChops.multiply(band, curve(noise(rng, 90, 40, 5), (0, 0), (80, 60), (170, 255)))
        picture = lay(picture, (246, 240, 236), foam)
    sand = below(edge, 5)
    picture = Image.composite(
        gradient([(0.6, (150, 132, 116)), (0.8, (176, 152, 126)), (1, (150, 124, 98))]), picture, sand
    )
    wet = ImageChops.subtract(
        below([(x, y - 6) for x, y in edge], 4), below([(x, y + 80 + 30 * sin(x / 260)) for x, y in edge], 30)
    )
    picture = lay(picture, gradient([(0.5, (250, 214, 186)), (1, (196, 176, 170))]), scaled(wet, 0.55))
    picture = textured(
        picture,
        curve(plane(noise(rng, 120, 60, 5, (2400, 1400)), 0.5, 7), (0, 92), (128, 128), (255, 164)),
        ImageChops.subtract(sand, wet),
    )
    lace = ImageChops.subtract(below([(x, y - 30) for x, y in edge], 3), below([(x, y + 4) for x, y in edge], 3))
    picture = lay(
        picture,
        (250, 246, 240),
        ImageChops.multiply(lace, curve(crests(noise(rng, 44, 40, 5)), (0, 0), (120, 30), (235, 255))),
    )
    return developed(rng, picture, bloom=0.25, tint=(136, 128, 124))


def landing_in_1944(rng: random.Random) -> Image.Image:
    """An old print: troops wade from a landing craft, ships and balloons behind them; black and white."""
    horizon = 0.40
    picture = gradient([(0, (150, 150, 150)), (0.40, (206, 206, 206)), (1, (150, 150, 150))])
    picture = textured(picture, curve(noise(rng, 4, 6, 6), (0, 70), (255, 178)))
    for x, size in ((0.10, 190), (0.34, 130), (0.60, 230), (0.86, 160)):
        picture = lay(
            picture,
            mix((196, 196, 196), (96, 96, 96), size / 330),
            machine(FRIGATE, (x * WIDTH, horizon * HEIGHT + 3), size, flip=x > 0.5),
        )
    for x, y, r in ((0.16, 0.13, 30), (0.44, 0.20, 20), (0.69, 0.09, 38), (0.88, 0.22, 22)):
        balloon = Image.new("L", SIZE)
        draw = ImageDraw.Draw(balloon)
        draw.ellipse([x * WIDTH - r, y * HEIGHT - r * 0.42, x * WIDTH + r, y * HEIGHT + r * 0.42], fill=255)
        draw.polygon(
            [
                (x * WIDTH + r * 0.7, y * HEIGHT),
                (x * WIDTH + r * 1.3, y * HEIGHT - r * 0.5),
                (x * WIDTH + r * 1.3, y * HEIGHT + r * 0.5),
            ],
            fill=255,
        )
        draw.line([(x * WIDTH, y * HEIGHT), (x * WIDTH - 30, horizon * HEIGHT)], fill=110, width=1)
        picture = lay(picture, (110, 110, 110), balloon.filter(ImageFilter.GaussianBlur(0.8)))
    swell = waves(rng, horizon, 24, 60, 2.6)
    picture = sea(
        picture, gradient([(0.40, (176, 176, 176)), (0.6, (122, 122, 122)), (1, (150, 150, 150))]), swell, horizon
    )
    foam = ImageChops.multiply(
        curve(plane(noise(rng, 30, 70, 6, (2400, 1400)), horizon, 8), (0, 0), (140, 0), (200, 255)), fade(0.5, 0.95)
    )
    picture = lay(picture, (226, 226, 226), foam)
    smoke = area([(0.78, 0.41), (0.8, 0.41), (0.98, 0.05), (0.72, 0.02)], blur=26)
    picture = lay(picture, (82, 82, 82), scaled(ImageChops.multiply(smoke, noise(rng, 9, 8, 6)), 1.1))
    ramp = area([(0, 0.3), (0.19, 0.36), (0.205, 0.8), (0, 0.98)], blur=1.5)
    picture = solid(
        picture,
        ramp,
        (58, 58, 58),
        light=(200, 200, 200),
        side=1,
        rim=0.5,
        bulk=10,
        cloth=relief(noise(rng, 14, 60, 4), 0, 4, 1),
    )
    for x, foot, tall in (
        (0.70, 0.60, 150),
        (0.60, 0.625, 168),
        (0.77, 0.635, 160),
        (0.50, 0.68, 205),
        (0.645, 0.72, 225),
        (0.40, 0.78, 285),
        (0.27, 0.90, 385),
    ):
        mask = person("wade", (x * WIDTH, foot * HEIGHT), tall, helmet=True, pack=True)
        sunk = ImageChops.subtract(
            mask, below([(0, foot * HEIGHT - tall * 0.20), (WIDTH, foot * HEIGHT - tall * 0.20)], 3)
        )
        ring = glow(
            Image.new("RGB", SIZE), (x, foot - 0.19 * tall / HEIGHT), tall * 0.00028, (255, 255, 255), 0.28
        ).convert("L")
        picture = lay(picture, (232, 232, 232), scaled(ImageChops.multiply(ring, noise(rng, 60, 50, 4)), 1.3))
        picture = solid(
            picture,
            sunk,
            mix((46, 46, 46), (112, 112, 112), 1 - tall / 400),
            light=(214, 214, 214),
            side=1,
            rim=0.5,
            bulk=6,
        )
    picture = developed(
        rng, picture.filter(ImageFilter.GaussianBlur(1.3)), grain=0.26, contrast=0.4, bloom=0.3, vignette=0.49
    )
    grey = ImageOps.grayscale(picture)
    scratches = Image.new("L", SIZE)
    draw = ImageDraw.Draw(scratches)
    for _ in range(26):
        x, y = rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT)
        draw.line([(x, y), (x + rng.gauss(0, 8), y + rng.expovariate(1 / 60))], fill=rng.randint(40, 150), width=1)
    return ImageOps.colorize(ImageChops.screen(grey, scratches), (22, 20, 18), (240, 236, 226), (128, 124, 118))


def straits_from_above(rng: random.Random) -> Image.Image:
    """A warship turns in blue water, seen from an aircraft; its wake bends white."""
    water = noise(rng, 30, 22, 6, keep=0.62)
    picture = ImageOps.colorize(curve(water, (0, 90), (255, 170)), (12, 46, 72), (62, 124, 148), (26, 78, 106))
    picture = textured(picture, relief(noise(rng, 90, 130, 4), -3, 4, 0.7))
    picture = lay(
        picture,
        (120, 170, 186),
        scaled(glow(Image.new("RGB", SIZE), (0.85, 0.1), 0.6, (255, 255, 255)).convert("L"), 0.35),
    )
    course = [(0.02 + 0.68 * t, 0.98 - 0.60 * t + 0.24 * sin(t * 3.1)) for t in [k / 50 for k in range(51)]]
    wake = Image.new("L", SIZE)
    draw = ImageDraw.Draw(wake)
    for k, ((x1, y1), (x2, y2)) in enumerate(pairwise(course)):
        draw.line([(x1 * WIDTH, y1 * HEIGHT), (x2 * WIDTH, y2 * HEIGHT)], fill=60 + 3 * k, width=round(92 - 1.3 * k))
    foam = ImageChops.multiply(
        wake.filter(ImageFilter.GaussianBlur(9)), curve(crests(noise(rng, 60, 46, 5)), (0, 40), (150, 130), (255, 255))
    )
    picture = lay(picture, (150, 204, 208), scaled(wake.filter(ImageFilter.GaussianBlur(24)), 0.5))
    picture = lay(picture, (240, 246, 246), scaled(foam, 1.3))
    deck = [
        (-0.5, 0.40),
        (-0.48, 0.345),
        (0.1, 0.335),
        (0.36, 0.36),
        (0.52, 0.40),
        (0.36, 0.44),
        (0.1, 0.465),
        (-0.48, 0.455),
    ]
    tops = [
        [(-0.30, 0.37), (-0.10, 0.37), (-0.10, 0.43), (-0.30, 0.43)],
        [(-0.04, 0.36), (0.16, 0.365), (0.20, 0.40), (0.16, 0.435), (-0.04, 0.44)],
        [(0.24, 0.385), (0.30, 0.385), (0.30, 0.415), (0.24, 0.415)],
    ]
    at = (0.72 * WIDTH, 0.60 * HEIGHT)
    hull = machine([deck], at, 440, tilt=30)
    bow = glow(Image.new("RGB", SIZE), (0.79, 0.335), 0.07, (255, 255, 255)).convert("L")
    picture = lay(picture, (240, 246, 246), scaled(ImageChops.multiply(bow, noise(rng, 50, 40, 5)), 1.5))
    picture = lay(
        picture, (8, 26, 40), scaled(ImageChops.offset(hull, 16, 20).filter(ImageFilter.GaussianBlur(7)), 0.7)
    )
    picture = solid(picture, hull, (120, 128, 132), light=(220, 226, 228), rim=0.6, bulk=6)
    for top in tops:
        part = machine([top], at, 440, tilt=30)
        picture = lay(
            picture, (50, 58, 64), scaled(ImageChops.offset(part, 7, 9).filter(ImageFilter.GaussianBlur(3)), 0.7)
        )
        picture = solid(picture, part, (156, 162, 164), light=(236, 238, 238), rim=0.7, bulk=4)
    pad = machine([[(-0.46, 0.37), (-0.34, 0.37), (-0.34, 0.43), (-0.46, 0.43)]], at, 440, tilt=30)
    picture = lay(picture, (78, 86, 90), scaled(pad, 0.9))
    return developed(rng, picture, contrast=0.3, tint=(124, 132, 136))
