//! The profile that is being filled, one key at a time, whatever the format of the file.

use std::collections::BTreeSet;

use super::cell::{is_unknown, parse_value, parse_yes_no};
use super::day::parse_day;
use super::key::{Key, StatusPart};
use super::problem::{CellProblem, shown};
use crate::uscc;
use crate::{
    Date, FactId, Holding, Origin, Period, Precision, Profile, SUBJECT_KINDS, Text, Unit, Uscc, UsccError,
    Value, Vocabulary,
};

/// A profile in the making, and which of its facts contradict themselves.
pub(super) struct Sink<'v> {
    vocabulary: &'v Vocabulary,
    /// What was understood so far.
    pub(super) profile: Profile,
    /// Facts given with two values, by path of roles: they stay unknown.
    contradicted: BTreeSet<(Vec<String>, FactId, Period)>,
}

/// A cell as it stands in a file.
#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    /// Its text.
    pub(super) text: &'a str,
    /// Unit of a bare number, from the column's header.
    pub(super) unit: Option<&'static Unit>,
    /// Where it stands.
    pub(super) origin: &'a Text,
}

impl<'v> Sink<'v> {
    /// An empty profile of a kind.
    pub(super) fn new(vocabulary: &'v Vocabulary, kind: &str) -> Self {
        Self { vocabulary, profile: Profile::new(kind), contradicted: BTreeSet::new() }
    }

    /// Takes in what stands under a key.
    pub(super) fn put(&mut self, key: &Key, given: Given) -> Result<(), CellProblem> {
        if is_unknown(given.text) && !matches!(key, Key::Fact(..) | Key::OfRole(..)) {
            return Ok(());
        }
        match key {
            Key::Fact(fact, period) => self.put_fact(&[], *fact, period, given),
            Key::OfRole(..) => self.put_of_role(key, given),
            Key::Status(name, part) => put_status(&mut self.profile, name, *part, given.text),
            Key::Manual(condition) => {
                self.profile.manual.insert(condition.clone(), parse_yes_no(given.text)?);
                Ok(())
            }
            Key::Collection(name) => put_empty_collection(&mut self.profile, name, given.text),
            Key::Role(role, _) => Err(party_is_no_word(role)),
            Key::CreditCode => put_credit_code(&mut self.profile, given.text),
            Key::Id => {
                put_id(&mut self.profile, given.text);
                Ok(())
            }
            Key::Name => {
                self.profile.name = given.text.trim().to_owned();
                Ok(())
            }
            Key::Kind => self.put_kind(given.text),
        }
    }

    /// Takes in a value that is already read.
    pub(super) fn put_value(
        &mut self,
        path: &[&str],
        fact: FactId,
        period: &Period,
        value: Value,
        origin: &Text,
    ) -> Result<(), CellProblem> {
        let definition = self.vocabulary.get(fact);
        let kept_as = period.clone().for_grain(definition.grain);
        let mark = (path.iter().map(|role| (*role).to_owned()).collect(), fact, kept_as.clone());
        if self.contradicted.contains(&mark) {
            return Ok(());
        }
        let Some(profile) = descend(&mut self.profile, path) else {
            return Ok(());
        };
        let entries = profile.facts.get(&fact).map(Vec::as_slice).unwrap_or_default();
        let before = entries.iter().find(|entry| entry.period.clone().for_grain(definition.grain) == kept_as);
        match before {
            None => profile.set(fact, period.clone(), value, Origin { text: origin.clone() }),
            Some(entry) if entry.value == value => {}
            Some(entry) => {
                let problem = contradiction(&definition.name, &entry.value, &value, &entry.origin.text);
                let gone = entry.period.clone();
                profile.facts.entry(fact).or_default().retain(|entry| entry.period != gone);
                profile.facts.retain(|_, entries| !entries.is_empty());
                self.contradicted.insert(mark);
                return Err(problem);
            }
        }
        Ok(())
    }

    fn put_fact(
        &mut self,
        path: &[&str],
        fact: FactId,
        period: &Period,
        given: Given,
    ) -> Result<(), CellProblem> {
        let definition = self.vocabulary.get(fact);
        let Some(value) = parse_value(definition, given.text, given.unit)? else {
            return Ok(());
        };
        if matches!(period, Period::Quarters(_)) {
            return Err(quarters_in_one(&definition.name));
        }
        self.put_value(path, fact, period, value, given.origin)
    }

