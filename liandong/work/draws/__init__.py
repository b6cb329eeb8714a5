"""双随机 draws: which sources a random draw picked.

Holds      DrawEntry
States     –
Announces  –
Verbs      –
Basis      环办〔2015〕88号 (随机抽查)
Looks back sources
"""
