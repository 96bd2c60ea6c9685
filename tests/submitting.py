"""Hashes as what a person submits."""

from hashmatch.registry import Fingerprint


def one_picture(hashes):
    """All of them, of one picture."""
    return [[Fingerprint(value) for value in hashes]]


def pictures_of(hashes):
    """Each of a picture of its own."""
    return [[Fingerprint(value)] for value in hashes]


def picture_json(*hashes):
    """A picture as JSON, of hashes as JSON."""
    return {"fingerprints": [{"kind": "whole", **each} for each in hashes]}
