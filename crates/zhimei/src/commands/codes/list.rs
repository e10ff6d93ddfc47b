//! Codes of a classification and the groups of a grouping.

use std::io::Write;

use anyhow::Result;
use facts::classification::{Classification, Classifications, Code, Group, Grouping, Standing};
use facts::half_width;
use serde_json::{Value, json};
use wording::json::bilingual;
use wording::{style, table};

use super::Desk;
use crate::context::{Context, Status};
use crate::output;

impl<W: Write> Desk<'_, W> {
    /// A classification as a whole, one of its codes, or those whose names hold a text.
    pub(super) fn classification(
        &mut self,
        lists: &Classifications,
        list: &Classification,
        what: Option<&str>,
    ) -> Result<Status> {
        let Some(what) = what else { return self.coarsest(list) };
        let code = half_width(what).to_ascii_uppercase();
        let looks_like_code = code.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && (code.len() == 1 || code.bytes().any(|byte| byte.is_ascii_digit()));
        if list.find(&code).is_some() {
            return self.code(lists, list, &code);
        }
        let found = list.search(what);
        if !found.is_empty() {
            return self.found(list, &found);
        }
        if looks_like_code {
            return self.unlisted(lists, list, &code);
        }
        output::note(self.context.say(
            &format!("{} 里没有含“{what}”的代码名称", list.name),
            &format!("no name in {} holds “{what}”", list.name),
        ));
        Ok(Status::FoundWrong)
    }

    /// The codes of the coarsest level, and where the list comes from.
    fn coarsest(&mut self, list: &Classification) -> Result<Status> {
        let shortest = list.levels.first().map_or(0, |level| level.length);
        let is_coarsest = |code: &&Code| list.level(&code.code).is_some_and(|level| level.length == shortest);
        let codes: Vec<&Code> = list.codes().filter(is_coarsest).collect();
        let context = self.context;
        if self.is_json {
            let value = json!({
                "name": list.name,
                "title": bilingual(&list.title),
                "edition": list.edition,
                "source": bilingual(&list.source),
                "codes": list.codes().map(code_json).collect::<Vec<Value>>(),
            });
            output::json(&mut self.out, &value)?;
            return Ok(Status::Fine);
        }
        let heading = format!("{} {}", context.text(&list.title), list.edition);
        writeln!(self.out, "{}", style::heading(&heading, context))?;
        self.rows(&codes)?;
        self.line("出自:", "From: ", context.text(&list.source))?;
        for note in &list.notes {
            self.line("", "", context.text(note))?;
        }
        self.line("", "", &complete(list, context))?;
        Ok(Status::Fine)
    }

    fn rows(&mut self, codes: &[&Code]) -> Result<()> {
        let context = self.context;
        let row = |code: &&Code| {
            let note = context.text(&code.note);
            let name = context.text(&code.name);
            vec![format!("  {}", code.code), name.to_owned(), note.to_owned()]
        };
        for line in table::columns(&codes.iter().map(row).collect::<Vec<_>>()) {
            writeln!(self.out, "{}", line.trim_end())?;
        }
        Ok(())
    }

    fn found(&mut self, list: &Classification, found: &[&Code]) -> Result<Status> {
        if self.is_json {
            let value = json!({
                "name": list.name,
                "edition": list.edition,
                "codes": found.iter().map(|code| code_json(code)).collect::<Vec<Value>>(),
            });
            output::json(&mut self.out, &value)?;
            return Ok(Status::Fine);
        }
        self.rows(found)?;
        let count = found.len();
        let summary = format!("{count} 个 · {}", list.edition);
        let summary = self.context.say(&summary, &format!("{count} found · {}", list.edition)).to_owned();
        writeln!(self.out, "{}", style::quiet(&summary, self.context))?;
        Ok(Status::Fine)
    }

    /// One code: its name, what it lies under, its groups, and what lies under it.
    fn code(&mut self, lists: &Classifications, list: &Classification, code: &str) -> Result<Status> {
        let Some(found) = list.find(code) else { return Ok(Status::FoundWrong) };
        let (path, below) = (list.path(code), list.below(code));
        let groups = groups(lists, list, code);
        let context = self.context;
        if self.is_json {
            let mut value = code_json(found);
            value["edition"] = json!(list.edition);
            value["standing"] = json!("listed");
            value["level"] = json!(list.level(code).map(|level| bilingual(&level.name)));
            value["path"] = json!(path.iter().map(|above| above.code.as_str()).collect::<Vec<_>>());
            value["below"] = json!(below.iter().map(|code| code_json(code)).collect::<Vec<Value>>());
            value["below_complete"] = json!(list.is_complete_below(code));
            value["groups"] = groups_json(&groups);
            output::json(&mut self.out, &value)?;
            return Ok(Status::Fine);
        }
        let other = if context.is_chinese() { &found.name.en } else { &found.name.zh };
        let name = format!("{} {}", found.code, context.text(&found.name));
        writeln!(self.out, "{}  {}", style::heading(&name, context), style::quiet(other, context))?;
        let level = list.level(code).map_or("", |level| context.text(&level.name));
        writeln!(self.out, "{} · {} · {level}", context.text(&list.title), list.edition)?;
        self.line("说明:", "Note: ", context.text(&found.note))?;
        let above = path.split_last().map_or(&[][..], |(_, above)| above);
        let above: Vec<String> =
            above.iter().map(|code| format!("{} {}", code.code, context.text(&code.name))).collect();
        self.line("上级:", "Under: ", &above.join(" › "))?;
        self.groups(&groups)?;
        if !below.is_empty() {
            let complete = if list.is_complete_below(code) {
                context.say("下级:", "Below it:")
            } else {
                context.say("下级(只列了一部分):", "Below it, in part:")
            };
            writeln!(self.out, "{complete}")?;
            self.rows(&below)?;
        }
        Ok(Status::Fine)
    }

    fn groups(&mut self, groups: &[(&Grouping, Vec<&Group>)]) -> Result<()> {
        let context = self.context;
        for (grouping, of_code) in groups {
            let names: Vec<&str> = of_code.iter().map(|group| context.text(&group.name)).collect();
            let names = match names.as_slice() {
                [] => context.say("不在其中", "in none").to_owned(),
                names => names.join(context.say(" 或 ", " or ")),
            };
            let label = format!("{}({}):", context.text(&grouping.title), grouping.name);
            let en = format!("{} ({}): ", context.text(&grouping.title), grouping.name);
            self.line(&label, &en, &names)?;
        }
        Ok(())
    }

    /// A code that is not listed: it may be there all the same, or it cannot.
    fn unlisted(&mut self, lists: &Classifications, list: &Classification, code: &str) -> Result<Status> {
        let is_impossible = list.standing(code) == Standing::Impossible;
        let path = list.path(code);
        let groups = if is_impossible { Vec::new() } else { groups(lists, list, code) };
        if self.is_json {
            let value = json!({
                "code": code,
                "edition": list.edition,
                "standing": if is_impossible { "impossible" } else { "unlisted" },
                "path": path.iter().map(|above| above.code.as_str()).collect::<Vec<_>>(),
                "groups": groups_json(&groups),
            });
            output::json(&mut self.out, &value)?;
            return Ok(Status::wrong_if(is_impossible));
        }
        let (edition, context) = (&list.edition, self.context);
        let said = if is_impossible {
            context
                .say(&format!("{edition} 里没有代码 {code}"), &format!("{edition} has no code {code}"))
                .to_owned()
        } else {
            context
                .say(
                    &format!("这里没有列出 {code};{edition} 可能有,只列到它的上级"),
                    &format!(
                        "{code} is not listed here; {edition} may have it, only what it lies under is listed"
                    ),
                )
                .to_owned()
        };
        writeln!(self.out, "{said}")?;
        let near = if path.is_empty() { list.nearest(code).into_iter().collect() } else { path };
        self.rows(&near)?;
        self.groups(&groups)?;
        Ok(Status::wrong_if(is_impossible))
    }

    /// A grouping as a whole, the group of a code, or one by its name.
    pub(super) fn grouping(
        &mut self,
        lists: &Classifications,
        grouping: &Grouping,
        what: Option<&str>,
    ) -> Result<Status> {
        let code = what.map(|what| half_width(what).to_ascii_uppercase());
        let found: Vec<&Group> = match (what, &code) {
            (Some(what), Some(code)) => {
                let wanted = what.to_lowercase();
                let has = |text: &str| text.to_lowercase().contains(&wanted);
                let named: Vec<&Group> = (grouping.groups.iter())
                    .filter(|group| has(&group.name.zh) || has(&group.name.en))
                    .collect();
                let by_code = grouping.of_code(code);
                let is_code =
                    lists.classification(&grouping.of).is_some_and(|list| list.level(code).is_some());
                if is_code && code.is_ascii() { by_code } else { named }
            }
            _ => grouping.groups.iter().collect(),
        };
        let context = self.context;
        if self.is_json {
            let value = json!({
                "name": grouping.name,
                "title": bilingual(&grouping.title),
                "source": bilingual(&grouping.source),
                "of": grouping.of,
                "groups": found.iter().map(|group| group_json(group)).collect::<Vec<Value>>(),
            });
            output::json(&mut self.out, &value)?;
            return Ok(Status::wrong_if(found.is_empty()));
        }
        if found.is_empty() {
            let what = what.unwrap_or_default();
            output::note(context.say(
                &format!("“{what}”不在 {} 的任何一组", grouping.name),
                &format!("“{what}” is in no group of {}", grouping.name),
            ));
            return Ok(Status::FoundWrong);
        }
        if what.is_none() {
            writeln!(self.out, "{}", style::heading(context.text(&grouping.title), context))?;
        }
        let row = |group: &&Group| vec![format!("  {}", context.text(&group.name)), group.under.join(" ")];
        for line in table::columns(&found.iter().map(row).collect::<Vec<_>>()) {
            writeln!(self.out, "{line}")?;
        }
        if what.is_none() {
            self.line("出自:", "From: ", context.text(&grouping.source))?;
            for note in &grouping.notes {
                self.line("", "", context.text(note))?;
            }
        }
        Ok(Status::Fine)
    }
}

