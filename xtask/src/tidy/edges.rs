//! Which crate may depend on which, read from the manifests.
//!
//! Development dependencies play no part: tests may use what they like.

use std::path::Path;

use anyhow::{Context, Result};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

use super::Finding;

/// What a crate may depend on: crates of the workspace, and crates from outside.
struct Allowed {
    name: &'static str,
    inside: &'static [&'static str],
    /// `None`: anything.
    outside: Option<&'static [&'static str]>,
}

/// The kernel's outside dependencies compute or parse what they are handed; none reads a clock, a file or a socket for us.
/// The store's are a list too, since whatever can speak to a database could do so past it.
const ALLOWED: &[Allowed] = &[
    Allowed {
        name: "facts",
        inside: &[],
        outside: Some(&[
            "calamine",
            "csv",
            "dashu-float",
            "dashu-int",
            "dashu-ratio",
            "encoding_rs",
            "flate2",
            "saphyr-parser",
            "serde_json",
            "strsim",
            "thiserror",
            "unicode-width",
        ]),
    },
    Allowed { name: "lang", inside: &["facts"], outside: Some(&["serde_json", "strsim"]) },
    Allowed {
        name: "population",
        inside: &["facts"],
        outside: Some(&["arrow-array", "arrow-buffer", "arrow-schema"]),
    },
    Allowed {
        name: "engine",
        inside: &["facts", "lang", "population"],
        outside: Some(&[
            "arrow-array",
            "arrow-schema",
            "chrono",
            "chrono-tz",
            "dashu-float",
            "dashu-int",
            "dashu-ratio",
            "fancy-regex",
            "pulp",
            "rayon",
            "rustc-hash",
            "serde_json",
            "stacker",
            "thiserror",
        ]),
    },
    Allowed { name: "library", inside: &["facts", "lang", "engine"], outside: Some(&[]) },
    Allowed {
        name: "wording",
        inside: &["facts", "lang", "engine"],
        outside: Some(&["serde_json", "unicode-width"]),
    },
    Allowed {
        name: "effect",
        inside: &["facts", "lang", "population", "engine", "wording"],
        outside: Some(&["rayon", "serde_json"]),
    },
    Allowed {
        name: "demo",
        inside: &["facts", "population"],
        outside: Some(&["arrow-array", "arrow-buffer", "arrow-schema"]),
    },
    Allowed { name: "store", inside: &["facts"], outside: Some(&["sha2", "sqlx", "thiserror", "tokio"]) },
    Allowed {
        name: "platform",
        inside: &["facts", "lang", "population", "engine", "library", "wording", "effect", "store"],
        outside: None,
    },
    Allowed {
        name: "zhimei",
        inside: &[
            "facts",
            "lang",
            "population",
            "engine",
            "library",
            "wording",
            "effect",
            "demo",
            "store",
            "platform",
        ],
        outside: None,
    },
    Allowed {
        name: "bench",
        inside: &["facts", "lang", "population", "engine", "library", "demo"],
        outside: None,
    },
    Allowed { name: "xtask", inside: &[], outside: None },
];

/// Crates that speak to a database, and the only crate that may name one.
const DRIVERS: [&str; 8] = [
    "sqlx",
    "sqlx-core",
    "sqlx-sqlite",
    "sqlx-postgres",
    "rusqlite",
    "libsqlite3-sys",
    "tokio-postgres",
    "diesel",
];
const DRIVES: &str = "store";

/// Reads the manifests under `root` and compares.
pub fn check(root: &Path) -> Result<Vec<Finding>> {
    let metadata = MetadataCommand::new()
        .current_dir(root)
        .no_deps()
        .exec()
        .context("asking cargo for the workspace")?;
    Ok(check_metadata(&metadata))
}

fn check_metadata(metadata: &Metadata) -> Vec<Finding> {
    let inside: Vec<&str> = metadata.packages.iter().map(|package| package.name.as_str()).collect();
    let root = metadata.workspace_root.as_str();
    metadata.packages.iter().flat_map(|package| check_package(package, &inside, root)).collect()
}

