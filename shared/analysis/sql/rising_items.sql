-- 上升较快的事项：期间内收到的诉求比此前同样长的一段时间多得最多的二十个政务服务事项，按本期诉求数排列：增幅的次序会说出少于五的上一期（第十五条、第十六条）。
WITH asked AS (SELECT DATE '2025-01-01' AS earlier, DATE '2026-01-01' AS since, DATE '2026-12-31' AS until),
facts AS (
SELECT t.number, t.service_item, COALESCE(i.name, t.service_item) AS item_name,
    CASE WHEN t.received_on >= a.since THEN '本期' ELSE '上一期' END AS term,
    CASE WHEN t.received_on >= a.since THEN 1 ELSE 0 END AS is_now
  FROM tickets t
  CROSS JOIN asked a
  LEFT JOIN service_items i ON i.service_item = t.service_item
  WHERE t.service_item IS NOT NULL AND t.received_on BETWEEN a.earlier AND a.until
)
-- figures
SELECT r.service_item, r.item_name, r.appeals, r.appeals_earlier
FROM (
  SELECT f.service_item, f.item_name, sum(f.is_now) AS appeals, sum(1 - f.is_now) AS appeals_earlier
  FROM facts f
  GROUP BY f.service_item, f.item_name
  HAVING sum(f.is_now) > sum(1 - f.is_now)
  ORDER BY sum(f.is_now) - sum(1 - f.is_now) DESC, f.service_item
  LIMIT 20
) r
ORDER BY r.appeals DESC, r.service_item
