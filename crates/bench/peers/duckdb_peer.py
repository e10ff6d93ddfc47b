"""DuckDB: SQL prepared once over a table in memory, one thread."""

import common
import duckdb

DOCUMENTS_A_QUERY = 50
STAGED = True


def query(work, documents, counted):
    used = work.atoms_of(documents)
    key = "sql_staged" if STAGED else "sql"
    name = (lambda atom: f"a{atom}") if STAGED else (lambda atom: f"({work.atoms[atom][key]})")

    def fold(node):
        return common.fold(
            node,
            name,
            lambda inner: f"NOT ({inner})",
            lambda members: f"({' AND '.join(members)})",
            lambda members: f"({' OR '.join(members)})",
        )

    columns = ", ".join(f"{fold({'all': document['needs']})} AS p{index}" for index, document in enumerate(documents))
    source = "subjects"
    if STAGED:
        shares = ", ".join(f"{share['sql']} AS r{index}" for index, share in enumerate(work.shares))
        atoms = ", ".join(f"{work.atoms[atom][key]} AS a{atom}" for atom in used)
        source = f"(SELECT {atoms} FROM (SELECT *, {shares} FROM subjects))"
    text = f"SELECT {columns} FROM {source}"
    if counted:
        counts = ", ".join(f"count_if(p{index}) AS t{index}, count(p{index}) AS k{index}" for index in range(len(documents)))
        text = f"SELECT {counts} FROM ({text})"
    return text


def connect(table):
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    connection.register("arrow_rows", table)
    connection.execute("CREATE TABLE subjects AS SELECT * FROM arrow_rows")
    connection.unregister("arrow_rows")
    return connection


def parts(documents):
    return [documents[start : start + DOCUMENTS_A_QUERY] for start in range(0, len(documents), DOCUMENTS_A_QUERY)]


def run(work, options):
    def prepare(rows):
        connection = connect(work.table.slice(0, rows))
        for index, part in enumerate(parts(work.documents)):
            connection.execute(f"PREPARE decide_{index} AS {query(work, part, True)}")

        def decide():
            for index in range(len(parts(work.documents))):
                connection.execute(f"EXECUTE decide_{index}").fetchall()

        return decide

    form = f"prepared SQL, {DOCUMENTS_A_QUERY} documents a query, {'staged' if STAGED else 'flat'}"
    common.measure(prepare, work.rows, options.seconds, 2048, len(work.documents), form)
    connection = connect(work.table.slice(0, options.checked))
    columns = []
    for part in parts(work.documents):
        found = connection.execute(query(work, part, False)).to_arrow_table()
        columns += [common.of_arrow(found.column(index)) for index in range(found.num_columns)]
    common.write_answers(options.answers, columns)
    common.say(checked_rows=options.checked, checked_documents=len(columns))


def probe():
    connection = duckdb.connect()
    connection.execute("CREATE TABLE one_row (x DOUBLE, y BOOLEAN, e UTINYINT, zero DOUBLE, one DOUBLE, five DOUBLE, six DOUBLE)")
    connection.execute("INSERT INTO one_row VALUES (NULL, NULL, NULL, 0, 1, 5, 6)")
    common.ask(
        {
            "x >= 1": "x >= 1",
            "not y": "NOT y",
            "y and no": "y AND one > six",
            "y or yes": "y OR one < six",
            "e in (1, 2)": "e IN (1, 2)",
            "e in (1, 2) and e in (3, 4)": "e IN (1, 2) AND e IN (3, 4)",
            "y or not y": "y OR NOT y",
            "1 / 0 >= 1": "one / zero >= 1",
            "6 / 5 - 1 >= 20 %": "six / five - 1 >= CAST(0.2 AS DOUBLE)",
        },
        lambda question: connection.execute(f"SELECT {question} FROM one_row").fetchone()[0],
    )


common.main(duckdb.__version__, probe, run)
