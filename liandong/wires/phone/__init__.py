"""移动执法 phone: the deeds that a phone keeps and sends when it can, each answered by a receipt.

A deed has an id made by the phone, the device's clock and a digest over its canonical JSON (RFC 8785). The same deed
again is a success; the same id with another digest is a conflict that a person sees; a deed that a rule refuses
comes back with the rule and is kept; a deed whose forerunner or file has not arrived yet waits. A phone's whole outbox
may come as a file instead, and goes the same way.

Holds      Deed
States     –
Announces  OutboxImported
Verbs      deeds:import
Basis      –
Looks back dispatch, inspections, problems, evidence, tracks
"""
