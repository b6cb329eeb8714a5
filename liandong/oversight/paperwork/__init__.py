"""成文 paperwork: what the rooms know of a visit, put together for the form that it fills.

Holds      nothing
States     –
Announces  –
Verbs      –
Basis      行政处罚法 §55; 案卷评查细则 2024 (现场检查笔录)
Looks back inspections, problems, evidence, officers, sources, documents
"""
