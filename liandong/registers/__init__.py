"""名录 registers: what is on record: who, where, what, under which law."""
