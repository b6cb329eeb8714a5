"""专项行动 campaigns: what a special campaign set out to visit.

Holds      Campaign, CampaignTarget
States     –
Announces  –
Verbs      –
Basis      –
Looks back sources
"""
