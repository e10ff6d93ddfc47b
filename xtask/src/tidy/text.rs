//! What no text file of the repository may name: folders of one person's machine, and hosts of package registries.

use regex::Regex;

use super::Finding;
use super::sources::TextFile;

/// Cargo writes the registry's name there.
const WRITTEN_BY_CARGO: &str = "Cargo.lock";

/// Looks at every text file.
pub fn check(texts: &[TextFile]) -> Vec<Finding> {
    let machine =
        Regex::new(r"(?:^|[^A-Za-z0-9_.~})\]-])(/(?:home|root|work|Users|mnt|tmp|media)/[^\s`'\x22)]*)")
            .expect("the pattern is valid");
    let hosts =
        Regex::new(r"(?i)\b(?:[a-z0-9-]+\.)*(?:crates\.io|rsproxy\.cn|pypi\.org|npmjs\.(?:org|com)|npmmirror\.com|proxy\.golang\.org|mirrors\.[a-z0-9.-]+\.cn)\b")
            .expect("the pattern is valid");
    let mut findings = Vec::new();
    for file in texts {
        for (index, line) in file.text.lines().enumerate() {
            if let Some(found) = machine.captures(line).and_then(|captures| captures.get(1)) {
                findings.push(finding(file, index + 1, "machine-path", found.as_str()));
            }
            if file.path != WRITTEN_BY_CARGO
                && let Some(found) = hosts.find(line)
            {
                findings.push(finding(file, index + 1, "registry-host", found.as_str()));
            }
        }
    }
    findings
}

fn finding(file: &TextFile, line: usize, rule: &'static str, found: &str) -> Finding {
    let (why, todo) = match rule {
        "machine-path" => (
            "nobody else has that folder, and it tells strangers about the machine",
            "name the file from the root of the repository, or let the reader choose the folder",
        ),
        _ => (
            "where packages come from is each user's setting; a name in the tree sends everybody to one place",
            "say “the registry”, or take the line out",
        ),
    };
    Finding {
        path: file.path.clone(),
        line,
        rule,
        item: String::new(),
        what: format!("names `{found}`"),
        why,
        todo: todo.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<(&'static str, usize)> {
        check(&[TextFile::new(path, text)]).into_iter().map(|finding| (finding.rule, finding.line)).collect()
    }

    #[test]
    fn a_folder_of_one_machine_is_found() {
        let path = ["", "home", "somebody", "zhimei"].join("/");
        assert_eq!(found("README.md", &format!("first\ncd {path}\n")), [("machine-path", 2)]);
        assert_eq!(found("a.rs", &format!("\"{path}\"")), [("machine-path", 1)]);
    }

    #[test]
    fn paths_of_the_repository_and_addresses_are_not() {
        assert!(
            found("README.md", "see docs/home/a.md, target/tmp/x and https://example.org/work/a").is_empty()
        );
    }

    #[test]
    fn a_registry_host_is_found_outside_the_lock_file() {
        let text = format!("see https://{}.io/a", "crates");
        assert_eq!(found("README.md", &text), [("registry-host", 1)]);
        assert!(found("Cargo.lock", &text).is_empty());
    }
}
