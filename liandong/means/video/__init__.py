"""视频 video: live pictures from the field: who may send one, who may watch it, and who did.

Holds      Stream, Viewing
States     offline → live → offline; offline, live → closed
Announces  StreamRegistered, StreamWentLive, StreamWentOffline, StreamClosed
Verbs      video:read · register · publish · close · audit
Basis      行政处罚法 §47 (全过程记录); 个人信息保护法 §51 (访问控制与操作记录)
Looks back –
"""
