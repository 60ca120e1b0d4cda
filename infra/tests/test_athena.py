"""The questions to the lake, read as Athena reads them: its grammar, the catalogue's tables, its types.

Athena itself is asked by nobody here. What it is strict about and DuckDB and DataFusion are not is held:
names that the catalogue does not have, and comparisons between types that Trino does not convert.
"""

import functools
import unittest

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify

import sources

QUESTIONS = sorted((sources.ROOT / "shared/analysis/sql").glob("*.sql"))
# Types of the catalogue (Hive's words), and how Trino takes them to be like each other.
LIKE = {"TEXT": "text", "VARCHAR": "text", "BIGINT": "number", "INT": "number", "BOOLEAN": "flag",
        "DATE": "date", "TIMESTAMP": "instant", "NULL": None, "UNKNOWN": None}


@functools.cache
def catalogue():
    """Tables and columns with their types, as the template declares them."""
    tables = {}
    for table in sources.of_type(sources.written()["Resources"], "AWS::Glue::Table").values():
        given = table["Properties"]["TableInput"]
        columns = given["StorageDescriptor"]["Columns"] + given.get("PartitionKeys", [])
        tables[given["Name"]] = {column["Name"]: column["Type"] for column in columns}
    return tables


def like(expression):
    return LIKE[expression.type.this.name] if expression.type else None


class Athena(unittest.TestCase):
    def test_every_question_is_one_statement_of_athenas_grammar(self):
        self.assertGreaterEqual(len(QUESTIONS), 20)
        for file in QUESTIONS:
            [tree] = sqlglot.parse(file.read_text(encoding="utf-8"), read="athena")
            self.assertIsInstance(tree, exp.Select, file.name)
            # A function that the grammar does not know is none of Athena's.
            unknown = [call.name for call in tree.find_all(exp.Anonymous)]
            self.assertEqual(unknown, [], file.name)
            # And it says to Athena what it says to DuckDB.
            other = sqlglot.parse_one(file.read_text(encoding="utf-8"), read="duckdb")
            self.assertEqual(tree.sql("duckdb"), other.sql("duckdb"), file.name)

    def test_every_question_keeps_to_the_catalogue(self):
        for file in QUESTIONS:
            tree = sqlglot.parse_one(file.read_text(encoding="utf-8"), read="athena")
            qualified = qualify(tree, dialect="athena", schema=catalogue(), validate_qualify_columns=True)
            self.assertIsNotNone(qualified.find(exp.Table), file.name)

    def test_nothing_is_compared_that_trino_does_not_convert(self):
        compared = 0
        for file in QUESTIONS:
            tree = sqlglot.parse_one(file.read_text(encoding="utf-8"), read="athena")
            tree = annotate_types(qualify(tree, dialect="athena", schema=catalogue()), dialect="athena", schema=catalogue())
            for each in tree.find_all(exp.Between, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE):
                sides = [each.this, each.args["low"], each.args["high"]] if isinstance(each, exp.Between) else [each.left, each.right]
                kinds = {like(side) for side in sides} - {None}
                self.assertLessEqual(len(kinds), 1, f"{file.name}: {each.sql()}")
                compared += len(kinds)
        self.assertGreater(compared, 40)

    def test_a_wrong_column_and_a_wrong_comparison_are_found(self):
        schema = catalogue()
        with self.assertRaises(sqlglot.errors.OptimizeError):
            qualify(sqlglot.parse_one("SELECT t.nonsense FROM tickets t", read="athena"), schema=schema)
        wrong = sqlglot.parse_one("SELECT t.number FROM tickets t WHERE t.received_on = '2026-01-01'", read="athena")
        wrong = annotate_types(qualify(wrong, schema=schema), schema=schema).find(exp.EQ)
        self.assertEqual({like(wrong.left), like(wrong.right)}, {"date", "text"})


if __name__ == "__main__":
    unittest.main()
