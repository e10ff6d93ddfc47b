"""Polars: lazy, over columns in memory.

The form `staged` selects all conditions and then all documents from them, which is the fastest of those tried; `one-select`
writes each document out in full and leaves sharing to the elimination of common subexpressions.
"""

import datetime
import operator
from functools import reduce

import common
import polars as pl

EPOCH = datetime.date(1970, 1, 1)


def condition(atom, shares):
    kind = atom["kind"]
    if kind in ("share_at_least", "share_at_most"):
        share = shares[atom["share"]]
        quotient = pl.col(share["numerator"]) / pl.col(share["denominator"])
        cut = atom["cut"] / 1000
        return quotient >= cut if kind == "share_at_least" else quotient <= cut
    column = pl.col(atom["column"])
    match kind:
        case "at_least":
            return column >= atom["cut"]
        case "below":
            return column < atom["cut"]
        case "within":
            return column.is_between(atom["low"], atom["high"])
        case "since":
            return column >= EPOCH + datetime.timedelta(days=atom["day"])
        case "until":
            return column <= EPOCH + datetime.timedelta(days=atom["day"])
        case "in":
            return column.is_in(atom["codes"])
        case "is":
            return column
        case "has":
            return (column & atom["bit"]) != 0
    raise ValueError(kind)


def expressions(documents, conditions):
    def fold(node):
        return common.fold(
            node,
            conditions.__getitem__,
            operator.invert,
            lambda members: reduce(operator.and_, members),
            lambda members: reduce(operator.or_, members),
        )

    return [fold({"all": document["needs"]}) for document in documents]


def run(work, options):
    frame = pl.from_arrow(work.table)
    conditions = [condition(atom, work.shares) for atom in work.atoms]
    stage = []
    if options.form == "staged":
        stage = [one.alias(f"a{index}") for index, one in enumerate(conditions)]
        conditions = [pl.col(f"a{index}") for index in range(len(conditions))]
    verdicts = expressions(work.documents, conditions)
    counts = []
    for index, verdict in enumerate(verdicts):
        counts += [verdict.sum().alias(f"t{index}"), verdict.count().alias(f"k{index}")]

    def lazy(rows):
        plan = frame.head(rows).rechunk().lazy()
        return plan.select(stage) if stage else plan

    def prepare(rows):
        plan = lazy(rows).select(counts)
        return plan.collect

    forms = {"staged": "lazy, conditions selected, then documents", "one-select": "lazy, one select of documents in full"}
    common.measure(prepare, work.rows, options.seconds, 4096, len(work.documents), forms[options.form])
    named = [verdict.alias(f"p{index}") for index, verdict in enumerate(verdicts)]
    found = lazy(options.checked).select(named).collect()
    common.write_answers(options.answers, (common.of_arrow(found[name].to_arrow()) for name in found.columns))
    common.say(checked_rows=options.checked, checked_documents=len(verdicts))


def probe():
    row = pl.DataFrame(
        {"x": [None], "y": [None], "e": [None], "zero": [0.0], "one": [1.0], "five": [5.0], "six": [6.0]},
        schema_overrides={"x": pl.Float64, "y": pl.Boolean, "e": pl.UInt8},
    )
    x, y, e, zero, one, five, six = (pl.col(name) for name in row.columns)
    common.ask(
        {
            "x >= 1": x >= 1,
            "not y": ~y,
            "y and no": y & (one > six),
            "y or yes": y | (one < six),
            "e in (1, 2)": e.is_in([1, 2]),
            "e in (1, 2) and e in (3, 4)": e.is_in([1, 2]) & e.is_in([3, 4]),
            "y or not y": y | ~y,
            "1 / 0 >= 1": one / zero >= 1,
            "6 / 5 - 1 >= 20 %": six / five - 1 >= 0.2,
        },
        lambda question: row.lazy().select(question.alias("answer")).collect()["answer"][0],
    )


common.main(pl.__version__, probe, run)
