"""检查 inspections: a visit to a source and everything recorded in it.

Holds      Inspection, ChecklistAnswer, Signature
States     open → submitted
Announces  InspectionBegun, ItemAnswered, PhotoAdded, InspectionSigned, InspectionSubmitted
Verbs      inspections:carry_out · read
Basis      行政处罚法 §42, §47, §55
Looks back dispatch, sources, evidence
"""
