"""封存案卷 records: a visit in one sealed file, and the proof that nothing in it was altered, left out or moved.

Holds      nothing
States     –
Announces  –
Verbs      –
Basis      行政处罚法 §46, §47 (全过程记录); GB/T 39362-2020 (电子数据的完整性校验值)
Looks back inspections, problems, dispatch, evidence, the ledger
"""
