-- 办结方式：期间内收到且已办结的诉求（第十条至第十三条）。
WITH asked AS (SELECT DATE '2025-01-01' AS earlier, DATE '2026-01-01' AS since, DATE '2026-12-31' AS until),
facts AS (
SELECT t.number, t.ended, COALESCE(t.outcome, '-') AS outcome
  FROM tickets t
  CROSS JOIN asked a
  WHERE t.ended IS NOT NULL AND t.received_on BETWEEN a.since AND a.until
)
-- figures
SELECT f.ended, f.outcome, count(*) AS appeals
FROM facts f
GROUP BY f.ended, f.outcome
ORDER BY f.ended, f.outcome
