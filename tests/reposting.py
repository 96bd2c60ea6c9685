"""Photographs listed with their parts, and re-posts of them."""

import cv2
from packing import with_parts

from hashmatch import hash_image
from hashmatch.hashers import listed_parts

NAMES = ("astronaut", "coffee", "chelsea", "china")
"""Of the photographs that `listing` has, as its entries 1 to 4."""


def fingerprints(photo):
    return with_parts(hash_image(photo), listed_parts(photo))


def small(photo, width=420):
    return cv2.resize(photo, (width, photo.shape[0] * width // photo.shape[1]))


def rotated(photo):
    height, width = photo.shape[:2]
    return cv2.warpAffine(
        photo, cv2.getRotationMatrix2D((width / 2, height / 2), 11, 0.75), (width, height)
    )


def crop(photo):
    height, width = photo.shape[:2]
    return photo[height // 10 : height * 9 // 10, width // 10 : width * 9 // 10]
