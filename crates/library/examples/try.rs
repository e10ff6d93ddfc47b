//! Scratch.
fn main() {
    let mut files = Vec::new();
    fn walk(dir: &std::path::Path, files: &mut Vec<library::File>) {
        for e in std::fs::read_dir(dir).unwrap() {
            let p = e.unwrap().path();
            if p.is_dir() { walk(&p, files) } else { files.push(library::File::new(p.display().to_string(), std::fs::read_to_string(&p).unwrap())) }
        }
    }
    for a in std::env::args().skip(1) { walk(std::path::Path::new(&a), &mut files); }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let t = std::time::Instant::now();
    let checked = library::check(files);
    println!("check {:?}", t.elapsed());
    for f in &checked.findings { println!("{}", checked.sources[f.source].render(&f.diagnostic, facts::Language::Chinese)); }
    let lib = checked.library.unwrap();
    let t = std::time::Instant::now();
    let mut bad = 0;
    let engine = engine::point::Engine::new(&lib.rulebook);
    for f in &lib.cases { for c in &f.cases { let t = std::time::Instant::now(); let _ = engine.decide(&c.id, &c.profile, c.on); let e = t.elapsed(); if e.as_micros() > 300 { println!("slow {:?} {} {}", e, c.id, c.name); } } }
    let results = lib.run_cases(None);
    for r in &results { if !r.differences.is_empty() { bad += 1; println!("FAIL {}:{} {} {}", r.path, r.line, r.id, r.name); for d in &r.differences { println!("    {}", d.zh); } } }
    println!("{} cases, {bad} failed, {:?}", results.len(), t.elapsed());
}
