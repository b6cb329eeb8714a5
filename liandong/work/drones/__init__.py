"""无人机 drones: which aircraft there are, over what they must not fly, and which missions are planned for whom.

Holds      Aircraft, Autopilot, NoFlyZone, Mission
States     drafted → released → flown; drafted → cancelled; released → cancelled
Announces  AircraftRegistered, AutopilotLinked, NoFlyZoneSet, NoFlyZoneLifted, MissionDrafted, MissionReleased,
           MissionFlown, MissionCancelled
Verbs      drones:fly · plan · read · register
Basis      无人驾驶航空器飞行管理暂行条例 (unconfirmed)
Looks back sources, officers, jurisdictions
"""
