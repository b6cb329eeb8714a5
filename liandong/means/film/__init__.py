"""影像 film: live pictures and recordings as bytes: H.264, MP4, what senders wrap them in, and browsers' connections.

Holds      –
States     –
Announces  –
Verbs      –
Basis      ISO/IEC 14496-12, 14496-15; ITU-T H.264; RFC 6184
Looks back –
"""
