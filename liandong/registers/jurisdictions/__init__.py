"""管辖 jurisdictions: divisions of the country, their outlines, and the agencies that answer for them.

Holds      Area, Agency
States     –
Announces  –
Verbs      –
Basis      GB/T 2260
Looks back –
"""
