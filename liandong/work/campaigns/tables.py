"""Tables of the campaigns room."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from liandong.kernel.db import Base
from liandong.kernel.ids import new_id


class Campaign(Base):
    """A special campaign (专项行动) of the agencies of one area."""

    __tablename__ = "campaign"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    area_code: Mapped[str] = mapped_column(ForeignKey("area.area_code"), index=True)


class CampaignTarget(Base):
    """A source that a campaign set out to visit; the list is the denominator of the campaign's coverage."""

    __tablename__ = "campaign_target"
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    source_id: Mapped[UUID] = mapped_column(ForeignKey("source.id"), primary_key=True)
    kind: Mapped[str]
