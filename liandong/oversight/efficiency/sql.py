# ruff: noqa: S608 - put together from the constants of this module alone
"""The queries behind the figures. Each has a query for its rows; the figure is computed over exactly those rows.

Parameters: `areas` the division codes at or below the one asked for, `from_on` and `to_on` the days, both included.
Only submitted visits count. One visit is one 家次; each officer on it is one 人次. Assistance and outreach visits (帮扶、
普法) are counted on their own and in nothing else.
"""

from __future__ import annotations

from liandong.work.inspections.queries import ENFORCES, SUPPORTS

VISITS = f"""
SELECT i.id, cardinality(i.officer_ids) AS officers FROM inspection i
WHERE i.state <> 'open' AND {ENFORCES} AND i.area_code = ANY(:areas) AND i.inspected_on BETWEEN :from_on AND :to_on
"""

VISIT_TOTALS = f"""
SELECT count(*) AS visits, coalesce(sum(officers), 0) AS turnouts,
       encode(sha256(coalesce(string_agg(uuid_send(id) || int4send(officers), ''::bytea ORDER BY id), '')), 'hex')
       AS digest
FROM ({VISITS}) visit
"""

OFFICER_DAYS = """
SELECT stay.officer_id,
       sum(width_bucket(upper(span) - 1, :days) - width_bucket(lower(span) - 1, :days)) AS working_days
FROM (SELECT officer_id, unnest(range_agg(daterange(greatest(from_on, :from_on),
                                                    least(coalesce(to_on, :to_on), :to_on) + 1))) AS span
      FROM roster_entry
      WHERE area_code = ANY(:areas) AND from_on <= :to_on AND coalesce(to_on, :to_on) >= :from_on
      GROUP BY officer_id) stay
GROUP BY stay.officer_id
"""
"""Working days of each officer on the roster; days that two entries share count once. `days` are the working days."""

ROSTER_TOTALS = f"""
SELECT count(*) AS officers, coalesce(sum(working_days), 0) AS officer_days,
       encode(sha256(coalesce(string_agg(uuid_send(officer_id) || int8send(working_days), ''::bytea
                                         ORDER BY officer_id), '')), 'hex') AS digest
FROM ({OFFICER_DAYS}) officer
"""

SUPPORT_VISITS = f"""
SELECT i.id, i.kind, n.people_count FROM inspection i LEFT JOIN support_note n ON n.inspection_id = i.id
WHERE i.state = 'submitted' AND {SUPPORTS} AND i.area_code = ANY(:areas)
  AND i.inspected_on BETWEEN :from_on AND :to_on
"""
"""Visits that help and explain; how many people one reached is not known of a visit loaded from a ledger."""

SUPPORT_TOTALS = f"""
SELECT count(*) FILTER (WHERE kind = 'assistance') AS assistance, count(*) FILTER (WHERE kind = 'outreach') AS outreach,
       coalesce(sum(people_count), 0) AS people,
       encode(sha256(coalesce(string_agg(uuid_send(id) || int4send(coalesce(people_count, 0)), ''::bytea ORDER BY id),
                              '')), 'hex') AS digest
FROM ({SUPPORT_VISITS}) visit
"""

ON_SPOT = """
SELECT p.id FROM problem p
WHERE p.on_spot_at IS NOT NULL AND p.area_code = ANY(:areas) AND p.found_on BETWEEN :from_on AND :to_on
  AND NOT EXISTS (SELECT 1 FROM problem_move m WHERE m.problem_id = p.id AND m.verb = 'return'
                    AND NOT EXISTS (SELECT 1 FROM problem_move c WHERE c.problem_id = p.id AND c.verb = 'close_out'
                                      AND c.moved_at < m.moved_at))
"""
"""Problems that were put right before the officers left; one whose claim the office returned does not count."""

ON_SPOT_TOTALS = f"""
SELECT count(*) AS problems,
       encode(sha256(coalesce(string_agg(uuid_send(id), ''::bytea ORDER BY id), '')), 'hex') AS digest
FROM ({ON_SPOT}) problem
"""

RECORDS = f"""
SELECT i.id, EXISTS (SELECT 1 FROM record_return r WHERE r.inspection_id = i.id) AS is_returned FROM inspection i
WHERE i.state <> 'open' AND i.origin = 'field' AND {ENFORCES} AND i.area_code = ANY(:areas)
  AND i.inspected_on BETWEEN :from_on AND :to_on
"""
"""Records that were submitted here, and whether a supervisor ever returned them."""

