"""检查 inspections: a visit to a source and everything recorded in it.

Holds      Inspection, ChecklistAnswer, RecordReturn, Sample, Signature, SupportNote, VisitEntry
States     open → submitted → returned → submitted; returned → returned
Announces  InspectionBegun, ChecklistAnswered, PhotoAdded, RecordingAdded, SampleTaken, SupportNoted, InspectionSigned,
           InspectionSubmitted, InspectionReturned, CertificateShown, ParticularsRecorded, InterviewRecorded,
           RecordAmended, InspectionResubmitted
Verbs      inspections:carry_out · read · return
Basis      行政处罚法 §42, §47, §55
Looks back dispatch, sources, evidence
"""
