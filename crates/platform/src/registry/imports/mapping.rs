//! What the columns of a file mean: suggested from their headers, chosen by a person, remembered for the next file that has
//! the same headers.

use std::collections::BTreeMap;

use facts::read::{CellProblem, Heading, Key, parse_header};
use facts::{Vocabulary, half_width, nearest};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Longest meaning, in characters.
const MEANING_CHARS_MAX: usize = 300;

/// Headers under which other systems keep the credit code.
const CODE_HEADERS: [&str; 7] = [
    "社会信用代码",
    "统一信用代码",
    "统一社会代码",
    "信用代码",
    "纳税人识别号",
    "社会信用代码(纳税人识别号)",
    "税号",
];

/// Headers under which other systems keep the name.
const NAME_HEADERS: [&str; 11] = [
    "企业全称",
    "公司名称",
    "公司全称",
    "单位名称",
    "单位全称",
    "单位详细名称",
    "法人单位名称",
    "纳税人名称",
    "机构名称",
    "主体名称",
    "企业名",
];

/// A column of a file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MappedColumn {
    /// Column, from 0.
    pub column: usize,
    /// Its header in the file.
    pub header: String,
    /// What it means, as a header of ours (`研发费用.2025(元)`); `None`: it is not imported.
    pub meaning: Option<String>,
}

/// All columns of a file that have a header.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Mapping {
    /// The row of the header, from 0.
    pub header_row: usize,
    /// The columns, in order.
    pub columns: Vec<MappedColumn>,
}

/// What a column may mean.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suggestion {
    /// What it is taken for, where that is beyond doubt.
    pub meaning: Option<String>,
    /// Else what may be meant; a person has to say so.
    pub maybe: Option<String>,
}

/// What a header may mean.
pub fn suggest(vocabulary: &Vocabulary, header: &str) -> Suggestion {
    let sure = |meaning: String| Suggestion { meaning: Some(meaning), maybe: None };
    if is_taken(vocabulary, header) {
        return sure(header.to_owned());
    }
    let plain: String = half_width(header).split_whitespace().collect();
    if CODE_HEADERS.contains(&plain.as_str()) {
        return sure("统一社会信用代码".to_owned());
    }
    if NAME_HEADERS.contains(&plain.as_str()) {
        return sure("名称".to_owned());
    }
    let Some((name, period, unit)) = with_year_apart(&plain) else {
        let (name, _) = unit_apart(&plain);
        return Suggestion { meaning: None, maybe: near(vocabulary, name).map(str::to_owned) };
    };
    let written = |name: &str| format!("{name}.{period}{unit}");
    if is_taken(vocabulary, &written(&name)) {
        return sure(written(&name));
    }
    let maybe = near(vocabulary, &name).map(written);
    Suggestion { meaning: None, maybe: maybe.filter(|meaning| is_taken(vocabulary, meaning)) }
}

/// Whether a header of ours says so. What only a person decides, condition by condition, does not come from a file.
fn is_taken(vocabulary: &Vocabulary, meaning: &str) -> bool {
    matches!(parse_header(vocabulary, meaning), Ok((key, _)) if !matches!(key, Key::Manual(_) | Key::Role(..)))
}

fn near<'v>(vocabulary: &'v Vocabulary, name: &str) -> Option<&'v str> {
    nearest(name, vocabulary.facts().map(|(_, fact)| fact.name.as_str()))
}

/// `研发费用(万元)` as `研发费用` and `(万元)`.
fn unit_apart(text: &str) -> (&str, &str) {
    match text.rfind('(') {
        Some(at) if text.ends_with(')') => text.split_at(at),
        _ => (text, ""),
    }
}

/// `2025年研发费用(万元)` as `研发费用`, `2025` and `(万元)`; with the end of a year as `2025末`. The year may stand in brackets.
fn with_year_apart(text: &str) -> Option<(String, String, &str)> {
    let (body, unit) = match unit_apart(text) {
        (_, bracket) if bracket.contains(|c: char| c.is_ascii_digit()) => (text, ""),
        apart => apart,
    };
    let digits =
        |at: usize| body.as_bytes().get(at..at + 4).is_some_and(|it| it.iter().all(u8::is_ascii_digit));
    let is_digit = |c: char| c.is_ascii_digit();
    let at = (0..body.len()).filter(|at| digits(*at)).find(|at| {
        // Four digits are four bytes, so both ends lie between characters.
        let (before, year, after) = (&body[..*at], &body[*at..at + 4], &body[at + 4..]);
        (year.starts_with("19") || year.starts_with("20"))
            && !before.ends_with(is_digit)
            && !after.starts_with(is_digit)
    })?;
    let (before, year, after) = (&body[..at], &body[at..at + 4], &body[at + 4..]);
    let suffixes = [("年末", "末"), ("年底", "末"), ("末", "末"), ("年度", ""), ("年", "")];
    let (after, end) = suffixes
        .iter()
        .find_map(|(written, end)| after.strip_prefix(written).map(|rest| (rest, *end)))
        .unwrap_or((after, ""));
    let sign = |c: char| matches!(c, '.' | '-' | '_' | ':' | '、' | '的' | '(' | ')');
    let name = format!("{}{}", before.trim_end_matches(sign), after.trim_start_matches(sign));
    (!name.is_empty()).then(|| (name, format!("{year}{end}"), unit))
}

