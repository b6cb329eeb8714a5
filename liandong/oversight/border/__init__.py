"""边界污染源清单 border: the sources near a border between districts; which of the border nobody watches (盲区图); what allies see of each other's is a sheet, kept by itself.

Holds      BorderEntry, BorderSegment
States     –
Announces  BorderListChanged, BlindSpotCalled
Verbs      border:read
Basis      rulebook/national/parameters.yaml (border.band, border.segment, border.watch_window), rulebook/national/sharing.yaml; 四区生态环境执法联动工作备忘录
Looks back alliances, jurisdictions, officers, sources, ground, tracks, clues, inspections, problems
"""
