"""文书 documents: papers filled from facts, set in official layout and printed as PDF/A.

What a paper says is a form in `rulebook/documents/` that a bureau edits without code; what fills it is plain data, handed
down by whoever knows it. Nothing that was not recorded is ever filled in: it says 未记录.

Holds      nothing: it reads `rulebook/documents/`
States     –
Announces  –
Verbs      –
Basis      行政处罚法 §47, §55; 案卷评查细则 2024 (笔录: 逐页签名, 拒签注明, 空白划除)
Looks back –
"""
