-- 诉求量：按收到月份；在总时限内办结的（第十二条）。
WITH asked AS (SELECT DATE '2025-01-01' AS earlier, DATE '2026-01-01' AS since, DATE '2026-12-31' AS until),
facts AS (
SELECT t.number, substr(CAST(t.received_on AS VARCHAR), 1, 7) AS received_month,
    CASE WHEN t.closed_at IS NULL THEN 0 ELSE 1 END AS is_closed,
    CASE WHEN t.is_in_time IS NULL THEN 0 ELSE 1 END AS is_judged,
    CASE WHEN t.is_in_time THEN 1 ELSE 0 END AS in_time
  FROM tickets t
  CROSS JOIN asked a
  WHERE t.received_on BETWEEN a.since AND a.until
)
-- figures
SELECT f.received_month, count(*) AS appeals, sum(f.is_closed) AS closed,
  sum(f.is_judged) AS judged, sum(f.in_time) AS in_time
FROM facts f
GROUP BY f.received_month
ORDER BY f.received_month
