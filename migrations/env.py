"""Alembic's door: migrations run on the connection that `liandong.runtime.migrate` gives."""

from alembic import context

from liandong import tables
from liandong.kernel.db import Base

assert tables.ROOMS

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
