//! Reading the library and the facts of subjects from the binary or the disk.

pub mod parquet;
pub mod selection;
mod strange;
pub mod subject;
pub mod target;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use facts::classification::Classifications;
use facts::read::{CollectionFile, ReadOptions};
use facts::{Diagnostic, FactId, Profile, Severity, Source, Span, Vocabulary};
use library::{Checked, File, Library, Role};
use population::{Population, Wanted};

use self::strange::StrangeCodes;
use crate::context::Context;
use crate::output::note;
use crate::problem::Problem;

/// The library in the binary: path and text.
const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/library.rs"));

/// Deepest folder that is looked into.
const DEPTH_MAX: usize = 16;

/// Most problems of a file of facts that are printed; the rest is counted.
const SHOWN_PROBLEMS_MAX: usize = 20;

/// Text files with what is wrong with their bytes.
#[derive(Debug, Default)]
pub struct Texts {
    /// Files whose text could be read.
    pub files: Vec<File>,
    /// Files that are not UTF-8.
    pub broken: Vec<(Source, Diagnostic)>,
}

/// The files of the library in the binary.
pub fn embedded() -> Vec<File> {
    EMBEDDED.iter().map(|(path, text)| File::new(*path, *text)).collect()
}

/// A fingerprint of texts: who compares two results sees whether the same library made them. It guards against
/// confusion, not against malice (FNV-1a, 64 bits).
pub fn digest(sources: &[Source]) -> String {
    const START: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let texts = sources.iter().flat_map(|source| source.text.bytes().chain([0]));
    let hash = texts.fold(START, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME));
    format!("fnv1a64:{hash:016x}")
}

/// The library that decisions are made by: the one in the binary, or that of `--library`.
pub fn library(context: &Context) -> Result<Library> {
    library_with_texts(context).map(|(library, _)| library)
}

/// The same with the fingerprint of its texts.
pub fn library_with_digest(context: &Context) -> Result<(Library, String)> {
    library_with_texts(context).map(|(library, sources)| (library, digest(&sources)))
}

/// The same with its texts.
pub fn library_with_texts(context: &Context) -> Result<(Library, Vec<Source>)> {
    let (checked, wrong) = checked(context)?;
    if wrong > 0 {
        let from = context.library.as_ref().map_or_else(String::new, |path| format!(" {}", path.display()));
        note(context.say(
            &format!("注意:政策库有 {wrong} 处错误,有错的文件没有采用。运行 zhimei check{from} 查看。"),
            &format!("note: the library has {wrong} errors; files with errors are left out. See: zhimei check{from}"),
        ));
    }
    let sources = checked.sources.clone();
    Ok((usable(checked)?, sources))
}

/// The same where only its words are needed, so that a mistake in a document is nobody's concern.
pub fn words(context: &Context) -> Result<Library> {
    usable(checked(context)?.0)
}

/// The published lists of the library in use, without reading its documents.
pub fn classifications(context: &Context) -> Result<Classifications> {
    let texts = library_texts(context)?;
    let is_list = |file: &File| library::role(&file.path) == Role::Classification;
    let files = texts.files.into_iter().filter(is_list);
    let sources: Vec<Source> = files.map(|file| Source::new(file.path, file.text)).collect();
    let (lists, found) = facts::classification::load(&sources);
    if found.iter().any(|(_, finding)| finding.severity == Severity::Error) {
        return Err(Problem::new("代码表有错误,不能用", "the lists of codes have errors and cannot be used")
            .with_help("先运行 zhimei check 改正", "run zhimei check and correct them first")
            .into());
    }
    Ok(lists)
}

/// The library in use, checked, with the number of its errors.
fn checked(context: &Context) -> Result<(Checked, usize)> {
    let texts = library_texts(context)?;
    let checked = library::check(texts.files);
    let is_error = |finding: &&library::Finding| finding.diagnostic.severity == Severity::Error;
    let wrong = checked.findings.iter().filter(is_error).count() + texts.broken.len();
    Ok((checked, wrong))
}

fn usable(checked: Checked) -> Result<Library> {
    checked.library.ok_or_else(|| {
        Problem::new("词汇表有错误,政策库不能用", "the vocabulary has errors, so the library cannot be used")
            .with_help("先运行 zhimei check 改正", "run zhimei check and correct them first")
            .into()
    })
}

