-- 总体满意度：期间内的评价，与此前同样长的一段时间相比（第九条）。分子为满意（4、5星且已解决）和差评。
WITH asked AS (SELECT DATE '2025-01-01' AS earlier, DATE '2026-01-01' AS since, DATE '2026-12-31' AS until),
facts AS (
SELECT r.number, CASE WHEN r.made_on >= a.since THEN '本期' ELSE '上一期' END AS term,
    CASE WHEN r.level >= 4 AND r.is_solved THEN 1 ELSE 0 END AS is_satisfied,
    CASE WHEN r.is_dissatisfied THEN 1 ELSE 0 END AS is_dissatisfied,
    CASE WHEN r.finding = 'proved' THEN 1 ELSE 0 END AS is_proved
  FROM ratings r
  CROSS JOIN asked a
  WHERE r.source = 'rating' AND r.made_on BETWEEN a.earlier AND a.until
)
-- figures
SELECT f.term, count(*) AS ratings, sum(f.is_satisfied) AS satisfied,
  sum(f.is_dissatisfied) AS dissatisfied, sum(f.is_proved) AS proved
FROM facts f
GROUP BY f.term
ORDER BY f.term DESC
