"""What light does to a picture: shadows that fall on it, lamps before it, wet glass, lit wood."""

from typing import Final

import numpy as np

from hashmatch.bench.reposts.alterations.drawing import blurred
from hashmatch.bench.reposts.alterations.setting import Alter, Alteration, Pixels, Setting
from hashmatch.bench.reposts.alterations.shading import (
    Points,
    mixed,
    places,
    shaped,
    smooth_noise,
)

__all__ = ["ALTERATIONS"]


def _branch(setting: Setting, side: float, size: tuple[int, int]) -> list[Points]:
    """Leaves along a twig that comes in over an edge."""
    random = setting.random
    along = np.linspace(0, 1, 14)
    start, end = random.uniform(-0.1, 1.1, (2, 2))
    start[int(random.integers(2))] = float(random.choice([-0.05, 1.05]))
    bend = random.normal(0, 0.12, 2)
    way = start + np.outer(along, end - start) + np.outer(np.sin(np.pi * along), bend)
    turns = np.arctan2(*(end - start)[::-1]) + np.where(along * 13 % 2 < 1, 0.9, -0.9)
    turns += random.normal(0, 0.25, len(along))
    long = random.uniform(0.07, 0.13, len(along)) * side
    edge = np.linspace(0, 1, 8)
    down, up = np.sin(np.pi * edge) * 0.22, -np.sin(np.pi * edge[::-1]) * 0.22
    leaf = np.column_stack([np.r_[edge, edge[::-1]], np.r_[down, up]])
    cos, sin = np.cos(turns), np.sin(turns)
    turned = np.stack([np.stack([cos, sin], 1), np.stack([-sin, cos], 1)], 1) * long[:, None, None]
    return [*(way[:, None] * (size[1], size[0]) + leaf @ turned)]


def leaves(pixels: Pixels, setting: Setting) -> Pixels:
    """The shadow of a tree's leaves, soft at its edges."""
    size = pixels.shape[:2]
    side = float(np.sqrt(size[0] * size[1]))
    outlines = [leaf for _ in range(11) for leaf in _branch(setting, side, size)]
    soft = float(setting.random.uniform(0.005, 0.012)) * side
    deep = float(setting.random.uniform(0.45, 0.65))
    return mixed(pixels, (10, 12, 24), deep * shaped(size, outlines, 1.0, soft))


def blinds(pixels: Pixels, setting: Setting) -> Pixels:
    """Bars of shade that a blind throws, aslant, and warm light between them."""
    random = setting.random
    y, x = places(*pixels.shape[:2])
    y, x = y / pixels.shape[0], x / pixels.shape[1]
    slope, fan = float(random.uniform(-0.5, 0.5)), float(random.uniform(-0.25, 0.25))
    count, phase = float(random.uniform(7, 12)), float(random.uniform(0, 1))
    wave = np.sin(2 * np.pi * (count * (y + slope * x + fan * x * y) + phase))
    shade = np.clip(0.5 + 2.5 * wave, 0, 1)
    warm = mixed(pixels, (255, 225, 160), 0.15 * (1 - shade))
    return mixed(warm, (12, 12, 20), float(random.uniform(0.5, 0.65)) * shade)


def leak(pixels: Pixels, setting: Setting) -> Pixels:
    """Light that got into the camera: a red glow along a side, and a lens's rings of colour."""
    random = setting.random
    height, width = pixels.shape[:2]
    y, x = places(height, width)
    wander = smooth_noise(random, (height, 1), (6, 1))
    away = (x if random.integers(2) else width - x) / width
    glow = np.exp(-away / (0.08 + 0.3 * wander))
    made = mixed(pixels, (255, 96, 30), 0.9 * glow)
    made = mixed(made, (255, 220, 150), 0.8 * glow**4)
    lamp, end = random.uniform(0.1, 0.9, (2, 2)) * (width, height)
    side = np.sqrt(height * width)
    for at, radius, weight in zip(np.linspace(0, 1, 6), random.uniform(0.03, 0.1, 6).tolist(),
                                  random.uniform(0.2, 0.5, 6).tolist(), strict=True):  # fmt: skip
        middle = lamp + at * (end - lamp)
        far = np.hypot(x - middle[0], y - middle[1]) / (radius * side)
        colour = random.integers(90, 256, 3)
        made = mixed(made, colour, weight * np.clip(12 * (1 - far), 0, 1) * (0.4 + 0.6 * far))
    far = np.hypot(x - lamp[0], y - lamp[1]) / side
    return mixed(made, 255, np.exp(-((far / 0.07) ** 2)))


