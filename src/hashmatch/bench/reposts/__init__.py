"""How well re-posts are found, and how often strangers are flagged: `hashmatch bench reposts`."""
