//! `demo generate`: the file is whole or not there, the same for the same seed, and has whatever the library reads.

#![allow(clippy::unwrap_used, reason = "helpers of tests end a test as tests do")]

use std::fs::File;
use std::path::Path;

use demo::{Settings, Zone};
use facts::{Date, FactDefinition, FactType, Grain, Period, SpanAs, YearRef};
use lang::ir::{Document, Input, InputKind, Link, ReferenceYear};
use lang::types::KindId;
use library::Library;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::support::Folder;

fn generate(folder: &Folder, count: &str, more: &[&str]) -> crate::support::Run {
    let mut arguments = vec!["demo", "generate", "--enterprises", count, "--out", "zone.parquet"];
    arguments.extend(more);
    folder.run(&arguments)
}

fn rows(path: &Path) -> (usize, usize) {
    let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    let columns = builder.schema().fields().len();
    let batches = builder.build().unwrap();
    (batches.map(|batch| batch.unwrap().num_rows()).sum(), columns)
}

#[test]
fn the_file_is_read_back_with_all_its_rows_and_says_what_it_is() {
    let folder = Folder::new();
    let run = generate(&folder, "700", &["--on", "2025-03-31"]).ends_with(0);
    assert!(run.err.contains("700 行") && run.err.contains("示例数据"), "{}", run.err);
    let place = folder.path("zone.parquet");
    let (count, columns) = rows(&place);
    assert!(count == 700 && columns > 300, "{count} {columns}");
    let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(&place).unwrap()).unwrap();
    let said = builder.metadata().file_metadata().key_value_metadata().unwrap();
    let note = said
        .iter()
        .find(|entry| entry.key == "zhimei.example")
        .and_then(|entry| entry.value.clone())
        .unwrap();
    assert!(note.contains("编造") && note.contains("seed 1") && note.contains("2025-03-31"), "{note}");
    assert!(builder.schema().field_with_name("研发费用.2024").is_ok());
    assert!(builder.schema().field_with_name("研发费用.2026").is_err());
    assert_eq!(folder.names(), ["zone.parquet"]);
}

#[test]
fn rows_of_several_groups_are_all_there() {
    let folder = Folder::new();
    let words = "facts:\n  - {name: 营业收入, en: Revenue, type: money, unit: 万元, grain: year, of: [enterprise], \
                 department: {zh: 财务, en: Accounts}, definition: {zh: 收入, en: Revenue}, ask: {zh: 收入?, en: Revenue?}, \
                 change: subject}\n";
    folder.write("library/facts/f.yaml", words);
    let run = generate(&folder, "140000", &["--library", "library"]);
    let run = run.ends_with(0);
    assert!(run.err.contains("140000 行"), "{}", run.err);
    assert_eq!(rows(&folder.path("zone.parquet")).0, 140_000);
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let folder = Folder::new();
    let bytes = |seed: &str| {
        generate(&folder, "400", &["--seed", seed]).ends_with(0);
        std::fs::read(folder.path("zone.parquet")).unwrap()
    };
    let first = bytes("1");
    assert!(first == bytes("1"));
    assert!(first != bytes("2"));
}

#[test]
fn every_kind_has_a_file_of_its_own() {
    let folder = Folder::new();
    let run = generate(&folder, "1200", &["--all-kinds", "--lang", "en"]).ends_with(0);
    assert!(run.err.contains("made-up example data"), "{}", run.err);
    let kinds = ["institution", "parcel", "person", "project"].map(|kind| format!("zone.{kind}.parquet"));
    let mut names = folder.names();
    names.retain(|name| name != "zone.parquet");
    assert_eq!(names, kinds);
    assert_eq!(rows(&folder.path("zone.institution.parquet")).0, 3);
    assert_eq!(rows(&folder.path("zone.person.parquet")).0, 240);
}

