//! `zhimei codes`: the published lists that facts and policies refer to, looked up by code and by text.

mod days;
mod list;

use std::io::Write;

use anyhow::Result;
use clap::Args;
use facts::classification::Classifications;
use serde_json::json;
use wording::json::bilingual;
use wording::{style, table};

use crate::commands::check::Format;
use crate::context::{Context, Status};
use crate::problem::Problem;
use crate::{load, output};

/// What the list of working days is called on the command line.
const WORKING_DAYS: &str = "working-days";

/// 查行业、地区代码和工作日 ¦ Look up codes of industries and areas, and working days
///
/// 按代码查名称、上下级和分组,按文字查代码;工作日按国务院办公厅每年的放假通知。不写名称列出有哪些表。 ¦ By code: its name, what it lies under, what lies under it, its group. By text: the codes. Working days follow the yearly notice on public holidays. Without a name, the lists there are.
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei codes\n  zhimei codes industry C39\n  zhimei codes industry 软件\n  zhimei codes area 410182\n  zhimei codes size-class G5910\n  zhimei codes working-days 2026\n  zhimei codes working-days 2026-10-10 ¦ Examples:\n  zhimei codes\n  zhimei codes industry C39\n  zhimei codes industry software\n  zhimei codes area 410182\n  zhimei codes size-class G5910\n  zhimei codes working-days 2026\n  zhimei codes working-days 2026-10-10"
)]
pub struct Arguments {
    /// 哪张表:industry area size-class working-days …… ¦ Which list: industry area size-class working-days …
    #[arg(value_name = "LIST")]
    list: Option<String>,

    /// 代码、名称里的字、年份或日期 ¦ A code, a word of a name, a year or a day
    #[arg(value_name = "CODE|TEXT")]
    what: Option<String>,

    /// 输出:text(默认)或 json ¦ Output: text (default) or json
    #[arg(long, value_name = "text|json", default_value = "text")]
    format: Format,
}

/// Where a look-up writes, and how.
struct Desk<'c, W: Write> {
    out: W,
    is_json: bool,
    context: &'c Context,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    let lists = &load::classifications(context)?;
    let mut desk = Desk { out: output::stdout(), is_json: arguments.format == Format::Json, context };
    let what = arguments.what.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let status = match arguments.list.as_deref() {
        None => desk.overview(lists)?,
        Some(WORKING_DAYS) => desk.working_days(lists, what)?,
        Some(name) => match (lists.classification(name), lists.grouping(name)) {
            (Some(list), _) => desk.classification(lists, list, what)?,
            (None, Some(grouping)) => desk.grouping(lists, grouping, what)?,
            (None, None) => return Err(no_list(lists, name).into()),
        },
    };
    desk.out.flush()?;
    Ok(status)
}

impl<W: Write> Desk<'_, W> {
    /// What lists there are.
    fn overview(&mut self, lists: &Classifications) -> Result<Status> {
        let context = self.context;
        if self.is_json {
            let classifications = lists.codes.iter().map(|list| {
                json!({"name": list.name, "title": bilingual(&list.title), "edition": list.edition,
                       "codes": list.codes().count()})
            });
            let groupings = lists.groupings.iter().map(|list| {
                json!({"name": list.name, "title": bilingual(&list.title), "of": list.of,
                       "groups": list.groups.len()})
            });
            let value = json!({
                "classifications": classifications.collect::<Vec<_>>(),
                "groupings": groupings.collect::<Vec<_>>(),
                "working_days": lists.years.keys().collect::<Vec<_>>(),
            });
            output::json(&mut self.out, &value)?;
            return Ok(Status::Fine);
        }
        let mut rows = Vec::new();
        for list in &lists.codes {
            let count = list.codes().count();
            let count = context.say(&format!("{count} 个代码"), &format!("{count} codes")).to_owned();
            rows.push(vec![
                list.name.clone(),
                context.text(&list.title).to_owned(),
                list.edition.clone(),
                count,
            ]);
        }
        for list in &lists.groupings {
            let count = list.groups.len();
            let count = context.say(&format!("{count} 组"), &format!("{count} groups")).to_owned();
            rows.push(vec![list.name.clone(), context.text(&list.title).to_owned(), list.of.clone(), count]);
        }
        if !lists.years.is_empty() {
            let years: Vec<String> = lists.years.keys().map(i32::to_string).collect();
            let title = context.say("工作日和放假安排", "Working days and public holidays").to_owned();
            rows.push(vec![WORKING_DAYS.to_owned(), title, String::new(), years.join(" ")]);
        }
        if rows.is_empty() {
            output::note(context.say(
                "这个政策库没有代码表:放在 classifications 文件夹里",
                "this library has no lists of codes: they belong in its folder classifications",
            ));
            return Ok(Status::FoundWrong);
        }
        for line in table::columns(&rows) {
            writeln!(self.out, "{line}")?;
        }
        let hint = context.say("查一个:zhimei codes industry C39", "look one up: zhimei codes industry C39");
        writeln!(self.out, "{}", style::quiet(hint, context))?;
        Ok(Status::Fine)
    }

    /// A line with its label, unless there is nothing to say.
    fn line(&mut self, zh: &str, en: &str, text: &str) -> Result<()> {
        if !text.is_empty() {
            writeln!(self.out, "{}{text}", self.context.say(zh, en))?;
        }
        Ok(())
    }
}

fn no_list(lists: &Classifications, name: &str) -> Problem {
    let names = lists.codes.iter().map(|list| list.name.as_str());
    let names = names.chain(lists.groupings.iter().map(|list| list.name.as_str())).chain([WORKING_DAYS]);
    let names: Vec<&str> = names.collect();
    let problem = Problem::new(format!("没有代码表“{name}”"), format!("there is no list “{name}”"));
    match facts::nearest(name, names.iter().copied()) {
        Some(near) => problem.with_guess(Some(near)),
        None => {
            problem.with_help(format!("可用:{}", names.join("、")), format!("one of: {}", names.join(", ")))
        }
    }
}
