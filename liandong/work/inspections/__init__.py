"""检查 inspections: a visit to a source and everything recorded in it.

Holds      Inspection, ChecklistAnswer, RecordReturn, Signature
States     open → submitted
Announces  InspectionBegun, ChecklistAnswered, PhotoAdded, InspectionSigned, InspectionSubmitted, InspectionReturned
Verbs      inspections:carry_out · read · return
Basis      行政处罚法 §42, §47, §55
Looks back dispatch, sources, evidence
"""
