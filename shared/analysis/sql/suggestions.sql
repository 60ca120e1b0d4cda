-- 意见建议：期间内收到的，按政务服务事项（第六条第五项）。
WITH asked AS (SELECT DATE '2025-01-01' AS earlier, DATE '2026-01-01' AS since, DATE '2026-12-31' AS until),
facts AS (
SELECT t.number, COALESCE(t.service_item, '-') AS service_item,
    COALESCE(i.name, t.service_item, '-') AS item_name
  FROM tickets t
  CROSS JOIN asked a
  LEFT JOIN service_items i ON i.service_item = t.service_item
  WHERE t.kind = 'suggestion' AND t.received_on BETWEEN a.since AND a.until
)
-- figures
SELECT f.service_item, f.item_name, count(*) AS appeals
FROM facts f
GROUP BY f.service_item, f.item_name
ORDER BY count(*) DESC, f.service_item
LIMIT 50