fn check_package(package: &Package, inside: &[&str], root: &str) -> Vec<Finding> {
    let manifest = package.manifest_path.as_str();
    let path =
        manifest.strip_prefix(root).unwrap_or(manifest).trim_start_matches(['/', '\\']).replace('\\', "/");
    let finding = |rule, what, why, todo: &str| Finding {
        path: path.clone(),
        line: 0,
        rule,
        item: String::new(),
        what,
        why,
        todo: todo.to_owned(),
    };
    let Some(allowed) = ALLOWED.iter().find(|allowed| allowed.name == package.name.as_str()) else {
        return vec![finding(
            "edges",
            format!("the crate `{}` is not in tidy's list of crates", package.name),
            "each crate's place is decided once, so that the graph stays one that a stranger can hold in mind",
            "add it to ALLOWED in xtask/src/tidy/edges.rs and to ARCHITECTURE.md",
        )];
    };
    let mut findings = Vec::new();
    for dependency in package.dependencies.iter().filter(|edge| edge.kind != DependencyKind::Development) {
        let name = dependency.name.as_str();
        if inside.contains(&name) {
            if !allowed.inside.contains(&name) {
                findings.push(finding(
                    "edges",
                    format!("`{}` depends on `{name}`", package.name),
                    "the crates build on each other in one direction, as ARCHITECTURE.md draws it",
                    "move the code to the crate that may see both, or write docs/adr/ and change ALLOWED in xtask/src/tidy/edges.rs",
                ));
            }
        } else if DRIVERS.contains(&name) && allowed.name != DRIVES {
            findings.push(finding(
                "edges",
                format!("`{}` depends on `{name}`", package.name),
                "only `store` names a database driver, so that two databases stay one to all others",
                "ask through `store`",
            ));
        } else if allowed.outside.is_some_and(|outside| !outside.contains(&name)) {
            findings.push(finding(
                "dependencies",
                format!("`{}` depends on `{name}`", package.name),
                "a kernel crate's dependencies are few and chosen: each must compute only on what it is handed",
                "do without it, or write docs/adr/ and add it to ALLOWED in xtask/src/tidy/edges.rs",
            ));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `cargo metadata` prints for one crate with these dependencies, besides what nobody reads here.
    fn workspace(name: &str, dependencies: &[(&str, Option<&str>)]) -> Metadata {
        let kind = |kind: Option<&str>| kind.map_or("null".to_owned(), |kind| format!("\"{kind}\""));
        let edges: Vec<String> = dependencies
            .iter()
            .map(|(name, of)| {
                format!(
                    r#"{{"name":"{name}","source":null,"req":"*","kind":{},"rename":null,"optional":false,
                    "uses_default_features":true,"features":[],"target":null,"registry":null}}"#,
                    kind(*of)
                )
            })
            .collect();
        let package = |name: &str, edges: &str| {
            format!(
                r#"{{"name":"{name}","version":"0.1.0","id":"path+file:///repo/crates/{name}#0.1.0","license":null,
                "license_file":null,"description":null,"source":null,"dependencies":[{edges}],"targets":[],
                "features":{{}},"manifest_path":"/repo/crates/{name}/Cargo.toml","edition":"2024"}}"#
            )
        };
        let packages = [package(name, &edges.join(",")), package("facts", ""), package("zhimei", "")];
        let text = format!(
            r#"{{"packages":[{}],"workspace_members":[],"resolve":null,"target_directory":"/repo/target",
            "version":1,"workspace_root":"/repo"}}"#,
            packages.join(",")
        );
        MetadataCommand::parse(text).expect("the text above is what cargo prints")
    }

    fn rules(name: &str, dependencies: &[(&str, Option<&str>)]) -> Vec<&'static str> {
        check_metadata(&workspace(name, dependencies)).into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn an_edge_against_the_direction_is_found() {
        assert_eq!(rules("lang", &[("facts", None), ("zhimei", None)]), ["edges"]);
        assert!(rules("lang", &[("facts", None)]).is_empty());
    }

    #[test]
    fn a_new_dependency_of_a_kernel_crate_is_found_unless_only_its_tests_use_it() {
        assert_eq!(rules("engine", &[("tokio", None)]), ["dependencies"]);
        assert!(rules("engine", &[("proptest", Some("dev"))]).is_empty());
    }

    #[test]
    fn a_database_driver_outside_of_the_store_is_found() {
        assert_eq!(rules("platform", &[("sqlx", None)]), ["edges"]);
        assert!(rules("store", &[("sqlx", None)]).is_empty());
    }

    #[test]
    fn a_crate_without_a_place_is_found() {
        assert_eq!(rules("helpers", &[]), ["edges"]);
    }
}
