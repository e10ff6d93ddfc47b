//! `zhimei ask`: an interview in the terminal, the next best question until nothing is open.
//!
//! | file | what |
//! | --- | --- |
//! | `interview` | what is known so far, what to ask next |
//! | `answer` | what a person typed |

mod answer;
mod interview;

use std::io::{BufRead as _, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use engine::point::{Decision, Outcome};
use facts::{Date, Profile};
use wording::{decision, profile, style};

use self::answer::Typed;
use self::interview::{Interview, Open};
use crate::commands::matching::terminal::Table;
use crate::commands::matching::{Counts, Report as _, known_kind};
use crate::context::{Context, Status};
use crate::load::selection::{Selection, select};
use crate::load::{self, FactsArguments, subject};
use crate::{clock, output};

/// 在终端里一问一答:每次问最能定下结果的一项 ¦ An interview in the terminal: each time what settles most
///
/// 可以回答数值、是/否、区间(12..19)、“不知道”、“没有”;“返回”改上一题,“结束”看结果,“?”看这一项的含义。 ¦ Answer with a value, 是/否 (yes/no), a range (12..19), 不知道 (unknown) or 没有 (none); 返回 (back) changes the last answer, 结束 (end) shows the results, ? explains the question.
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei ask\n  zhimei ask --policies cn-tech-sme-2017,cn-hnte-2016 --save 我的企业.yaml\n  zhimei ask --facts 我的企业.yaml --save 我的企业.yaml\n  zhimei ask --policies cn-tech-sme-2017 < 回答.txt ¦ Examples:\n  zhimei ask\n  zhimei ask --policies cn-tech-sme-2017,cn-hnte-2016 --save mine.yaml\n  zhimei ask --facts mine.yaml --save mine.yaml\n  zhimei ask --policies cn-tech-sme-2017 < answers.txt"
)]
pub struct Arguments {
    /// 只问这些政策要的:编号、文件或文件夹,用逗号隔开 ¦ Only what these policies need: ids, files or folders, separated by commas
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    policies: Vec<String>,

    /// 判断日,默认今天 ¦ Day of decision, today by default
    #[arg(long, value_name = "DATE", value_parser = crate::args::day)]
    on: Option<Date>,

    /// 已知的事实,从这里接着问 ¦ Facts already known, to go on from
    #[arg(long, value_name = "FILE")]
    facts: Option<PathBuf>,

    /// 文件里的哪个主体 ¦ Which subject of the file
    #[arg(long, value_name = "NAME")]
    subject: Option<String>,

    /// 主体类型,默认 enterprise(企业) ¦ Kind of subject, enterprise by default
    #[arg(long, value_name = "KIND", default_value = "enterprise")]
    kind: String,

    /// 把回答存成 .yaml 或 .json,以后可用 --facts 读 ¦ Save the answers as .yaml or .json, which --facts reads
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    if let Some(place) = &arguments.save {
        output::require_ending(place, &["yaml", "yml", "json"])?;
    }
    let Selection { library, ids, .. } = select(&arguments.policies, context)?;
    let vocabulary = &library.rulebook.vocabulary;
    let kind = known_kind(&arguments.kind, vocabulary)?;
    let day = arguments.on.unwrap_or_else(clock::today);
    let start = match &arguments.facts {
        None => Profile::new(&kind),
        Some(path) => {
            let files = FactsArguments { facts: path.clone(), items: Vec::new() };
            let profiles = load::subjects(&files, vocabulary, &kind, context)?;
            subject::pick(&profiles, arguments.subject.as_deref(), context)?.1.clone()
        }
    };
    let mut interview = Interview::new(&library, ids.clone(), start, day);
    let mut out = output::stdout();
    converse(&mut out, &mut interview, context)?;
    let decisions = interview.decisions();
    let profile = interview.profile();
    writeln!(out)?;
    out.flush()?;
    drop(out);
    let mut table = Box::new(Table::new(&library, &ids, context));
    table.add(&profile, &decisions)?;
    table.finish(&Counts::of_one(&decisions))?;
    if let Some(place) = &arguments.save {
        save(place, &profile, &interview, context)?;
    }
    Ok(Status::Fine)
}

fn save(place: &Path, subject: &Profile, interview: &Interview<'_>, context: &Context) -> Result<()> {
    let vocabulary = interview.vocabulary();
    let is_json = place.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    let text = if is_json {
        format!("{:#}\n", profile::to_json(subject, vocabulary))
    } else {
        profile::to_yaml(subject, vocabulary)
    };
    output::write_file(place, text.as_bytes())?;
    output::note(&format!("{} {}", context.say("回答已存到", "answers saved in"), place.display()));
    Ok(())
}

/// Asks until nothing is open, the person ends it, or there is nothing more to read.
fn converse(out: &mut impl Write, interview: &mut Interview<'_>, context: &Context) -> Result<()> {
    let intro = context.say(
        "一问一答。不知道就直接回车;返回 改上一题;? 看含义;结束 看结果。",
        "Press Enter for what you do not know; 返回 (back) changes the last answer; ? explains; 结束 (end) shows the results.",
    );
    writeln!(out, "{}\n", style::quiet(intro, context))?;
    let mut lines = std::io::stdin().lock().lines();
    while let Some(open) = interview.next() {
        ask(out, interview, &open, context)?;
        let Some(line) = lines.next().transpose()? else { break };
        match answer::read(&line, &open, interview.vocabulary()) {
            Ok(Typed::Value(reply)) => {
                if let Some(echo) = answer::echo(&open, &reply, interview.vocabulary(), context) {
                    writeln!(out, "  {}", style::quiet(&echo, context))?;
                }
                interview.take(open, reply);
                writeln!(out, "  {}\n", counts(&interview.decisions(), context))?;
            }
            Ok(Typed::Back) => {
                if !interview.back() {
                    writeln!(out, "  {}", context.say("已经是第一题", "this is the first question"))?;
                }
            }
            Ok(Typed::Help) => writeln!(out, "  {}\n", interview.meaning(&open, context))?,
            Ok(Typed::End) => break,
            Err(problem) => {
                let help = context.text(&problem.help);
                let stop = if help.is_empty() { "" } else { context.say("。", ". ") };
                let told = format!("{}{stop}{help}", context.text(&problem.message));
                writeln!(out, "  {}\n", style::bad(&told, context))?;
            }
        }
    }
    Ok(())
}

fn ask(out: &mut impl Write, interview: &Interview<'_>, open: &Open, context: &Context) -> Result<()> {
    let stake = interview.stake(open, context);
    let number = interview.answered() + 1;
    let label = context.say(&format!("第 {number} 问"), &format!("Question {number}")).to_owned();
    writeln!(out, "{} {}", style::heading(&label, context), style::quiet(&stake, context))?;
    writeln!(out, "{}", interview.question(open, context))?;
    write!(out, "> ")?;
    // The question has to stand there before the answer is waited for.
    out.flush()?;
    Ok(())
}

/// How the policies stand now.
fn counts(decisions: &[Decision<'_>], context: &Context) -> String {
    let counts = Counts::of_one(decisions);
    let shown = Outcome::CODES
        .iter()
        .filter(|(_, outcome)| counts.of(*outcome) > 0 && *outcome != Outcome::NotInForce);
    shown
        .map(|(_, outcome)| format!("{} {}", decision::outcome(*outcome, context), counts.of(*outcome)))
        .collect::<Vec<_>>()
        .join("  ")
}
