//! The JSON Schema of policy documents: a file of the repository, so that editors find it without building anything.
//!
//! `zhimei schema` prints it from the same table that checks documents; the file is that print, and tidy compares.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::process;

/// Where it lies in the repository.
pub const PATH: &str = "schema/policy.schema.json";

/// Writes the file anew.
pub fn write() -> Result<()> {
    let text = generated()?;
    let path = full_path();
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("creating the folder of {PATH}"))?;
    }
    std::fs::write(&path, text).with_context(|| format!("writing {PATH}"))?;
    println!("wrote {PATH}");
    Ok(())
}

/// Whether the file is what would be written now. A file that is not there is not fresh.
pub fn is_fresh() -> Result<bool> {
    let text = generated()?;
    Ok(std::fs::read_to_string(full_path()).is_ok_and(|written| written.replace("\r\n", "\n") == text))
}

fn generated() -> Result<String> {
    process::output(process::zhimei(&["schema"])).context("asking zhimei for the schema")
}

fn full_path() -> PathBuf {
    process::root().join(PATH)
}
