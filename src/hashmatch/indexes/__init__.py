"""Exact radius search over codes: ``search(codes, radius)``, one interface, several indexes."""
