"""位置 tracks: where an officer on a task is, and the way walked in that task. Nothing off a task is taken.

Holds      Position, TrackPoint
States     –
Announces  –
Verbs      positions:read
Basis      个人信息保护法 §28, §34 (行踪轨迹), §19 (保存期限)
Looks back –
"""
