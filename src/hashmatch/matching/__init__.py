"""Joins hashers, indexes and registry: from an upload to a verdict."""
