"""态势 picture: the command picture, one snapshot and the facts that keep it true.

Holds      nothing: it reads the work below
States     –
Announces  –
Verbs      ledger:read; picture:read
Basis      –
Looks back clues, dispatch, drones, problems, officers, tracks, trackers
"""