    /// A fact or name of a related party, perhaps several parties away.
    fn put_of_role(&mut self, key: &Key, given: Given) -> Result<(), CellProblem> {
        if is_unknown(given.text) {
            return Ok(());
        }
        let mut path = Vec::new();
        let mut inner = key;
        let mut profile = &mut self.profile;
        while let Key::OfRole(role, kind, next) = inner {
            path.push(role.as_str());
            profile = profile.roles.entry(role.clone()).or_insert_with(|| Profile::new(kind));
            inner = next;
        }
        match inner {
            Key::Fact(fact, period) => self.put_fact(&path, *fact, period, given),
            Key::Name => {
                profile.name = given.text.trim().to_owned();
                Ok(())
            }
            Key::Id => {
                put_id(profile, given.text);
                Ok(())
            }
            Key::CreditCode => put_credit_code(profile, given.text),
            Key::Status(name, part) => put_status(profile, name, *part, given.text),
            Key::Collection(name) => put_empty_collection(profile, name, given.text),
            Key::Role(role, _) => Err(party_is_no_word(role)),
            Key::Manual(_) | Key::Kind | Key::OfRole(..) => Err(CellProblem::new(
                "E0064",
                "关联方在这里只写事实、名称和资格",
                "only facts, names and statuses of a related party belong here",
            )),
        }
    }

    fn put_kind(&mut self, text: &str) -> Result<(), CellProblem> {
        self.profile.kind = parse_kind(self.vocabulary, text)?.to_owned();
        Ok(())
    }
}

/// The code of a kind of subject, given its code or its Chinese word.
pub fn parse_kind<'v>(vocabulary: &'v Vocabulary, text: &str) -> Result<&'v str, CellProblem> {
    let text = text.trim();
    if let Some(kind) = vocabulary.kind(text) {
        return Ok(kind);
    }
    let known =
        SUBJECT_KINDS.iter().map(|(code, word)| format!("{word} {code}")).collect::<Vec<_>>().join("、");
    Err(CellProblem::new(
        "E0069",
        format!("没有“{}”这类主体", shown(text)),
        format!("there is no kind of subject “{}”", shown(text)),
    )
    .with_help(format!("可写:{known}"), format!("one of: {known}")))
}

/// The four quarters of a fact under one key, where each needs its opening and closing value.
pub fn quarters_in_one(name: &str) -> CellProblem {
    CellProblem::new(
        "E0065",
        format!("“{name}”按季要写四季的初、末值"),
        format!("“{name}” by quarter needs opening and closing values of four quarters"),
    )
    .with_help(
        format!("分列写“{name}@一季度初”“{name}@一季度末”…;JSON 写 [[初,末],[初,末],[初,末],[初,末]]"),
        format!(
            "use columns “{name}@一季度初”, “{name}@一季度末” …; in JSON [[opening, closing], …] four times"
        ),
    )
}

fn descend<'p>(profile: &'p mut Profile, path: &[&str]) -> Option<&'p mut Profile> {
    path.iter().try_fold(profile, |profile, role| profile.roles.get_mut(*role))
}

/// Two values for one period of a fact, where the first stands at `place`: neither is used.
pub fn contradiction(name: &str, one: &Value, other: &Value, place: &Text) -> CellProblem {
    CellProblem::new(
        "E0063",
        format!("“{name}”同一期间写了两个值:{one} 和 {other}(前一个在 {})", place.zh),
        format!("“{name}” has two values for one period: {one} and {other} (the first is at {})", place.en),
    )
    .with_help("两个都没有采用,请留下对的一个", "neither is used; keep the right one")
}

pub(super) fn party_is_no_word(role: &str) -> CellProblem {
    CellProblem::new(
        "E0064",
        format!("“{role}”是关联方,不是一个值"),
        format!("“{role}” is a related party, not a single value"),
    )
    .with_help(
        format!("表里写“{role}.名称”“{role}.事实名”;JSON 写 {{…}}"),
        format!("in a table use “{role}.名称”, “{role}.<fact>”; in JSON {{…}}"),
    )
}

fn put_empty_collection(profile: &mut Profile, name: &str, text: &str) -> Result<(), CellProblem> {
    check_empty_collection(name, text)?;
    profile.collections.entry(name.to_owned()).or_default();
    Ok(())
}

