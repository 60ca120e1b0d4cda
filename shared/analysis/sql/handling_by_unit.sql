-- 各单位办理：承办单位（第十二条）。分母为期间内起算且已完成或已到期的办理期限，分子为其中按时办结的。
WITH asked AS (SELECT DATE '2025-01-01' AS earlier, DATE '2026-01-01' AS since, DATE '2026-12-31' AS until),
facts AS (
SELECT c.number, c.unit, COALESCE(u.name, c.unit) AS unit_name,
    CASE WHEN c.is_kept THEN 1 ELSE 0 END AS kept
  FROM clocks c
  CROSS JOIN asked a
  LEFT JOIN units u ON u.unit = c.unit
  WHERE c.clock = 'handle' AND c.is_kept IS NOT NULL
    AND c.started_on BETWEEN a.since AND a.until
)
-- figures
SELECT f.unit, f.unit_name, count(*) AS ended, sum(f.kept) AS kept
FROM facts f
GROUP BY f.unit, f.unit_name
ORDER BY count(*) DESC, f.unit
