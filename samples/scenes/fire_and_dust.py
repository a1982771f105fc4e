"""Scenes of smoke, mud and flame: a gun, a fire, a carrier on a road, a landing in dust."""

from __future__ import annotations

import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from samples.figures import (
    CARRIER,
    CARRIER_WHEELS,
    CHINOOK,
    CHINOOK_WHEELS,
    HOWITZER,
    HOWITZER_WHEELS,
    machine,
    person,
    shadow,
    solid,
    together,
)
from samples.painting import (
    HEIGHT,
    SIZE,
    WIDTH,
    area,
    bare_tree,
    below,
    broadleaves,
    conifers,
    curve,
    developed,
    fade,
    glow,
    gradient,
    lay,
    level_at,
    mix,
    noise,
    plane,
    relief,
    ridge,
    scaled,
    shape,
    stars,
    textured,
)


def gun_at_night(rng: random.Random) -> Image.Image:
    """A gun fires after dusk: the flash lights smoke and field."""
    picture = gradient(
        [(0, (6, 11, 26)), (0.45, (18, 32, 60)), (0.62, (52, 62, 86)), (0.64, (10, 10, 12)), (1, (8, 7, 7))]
    )
    picture = stars(rng, picture, 0.55, 700)
    field = plane(noise(rng, 80, 40, 6, (2400, 1400)), 0.635, 9)
    flash = (0.632, 0.598)
    picture = glow(picture, flash, 0.62, (150, 70, 22))
    picture = lay(picture, (14, 15, 20), broadleaves(rng, ridge(rng, 0.635, 0.006), 0.05, 2.5))
    lit = glow(Image.new("RGB", SIZE), (0.55, 0.74), 0.5, (205, 112, 46), 0.30)
    ground = ImageChops.multiply(lit, Image.merge("RGB", [curve(field, (0, 0), (60, 30), (255, 255))] * 3))
    picture = Image.composite(ImageChops.screen(picture, ground), picture, fade(0.630, 0.64))
    smoke = noise(rng, 6, 5, 6)
    cloud = ImageChops.multiply(
        smoke, glow(Image.new("RGB", SIZE), (0.70, 0.42), 0.27, (255, 255, 255), 0.8).convert("L")
    )
    picture = lay(
        picture,
        gradient([(0, (120, 60, 26)), (0.45, (250, 176, 92)), (0.7, (150, 72, 30)), (1, (80, 40, 20))]),
        scaled(cloud, 1.25),
    )
    for radius, colour in ((0.20, (255, 140, 40)), (0.11, (255, 190, 90)), (0.055, (255, 240, 200))):
        picture = glow(picture, flash, radius, colour, 0.85)
    for angle, reach in ((0.10, 190), (-0.25, 150), (0.42, 120), (-0.6, 90)):  # tongues of flame from the muzzle brake
        from_x, from_y = flash[0] * WIDTH, flash[1] * HEIGHT
        tongue = shape(
            [(from_x - 20, from_y + 8), (from_x + reach, from_y - reach * (0.42 + angle)), (from_x, from_y - 16)],
            blur=9,
        )
        picture = lay(picture, (255, 226, 160), scaled(tongue, 0.9))
    gun = machine(HOWITZER, (0.475 * WIDTH, 0.82 * HEIGHT), 470, wheels=HOWITZER_WHEELS)
    crew = together(
        [
            person("kneel", (0.30 * WIDTH, 0.83 * HEIGHT), 225, helmet=True),
            person("stand", (0.22 * WIDTH, 0.84 * HEIGHT), 238, helmet=True),
            person("run", (0.135 * WIDTH, 0.845 * HEIGHT), 240, helmet=True, flip=True),
        ]
    )
    for body in (gun, crew):
        picture = solid(picture, body, (20, 17, 14), light=(255, 170, 84), side=1, rim=0.95, bulk=6)
    for _ in range(60):
        picture.putpixel(
            (round(rng.gauss(0.69, 0.07) * WIDTH) % WIDTH, round(rng.gauss(0.40, 0.08) * HEIGHT)), (255, 190, 110)
        )
    return developed(rng, picture, grain=0.15, bloom=0.5, contrast=0.3)


