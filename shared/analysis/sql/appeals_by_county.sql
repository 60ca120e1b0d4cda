-- 各县（市、区）诉求：期间内收到的诉求，按承接的县级管理单位，未经县级的计入市级（第七条）。
WITH asked AS (SELECT DATE '2025-01-01' AS earlier, DATE '2026-01-01' AS since, DATE '2026-12-31' AS until),
facts AS (
SELECT t.number, COALESCE(u.name, t.county, '市级') AS county,
    CASE WHEN t.closed_at IS NULL THEN 0 ELSE 1 END AS is_closed,
    CASE WHEN t.is_in_time IS NULL THEN 0 ELSE 1 END AS is_judged,
    CASE WHEN t.is_in_time THEN 1 ELSE 0 END AS in_time
  FROM tickets t
  CROSS JOIN asked a
  LEFT JOIN units u ON u.unit = t.county
  WHERE t.received_on BETWEEN a.since AND a.until
)
-- figures
SELECT f.county, count(*) AS appeals, sum(f.is_closed) AS closed,
  sum(f.is_judged) AS judged, sum(f.in_time) AS in_time
FROM facts f
GROUP BY f.county
ORDER BY count(*) DESC, f.county
