//! Lists the files of the library so that the binary carries them: every command works in an empty folder.
//!
//! The list holds `include_str!`, so a changed file rebuilds the binary; the folder itself is watched for new ones.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../library").canonicalize()?;
    println!("cargo:rerun-if-changed={}", root.display());
    let mut paths = Vec::new();
    collect(&root, &mut paths)?;
    paths.sort();
    let mut list = String::from("&[\n");
    for path in &paths {
        println!("cargo:rerun-if-changed={}", path.display());
        let name = path.strip_prefix(&root)?.to_string_lossy().replace('\\', "/");
        writeln!(list, "    ({name:?}, include_str!({:?})),", path.to_string_lossy())?;
    }
    list.push_str("]\n");
    #[allow(
        clippy::disallowed_methods,
        reason = "Cargo tells a build script where to write only through this"
    )]
    let out = std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set: this is run by Cargo")?;
    std::fs::write(Path::new(&out).join("library.rs"), list)?;
    Ok(())
}

/// All YAML files below a folder.
fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            println!("cargo:rerun-if-changed={}", path.display());
            collect(&path, paths)?;
        } else if path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml") {
            paths.push(path);
        }
    }
    Ok(())
}
