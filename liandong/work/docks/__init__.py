"""机场 docks: which docks there are, which aircraft lives in each, what is wanted of its picture, which files it brought.

Holds      Dock, DockFile, DockUpload, DockUploadPart
States     idle → starting → sending → stopping → idle; starting → idle; starting → stopping; sending → idle
Announces  DockRegistered, DockPictureAsked, FlightMediaFiled
Verbs      –
Basis      –
Looks back drones, video, evidence, jurisdictions
"""
