//! How fast the library is checked, and how fast one enterprise is decided against all of it with reasons.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use engine::point::Engine;
use facts::read::{ReadOptions, read};
use facts::{Date, Profile};
use library::File;

fn files(folder: &Path, out: &mut Vec<File>) {
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

fn bench(criterion: &mut Criterion) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut texts = Vec::new();
    files(&root.join("library"), &mut texts);
    criterion.bench_function("check the whole library", |bencher| {
        bencher.iter(|| library::check(black_box(texts.clone())));
    });
    let library = library::check(texts).library.expect("the library is sound");
    let bytes =
        std::fs::read(root.join("examples/one-enterprise.yaml")).expect("the example lies in the repository");
    let outcome = read("one-enterprise.yaml", &bytes, &library.rulebook.vocabulary, &ReadOptions::default());
    let profiles: Vec<Profile> = outcome.expect("the example can be read").profiles;
    let day = Date::new(2026, 6, 30).expect("the day exists");
    let engine = Engine::new(&library.rulebook);
    let empty = Profile::new("enterprise");
    for (name, profile) in
        [("one enterprise against all documents", &profiles[0]), ("an unknown enterprise", &empty)]
    {
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| engine.decide_all(black_box(profile), day));
        });
    }
}

criterion_group!(benches, bench);
criterion_main!(benches);
