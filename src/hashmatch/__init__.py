"""Perceptual-hash image matching: fingerprints travel, pictures stay where they are."""
