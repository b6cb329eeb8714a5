"""For each figure the query that opens it to the rows it counts; the same text is kept with the figure."""

from __future__ import annotations

from liandong.oversight.efficiency import sql
from liandong.work.inspections.queries import ENFORCES

SHOWN_VISIT = """
SELECT i.id, i.number, i.inspected_on, s.name AS source_name, i.area_code, i.kind, i.mode,
       cardinality(i.officer_ids) AS officer_count
FROM ({rows}) r JOIN inspection i ON i.id = r.id LEFT JOIN source s ON s.id = i.source_id
ORDER BY i.inspected_on DESC, i.id DESC
"""
SHOWN_OFFICER = """
SELECT o.id AS officer_id, o.name AS officer_name, o.area_code, r.working_days,
       (SELECT count(*) FROM inspection i WHERE i.state <> 'open' AND {enforces} AND i.area_code = ANY(:areas)
          AND i.inspected_on BETWEEN :from_on AND :to_on AND o.id = ANY(i.officer_ids)) AS turnouts
FROM ({rows}) r JOIN officer o ON o.id = r.officer_id ORDER BY o.area_code, o.name, o.id
"""
SHOWN_PROBLEM = """
SELECT p.id AS problem_id, p.number, p.found_on, s.name AS source_name, p.area_code, p.element, p.severity, p.state,
       p.rectified_on
FROM ({rows}) r JOIN problem p ON p.id = r.id LEFT JOIN source s ON s.id = p.source_id
{narrowed} ORDER BY p.found_on DESC, p.id DESC
"""
SHOWN_TARGET = """
SELECT s.id AS source_id, s.name AS source_name, s.area_code, r.kind, r.is_covered
FROM ({rows}) r JOIN source s ON s.id = r.source_id WHERE r.kind = :kind ORDER BY r.is_covered, s.name, s.id
"""
SHOWN_DRAWN = """
SELECT s.id AS source_id, s.name AS source_name, s.area_code, r.batch, r.level, r.inspect_on
FROM ({rows}) r JOIN source s ON s.id = r.source_id
WHERE r.batch = :batch AND r.level = :level ORDER BY s.area_code, s.name, s.id
"""
SHOWN_RECORD = """
SELECT i.id, i.number, i.inspected_on, s.name AS source_name, i.area_code, r.is_returned
FROM ({rows}) r JOIN inspection i ON i.id = r.id LEFT JOIN source s ON s.id = i.source_id
ORDER BY r.is_returned DESC, i.inspected_on DESC, i.id DESC
"""
SHOWN_ENTRY = """
SELECT p.id AS problem_id, p.number, p.found_on, s.name AS source_name, p.area_code, r.score
FROM ({rows}) r JOIN problem p ON p.id = r.id LEFT JOIN source s ON s.id = p.source_id
ORDER BY r.score, p.found_on DESC, p.id DESC
"""
SHOWN_SUPPORT = """
SELECT i.id, i.number, i.inspected_on, s.name AS source_name, i.area_code, i.kind,
       cardinality(i.officer_ids) AS officer_count, r.people_count
FROM ({rows}) r JOIN inspection i ON i.id = r.id LEFT JOIN source s ON s.id = i.source_id
{narrowed} ORDER BY i.inspected_on DESC, i.id DESC
"""
ONE_CAMPAIGN = "SELECT v.* FROM ({rows}) v JOIN campaign c ON c.id = v.campaign_id WHERE c.name = :campaign"
ROWS = {
    "site_visits": SHOWN_VISIT.format(rows=sql.VISITS),
    "officer_turnouts": SHOWN_VISIT.format(rows=sql.VISITS),
    "activity_index": SHOWN_OFFICER.format(rows=sql.OFFICER_DAYS, enforces=ENFORCES),
    "return_rate": SHOWN_RECORD.format(rows=sql.RECORDS),
    "entry_quality": SHOWN_ENTRY.format(rows=sql.ENTRIES),
    "campaign_points": SHOWN_VISIT.format(rows=ONE_CAMPAIGN.format(rows=sql.CAMPAIGN_VISITS)),
    "campaign_turnouts": SHOWN_VISIT.format(rows=ONE_CAMPAIGN.format(rows=sql.CAMPAIGN_VISITS)),
    "campaign_problems": SHOWN_PROBLEM.format(rows=sql.CAMPAIGN_PROBLEMS, narrowed=""),
    "campaign_rectified": SHOWN_PROBLEM.format(rows=sql.CAMPAIGN_PROBLEMS, narrowed="WHERE r.rectified_on IS NOT NULL"),
    "coverage_rate": SHOWN_TARGET.format(rows=sql.TARGETS),
    "on_spot_rectified": SHOWN_PROBLEM.format(rows=sql.ON_SPOT, narrowed=""),
    "assistance_visits": SHOWN_SUPPORT.format(rows=sql.SUPPORT_VISITS, narrowed="WHERE r.kind = 'assistance'"),
    "outreach_visits": SHOWN_SUPPORT.format(rows=sql.SUPPORT_VISITS, narrowed="WHERE r.kind = 'outreach'"),
    "people_reached": SHOWN_SUPPORT.format(rows=sql.SUPPORT_VISITS, narrowed=""),
    "drawn": SHOWN_DRAWN.format(rows=sql.DRAWN),
}
