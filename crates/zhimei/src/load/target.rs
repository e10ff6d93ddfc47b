//! What `check` and `test` are pointed at, with the library around it that it refers to.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Result;
use facts::yaml::Node;
use facts::{Diagnostic, Source};
use library::{Checked, File, Role};

use super::{embedded, library_texts, read_texts};
use crate::context::Context;

/// Files that were asked for, checked together with what they refer to.
#[derive(Debug)]
pub struct Target {
    /// The check; the files that were asked for come first.
    pub checked: Checked,
    /// How many of the sources were asked for.
    pub own: usize,
    /// Files that were asked for but hold no text.
    pub broken: Vec<(Source, Diagnostic)>,
}

/// Reads and checks the paths; without any, the library in use.
///
/// A folder with `facts` inside is a library of its own. Anything else is checked within the library given with
/// `--library`, else within the one it lies in, else within the one in the binary; files of the same name, id or
/// version there give way to it.
pub fn target(paths: &[PathBuf], context: &Context) -> Result<Target> {
    let texts = if paths.is_empty() { library_texts(context)? } else { read_texts(paths)? };
    let own = texts.files.len();
    let mut files = texts.files;
    if !paths.is_empty() && !paths.iter().any(|path| path.join("facts").is_dir()) {
        let around = surroundings(paths, context)?;
        let known = Known::of(&files);
        files.extend(around.into_iter().filter(|file| !known.replaces(file)));
    }
    let checked = library::check(files);
    Ok(Target { checked, own, broken: texts.broken })
}

fn surroundings(paths: &[PathBuf], context: &Context) -> Result<Vec<File>> {
    if context.library.is_some() {
        return Ok(library_texts(context)?.files);
    }
    match paths.iter().find_map(|path| enclosing(path)) {
        Some(library) => Ok(read_texts(&[library])?.files),
        None => Ok(embedded()),
    }
}

/// The library that a path lies in: the nearest folder above it that holds both `facts` and `policies`.
fn enclosing(path: &Path) -> Option<PathBuf> {
    let full = path.canonicalize().ok()?;
    let above = full
        .ancestors()
        .skip(1)
        .find(|folder| folder.join("facts").is_dir() && folder.join("policies").is_dir());
    above.map(Path::to_owned)
}

/// What the given files are, so that the same files of the library around them are left out.
struct Known {
    paths: BTreeSet<PathBuf>,
    fact_files: BTreeSet<String>,
    list_files: BTreeSet<String>,
    versions: BTreeSet<(String, String)>,
}

impl Known {
    fn of(files: &[File]) -> Self {
        let is = |role: Role| move |file: &&File| library::role(&file.path) == role;
        let names = |role: Role| files.iter().filter(is(role)).map(|file| file_name(&file.path)).collect();
        Self {
            paths: files.iter().filter_map(|file| Path::new(&file.path).canonicalize().ok()).collect(),
            fact_files: names(Role::Facts),
            list_files: names(Role::Classification),
            versions: files.iter().filter(is(Role::Policy)).filter_map(|file| version(&file.text)).collect(),
        }
    }

    fn replaces(&self, file: &File) -> bool {
        let is_same = Path::new(&file.path).canonicalize().is_ok_and(|path| self.paths.contains(&path));
        is_same
            || match library::role(&file.path) {
                Role::Facts => self.fact_files.contains(&file_name(&file.path)),
                Role::Classification => self.list_files.contains(&file_name(&file.path)),
                Role::Policy => version(&file.text).is_some_and(|version| self.versions.contains(&version)),
                // The examples of other documents are not what was asked for.
                Role::Cases | Role::Other => true,
            }
    }
}

fn file_name(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned()
}

/// Id and first day of a document.
fn version(text: &str) -> Option<(String, String)> {
    let root = facts::yaml::parse(text).0?;
    let id = root.get("id").and_then(Node::as_text)?;
    let from =
        root.get("in_force").and_then(|node| node.get("from")).and_then(Node::as_text).unwrap_or_default();
    Some((id.to_owned(), from.to_owned()))
}
