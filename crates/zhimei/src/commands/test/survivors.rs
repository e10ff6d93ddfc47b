//! What the examples did not notice, as a list with places, tables by document and by kind, and JSON.

use std::collections::BTreeMap;
use std::io::Write;

use facts::Source;
use library::mutants::{Mutant, MutantKind, Tried, Verdict};
use serde_json::{Value, json};
use wording::{style, table};

use crate::context::Context;

/// Longest piece of a document that is shown, in characters.
const SHOWN_MAX: usize = 70;

/// A mutant and what became of it.
pub struct Found<'r> {
    pub mutant: &'r Mutant,
    pub tried: &'r Tried,
}

/// Everything that was tried.
pub struct Report<'r> {
    pub found: Vec<Found<'r>>,
    pub sources: &'r [Source],
    /// The percentage that has to be noticed.
    pub at_least: u8,
    pub seconds: f64,
    pub threads: usize,
}

/// How many came to what.
#[derive(Clone, Copy, Default)]
struct Counts {
    all: usize,
    caught: usize,
    refused: usize,
    same: usize,
    survived: usize,
}

impl Counts {
    fn add(&mut self, verdict: &Verdict) {
        self.all += 1;
        match verdict {
            Verdict::Caught { .. } => self.caught += 1,
            Verdict::Refused(_) => self.refused += 1,
            Verdict::Same => self.same += 1,
            Verdict::Survived => self.survived += 1,
        }
    }

    /// Those that can be noticed at all.
    fn noticeable(self) -> usize {
        self.all - self.same
    }

    fn is_enough(self, percent: u8) -> bool {
        (self.caught + self.refused) * 100 >= usize::from(percent) * self.noticeable()
    }

    fn share(part: usize, of: usize) -> String {
        // Rounded down, so that 100 % says that nothing is left.
        let tenths = (part * 1000).checked_div(of).unwrap_or(1000);
        format!("{}.{} %", tenths / 10, tenths % 10)
    }

    fn row(self, name: &str) -> Vec<String> {
        let share = Self::share(self.caught + self.refused, self.noticeable());
        let counts = [self.all, self.caught, self.refused, self.same, self.survived];
        std::iter::once(name.to_owned()).chain(counts.map(|count| count.to_string())).chain([share]).collect()
    }

    fn json(self) -> Value {
        json!({
            "mutants": self.all,
            "caught": self.caught,
            "refused": self.refused,
            "same": self.same,
            "survived": self.survived,
        })
    }
}

impl Report<'_> {
    /// Whether as much was noticed as has to be.
    pub fn is_enough(&self) -> bool {
        self.totals().is_enough(self.at_least)
    }

    fn totals(&self) -> Counts {
        let mut totals = Counts::default();
        self.found.iter().for_each(|found| totals.add(&found.tried.verdict));
        totals
    }

    /// By document, those with the most survivors first.
    fn by_document(&self) -> Vec<(&str, Counts)> {
        let mut by: BTreeMap<&str, Counts> = BTreeMap::new();
        for found in &self.found {
            by.entry(&found.mutant.id).or_default().add(&found.tried.verdict);
        }
        let mut rows: Vec<(&str, Counts)> = by.into_iter().collect();
        rows.sort_by_key(|(_, counts)| std::cmp::Reverse(counts.survived));
        rows
    }

    fn by_kind(&self) -> Vec<(MutantKind, Counts)> {
        let mut by: BTreeMap<MutantKind, Counts> = BTreeMap::new();
        for found in &self.found {
            by.entry(found.mutant.kind).or_default().add(&found.tried.verdict);
        }
        by.into_iter().collect()
    }

    /// All of it with stable keys.
    pub fn json(&self) -> Value {
        let documents = self.by_document();
        let documents = documents.iter().map(|(id, counts)| (id.to_string(), counts.json()));
        let kinds = self.by_kind();
        let kinds = kinds.iter().map(|(kind, counts)| (kind.as_code().to_owned(), counts.json()));
        let mut summary = self.totals().json();
        summary["at_least"] = json!(self.at_least);
        summary["is_enough"] = json!(self.is_enough());
        json!({
            "mutants": self.found.iter().map(|found| self.found_json(found)).collect::<Vec<_>>(),
            "documents": documents.collect::<serde_json::Map<_, _>>(),
            "kinds": kinds.collect::<serde_json::Map<_, _>>(),
            "summary": summary,
        })
    }

    fn found_json(&self, found: &Found<'_>) -> Value {
        let Found { mutant, tried } = found;
        let (path, line, column) = self.place(mutant);
        let mut value = json!({
            "path": path,
            "line": line,
            "column": column,
            "policy": mutant.id,
            "kind": mutant.kind.as_code(),
            "old": mutant.old,
            "new": tried.new,
            "verdict": tried.verdict.as_code(),
            "wanted": {"zh": mutant.wanted.zh, "en": mutant.wanted.en},
        });
        match &tried.verdict {
            Verdict::Caught { path, line } => value["by"] = json!({"path": path, "line": line}),
            Verdict::Refused(code) => value["code"] = json!(code),
            Verdict::Same | Verdict::Survived => {}
        }
        value
    }

    fn place(&self, mutant: &Mutant) -> (&str, usize, usize) {
        let source = &self.sources[mutant.source];
        let (line, column) = source.line_column(mutant.span.start);
        (&source.path, line, column)
    }
}

