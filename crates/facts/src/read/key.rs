//! What a column header or an object's key means: `研发费用.上年(元)`, `status:高新技术企业`, `被投企业.资产总额.投资时`.

use super::problem::{CellProblem, shown};
use super::quantity::{unit_fits, unit_misfit};
use crate::{FactDefinition, FactId, FactType, Grain, Period, SpanAs, Unit, Vocabulary, half_width, nearest};

/// Keys with a meaning of their own; no fact can have such a name.
pub const RESERVED_KEYS: [&str; 10] = [
    "统一社会信用代码",
    "credit_code",
    "id",
    "名称",
    "name",
    "企业名称",
    "kind",
    "主体",
    "facts",
    "subjects",
];

/// Under which a JSON or YAML object may keep its facts.
pub(super) const FACTS_KEY: &str = "facts";

/// Under which a JSON or YAML file may keep its list of subjects.
pub(super) const SUBJECTS_KEY: &str = "subjects";

/// Before the name of a status.
const STATUS_PREFIX: &str = "status:";

/// Before the id of a condition that a person decided.
const MANUAL_PREFIX: &str = "manual:";

/// What a key names: a column's header, or the key of an object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Key {
    /// A fact in a period.
    Fact(FactId, Period),
    /// A status, or a part of its certificate.
    Status(String, StatusPart),
    /// A decision on a condition.
    Manual(String),
    /// A collection, by canonical name.
    Collection(String),
    /// A related party: role and kind.
    Role(String, String),
    /// Something about a related party: role, kind and what.
    OfRole(String, String, Box<Key>),
    /// 统一社会信用代码
    CreditCode,
    /// Another key of the subject.
    Id,
    /// 名称
    Name,
    /// 主体
    Kind,
}

/// What is said about a status.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StatusPart {
    /// Whether it is held.
    Held,
    /// The certificate's number.
    Number,
    /// Its first day.
    From,
    /// Its last day.
    To,
}

const STATUS_PARTS: [(&str, StatusPart); 6] = [
    ("number", StatusPart::Number),
    ("编号", StatusPart::Number),
    ("from", StatusPart::From),
    ("起", StatusPart::From),
    ("to", StatusPart::To),
    ("止", StatusPart::To),
];

impl StatusPart {
    /// The part of that name; its absence means whether the status is held.
    pub(super) fn parse(text: &str) -> Option<Self> {
        STATUS_PARTS.iter().find(|(name, _)| *name == text).map(|(_, part)| *part)
    }
}

/// Reads a column's header: its key and the unit of bare numbers below it, which is `None` for the definition's own.
///
/// ```
/// # let text = "facts: [{name: 研发费用, type: money, grain: year}]";
/// # let (words, _) = facts::vocabulary::load(&[facts::Source::new("f", text)]);
/// use facts::read::{Key, parse_header};
/// let (key, unit) = parse_header(&words, "研发费用.2025(元)").unwrap();
/// assert!(matches!(key, Key::Fact(..)));
/// assert_eq!(unit.unwrap().name, "元");
/// assert_eq!(parse_header(&words, "研发费").unwrap_err().help.zh, "是不是“研发费用”?");
/// ```
pub fn parse_header(
    vocabulary: &Vocabulary,
    text: &str,
) -> Result<(Key, Option<&'static Unit>), CellProblem> {
    let joined: String = text.split(['\r', '\n']).map(str::trim).collect();
    let plain = half_width(&joined);
    let whole = parse_key(vocabulary, &joined);
    let Some((name, note)) = plain.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')) else {
        return whole.map(|key| (key, None));
    };
    if let Ok(key) = whole {
        return Ok((key, None));
    }
    let key = parse_key(vocabulary, name)?;
    let Some(definition) = fact_of(&key).map(|id| vocabulary.get(id)).filter(|fact| fact.is_numeric()) else {
        // `成立日期(年-月-日)`: a remark for the person who fills it in.
        return Ok((key, None));
    };
    let note = note.trim().trim_start_matches("单位").trim_start_matches(':').trim();
    match Unit::find(note) {
        Some(unit) if unit_fits(definition, unit) => Ok((key, Some(unit))),
        _ => Err(unit_misfit(definition, &shown(note))),
    }
}

