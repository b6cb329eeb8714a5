"""频道 channels: what comes in for a stream goes to everybody who watches it, to the shelf of HLS and to the recorder; no socket, no database.

Holds      –
States     –
Announces  –
Verbs      –
Basis      RFC 8216 (HTTP Live Streaming)
Looks back –
"""
