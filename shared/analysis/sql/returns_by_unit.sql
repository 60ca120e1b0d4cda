-- 退回：期间内交办的诉求中被退回的，按单位（第十二条）。
WITH asked AS (SELECT DATE '2025-01-01' AS earlier, DATE '2026-01-01' AS since, DATE '2026-12-31' AS until),
facts AS (
SELECT s.number, s.unit, COALESCE(u.name, s.unit) AS unit_name,
    CASE WHEN s.return_reason IS NULL THEN 0 ELSE 1 END AS is_returned
  FROM assignments s
  CROSS JOIN asked a
  LEFT JOIN units u ON u.unit = s.unit
  WHERE s.part = 'lead' AND s.assigned_on BETWEEN a.since AND a.until
)
-- figures
SELECT f.unit, f.unit_name, count(*) AS assignments, sum(f.is_returned) AS returned
FROM facts f
GROUP BY f.unit, f.unit_name
ORDER BY f.unit
