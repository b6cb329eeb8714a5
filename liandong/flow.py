"""★ Read this first: every hand-over from one room to another, in the order of the work.

A room announces what happened and knows nobody; here, and only here, one room's fact becomes another room's act.
TOGETHER runs in the deed's own transaction: both happen or neither. AFTERWARDS runs once the deed has ended well, at
least once, so every handler there is safe to repeat. TIMETABLE is what time itself sets going.

    clue → task → inspection → problem → rectification → close-out → look-back → the figures
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.jobs import Handler, Timed, each
from liandong.kernel.ledger import Fact, LedgerFact, Together
from liandong.means.evidence.uploads import sweep_uploads
from liandong.means.tracks.actions import forget_trails
from liandong.means.video.recordings import forget_recordings
from liandong.means.video.site import close_site_streams
from liandong.oversight.border.events import BlindSpotCalled
from liandong.oversight.border.keeping import keep_border_lists, sources_of_inspections, sources_of_problems
from liandong.oversight.border.watching import call_blind_spots, keep_border_watch
from liandong.registers.access.actions import end_task_grants, grant_task
from liandong.registers.alliances.actions import expire_memoranda
from liandong.registers.alliances.events import MemberLeft, MemorandumEnded, MemorandumExpired, MemorandumTookForce
from liandong.registers.sources.events import SourcesImported
from liandong.work.clues.actions import hang_on_task, settle_clue
from liandong.work.clues.events import ClueAccepted, ClueDeclined, ClueSettled
from liandong.work.clues.hand_over import dispute_clue, hand_over_clue, keep_clue, offer_clue, settle_owner
from liandong.work.dispatch.actions import Arrival, TaskDraft, draft_task, mark_arrived, release_task, report_back
from liandong.work.dispatch.chasing import chase_unanswered
from liandong.work.dispatch.events import TaskReported
from liandong.work.docks.files import sweep_dock_uploads
from liandong.work.docks.filing import file_unreported
from liandong.work.inspections.events import (
    InspectionBegun,
    InspectionResubmitted,
    InspectionReturned,
    InspectionSubmitted,
    PhotoAdded,
    RecordingAdded,
)
from liandong.work.problems.events import LookBackDue, LookBackHeld, ProblemClosed, ProblemFound, ProblemRelapsed
from liandong.work.problems.look_backs import call_due, schedule_look_back
from liandong.work.problems.quality import score_problems, score_problems_of
from liandong.work.referrals.actions import escalate_overdue, note_outcome
from liandong.work.referrals.events import (
    ReferralAccepted,
    ReferralAsked,
    ReferralDesignated,
    ReferralReturned,
    ReferralSent,
    ReferralWithdrawn,
)

CLUE_TASK_KINDS = {"petition": "petition_check"}


async def clue_accepted_drafts_task(session: AsyncSession, fact: ClueAccepted) -> None:
    """A clue that is taken up has its task at once: nobody has to remember."""
    task = await draft_task(
        session,
        TaskDraft(
            kind=CLUE_TASK_KINDS.get(fact.clue_kind, "clue_check"),
            title=fact.title,
            area_code=str(fact.area_code),
            mode=fact.mode,
            instruction=fact.instruction,
            matters=[fact.element] if fact.element else [],
            source_id=fact.source_id,
            lon=fact.lon,
            lat=fact.lat,
            due_on=fact.due_on,
            clue_id=fact.subject_id,
            origin_key=f"clue:{fact.subject_id}",
        ),
    )
    await hang_on_task(session, fact.subject_id, task.id)


async def inspection_begun_marks_arrival(session: AsyncSession, fact: InspectionBegun) -> None:
    """A visit that has begun is a task on site."""
    assert fact.task_id and fact.happened_at
    await mark_arrived(session, fact.task_id, Arrival(fact.subject_id, fact.officer_ids, fact.happened_at))


async def inspection_submitted_reports_back(session: AsyncSession, fact: InspectionSubmitted) -> None:
    """A record that is in is the report; nobody types it again."""
    assert fact.task_id and fact.happened_at
    await report_back(session, fact.task_id, fact.happened_at)


async def inspection_returned_opens_task(session: AsyncSession, fact: InspectionReturned) -> None:
    """Those who made a visit can only amend its record if they see the task again."""
    if fact.task_id is not None:
        await grant_task(session, list(fact.officer_ids), fact.task_id, fact.source_id)


async def inspection_resubmitted_closes_task(session: AsyncSession, fact: InspectionResubmitted) -> None:
    """A record that is in again ends their sight of the task again."""
    if fact.task_id is not None:
        await end_task_grants(session, fact.task_id)


@each
async def task_reported_settles_clue(session: AsyncSession, fact: LedgerFact) -> None:
    """The clue that a task came from is settled once the task is done."""
    if fact.payload["clue_id"] is not None:
        await settle_clue(session, UUID(fact.payload["clue_id"]))


async def problem_found_scores_entry(session: AsyncSession, facts: Sequence[LedgerFact]) -> None:
    """How well a problem was entered is known at once, so that it can still be put right."""
    await score_problems(session, [fact.subject_id for fact in facts])


async def photo_added_scores_entry(session: AsyncSession, facts: Sequence[LedgerFact]) -> None:
    """The evidence of a problem, a photo or a recording, is part of how well it was entered."""
    shown = [fact.payload.get("problem_id") for fact in facts]
    await score_problems(session, [UUID(problem_id) for problem_id in shown if problem_id])


async def inspection_submitted_scores_entries(session: AsyncSession, facts: Sequence[LedgerFact]) -> None:
    """With its end known, a visit's problems have their last score."""
    await score_problems_of(session, [fact.subject_id for fact in facts])


