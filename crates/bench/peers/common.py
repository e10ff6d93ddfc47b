"""What all peers in Python share: the workload from files, the slice, the time, the answers.

A peer is `python PEER.py FOLDER --seconds S --checked ROWS --answers FILE [--form FORM]`. It prints one JSON object a line:
{"version": …}, {"probe": …, "answer": …}, {"rows": …, "documents": …, "cpu_seconds": …, "form": …},
{"checked_rows": …, "checked_documents": …}. FILE gets one byte an answer, document by document: 0 no, 1 yes, 2 not known.
"""

import argparse
import json
import os
import pathlib
import time

# One thread, said before any library starts its own.
for variable in (
    "POLARS_MAX_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "ARROW_NUM_THREADS",
):
    os.environ[variable] = "1"

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

pa.set_cpu_count(1)
pa.set_io_thread_count(1)

RUNS = 5
TRIAL_SECONDS = 0.1


class Work:
    """The rows as an Arrow table, the documents as `documents.json` has them."""

    def __init__(self, folder):
        self.table = pq.read_table(folder / "rows.parquet", use_threads=False).combine_chunks()
        texts = json.loads((folder / "documents.json").read_text(encoding="utf-8"))
        self.shares, self.atoms, self.documents = texts["shares"], texts["atoms"], texts["documents"]

    @property
    def rows(self):
        return self.table.num_rows

    def atoms_of(self, documents):
        """The conditions that these documents use, each once, in order."""
        used = set()

        def visit(node):
            ((kind, inner),) = node.items()
            if kind == "atom":
                used.add(inner)
            elif kind == "not":
                visit(inner)
            else:
                for member in inner:
                    visit(member)

        for document in documents:
            for need in document["needs"]:
                visit(need)
        return sorted(used)


def fold(node, atom, negate, conjoin, disjoin):
    """A node built up from its conditions by an engine's own not, and, or."""
    ((kind, inner),) = node.items()
    if kind == "atom":
        return atom(inner)
    if kind == "not":
        return negate(fold(inner, atom, negate, conjoin, disjoin))
    members = [fold(member, atom, negate, conjoin, disjoin) for member in inner]
    return conjoin(members) if kind == "all" else disjoin(members)


def say(**what):
    print(json.dumps(what), flush=True)


def word(answer):
    return "unknown" if answer is None else "yes" if answer else "no"


def ask(probes, answer):
    """Puts each probe: a name and a thunk or text that `answer` turns into yes, no or None."""
    for name, question in probes.items():
        try:
            said = word(answer(question))
        except Exception as error:  # noqa: BLE001 - an error is an answer here
            said = "error" if not getattr(error, "said", None) else error.said
        say(probe=name, answer=said)


def round_down(rows):
    power = 1
    rows = max(rows, 1)
    while power <= rows // 10:
        power *= 10
    return next((digit * power for digit in (5, 2, 1) if digit * power <= rows), 1)


def timed(run):
    start = time.process_time()
    run()
    return time.process_time() - start


def measure(prepare, rows_max, seconds, first, documents, form):
    """Finds the largest slice whose runs fit the budget and takes the best; `prepare(rows)` gives what is timed."""
    rows, before = min(first, rows_max), None
    while True:
        run = prepare(rows)
        trial = timed(run)
        if rows >= rows_max or (before and trial >= TRIAL_SECONDS):
            break
        if trial * 2 > seconds / RUNS:
            break
        before = (rows, trial)
        rows = min(rows * 4, rows_max)
    # What does not grow with the rows (planning) is told from what does by two trials.
    a_row = trial / rows if before is None or trial <= before[1] else (trial - before[1]) / (rows - before[0])
    fixed = max(trial - a_row * rows, 0)
    fitting = min(round_down(int((seconds / RUNS * 0.9 - fixed) / a_row)), rows_max)
    if fitting > rows:
        rows = fitting
        run = prepare(rows)
    best = min(timed(run) for _ in range(RUNS))
    say(rows=rows, documents=documents, cpu_seconds=best, form=form)


def write_answers(path, columns):
    """`columns`: an array for each document of 0, 1, 2."""
    with open(path, "wb") as file:
        for column in columns:
            file.write(np.ascontiguousarray(column, dtype=np.uint8).tobytes())


def of_arrow(column):
    """A column of yes, no and null as 1, 0, 2."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    return column.cast(pa.uint8()).fill_null(2).to_numpy(zero_copy_only=False)


def main(version, probe, run):
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--checked", type=int, required=True)
    parser.add_argument("--answers", type=pathlib.Path, required=True)
    parser.add_argument("--form")
    options = parser.parse_args()
    say(version=version)
    probe()
    run(Work(options.folder), options)