/// Reads a key.
pub(super) fn parse_key(vocabulary: &Vocabulary, text: &str) -> Result<Key, CellProblem> {
    let plain = half_width(text);
    let plain = plain.trim();
    match plain.to_ascii_lowercase().as_str() {
        "统一社会信用代码" | "credit_code" => return Ok(Key::CreditCode),
        "id" => return Ok(Key::Id),
        "名称" | "name" | "企业名称" => return Ok(Key::Name),
        "kind" | "主体" => return Ok(Key::Kind),
        _ => {}
    }
    if let Some(name) = plain.strip_prefix(STATUS_PREFIX) {
        return parse_status(vocabulary, name.trim());
    }
    if let Some(condition) = plain.strip_prefix(MANUAL_PREFIX).map(str::trim).filter(|id| !id.is_empty()) {
        return Ok(Key::Manual(condition.to_owned()));
    }
    // A name as written may hold full-width signs that `half_width` has changed.
    if let Some(key) = parse_name(vocabulary, text.trim()).or_else(|| parse_name(vocabulary, plain)) {
        return checked(vocabulary, key, plain);
    }
    let Some((head, rest)) = plain.split_once(['.', '@']) else {
        return Err(unknown_key(vocabulary, plain));
    };
    let (head, rest) = (head.trim(), rest.trim());
    if let Some(kind) = vocabulary.role(head) {
        let inner = parse_key(vocabulary, rest)?;
        return Ok(Key::OfRole(head.to_owned(), kind.to_owned(), Box::new(inner)));
    }
    let Some(fact) = vocabulary.find(head) else {
        return Err(unknown_key(vocabulary, head));
    };
    let period = parse_period(vocabulary, rest).ok_or_else(|| unknown_period(vocabulary, rest))?;
    checked(vocabulary, Key::Fact(fact, period), plain)
}

/// The fact at the end of a key.
fn fact_of(key: &Key) -> Option<FactId> {
    match key {
        Key::Fact(fact, _) => Some(*fact),
        Key::OfRole(_, _, inner) => fact_of(inner),
        _ => None,
    }
}

fn parse_name(vocabulary: &Vocabulary, name: &str) -> Option<Key> {
    if let Some(fact) = vocabulary.find(name) {
        return Some(Key::Fact(fact, Period::Unstated));
    }
    if let Some(collection) = vocabulary.collection(name) {
        return Some(Key::Collection(collection.name.clone()));
    }
    vocabulary.role(name).map(|kind| Key::Role(name.to_owned(), kind.to_owned()))
}

fn parse_status(vocabulary: &Vocabulary, text: &str) -> Result<Key, CellProblem> {
    if let Some(status) = vocabulary.status(text) {
        return Ok(Key::Status(status.name.clone(), StatusPart::Held));
    }
    let (name, part) = text.rsplit_once('.').unwrap_or((text, ""));
    if let (Some(status), Some(part)) = (vocabulary.status(name), StatusPart::parse(part)) {
        return Ok(Key::Status(status.name.clone(), part));
    }
    let known = vocabulary.statuses.iter().map(|status| status.name.as_str());
    let problem = CellProblem::new(
        "E0067",
        format!("没有名为“{}”的资格", shown(text)),
        format!("there is no status “{}”", shown(text)),
    );
    Err(problem.with_guess(nearest(text, known)))
}

fn parse_period(vocabulary: &Vocabulary, text: &str) -> Option<Period> {
    let tight: String = text.split_whitespace().collect();
    Period::parse(&tight)
        .or_else(|| vocabulary.period(text).map(|label| Period::Label(label.name.clone())))
        .or_else(|| {
            // A total or a mean over a labelled span: 投资当年及次年合计.
            let span = ["合计", "累计", "均值", "平均"].iter().find_map(|taken| text.strip_suffix(taken))?;
            let label = vocabulary.period(span).filter(|label| !label.years.is_empty())?;
            Some(Period::Label(format!("{}{}", label.name, &text[span.len()..])))
        })
}

