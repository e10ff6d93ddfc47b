//! The command line as it is typed.

use std::ffi::OsString;
use std::io::{IsTerminal, Write as _};
use std::path::PathBuf;

use clap::{ArgAction, CommandFactory, FromArgMatches, Parser, ValueEnum};
use facts::{Date, Language};

use crate::commands::Command;
use crate::context::{Context, Status};
use crate::help;

/// Environment variable with the language, where `--lang` is not given.
const LANGUAGE_VARIABLE: &str = "ZHIMEI_LANG";

/// 把政策写成机器能判、人能懂的文字 ¦ Policies as text that a machine decides and a person understands
#[derive(Debug, Parser)]
#[command(
    name = "zhimei",
    version,
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true,
    after_long_help = "例子:\n  zhimei policy list\n  zhimei match --facts 企业.xlsx\n  zhimei explain --policy cn-tech-sme-2017 --facts 企业.xlsx --subject 示例公司\n  zhimei ask\n\n退出码:0 正常,1 发现问题,2 没能运行。 ¦ Examples:\n  zhimei --lang en policy list\n  zhimei --lang en match --facts enterprises.xlsx\n  zhimei --lang en explain --policy cn-tech-sme-2017 --facts enterprises.xlsx --subject 示例公司\n  zhimei --lang en ask\n\nExit status: 0 all is well, 1 something wrong was found, 2 the command could not run."
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,

    /// 语言:zh(默认)或 en;也可设 ZHIMEI_LANG ¦ Language: zh (default) or en; ZHIMEI_LANG does the same
    #[arg(long, global = true, value_name = "zh|en")]
    lang: Option<LanguageChoice>,

    /// 颜色:auto(默认)、always、never ¦ Colours: auto (default), always, never
    #[arg(long, global = true, value_name = "auto|always|never", default_value = "auto")]
    color: ColourChoice,

    /// 用这个文件夹里的政策库,不用程序自带的 ¦ Use the library in this folder instead of the one in the binary
    #[arg(long, global = true, value_name = "PATH")]
    library: Option<PathBuf>,

    /// 看说明;--help 更详细,有例子 ¦ Help; --help says more and has examples
    #[arg(short = 'h', long, global = true, action = ArgAction::Help)]
    help: Option<bool>,

    /// 版本 ¦ Version
    #[arg(short = 'V', long, action = ArgAction::Version)]
    version: Option<bool>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum LanguageChoice {
    Zh,
    En,
}

impl From<LanguageChoice> for Language {
    fn from(choice: LanguageChoice) -> Self {
        match choice {
            LanguageChoice::Zh => Language::Chinese,
            LanguageChoice::En => Language::English,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum ColourChoice {
    Auto,
    Always,
    Never,
}

/// Reads the arguments of this process. Help and mistakes are printed here; then only the exit status is left.
pub fn parse() -> Result<(Arguments, Context), Status> {
    let words = plain_help(std::env::args_os().collect());
    let language = language(&words);
    let command = help::localise(Arguments::command(), language);
    let parsed =
        command.try_get_matches_from(words).and_then(|matches| Arguments::from_arg_matches(&matches));
    match parsed {
        Ok(arguments) => {
            let context = context(&arguments, language);
            Ok((arguments, context))
        }
        Err(error) if error.use_stderr() => {
            drop(write!(std::io::stderr().lock(), "{}", help::mistake(&error, language)));
            Err(Status::CouldNotRun)
        }
        Err(error) => {
            // Help and version; a reader that went away is no mistake.
            drop(error.print());
            Err(Status::Fine)
        }
    }
}

/// The command line with all its help, for shell completions.
pub fn command(language: Language) -> clap::Command {
    help::localise(Arguments::command(), language)
}

fn context(arguments: &Arguments, language: Language) -> Context {
    let has_colour = match arguments.color {
        ColourChoice::Always => true,
        ColourChoice::Never => false,
        ColourChoice::Auto => std::io::stdout().is_terminal() && variable("NO_COLOR").is_none(),
    };
    let columns = terminal_size::terminal_size().filter(|_| std::io::stdout().is_terminal());
    let columns = columns.map(|(width, _)| usize::from(width.0));
    Context { reader: wording::Reader { language, has_colour }, columns, library: arguments.library.clone() }
}

/// `zhimei help check` means `zhimei check --help`.
fn plain_help(mut words: Vec<OsString>) -> Vec<OsString> {
    if words.get(1).is_some_and(|word| word == "help") {
        words.remove(1);
        words.push("--help".into());
    }
    words
}

/// The language has to be known before the arguments are understood, since mistakes are told in it.
fn language(words: &[OsString]) -> Language {
    let words: Vec<&str> = words.iter().filter_map(|word| word.to_str()).collect();
    let after = |pair: &[&str]| (pair[0] == "--lang").then(|| pair[1].to_owned());
    let given = words
        .windows(2)
        .find_map(after)
        .or_else(|| words.iter().find_map(|word| word.strip_prefix("--lang=").map(str::to_owned)))
        .or_else(|| variable(LANGUAGE_VARIABLE));
    let choice = given.and_then(|text| LanguageChoice::from_str(&text, true).ok());
    choice.map_or(Language::Chinese, Language::from)
}

/// A variable of the environment, if it says something.
#[allow(clippy::disallowed_methods, reason = "the environment is read here and handed on as a value")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Reads a day of an argument.
pub fn day(text: &str) -> Result<Date, String> {
    text.trim().parse().map_err(|_| "日期写成 2026-06-30 ¦ a day is written 2026-06-30".to_owned())
}
