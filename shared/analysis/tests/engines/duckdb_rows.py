"""Asks DuckDB: reads {"views": SQL, "questions": {name: SQL}} and answers {name: rows}, all in JSON."""

import json
import sys

import duckdb

asked = json.load(sys.stdin)
lake = duckdb.connect()
lake.execute("SET TimeZone = 'UTC'")
lake.execute(asked["views"])
answers = {}
for name, sql in asked["questions"].items():
    rows = lake.execute(sql).fetchall()
    answers[name] = [[int(cell) if isinstance(cell, (int, float)) and not isinstance(cell, bool) else cell if cell is None else str(cell) for cell in row] for row in rows]
json.dump(answers, sys.stdout)
