"""Every knob, typed and documented. Each is read from the environment as `LIANDONG_<NAME>`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The settings of one process."""

    model_config = SettingsConfigDict(env_prefix="LIANDONG_", extra="ignore")

    home: Path = Field(Path(".liandong"), description="Folder of all state: database, files, secrets.")
    database_url: str | None = Field(
        None, description="Any PostgreSQL >= 15, as its owner; unset: an embedded server under `home`."
    )
    blob_url: str | None = Field(
        None, description="Where files go: file:///folder or s3://bucket/prefix; unset: `home`/blobs."
    )
    blob_s3_endpoint: str | None = Field(
        None, description="Endpoint of an S3-compatible store; unset: the cloud's own."
    )
    faces: Path | None = Field(None, description="Folder of the built faces; unset: apps/dist of the checkout.")
    host: str = Field("127.0.0.1", description="Address the server listens on.")
    port: int = Field(8600, ge=1, le=65535, description="Port the server listens on.")
    public_url: str | None = Field(
        None, description="Address under which phones and the public reach this installation; unset: the one asked."
    )
    visit_pass_days: int = Field(60, ge=1, le=366, description="Days for which a scanned certificate code opens.")
    scans_per_minute: int = Field(30, ge=1, description="Scans of one certificate code that are answered in a minute.")
    session_hours: int = Field(12, ge=1, le=24 * 14, description="Hours after which a sign-in ends.")
    sign_in_attempts: int = Field(5, ge=1, description="Failed sign-ins before an account is locked.")
    sign_in_lock_minutes: int = Field(15, ge=1, description="Minutes that a locked account stays locked.")
    cookie_secure: bool = Field(False, description="Send the session cookie over TLS only; set it in production.")
    max_file_bytes: int = Field(50 * 1024 * 1024, ge=1, description="Largest single picture or document, in bytes.")
    max_audio_bytes: int = Field(200 * 1024 * 1024, ge=1, description="Largest single sound recording, in bytes.")
    max_video_bytes: int = Field(2 * 1024 * 1024 * 1024, ge=1, description="Largest single video, in bytes.")
    open_uploads: int = Field(200, ge=1, description="Files that one account may have on their way at once.")
    upload_days: int = Field(14, ge=1, description="Days after its last byte that an unfinished file is kept.")
    track_days: int = Field(
        90, ge=1, description="Days that whereabouts are kept; no law names a number, a case is decided within 90 days."
    )
    max_body_bytes: int = Field(4 * 1024 * 1024, ge=1, description="Largest JSON body, in bytes.")
    max_connections: int = Field(4000, ge=1, description="Connections a server process holds at once.")
    pool_size: int = Field(10, ge=1, description="Database connections a process keeps.")
    live_tick_ms: int = Field(
        500, ge=100, le=10_000, description="Milliseconds between two pictures of where everything is."
    )
    bus_url: str | None = Field(
        None,
        description="NATS that carries positions between server processes, as nats://host:4222; unset: the database.",
    )
    cot_host: str = Field("127.0.0.1", description="Address on which TAK clients are listened for.")
    cot_port: int = Field(8087, ge=1, le=65535, description="Port on which TAK clients speak Cursor on Target.")
    cot_certificate: Path | None = Field(
        None, description="TLS certificate for TAK clients, with its key in one PEM file; unset: keys go in the clear."
    )
    cot_clients: int = Field(2000, ge=1, description="TAK clients that one process talks to at once.")
    feed_queue: int = Field(1000, ge=10, description="Facts kept for one slow screen before it must resume.")

    media_host: str = Field("127.0.0.1", description="Address the media relay listens on.")
    media_port: int = Field(8601, ge=1, le=65535, description="Port on which pictures are watched (WebSocket).")
    rtmp_port: int = Field(1935, ge=1, le=65535, description="Port on which encoders and aircraft send (RTMP).")
    media_url: str | None = Field(
        None,
        description="Address under which browsers reach the relay, as wss://host; unset: the host asked, `media_port`.",
    )
    media_control_url: str | None = Field(
        None,
        description="Address at which servers ask the relay, as http://host:8601; unset: this machine, `media_port`.",
    )
    rtmp_url: str | None = Field(
        None, description="Address to which encoders send, as rtmp://host/live; unset: the host asked, `rtmp_port`."
    )
    media_server: Literal["embedded", "nginx_rtmp", "zlmediakit", "mediamtx", "srs"] = Field(
        "embedded",
        description="Who takes RTMP in: the relay itself, or an existing media server that asks it and is pulled from.",
    )
    media_server_rtmp: str | None = Field(
        None,
        description="Where the relay pulls from that server, as rtmp://host:1935/live; unset: this machine, `rtmp_port`.",
    )
    media_server_api: str = Field(
        "http://127.0.0.1:8603", description="That server's own HTTP interface, for what runs now and to stop a stream."
    )
    media_server_secret: str = Field(
        "", description="What its interface asks for, where it does (ZLMediaKit); a secret."
    )
    webrtc_program: str = Field(
        "node", description="Node 20 or newer, which holds WebRTC connections; empty: none are offered."
    )
    webrtc_addresses: str = Field(
        "",
        description="IP addresses at which browsers reach the relay by UDP, with commas; unset: `media_host`, or all.",
    )
    webrtc_ports: str = Field(
        "", description="UDP ports for WebRTC, as 40000-40199, two for each connection; unset: any."
    )
    publish_ticket_hours: int = Field(24, ge=1, le=24 * 30, description="Hours within which a ticket to send is good.")
    max_publishers: int = Field(64, ge=1, description="Connections that may send pictures to one relay at once.")
    recording_days: int = Field(
        15, ge=1, description="Days that recordings of live pictures are kept; what was sealed as evidence stays."
    )
    recording_spare_gb: int = Field(
        5, ge=0, description="Gigabytes of the disk that recordings leave free: the database lies there too."
    )
    clip_minutes: int = Field(10, ge=1, le=60, description="Longest clip that is made of a recording, in minutes.")
    max_viewers: int = Field(400, ge=1, description="Viewers that one relay serves at once.")

    mqtt_url: str | None = Field(
        None,
        description="MQTT broker of docks and remote controls, as mqtts://account:password@host:8883; unset: none.",
    )
    dock_port: int = Field(8602, ge=1, le=65535, description="Port of this machine on which `dock` tells how it is.")
    dji_ntp_host: str | None = Field(None, description="Time server that docks are told; unset: none is told.")
    dji_app_id: str | None = Field(None, description="Application number of the maker's developer site, for docks.")
    dji_app_key: str | None = Field(None, description="Key of that application; a secret.")
    dji_app_license: str | None = Field(None, description="Licence of that application; a secret.")

    mavlink_host: str = Field("127.0.0.1", description="Address on which aircraft that speak MAVLink are listened for.")
    mavlink_port: int | None = Field(
        None, ge=1, le=65535, description="UDP port on which they are listened for, 14550 by custom; unset: none."
    )
    mavlink_unsigned_from: str = Field(
        "",
        description="Networks whose aircraft need not sign, as 10.8.0.0/24,10.9.0.0/24: links nobody else can send on.",
    )
    mavlink_health_port: int = Field(
        8603, ge=1, le=65535, description="Port of this machine on which `mavlink` tells how it is."
    )

    tianditu_key: str | None = Field(
        None,
        pattern=r"^[0-9A-Za-z]{8,64}$",
        description="Browser key of Tianditu: the big screen then offers its map below the packaged outlines; every "
        "browser that looks learns the key; unset: none is offered, and no page may ask there.",
    )

    @property
    def home_folder(self) -> Path:
        """`home`, absolute."""
        return self.home.expanduser().resolve()


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