impl Mapping {
    /// As the headers suggest.
    pub fn suggested(vocabulary: &Vocabulary, header_row: usize, headings: &[Heading]) -> Self {
        let columns = headings.iter().map(|heading| MappedColumn {
            column: heading.column,
            header: heading.text.clone(),
            meaning: suggest(vocabulary, &heading.text).meaning,
        });
        Self { header_row, columns: columns.collect() }
    }

    /// As a file with the same headers was mapped before, wherever its columns stood.
    pub fn as_before(&self, before: &Self) -> Self {
        let mut meanings: BTreeMap<&str, Vec<Option<String>>> = BTreeMap::new();
        for column in before.columns.iter().rev() {
            meanings.entry(&column.header).or_default().push(column.meaning.clone());
        }
        let columns = self.columns.iter().map(|column| {
            let meaning = meanings.get_mut(column.header.as_str()).and_then(Vec::pop);
            MappedColumn { meaning: meaning.unwrap_or_else(|| column.meaning.clone()), ..column.clone() }
        });
        Self { header_row: self.header_row, columns: columns.collect() }
    }

    /// The digest of the headers, in whatever order.
    pub fn headers_digest(&self) -> [u8; 32] {
        let mut headers: Vec<&str> = self.columns.iter().map(|column| column.header.as_str()).collect();
        headers.sort_unstable();
        digest("zhimei import headers 1", headers)
    }

    /// The digest of what is imported and as what.
    pub fn digest(&self) -> [u8; 32] {
        let row = self.header_row.to_string();
        let taken = self.columns.iter().filter_map(|it| Some((it.column.to_string(), it.meaning.clone()?)));
        let parts: Vec<String> =
            std::iter::once(row).chain(taken.flat_map(|(at, meaning)| [at, meaning])).collect();
        digest("zhimei import mapping 1", parts.iter().map(String::as_str))
    }

    /// Meanings by column.
    pub fn meanings(&self) -> BTreeMap<usize, String> {
        self.columns.iter().filter_map(|it| Some((it.column, it.meaning.clone()?))).collect()
    }

    /// The header of a column in the file.
    pub fn header(&self, column: usize) -> &str {
        self.columns.iter().find(|it| it.column == column).map_or("", |it| it.header.as_str())
    }

    /// Everything that is wrong with it, by column.
    pub fn problems(&self, vocabulary: &Vocabulary) -> Vec<(Option<usize>, CellProblem)> {
        let mut problems = Vec::new();
        let mut first: BTreeMap<&str, usize> = BTreeMap::new();
        let mut has_identity = false;
        for column in &self.columns {
            let Some(meaning) = &column.meaning else { continue };
            if meaning.chars().count() > MEANING_CHARS_MAX {
                problems.push((Some(column.column), too_long()));
                continue;
            }
            match parse_header(vocabulary, meaning) {
                Err(problem) => problems.push((Some(column.column), problem)),
                Ok((Key::Manual(_) | Key::Role(..), _)) => {
                    problems.push((Some(column.column), not_from_files(meaning)));
                }
                Ok((key, _)) => {
                    has_identity |= matches!(key, Key::CreditCode | Key::Id | Key::Name);
                    if first.insert(meaning, column.column).is_some() {
                        problems.push((Some(column.column), twice(meaning)));
                    }
                }
            }
        }
        if !has_identity && problems.is_empty() {
            problems.push((None, nobody()));
        }
        problems
    }
}

fn digest<'a>(what: &'a str, parts: impl IntoIterator<Item = &'a str>) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in std::iter::once(what).chain(parts) {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().into()
}

