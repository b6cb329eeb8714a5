"""联动 alliances: the memorandum that neighbours signed, its members and its term, and what it grants by the gate.

Holds      Memorandum, MemorandumMember
States     draft → offered → offered → in_force → in_force → expired; offered → draft; draft, offered → discarded;
           in_force → ended
Announces  MemorandumDrafted, MemorandumRewritten, MemorandumOffered, MemorandumRevised, MemorandumDiscarded, MemorandumSigned,
           MemorandumTookForce, MemorandumExpired, MemberLeft, MemorandumEnded
Verbs      memoranda:draft · leave · read · sign
Basis      四区生态环境执法联动工作备忘录; 行政处罚法 §22 (属地处理)
Looks back access, jurisdictions
"""
