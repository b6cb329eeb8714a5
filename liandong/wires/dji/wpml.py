"""A flight as a route file for DJI aircraft: a KMZ with `wpmz/template.kml` and `wpmz/waylines.wpml`.

The executable part is `waylines.wpml`; the template is what the maker's own software shows. Heights are above the take-off
place. Coordinates stay WGS-84, lon first, as the format wants them. The camera looks straight down and records from
the first lane to the last.

Source    DJI Cloud API, WPML 1.0.2, "Wayline File Format Standard"
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as Tree

KML, WPML = "http://www.opengis.net/kml/2.2", "http://www.dji.com/wpmz/1.0.2"
SAFE_HEIGHT_M, FASTEST_TRANSIT_M_S = 20, 15
"""Climbed to before anything else; and the fastest that the format allows between take-off and the first point."""
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Wayline:
    """One flight: places (lon, lat) between take-off and landing, in degrees WGS-84.

    `is_at_work[i]`: the leg after place i is filmed; it has one entry fewer than there are places.
    `is_photographed[i]`: a photograph is taken at place i.
    """

    places: Sequence[tuple[float, float]]
    is_at_work: Sequence[bool]
    is_photographed: Sequence[bool]
    height_m: float
    speed_m_s: float
    length_m: float
    minutes: float
    drone: int
    drone_sub: int
    payload: int
    payload_sub: int


def kmz(wayline: Wayline, made_at: datetime) -> bytes:
    """The route file. The same wayline made at the same moment is the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, root in (("template.kml", _template(wayline, made_at)), ("waylines.wpml", _executable(wayline))):
            info = zipfile.ZipInfo(f"wpmz/{name}", ZIP_EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(info, Tree.tostring(root, encoding="utf-8", xml_declaration=True))
    return out.getvalue()


def _document() -> tuple[Tree.Element, Tree.Element]:
    Tree.register_namespace("", KML)
    Tree.register_namespace("wpml", WPML)
    root = Tree.Element(f"{{{KML}}}kml")
    return root, Tree.SubElement(root, f"{{{KML}}}Document")


def _say(parent: Tree.Element, **words: object) -> None:
    for name, word in words.items():
        Tree.SubElement(parent, f"{{{WPML}}}{name}").text = str(word)


def _group(parent: Tree.Element, name: str, **words: object) -> Tree.Element:
    group = Tree.SubElement(parent, f"{{{WPML}}}{name}")
    _say(group, **words)
    return group


def _executable(wayline: Wayline) -> Tree.Element:
    root, document = _document()
    _config(document, wayline)
    folder = Tree.SubElement(document, f"{{{KML}}}Folder")
    _say(
        folder,
        templateId=0,
        executeHeightMode="relativeToStartPoint",
        waylineId=0,
        distance=round(wayline.length_m, 1),
        duration=round(wayline.minutes * 60, 1),
        autoFlightSpeed=_number(wayline.speed_m_s),
    )
    for index in range(len(wayline.places)):
        mark = _place(folder, wayline, index)
        _say(mark, executeHeight=_number(wayline.height_m), waypointSpeed=_number(wayline.speed_m_s))
        _group(mark, "waypointHeadingParam", waypointHeadingMode="followWayline")
        turn = "toPointAndStopWithDiscontinuityCurvature"
        _group(mark, "waypointTurnParam", waypointTurnMode=turn, waypointTurnDampingDist=0)
        _actions(mark, wayline, index)
    return root


def _template(wayline: Wayline, made_at: datetime) -> Tree.Element:
    root, document = _document()
    moment = int(made_at.timestamp() * 1000)
    _say(document, author="liandong", createTime=moment, updateTime=moment)
    _config(document, wayline)
    folder = Tree.SubElement(document, f"{{{KML}}}Folder")
    _say(folder, templateType="waypoint", templateId=0)
    _group(folder, "waylineCoordinateSysParam", coordinateMode="WGS84", heightMode="relativeToStartPoint")
    _say(folder, autoFlightSpeed=_number(wayline.speed_m_s), globalHeight=_number(wayline.height_m))
    _say(folder, gimbalPitchMode="usePointSetting")
    _group(folder, "globalWaypointHeadingParam", waypointHeadingMode="followWayline")
    _say(folder, globalWaypointTurnMode="toPointAndStopWithDiscontinuityCurvature", globalUseStraightLine=1)
    for index in range(len(wayline.places)):
        mark = _place(folder, wayline, index)
        _say(mark, height=_number(wayline.height_m), useGlobalHeight=1, useGlobalSpeed=1)
        _say(mark, useGlobalHeadingParam=1, useGlobalTurnParam=1, gimbalPitchAngle=-90)
    return root


def _config(document: Tree.Element, wayline: Wayline) -> None:
    config = _group(
        document,
        "missionConfig",
        flyToWaylineMode="safely",
        finishAction="goHome",
        exitOnRCLost="executeLostAction",
        executeRCLostAction="goBack",
        takeOffSecurityHeight=SAFE_HEIGHT_M,
        globalTransitionalSpeed=_number(min(wayline.speed_m_s, FASTEST_TRANSIT_M_S)),
        globalRTHHeight=_number(wayline.height_m),
    )
    _group(config, "droneInfo", droneEnumValue=wayline.drone, droneSubEnumValue=wayline.drone_sub)
    _group(
        config,
        "payloadInfo",
        payloadEnumValue=wayline.payload,
        payloadSubEnumValue=wayline.payload_sub,
        payloadPositionIndex=0,
    )


def _place(folder: Tree.Element, wayline: Wayline, index: int) -> Tree.Element:
    mark = Tree.SubElement(folder, f"{{{KML}}}Placemark")
    point = Tree.SubElement(mark, f"{{{KML}}}Point")
    lon, lat = wayline.places[index]
    Tree.SubElement(point, f"{{{KML}}}coordinates").text = f"{lon:.7f},{lat:.7f}"
    _say(mark, index=index)
    return mark


def _actions(mark: Tree.Element, wayline: Wayline, index: int) -> None:
    """At the first place the camera turns down; it records while, and only while, a lane is flown."""
    was = index > 0 and wayline.is_at_work[index - 1]
    is_now = index < len(wayline.is_at_work) and wayline.is_at_work[index]
    wanted = [("gimbalRotate", {"gimbalRotateMode": "absoluteAngle", "gimbalPitchRotateEnable": 1,
                                "gimbalPitchRotateAngle": -90})] if index == 0 else []  # fmt: skip
    if is_now != was:
        wanted.append(("startRecord" if is_now else "stopRecord", {}))
    if wayline.is_photographed[index]:
        wanted.append(("takePhoto", {}))
    if not wanted:
        return
    group = _group(
        mark,
        "actionGroup",
        actionGroupId=index,
        actionGroupStartIndex=index,
        actionGroupEndIndex=index,
        actionGroupMode="sequence",
    )
    _group(group, "actionTrigger", actionTriggerType="reachPoint")
    for number, (function, params) in enumerate(wanted):
        action = _group(group, "action", actionId=number, actionActuatorFunc=function)
        _group(action, "actionActuatorFuncParam", **params, payloadPositionIndex=0)


def _number(value: float) -> str:
    return f"{value:g}"
