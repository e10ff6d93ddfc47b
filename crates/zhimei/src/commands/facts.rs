//! `zhimei facts`: the vocabulary, which is what may be known about a subject.

use std::io::Write;

use anyhow::Result;
use clap::{Args, Subcommand};
use facts::{Change, Disclosure, FactDefinition, FactType, Grain, Vocabulary};
use lang::ir::InputKind;
use library::Library;
use serde_json::{Value, json};
use wording::json::bilingual;
use wording::{style, table};

use crate::commands::check::Format;
use crate::context::{Context, Status};
use crate::{load, output};

/// 词汇表:有哪些事实,各是什么意思 ¦ The vocabulary: which facts there are, and what each means
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei facts search 研发\n  zhimei facts show 研发费用 ¦ Examples:\n  zhimei facts search 研发\n  zhimei facts show 研发费用"
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    List(ListArguments),
    Show(ShowArguments),
    Search(SearchArguments),
}

/// 列出全部事实 ¦ List all facts
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei facts list\n  zhimei facts list --format json ¦ Examples:\n  zhimei facts list\n  zhimei facts list --format json"
)]
struct ListArguments {
    /// 输出:text(默认)或 json ¦ Output: text (default) or json
    #[arg(long, value_name = "text|json", default_value = "text")]
    format: Format,
}

/// 一项事实的定义、单位、怎么问、谁用到 ¦ A fact: definition, unit, question, who reads it
#[derive(Debug, Args)]
#[command(after_long_help = "例子:\n  zhimei facts show 研发费用 ¦ Examples:\n  zhimei facts show 研发费用")]
struct ShowArguments {
    /// 事实名称 ¦ Name of the fact
    #[arg(value_name = "NAME")]
    name: String,

    /// 输出:text(默认)或 json ¦ Output: text (default) or json
    #[arg(long, value_name = "text|json", default_value = "text")]
    format: Format,
}

/// 按词查找事实:名称、别名、英文、定义、问句 ¦ Find facts by a word in name, aliases, label, definition or question
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei facts search 研发\n  zhimei facts search revenue ¦ Examples:\n  zhimei facts search 研发\n  zhimei facts search revenue"
)]
struct SearchArguments {
    /// 词 ¦ The word
    #[arg(value_name = "WORD")]
    word: String,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    let library = load::words(context)?;
    let vocabulary = &library.rulebook.vocabulary;
    let mut out = output::stdout();
    let status = match &arguments.action {
        Action::List(arguments) => list(&mut out, vocabulary, arguments.format, context)?,
        Action::Show(arguments) => show(&mut out, &library, arguments, context)?,
        Action::Search(arguments) => search(&mut out, vocabulary, &arguments.word, context)?,
    };
    out.flush()?;
    Ok(status)
}

fn list(out: &mut impl Write, vocabulary: &Vocabulary, format: Format, context: &Context) -> Result<Status> {
    let facts: Vec<&FactDefinition> = vocabulary.facts().map(|(_, fact)| fact).collect();
    match format {
        Format::Json => output::json(out, &facts.iter().map(|fact| fact_json(fact)).collect())?,
        Format::Text => rows(out, &facts, context)?,
    }
    Ok(Status::Fine)
}

fn rows(out: &mut impl Write, facts: &[&FactDefinition], context: &Context) -> Result<()> {
    let row = |fact: &&FactDefinition| {
        vec![
            fact.name.clone(),
            type_word(fact.fact_type, context).to_owned(),
            fact.unit.map_or_else(String::new, |unit| unit.name.to_owned()),
            grain_word(fact.grain, context).to_owned(),
            fact.en.clone(),
        ]
    };
    for line in table::columns(&facts.iter().map(row).collect::<Vec<_>>()) {
        writeln!(out, "{line}")?;
    }
    let count = facts.len();
    let summary = context.say(&format!("{count} 项事实"), &format!("facts: {count}")).to_owned();
    writeln!(out, "{}", style::quiet(&summary, context))?;
    Ok(())
}

