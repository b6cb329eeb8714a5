"""Events as ATAK and WinTAK send them: their elements and attributes, with invented people and places."""

from __future__ import annotations

from datetime import datetime

PING = b"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<event version="2.0" uid="ANDROID-EXAMPLE01-ping" type="t-x-c-t" time="2026-11-20T01:02:03.000Z"\
 start="2026-11-20T01:02:03.000Z" stale="2026-11-20T01:02:13.000Z" how="m-g">\
<point lat="0.00000000" lon="0.00000000" hae="0.00000000" ce="9999999" le="9999999"/><detail/></event>"""

ATAK = b"""<?xml version='1.0' encoding='UTF-8' standalone='yes'?>
<event version='2.0' uid='ANDROID-EXAMPLE01' type='a-f-G-U-C' time='2026-11-20T01:02:03.123Z'\
 start='2026-11-20T01:02:03.123Z' stale='2026-11-20T01:08:18.123Z' how='m-g'>\
<point lat='36.6512345' lon='117.0012345' hae='31.5' ce='8.2' le='9999999.0'/>\
<detail><takv os='34' version='5.1.0' device='EXAMPLE' platform='ATAK-CIV'/>\
<contact endpoint='*:-1:stcp' callsign='\xe7\xa4\xba\xe4\xbe\x8b\xe4\xb8\x80'/><uid Droid='EXAMPLE'/>\
<precisionlocation altsrc='GPS' geopointsrc='GPS'/><__group role='Team Member' name='Cyan'/><status battery='77'/>\
<track course='270.51' speed='5.10'/></detail></event>"""

CHAT = b"""<event version="2.0" uid="GeoChat.EXAMPLE" type="b-t-f" time="2026-11-20T01:02:03Z"\
 start="2026-11-20T01:02:03Z" stale="2026-11-21T01:02:03Z" how="h-g-i-g-o">\
<point lat="36.6" lon="117.0" hae="9999999.0" ce="9999999.0" le="9999999.0"/><detail><remarks>x</remarks></detail></event>"""

BILLION_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE event [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<event uid="&b;" type="a-f-G" time="2026-11-20T01:02:03Z"><point lat="1" lon="2"/></event>"""


def auth(key: str) -> bytes:
    """What a TAK client says first where a user name and a password are set."""
    return f'<?xml version="1.0" encoding="utf-8"?>\n<auth><cot username="example" password="{key}" uid="U"/></auth>'.encode()


def event(at: datetime, lon: float, lat: float = 36.61, uid: str = "EXAMPLE", kind: str = "a-f-G-E-V-C") -> bytes:
    """Where a client is."""
    stamp = at.isoformat().replace("+00:00", "Z")
    return (
        f'<event version="2.0" uid="{uid}" type="{kind}" time="{stamp}" start="{stamp}" stale="{stamp}" how="m-g">'
        f'<point lat="{lat}" lon="{lon}" hae="31.0" ce="9.0" le="9999999.0"/>'
        f'<detail><contact callsign="example"/><track course="90.0" speed="5.0"/></detail></event>'
    ).encode()
