-- 督办：期间内立案的，按触发情形（第十七条）。
WITH asked AS (SELECT DATE '2025-01-01' AS earlier, DATE '2026-01-01' AS since, DATE '2026-12-31' AS until),
facts AS (
SELECT s.number, s.trigger,
    CASE WHEN s.is_letter THEN 1 ELSE 0 END AS is_letter,
    CASE WHEN s.closed_at IS NULL THEN 0 ELSE 1 END AS is_closed
  FROM supervision s
  CROSS JOIN asked a
  WHERE s.opened_on BETWEEN a.since AND a.until
)
-- figures
SELECT f.trigger, count(*) AS cases, sum(f.is_letter) AS letters, sum(f.is_closed) AS closed
FROM facts f
GROUP BY f.trigger
ORDER BY f.trigger