/// In a cell a collection can only be empty; its items have a sheet or a list of their own.
pub fn check_empty_collection(name: &str, text: &str) -> Result<(), CellProblem> {
    if matches!(text.trim(), super::cell::NOTHING | "0" | "[]") {
        return Ok(());
    }
    Err(CellProblem::new(
        "E0064",
        format!("“{name}”是一组条目,不是一个值"),
        format!("“{name}” is a list of items"),
    )
    .with_help(
        format!("条目写在名为“{name}”的工作表里;一条也没有就写 无"),
        format!("put the items on a sheet named “{name}”; write 无 if there are none"),
    ))
}

fn put_id(profile: &mut Profile, text: &str) {
    if profile.id.is_empty() {
        profile.id = normal_id(text);
    }
}

/// A credit code is the better key, so it replaces another. One that fails its checks is still kept as a key: it is how
/// the person tells subjects apart.
fn put_credit_code(profile: &mut Profile, text: &str) -> Result<(), CellProblem> {
    profile.id = normal_id(text);
    check_credit_code(text)
}

/// Refuses what is no credit code, as one with a wrong check digit.
pub fn check_credit_code(text: &str) -> Result<(), CellProblem> {
    match text.parse::<Uscc>() {
        Ok(_) => Ok(()),
        // Some codes of individual businesses were issued with a wrong organisation part.
        Err(UsccError::OrganisationCheck { .. }) if uscc::is_individual_business(&normal_id(text)) => Ok(()),
        Err(error) => {
            let message = error.message();
            Err(CellProblem::new("E0074", message.zh, message.en)
                .with_help("请对照营业执照核对", "check it against the business licence"))
        }
    }
}

/// A key as it is compared: credit codes in their normal form, anything else without surrounding blanks.
pub fn normal_id(text: &str) -> String {
    let code = uscc::normalise(text);
    if code.len() == 18 && code.is_ascii() { code } else { text.trim().to_owned() }
}

/// Sets one part of a certificate. A certificate of which a number or date is given is held unless said otherwise.
pub(super) fn put_status(
    profile: &mut Profile,
    name: &str,
    part: StatusPart,
    text: &str,
) -> Result<(), CellProblem> {
    if is_unknown(text) {
        return Ok(());
    }
    let value = StatusValue::parse(part, text)?;
    let mut holding = profile.holdings.remove(name);
    let outcome = value.put(&mut holding, name);
    if let Some(holding) = holding {
        profile.holdings.insert(name.to_owned(), holding);
    }
    outcome
}

/// What a cell says about a certificate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StatusValue {
    /// Whether it is held.
    Held(bool),
    /// Its number.
    Number(String),
    /// Its first day.
    From(Date),
    /// Its last day.
    To(Date),
}

impl StatusValue {
    /// Reads a cell that is not unknown.
    pub fn parse(part: StatusPart, text: &str) -> Result<Self, CellProblem> {
        Ok(match part {
            StatusPart::Held => Self::Held(parse_yes_no(text)?),
            StatusPart::Number => Self::Number(text.trim().to_owned()),
            StatusPart::From => Self::From(parse_full_day(text)?),
            StatusPart::To => Self::To(parse_full_day(text)?),
        })
    }

    /// Adds it to what is known of the certificate, which is held unless said otherwise. One that ends before it
    /// begins is forgotten.
    pub fn put(self, slot: &mut Option<Holding>, name: &str) -> Result<(), CellProblem> {
        let blank = || Holding { held: true, number: String::new(), from: None, to: None };
        let holding = slot.get_or_insert_with(blank);
        match self {
            Self::Held(held) => holding.held = held,
            Self::Number(number) => holding.number = number,
            Self::From(day) => holding.from = Some(day),
            Self::To(day) => holding.to = Some(day),
        }
        match (holding.from, holding.to) {
            (Some(from), Some(to)) if from > to => {
                *slot = None;
                Err(ends_before_it_begins(name, from, to))
            }
            _ => Ok(()),
        }
    }
}

fn ends_before_it_begins(name: &str, from: Date, to: Date) -> CellProblem {
    CellProblem::new(
        "E0068",
        format!("“{name}”的有效期从 {from} 到 {to},起在止后"),
        format!("“{name}” is valid from {from} to {to}: it ends before it begins"),
    )
    .with_help("请核对证书上的日期", "check the dates on the certificate")
}

fn parse_full_day(text: &str) -> Result<Date, CellProblem> {
    let day = parse_day(text)?;
    if day.precision == Precision::Day {
        return Ok(day.start);
    }
    Err(CellProblem::new("E0039", format!("“{day}”不到日"), format!("“{day}” is not a single day"))
        .with_help("有效期写到日,如 2026-11-30", "the term of a certificate is given to the day: 2026-11-30"))
}
