"""Cursor on Target (CoT), as TAK clients speak it: one XML event after the other over TCP, in and out."""