@each
async def task_reported_closes_site_streams(session: AsyncSession, fact: LedgerFact) -> None:
    """What is sent live from a site ends with its task."""
    await close_site_streams(session, fact.subject_id)


@each
async def resubmitted_closes_site_streams(session: AsyncSession, fact: LedgerFact) -> None:
    """A visit that was returned may be shown again, until its record is in again."""
    if fact.task_id is not None:
        await close_site_streams(session, fact.task_id)


@each
async def problem_closed_schedules_look_back(session: AsyncSession, fact: LedgerFact) -> None:
    """Struck off is not forgotten: a day is set to look back."""
    await schedule_look_back(session, fact.subject_id)


@each
async def look_back_held_releases_task(session: AsyncSession, fact: LedgerFact) -> None:
    """Once somebody has looked back, nobody is sent for it any more."""
    await release_task(session, f"look_back:{fact.payload['look_back_id']}", f"回头看已记录：{fact.words}")


@each
async def look_back_due_drafts_task(session: AsyncSession, fact: LedgerFact) -> None:
    """On the day of a look-back there is a task for it."""
    await draft_task(session, _return_to(fact, "look_back", f"look_back:{fact.payload['look_back_id']}"))


@each
async def problem_relapsed_drafts_task(session: AsyncSession, fact: LedgerFact) -> None:
    """A relapse sends officers there again by itself."""
    key = f"relapse:{fact.subject_id}:{fact.payload['relapse_count']}"
    await draft_task(session, _return_to(fact, "look_back", key))


def _return_to(fact: LedgerFact, kind: str, origin_key: str) -> TaskDraft:
    said = fact.payload
    return TaskDraft(
        kind=kind,
        title=said["title"],
        area_code=str(fact.area_code),
        matters=[said["element"]],
        source_id=UUID(said["source_id"]) if said["source_id"] else None,
        lon=said["lon"],
        lat=said["lat"],
        due_on=date.fromisoformat(said["due_on"]) if said.get("due_on") else None,
        problem_id=fact.subject_id,
        origin_key=origin_key,
    )


async def referral_sent_offers_clue(session: AsyncSession, fact: ReferralSent) -> None:
    """A clue that a neighbour may take over is taken up by nobody else meanwhile."""
    await offer_clue(session, fact.clue_id, fact.to_area)


