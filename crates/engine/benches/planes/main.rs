//! How many decisions a second the planes make: one subject under one document, in three values, is one decision.
//!
//! `cargo bench -p engine --bench planes` · with `-- --rows N --documents N,N --rounds N`. One thread; times are the thread's
//! own, so that other work on the machine disturbs them less. Printed is the best of several rounds.

mod workload;

use std::hint::black_box;

use engine::planes::{Count, Program};
use workload::{Columns, Questions};

/// Rows that are ranked before the chunks among them run: long enough to stream a column, short enough to stay in cache.
const RANKED_ROWS: usize = 8192;

fn main() {
    let given: Vec<String> = std::env::args().collect();
    let option = |name: &str, otherwise: &str| -> Vec<usize> {
        let place = given.iter().position(|argument| argument == name);
        let text = place.and_then(|place| given.get(place + 1)).map_or(otherwise, String::as_str);
        text.split(',').map(|number| number.parse().expect("options are numbers")).collect()
    };
    let rows = option("--rows", "1000000")[0];
    let rounds = option("--rounds", "5")[0];
    let chunks = option("--chunk-words", "0");
    heading();
    let columns = Columns::new(rows, 1);
    for documents in option("--documents", "1000,10000") {
        let questions = Questions::new(documents, 2);
        let program = questions.circuit.schedule();
        println!(
            "\n{rows} rows × {documents} documents: {} atoms, {} conjunctions, {} pairs of planes",
            program.atom_count(),
            program.step_count(),
            program.pair_count(),
        );
        for &chunk in &chunks {
            let words = if chunk == 0 { program.chunk_words() } else { chunk };
            let bench = Bench { columns: &columns, questions: &questions, program: &program, words, rounds };
            bench.report(documents);
        }
    }
}

struct Bench<'a> {
    columns: &'a Columns,
    questions: &'a Questions,
    program: &'a Program,
    words: usize,
    rounds: usize,
}

impl Bench<'_> {
    fn report(&self, documents: usize) {
        let decisions = (self.columns.rows * documents) as f64;
        let line = |what: &str, seconds: f64| {
            println!("  {what:<34} {seconds:>8.3} s {:>7.2} G/s", decisions / seconds / 1e9);
        };
        println!("  chunks of {} rows", self.words * 64);
        line("cold: raw columns to counts", self.best(|| self.cold()));
        line("  of which ranking", self.best(|| self.ranking()));
        let ranks = self.kept();
        line("warm: kept ranks to counts", self.best(|| self.warm(&ranks)));
        line("  of which atoms", self.best(|| self.atoms(&ranks)));
        let chunk_answers = self.program.answer_count() * 2 * self.words;
        let chunks = self.columns.rows.div_ceil(self.words * 64);
        if chunks * chunk_answers <= MATERIALIZED_WORDS_MAX {
            let mut out = vec![1u64; chunks * chunk_answers];
            line("cold: raw columns to planes", self.best(|| self.materialize(&mut out)));
        }
    }

    fn best(&self, mut work: impl FnMut()) -> f64 {
        let mut best = f64::MAX;
        for _ in 0..self.rounds {
            let before = thread_seconds();
            work();
            best = best.min(thread_seconds() - before);
        }
        best
    }

    /// Ranks block by block and hands out each chunk: its first word in the ranks and its first row.
    fn blocks(&self, mut each: impl FnMut(&[engine::planes::Slices], usize, usize)) {
        let mut ranks = self.questions.ranks(RANKED_ROWS);
        for from in (0..self.columns.rows).step_by(RANKED_ROWS) {
            let to = (from + RANKED_ROWS).min(self.columns.rows);
            self.questions.rank(self.columns, from, to, &mut ranks);
            for row in (from..to).step_by(self.words * 64) {
                each(&ranks, (row - from) / 64, row);
            }
        }
    }

    fn cold(&self) {
        let mut planes = self.program.planes(self.words);
        let mut counts = vec![Count::default(); self.program.answer_count()];
        self.blocks(|ranks, at, row| {
            self.questions.fill(self.columns, ranks, at, row, &mut planes);
            planes.limit(self.columns.rows - row);
            self.program.count(&mut planes, &mut counts);
        });
        black_box(counts);
    }

    fn ranking(&self) {
        self.blocks(|ranks, _, _| {
            black_box(ranks);
        });
    }

    fn kept(&self) -> Vec<engine::planes::Slices> {
        let mut ranks = self.questions.ranks(self.columns.rows);
        self.questions.rank(self.columns, 0, self.columns.rows, &mut ranks);
        ranks
    }

    fn warm(&self, ranks: &[engine::planes::Slices]) {
        let mut planes = self.program.planes(self.words);
        let mut counts = vec![Count::default(); self.program.answer_count()];
        for row in (0..self.columns.rows).step_by(self.words * 64) {
            self.questions.fill(self.columns, ranks, row / 64, row, &mut planes);
            planes.limit(self.columns.rows - row);
            self.program.count(&mut planes, &mut counts);
        }
        let sums = counts.iter().fold((0, 0), |sums, count| (sums.0 + count.trues, sums.1 + count.falses));
        black_box(sums);
    }

    fn atoms(&self, ranks: &[engine::planes::Slices]) {
        let mut planes = self.program.planes(self.words);
        for row in (0..self.columns.rows).step_by(self.words * 64) {
            self.questions.fill(self.columns, ranks, row / 64, row, &mut planes);
            black_box(&mut planes);
        }
    }

    fn materialize(&self, out: &mut [u64]) {
        let mut planes = self.program.planes(self.words);
        let size = self.program.answer_count() * 2 * self.words;
        let mut chunks = out.chunks_exact_mut(size);
        self.blocks(|ranks, at, row| {
            self.questions.fill(self.columns, ranks, at, row, &mut planes);
            planes.limit(self.columns.rows - row);
            let chunk = chunks.next().expect("there is room for every chunk");
            self.program.write(&mut planes, chunk);
        });
    }
}

/// Most result planes that are written out: half a gibibyte.
const MATERIALIZED_WORDS_MAX: usize = 1 << 26;

/// Seconds that this thread has run; the kernel counts them in nanoseconds.
fn thread_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("the bench runs on Linux");
    let nanoseconds = text.split(' ').next().and_then(|first| first.parse::<u64>().ok());
    nanoseconds.expect("the first figure is the time run") as f64 / 1e9
}

fn heading() {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
    #[expect(clippy::disallowed_methods, reason = "the bench prints the day on which it was run")]
    let date = std::env::var("BENCH_DATE").unwrap_or_else(|_| chrono_day());
    println!(
        "engine {} · {} · {date} · one thread",
        env!("CARGO_PKG_VERSION"),
        model.unwrap_or("unknown machine")
    );
}

#[expect(clippy::disallowed_methods, reason = "the bench prints the day on which it was run")]
fn chrono_day() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let day = chrono::DateTime::from_timestamp(since.as_secs().cast_signed(), 0);
    day.map_or_else(String::new, |day| day.format("%Y-%m-%d").to_string())
}
