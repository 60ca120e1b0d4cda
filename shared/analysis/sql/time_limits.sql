-- 时限遵守情况：各环节时限（第十二条）。分母为期间内起算且已完成或已到期的时限，分子为其中按时完成的。
WITH asked AS (SELECT DATE '2025-01-01' AS earlier, DATE '2026-01-01' AS since, DATE '2026-12-31' AS until),
facts AS (
SELECT c.number, c.clock, CASE WHEN c.is_kept THEN 1 ELSE 0 END AS kept
  FROM clocks c
  CROSS JOIN asked a
  WHERE c.clock <> 'total' AND c.is_kept IS NOT NULL
    AND c.started_on BETWEEN a.since AND a.until
)
-- figures
SELECT f.clock, count(*) AS ended, sum(f.kept) AS kept
FROM facts f
GROUP BY f.clock
ORDER BY f.clock