/// The newest version of a policy; an error with the nearest id where there is none.
pub fn versions<'l>(library: &'l Library, id: &str) -> Result<&'l engine::point::Entry> {
    let rulebook = &library.rulebook;
    rulebook.versions(id).last().ok_or_else(|| {
        let problem = Problem::new(format!("没有政策“{id}”"), format!("there is no policy “{id}”"))
            .with_help("zhimei policy list 列出全部政策", "zhimei policy list lists all of them");
        match facts::nearest(id, rulebook.ids()) {
            Some(name) => problem.with_guess(Some(name)),
            None => problem,
        }
        .into()
    })
}

/// The texts of the library in use.
pub fn library_texts(context: &Context) -> Result<Texts> {
    match &context.library {
        Some(path) => {
            let texts = read_texts(std::slice::from_ref(path))?;
            if texts.files.iter().all(|file| library::role(&file.path) != Role::Facts) {
                let shown = path.display();
                return Err(Problem::new(
                    format!("{shown} 里没有 facts 文件夹,不是政策库"),
                    format!("{shown} has no folder facts, so it is no library"),
                )
                .with_help(
                    "--library 后写含 facts/ 和 policies/ 的文件夹",
                    "--library takes a folder that holds facts/ and policies/",
                )
                .into());
            }
            Ok(texts)
        }
        None => Ok(Texts { files: embedded(), broken: Vec::new() }),
    }
}

/// All YAML files at and below the paths, each once, in order.
pub fn list(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found: Vec<PathBuf> = Vec::new();
    for path in paths {
        let before = found.len();
        walk(path, 0, &mut found)?;
        if found.len() == before {
            let shown = path.display();
            return Err(Problem::new(
                format!("{shown} 里没有 .yaml 文件"),
                format!("there is no .yaml file in {shown}"),
            )
            .with_help(
                "写政策文件或含 facts/、policies/ 的文件夹",
                "give a policy file, or a folder that holds facts/ and policies/",
            )
            .into());
        }
    }
    let mut seen = BTreeSet::new();
    found.retain(|path| seen.insert(path.clone()));
    Ok(found)
}

/// The texts of all YAML files at and below the paths.
pub fn read_texts(paths: &[PathBuf]) -> Result<Texts> {
    let mut texts = Texts::default();
    for path in list(paths)? {
        let bytes = fs::read(&path).map_err(|error| cannot_read(&path, &error))?;
        let name = path.display().to_string();
        match String::from_utf8(bytes) {
            Ok(text) => {
                let text = text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text);
                texts.files.push(File::new(name, text));
            }
            Err(error) => {
                texts.broken.push(not_utf8(name, error.as_bytes(), error.utf8_error().valid_up_to()))
            }
        }
    }
    Ok(texts)
}

