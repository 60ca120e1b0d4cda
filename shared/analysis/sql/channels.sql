-- 渠道：期间内收到的诉求，按渠道（第二条）。
WITH asked AS (SELECT DATE '2025-01-01' AS earlier, DATE '2026-01-01' AS since, DATE '2026-12-31' AS until),
facts AS (
SELECT t.number, t.channel, COALESCE(n.name, t.channel) AS channel_name
  FROM tickets t
  CROSS JOIN asked a
  LEFT JOIN channels n ON n.channel = t.channel
  WHERE t.received_on BETWEEN a.since AND a.until
)
-- figures
SELECT f.channel, f.channel_name, count(*) AS appeals
FROM facts f
GROUP BY f.channel, f.channel_name
ORDER BY count(*) DESC, f.channel
