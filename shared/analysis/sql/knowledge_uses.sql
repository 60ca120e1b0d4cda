-- 知识库：期间内收到的诉求的答复引用最多的条目（第六条第四项）。
WITH asked AS (SELECT DATE '2025-01-01' AS earlier, DATE '2026-01-01' AS since, DATE '2026-12-31' AS until),
facts AS (
SELECT k.number, k.entry
  FROM knowledge_uses k
  JOIN tickets t ON t.number = k.number
  CROSS JOIN asked a
  WHERE t.received_on BETWEEN a.since AND a.until
)
-- figures
SELECT f.entry, count(*) AS answers
FROM facts f
GROUP BY f.entry
ORDER BY count(*) DESC, f.entry
LIMIT 50
