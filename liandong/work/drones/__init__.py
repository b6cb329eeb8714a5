"""无人机 drones: which aircraft there are, over what they must not fly, and which missions are planned for whom.

Holds      Aircraft, Autopilot, NoFlyZone, Mission, FlightOrder
States     drafted → released → flown; drafted, released → cancelled;
           ordered → sent → ready → flying → flown; sent → flying; ordered, sent, ready → refused;
           sent, ready, flying → failed; ordered, sent, ready, flying → cancelled
Announces  AircraftRegistered, AutopilotLinked, NoFlyZoneSet, NoFlyZoneLifted, MissionDrafted, MissionReleased,
           MissionFlown, MissionCancelled, FlightOrdered, FlightSent, FlightTookOff, FlightFlown, FlightNotFlown,
           FlightStopAsked
Verbs      drones:fly · order · plan · read · register
Basis      无人驾驶航空器飞行管理暂行条例 (unconfirmed)
Looks back sources, officers, jurisdictions
"""
