-- 回访：期间内完成的回访，按抽取理由（第十四条）。
WITH asked AS (SELECT DATE '2025-01-01' AS earlier, DATE '2026-01-01' AS since, DATE '2026-12-31' AS until),
facts AS (
SELECT r.number, COALESCE(r.drawn, '-') AS drawn,
    CASE WHEN r.level IS NULL THEN 0 ELSE 1 END AS is_reached,
    CASE WHEN r.is_solved THEN 1 ELSE 0 END AS is_solved,
    CASE WHEN r.level >= 4 AND r.is_solved THEN 1 ELSE 0 END AS is_satisfied
  FROM ratings r
  CROSS JOIN asked a
  WHERE r.source = 'callback' AND r.made_on BETWEEN a.since AND a.until
)
-- figures
SELECT f.drawn, count(*) AS callbacks, sum(f.is_reached) AS reached, sum(f.is_solved) AS solved,
  sum(f.is_satisfied) AS satisfied
FROM facts f
GROUP BY f.drawn
ORDER BY f.drawn
