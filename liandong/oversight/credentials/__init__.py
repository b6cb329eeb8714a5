"""亮证 credentials: what the visited enterprise is told when it scans an officer's code.

Holds      nothing
States     –
Announces  –
Verbs      –
Basis      行政处罚法 §55; 环境保护法 §24
Looks back dispatch, inspections, officers, jurisdictions, sources, law
"""
