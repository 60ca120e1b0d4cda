-- 总体情况：期间内收到的诉求，与此前同样长的一段时间相比（第六条第五项）。
WITH asked AS (SELECT DATE '2025-01-01' AS earlier, DATE '2026-01-01' AS since, DATE '2026-12-31' AS until),
facts AS (
SELECT t.number, CASE WHEN t.received_on >= a.since THEN '本期' ELSE '上一期' END AS term,
    CASE WHEN t.closed_at IS NULL THEN 0 ELSE 1 END AS is_closed,
    CASE WHEN t.is_in_time IS NULL THEN 0 ELSE 1 END AS is_judged,
    CASE WHEN t.is_in_time THEN 1 ELSE 0 END AS in_time
  FROM tickets t
  CROSS JOIN asked a
  WHERE t.received_on BETWEEN a.earlier AND a.until
)
-- figures
SELECT f.term, count(*) AS appeals, sum(f.is_closed) AS closed,
  sum(f.is_judged) AS judged, sum(f.in_time) AS in_time
FROM facts f
GROUP BY f.term
ORDER BY f.term DESC
