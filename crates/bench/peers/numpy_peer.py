"""NumPy by hand: two-valued, what is not known counts as no; conditions and shared nodes computed once, in chunks."""

import common
import numpy as np

CHUNK_ROWS = 16384


def columns_of(table):
    """Values, and for each column whether they are known. Dates are days since 1970."""
    columns = {}
    for name in table.column_names:
        column = table.column(name).combine_chunks()
        known = column.is_valid().to_numpy(zero_copy_only=False)
        if name.startswith("d"):
            column = column.cast("int32")
        values = column.fill_null(False if name.startswith("b") else 0).to_numpy(zero_copy_only=False)
        columns[name] = (values, known)
    return columns


def condition(atom, columns, quotients):
    """Yes where the value is known and fits."""
    kind = atom["kind"]
    if kind in ("share_at_least", "share_at_most"):
        values, known = quotients[atom["share"]]
        cut = atom["cut"] / 1000
        return (values >= cut if kind == "share_at_least" else values <= cut) & known
    values, known = columns[atom["column"]]
    match kind:
        case "at_least":
            return (values >= atom["cut"]) & known
        case "below":
            return (values < atom["cut"]) & known
        case "within":
            return (values >= atom["low"]) & (values <= atom["high"]) & known
        case "since":
            return (values >= atom["day"]) & known
        case "until":
            return (values <= atom["day"]) & known
        case "in":
            return TABLES.setdefault(tuple(atom["codes"]), table_of(atom["codes"]))[values] & known
        case "is":
            return values & known
        case "has":
            return ((values & atom["bit"]) != 0) & known
    raise ValueError(kind)


TABLES = {}


def table_of(codes):
    table = np.zeros(256, dtype=bool)
    table[codes] = True
    return table


def shares_of(work, columns):
    quotients = []
    for share in work.shares:
        above, above_known = columns[share["numerator"]]
        below, below_known = columns[share["denominator"]]
        quotients.append((above / below, above_known & below_known))
    return quotients


def decide_chunk(work, columns, shared):
    """One boolean array a document."""
    quotients = shares_of(work, columns)
    conditions = [condition(atom, columns, quotients) for atom in work.atoms]
    kept = {}

    def joined(members, join):
        result = join(members[0], members[1]) if len(members) > 1 else members[0]
        for member in members[2:]:
            join(result, member, out=result)
        return result

    def evaluate(node):
        kind, inner = node
        if kind == "atom":
            return conditions[inner]
        found = kept.get(node)
        if found is None:
            if kind == "not":
                found = ~evaluate(inner)
            else:
                found = joined([evaluate(member) for member in inner], np.logical_and if kind == "all" else np.logical_or)
            kept[node] = found
        return found

    return [evaluate(node) for node in shared]


def hashable(node):
    ((kind, inner),) = node.items()
    if kind == "atom":
        return (kind, inner)
    if kind == "not":
        return (kind, hashable(inner))
    return (kind, tuple(hashable(member) for member in inner))


def run(work, options):
    columns = columns_of(work.table)
    shared = [hashable({"all": document["needs"]}) for document in work.documents]

    def chunk(start, stop):
        return {name: (values[start:stop], known[start:stop]) for name, (values, known) in columns.items()}

    def prepare(rows):
        def decide():
            counts = np.zeros(len(shared), dtype=np.int64)
            for start in range(0, rows, CHUNK_ROWS):
                found = decide_chunk(work, chunk(start, min(start + CHUNK_ROWS, rows)), shared)
                counts += [np.count_nonzero(verdict) for verdict in found]

        return decide

    with np.errstate(divide="ignore", invalid="ignore"):
        form = f"two-valued, chunks of {CHUNK_ROWS} rows"
        common.measure(prepare, work.rows, options.seconds, 4096, len(shared), form)
        common.write_answers(options.answers, decide_chunk(work, chunk(0, options.checked), shared))
    common.say(checked_rows=options.checked, checked_documents=len(shared))


def probe():
    x, y, e = (np.array([value]) for value in (0.0, False, 0))
    unknown = np.array([False])
    zero, one, five, six = (np.array([value]) for value in (0.0, 1.0, 5.0, 6.0))

    def among(codes):
        return np.isin(e, codes) & unknown

    with np.errstate(divide="ignore", invalid="ignore"):
        common.ask(
            {
                "x >= 1": (x >= 1) & unknown,
                "not y": ~(y & unknown),
                "y and no": (y & unknown) & (one > six),
                "y or yes": (y & unknown) | (one < six),
                "e in (1, 2)": among([1, 2]),
                "e in (1, 2) and e in (3, 4)": among([1, 2]) & among([3, 4]),
                "y or not y": (y & unknown) | ~(y & unknown),
                "1 / 0 >= 1": one / zero >= 1,
                "6 / 5 - 1 >= 20 %": six / five - 1 >= 0.2,
            },
            lambda question: bool(question[0]),
        )


common.main(np.__version__, probe, run)