#[test]
fn no_enterprises_make_a_file_without_rows() {
    let folder = Folder::new();
    generate(&folder, "0", &[]).ends_with(0);
    assert_eq!(rows(&folder.path("zone.parquet")).0, 0);
}

#[test]
fn what_cannot_be_done_is_said_in_both_languages_and_leaves_nothing() {
    let folder = Folder::new();
    let run = generate(&folder, "10000001", &[]).ends_with(2);
    assert!(run.err.contains("10000000 的整数"), "{}", run.err);
    let run = generate(&folder, "-3", &["--lang", "en"]).ends_with(2);
    assert!(!run.err.contains('¦'), "{}", run.err);
    let place = ["demo", "generate", "--enterprises", "5", "--out"];
    let run = folder.run(&[&place[..], &["zone.csv"]].concat()).ends_with(2);
    assert!(run.err.contains(".parquet"), "{}", run.err);
    let run = folder.run(&[&place[..], &["nowhere/zone.parquet", "--lang", "en"]].concat()).ends_with(2);
    assert!(run.err.contains("cannot write nowhere/zone.parquet"), "{}", run.err);
    assert!(folder.names().is_empty());
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_no_file() {
    let folder = Folder::new();
    let arguments = ["demo", "generate", "--enterprises", "3000000", "--out", "zone.parquet"];
    let mut child = folder.command(&arguments).spawn().unwrap();
    let id = child.id().to_string();
    for _ in 0..600 {
        if !folder.names().is_empty() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert_eq!(folder.names().len(), 1, "it has begun");
    std::process::Command::new("kill").args(["-INT", &id]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(2));
    assert!(folder.names().is_empty(), "{:?}", folder.names());
}

const DAY: Date = Date { year: 2026, month: 6, day: 30 };

fn library() -> Library {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../library");
    let mut files = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = std::fs::read_to_string(&path).unwrap();
                files.push(library::File::new(path.display().to_string(), text));
            }
        }
    }
    library::check(files).library.expect("the library has no errors")
}

/// 当年 of a document on the day, where the subject does not say otherwise.
fn reference(document: &Document) -> i32 {
    if matches!(document.reference, ReferenceYear::Fact(_)) { DAY.year - 1 } else { DAY.year }
}

/// The headers that together answer an input: the period itself with its years written out, or the years of a span.
fn headers(definition: &FactDefinition, period: &Period, reference: i32) -> Vec<String> {
    let name = &definition.name;
    let absolute = |year: &YearRef| YearRef::Absolute(year.resolve(reference));
    let of = |period: Period| format!("{name}.{period}");
    let years = |from: i32, to: i32| {
        let year = |year: i32| of(Period::Year(YearRef::Absolute(year)).for_grain(definition.grain));
        (from..=to).map(year).collect::<Vec<_>>()
    };
    if definition.grain == Grain::Once || *period == Period::Unstated {
        return vec![name.clone()];
    }
    match period {
        Period::LastYears(count, taken)
            if definition.fact_type != FactType::Event || *taken != SpanAs::Years =>
        {
            years(reference - i32::from(*count), reference - 1)
        }
        Period::YearAndBefore(before, taken) => {
            let from = reference - i32::from(*before);
            if definition.fact_type == FactType::Event && *taken == SpanAs::Years {
                vec![of(Period::Years(from, reference, SpanAs::Years))]
            } else {
                years(from, reference)
            }
        }
        Period::Years(from, to, _) => years(*from, *to),
        Period::Year(year) => vec![of(Period::Year(absolute(year)).for_grain(definition.grain))],
        Period::YearEnd(year) => vec![of(Period::YearEnd(absolute(year)))],
        Period::Quarter(year, quarter, end) => vec![of(Period::Quarter(absolute(year), *quarter, *end))],
        Period::Quarters(year) | Period::QuarterMean(year) => {
            vec![format!("{name}.{}四季度末", absolute(year)), format!("{name}.{}一季度初", absolute(year))]
        }
        // A total over a labelled span: its years, as the vocabulary names them.
        Period::Label(label) if label.ends_with("合计") || label.ends_with("均值") => {
            vec![format!("{name}.投资当年"), format!("{name}.投资次年")]
                .into_iter()
                .filter(|_| label.contains("及"))
                .collect()
        }
        other => vec![of(other.clone())],
    }
}

