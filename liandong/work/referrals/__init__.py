"""线索通报 referrals: a clue told to the neighbour where it lies, with an owner, a clock and a record.

Holds      Referral
States     sent, escalated → accepted; sent, escalated → returned; sent, escalated → withdrawn; sent → escalated;
           accepted → asked; escalated, asked → designated
Announces  ReferralSent, ReferralAccepted, ReferralReturned, ReferralWithdrawn, ReferralEscalated, ReferralAsked,
           ReferralDesignated, ReferralAnswered
Verbs      referrals:accept · ask · designate · read · return · send · withdraw
Basis      行政处罚法 §22 (属地), §25 (指定管辖); 四区生态环境执法联动工作备忘录 (线索通报联合办案机制)
Looks back clues, alliances, jurisdictions, evidence
"""
