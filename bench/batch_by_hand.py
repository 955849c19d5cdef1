"""The workload of `bench_batch.py` as a person would write it in SQL for DuckDB: the same tables, to the row.

Whole numbers of units of 10^-5 points inside; the working days are folded into lists of the last day in time; only the
points of findings are kept between the steps; the ledger goes straight into its file. Run as
`python batch_by_hand.py FINDINGS UNITS K_MILLI OUT THREADS`.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import duckdb

# The rules in the order of the document: name, price in hundredths, clause.
RULES = (
    ("not_notified", 1, "3.1"),
    ("repeated", 3, "3.2"),
    ("small", 1, "3.3"),
    ("large", 2, "3.4"),
    ("media", 20, "3.5"),
    ("leader", 30, "3.6"),
    ("chief", 50, "3.7"),
)
GRADES = (
    "CASE WHEN {v} >= 9000 THEN 'excellent' WHEN {v} >= 8000 THEN 'good' WHEN {v} >= 7000 THEN 'pass' ELSE 'fail' END"
)
MONTH = "('2025-' || lpad(m::VARCHAR, 2, '0'))"
MEAN = "(2 * sum({v})::BIGINT + count(*)) // (2 * count(*))"
TWO = "(({v}) // 100 || '.' || lpad((({v}) % 100)::VARCHAR, 2, '0'))"


def run(findings: str, units: str, k: int, out: Path, threads: int) -> None:
    con = duckdb.connect()
    con.execute(f"SET threads = {threads}")
    con.execute(f"CREATE TABLE units AS SELECT unit_id, district_id FROM '{units}'")
    con.execute("""CREATE TABLE due AS
        WITH c AS (SELECT day, count(*) FILTER (isodow(day) < 6) OVER (ORDER BY day) AS wd
            FROM (SELECT unnest(range(DATE '2025-01-01', DATE '2026-06-01', INTERVAL 1 DAY))::DATE AS day))
        SELECT a.day, max(b.day) FILTER (b.wd - a.wd <= 1) AS due1, max(b.day) FILTER (b.wd - a.wd <= 3) AS due3
        FROM c a JOIN c b ON b.day BETWEEN a.day AND a.day + 14 GROUP BY ALL""")
    con.execute("SET VARIABLE due1 = (SELECT list(due1 ORDER BY day) FROM due)")
    con.execute("SET VARIABLE due3 = (SELECT list(due3 ORDER BY day) FROM due)")
    con.execute(f"""CREATE TABLE fired AS
        SELECT * FROM (SELECT finding_id, unit_id, month(found_on)::TINYINT AS m, found_on, media, leader,
            (CASE WHEN notified_on IS NULL THEN 1
                  WHEN cleared_on <= CASE WHEN volume_m3 <= 3 THEN getvariable('due1')[notified_on - DATE '2024-12-31']
                                     ELSE getvariable('due3')[notified_on - DATE '2024-12-31'] END THEN 0
                  WHEN cleared_on IS NULL AND notices >= 2 THEN 2
                  WHEN volume_m3 <= 3 THEN 3 ELSE 4 END)::TINYINT AS rule
          FROM '{findings}') WHERE rule > 0 OR media = 1 OR leader > 0""")
    con.execute(f"""CREATE TABLE squad AS
        WITH s AS (SELECT unit_id, m, sum(CASE rule WHEN 1 THEN 1 WHEN 2 THEN 3 WHEN 3 THEN 1 WHEN 4 THEN 2 ELSE 0 END
                + 20 * media + CASE leader WHEN 1 THEN 30 WHEN 2 THEN 50 ELSE 0 END)::BIGINT * {k} AS s
            FROM fired GROUP BY ALL),
        grid AS (SELECT unit_id, district_id, m::TINYINT AS m FROM units, range(1, 13) t(m))
        SELECT unit_id, district_id, m, greatest(0, 10000000 - coalesce(s, 0)) AS held,
            greatest(0, coalesce(s, 0) - 10000000) AS floored, (held + 500) // 1000 AS score
        FROM grid LEFT JOIN s USING (unit_id, m)""")
    con.execute(
        f"CREATE TABLE dmonth AS SELECT district_id, m, {MEAN.format(v='score')} AS score FROM squad GROUP BY ALL"
    )
    con.execute(f"CREATE TABLE dyear AS SELECT district_id, {MEAN.format(v='score')} AS score FROM dmonth GROUP BY ALL")
    con.execute("""CREATE TABLE runs AS SELECT *, m - max(CASE WHEN score < 7000 THEN 0 ELSE m END)
        OVER (PARTITION BY district_id ORDER BY m) AS run FROM dmonth""")
    write(con, out, k)


def write(con: duckdb.DuckDBPyConnection, out: Path, k: int) -> None:
    """All tables that hold anything, each in its order."""

    def copy(name: str, query: str) -> None:
        con.execute(f"COPY ({query}) TO '{out / name}.parquet' (FORMAT parquet, COMPRESSION snappy)")

    cell = "false AS provisional, NULL::VARCHAR AS dimension"
    quantity = f"({k} * 0.001::DECIMAL(4, 3))::DECIMAL(38, 3)"

    def movement(place: int, where: str) -> str:
        name, price, clause = RULES[place - 1]
        points = f"(-{price * k} * 0.00001::DECIMAL(6, 5))::DECIMAL(38, 5)"
        return f"""SELECT unit_id, m, {place} AS section, found_on, finding_id::VARCHAR AS record, '{name}' AS rule,
            '{clause}' AS clause, 'finding' AS record_kind, (0.01 * {price})::DECIMAL(38, 2) AS price,
            {quantity} AS quantity, {points} AS nominal, {points} AS points FROM fired WHERE {where}"""

    def own(section: int, rule: str, units: str, where: str = "true") -> str:
        points = f"(({units}) * 0.00001::DECIMAL(6, 5))::DECIMAL(38, 5)"
        return f"""SELECT unit_id, m, {section} AS section, NULL::DATE AS found_on, NULL::VARCHAR AS record,
            '{rule}' AS rule, '3' AS clause, NULL::VARCHAR AS record_kind, NULL::DECIMAL(38, 2) AS price,
            NULL::DECIMAL(38, 3) AS quantity, {points} AS nominal, {points} AS points
            FROM squad WHERE {where}"""

    lines = [own(0, "(from)", "10000000::BIGINT")]
    lines += [movement(place, f"rule = {place}") for place in range(1, 5)]
    lines += [movement(5, "media = 1"), movement(6, "leader = 1"), movement(7, "leader = 2")]
    lines += [
        own(8, "(floor)", "floored", "floored > 0"),
        own(9, "(round)", "score * 1000 - held", "score * 1000 != held"),
    ]
    copy("ledger", f"""SELECT 'squad' AS target_kind, unit_id::VARCHAR AS target, {MONTH} AS period, 'score' AS measure,
            row_number() OVER (PARTITION BY unit_id, m ORDER BY section, found_on, record) AS line, rule, clause,
            record_kind, record, price, quantity, nominal, points, NULL::VARCHAR AS replaced_by, {cell}
        FROM ({' UNION ALL '.join(lines)}) ORDER BY target, period, line""")  # fmt: skip
    named = "{kind!r} AS target_kind, {target}::VARCHAR AS target, {period} AS period, {measure!r} AS measure"

    def row(kind: str, target: str, period: str, measure: str) -> str:
        return named.format(kind=kind, target=target, period=period, measure=measure)

    def value(kind: str, target: str, period: str, measure: str, text: str, source: str) -> str:
        where = row(kind, target, period, measure)
        return f"SELECT {where}, {text} AS value, NULL::VARCHAR AS unit, 'value' AS state, {cell} FROM {source}"

    of_year = "'2025'"
    place = "(SELECT *, rank() OVER (ORDER BY score DESC) AS place FROM dyear)"
    copy("values", " UNION ALL ".join([
        value("squad", "unit_id", MONTH, "score", TWO.format(v="score"), "squad"),
        value("bureau", "district_id", MONTH, "month_score", TWO.format(v="score"), "dmonth"),
        value("bureau", "district_id", MONTH, "grade", GRADES.format(v="score"), "dmonth"),
        value("bureau", "district_id", of_year, "year_score", TWO.format(v="score"), "dyear"),
        value("bureau", "district_id", of_year, "year_grade", GRADES.format(v="score"), "dyear"),
        value("bureau", "district_id", of_year, "place", "place::VARCHAR", place),
        value("bureau", "district_id", MONTH, "failing", "run::VARCHAR", "runs"),
    ]) + " ORDER BY 1, 2, 3, 4")  # fmt: skip

    def grade(period: str, measure: str, clause: str, source: str) -> str:
        where = row("bureau", "district_id", period, measure)
        shown = f"{GRADES.format(v='score')} AS grade, {TWO.format(v='score')} AS value, '{clause}' AS clause"
        return f"SELECT {where}, {shown}, {cell} FROM {source}"

    copy("grades", grade(MONTH, "grade", "5", "dmonth") + " UNION ALL " + grade(of_year, "year_grade", "6", "dyear")
         + " ORDER BY 1, 2, 3, 4")  # fmt: skip
    copy(
        "ranks",
        f"""SELECT {row("bureau", "district_id", of_year, "place")}, NULL::VARCHAR AS "group", place,
        count(*) OVER (PARTITION BY score) AS tied, count(*) OVER () AS size, {TWO.format(v="score")} AS value,
        '6' AS clause, {cell} FROM {place} ORDER BY 1, 2, 3, 4""",
    )

    def used(kind: str, target: str, period: str, measure: str, element: str, source: str) -> str:
        where = row(kind, target, period, measure)
        shown = f"{element} AS input, {TWO.format(v='score')} AS value, 'used' AS state, NULL::VARCHAR AS dimension"
        return f"SELECT {where}, {shown} FROM {source}"

    copy("inputs", used("bureau", "district_id", MONTH, "month_score", "unit_id::VARCHAR", "squad") + " UNION ALL "
         + used("bureau", "district_id", of_year, "year_score", MONTH, "dmonth") + " ORDER BY ALL")  # fmt: skip

    def act(
        target: str, period: str, date: str, name: str, step: str, do: str, kind: str, more: str, source: str
    ) -> str:
        return f"""SELECT 'bureau' AS target_kind, {target}::VARCHAR AS target, {period} AS period, {date} AS date,
            '{name}' AS consequence, {step} AS step, '{do}' AS act, NULL::VARCHAR AS options,
            '{kind}' AS act_kind, NULL::VARCHAR AS "to", {more},
            NULL::VARCHAR AS record_kind, NULL::VARCHAR AS record, {cell} FROM {source}"""

    texts = ", ".join(f"NULL::VARCHAR AS {name}" for name in ("amount", "least", "most", "unit"))
    days = ", ".join(f"NULL::DATE AS {name}" for name in ("starts", "due", "until"))
    terms = f"{texts}, {days}, NULL::VARCHAR AS ended_by"
    of_run = (
        f"'automatic' AS decision, NULL::VARCHAR AS decided_by, run::VARCHAR AS level, {terms},"
        " 'failing=' || run AS evidence, '{clause}' AS clause"
    )
    of_grade = (
        f"'proposal' AS decision, 'city government' AS decided_by, NULL::VARCHAR AS level, {terms},"
        " 'year_grade=fail' AS evidence, '8' AS clause"
    )
    end = "last_day(make_date(2025, m, 1))"
    copy("consequences", " UNION ALL ".join([
        act("district_id", MONTH, end, "failing_months", "'admonition'", "admonition", "talk",
            of_run.format(clause="7.1"), "runs WHERE run = 3"),
        act("district_id", MONTH, end, "failing_months", "'suspension'", "suspension", "sanction",
            of_run.format(clause="7.2"), "runs WHERE run = 6"),
        act("district_id", of_year, "DATE '2025-12-31'", "dismissal", "NULL::VARCHAR", "dismissal", "sanction",
            of_grade, "dyear WHERE score < 7000"),
    ]) + " ORDER BY ALL")  # fmt: skip


if __name__ == "__main__":
    findings, units, k, out, threads = sys.argv[1:]
    Path(out).mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    run(findings, units, int(k), Path(out), int(threads))
    print(time.perf_counter() - started)
