"""收入 intake — the ledger of a city's past, taken in as a whole: registers and work in one transaction.

Holds      nothing of its own
States     none
Announces  LedgerImported
Verbs      none: it is run from the command line
Basis      行政处罚法 §47 (全过程记录)
Looks back every register and every work room: it writes their tables in bulk, by name
"""
