"""Every route of the API, and what it is to somebody who has nothing to do with the record: one page to read them by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from liandong.kernel.clock import now
from tests.access.scene import Scene
from tests.allies import terms
from tests.seat import PICTURE, digest
from tests.world import BORDER_POINT

Fill = Callable[[Scene], dict[str, Any]]


@dataclass(frozen=True)
class Record:
    """A route to one record. `path` names it in the scene; `body` is one that would be taken from whoever may."""

    path: Fill
    body: Fill | None = None
    form: Fill | None = None


@dataclass(frozen=True)
class Listing:
    """A route to many records, asked with each of these parameters."""

    asked: list[Fill] = field(default_factory=lambda: [lambda scene: {}])


@dataclass(frozen=True)
class Refers:
    """A route that creates, and may point to a record that must be in sight; who points elsewhere is refused so."""

    body: Fill
    code: str = "kernel.not_found"
    status: int = 404


@dataclass(frozen=True)
class Harmless:
    """A route that gives away no record. Says why."""

    why: str


def at(**names: str) -> Fill:
    return lambda scene: {name: getattr(scene, kind) for name, kind in names.items()}


def saying(**body: Any) -> Fill:
    return lambda scene: body


CLUE, TASK, PROBLEM = at(clue_id="open_clue"), at(task_id="task"), at(problem_id="problem")
EVIDENCE, VISIT = at(evidence_id="evidence"), at(inspection_id="inspection")
DIRECTORY = Harmless("a directory, open to every signed-in agency")
RULEBOOK = Harmless("what the law says is the same for all")
TRACKER = at(tracker_id="tracker")
BY_KEY = Harmless("takes positions from whoever has a device's key, gives none out: tests/wires/osmand")
MISSION = at(mission_id="mission")
DOCK = at(dock_id="dock")
ORDER = at(order_id="flight_order")
STREAM = at(stream_id="stream")
REFERRAL = at(referral_id="referral")
MEMORANDUM = at(memorandum_id="memorandum")
LAYOUT = at(layout_id="layout")
INTERVIEW = at(inspection_id="inspection", interview_id="inspection")
SEEN_BY_ALL = Harmless("a zone binds everybody and is seen by all; only who set it lifts it: tests/work/drones")
BY_CODE = Harmless("opens by an officer's code alone; its own tests are in tests/api/test_public_visits.py")
BY_SIGNATURE = Harmless("opens by a signature over the order alone, while it is open: tests/wires/dji")
OWN = Harmless("about whoever asks")
OWN_FILE = Harmless("about whoever sends the file; tests/means/evidence tries it as somebody else")
OFFICER = "01900000-0000-7000-8000-000000000001"
YEAR = {"from": date(2026, 1, 1), "to": date(2026, 12, 31)}
EAST = lambda scene: {"area_code": "990101"}  # noqa: E731

ROUTES: dict[str, Record | Listing | Refers | Harmless] = {
    "GET /api/session": OWN,
    "POST /api/session": Harmless("signing in; its own tests are beside this one"),
    "DELETE /api/session": OWN,
    "GET /api/areas": DIRECTORY,
    "GET /api/areas/outlines": DIRECTORY,
    "GET /api/areas/{area_code}/borders": DIRECTORY,
    "GET /api/agencies": DIRECTORY,
    "GET /api/officers": DIRECTORY,
    "POST /api/duty": OWN,
    "GET /api/checklists": RULEBOOK,
    "GET /api/problem-bases": RULEBOOK,
    "GET /api/health": Harmless("counts only"),
    "GET /api/addresses": Harmless("where the faces are"),
    "GET /api/base-map": Harmless("where public tiles are"),
    "GET /api/public/visits/{token}": BY_CODE,
    "GET /api/public/visits/{token}/documents/inspection_record.pdf": BY_CODE,
    "GET /api/deeds/key": Harmless("a public key"),
    "GET /api/feed": Harmless("its own tests are in test_sight_of_feed.py"),
    "POST /api/evidence/uploads": Harmless("puts bytes in, gives none out"),
    "HEAD /api/evidence/uploads/{upload_id}": OWN_FILE,
    "PATCH /api/evidence/uploads/{upload_id}": OWN_FILE,
    "POST /api/evidence/uploads/{upload_id}": OWN_FILE,
    "DELETE /api/evidence/uploads/{upload_id}": OWN_FILE,
    "PUT /api/evidence/files/{sha256}": Harmless("puts bytes in, gives none out"),
    "POST /api/imports/sources/preview": Harmless("reads the file that was sent, nothing else"),
    "POST /api/imports/sources": Harmless("its own tests are with the sources"),
    "POST /api/imports/outbox": Harmless("its own tests are in wires/phone/test_outbox_import.py"),
    "GET /api/sources": Listing([saying(), EAST, saying(q="示例")]),
    "GET /api/sources/points": Listing([saying(), EAST]),
    "GET /api/sources/{source_id}": Record(at(source_id="source")),
    "GET /api/clues": Listing([saying(), saying(state="received")]),
    "POST /api/clues": Refers(lambda scene: {"kind": "patrol", "description": "示例", "source_id": scene.source}),
    "GET /api/clues/{clue_id}": Record(CLUE),
    "POST /api/clues/{clue_id}/accept": Record(CLUE, saying()),
    "POST /api/clues/{clue_id}/decline": Record(CLUE, saying(reason="示例")),
    "POST /api/clues/{clue_id}/petitioner": Record(CLUE),
    "POST /api/clues/{clue_id}/clip": Record(CLUE, saying(evidence_id="00000000-0000-0000-0000-000000000000")),
    "GET /api/tasks": Listing(
        [saying(), EAST, at(source_id="source"), saying(mine=True), saying(state="on_site"), saying(overdue=True)]
    ),
    "POST /api/tasks": Refers(lambda scene: {"kind": "routine", "title": "示例", "source_id": scene.source}),
    "GET /api/tasks/{task_id}": Record(TASK),
    "GET /api/tasks/{task_id}/pack": Record(TASK),
    "POST /api/tasks/seen": OWN,
    "POST /api/tasks/{task_id}/nearest": Record(TASK),
    "POST /api/tasks/{task_id}/assign": Record(TASK, saying(officer_ids=[OFFICER], lead_officer_id=OFFICER)),
    "POST /api/tasks/{task_id}/passes/renew": Record(TASK),
    "POST /api/tasks/{task_id}/urge": Record(TASK, saying(words="示例")),
    "POST /api/tasks/{task_id}/cancel": Record(TASK, saying(reason="示例")),
    "POST /api/deeds": Harmless("every kind of deed has its own test in test_deeds_of_others.py"),
    "POST /api/tasks/{task_id}/trail": Record(TASK, saying()),
    "POST /api/positions": Refers(
        lambda scene: {
            "task_id": scene.task,
            "fixes": [{"lon": BORDER_POINT[0], "lat": BORDER_POINT[1], "happened_at": now().isoformat()}],
        },
        "tracks.outside_task",
        409,
    ),
    "GET /api/carriers": Listing(),
    "POST /api/replay": Harmless("tests/oversight/picture/test_replay.py asks as somebody else"),
    "GET /api/trackers": Listing(),
    "POST /api/trackers": OWN,
    "GET /api/trackers/own": OWN,
    "POST /api/trackers/own": OWN,
    "POST /api/trackers/{tracker_id}/renew_key": Record(TRACKER),
    "POST /api/trackers/{tracker_id}/close": Record(TRACKER, saying(reason="示例")),
    "GET /api/osmand": BY_KEY,
    "POST /api/osmand": BY_KEY,
    "GET /api/evidence/{evidence_id}": Record(EVIDENCE),
    "GET /api/evidence/{evidence_id}/file": Record(EVIDENCE),
    "GET /api/inspections": Listing([saying(), at(source_id="source")]),
    "GET /api/inspections/{inspection_id}": Record(VISIT),
    "GET /api/inspections/{inspection_id}/record.zip": Record(VISIT),
    "GET /api/inspections/{inspection_id}/documents/inspection_record.pdf": Record(VISIT),
    "GET /api/inspections/{inspection_id}/documents/inspection_record/pages": Record(VISIT),
    "GET /api/inspections/{inspection_id}/interviews/{interview_id}/interview_record.pdf": Record(INTERVIEW),
    "GET /api/inspections/{inspection_id}/interviews/{interview_id}/pages": Record(INTERVIEW),
    "GET /api/inspections/{inspection_id}/signatures/{signature_id}": Record(
        at(inspection_id="inspection", signature_id="signature")
    ),
    "POST /api/inspections/{inspection_id}/comments": Record(VISIT, saying(comments=[{"words": "示例"}])),
    "GET /api/problems": Listing(
        [saying(), EAST, at(source_id="source"), at(inspection_id="inspection"), saying(is_open=True)]
    ),
    "GET /api/problems/{problem_id}": Record(PROBLEM),
    "POST /api/problems/{problem_id}/evidence": Record(
        PROBLEM, form=saying(sha256=digest(PICTURE), purpose="示例", taken_at=now().isoformat())
    ),
    "POST /api/problems/{problem_id}/order": Record(PROBLEM, saying(rectify_by_on="2099-01-01", requirement="示例")),
    "POST /api/problems/{problem_id}/claim": Record(PROBLEM, saying(statement="示例", evidence_ids=[])),
    "POST /api/problems/{problem_id}/return": Record(PROBLEM, saying(reason="示例")),
    "POST /api/problems/{problem_id}/close_out": Record(PROBLEM, saying(opinion="示例")),
    "POST /api/problems/{problem_id}/look_back": Record(PROBLEM, saying(outcome="held", note="示例")),
    "POST /api/problems/{problem_id}/look_back_day": Record(PROBLEM, saying(due_on="2099-01-01")),
    "GET /api/aircraft": Listing(),
    "POST /api/aircraft": OWN,
    "POST /api/aircraft/{aircraft_id}/autopilot": Record(
        lambda scene: {"aircraft_id": scene.aircraft}, saying(system_id=7)
    ),
    "GET /api/docks": Listing(),
    "POST /api/docks": Refers(
        lambda scene: {
            "title": "示例",
            "serial_no": "7CTDSAMPLE9",
            "lon": BORDER_POINT[0],
            "lat": BORDER_POINT[1],
            "aircraft_id": scene.aircraft,
        }
    ),
    "GET /api/docks/{dock_id}/media": Record(DOCK),
    "POST /api/docks/{dock_id}/start_picture": Record(DOCK),
    "POST /api/docks/{dock_id}/stop_picture": Record(DOCK),
    "GET /api/flight-orders/{order_id}/route.kmz": BY_SIGNATURE,
    "GET /api/no-fly-zones": DIRECTORY,
    "POST /api/no-fly-zones": Harmless("what must not be flown over binds everybody"),
    "POST /api/no-fly-zones/{zone_id}/lift": SEEN_BY_ALL,
    "GET /api/flight-height-rule": RULEBOOK,
    "GET /api/missions": Listing([saying(), saying(state="drafted")]),
    "POST /api/missions": Refers(
        lambda scene: {
            "title": "示例",
            "kind": "places",
            "source_ids": [scene.source],
            "aircraft_id": scene.aircraft,
            "home": BORDER_POINT,
        }
    ),
    "GET /api/missions/{mission_id}": Record(MISSION),
    "GET /api/missions/{mission_id}/flights/{number}.kmz": Record(
        lambda scene: {"mission_id": scene.mission, "number": 1}
    ),
    "POST /api/missions/{mission_id}/release": Record(MISSION, saying(pilot_officer_id=OFFICER)),
    "POST /api/missions/{mission_id}/report_flown": Record(MISSION),
    "GET /api/missions/{mission_id}/orders": Record(MISSION),
    "GET /api/missions/{mission_id}/seen": Record(MISSION),
    "GET /api/missions/{mission_id}/media": Record(MISSION),
    "POST /api/missions/{mission_id}/orders": Record(MISSION, saying(flight_number=1)),
    "POST /api/flight-orders/{order_id}/stop": Record(ORDER, saying(reason="示例")),
    "POST /api/missions/{mission_id}/cancel": Record(MISSION, saying(reason="示例")),
    "GET /api/streams": Listing(),
    "POST /api/streams": Refers(lambda scene: {"kind": "drone", "title": "示例", "task_id": scene.task}),
    "GET /api/streams/{stream_id}": Record(STREAM),
    "POST /api/tasks/{task_id}/site_ticket": Record(TASK),
    "POST /api/streams/{stream_id}/publish_ticket": Record(STREAM),
    "POST /api/streams/{stream_id}/view_ticket": Record(STREAM),
    "POST /api/streams/{stream_id}/close": Record(STREAM, saying(reason="示例")),
    "GET /api/streams/{stream_id}/diagnosis": Record(STREAM),
    "GET /api/streams/{stream_id}/viewings": Record(STREAM),
    "POST /api/streams/{stream_id}/sightings": Record(
        STREAM,
        saying(description="示例", shown_at="2026-01-01T00:00:00Z", snapshot_id="00000000-0000-0000-0000-000000000000"),
    ),
    "POST /api/streams/{stream_id}/clips": Record(
        STREAM, saying(**{"from": "2026-01-01T00:00:00Z", "to": "2026-01-01T00:00:30Z"})
    ),
    "POST /api/streams/{stream_id}/snapshots": Record(STREAM, form=saying(shown_at="2026-01-01T00:00:00Z")),
    "GET /api/picture": Listing(),
    "GET /api/ledger": Listing([at(subject_id=kind) for kind in ("clue", "task", "inspection", "evidence", "problem")]),
    "GET /api/border-sources": Listing(),
    "GET /api/border-watch": Listing(),
    "GET /api/screens/close-out-list": Listing([saying(), saying(joint=True), saying(days=1)]),
    "GET /api/screens/joint-operation": Listing(),
    "GET /api/screens/heavy-pollution": Listing(
        [
            saying(lon=BORDER_POINT[0], lat=BORDER_POINT[1]),
            saying(lon=BORDER_POINT[0], lat=BORDER_POINT[1], within_km=20),
        ]
    ),
    "POST /api/screens/measure-checks": Refers(
        lambda scene: {"source_id": scene.source, "measure": "示例", "is_met": True}
    ),
    "GET /api/screens/wall-layouts": Listing(),
    "POST /api/screens/wall-layouts": Refers(lambda scene: {"operation": "示例行动", "stream_ids": [scene.stream]}),
    "POST /api/screens/wall-layouts/{layout_id}/withdraw": Record(LAYOUT),
    "GET /api/memoranda": Listing([saying(), saying(state="in_force")]),
    "POST /api/memoranda": Harmless("grants nothing before all have signed; who may draft: tests/registers/alliances"),
    "GET /api/memoranda/{memorandum_id}": Record(MEMORANDUM),
    "PUT /api/memoranda/{memorandum_id}": Record(MEMORANDUM, saying(**terms(), member_ids=[OFFICER])),
    "GET /api/memoranda/{memorandum_id}/preview": Record(MEMORANDUM),
    "POST /api/memoranda/{memorandum_id}/offer": Record(MEMORANDUM),
    "POST /api/memoranda/{memorandum_id}/revise": Record(MEMORANDUM),
    "POST /api/memoranda/{memorandum_id}/discard": Record(MEMORANDUM, saying(reason="示例")),
    "POST /api/memoranda/{memorandum_id}/sign": Record(MEMORANDUM, saying(text_digest="0" * 64)),
    "POST /api/memoranda/{memorandum_id}/leave": Record(MEMORANDUM, saying(reason="示例")),
    "GET /api/referrals": Listing([saying(), saying(direction="sent"), saying(state="sent"), at(clue_id="open_clue")]),
    "POST /api/referrals": Refers(lambda scene: {"id": OFFICER, "to_area": "990104", "clue_id": scene.open_clue}),
    "GET /api/referrals/proposal": Harmless("outlines and one's own memoranda: tests/work/referrals"),
    "GET /api/referrals/{referral_id}": Record(REFERRAL),
    "POST /api/referrals/{referral_id}/accept": Record(REFERRAL),
    "POST /api/referrals/{referral_id}/return": Record(REFERRAL, saying(reason="示例")),
    "POST /api/referrals/{referral_id}/withdraw": Record(REFERRAL, saying(reason="示例")),
    "POST /api/referrals/{referral_id}/ask": Record(REFERRAL, saying(reason="示例")),
    "POST /api/referrals/{referral_id}/designate": Record(REFERRAL, saying(area_code="990102")),
    "GET /api/efficiency": Refers(lambda scene: YEAR | EAST(scene), "access.other_area", 403),
    "GET /api/quality": Refers(lambda scene: YEAR | EAST(scene), "access.other_area", 403),
    "GET /api/efficiency/rows": Refers(
        lambda scene: YEAR | EAST(scene) | {"figure": "site_visits"}, "access.other_area", 403
    ),
}
