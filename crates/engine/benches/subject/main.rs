//! One subject against very many documents, and one changed fact: how long that takes, for half of the subjects and for all
//! but the slowest hundredth.
//!
//! `cargo bench -p engine --bench subject` · with `-- --documents N,N --subjects N`. One thread.

#[expect(dead_code, reason = "the other bench runs whole columns")]
#[path = "../planes/workload.rs"]
mod workload;

use std::hint::black_box;

use engine::delta::{Readers, Standing};
use engine::index::{Found, Index, Odds, Subject};
use engine::planes::{Count, Truth};
use workload::{COLUMNS, Columns, Questions, Random, Value};

/// Subjects whose conditions are counted for the index.
const SAMPLE_ROWS: usize = 4096;

/// Each search and each change is done so often and the quickest counts, since other work on the machine interrupts.
const ROUNDS: usize = 3;

fn main() {
    let given: Vec<String> = std::env::args().collect();
    let option = |name: &str, otherwise: &str| -> Vec<usize> {
        let place = given.iter().position(|argument| argument == name);
        let text = place.and_then(|place| given.get(place + 1)).map_or(otherwise, String::as_str);
        text.split(',').map(|number| number.parse().expect("options are numbers")).collect()
    };
    let subjects = option("--subjects", "2000")[0];
    let columns = Columns::new(SAMPLE_ROWS + subjects, 1);
    workload::heading();
    for documents in option("--documents", "10000,100000") {
        let questions = Questions::new(documents, 2);
        let circuit = &questions.circuit;
        println!(
            "\n{documents} documents: {} atoms, {} nodes, {subjects} subjects",
            circuit.atom_count(),
            circuit.node_count()
        );
        search(&columns, &questions, subjects);
        follow(&columns, &questions, subjects);
    }
}

fn search(columns: &Columns, questions: &Questions, subjects: usize) {
    let index = Index::new(&questions.circuit, &odds(columns, questions));
    let mut subject = Subject::new(questions.circuit.atom_count());
    let mut found = Found::default();
    let (mut trues, mut unknowns) = (0, 0);
    let mut times = Vec::with_capacity(subjects);
    for row in SAMPLE_ROWS..SAMPLE_ROWS + subjects {
        let values: Vec<Value> = (0..COLUMNS).map(|column| columns.value(column, row)).collect();
        let mut once = || {
            time(|| {
                for (column, &value) in values.iter().enumerate() {
                    questions.set(column, value, &mut subject);
                }
                index.search(&subject, &mut found);
            })
        };
        times.push((0..ROUNDS).map(|_| once()).fold(f64::MAX, f64::min));
        (trues, unknowns) = (trues + found.trues.len(), unknowns + found.unknowns.len());
    }
    report("one subject, from its values", times);
    println!("    found on average: {} true, {} unknown", trues / subjects, unknowns / subjects);
}

fn follow(columns: &Columns, questions: &Questions, subjects: usize) {
    let atoms = questions.circuit.atom_count();
    let readers = Readers::new(&questions.circuit);
    let mut subject = Subject::new(atoms);
    for column in 0..COLUMNS {
        questions.set(column, columns.value(column, 0), &mut subject);
    }
    let states: Vec<Truth> = (0..atoms).map(|atom| subject.get(atom)).collect();
    let mut standing = Standing::new(&questions.circuit, &states);
    let mut random = Random::new(7);
    let mut flips = Vec::new();
    let mut change = |column: usize, value: Value| {
        time(|| {
            questions.set(column, value, &mut subject);
            let changed =
                questions.atoms(column).iter().map(|&atom| (atom as usize, subject.get(atom as usize)));
            standing.change(&readers, changed, &mut flips);
        })
    };
    // From one value to the other and back, so often, and the quickest way there counts.
    let mut quickest = |column: usize, from: Value, to: Value| {
        let mut there = || {
            change(column, from);
            change(column, to)
        };
        (0..ROUNDS).map(|_| there()).fold(f64::MAX, f64::min)
    };
    let (mut any, mut grown) = (Vec::new(), Vec::new());
    for row in 1..subjects {
        let column = random.below(COLUMNS);
        any.push(quickest(column, columns.value(column, row - 1), columns.value(column, row)));
        let column = random.below(22);
        if let from @ Value::Number(value) = columns.value(column, row) {
            grown.push(quickest(column, from, Value::Number(value + value / 10)));
        }
    }
    report("one fact becomes any other value", any);
    report("one number grows by a tenth", grown);
    black_box(flips);
}

/// How often each atom is true and false in the sample.
fn odds(columns: &Columns, questions: &Questions) -> Vec<Odds> {
    let atoms = questions.circuit.atom_count();
    let mut counts = vec![Count::default(); atoms];
    let mut subject = Subject::new(atoms);
    for row in 0..SAMPLE_ROWS {
        for column in 0..COLUMNS {
            questions.set(column, columns.value(column, row), &mut subject);
        }
        for (atom, count) in counts.iter_mut().enumerate() {
            count.trues += u64::from(subject.get(atom) == Truth::True);
            count.falses += u64::from(subject.get(atom) == Truth::False);
        }
    }
    counts.iter().map(|&count| Odds::counted(count, SAMPLE_ROWS)).collect()
}

fn report(what: &str, mut times: Vec<f64>) {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!("  {what:<34} p50 {:>7.1} µs   p99 {:>7.1} µs", at(0.5), at(0.99));
}

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn time(work: impl FnOnce()) -> f64 {
    let before = std::time::Instant::now();
    work();
    before.elapsed().as_secs_f64() * 1e6
}