fn too_long() -> CellProblem {
    let (zh, en) = ("列的含义太长", "what the column means is too long");
    CellProblem::new("E0060", zh, en)
        .with_help("写事实名称和期间,如 研发费用.2025", "write a fact and a period: 研发费用.2025")
}

fn not_from_files(meaning: &str) -> CellProblem {
    CellProblem::new(
        "E0064",
        format!("“{meaning}”不能从文件导入"),
        format!("“{meaning}” is not imported from files"),
    )
    .with_help(
        "由人判断的条件请逐项判断;关联方请写到具体事实,如 母公司.营业收入.2025",
        "decide conditions one by one; of a related party name the fact: 母公司.营业收入.2025",
    )
}

fn twice(meaning: &str) -> CellProblem {
    CellProblem::new("E0063", format!("有两列都是“{meaning}”"), format!("two columns are both “{meaning}”"))
        .with_help("只保留一列,另一列设为不导入", "keep one of them, and leave the other out")
}

fn nobody() -> CellProblem {
    CellProblem::new("E0071", "没有一列说明每行是谁", "no column says whose each row is").with_help(
        "指定统一社会信用代码所在的列;没有代码时指定名称列",
        "say which column holds the credit code, or the name where there is none",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Vocabulary {
        let text = "facts: [{name: 研发费用, type: money, grain: year}, {name: 从业人数, type: count, unit: 人, grain: stock}]";
        facts::vocabulary::load(&[facts::Source::new("facts.yaml", text)]).0
    }

    #[test]
    fn headers_of_other_systems_are_understood_where_nothing_is_guessed() {
        let sure = |header: &str| suggest(&words(), header).meaning;
        for (header, meaning) in [
            ("研发费用.2025(元)", "研发费用.2025(元)"),
            ("2025年研发费用(万元)", "研发费用.2025(万元)"),
            ("研发费用(2025年)", "研发费用.2025"),
            ("研发费用2024年度", "研发费用.2024"),
            ("2025年末从业人数", "从业人数.2025末"),
            ("社会信用代码", "统一社会信用代码"),
            ("单位 名称", "名称"),
        ] {
            assert_eq!(sure(header).as_deref(), Some(meaning), "{header}");
        }
        for header in ["研发费", "备注", "202512", "", "manual:x", "2025年"] {
            assert_eq!(sure(header), None, "{header}");
        }
        assert_eq!(suggest(&words(), "2025年研发费").maybe.as_deref(), Some("研发费用.2025"));
        assert_eq!(suggest(&words(), "研发费(元)").maybe.as_deref(), Some("研发费用"));
    }

    fn mapping(columns: &[(&str, Option<&str>)]) -> Mapping {
        let columns = columns.iter().enumerate().map(|(column, (header, meaning))| MappedColumn {
            column,
            header: (*header).to_owned(),
            meaning: meaning.map(str::to_owned),
        });
        Mapping { header_row: 0, columns: columns.collect() }
    }

    #[test]
    fn a_file_with_the_same_headers_in_another_order_is_mapped_as_before() {
        let before =
            mapping(&[("甲", Some("名称")), ("数", Some("研发费用.2024")), ("数", Some("研发费用.2025"))]);
        let next = mapping(&[("数", None), ("甲", None), ("数", None)]);
        assert_eq!(before.headers_digest(), next.headers_digest());
        let meanings: Vec<_> =
            next.as_before(&before).columns.into_iter().map(|it| it.meaning.unwrap()).collect();
        assert_eq!(meanings, ["研发费用.2024", "名称", "研发费用.2025"]);
        assert_ne!(before.headers_digest(), mapping(&[("甲", None), ("数", None)]).headers_digest());
    }

    #[test]
    fn what_cannot_be_imported_is_told_with_its_column() {
        let codes = |columns: &[(&str, Option<&str>)]| -> Vec<_> {
            mapping(columns).problems(&words()).into_iter().map(|(at, it)| (at, it.code)).collect()
        };
        assert_eq!(codes(&[("a", Some("名称")), ("b", Some("研发费用.2025"))]), []);
        assert_eq!(codes(&[("a", None), ("b", Some("研发费用.2025"))]), [(None, "E0071")]);
        assert_eq!(codes(&[("a", Some("名称")), ("b", Some("名称"))]), [(Some(1), "E0063")]);
        assert_eq!(codes(&[("a", Some("名称")), ("b", Some("manual:x"))]), [(Some(1), "E0064")]);
        assert_eq!(codes(&[("a", Some("名称")), ("b", Some("天气"))]), [(Some(1), "E0060")]);
    }
}
