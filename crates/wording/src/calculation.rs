//! The calculation: each step of a decision with its article, values and rounding, one below the other.

use engine::point::{Decision, Reason, Scored, Truth};
use facts::{Profile, Vocabulary};
use lang::ir::Part;

use crate::decision::{inner_part, notes, outcome_plain, subject_name};
use crate::{Reader, gap, reason, value, window, words};

/// A step of the calculation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// What kind of step: a condition, a part of a score, the amount.
    pub part: &'static str,
    /// What is decided or worked out; blanks before it say below what it stands.
    pub what: String,
    /// Its article.
    pub clause: String,
    /// How it is decided or worked out.
    pub rule: String,
    /// The values used, a line each, with their sources.
    pub values: String,
    /// What came out.
    pub result: String,
}

/// What was decided for whom: a name and a text each.
pub fn heading(decision: &Decision<'_>, profile: &Profile, reader: &Reader) -> [(&'static str, String); 5] {
    let document = decision.document;
    [
        (reader.say("主体", "Subject"), subject_name(profile, reader)),
        (reader.say("判断日", "Day"), decision.day.to_string()),
        (reader.say("版本", "Version"), document.from.to_string()),
        (reader.say("来源", "Source"), words::grade(&document.legal.grade, reader.language)),
        (reader.say("结果", "Outcome"), outcome_plain(decision.outcome, reader)),
    ]
}

/// All steps: conditions, scores, values between, the amount.
pub fn steps(decision: &Decision<'_>, vocabulary: &Vocabulary, reader: &Reader) -> Vec<Step> {
    Steps { decision, vocabulary, reader }.all()
}

struct Steps<'d> {
    decision: &'d Decision<'d>,
    vocabulary: &'d Vocabulary,
    reader: &'d Reader,
}

impl Steps<'_> {
    fn all(&self) -> Vec<Step> {
        let mut out = Vec::new();
        self.decision.reasons.iter().for_each(|reason| self.condition(reason, "", &mut out));
        for (scored, score) in self.decision.scores.iter().zip(&self.decision.document.scores) {
            self.score(scored, Some(&score.root), "", &mut out);
        }
        let language = self.reader.language;
        for named in &self.decision.values {
            out.push(Step {
                part: self.reader.say("中间值", "value"),
                what: named.name.clone(),
                clause: String::new(),
                rule: String::new(),
                values: String::new(),
                result: value::value(&named.value, &named.ty, language),
            });
        }
        self.amount(&mut out);
        out
    }

    fn condition(&self, reason: &Reason<'_>, prefix: &str, out: &mut Vec<Step>) {
        let reader = self.reader;
        let what = match reason.item {
            Some(place) => format!("{prefix}{} {place}", reader.say("第几项:", "item")),
            None => format!("{prefix}{}", reason::says(reason.condition, reader)),
        };
        let values: Vec<String> = reason.used.iter().map(|used| self.used(used)).collect();
        let mut result =
            format!("{} {}", words::mark(reason.truth), value::truth(reason.truth, reader.language));
        if reason.truth == Truth::False && reason.members.is_empty() {
            for sentence in gap::sentences(reason, &self.decision.gaps, self.vocabulary, reader) {
                result.push('\n');
                result.push_str(&sentence);
            }
        }
        let rule = reason.applied.unwrap_or(reason.condition).rule.clone();
        let clause = match reason.item {
            None => reason::clause(reason.condition, reader).unwrap_or_default(),
            Some(_) => String::new(),
        };
        out.push(Step {
            part: reader.say("条件", "condition"),
            what,
            clause,
            rule,
            values: values.join("\n"),
            result,
        });
        let inner = format!("{prefix}  ");
        reason.members.iter().for_each(|member| self.condition(member, &inner, out));
    }

    fn used(&self, used: &engine::point::Used) -> String {
        let reader = self.reader;
        let Some(known) = &used.known else {
            return format!("{} = {}", used.key, reader.say("还不知道", "not known"));
        };
        let shown = match used.fact {
            Some(fact) => self.vocabulary.show(fact, &known.value, reader.language),
            None => value::of_no_fact(&known.value, reader.language),
        };
        match known.origin.text.get(reader.language) {
            "" => format!("{} = {shown}", used.key),
            origin => format!("{} = {shown} ← {origin}", used.key),
        }
    }

    fn score(&self, scored: &Scored, known: Option<&Part>, prefix: &str, out: &mut Vec<Step>) {
        let reader = self.reader;
        out.push(Step {
            part: reader.say("得分", "score"),
            what: format!("{prefix}{}", scored.name),
            clause: known.and_then(|part| part.clause.clone()).unwrap_or_default(),
            rule: known.map(|part| reader.text(&part.says).to_owned()).unwrap_or_default(),
            values: String::new(),
            result: value::points(&scored.points, reader.language),
        });
        let inner = format!("{prefix}  ");
        for part in &scored.parts {
            self.score(part, known.and_then(|known| inner_part(&known.points, &part.name)), &inner, out);
        }
    }

    fn amount(&self, out: &mut Vec<Step>) {
        let (decision, reader) = (self.decision, self.reader);
        let mut step = |what: &str, rule: &str, result: String| {
            out.push(Step {
                part: reader.say("金额", "amount"),
                what: what.to_owned(),
                clause: String::new(),
                rule: rule.to_owned(),
                values: String::new(),
                result,
            });
        };
        if let Some(unrounded) = &decision.amount_unrounded {
            let money = lang::types::Type::Number(lang::types::Measure::Of(facts::Dimension::of(
                facts::Quantity::Money,
            )));
            let shown = value::possible_numbers(unrounded, &money, reader.language);
            let exact =
                unrounded.as_exact().map_or(shown, |number| format!("{number} {}", reader.say("元", "yuan")));
            step(
                reader.say("取整前", "before rounding"),
                reader.say("精确到分数,封顶之后", "exact, after caps"),
                exact,
            );
        }
        if let Some(money) = &decision.amount_if_eligible {
            let rule = reader.say("四舍五入到分,只在这里取整一次", "rounded half up to the fen, only here");
            step(
                reader.say("条件都符合时", "if all conditions hold"),
                rule,
                value::money(money, reader.language),
            );
        }
        if let Some(money) = &decision.amount {
            let rule = reader
                .say("不符合的为 0;还需确认的未定", "nothing if not eligible; not determined while open");
            step(reader.say("应得", "due"), rule, value::money(money, reader.language));
        }
    }
}

/// What stands below the steps.
pub fn closing(decision: &Decision<'_>, reader: &Reader) -> Vec<String> {
    let document = decision.document;
    let mut out = Vec::new();
    let applying = window::sentence(&document.apply, decision.day, reader);
    if !applying.is_empty() {
        out.push(format!("{}{applying}", reader.say("办理:", "Applying: ")));
    }
    if !decision.missing.is_empty() {
        let keys: Vec<&str> = decision.missing.iter().map(|missing| missing.key.as_str()).collect();
        out.push(format!("{}{}", reader.say("还缺:", "Still missing: "), keys.join("、")));
    }
    out.extend(
        notes(decision, reader).into_iter().map(|note| format!("{}{note}", reader.say("说明:", "Note: "))),
    );
    let open = document
        .open_points
        .iter()
        .map(|point| format!("{}{}", reader.say("尚不确定:", "Uncertain: "), reader.text(point)));
    out.extend(open);
    out
}
