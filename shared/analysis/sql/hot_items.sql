-- 热点事项：期间内收到的诉求，按政务服务事项，与此前同样长的一段时间相比（第十五条）。
WITH asked AS (SELECT DATE '2025-01-01' AS earlier, DATE '2026-01-01' AS since, DATE '2026-12-31' AS until),
facts AS (
SELECT t.number, t.service_item, COALESCE(i.name, t.service_item) AS item_name,
    CASE WHEN t.received_on >= a.since THEN '本期' ELSE '上一期' END AS term,
    CASE WHEN t.received_on >= a.since THEN 1 ELSE 0 END AS is_now,
    CASE WHEN t.received_on >= a.since AND t.kind = 'complaint' THEN 1 ELSE 0 END AS is_complaint
  FROM tickets t
  CROSS JOIN asked a
  LEFT JOIN service_items i ON i.service_item = t.service_item
  WHERE t.service_item IS NOT NULL AND t.received_on BETWEEN a.earlier AND a.until
)
-- figures
SELECT f.service_item, f.item_name, sum(f.is_now) AS appeals, sum(1 - f.is_now) AS appeals_earlier,
  sum(f.is_complaint) AS complaints
FROM facts f
GROUP BY f.service_item, f.item_name
HAVING sum(f.is_now) > 0
ORDER BY sum(f.is_now) DESC, f.service_item
LIMIT 50