/// Down to where the codes of a list are complete, in words.
fn complete(list: &Classification, context: &Context) -> String {
    let full = list.levels.iter().filter(|level| level.length <= list.complete_to);
    let names: Vec<&str> = full.map(|level| context.text(&level.name)).collect();
    if names.len() == list.levels.len() {
        return context.say("代码列全。", "All codes are listed.").to_owned();
    }
    match names.as_slice() {
        [] => context.say("代码只列了一部分。", "Only some codes are listed.").to_owned(),
        names => context
            .say(
                &format!("{}列全,更细的代码只列了一部分。", names.join("、")),
                &format!("Every {} is listed; of finer codes only some.", names.join(" and ")),
            )
            .to_owned(),
    }
}

fn groups<'l>(
    lists: &'l Classifications,
    list: &'l Classification,
    code: &str,
) -> Vec<(&'l Grouping, Vec<&'l Group>)> {
    lists.groupings_of(&list.name).map(|grouping| (grouping, grouping.of_code(code))).collect()
}

fn code_json(code: &Code) -> Value {
    json!({"code": code.code, "name": bilingual(&code.name), "note": bilingual(&code.note)})
}

fn group_json(group: &Group) -> Value {
    json!({"name": bilingual(&group.name), "under": group.under})
}

fn groups_json(groups: &[(&Grouping, Vec<&Group>)]) -> Value {
    let of_grouping = |(grouping, groups): &(&Grouping, Vec<&Group>)| {
        let names: Vec<&str> = groups.iter().map(|group| group.name.zh.as_str()).collect();
        (grouping.name.clone(), json!(names))
    };
    Value::Object(groups.iter().map(of_grouping).collect())
}
