"""执法人员 officers: who may enforce, until when, and who is on duty.

Holds      Officer, Certificate, RosterEntry, Duty
States     –
Announces  OfficerOnDuty, OfficerOffDuty
Verbs      –
Basis      行政处罚法 §42 (执法资格)
Looks back jurisdictions
"""