fn search(out: &mut impl Write, vocabulary: &Vocabulary, word: &str, context: &Context) -> Result<Status> {
    let wanted = word.to_lowercase();
    let has = |text: &str| text.to_lowercase().contains(&wanted);
    let is_found = |fact: &FactDefinition| {
        has(&fact.name)
            || fact.also.iter().any(|name| has(name))
            || [&fact.en, &fact.definition.zh, &fact.definition.en, &fact.ask.zh, &fact.ask.en]
                .into_iter()
                .any(|text| has(text))
    };
    let mut found: Vec<&FactDefinition> =
        vocabulary.facts().map(|(_, fact)| fact).filter(|fact| is_found(fact)).collect();
    // A hit in the name comes before one in the definition.
    found.sort_by_key(|fact| !(has(&fact.name) || fact.also.iter().any(|name| has(name))));
    if found.is_empty() {
        let near = facts::nearest(word, vocabulary.facts().map(|(_, fact)| fact.name.as_str()));
        output::note(context.say(&format!("没有含“{word}”的事实"), &format!("no fact mentions “{word}”")));
        if let Some(near) = near {
            output::note(context.say(&format!("是不是“{near}”?"), &format!("did you mean “{near}”?")));
        }
        return Ok(Status::FoundWrong);
    }
    rows(out, &found, context)?;
    Ok(Status::Fine)
}

fn show(
    out: &mut impl Write,
    library: &Library,
    arguments: &ShowArguments,
    context: &Context,
) -> Result<Status> {
    let vocabulary = &library.rulebook.vocabulary;
    let name = &arguments.name;
    let id = load::fact_named(name, vocabulary)?;
    let fact = vocabulary.get(id);
    let documents = library.rulebook.entries().iter().map(|entry| &entry.document);
    let mut readers: Vec<&str> = documents
        .filter(|document| {
            let mut inputs = document.kinds.iter().flat_map(|kind| &kind.inputs);
            inputs.any(|input| matches!(input.kind, InputKind::Fact(read, _) if read == id))
        })
        .map(|document| document.id.as_str())
        .collect();
    readers.dedup();
    if arguments.format == Format::Json {
        let mut value = fact_json(fact);
        value["read_by"] = json!(readers);
        output::json(out, &value)?;
        return Ok(Status::Fine);
    }
    describe(out, fact, context)?;
    if let Some(list) = vocabulary.classification(fact) {
        let title = context.text(&list.title);
        let (edition, name) = (&list.edition, &list.name);
        let said = format!("代码表:{title} {edition},zhimei codes {name} 可查");
        let said = context
            .say(&said, &format!("List of codes: {title} {edition}; see zhimei codes {name}"))
            .to_owned();
        writeln!(out, "{said}")?;
    }
    writeln!(out, "{}{}", context.say("用到它的政策:", "Read by: "), readers.join(context.say("、", ", ")))?;
    Ok(Status::Fine)
}

