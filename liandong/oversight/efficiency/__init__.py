"""执法效能 efficiency: the figures that are answered for, each with the query and the rows that made it.

Holds      Figure
States     –
Announces  –
Verbs      efficiency:read
Basis      rulebook/national/indicators.yaml
Looks back jurisdictions, officers, campaigns, draws, inspections, problems
"""
