"""One file per migration. They are history: a published one is never edited."""
