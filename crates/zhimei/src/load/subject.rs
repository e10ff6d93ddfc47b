//! One subject out of a file, and what it would be with other facts.

use anyhow::Result;
use engine::point::reference_year;
use facts::yaml::{self, Node};
use facts::{Date, Grain, Origin, Period, Profile, Source, Text, Vocabulary};
use lang::ir::Document;
use wording::decision::subject_name;

use super::parquet::Zone;
use crate::context::Context;
use crate::problem::Problem;

/// Most names that a message lists.
const LISTED_MAX: usize = 10;

/// The subject of that id or name; the only one where none is asked for.
pub fn pick<'p>(
    profiles: &'p [Profile],
    wanted: Option<&str>,
    context: &Context,
) -> Result<(usize, &'p Profile)> {
    let names = || {
        let shown: Vec<String> =
            profiles.iter().take(LISTED_MAX).map(|profile| subject_name(profile, context)).collect();
        let more = if profiles.len() > LISTED_MAX { "…" } else { "" };
        format!("{}{more}", shown.join("、"))
    };
    let Some(wanted) = wanted else {
        return match profiles {
            [only] => Ok((0, only)),
            _ => Err(Problem::new(
                format!("文件里有 {} 个主体,要说明看哪一个", profiles.len()),
                format!("the file has {} subjects; say which one", profiles.len()),
            )
            .with_help(format!("加 --subject,如:{}", names()), format!("add --subject, one of: {}", names()))
            .into()),
        };
    };
    let is_wanted = |profile: &Profile| profile.id.eq_ignore_ascii_case(wanted) || profile.name == wanted;
    let mut found = profiles.iter().enumerate().filter(|(_, profile)| is_wanted(profile));
    match (found.next(), found.next()) {
        (Some(first), None) => Ok(first),
        (Some(_), Some(_)) => Err(Problem::new(
            format!("有几个主体都叫“{wanted}”"),
            format!("several subjects are called “{wanted}”"),
        )
        .with_help("请用统一社会信用代码", "use the unified social credit code")
        .into()),
        (None, _) => {
            let known = profiles.iter().map(|profile| profile.name.as_str());
            let problem =
                Problem::new(format!("没有主体“{wanted}”"), format!("there is no subject “{wanted}”"))
                    .with_help(format!("文件里有:{}", names()), format!("the file has: {}", names()));
            Err(match facts::nearest(wanted, known) {
                Some(name) => problem.with_guess(Some(name)),
                None => problem,
            }
            .into())
        }
    }
}

/// The same out of Parquet files, without reading more than ids and names of the others.
pub fn pick_in_zone(zone: &Zone<'_>, wanted: Option<&str>) -> Result<Profile> {
    let found = zone.find(wanted)?;
    match (found.rows.as_slice(), wanted) {
        ([only], _) => zone.profile(*only),
        (_, None) => {
            let (rows, names) = (zone.rows(), found.names.join("、"));
            Err(Problem::new(
                format!("文件里有 {rows} 个主体,要说明看哪一个"),
                format!("the file has {rows} subjects; say which one"),
            )
            .with_help(format!("加 --subject,如:{names}"), format!("add --subject, one of: {names}"))
            .into())
        }
        ([], Some(wanted)) => {
            Err(Problem::new(format!("没有主体“{wanted}”"), format!("there is no subject “{wanted}”"))
                .with_help(
                    format!("文件里有:{}……", found.names.join("、")),
                    format!("the file has: {} …", found.names.join(", ")),
                )
                .into())
        }
        (_, Some(wanted)) => Err(Problem::new(
            format!("有几个主体都叫“{wanted}”"),
            format!("several subjects are called “{wanted}”"),
        )
        .with_help("请用统一社会信用代码", "use the unified social credit code")
        .into()),
    }
}

/// The subject with other facts, each written `FACT=VALUE`.
pub fn with_changes(
    profile: &Profile,
    changes: &[String],
    document: &Document,
    vocabulary: &Vocabulary,
    day: Date,
    context: &Context,
) -> Result<Profile> {
    let mut changed = profile.clone();
    for change in changes {
        let Some((key, value)) = change.split_once(['=', '=']).filter(|(key, _)| !key.trim().is_empty())
        else {
            return Err(Problem::new(
                format!("--set “{change}”应写成 事实=值"),
                format!("--set “{change}” should be FACT=VALUE"),
            )
            .with_help("如 --set '研发费用.上年=300万元'", "such as --set '研发费用.上年=300万元'")
            .into());
        };
        let read = read_one(key.trim(), value.trim(), vocabulary, &document.subject, context)?;
        merge(&mut changed, read, document, vocabulary, day);
    }
    Ok(changed)
}

/// A profile with nothing in it but one key and its value.
pub fn read_one(
    key: &str,
    value: &str,
    vocabulary: &Vocabulary,
    kind: &str,
    context: &Context,
) -> Result<Profile> {
    let quoted = |text: &str| serde_json::Value::String(text.to_owned()).to_string();
    let value = if value.starts_with(['[', '{']) { value.to_owned() } else { quoted(value) };
    let source = Source::new(format!("{key}=…"), format!("{{{}: {value}}}", quoted(key)));
    let (root, mut found) = yaml::parse(&source.text);
    let empty = Node { kind: yaml::NodeKind::Map(Vec::new()), span: facts::Span::default() };
    let (mut profile, more) =
        facts::read::profile_from_node(&root.unwrap_or(empty), &source, vocabulary, kind);
    found.extend(more);
    let supposed = Origin { text: Text { zh: "假设".to_owned(), en: "supposed".to_owned() } };
    profile.facts.values_mut().flatten().for_each(|entry| entry.origin = supposed.clone());
    match found.into_iter().next() {
        None => Ok(profile),
        Some(finding) => {
            let colon = context.say(":", ": ");
            let (zh, en) = (
                format!("{key}{colon}{}", finding.message.zh),
                format!("{key}{colon}{}", finding.message.en),
            );
            Err(Problem::new(zh, en).with_help(finding.help.zh, finding.help.en).into())
        }
    }
}

/// Lays what was read over a subject. A figure without a period is meant in the document's default one.
fn merge(into: &mut Profile, read: Profile, document: &Document, vocabulary: &Vocabulary, day: Date) {
    for (fact, entries) in read.facts {
        let definition = vocabulary.get(fact);
        for entry in entries {
            let is_default = entry.period == Period::Unstated && definition.grain != Grain::Once;
            let default = document.default_period.as_ref().filter(|_| is_default);
            let named = match default {
                Some(default) => default.absolute(definition, reference_year(document, Some(into), day)),
                None => entry.period.absolute(definition, day.year),
            };
            // The last entry for a period counts, so the new one stands over any other way of naming that period.
            into.set(fact, named, entry.value, entry.origin);
        }
    }
    into.holdings.extend(read.holdings);
    into.manual.extend(read.manual);
    into.collections.extend(read.collections);
    for (role, party) in read.roles {
        match into.roles.get_mut(&role) {
            Some(known) => merge(known, party, document, vocabulary, day),
            None => {
                into.roles.insert(role, party);
            }
        }
    }
}
