"""办理 work: what moves, the path; each room may look back, never ahead."""
