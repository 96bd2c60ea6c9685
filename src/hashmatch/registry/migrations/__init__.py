"""How a registry's tables come to be, and how an older registry becomes a newer one (Alembic)."""
