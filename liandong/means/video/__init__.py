"""视频 video: live pictures from the field: who may send one, who may watch it, who did, and what is kept of it.

Holds      Stream, Viewing, RecordingSegment
States     offline → live → offline; offline, live → closed
Announces  StreamRegistered, StreamWentLive, StreamWentOffline, StreamClosed, ClipFiled, SnapshotFiled
Verbs      video:read · register · publish · show_site · close · audit · diagnose · file
Basis      行政处罚法 §46 (视听资料), §47 (全过程记录); 个人信息保护法 §51 (访问控制与操作记录)
Looks back –
"""
