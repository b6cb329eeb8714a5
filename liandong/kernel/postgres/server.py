"""Where a PostgreSQL server is and how to address it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from liandong.kernel.errors import Invalid

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

DRIVER = "postgresql+psycopg"


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL. `host` is a folder with a Unix socket, or the name of a machine."""

    host: str
    port: int
    superuser: str
    password: str = field(repr=False)
    database: str = "postgres"
    is_embedded: bool = True
    options: tuple[tuple[str, str], ...] = ()

    @classmethod
    def at_url(cls, address: str) -> Server:
        """The server at `address`, `postgresql://user:password@host:port/database?option=value`.

        Raises    postgres.bad_url
        """
        from sqlalchemy.engine import make_url  # noqa: PLC0415  see url()
        from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

        try:
            url = make_url(address)
            if url.get_backend_name() not in ("postgresql", "postgres") or not url.database:
                raise Invalid("postgres.bad_url")
            port = url.port or 5432
        except (ArgumentError, ValueError) as problem:
            raise Invalid("postgres.bad_url") from problem
        options = {key: value for key, value in url.query.items() if isinstance(value, str)}
        host = url.host or options.pop("host", "")
        password = str(url.password) if url.password is not None else ""
        port = int(options.pop("port", port))
        rest = tuple(sorted(options.items()))
        return cls(host, port, url.username or "", password, url.database, is_embedded=False, options=rest)

    def url(self, user: str | None = None, password: str | None = None, database: str | None = None) -> URL:
        """The address for SQLAlchemy with psycopg; what is not named is the superuser's."""
        # Half a second of import that the keeper and a leaving command need not pay.
        from sqlalchemy.engine import URL  # noqa: PLC0415

        secret = self.password if user is None else password
        query: dict[str, Any] = dict(self.options)
        if self.host:
            query |= {"host": self.host, "port": str(self.port)}
        return URL.create(
            DRIVER, user or self.superuser or None, secret or None, database=database or self.database, query=query
        )

    def conninfo(self, user: str | None = None, password: str | None = None, database: str | None = None) -> str:
        """The same address as psycopg and libpq take it."""
        from psycopg.conninfo import make_conninfo  # noqa: PLC0415  as in url()

        own = user is None
        known = {
            "user": self.superuser if own else user,
            "password": self.password if own else password,
            "dbname": database or self.database,
            "host": self.host,
            "port": str(self.port),
        }
        return make_conninfo(**{key: value for key, value in known.items() if value}, **dict(self.options))