def muddy_road(rng: random.Random) -> Image.Image:
    """An armoured carrier on a rutted road under an autumn sky; water in the ruts."""
    clouds = noise(rng, 5, 9, 6)
    picture = gradient([(0, (116, 124, 134)), (0.42, (196, 200, 200)), (0.5, (214, 212, 202)), (1, (150, 140, 120))])
    picture = textured(picture, curve(clouds, (0, 40), (128, 128), (255, 190)), fade(0.1, 0.5, 255, 60))
    picture = textured(picture, relief(clouds, 0, 10, 1.6), fade(0.0, 0.45, 200, 0))
    far = broadleaves(rng, ridge(rng, 0.475, 0.006), 0.045, 4)
    picture = lay(picture, (126, 130, 128), far)
    picture = lay(picture, (104, 90, 66), below([(0, HEIGHT * 0.49), (WIDTH, HEIGHT * 0.49)]))
    grass = plane(noise(rng, 110, 50, 6, (2600, 1500)), 0.49, 9)
    picture = textured(picture, curve(grass, (0, 60), (128, 122), (255, 205)), fade(0.485, 0.50))
    picture = lay(
        picture,
        (140, 122, 76),
        ImageChops.multiply(fade(0.49, 0.6, 90, 0), below([(0, HEIGHT * 0.492), (WIDTH, HEIGHT * 0.492)])),
    )
    road = area([(0.47, 0.5), (0.53, 0.5), (1.02, 1.0), (0.06, 1.0)], blur=8)
    picture = lay(picture, (84, 70, 52), road)
    mud = plane(noise(rng, 50, 90, 6, (2600, 1500)), 0.49, 9)
    picture = textured(picture, relief(mud, 6, 3, 2.2), road)
    for left in (0.20, 0.66):  # two ruts full of sky
        right = left + 0.13
        rut = area(
            [
                (0.47 + left * 0.06, 0.505),
                (0.47 + right * 0.06, 0.505),
                (0.06 + right * 0.96, 1.0),
                (0.06 + left * 0.96, 1.0),
            ],
            blur=6,
        )
        water = ImageChops.multiply(
            rut, curve(plane(noise(rng, 14, 24, 5, (2600, 1500)), 0.49, 9), (0, 0), (70, 0), (150, 255))
        )
        picture = lay(picture, gradient([(0.5, (210, 210, 204)), (1, (128, 134, 142))]), scaled(water, 0.7))
        picture = lay(picture, (52, 42, 30), scaled(relief(water, 0, 6, 1).point(lambda v: max(0, 128 - v) * 2), 0.8))
    for side in (-1, 1):
        trees = Image.new("L", SIZE)
        draw = ImageDraw.Draw(trees)
        for step in range(9):
            depth = 0.86**step
            x = 0.5 + side * (0.07 + 0.46 * depth)
            bare_tree(
                rng,
                draw,
                (x * WIDTH, HEIGHT * (0.495 + 0.17 * depth)),
                HEIGHT * (0.12 + 0.62 * depth),
                rng.gauss(0, 0.05),
            )
        picture = lay(picture, (52, 46, 40), trees.filter(ImageFilter.GaussianBlur(0.8)))
        leaves = ImageChops.multiply(
            trees.filter(ImageFilter.MaxFilter(9)), curve(noise(rng, 200, 130, 3), (0, 0), (135, 0), (175, 255))
        )
        picture = lay(picture, (164, 118, 48), scaled(leaves, 0.75))
    carrier = machine(CARRIER, (0.50 * WIDTH, 0.735 * HEIGHT), 560, wheels=CARRIER_WHEELS, flip=True)
    crew = together([person("stand", (x * WIDTH, 0.610 * HEIGHT), 104, helmet=True) for x in (0.445, 0.54)])
    crew = ImageChops.subtract(crew, below([(0, HEIGHT * 0.555), (WIDTH, HEIGHT * 0.555)], 0))
    picture = lay(picture, (36, 30, 22), scaled(shadow(carrier, 0.728 * HEIGHT, 0.22, 0.1, 12), 0.75))
    camouflage = curve(noise(rng, 24, 20, 3), (0, 70), (115, 84), (135, 150), (255, 168))
    picture = solid(
        picture,
        ImageChops.lighter(carrier, crew),
        (84, 88, 66),
        light=(226, 226, 214),
        rim=0.4,
        bulk=9,
        cloth=camouflage,
    )
    wheels = machine(
        [], (0.50 * WIDTH, 0.735 * HEIGHT), 560, wheels=[(f, u, r * 0.98) for f, u, r in CARRIER_WHEELS], flip=True
    )
    picture = solid(picture, wheels, (36, 34, 30), rim=0.3, bulk=5)
    hubs = machine(
        [], (0.50 * WIDTH, 0.735 * HEIGHT), 560, wheels=[(f, u, r * 0.4) for f, u, r in CARRIER_WHEELS], flip=True
    )
    picture = solid(picture, hubs, (82, 76, 60), rim=0.2, bulk=3)
    return developed(rng, picture, tint=(132, 126, 110), contrast=0.22)