async def referral_accepted_moves_clue(session: AsyncSession, fact: ReferralAccepted) -> None:
    """Accepting is owning: there is no instant with two owners or none."""
    await hand_over_clue(session, fact.clue_id, fact.from_area, fact.to_area)


async def referral_ended_keeps_clue(session: AsyncSession, fact: ReferralReturned | ReferralWithdrawn) -> None:
    """What was returned or withdrawn waits for nobody any more."""
    await keep_clue(session, fact.clue_id, fact.from_area)


async def referral_asked_disputes_clue(session: AsyncSession, fact: ReferralAsked) -> None:
    """While the superior is asked, nobody takes the clue up."""
    await dispute_clue(session, fact.clue_id, fact.from_area)


async def referral_designated_moves_clue(session: AsyncSession, fact: ReferralDesignated) -> None:
    """The superior's word moves the clue."""
    await settle_owner(session, fact.clue_id, fact.area)


@each
async def referral_returned_drafts_task(session: AsyncSession, fact: LedgerFact) -> None:
    """What a neighbour returns comes back as work, not as a message that somebody may overlook."""
    said = fact.payload
    await draft_task(
        session,
        TaskDraft(
            kind="clue_check",
            title=said["title"],
            area_code=str(fact.area_code),
            instruction=f"{fact.words}",
            matters=[said["element"]] if said["element"] else [],
            lon=said["lon"],
            lat=said["lat"],
            origin_key=f"referral_returned:{fact.subject_id}",
        ),
    )


@each
async def clue_declined_answers_referral(session: AsyncSession, fact: LedgerFact) -> None:
    """Whoever found a clue hears when it is not taken up."""
    await note_outcome(session, fact.subject_id, f"不予受理：{fact.payload['reason']}")


@each
async def clue_settled_answers_referral(session: AsyncSession, fact: LedgerFact) -> None:
    """Whoever found a clue hears that it was dealt with."""
    await note_outcome(session, fact.subject_id, "已办结")


async def records_changed_keep_border_lists(session: AsyncSession, _facts: Sequence[LedgerFact]) -> None:
    """A register taken in, or another memorandum, may change any part of the lists."""
    await keep_border_lists(session)


async def inspection_submitted_keeps_border_lists(session: AsyncSession, facts: Sequence[LedgerFact]) -> None:
    """Allies see who was last at a source near their border."""
    await keep_border_lists(session, await sources_of_inspections(session, [fact.subject_id for fact in facts]))


async def problem_moved_keeps_border_lists(session: AsyncSession, facts: Sequence[LedgerFact]) -> None:
    """Allies see how many problems are open at a source near their border."""
    await keep_border_lists(session, await sources_of_problems(session, [fact.subject_id for fact in facts]))


async def memorandum_changed_keeps_border_watch(session: AsyncSession, _facts: Sequence[LedgerFact]) -> None:
    """What allies see of the watch begins and ends with what they signed."""
    await keep_border_watch(session)


@each
async def blind_spot_called_drafts_task(session: AsyncSession, fact: LedgerFact) -> None:
    """Where nobody went, somebody is sent: once a week for each member."""
    said = fact.payload
    await draft_task(
        session,
        TaskDraft(
            kind="routine",
            title="交界盲区巡查",
            area_code=str(fact.area_code),
            instruction=fact.words,
            lon=said["lon"],
            lat=said["lat"],
            origin_key=f"blind_spot:{said['memorandum_id']}:{fact.area_code}:{said['week']}",
        ),
    )


TOGETHER: list[tuple[type[Fact], Together]] = [
    (ClueAccepted, clue_accepted_drafts_task),  # whoever accepts sees the task number in the answer
    (ReferralSent, referral_sent_offers_clue),  # told and open to be taken up at home would be two owners
    (ReferralAccepted, referral_accepted_moves_clue),  # accepted and not owned would be none
    (ReferralReturned, referral_ended_keeps_clue),
    (ReferralWithdrawn, referral_ended_keeps_clue),
    (ReferralAsked, referral_asked_disputes_clue),
    (ReferralDesignated, referral_designated_moves_clue),
    (InspectionBegun, inspection_begun_marks_arrival),  # on site on the screen and in the record, never only one
    (InspectionSubmitted, inspection_submitted_reports_back),  # a record without its report would hold officers back
    (InspectionReturned, inspection_returned_opens_task),  # returned and out of reach would be a dead end
    (InspectionResubmitted, inspection_resubmitted_closes_task),  # what is in is not added to
]

