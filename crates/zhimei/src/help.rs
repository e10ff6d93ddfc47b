//! Help and usage mistakes in the chosen language. Each help text is written once, as `中文 ¦ English`.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};
use facts::Language;

/// Between the Chinese and the English half of a help text.
const HALVES: char = '¦';

const TEMPLATE_ZH: &str = "{about-with-newline}\n用法:{usage}\n\n{all-args}{after-help}";
const TEMPLATE_EN: &str = "{about-with-newline}\nUsage: {usage}\n\n{all-args}{after-help}";

/// The half of a text that is in the language; the whole where it has no halves.
pub fn half(text: &str, language: Language) -> &str {
    match (text.split_once(HALVES), language) {
        (Some((zh, _)), Language::Chinese) => zh.trim_end(),
        (Some((_, en)), Language::English) => en.trim_start(),
        (None, _) => text,
    }
}

/// The command with all its help in one language.
pub fn localise(command: Command, language: Language) -> Command {
    let zh = language == Language::Chinese;
    let pick = |text: Option<&clap::builder::StyledStr>| {
        text.map(|text| half(&text.to_string(), language).to_owned())
    };
    let [about, after, long_after] =
        [command.get_about(), command.get_after_help(), command.get_after_long_help()].map(pick);
    let long_about = command.get_long_about().map(|text| {
        let text = text.to_string();
        let paragraphs: Vec<&str> = text.split("\n\n").map(|paragraph| half(paragraph, language)).collect();
        paragraphs.join("\n\n")
    });
    let mut command = command
        .help_template(if zh { TEMPLATE_ZH } else { TEMPLATE_EN })
        .subcommand_help_heading(if zh { "命令" } else { "Commands" })
        .mut_args(|argument| localise_argument(argument, language))
        .mut_subcommands(|inner| localise(inner, language));
    if let Some(text) = about {
        command = command.about(text);
    }
    if let Some(text) = long_about {
        command = command.long_about(text);
    }
    if let Some(text) = after {
        command = command.after_help(text);
    }
    if let Some(text) = long_after {
        command = command.after_long_help(text);
    }
    command
}

fn localise_argument(argument: Arg, language: Language) -> Arg {
    let zh = language == Language::Chinese;
    let heading = match (argument.is_positional(), argument.is_global_set(), zh) {
        (true, _, true) => "参数",
        (true, _, false) => "Arguments",
        (false, true, true) => "通用选项",
        (false, true, false) => "Common options",
        (false, false, true) => "选项",
        (false, false, false) => "Options",
    };
    let help = argument.get_help().map(|text| half(&text.to_string(), language).to_owned());
    let long = argument.get_long_help().map(|text| half(&text.to_string(), language).to_owned());
    let mut argument = argument.help_heading(heading);
    if argument.get_action().takes_values() {
        // The help texts name the choices, in the right language.
        argument = argument.hide_possible_values(true).hide_default_value(true);
    }
    if let Some(help) = help {
        argument = argument.help(help);
    }
    if let Some(long) = long {
        argument = argument.long_help(long);
    }
    argument
}

/// A mistake in the arguments, as a person reads it.
pub fn mistake(error: &clap::Error, language: Language) -> String {
    let value = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(half(text, language).to_owned()),
        Some(ContextValue::Strings(texts)) => Some(texts.join("、")),
        _ => None,
    };
    if language == Language::English {
        let rendered = error.render().to_string();
        let source = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
        return rendered.replace(&source, half(&source, language));
    }
    let argument = value(ContextKind::InvalidArg).unwrap_or_default();
    let given = value(ContextKind::InvalidValue).unwrap_or_default();
    let choices = value(ContextKind::ValidValue);
    let message = match error.kind() {
        ErrorKind::UnknownArgument => format!("没有“{argument}”这个参数"),
        ErrorKind::InvalidSubcommand => {
            format!("没有“{}”这个命令", value(ContextKind::InvalidSubcommand).unwrap_or_default())
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "还要写上命令".to_owned()
        }
        ErrorKind::MissingRequiredArgument => format!("还缺:{argument}"),
        ErrorKind::InvalidValue if given.is_empty() => format!("“{argument}”后面要写一个值"),
        ErrorKind::InvalidValue => format!("“{given}”不能作为“{argument}”的值"),
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            format!("“{given}”不能作为“{argument}”的值:{}", half(&why, language))
        }
        ErrorKind::ArgumentConflict => {
            let other = value(ContextKind::PriorArg).unwrap_or_default();
            if argument == other {
                format!("“{argument}”只能写一次")
            } else {
                format!("“{argument}”不能与“{other}”同用")
            }
        }
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues | ErrorKind::TooManyValues => {
            format!("“{argument}”后面值的个数不对")
        }
        _ => error.render().to_string().trim_end().to_owned(),
    };
    let mut out = format!("错误:{message}\n");
    let suggestion = value(ContextKind::SuggestedArg)
        .or_else(|| value(ContextKind::SuggestedSubcommand))
        .or_else(|| value(ContextKind::SuggestedValue));
    if let Some(suggestion) = suggestion {
        out.push_str(&format!("  建议:是不是“{suggestion}”?\n"));
    } else if let Some(choices) = choices.filter(|choices| !choices.is_empty()) {
        out.push_str(&format!("  可写:{choices}\n"));
    }
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        out.push_str(&format!("\n{}\n", usage.to_string().replace("Usage: ", "用法:")));
    }
    out.push_str("\n写 --help 看说明和例子。\n");
    out
}
