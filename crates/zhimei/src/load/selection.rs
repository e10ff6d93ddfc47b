//! Which policies a command is about: ids, files, folders, or all.

use std::path::{Path, PathBuf};

use anyhow::Result;
use library::Library;

use super::target::{Target, target};
use super::{digest, library_with_digest, versions};
use crate::context::Context;
use crate::output::note;
use crate::problem::Problem;

/// A library and the ids of its policies that were asked for.
#[derive(Debug)]
pub struct Selection {
    /// The library.
    pub library: Library,
    /// The ids, in order.
    pub ids: Vec<String>,
    /// Fingerprint of the library's texts.
    pub digest: String,
}

/// Selects policies by id, file or folder; all without any.
pub fn select(wanted: &[String], context: &Context) -> Result<Selection> {
    let is_path = |text: &str| {
        text.contains(['/', '\\'])
            || text.ends_with(".yaml")
            || text.ends_with(".yml")
            || Path::new(text).exists()
    };
    let wanted: Vec<&str> = wanted.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
    let (paths, ids): (Vec<&str>, Vec<&str>) = wanted.iter().partition(|text| is_path(text));
    let paths: Vec<PathBuf> = paths.into_iter().map(PathBuf::from).collect();
    let (library, mut found, digest) = if paths.is_empty() {
        let (library, digest) = library_with_digest(context)?;
        (library, Vec::new(), digest)
    } else {
        of_paths(&paths, context)?
    };
    for id in &ids {
        versions(&library, id)?;
        found.push((*id).to_owned());
    }
    if wanted.is_empty() {
        found = library.rulebook.ids().into_iter().map(str::to_owned).collect();
    }
    found.sort();
    found.dedup();
    if found.is_empty() {
        return Err(Problem::new("没有可用的政策", "there is no usable policy")
            .with_help("运行 zhimei check 看有什么错误", "see zhimei check for what is wrong")
            .into());
    }
    Ok(Selection { library, ids: found, digest })
}

/// The library around the paths, and the ids of the documents in them.
fn of_paths(paths: &[PathBuf], context: &Context) -> Result<(Library, Vec<String>, String)> {
    let Target { checked, own, broken } = target(paths, context)?;
    let is_own = |finding: &&library::Finding| finding.source < own;
    let is_error = |finding: &&library::Finding| finding.diagnostic.severity == facts::Severity::Error;
    let errors = checked.findings.iter().filter(is_own).filter(is_error).count() + broken.len();
    if errors > 0 {
        let shown = paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(" ");
        note(context.say(
            &format!("注意:有 {errors} 处错误,有错的文件没有采用。运行 zhimei check {shown} 查看。"),
            &format!("note: {errors} errors; files with errors are left out. See: zhimei check {shown}"),
        ));
    }
    let own_paths: Vec<String> = checked.sources[..own].iter().map(|source| source.path.clone()).collect();
    let digest = digest(&checked.sources);
    let library = super::usable(checked)?;
    let entries = library.rulebook.entries().iter().map(|entry| &entry.document);
    let ids = entries
        .filter(|document| own_paths.contains(&document.path))
        .map(|document| document.id.clone())
        .collect();
    Ok((library, ids, digest))
}
