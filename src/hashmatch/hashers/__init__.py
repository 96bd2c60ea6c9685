"""Bytes → pixels → Hash: decoding under one pixel rule, and one file per algorithm."""
