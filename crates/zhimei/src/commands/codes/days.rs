//! Working days: a year's holidays, or what a day is.

use std::io::Write;

use anyhow::Result;
use facts::Date;
use facts::classification::{Classifications, DayKind, Holiday, WorkingYear};
use serde_json::{Value, json};
use wording::json::bilingual;
use wording::{style, table};

use super::Desk;
use crate::context::{Context, Status};
use crate::output;
use crate::problem::Problem;

impl<W: Write> Desk<'_, W> {
    /// The years there are, one of them, or a day.
    pub(super) fn working_days(&mut self, lists: &Classifications, what: Option<&str>) -> Result<Status> {
        let Some(what) = what else { return self.years(lists) };
        if let Ok(day) = what.parse::<Date>() {
            return match lists.years.get(&day.year) {
                Some(year) => self.day(year, day),
                None => self.no_year(lists, day.year),
            };
        }
        let Some(year) = what.parse::<i32>().ok().filter(|_| what.len() == 4) else {
            let problem =
                Problem::new(format!("“{what}”不是年份或日期"), format!("“{what}” is no year or day"));
            return Err(problem.with_help("写 2026 或 2026-10-10", "write 2026 or 2026-10-10").into());
        };
        match lists.years.get(&year) {
            Some(known) => self.year(known),
            None => self.no_year(lists, year),
        }
    }

    /// A year whose notice is not in the library is not guessed.
    fn no_year(&mut self, lists: &Classifications, year: i32) -> Result<Status> {
        let known: Vec<String> = lists.years.keys().map(i32::to_string).collect();
        let known = known.join(" ");
        output::note(self.context.say(
            &format!("没有 {year} 年的放假安排(有:{known});通知发布后写进 classifications/working-days/{year}.yaml"),
            &format!("the holidays of {year} are not here (there are: {known}); once the notice is out, write them to classifications/working-days/{year}.yaml"),
        ));
        Ok(Status::FoundWrong)
    }

    fn years(&mut self, lists: &Classifications) -> Result<Status> {
        if self.is_json {
            output::json(&mut self.out, &lists.years.values().map(year_json).collect())?;
            return Ok(Status::Fine);
        }
        for year in lists.years.values() {
            let count = year.working_days().count();
            let title = self.context.text(&year.title);
            let line = self
                .context
                .say(
                    &format!("{}  工作日 {count} 天  {title}({})", year.year, year.document),
                    &format!("{}  {count} working days  {title} ({})", year.year, year.document),
                )
                .to_owned();
            writeln!(self.out, "{line}")?;
        }
        Ok(Status::Fine)
    }

    fn year(&mut self, year: &WorkingYear) -> Result<Status> {
        let context = self.context;
        if self.is_json {
            output::json(&mut self.out, &year_json(year))?;
            return Ok(Status::Fine);
        }
        let count = year.working_days().count();
        let heading = format!("{} 年:工作日 {count} 天", year.year);
        let heading = context.say(&heading, &format!("{}: {count} working days", year.year)).to_owned();
        writeln!(self.out, "{}", style::heading(&heading, context))?;
        let row = |holiday: &Holiday| {
            let work: Vec<String> = holiday.work.iter().map(Date::to_string).collect();
            let off = if holiday.from == holiday.to {
                holiday.from.to_string()
            } else {
                format!("{} – {}", holiday.from, holiday.to)
            };
            let work = match work.as_slice() {
                [] => String::new(),
                days => format!("{}{}", context.say("上班:", "worked: "), days.join(" ")),
            };
            vec![format!("  {}", context.text(&holiday.name)), off, work]
        };
        for line in table::columns(&year.holidays.iter().map(row).collect::<Vec<_>>()) {
            writeln!(self.out, "{}", line.trim_end())?;
        }
        let published = year.published.map_or_else(String::new, |day| format!(" · {day}"));
        let source = format!("{} · {}{published}", context.text(&year.title), year.document);
        self.line("出自:", "From: ", &source)?;
        Ok(Status::Fine)
    }

    fn day(&mut self, year: &WorkingYear, day: Date) -> Result<Status> {
        let Some(kind) = year.kind(day) else { return Ok(Status::FoundWrong) };
        let context = self.context;
        let why = why(kind, context);
        if self.is_json {
            let holiday = match kind {
                DayKind::Instead(holiday) | DayKind::Holiday(holiday) => bilingual(&holiday.name),
                DayKind::Workday | DayKind::Weekend => Value::Null,
            };
            let code = match kind {
                DayKind::Workday => "workday",
                DayKind::Instead(_) => "worked_instead",
                DayKind::Weekend => "weekend",
                DayKind::Holiday(_) => "holiday",
            };
            let value = json!({
                "day": day.to_string(), "worked": kind.is_worked(), "kind": code, "holiday": holiday,
                "document": year.document,
            });
            output::json(&mut self.out, &value)?;
            return Ok(Status::Fine);
        }
        let said = if kind.is_worked() {
            context.say("是工作日", "is a working day")
        } else {
            context.say("不是工作日", "is no working day")
        };
        writeln!(self.out, "{day} {said}{}{why}", context.say(":", ": "))?;
        self.line("出自:", "From: ", &year.document)?;
        Ok(Status::Fine)
    }
}

fn why(kind: DayKind<'_>, context: &Context) -> String {
    match kind {
        DayKind::Workday => context.say("周一至周五", "Monday to Friday").to_owned(),
        DayKind::Weekend => context.say("周末", "the weekend").to_owned(),
        DayKind::Instead(holiday) => {
            let name = context.text(&holiday.name);
            context.say(&format!("为{name}调休,周末上班"), &format!("worked in place of {name}")).to_owned()
        }
        DayKind::Holiday(holiday) => {
            let name = context.text(&holiday.name);
            context.say(&format!("{name}放假"), name).to_owned()
        }
    }
}

fn year_json(year: &WorkingYear) -> Value {
    let holiday = |holiday: &Holiday| {
        json!({
            "name": bilingual(&holiday.name),
            "from": holiday.from.to_string(),
            "to": holiday.to.to_string(),
            "work": holiday.work.iter().map(Date::to_string).collect::<Vec<_>>(),
        })
    };
    json!({
        "year": year.year,
        "title": bilingual(&year.title),
        "document": year.document,
        "published": year.published.map(|day| day.to_string()),
        "working_days": year.working_days().count(),
        "holidays": year.holidays.iter().map(holiday).collect::<Vec<Value>>(),
    })
}
