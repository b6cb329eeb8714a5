"""定位设备 trackers: devices that report positions by open protocols, and the keys they do it with.

Holds      Tracker
States     –
Announces  TrackerRegistered, TrackerKeyRenewed, TrackerClosed
Verbs      trackers:read · register
Basis      个人信息保护法 §28 (行踪轨迹)
Looks back access, jurisdictions, officers
"""
