"""录入质量 quality: how well problems are entered and how often records come back, by officer and by agency.

Holds      nothing: it reads what the work rooms keep
States     –
Announces  –
Verbs      –
Basis      rulebook/national/entry_quality.yaml, rulebook/national/indicators.yaml
Looks back problems, inspections, officers, jurisdictions
"""
