//! What a person typed: a value, 不知道, 没有, or a wish.

use facts::read::{CellProblem, parse_value};
use facts::{FactType, Fen, Number, Value, Vocabulary};
use wording::{profile, words};

use super::interview::Open;
use crate::context::Context;

/// An answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reply {
    /// A value.
    Value(Value),
    /// There are none of the collection.
    Nothing,
    /// Not known.
    Unknown,
}

/// What was typed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Typed {
    /// An answer.
    Value(Reply),
    /// 返回
    Back,
    /// 结束
    End,
    /// ?
    Help,
}

const BACK: [&str; 2] = ["返回", "back"];
const END: [&str; 4] = ["结束", "end", "quit", "q"];
const HELP: [&str; 4] = ["?", "\u{FF1F}", "帮助", "help"];
const UNKNOWN: [&str; 4] = ["", "不知道", "unknown", "skip"];
const NOTHING: [&str; 3] = ["没有", "无", "none"];

/// Reads what was typed as an answer to what is open.
pub fn read(line: &str, open: &Open, vocabulary: &Vocabulary) -> Result<Typed, CellProblem> {
    let text = line.trim();
    let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if is(&BACK) {
        return Ok(Typed::Back);
    }
    if is(&END) {
        return Ok(Typed::End);
    }
    if is(&HELP) {
        return Ok(Typed::Help);
    }
    // A list of codes may itself hold 无, so the fact is asked first.
    if is(&UNKNOWN) {
        return Ok(Typed::Value(Reply::Unknown));
    }
    let reply = match open {
        Open::Fact { fact, .. } => fact_reply(text, is(&NOTHING), vocabulary.get(*fact))?,
        Open::Status(_) => Reply::Value(Value::Bool(yes_no(text, is(&NOTHING))?)),
        Open::Collection(_) if is(&NOTHING) => Reply::Nothing,
        Open::Collection(_) => {
            let problem = CellProblem::new(
                "E0064",
                "这里只能回答 没有 或 不知道",
                "answer 没有 (none) or 不知道 (unknown) here",
            );
            return Err(problem.with_help(
                "条目用 zhimei template 填表",
                "items are given in the workbook of zhimei template",
            ));
        }
    };
    Ok(Typed::Value(reply))
}

fn fact_reply(
    text: &str,
    is_nothing: bool,
    definition: &facts::FactDefinition,
) -> Result<Reply, CellProblem> {
    let is_code = definition.canonical_code(text).is_some();
    if is_nothing && !is_code {
        let value = match definition.fact_type {
            FactType::Bool | FactType::Event => Value::Bool(false),
            _ if definition.none_allowed => Value::Nothing,
            FactType::Money | FactType::Count => Value::Number(Number::zero()),
            _ => match parse_value(definition, "无", None)? {
                Some(value) => value,
                None => return Ok(Reply::Unknown),
            },
        };
        return Ok(Reply::Value(value));
    }
    Ok(parse_value(definition, text, None)?.map_or(Reply::Unknown, Reply::Value))
}

/// 有 and 没有 answer a question for a status as well as 是 and 否.
fn yes_no(text: &str, is_nothing: bool) -> Result<bool, CellProblem> {
    let plain = wording::value::plain_definition("", FactType::Bool, None);
    match text {
        _ if is_nothing => Ok(false),
        "有" => Ok(true),
        other => match parse_value(&plain, other, None)? {
            Some(Value::Bool(yes)) => Ok(yes),
            _ => Ok(false),
        },
    }
}

/// What was understood, with money spelt out; nothing for what is not known.
pub fn echo(open: &Open, reply: &Reply, vocabulary: &Vocabulary, context: &Context) -> Option<String> {
    let label = context.say("记下:", "noted: ");
    match (open, reply) {
        (Open::Fact { key, fact, .. }, Reply::Value(value)) => {
            let definition = vocabulary.get(*fact);
            let shown = vocabulary.show(*fact, value, context.language);
            let spelt = match value {
                Value::Number(yuan) if definition.fact_type == FactType::Money => {
                    let fen = Fen::from_yuan_exact(yuan)?;
                    context
                        .say(
                            &format!("({})", words::amount(fen, context.language)),
                            &format!(" ({})", words::amount(fen, context.language)),
                        )
                        .to_owned()
                }
                Value::Range(..) => format!(" [{}]", profile::written(definition, value)),
                _ => String::new(),
            };
            Some(format!("{label}{key} = {shown}{spelt}"))
        }
        (Open::Status(name), Reply::Value(value)) => Some(format!("{label}{name} = {value}")),
        (Open::Collection(name), Reply::Nothing) => Some(format!("{label}{name} = 无")),
        _ => None,
    }
}
