-- 超期情况：县级管理单位、时限（第十二条、第十七条第二项）。分母为期间内起算且已完成或已到期的时限，分子为其中超期的。
WITH asked AS (SELECT DATE '2025-01-01' AS earlier, DATE '2026-01-01' AS since, DATE '2026-12-31' AS until),
facts AS (
SELECT c.number, COALESCE(u.county, '市级') AS county, c.clock,
    CASE WHEN c.is_kept THEN 0 ELSE 1 END AS is_over
  FROM clocks c
  CROSS JOIN asked a
  LEFT JOIN units u ON u.unit = c.unit
  WHERE c.clock <> 'total' AND c.is_kept IS NOT NULL
    AND c.started_on BETWEEN a.since AND a.until
)
-- figures
SELECT f.county, f.clock, count(*) AS ended, sum(f.is_over) AS overdue
FROM facts f
GROUP BY f.county, f.clock
ORDER BY f.county, f.clock
