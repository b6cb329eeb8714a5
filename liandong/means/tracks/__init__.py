"""位置 tracks: where officers on a task, vehicles, boats and aircraft are, and the way they took. Off a task no officer is followed.

Holds      Position, TrackPoint, Tracking
States     –
Announces  WhereaboutsReplayed, WhereaboutsWatched
Verbs      positions:read
Basis      个人信息保护法 §28, §34 (行踪轨迹), §19 (保存期限)
Looks back –
"""
