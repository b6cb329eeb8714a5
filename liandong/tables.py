"""Every table of the house in one import, for migrations and tests."""

from liandong.kernel import jobs, ledger
from liandong.means.evidence import tables as evidence
from liandong.means.ground import tables as ground
from liandong.means.tracks import tables as tracks
from liandong.means.video import tables as video
from liandong.oversight.border import tables as border
from liandong.oversight.efficiency import tables as efficiency
from liandong.oversight.screens import tables as screens
from liandong.registers.access import tables as access
from liandong.registers.alliances import tables as alliances
from liandong.registers.jurisdictions import tables as jurisdictions
from liandong.registers.officers import tables as officers
from liandong.registers.sources import tables as sources
from liandong.registers.trackers import tables as trackers
from liandong.wires.phone import tables as phone
from liandong.work.campaigns import tables as campaigns
from liandong.work.clues import tables as clues
from liandong.work.dispatch import tables as dispatch
from liandong.work.docks import tables as docks
from liandong.work.draws import tables as draws
from liandong.work.drones import tables as drones
from liandong.work.inspections import tables as inspections
from liandong.work.problems import tables as problems
from liandong.work.referrals import tables as referrals

ROOMS = (
    jobs, ledger, evidence, tracks, video, efficiency, access, jurisdictions, officers,
    sources, trackers, campaigns, clues, dispatch, docks, draws, drones, inspections, problems, phone,
    screens, ground, alliances, referrals, border,
)  # fmt: skip
