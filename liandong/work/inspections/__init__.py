"""检查 inspections: a visit to a source and everything recorded in it.

Holds      Inspection, ChecklistAnswer, RecordReturn, Sample, Signature, SupportNote
States     open → submitted
Announces  InspectionBegun, ChecklistAnswered, PhotoAdded, RecordingAdded, SampleTaken, SupportNoted, InspectionSigned,
           InspectionSubmitted, InspectionReturned
Verbs      inspections:carry_out · read · return
Basis      行政处罚法 §42, §47, §55
Looks back dispatch, sources, evidence
"""
