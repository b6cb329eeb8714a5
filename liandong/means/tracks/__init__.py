"""位置 tracks: the last position of each officer inside a task. Nothing older is kept, nothing off a task is taken.

Holds      Position
States     –
Announces  –
Verbs      positions:read
Basis      个人信息保护法 §28, §34 (行踪轨迹)
Looks back –
"""