/// Shows it to a person: what survived, then the counts.
pub fn show(out: &mut impl Write, report: &Report<'_>, context: &Context) -> std::io::Result<()> {
    let survivors = report.found.iter().filter(|found| found.tried.verdict == Verdict::Survived);
    for found in survivors {
        survivor(out, report, found, context)?;
    }
    let heading = |first: (&str, &str)| -> Vec<String> {
        let words = [
            first,
            ("改动", "mutants"),
            ("例子发现", "examples"),
            ("检查发现", "check"),
            ("等价", "same"),
            ("未发现", "survived"),
            ("发现率", "noticed"),
        ];
        words.iter().map(|(zh, en)| context.say(zh, en).to_owned()).collect()
    };
    let mut rows = vec![heading(("政策", "policy"))];
    rows.extend(report.by_document().into_iter().map(|(id, counts)| counts.row(id)));
    write_table(out, &rows, context)?;
    let mut rows = vec![heading(("种类", "kind"))];
    rows.extend(report.by_kind().into_iter().map(|(kind, counts)| counts.row(kind_name(kind, context))));
    rows.push(report.totals().row(context.say("合计", "all")));
    write_table(out, &rows, context)?;
    writeln!(out, "{}", summary(report, context))
}

fn write_table(out: &mut impl Write, rows: &[Vec<String>], context: &Context) -> std::io::Result<()> {
    for (index, line) in table::columns(rows).iter().enumerate() {
        let line = if index == 0 { style::heading(line, context) } else { line.clone() };
        writeln!(out, "{line}")?;
    }
    writeln!(out)
}

fn survivor(
    out: &mut impl Write,
    report: &Report<'_>,
    found: &Found<'_>,
    context: &Context,
) -> std::io::Result<()> {
    let (path, line, column) = report.place(found.mutant);
    let word = style::bad(context.say("未发现", "survived"), context);
    let nothing = context.say("(删去)", "(left out)");
    let old = shortened(&found.mutant.old);
    let new = if found.tried.new.is_empty() { nothing.to_owned() } else { shortened(&found.tried.new) };
    writeln!(out, "{word} {path}:{line}:{column} {old} → {new}")?;
    let colon = context.say("要补:", "wanted: ");
    writeln!(out, "    {colon}{}", context.text(&found.mutant.wanted))
}

/// The first line of a piece of a document, cut where it is long.
fn shortened(text: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    let is_whole = first.len() == text.len() && first.chars().count() <= SHOWN_MAX;
    if is_whole {
        text.to_owned()
    } else {
        format!("{}…", first.chars().take(SHOWN_MAX).collect::<String>())
    }
}

fn kind_name(kind: MutantKind, context: &Context) -> &'static str {
    let (zh, en) = match kind {
        MutantKind::Grain => ("数字差一步", "number one step off"),
        MutantKind::Bound => ("含不含边界", "bound in or out"),
        MutantKind::Equality => ("等于与不等于", "= and !="),
        MutantKind::Logic => ("且与或、非", "and, or, not"),
        MutantKind::Removal => ("漏掉条件", "condition forgotten"),
    };
    if context.is_chinese() { zh } else { en }
}

fn summary(report: &Report<'_>, context: &Context) -> String {
    let totals = report.totals();
    if totals.all == 0 {
        return context
            .say(
                "没有可以改动的地方:没有政策文件,或政策文件有错误",
                "nothing to mistype: no policy document, or none without errors",
            )
            .to_owned();
    }
    let share = Counts::share(totals.caught + totals.refused, totals.noticeable());
    let by_examples = Counts::share(totals.caught, totals.noticeable() - totals.refused);
    let (all, same, survived, percent) = (totals.all, totals.same, totals.survived, report.at_least);
    let line = context.say(
        &format!("{all} 处改动({same} 处等价不计),发现 {share},未发现 {survived} 处;要求 {percent} %。只算检查放过的,例子发现 {by_examples}"),
        &format!("mutants: {all} ({same} the same and not counted), noticed: {share}, survived: {survived}; required: {percent} %. Of those that pass the check, examples notice {by_examples}"),
    )
    .to_owned();
    let line = if report.is_enough() { style::good(&line, context) } else { style::bad(&line, context) };
    let (seconds, threads) = (report.seconds, report.threads);
    if context.is_chinese() {
        format!("{line}(用时 {seconds:.1} 秒,{threads} 个线程)")
    } else {
        format!("{line} ({seconds:.1} s, {threads} threads)")
    }
}
