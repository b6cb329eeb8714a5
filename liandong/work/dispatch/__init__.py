"""调度 dispatch: who is sent where, and whether they went.

Holds      Task, Assignment, Urging, VisitPass, PassScan
States     drafted → assigned → accepted → on_site → reported; assigned → assigned; accepted → assigned;
           assigned → on_site; drafted, assigned, accepted → cancelled
Announces  TaskDrafted, TaskAssigned, TaskReceived, TaskRead, TaskAccepted, TaskUnanswered, TaskUrged, TaskCancelled,
           OfficersArrived, TaskReported, TrailViewed
Verbs      tasks:accept · assign · cancel · draft · read · urge
Basis      行政处罚法 §42 (两名以上具有行政执法资格的执法人员)
Looks back clues, sources, officers, tracks
"""
