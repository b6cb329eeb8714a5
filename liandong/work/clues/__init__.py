"""线索 clues: something that may be wrong somewhere, and whether somebody is sent there.

Holds      Clue
States     received → accepted → settled; received → declined
Announces  ClueReceived, ClueAccepted, ClueDeclined, ClueClipAttached, ClueSettled, ClueHandedOver,
           ClueTakenOver, PetitionerRevealed
Verbs      clues:accept · decline · read · receive · reveal_petitioner
Basis      信访工作条例 (2022); 生态环境行政处罚办法 §18
Looks back sources, jurisdictions
"""