fn describe(out: &mut impl Write, fact: &FactDefinition, context: &Context) -> Result<()> {
    writeln!(out, "{} {}", style::heading(&fact.name, context), fact.en)?;
    let unit = fact.unit.map_or_else(String::new, |unit| format!(" · {}", unit.name));
    writeln!(out, "{}{unit} · {}", type_word(fact.fact_type, context), grain_word(fact.grain, context))?;
    let mut line = |zh: &str, en: &str, text: String| -> Result<()> {
        if !text.is_empty() {
            writeln!(out, "{}{text}", context.say(zh, en))?;
        }
        Ok(())
    };
    line("别名:", "Also: ", fact.also.join("、"))?;
    line("含义:", "Definition: ", context.text(&fact.definition).to_owned())?;
    line("问法:", "Question: ", context.text(&fact.ask).to_owned())?;
    line("出自:", "From: ", context.text(&fact.department).to_owned())?;
    let codes: Vec<String> = fact.codes.iter().map(|code| code.code.clone()).collect();
    line("可填:", "Codes: ", codes.join("、"))?;
    let bound = |number: &Option<facts::Number>| {
        number.as_ref().map_or_else(String::new, |number| {
            fact.show(&facts::Value::Number(number.clone()), context.language)
        })
    };
    line("最小:", "Least: ", bound(&fact.least))?;
    line("最大:", "Most: ", bound(&fact.most))?;
    line("主体:", "Of: ", fact.of.join("、"))?;
    let change = match fact.change {
        Change::Subject => ("主体自己", "the subject"),
        Change::Time => ("只随时间", "only time"),
        Change::Others => ("别人", "others"),
        Change::None => ("不能改变", "nobody"),
    };
    line("谁能改变:", "Changed by: ", context.say(change.0, change.1).to_owned())?;
    if fact.personal {
        line("", "", context.say("属于个人信息", "personal data").to_owned())?;
    }
    Ok(())
}

fn fact_json(fact: &FactDefinition) -> Value {
    let number = |number: &Option<facts::Number>| number.as_ref().map(ToString::to_string);
    json!({
        "name": fact.name,
        "also": fact.also,
        "en": fact.en,
        "type": type_code(fact.fact_type),
        "unit": fact.unit.map(|unit| unit.name),
        "grain": grain_code(fact.grain),
        "of": fact.of,
        "codes": fact.codes.iter().map(|code| code.code.as_str()).collect::<Vec<_>>(),
        "hierarchy": fact.hierarchy,
        "classification": fact.classification,
        "definition": bilingual(&fact.definition),
        "ask": bilingual(&fact.ask),
        "department": bilingual(&fact.department),
        "least": number(&fact.least),
        "most": number(&fact.most),
        "none_allowed": fact.none_allowed,
        "personal": fact.personal,
        "disclosure": match fact.disclosure {
            Disclosure::Public => "public",
            Disclosure::Subject => "subject",
            Disclosure::Departments => "departments",
            Disclosure::Office => "office",
        },
    })
}

/// The code of a type, as the vocabulary writes it, with its words.
const fn type_words(of: FactType) -> (&'static str, &'static str, &'static str) {
    match of {
        FactType::Money => ("money", "金额", "money"),
        FactType::Count => ("count", "个数", "count"),
        FactType::Number => ("number", "数", "number"),
        FactType::Ratio => ("ratio", "比例", "ratio"),
        FactType::Bool => ("bool", "是否", "yes or no"),
        FactType::Event => ("event", "是否发生", "happened or not"),
        FactType::Date => ("date", "日期", "date"),
        FactType::Year => ("year", "年份", "year"),
        FactType::Code => ("code", "选项", "code"),
        FactType::Codes => ("codes", "多选", "codes"),
        FactType::Text => ("text", "文字", "text"),
    }
}

fn type_code(of: FactType) -> &'static str {
    type_words(of).0
}

/// A type in a word.
pub fn type_word(of: FactType, context: &Context) -> &'static str {
    let (_, zh, en) = type_words(of);
    if context.is_chinese() { zh } else { en }
}

const fn grain_words(of: Grain) -> (&'static str, &'static str, &'static str) {
    match of {
        Grain::Once => ("once", "不分期间", "holds once"),
        Grain::Year => ("year", "逐年", "by year"),
        Grain::Quarter => ("quarter", "逐季", "by quarter"),
        Grain::Month => ("month", "逐月", "by month"),
        Grain::Event => ("event", "按发生日", "on a day"),
        Grain::Stock => ("stock", "时点", "at a date"),
    }
}

fn grain_code(of: Grain) -> &'static str {
    grain_words(of).0
}

fn grain_word(of: Grain, context: &Context) -> &'static str {
    let (_, zh, en) = grain_words(of);
    if context.is_chinese() { zh } else { en }
}
