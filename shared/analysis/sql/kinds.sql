-- 类型：期间内收到的诉求，按诉求类型和诉求人类别（第二条）。
WITH asked AS (SELECT DATE '2025-01-01' AS earlier, DATE '2026-01-01' AS since, DATE '2026-12-31' AS until),
facts AS (
SELECT t.number, t.kind, t.appellant_kind
  FROM tickets t
  CROSS JOIN asked a
  WHERE t.received_on BETWEEN a.since AND a.until
)
-- figures
SELECT f.kind, f.appellant_kind, count(*) AS appeals
FROM facts f
GROUP BY f.kind, f.appellant_kind
ORDER BY f.kind, f.appellant_kind
