//! The commands that the READMEs show, run, and their output compared with what stands there.
//!
//! In a fenced block marked `console` each line `$ zhimei …` is a command, and the lines up to the next one or to the
//! end of the block are its output. `cargo xtask readme` writes the outputs anew; the suite `readme` compares them.
//! Times differ from run to run and are not compared; what commands say of their own speed goes to standard error, which is
//! not shown.

use anyhow::{Context, Result, bail};
use regex::Regex;

use crate::{demo, process};

const FILES: [&str; 2] = ["README.md", "README.zh-CN.md"];
const FENCE: &str = "```";
const PROMPT: &str = "$ zhimei ";

/// Writes the outputs anew.
pub fn write() -> Result<()> {
    for file in FILES {
        let (path, text) = read(file)?;
        let fresh = with_outputs(&text, &mut output_of)?;
        std::fs::write(&path, fresh).with_context(|| format!("writing {file}"))?;
        println!("wrote {file}");
    }
    Ok(())
}

/// An error that names the first output that is not what the command prints.
pub fn check() -> Result<()> {
    for file in FILES {
        let (_, text) = read(file)?;
        let fresh = with_outputs(&text, &mut output_of)?;
        if let Some((line, there, fresh)) = first_difference(&text, &fresh) {
            bail!(
                "{file}:{line}: shows “{there}”, but the command prints “{fresh}”. \
                 Run `cargo xtask readme`, read what changed, and commit it"
            );
        }
        println!("{file}: every output is what the command prints");
    }
    Ok(())
}

fn read(file: &str) -> Result<(std::path::PathBuf, String)> {
    let path = process::root().join(file);
    let text = std::fs::read_to_string(&path).with_context(|| format!("reading {file}"))?;
    Ok((path, text.replace("\r\n", "\n")))
}

fn output_of(arguments: &[String]) -> Result<String> {
    // Commands are shown that put a zone of example enterprises there.
    std::fs::create_dir_all(process::root().join(demo::FOLDER))
        .with_context(|| format!("making {}", demo::FOLDER))?;
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    process::printed(process::zhimei(&arguments))
}

/// The text with each command's output in place of what stood there.
fn with_outputs(text: &str, run: &mut dyn FnMut(&[String]) -> Result<String>) -> Result<String> {
    let mut fresh = String::new();
    let mut is_console = false;
    let mut is_output = false;
    for (index, line) in text.lines().enumerate() {
        if let Some(language) = line.strip_prefix(FENCE) {
            is_console = !is_console && language.trim() == "console";
            is_output = false;
        } else if let Some(command) = line.strip_prefix(PROMPT).filter(|_| is_console) {
            let arguments = words(command).with_context(|| format!("line {}: {line}", index + 1))?;
            let printed = run(&arguments).with_context(|| format!("running line {}: {line}", index + 1))?;
            fresh.push_str(line);
            fresh.push('\n');
            printed.lines().for_each(|line| {
                fresh.push_str(line.trim_end());
                fresh.push('\n');
            });
            is_output = true;
            continue;
        }
        if !is_output {
            fresh.push_str(line);
            fresh.push('\n');
        }
    }
    Ok(fresh)
}

/// The words of a command; single quotes hold one together.
fn words(command: &str) -> Result<Vec<String>> {
    let mut words = Vec::new();
    let mut parts = command.split('\'');
    loop {
        let Some(plain) = parts.next() else { return Ok(words) };
        words.extend(plain.split_whitespace().map(str::to_owned));
        match parts.next() {
            Some(quoted) => words.push(quoted.to_owned()),
            None => return Ok(words),
        }
        if parts.clone().next().is_none() {
            bail!("a quote is not closed");
        }
    }
}

/// The first line that differs, times aside: its number in the first text, and both lines.
fn first_difference(there: &str, fresh: &str) -> Option<(usize, String, String)> {
    let time = Regex::new(r"\d+(\.\d+)? ?(秒|seconds|s\b)").expect("the pattern is valid");
    let mut left = there.lines();
    let mut right = fresh.lines();
    for line in 1.. {
        match (left.next(), right.next()) {
            (None, None) => return None,
            (a, b) => {
                let same = |line: Option<&str>| line.map(|line| time.replace_all(line, "").into_owned());
                if same(a) != same(b) {
                    return Some((line, a.unwrap_or_default().to_owned(), b.unwrap_or_default().to_owned()));
                }
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOWN: &str =
        "# A\n```console\n$ zhimei eval '1 + 1'\n2\n$ zhimei test\nfine, 0.1 s\n```\n$ zhimei not run\n";

    fn fresh(answers: &[&str]) -> (String, Vec<Vec<String>>) {
        let mut asked = Vec::new();
        let mut answers = answers.iter();
        let mut run = |arguments: &[String]| {
            asked.push(arguments.to_vec());
            Ok(answers.next().expect("as many answers as commands").to_string())
        };
        let text = with_outputs(SHOWN, &mut run).unwrap();
        (text, asked)
    }

    #[test]
    fn the_commands_of_console_blocks_are_run_and_their_output_put_in_place() {
        let (text, asked) = fresh(&["3\n", "bad\nworse\n"]);
        assert_eq!(asked, [vec!["eval", "1 + 1"], vec!["test"]]);
        assert_eq!(text, SHOWN.replace("\n2\n", "\n3\n").replace("fine, 0.1 s", "bad\nworse"));
    }

    #[test]
    fn another_output_is_a_difference_and_another_time_is_not() {
        let (same, _) = fresh(&["2\n", "fine, 3.2 s\n"]);
        assert_eq!(first_difference(SHOWN, &same), None);
        let (other, _) = fresh(&["2\n", "fine\n"]);
        assert_eq!(first_difference(SHOWN, &other), Some((6, "fine, 0.1 s".into(), "fine".into())));
    }

    #[test]
    fn a_quote_that_is_not_closed_is_an_error() {
        assert!(words("eval '1 + 1").is_err());
    }
}
