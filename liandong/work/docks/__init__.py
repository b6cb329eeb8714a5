"""机场 docks: which docks there are, which aircraft lives in each, and what is wanted of its picture.

Holds      Dock
States     idle → starting → sending → stopping → idle; starting → idle; starting → stopping; sending → idle
Announces  DockRegistered, DockPictureAsked
Verbs      –
Basis      –
Looks back drones, video, jurisdictions
"""