AFTERWARDS: list[tuple[type[Fact], Handler]] = [
    (TaskReported, task_reported_settles_clue),
    (ReferralReturned, referral_returned_drafts_task),
    (ClueDeclined, clue_declined_answers_referral),
    (ClueSettled, clue_settled_answers_referral),
    (TaskReported, task_reported_closes_site_streams),
    (InspectionResubmitted, resubmitted_closes_site_streams),
    (ProblemFound, problem_found_scores_entry),  # the officer on site does not wait for it
    (PhotoAdded, photo_added_scores_entry),
    (RecordingAdded, photo_added_scores_entry),
    (InspectionSubmitted, inspection_submitted_scores_entries),
    (ProblemClosed, problem_closed_schedules_look_back),
    (LookBackDue, look_back_due_drafts_task),
    (LookBackHeld, look_back_held_releases_task),
    (ProblemRelapsed, problem_relapsed_drafts_task),
    (SourcesImported, records_changed_keep_border_lists),
    (MemorandumTookForce, records_changed_keep_border_lists),
    (MemberLeft, records_changed_keep_border_lists),
    (MemorandumEnded, records_changed_keep_border_lists),
    (MemorandumExpired, records_changed_keep_border_lists),
    (MemorandumTookForce, memorandum_changed_keeps_border_watch),
    (MemberLeft, memorandum_changed_keeps_border_watch),
    (MemorandumEnded, memorandum_changed_keeps_border_watch),
    (MemorandumExpired, memorandum_changed_keeps_border_watch),
    (BlindSpotCalled, blind_spot_called_drafts_task),
    (InspectionSubmitted, inspection_submitted_keeps_border_lists),
    (ProblemFound, problem_moved_keeps_border_lists),
    (ProblemClosed, problem_moved_keeps_border_lists),
    (ProblemRelapsed, problem_moved_keeps_border_lists),
]

TIMETABLE = [
    Timed(call_due, daily_at=time(6, 0)),  # before the day's first dispatch
    Timed(chase_unanswered, every_minutes=1),  # an order that nobody answers is found out while it still matters
    Timed(expire_memoranda, daily_at=time(0, 5)),  # its grants ended at midnight by themselves; this says so
    Timed(keep_border_lists, daily_at=time(0, 10)),  # a term begins or ends, an outline or a rule is another
    Timed(keep_border_watch, every_minutes=10),  # who was where is no news, and a day later it is of little use
    Timed(call_blind_spots, daily_at=time(6, 10)),  # acts on Mondays, before the day's first dispatch
    Timed(escalate_overdue, every_minutes=1),  # a clue that nobody answers for is found out while it still matters
    Timed(sweep_uploads, every_minutes=60),  # bytes that nobody went on sending are not evidence
    Timed(file_unreported, every_minutes=10),  # a photo that no dock speaks of is evidence all the same
    Timed(sweep_dock_uploads, every_minutes=60),  # parts that no dock went on with make no file
    Timed(forget_trails, daily_at=time(3, 0)),  # whereabouts no longer than needed
    Timed(forget_recordings, daily_at=time(3, 30)),  # what matters was sealed as evidence long ago
]


def connect() -> None:
    """Afterwards recording a fact runs its TOGETHER hand-overs in this process."""
    ledger.together.clear()
    for fact, hand_over in TOGETHER:
        ledger.together.setdefault(fact, []).append(hand_over)


def afterwards() -> dict[type[Fact], list[Handler]]:
    """AFTERWARDS by fact, as the worker takes it."""
    found: dict[type[Fact], list[Handler]] = {}
    for fact, handler in AFTERWARDS:
        found.setdefault(fact, []).append(handler)
    return found
