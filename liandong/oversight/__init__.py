"""监督 oversight: what we answer for; it reads everything below and moves nothing."""
