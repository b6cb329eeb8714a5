"""What a simulated dock brings home: photographs, put into the store that it is told of, and the words with which it says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from obstore.store import S3Store

Body = dict[str, Any]
SMALLEST = b"\xff\xd8\xff\xd9"
"""As much of a JPEG as its first and last mark."""


@dataclass(frozen=True)
class Photo:
    """A photograph and where it was taken, degrees WGS-84. `picture` is a JPEG; a comment in it tells one from another."""

    name: str
    lon: float
    lat: float
    picture: bytes = SMALLEST

    @property
    def content(self) -> bytes:
        """The file."""
        words = f"sample {self.name} {self.lon} {self.lat}".encode()
        comment = b"\xff\xfe" + (len(words) + 2).to_bytes(2, "big") + words
        return self.picture[:2] + comment + self.picture[2:]

    def report(self, flight_id: str, object_key: str, taken_s: float, counts: tuple[int, int]) -> Body:
        """What `file_upload_callback` says of it; `counts`: so many files are expected, and so many sent. The time of day
        is Chinese and says so nowhere, one number is a string: as real docks have it."""
        taken_at = datetime.fromtimestamp(taken_s, ZoneInfo("Asia/Shanghai"))
        metadata = {
            "absolute_altitude": 156.3, "relative_altitude": 41.1, "gimbal_yaw_degree": "-91.40",
            "create_time": f"{taken_at:%Y-%m-%d %H:%M:%S}", "shoot_position": {"lat": self.lat, "lng": self.lon},
        }  # fmt: skip
        ext = {"flight_id": flight_id, "drone_model_key": "0-91-0", "payload_model_key": "1-81-0", "is_original": True}
        file = {"object_key": object_key, "name": self.name, "path": "", "cloud_to_cloud_id": "DEFAULT", "ext": ext}
        expected, sent = counts
        task = {"expected_file_count": expected, "flight_type": 0, "uploaded_file_count": sent}
        return {"file": file | {"metadata": metadata}, "flight_task": task}


def store_of(told: Body) -> S3Store:
    """The store that it was told of, as its client opens it."""
    given = told["credentials"]
    return S3Store(
        told["bucket"], endpoint=told["endpoint"], region=told["region"], access_key_id=given["access_key_id"],
        secret_access_key=given["access_key_secret"], session_token=given["security_token"],
        virtual_hosted_style_request=False, client_options={"allow_http": True},
    )  # fmt: skip
