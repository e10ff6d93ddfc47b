"""OpenFisca-Core: a variable for each column, condition and document; the engine keeps what it computed.

Numbers are its own `float` variables (32 bits), what is not known is left at the default: nought, no.
"""

import importlib.metadata
import operator
from functools import reduce

import common
import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

PERIOD = "2026"
DOCUMENTS = 200
Subject = build_entity(key="subject", plural="subjects", label="Subject", is_person=True)


def variable(name, value_type, formula=None):
    members = {"value_type": value_type, "entity": Subject, "definition_period": DateUnit.YEAR, "label": name}
    if formula is not None:
        members["formula"] = formula
    return type(name, (Variable,), members)


def type_of(name):
    return {"n": float, "d": int, "e": int, "b": bool, "s": int}[name[0]]


def condition(atom, shares):
    kind = atom["kind"]
    if kind in ("share_at_least", "share_at_most"):
        compare = operator.ge if kind == "share_at_least" else operator.le
        cut, quotient = atom["cut"] / 1000, f"r{atom['share']}"
        return lambda subject, period: compare(subject(quotient, period), cut)
    column = atom["column"]
    tests = {
        "at_least": lambda values: values >= atom["cut"],
        "below": lambda values: values < atom["cut"],
        "within": lambda values: (values >= atom["low"]) & (values <= atom["high"]),
        "since": lambda values: values >= atom["day"],
        "until": lambda values: values <= atom["day"],
        "in": lambda values: np.isin(values, atom["codes"]),
        "is": lambda values: values,
        "has": lambda values: (values & atom["bit"]) != 0,
    }
    test = tests[kind]
    return lambda subject, period: test(subject(column, period))


def quotient(share):
    return lambda subject, period: subject(share["numerator"], period) / subject(share["denominator"], period)


def verdict(document):
    def formula(subject, period):
        return common.fold(
            {"all": document["needs"]},
            lambda atom: subject(f"a{atom}", period),
            np.logical_not,
            lambda members: reduce(np.logical_and, members),
            lambda members: reduce(np.logical_or, members),
        )

    return formula


def system_of(work, documents):
    system = TaxBenefitSystem([Subject])
    for name in work.table.column_names:
        system.add_variable(variable(name, type_of(name)))
    for index, share in enumerate(work.shares):
        system.add_variable(variable(f"r{index}", float, quotient(share)))
    for atom in work.atoms_of(documents):
        system.add_variable(variable(f"a{atom}", bool, condition(work.atoms[atom], work.shares)))
    for index, document in enumerate(documents):
        system.add_variable(variable(f"p{index}", bool, verdict(document)))
    return system


def inputs_of(work, rows):
    inputs = {}
    for name in work.table.column_names:
        column = work.table.column(name).slice(0, rows).combine_chunks()
        if name.startswith("d"):
            column = column.cast("int32")
        values = column.fill_null(False if name.startswith("b") else 0).to_numpy(zero_copy_only=False)
        inputs[name] = values.astype({float: np.float32, int: np.int32, bool: bool}[type_of(name)])
    return inputs


def simulation_of(system, inputs, rows):
    simulation = SimulationBuilder().build_default_simulation(system, count=rows)
    for name, values in inputs.items():
        simulation.set_input(name, PERIOD, values)
    return simulation


def run(work, options):
    documents = work.documents[:DOCUMENTS]
    system = system_of(work, documents)

    def decide_all(simulation):
        return [simulation.calculate(f"p{index}", PERIOD) for index in range(len(documents))]

    def prepare(rows):
        inputs = inputs_of(work, rows)

        def decide():
            simulation = simulation_of(system, inputs, rows)
            for found in decide_all(simulation):
                np.count_nonzero(found)

        return decide

    with np.errstate(divide="ignore", invalid="ignore"):
        common.measure(prepare, work.rows, options.seconds, 2048, len(documents), "a variable a condition and document")
        simulation = simulation_of(system, inputs_of(work, options.checked), options.checked)
        common.write_answers(options.answers, decide_all(simulation))
    common.say(checked_rows=options.checked, checked_documents=len(documents))


def probe():
    questions = {
        "x >= 1": lambda s, p: s("x", p) >= 1,
        "not y": lambda s, p: ~s("y", p),
        "y and no": lambda s, p: s("y", p) & (s("one", p) > s("six", p)),
        "y or yes": lambda s, p: s("y", p) | (s("one", p) < s("six", p)),
        "e in (1, 2)": lambda s, p: np.isin(s("e", p), [1, 2]),
        "e in (1, 2) and e in (3, 4)": lambda s, p: np.isin(s("e", p), [1, 2]) & np.isin(s("e", p), [3, 4]),
        "y or not y": lambda s, p: s("y", p) | ~s("y", p),
        "1 / 0 >= 1": lambda s, p: s("one", p) / s("zero", p) >= 1,
        "6 / 5 - 1 >= 20 %": lambda s, p: s("six", p) / s("five", p) - 1 >= 0.2,
    }
    system = TaxBenefitSystem([Subject])
    for name, kind in {"x": float, "y": bool, "e": int, "zero": float, "one": float, "five": float, "six": float}.items():
        system.add_variable(variable(name, kind))
    names = {}
    for index, (question, formula) in enumerate(questions.items()):
        names[question] = f"q{index}"
        system.add_variable(variable(f"q{index}", bool, formula))
    known = {"zero": np.float32([0]), "one": np.float32([1]), "five": np.float32([5]), "six": np.float32([6])}
    with np.errstate(divide="ignore", invalid="ignore"):
        simulation = simulation_of(system, known, 1)
        common.ask(names, lambda name: bool(simulation.calculate(name, PERIOD)[0]))


common.main(importlib.metadata.version("openfisca-core"), probe, run)
