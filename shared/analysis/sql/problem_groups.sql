-- 共性问题：截至期末已确认的，整改完成前后各九十日内的诉求数（第八条第五项、第十五条）。
WITH asked AS (SELECT DATE '2025-01-01' AS earlier, DATE '2026-01-01' AS since, DATE '2026-12-31' AS until),
facts AS (
SELECT CAST(NULL AS VARCHAR) AS number, g.id, g.title, COALESCE(u.name, g.unit) AS unit_name, g.stage,
    g.size, g.brought_before, g.brought_after, g.days_after
  FROM problem_groups g
  CROSS JOIN asked a
  LEFT JOIN units u ON u.unit = g.unit
  WHERE g.opened_on <= a.until
)
-- figures
SELECT f.id, f.title, f.unit_name, f.stage, f.size, f.brought_before, f.brought_after, f.days_after
FROM facts f
ORDER BY f.id