RECORD_TOTALS = f"""
SELECT count(*) AS records, count(*) FILTER (WHERE is_returned) AS returned,
       encode(sha256(coalesce(string_agg(uuid_send(id) || boolsend(is_returned), ''::bytea ORDER BY id), '')), 'hex')
       AS digest
FROM ({RECORDS}) record
"""

ENTRIES = """
SELECT s.problem_id AS id, s.score FROM entry_score s
WHERE s.area_code = ANY(:areas) AND s.found_on BETWEEN :from_on AND :to_on
"""

ENTRY_TOTALS = f"""
SELECT count(*) AS entries, coalesce(sum(score::numeric), 0) AS points,
       encode(sha256(coalesce(string_agg(uuid_send(id) || float8send(score), ''::bytea ORDER BY id), '')), 'hex')
       AS digest
FROM ({ENTRIES}) entry
"""

CAMPAIGN_VISITS = f"""
SELECT i.campaign_id, i.id, cardinality(i.officer_ids) AS officers, i.inspected_on FROM inspection i
WHERE i.state <> 'open' AND {ENFORCES} AND i.area_code = ANY(:areas)
  AND i.campaign_id IN (SELECT t.campaign_id FROM inspection t
                        WHERE t.state <> 'open' AND t.area_code = ANY(:areas)
                          AND t.inspected_on BETWEEN :from_on AND :to_on AND t.campaign_id IS NOT NULL)
"""
"""All visits, whenever they were, of each campaign that touches the period."""

CAMPAIGN_TOTALS = f"""
SELECT c.id, c.name, count(*) AS points, sum(v.officers) AS turnouts, min(v.inspected_on) AS first_on,
       encode(sha256(string_agg(uuid_send(v.id) || int4send(v.officers), ''::bytea ORDER BY v.id)), 'hex') AS digest
FROM ({CAMPAIGN_VISITS}) v JOIN campaign c ON c.id = v.campaign_id
GROUP BY c.id, c.name ORDER BY first_on, c.name
"""

CAMPAIGN_PROBLEMS = """
SELECT i.campaign_id, p.id, p.rectified_on FROM problem p JOIN inspection i ON i.id = p.inspection_id
WHERE i.state <> 'open' AND i.area_code = ANY(:areas) AND i.campaign_id = ANY(:campaigns)
"""

PROBLEM_TOTALS = f"""
SELECT campaign_id, count(*) AS problems, count(rectified_on) AS rectified,
       encode(sha256(string_agg(uuid_send(id) || coalesce(date_send(rectified_on), ''), ''::bytea ORDER BY id)), 'hex')
       AS digest
FROM ({CAMPAIGN_PROBLEMS}) problem GROUP BY campaign_id
"""

TARGETS = f"""
SELECT t.campaign_id, t.kind, t.source_id,
       EXISTS (SELECT 1 FROM inspection i WHERE i.campaign_id = t.campaign_id AND i.source_id = t.source_id
                                            AND i.state <> 'open' AND {ENFORCES}) AS is_covered
FROM campaign_target t JOIN source s ON s.id = t.source_id
WHERE t.campaign_id = ANY(:campaigns) AND s.area_code = ANY(:areas)
"""

COVERAGE_TOTALS = f"""
SELECT campaign_id, kind, count(*) AS total, count(*) FILTER (WHERE is_covered) AS covered,
       encode(sha256(string_agg(uuid_send(source_id) || boolsend(is_covered), ''::bytea ORDER BY source_id)), 'hex')
       AS digest
FROM ({TARGETS}) target GROUP BY campaign_id, kind ORDER BY kind
"""

DRAWN = """
SELECT d.id, d.batch, d.level, d.source_id, d.inspect_on FROM draw_entry d WHERE d.area_code = ANY(:areas)
"""

DRAW_TOTALS = f"""
SELECT batch, level, count(*) AS drawn, min(inspect_on) AS first_on, max(inspect_on) AS last_on,
       encode(sha256(string_agg(uuid_send(source_id), ''::bytea ORDER BY source_id)), 'hex') AS digest
FROM ({DRAWN}) draw GROUP BY batch, level
ORDER BY batch, array_position(ARRAY['province', 'city', 'county'], level), level
"""
