"""边界污染源清单 border: the sources near a border between districts; what allies see of each other's is a sheet, kept by itself.

Holds      BorderEntry
States     –
Announces  BorderListChanged
Verbs      border:read
Basis      rulebook/national/parameters.yaml (border.band), rulebook/national/sharing.yaml; 四区生态环境执法联动工作备忘录
Looks back alliances, jurisdictions, officers, sources, inspections, problems
"""
