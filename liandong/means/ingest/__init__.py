"""接入 ingest: an existing media server that takes in what the field sends, asks us who may, and is pulled from by the relay.

Holds      –
States     –
Announces  –
Verbs      –
Basis      Adobe RTMP 1.0 (2012) §7.2
Looks back –
"""
