"""媒体 mediaserver: the embedded relay. H.264 comes in by RTMP or from a phone's browser and goes out, untouched, as fragmented MP4 over WebSockets.

Nothing is decoded or encoded on the way. What comes in is bounded, checked, and counted when it is turned away:

    publish (packets → h264)                      ↘
    rtmp (handshake → chunks → amf → flv → h264)  →  hub (timeline → fmp4 → a bounded queue a viewer)  →  play
                                                           ↘  recorder (cut at key frames)  →  archive (store and record)
    doors asks the video room at every step: who may send, who may watch, whether they still may
"""
