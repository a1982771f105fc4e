"""Scenes on land: woods, hills, mountains, snow."""

from __future__ import annotations

import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from samples.figures import CHINOOK, CHINOOK_WHEELS, machine, person, shadow, solid
from samples.painting import (
    HEIGHT,
    SIZE,
    WIDTH,
    area,
    bare_tree,
    below,
    conifers,
    crests,
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
    snowfall,
    textured,
)


def misty_wood(rng: random.Random) -> Image.Image:
    """A patrol walks away along a track through a bare wood; fog and smoke between the trunks."""
    fog = (176, 182, 172)
    picture = gradient([(0, (196, 203, 198)), (0.5, fog), (0.62, (150, 150, 134)), (1, (74, 68, 52))])
    floor = plane(noise(rng, 60, 30, 6, (2400, 1400)), 0.56, 9)
    picture = textured(picture, curve(floor, (0, 128), (1, 70), (255, 190)), fade(0.56, 0.75))
    litter = relief(noise(rng, 90, 60, 5), 3, 2, 1.4)
    picture = textured(picture, litter, fade(0.62, 1.0, 0, 200))
    track = area([(0.5, 0.57), (0.54, 0.57), (0.8, 1.0), (0.22, 1.0)], blur=22)
    picture = lay(picture, (132, 124, 104), scaled(ImageChops.multiply(track, noise(rng, 9, 20, 4)), 0.7))
    for depth in range(7):  # from the farthest trunks to the nearest
        share = depth / 6
        colour = mix(fog, (42, 38, 30), 0.16 + share * 0.84)
        mask = Image.new("L", SIZE)
        draw = ImageDraw.Draw(mask)
        for _ in range(round(34 - 27 * share)):
            x = rng.uniform(0, 1)
            if share > 0.3 and 0.32 < x < 0.70:
                continue
            foot = (x * WIDTH, HEIGHT * (0.585 + 0.30 * share**1.6))
            bare_tree(rng, draw, foot, HEIGHT * (0.75 + share * 0.9), rng.gauss(0, 0.03))
        mask = mask.filter(ImageFilter.GaussianBlur(1.6 - share))
        level = 0.585 + 0.30 * share**1.6
        litterline = curve(noise(rng, 120, 60, 3), (0, 0), (80, 0), (170, 255))
        mask = ImageChops.subtract(mask, ImageChops.multiply(litterline, fade(level - 0.03, level + 0.005)))
        picture = textured(lay(picture, colour, mask), relief(noise(rng, 140, 30, 3), 4, 0, 0.8), scaled(mask, share))
        smoke = ImageChops.multiply(noise(rng, 4, 3, 5), fade(0.25, 0.6, 60, 235))
        picture = lay(picture, fog, scaled(smoke, 0.38 * (1 - share)))
        if depth == 3:
            picture = _file_of_soldiers(rng, picture, fog, 0.66, [(0.47, 150), (0.525, 165), (0.555, 148)], 0.45)
    picture = _file_of_soldiers(rng, picture, fog, 0.86, [(0.40, 400), (0.60, 330)], 0.06)
    return developed(rng, picture, tint=(122, 132, 112), contrast=0.3)