def discs(pixels: Pixels, setting: Setting) -> Pixels:
    """Lamps out of focus: discs of light, brighter at their rims."""
    random = setting.random
    height, width = pixels.shape[:2]
    y, x = places(height, width)
    middles = random.uniform(0, 1, (34, 2)) * (width, height)
    radii = random.uniform(0.025, 0.085, 34) * np.sqrt(height * width)
    colours = np.array((255, 225, 170)) - random.uniform(0, 1, (34, 3)) * (30, 110, 150)
    weights = random.uniform(0.25, 0.7, 34)
    made = pixels.copy()
    for (across, down), radius, colour, weight in zip(
        middles.tolist(), radii.tolist(), colours, weights.tolist(), strict=True
    ):
        box = (slice(max(0, int(down - radius)), int(down + radius) + 2),
               slice(max(0, int(across - radius)), int(across + radius) + 2))  # fmt: skip
        far = np.hypot(x[:, box[1]] - across, y[box[0]] - down) / radius
        bright = np.clip((1 - far) * radius / 1.5, 0, 1) * (0.65 + 0.35 * far**6)
        made[box] = mixed(made[box], colour, weight * bright)
    return made


def drops(pixels: Pixels, setting: Setting) -> Pixels:
    """Wet glass before the picture: a haze, and drops that show it small and upside down."""
    random = setting.random
    height, width = pixels.shape[:2]
    y, x = places(height, width)
    side = float(np.sqrt(height * width))
    middles = random.uniform(0, 1, (150, 2)) * (width, height)
    radii = (0.008 + 0.034 * random.uniform(0, 1, 150) ** 3) * side
    hazy = mixed(blurred(pixels, 0.004 * side), 235, 0.12)
    made = hazy.copy()
    for (across, down), radius in zip(middles.tolist(), radii.tolist(), strict=True):
        box = (slice(max(0, int(down - radius)), int(down + radius) + 2),
               slice(max(0, int(across - radius)), int(across + radius) + 2))  # fmt: skip
        u, v = (x[:, box[1]] - across) / radius, (y[box[0]] - down) / radius
        far = np.hypot(u, v)
        rows = np.clip(down - 4 * radius * v, 0, height - 1).astype(np.intp)
        columns = np.clip(across - 4 * radius * u, 0, width - 1).astype(np.intp)
        seen = mixed(hazy[rows, columns], 0, np.clip(0.55 * far**4 - 0.3 * v, 0, 0.7))
        seen = mixed(seen, 255, np.exp(-((u + 0.35) ** 2 + (v + 0.4) ** 2) / 0.04))
        made[box] = mixed(made[box], seen, np.clip((1 - far) * radius + 0.5, 0, 1))
    return made


def wooden(pixels: Pixels, setting: Setting) -> Pixels:
    """Four boards around the picture, with a grain, mitred, lit from above."""
    random = setting.random
    high, wide = pixels.shape[:2]
    board = max(4, round(float(random.uniform(0.08, 0.14)) * np.sqrt(high * wide)))
    height, width = high + 2 * board, wide + 2 * board
    lying = smooth_noise(random, (height, width), (160, 9))
    rings = smooth_noise(random, (height, width), (24, 4))
    standing = smooth_noise(random, (height, width), (9, 160))
    knots = smooth_noise(random, (height, width), (4, 24))
    y, x = places(height, width)
    above, beside = np.minimum(y, height - y), np.minimum(x, width - x)
    flat = above < beside
    grain = np.where(flat, 0.6 * lying + 0.4 * rings, 0.6 * standing + 0.4 * knots)
    dark, light = np.array((66, 38, 18)), np.array((190, 138, 84))
    wood = dark + (light - dark) * grain[..., None]
    inward = np.minimum(above, beside) / board
    lit = np.where(flat, np.where(y < height / 2, 1.1, 0.75), np.where(x < width / 2, 1.0, 0.85))
    wood *= (lit * np.clip(1.5 - np.abs(inward - 0.45) ** 2 * 3, 0.4, 1))[..., None]
    made: Pixels = np.clip(wood, 0, 255).astype(np.uint8)
    made[board : board + high, board : board + wide] = pixels
    return made


_CASES: Final[dict[str, Alter]] = {
    "shadow of leaves": leaves,
    "shadow of blinds": blinds,
    "light leak": leak,
    "discs of light": discs,
    "drops on glass": drops,
    "wooden frame": wooden,
}

ALTERATIONS: Final = tuple(Alteration(name, "lively", alter) for name, alter in _CASES.items())
