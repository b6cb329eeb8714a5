"""所见地面 ground: which ground the camera of an aircraft saw, moment by moment, from how it was held. Unsaid is unseen.

Holds      GroundView
States     –
Announces  –
Verbs      –
Basis      –
Looks back –
"""