fn walk(path: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<()> {
    let about = fs::metadata(path).map_err(|error| cannot_read(path, &error))?;
    if about.is_file() {
        found.push(path.to_owned());
        return Ok(());
    }
    if depth > DEPTH_MAX {
        return Ok(());
    }
    let entries = fs::read_dir(path).map_err(|error| cannot_read(path, &error))?;
    let mut inside: Vec<PathBuf> = Vec::new();
    for entry in entries {
        inside.push(entry.map_err(|error| cannot_read(path, &error))?.path());
    }
    inside.sort();
    for path in inside {
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let is_yaml = path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
        if !is_hidden && (path.is_dir() || is_yaml) {
            walk(&path, depth + 1, found)?;
        }
    }
    Ok(())
}

/// A message for a path that cannot be read.
pub fn cannot_read(path: &Path, error: &std::io::Error) -> anyhow::Error {
    let shown = path.display();
    let problem = match error.kind() {
        std::io::ErrorKind::NotFound => Problem::new(format!("没有 {shown}"), format!("there is no {shown}"))
            .with_help("看看名字和当前文件夹对不对", "check the name and the current folder"),
        std::io::ErrorKind::PermissionDenied => {
            Problem::new(format!("没有读 {shown} 的权限"), format!("{shown} may not be read"))
                .with_help("请文件的所有者放开权限", "ask its owner for permission")
        }
        _ => Problem::new(format!("读不了 {shown}:{error}"), format!("{shown} cannot be read: {error}")),
    };
    problem.into()
}

/// The text with a mark where it stops being UTF-8.
fn not_utf8(name: String, bytes: &[u8], valid: usize) -> (Source, Diagnostic) {
    let source = Source::new(name, String::from_utf8_lossy(bytes).into_owned());
    let end = source.text[valid..].chars().next().map_or(valid, |character| valid + character.len_utf8());
    let found =
        Diagnostic::error("E0009", Span::new(valid, end), "这里不是 UTF-8 文字", "this is not UTF-8 text")
            .with_help("在编辑器里另存为 UTF-8", "save the file as UTF-8 in your editor");
    (source, found)
}

/// Where the facts of subjects come from.
#[derive(Clone, Debug, clap::Args)]
pub struct FactsArguments {
    /// 主体的事实:.xlsx .csv .json .yaml .parquet ¦ Facts of subjects: .xlsx .csv .json .yaml .parquet
    #[arg(long, value_name = "FILE")]
    pub facts: PathBuf,

    /// 集合的条目:名称=文件.csv,可多次 ¦ Items of a collection: NAME=FILE.csv, any number of times
    #[arg(long, value_name = "NAME=FILE")]
    pub items: Vec<String>,
}

/// Reads subjects; what was not understood goes to standard error, the rest is used.
pub fn subjects(
    arguments: &FactsArguments,
    vocabulary: &Vocabulary,
    kind: &str,
    context: &Context,
) -> Result<Vec<Profile>> {
    let path = &arguments.facts;
    let name = path.display().to_string();
    let (mut profiles, mut problems) = if parquet::is_parquet(path) {
        let zone = parquet::Zone::open(std::slice::from_ref(path), vocabulary, kind, context)?;
        (zone.profiles(context)?, Vec::new())
    } else {
        let bytes = fs::read(path).map_err(|error| cannot_read(path, &error))?;
        let options = ReadOptions { kind: kind.to_owned() };
        let outcome = facts::read::read(&name, &bytes, vocabulary, &options)
            .map_err(|error| unreadable(&name, &error))?;
        let mut strange = StrangeCodes::default();
        strange.look_at(&outcome.profiles, vocabulary);
        strange.say(vocabulary, context);
        (outcome.profiles, outcome.problems)
    };
    for given in &arguments.items {
        let Some((collection, file)) = given.split_once(['=', '=']) else {
            return Err(Problem::new(
                format!("--items “{given}”应写成 名称=文件.csv"),
                format!("--items “{given}” should be NAME=FILE.csv"),
            )
            .into());
        };
        let bytes = fs::read(file).map_err(|error| cannot_read(Path::new(file), &error))?;
        let file = CollectionFile { collection, name: file, bytes: &bytes };
        problems.extend(
            facts::read::attach_collection(&mut profiles, file, vocabulary)
                .map_err(|error| unreadable(file.name, &error))?,
        );
    }
    for problem in problems.iter().take(SHOWN_PROBLEMS_MAX) {
        note(&problem.render(context.language));
    }
    if let Some(more) = problems.len().checked_sub(SHOWN_PROBLEMS_MAX).filter(|more| *more > 0) {
        note(context.say(&format!("……还有 {more} 处"), &format!("… and {more} more")));
    }
    if profiles.is_empty() {
        return Err(Problem::new(format!("{name} 里没有主体"), format!("there is no subject in {name}"))
            .with_help(
                "第一行写事实名称,以下每行一个主体",
                "the first row names the facts, each row below is a subject",
            )
            .into());
    }
    Ok(profiles)
}

fn unreadable(name: &str, error: &facts::read::ReadError) -> anyhow::Error {
    let (message, help) = (error.message(), error.help());
    Problem::new(format!("{name}:{}", message.zh), format!("{name}: {}", message.en))
        .with_help(help.zh, help.en)
        .into()
}

/// The fact of that name, or how to find the one that was meant.
pub fn fact_named(name: &str, vocabulary: &Vocabulary) -> Result<FactId> {
    vocabulary.find(name).ok_or_else(|| {
        let known = vocabulary.facts().flat_map(|(_, fact)| std::iter::once(&fact.name).chain(&fact.also));
        Problem::new(format!("没有名为“{name}”的事实"), format!("there is no fact “{name}”"))
            .with_help("用 zhimei facts search 查找", "find one with zhimei facts search")
            .with_guess(facts::nearest(name, known.map(String::as_str)))
            .into()
    })
}

/// The subjects of one kind in a file, all at once, with what is wanted of them.
pub fn population(
    place: &Path,
    wanted: &Wanted,
    vocabulary: &Vocabulary,
    kind: &str,
    context: &Context,
) -> Result<Population> {
    if parquet::is_parquet(place) {
        let places = [place.to_owned()];
        let zone = parquet::Zone::open(&places, vocabulary, kind, context)?;
        zone.say_missing(wanted, context);
        return zone.whole(wanted, context);
    }
    let files = FactsArguments { facts: place.to_owned(), items: Vec::new() };
    let profiles = subjects(&files, vocabulary, kind, context)?;
    let own: Vec<_> = profiles.iter().filter(|profile| profile.kind == *kind).collect();
    Ok(Population::from_profiles(kind, &own, vocabulary))
}