/// A fact in a period in which it can be given.
fn checked(vocabulary: &Vocabulary, key: Key, text: &str) -> Result<Key, CellProblem> {
    let Key::Fact(id, period) = &key else {
        return Ok(key);
    };
    let definition = vocabulary.get(*id);
    let name = &definition.name;
    if definition.grain == Grain::Once && *period != Period::Unstated {
        return Err(CellProblem::new(
            "E0062",
            format!("“{name}”不分期间,不能写“{}”", shown(text)),
            format!("“{name}” has no periods, so “{}” cannot be given", shown(text)),
        )
        .with_help(format!("只写“{name}”"), format!("write “{name}” alone")));
    }
    if let Some(problem) = span_misfit(definition, period) {
        return Err(problem);
    }
    Ok(key)
}

/// One figure for a span of years is a total or a mean; something that happened or not is neither.
fn span_misfit(definition: &FactDefinition, period: &Period) -> Option<CellProblem> {
    let taken = period.taken()?;
    let name = &definition.name;
    match (definition.is_numeric(), taken) {
        (true, SpanAs::Years) => Some(
            CellProblem::new(
                "E0066",
                format!("“{name}”在{period}是合计还是均值?"),
                format!("is “{name}” over {period} a total or a mean?"),
            )
            .with_help(
                format!("写“{name}.{period}合计”或“{name}.{period}均值”,或逐年写"),
                format!("write “{name}.{period}合计” (total), “{name}.{period}均值” (mean), or year by year"),
            ),
        ),
        (false, SpanAs::Total | SpanAs::Mean) => Some(CellProblem::new(
            "E0061",
            format!("“{name}”不是数,没有合计和均值"),
            format!("“{name}” is no number: it has neither total nor mean"),
        )),
        _ => None,
    }
}

fn unknown_key(vocabulary: &Vocabulary, text: &str) -> CellProblem {
    let facts = vocabulary.facts().flat_map(|(_, fact)| std::iter::once(&fact.name).chain(&fact.also));
    let collections = vocabulary.collections.iter().map(|collection| &collection.name);
    let roles = vocabulary.collections.iter().flat_map(|collection| collection.roles.keys());
    let names = facts.chain(collections).chain(roles).map(String::as_str).chain(RESERVED_KEYS);
    let guess = nearest(text, names);
    let written = shown(text);
    CellProblem::new("E0060", format!("没有名为“{written}”的事实"), format!("there is no fact “{written}”"))
        .with_help("事实名称见 zhimei facts", "see `zhimei facts` for their names")
        .with_guess(guess)
}

fn unknown_period(vocabulary: &Vocabulary, text: &str) -> CellProblem {
    const WORDS: [&str; 9] =
        ["当年", "上年", "前年", "大前年", "上年末", "近3年合计", "近3年均值", "上年及当年", "四季度末"];
    let names = WORDS.into_iter().chain(vocabulary.periods.iter().map(|label| label.name.as_str()));
    let guess = nearest(text, names);
    let written = shown(text);
    CellProblem::new("E0061", format!("没有名为“{written}”的期间"), format!("there is no period “{written}”"))
        .with_help(
            "如 上年、上年末、2025、近3年合计、当年及前2年合计、四季度末",
            "such as 上年, 上年末, 2025, 近3年合计, 当年及前2年合计, 四季度末",
        )
        .with_guess(guess)
}

/// Whether a fact may be given quarter by quarter; what happens or holds once has no opening and closing.
pub(super) fn takes_quarters(definition: &FactDefinition) -> bool {
    definition.is_numeric() && definition.grain != Grain::Once && definition.fact_type != FactType::Event
}
