"""证据 evidence: sealed items, each the digest of an untouched original.

Holds      Blob, Evidence, Upload, UploadPart
States     –
Announces  EvidenceArrived, EvidenceSealed
Verbs      evidence:read · seal
Basis      行政处罚法 §46, §47
Looks back –
"""