fn header_of_input(input: &Input, document: &Document, library: &Library) -> Vec<String> {
    match &input.kind {
        InputKind::Fact(fact, period) => {
            headers(library.rulebook.vocabulary.get(*fact), period, reference(document))
        }
        InputKind::Collection(name) => vec![name.clone()],
        InputKind::Status(name) => vec![format!("status:{name}")],
        InputKind::Manual(id) => vec![format!("manual:{id}")],
        // Decided from the other document's own inputs.
        InputKind::Document(_) => Vec::new(),
    }
}

/// Whether a project, parcel or person reads something that only its owner has: that stands with the owner.
fn is_owners(input: &Input, document: &Document, kind: usize, library: &Library) -> bool {
    let has_owner = ["project", "parcel", "person"].contains(&document.subject.as_str());
    match &input.kind {
        InputKind::Fact(fact, _) if kind == 0 && has_owner => {
            !library.rulebook.vocabulary.get(*fact).of.contains(&document.subject)
        }
        InputKind::Status(_) => kind == 0 && has_owner,
        _ => false,
    }
}

/// The headers of a kind of subject, those of items of a collection behind its name and a slash.
fn known_headers(zone: &Zone, kind: &str) -> Vec<String> {
    let schema = zone.schema(kind).expect("a kind of subject");
    let mut out: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
    for field in schema.fields() {
        if let arrow_schema::DataType::List(item) = field.data_type()
            && let arrow_schema::DataType::Struct(items) = item.data_type()
        {
            out.extend(items.iter().map(|item| format!("{}/{}", field.name(), item.name())));
        }
    }
    out
}

/// What stands before the headers of a scope: nothing for the subject, `投资/` for items, `投资/被投企业.` for a party.
fn prefix(document: &Document, kind: KindId) -> String {
    match &document.kinds[kind.0].link {
        Link::Root => String::new(),
        Link::Items(of, name) => format!("{}{name}/", prefix(document, *of)),
        Link::Role(of, role) => format!("{}{role}.", prefix(document, *of)),
    }
}

#[test]
fn every_input_of_every_document_has_a_column() {
    let library = library();
    let is_manual = |input: &&Input| matches!(input.kind, InputKind::Manual(_));
    let judgements = library.rulebook.entries().iter().flat_map(|entry| &entry.document.kinds[0].inputs);
    let judgements = judgements.filter(is_manual).map(|input| match &input.kind {
        InputKind::Manual(id) => id.clone(),
        _ => String::new(),
    });
    let (asked, judgements) = (library.reads(DAY), judgements.collect());
    let settings = Settings { seed: 1, enterprises: 1, day: DAY, asked, judgements };
    let zone = Zone::new(&library.rulebook.vocabulary, settings);
    let (mut read, mut lacking) = (0, Vec::new());
    for entry in library.rulebook.entries() {
        let document = &entry.document;
        let known = known_headers(&zone, &document.subject);
        for (kind, scope) in document.kinds.iter().enumerate() {
            for input in scope.inputs.iter().filter(|input| !is_owners(input, document, kind, &library)) {
                for header in header_of_input(input, document, &library) {
                    let header = format!("{}{header}", prefix(document, KindId(kind)));
                    if !known.contains(&header) {
                        lacking.push(format!("{} reads {header} ({})", document.id, input.key));
                    }
                    read += 1;
                }
            }
        }
    }
    assert!(lacking.is_empty(), "{} columns are lacking:\n{}", lacking.len(), lacking.join("\n"));
    assert!(library.rulebook.ids().len() >= 18 && read > 250, "{read}");
}
