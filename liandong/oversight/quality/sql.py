# ruff: noqa: S608 - put together from the constants of this module alone
"""The queries of the quality room.

Parameters: `areas` the division codes at or below the one asked for, `from_on` and `to_on` the days, both included.
An entry counts for whoever entered it and for that person's agency then; a record for every officer on the visit, and
once for every agency they are of. Visits that were loaded from a ledger do not count, nor
do assistance and outreach visits.
"""

from __future__ import annotations

from liandong.work.inspections.queries import ENFORCES

ENTRIES = """
SELECT s.problem_id, s.score, s.lost, s.agency_id, a.officer_id, s.recorded_by, s.recorder_name
FROM entry_score s LEFT JOIN account a ON a.id = s.recorded_by
WHERE s.area_code = ANY(:areas) AND s.found_on BETWEEN :from_on AND :to_on
"""

RECORDS = f"""
SELECT i.id, i.officer_ids, EXISTS (SELECT 1 FROM record_return r WHERE r.inspection_id = i.id) AS is_returned
FROM inspection i
WHERE i.state <> 'open' AND i.origin = 'field' AND {ENFORCES} AND i.area_code = ANY(:areas)
  AND i.inspected_on BETWEEN :from_on AND :to_on
"""

ENTRY_TOTALS = f"SELECT count(*) AS entries, avg(score) AS average FROM ({ENTRIES}) e"
RECORD_TOTALS = f"SELECT count(*) AS records, count(*) FILTER (WHERE is_returned) AS returned FROM ({RECORDS}) r"

BY_OFFICER = f"""
SELECT o.id, o.name, o.agency_id, g.short_name AS agency_name, coalesce(e.entries, 0) AS entries, e.average,
       coalesce(r.records, 0) AS records, coalesce(r.returned, 0) AS returned
FROM (SELECT officer_id, count(*) AS entries, avg(score) AS average FROM ({ENTRIES}) x
      WHERE officer_id IS NOT NULL GROUP BY officer_id) e
FULL JOIN (SELECT officer_id, count(*) AS records, count(*) FILTER (WHERE is_returned) AS returned
           FROM ({RECORDS}) y CROSS JOIN unnest(y.officer_ids) AS officer_id GROUP BY officer_id) r USING (officer_id)
JOIN officer o ON o.id = officer_id LEFT JOIN agency g ON g.id = o.agency_id
ORDER BY g.short_name, o.name, o.id
"""

BY_AGENCY = f"""
SELECT g.id, g.short_name AS name, coalesce(e.entries, 0) AS entries, e.average,
       coalesce(r.records, 0) AS records, coalesce(r.returned, 0) AS returned
FROM (SELECT agency_id, count(*) AS entries, avg(score) AS average FROM ({ENTRIES}) x
      WHERE agency_id IS NOT NULL GROUP BY agency_id) e
FULL JOIN (SELECT agency_id, count(*) AS records, count(*) FILTER (WHERE is_returned) AS returned
           FROM (SELECT DISTINCT y.id, y.is_returned, o.agency_id FROM ({RECORDS}) y
                 CROSS JOIN unnest(y.officer_ids) AS officer_id JOIN officer o ON o.id = officer_id) z
           GROUP BY agency_id) r USING (agency_id)
JOIN agency g ON g.id = agency_id ORDER BY g.short_name, g.id
"""

BY_RULE = f"""
SELECT loss->>'rule' AS rule, count(*) AS times, sum((loss->>'points')::numeric) AS points
FROM ({ENTRIES}) e CROSS JOIN jsonb_array_elements(e.lost) AS loss
GROUP BY loss->>'rule' ORDER BY points DESC, rule
"""