def hillside_fire(rng: random.Random) -> Image.Image:
    """A wildfire comes over a ridge at night, two firefighters before it."""
    picture = gradient(
        [(0, (30, 10, 8)), (0.3, (110, 34, 12)), (0.5, (226, 98, 22)), (0.62, (255, 158, 48)), (1, (60, 18, 8))]
    )
    smoke = noise(rng, 4, 4, 7)
    picture = textured(picture, curve(smoke, (0, 20), (128, 110), (255, 225)), fade(0.3, 0.7, 255, 140))
    picture = textured(picture, relief(smoke, -5, 9, 2.0), fade(0.2, 0.7, 230, 60))
    far = ridge(rng, 0.55, 0.05, 0.5)
    trees = conifers(rng, far, 0.16, 1.2)
    for x in [rng.uniform(0, 1) for _ in range(16)]:
        picture = glow(picture, (x, level_at(far, x) / HEIGHT - 0.02), rng.uniform(0.04, 0.10), (255, 150, 40), 1.3)
    picture = lay(picture, (70, 22, 8), scaled(trees, 0.9))
    line = ridge(rng, 0.66, 0.04, 0.5)
    flames = Image.new("L", SIZE)
    draw = ImageDraw.Draw(flames)
    for _ in range(700):
        x = rng.uniform(0, 1)
        foot, tall = level_at(line, x) + 8, rng.expovariate(1 / 30) + 5
        for step in range(8):  # a flame curls as it thins out
            r, up = tall * 0.17 * (1 - step / 8), step / 8
            dx = tall * (0.5 * up + 0.10 * rng.uniform(-1, 1))
            draw.ellipse(
                [
                    x * WIDTH + dx - r,
                    foot - tall * 1.9 * up - r * 2,
                    x * WIDTH + dx + r,
                    foot - tall * 1.9 * up + r * 2,
                ],
                fill=rng.randint(90, 220),
            )
    tongues = curve(noise(rng, 60, 12, 4), (0, 40), (110, 90), (190, 255))
    for blur, colour, force in ((40, (255, 92, 12), 1.4), (12, (255, 150, 36), 1.1), (3, (255, 232, 150), 0.9)):
        mask = ImageChops.multiply(
            flames.filter(ImageFilter.GaussianBlur(blur)),
            tongues if blur < 20 else tongues.filter(ImageFilter.GaussianBlur(9)),
        )
        picture = lay(picture, colour, scaled(mask, force))
    near = conifers(rng, line, 0.30, 0.55)
    picture = lay(picture, (20, 9, 6), near)
    picture = textured(picture, curve(noise(rng, 90, 60, 5), (0, 60), (255, 200)), near)
    embers = ImageChops.multiply(
        curve(noise(rng, 80, 50, 5), (0, 0), (196, 0), (255, 230)), ImageChops.multiply(near, fade(0.62, 0.8, 255, 0))
    )
    picture = lay(picture, (255, 120, 30), embers)
    for x, tall, flip in ((0.30, 300, False), (0.42, 285, False)):
        mask = person(
            "walk" if x < 0.4 else "stand",
            (x * WIDTH, HEIGHT * 0.93),
            tall,
            helmet=True,
            coat=1.25,
            pack=True,
            flip=flip,
        )
        picture = solid(picture, mask, (24, 13, 9), light=(255, 156, 60), side=1, rim=0.9, bulk=6)
    sparks = Image.new("L", SIZE)
    draw = ImageDraw.Draw(sparks)
    for _ in range(420):
        x, y = rng.uniform(0, WIDTH), HEIGHT * rng.betavariate(2.2, 2.4)
        draw.line(
            [(x, y), (x + rng.uniform(2, 9), y - rng.uniform(1, 7))],
            fill=rng.randint(80, 255),
            width=rng.choice((1, 1, 2)),
        )
    picture = lay(picture, (255, 196, 96), sparks.filter(ImageFilter.GaussianBlur(0.7)))
    return developed(rng, picture, bloom=0.5, grain=0.12, contrast=0.2)