def _file_of_soldiers(
    rng: random.Random,
    picture: Image.Image,
    air: tuple[int, int, int],
    foot: float,
    places: list[tuple[float, int]],
    veil: float,
) -> Image.Image:
    cloth = relief(noise(rng, 60, 46, 4), 3, 3, 0.8)
    for x, tall in places:
        mask = person(
            "walk",
            (x * WIDTH, foot * HEIGHT + (tall - 330) * 0.06),
            tall,
            pack=True,
            helmet=True,
            flip=rng.random() < 0.5,
        )
        colour = mix((58, 62, 44), air, veil)
        picture = lay(picture, (40, 36, 28), scaled(shadow(mask, foot * HEIGHT, 0.25, 0.5, 9), 0.4))
        picture = solid(picture, mask, colour, light=(205, 208, 196), rim=0.45, cloth=cloth, bulk=max(3, tall // 45))
    return picture


def moor_at_dawn(rng: random.Random) -> Image.Image:
    """Paratroopers cross a ridge in file against a low sun, valleys full of mist behind them."""
    picture = gradient([(0, (92, 116, 158)), (0.3, (206, 178, 168)), (0.48, (255, 214, 158)), (1, (255, 226, 190))])
    picture = textured(picture, curve(noise(rng, 3, 16, 5), (0, 90), (255, 172)), fade(0, 0.4, 255, 0))
    picture = glow(picture, (0.67, 0.42), 0.40, (255, 206, 120))
    picture = glow(picture, (0.67, 0.42), 0.07, (255, 250, 225))
    for step, level in enumerate((0.46, 0.53, 0.61, 0.70)):
        share = step / 3
        line = ridge(rng, level, 0.05 - 0.006 * step, 0.48)
        mask = below(line, 0.8)
        hill = mix((226, 176, 150), (66, 54, 66), share**0.8)
        picture = lay(picture, hill, mask)
        picture = textured(picture, relief(noise(rng, 8 + 8 * step, 14, 6), -6, 2, 0.8 + share), mask)
        mist = ImageChops.multiply(
            fade(level + 0.02, level + 0.13, 0, 215), curve(noise(rng, 3, 9, 4), (0, 70), (255, 255))
        )
        picture = lay(
            picture, mix((255, 222, 184), (190, 160, 160), share), scaled(ImageChops.multiply(mist, mask), 0.9)
        )
    line = [
        (x, HEIGHT * (0.80 - 0.05 * (x / WIDTH)) + y)
        for (x, _), y in zip(ridge(rng, 0, 0.01), _wobble(rng, 257), strict=False)
    ]
    slope = below(line, 1)
    picture = lay(picture, (30, 24, 26), slope)
    picture = textured(picture, curve(noise(rng, 130, 60, 5), (0, 60), (128, 128), (255, 215)), slope)
    picture = lay(
        picture, (150, 92, 76), ImageChops.multiply(slope, curve(noise(rng, 70, 50, 5), (0, 0), (165, 0), (255, 120)))
    )
    for x in (0.13, 0.215, 0.30, 0.395, 0.475, 0.575, 0.655, 0.745):
        mask = person("walk", (x * WIDTH, level_at(line, x) + 10), rng.uniform(205, 228), pack=True, cap=True)
        picture = solid(picture, mask, (26, 21, 24), light=(255, 206, 140), side=1, rim=0.7, bulk=4)
    tufts = Image.new("L", SIZE)
    draw = ImageDraw.Draw(tufts)
    for _ in range(2600):
        x = rng.uniform(0, 1)
        y = level_at(line, x) + rng.random() ** 2 * 150
        draw.line(
            [(x * WIDTH, y + 8), (x * WIDTH + rng.uniform(-7, 9), y - rng.uniform(4, 22))], fill=rng.randint(90, 255)
        )
    picture = lay(picture, (40, 30, 28), tufts.filter(ImageFilter.GaussianBlur(0.6)))
    return developed(rng, picture, tint=(150, 120, 108), bloom=0.35)


def _wobble(rng: random.Random, count: int) -> list[float]:
    value, values = 0.0, []
    for _ in range(count):
        value = value * 0.9 + rng.gauss(0, 2.2)
        values.append(value)
    return values


def high_mountains(rng: random.Random) -> Image.Image:
    """A helicopter before snow peaks in hard winter light."""
    picture = gradient([(0, (34, 74, 138)), (0.5, (118, 162, 208)), (0.75, (196, 212, 226)), (1, (220, 228, 234))])
    for step, (level, swing) in enumerate(((0.40, 0.15), (0.56, 0.13), (0.76, 0.10))):
        line = ridge(rng, level, swing, 0.55, 9)
        mask = below(line, 0.7)
        folds = relief(crests(noise(rng, 3 + step, 2.5 + step, 7, keep=0.44)), 10, 5, 1.9)
        face = ImageOps.colorize(folds, (52, 72, 112), (255, 252, 246), (168, 184, 208), 60, 185, 122)
        bare = ImageChops.multiply(
            curve(folds, (0, 255), (90, 255), (124, 0)), curve(noise(rng, 24, 16, 6), (0, 0), (112, 0), (150, 255))
        )
        face = lay(face, (58, 56, 64), scaled(bare, 0.45 + 0.25 * step))
        picture = Image.composite(face, picture, mask)
        if step < 2:
            picture = lay(
                picture, (176, 200, 228), ImageChops.multiply(mask, fade(level, level + 0.40, 70 - 30 * step, 205))
            )
    heli = machine(CHINOOK, (0.40 * WIDTH, 0.50 * HEIGHT), 330, wheels=CHINOOK_WHEELS, tilt=-5)
    picture = solid(picture, heli, (40, 44, 36), light=(240, 240, 230), side=1, rim=0.5, bulk=6)
    return developed(rng, picture, contrast=0.3, bloom=0.1, tint=(128, 130, 136))


def winter_wood(rng: random.Random) -> Image.Image:
    """Infantry in white among snow-laden firs while it snows."""
    picture = gradient([(0, (186, 196, 208)), (0.5, (216, 222, 228)), (0.6, (226, 232, 238)), (1, (240, 243, 248))])
    for step, (level, height) in enumerate(((0.56, 0.34), (0.60, 0.52), (0.66, 0.85))):
        line = ridge(rng, level, 0.01, 0.5)
        firs = conifers(rng, line, height, 1.0 - 0.32 * step)
        trunk = mix((170, 182, 194), (48, 62, 66), (step + 0.6) / 2.6)
        picture = lay(picture, trunk, firs)
        tops = ImageChops.subtract(firs, ImageChops.offset(firs, 0, 5 + 3 * step))
        laden = ImageChops.multiply(firs, curve(noise(rng, 60, 90, 4), (0, 0), (108, 0), (165, 255)))
        laden = ImageChops.lighter(laden, tops.filter(ImageFilter.GaussianBlur(1.2)))
        picture = lay(picture, mix((214, 221, 230), (240, 244, 250), step / 2), scaled(laden, 0.85))
        ground = below([(x, y + 8) for x, y in line], 3)
        picture = lay(picture, (226, 232, 240), ground)
        picture = lay(
            picture, (214, 222, 230), ImageChops.multiply(noise(rng, 3, 5, 4), fade(0.3, 0.75, 110 - 50 * step, 0))
        )
    drifts = plane(noise(rng, 16, 26, 5, (2400, 1400)), 0.64, 8)
    picture = textured(picture, relief(drifts, 3, 7, 2.0), fade(0.66, 0.75))
    for x, tall, pose in ((0.73, 210, "walk"), (0.60, 270, "aim"), (0.335, 360, "walk"), (0.15, 420, "kneel")):
        foot = 0.70 + (tall - 200) / 1000
        mask = person(pose, (x * WIDTH, foot * HEIGHT), tall, helmet=True, pack=pose == "walk", coat=1.15)
        picture = lay(picture, (120, 136, 160), scaled(shadow(mask, foot * HEIGHT, 0.3, 0.6, 7), 0.6))
        smock = curve(noise(rng, 60, 46, 4), (0, 62), (112, 90), (135, 150), (255, 176))
        picture = solid(picture, mask, (176, 182, 186), light=(250, 252, 255), rim=0.5, bulk=8, cloth=smock)
        dark = ImageChops.multiply(mask, curve(noise(rng, 110, 80, 3), (0, 0), (150, 0), (170, 255)))
        picture = lay(picture, (72, 80, 76), scaled(dark, 0.7))
    picture = snowfall(rng, picture, 900, 8)
    return developed(rng, picture, tint=(122, 128, 138), contrast=0.25, vignette=0.35)
