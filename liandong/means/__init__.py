"""手段 means: what officers work with; each serves every room and knows none."""
