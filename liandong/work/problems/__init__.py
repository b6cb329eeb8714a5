"""问题 problems: what is wrong at a source, and whether it has been put right.

Holds      Problem, EntryScore, ProblemMove, LookBack
States     found → ordered → claimed → closed → settled; claimed → ordered; closed → relapsed → ordered
Announces  ProblemFound, RectificationOrdered, CloseOutClaimed, ClaimReturned, ProblemClosed, LookBackScheduled,
           LookBackDue, LookBackHeld, ProblemSettled, ProblemRelapsed
Verbs      problems:claim · close_out · look_back · order · read · rectify_on_spot · return
Basis      行政处罚法 §28 (责令改正)
Looks back inspections, evidence, sources
"""
