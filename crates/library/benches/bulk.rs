//! The library over a made-up zone: how long a run takes, and how many rows have to be decided exactly, by document.
//!
//! `cargo bench -p library --bench bulk -- [enterprises] [--details]`, where details are the ids of failed conditions and what is
//! missing.

#![allow(clippy::disallowed_methods, reason = "a benchmark measures time")]

use std::time::Instant;

use demo::{Settings, Zone};
use engine::batch::{Plan, Request};
use facts::Date;
use library::File;
use population::{BatchPlace, Header, Population, Problems};

fn files(folder: &std::path::Path, out: &mut Vec<File>) {
    for entry in std::fs::read_dir(folder).expect("the library lies in the repository") {
        let path = entry.expect("a listed entry can be read").path();
        if path.is_dir() {
            files(&path, out);
        } else {
            let text = std::fs::read_to_string(&path).expect("library files are UTF-8");
            out.push(File::new(path.display().to_string(), text));
        }
    }
}

fn main() {
    let enterprises = std::env::args().skip(1).find_map(|text| text.parse().ok()).unwrap_or(60_000u64);
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../library");
    let mut texts = Vec::new();
    files(&root, &mut texts);
    let library = library::check(texts).library.expect("the library is sound");
    let rulebook = &library.rulebook;
    let vocabulary = &rulebook.vocabulary;
    let day = Date { year: 2026, month: 6, day: 30 };
    let begun = Instant::now();
    let asked = library.reads(day);
    let settings = Settings { seed: 1, enterprises, day, asked, judgements: Vec::new() };
    let zone = Zone::new(vocabulary, settings);
    let batch = zone.batch("enterprise", 0..enterprises).expect("a zone has enterprises");
    println!("generated {enterprises} in {:?}", begun.elapsed());
    let begun = Instant::now();
    let (header, _) = Header::parse(&batch.schema(), vocabulary, "enterprise");
    let mut problems = Problems::default();
    let place = BatchPlace { vocabulary, first_row: 0 };
    let population = Population::from_batch(&batch, &header, place, &mut problems).expect("it reads");
    println!(
        "read in {:?}, {} problems, {} columns",
        begun.elapsed(),
        problems.count(),
        population.columns().len()
    );
    let ids = rulebook.ids();
    let mut requests = vec![Request::default(), Request { amounts: true, details: false }];
    if std::env::args().any(|argument| argument == "--details") {
        requests.push(Request { amounts: true, details: true });
    }
    for request in requests {
        let begun = Instant::now();
        let plan = Plan::new(rulebook, ids.iter().copied(), day);
        let outcomes = plan.decide(&population, request);
        println!("{request:?}: {:?}", begun.elapsed());
        drop(outcomes);
    }
    for id in &ids {
        let plan = Plan::new(rulebook, [*id], day);
        let begun = Instant::now();
        let outcomes = plan.decide(&population, Request { amounts: true, details: false });
        let document = &outcomes.documents[0];
        let totals = document.totals();
        println!(
            "{id:28} {:>9.1?} asked {:>6} eligible {:>6} ineligible {:>6} open {:>6}",
            begun.elapsed(),
            document.asked,
            totals.eligible,
            totals.ineligible,
            totals.open
        );
    }
}
