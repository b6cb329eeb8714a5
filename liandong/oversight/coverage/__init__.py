"""所见覆盖 coverage: how much of what a mission was to see its aircraft really saw, beside what was planned.

Holds      –
States     –
Announces  –
Verbs      –
Basis      –
Looks back drones
"""