def landing_in_dust(rng: random.Random) -> Image.Image:
    """A helicopter sets down in its own dust at low sun; soldiers turn their backs to it."""
    picture = gradient(
        [
            (0, (150, 150, 140)),
            (0.4, (224, 192, 140)),
            (0.62, (236, 190, 120)),
            (0.64, (172, 124, 70)),
            (1, (98, 66, 36)),
        ]
    )
    picture = glow(picture, (0.20, 0.28), 0.5, (255, 216, 150))
    sand = plane(noise(rng, 70, 50, 6, (2400, 1400)), 0.63, 9)
    picture = textured(picture, relief(sand, 5, 2, 2.2), fade(0.63, 0.66))
    picture = lay(picture, (196, 158, 106), below(ridge(rng, 0.585, 0.025, 0.5)))
    picture = lay(picture, gradient([(0.6, (186, 140, 84)), (1, (98, 66, 36))]), fade(0.630, 0.634))
    picture = textured(picture, relief(sand, 5, 2, 2.2), fade(0.63, 0.66))
    heli = machine(CHINOOK, (0.55 * WIDTH, 0.66 * HEIGHT), 720, wheels=CHINOOK_WHEELS, tilt=2)
    picture = solid(picture, heli, (66, 58, 42), light=(255, 226, 170), rim=0.6, bulk=12)
    for layer in range(3):
        dust = ImageChops.multiply(noise(rng, 5 + layer, 4 + layer, 6), fade(0.30 + 0.06 * layer, 0.66, 0, 255))
        puff = glow(Image.new("RGB", SIZE), (0.55 + 0.12 * (layer - 1), 0.70), 0.50, (255, 255, 255), 0.52).convert("L")
        dust = curve(ImageChops.multiply(dust, puff), (0, 0), (20, 0), (110, 235))
        picture = lay(picture, mix((250, 214, 152), (206, 158, 96), layer / 2), scaled(dust, 0.85))
        picture = textured(picture, relief(noise(rng, 6, 5, 6), 5, 7, 1.6), scaled(dust, 0.8))
    for x, tall, pose in ((0.16, 290, "kneel"), (0.255, 270, "kneel"), (0.345, 262, "kneel"), (0.075, 315, "walk")):
        mask = person(
            pose, (x * WIDTH, (0.90 + (tall - 290) / 2500) * HEIGHT), tall * 1.15, helmet=True, pack=True, flip=True
        )
        picture = lay(picture, (70, 44, 22), scaled(shadow(mask, 0.895 * HEIGHT, 0.4, -0.9, 6), 0.6))
        picture = solid(picture, mask, (64, 48, 30), light=(255, 220, 160), rim=0.8, bulk=6)
    return developed(rng, picture, tint=(150, 124, 92), contrast=0.3, grain=0.1)
