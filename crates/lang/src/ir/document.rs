//! The document as a whole.

use facts::{Date, PartialDate, Period, Text};

use super::condition::{Condition, Test};
use super::gives::Gives;
use super::input::{Binding, InputRef, ScopeKind};
use super::parts::{Brackets, ItemList, Named, Param, Score, Table};

/// Where a document's numbers were read.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Legal {
    /// Issuers.
    pub issuer: Vec<String>,
    /// Document numbers; none if unknown.
    pub document: Vec<String>,
    /// Title of the notice where it differs.
    pub name: String,
    /// Publication.
    pub published: Option<PartialDate>,
    /// `official`, `press`, `third_party`, `none`.
    pub grade: String,
    /// Day of reading.
    pub read: Option<Date>,
    /// A government's own page; may be empty.
    pub url: String,
}

/// How and when to apply.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Apply {
    /// `self`, `automatic`, `online`, `notice`.
    pub how: String,
    /// Where.
    pub place: Text,
    /// When.
    pub window: Window,
    /// Anything more.
    pub note: Text,
}

/// When one can apply. A window never changes eligibility.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Window {
    /// As announced.
    #[default]
    ByNotice,
    /// The whole year.
    AllYear,
    /// Between two days.
    Between(Date, Date),
}

/// Which year is 当年.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ReferenceYear {
    /// The year of the day of decision.
    #[default]
    Calendar,
    /// That fact of type year; without it the last complete year.
    Fact(InputRef),
}

/// A checked document.
#[derive(Clone, PartialEq, Debug)]
pub struct Document {
    /// Its id; versions of one policy share it.
    pub id: String,
    /// `national`, `province`, `city`, `zone`.
    pub level: String,
    /// Path of its source.
    pub path: String,
    /// Full title.
    pub title: Text,
    /// Short title.
    pub short: Text,
    /// One or two sentences.
    pub summary: Text,
    /// `qualification`, `tax`, `subsidy`, `evaluation`, `space`, `gate`.
    pub kind: String,
    /// Kind of subject.
    pub subject: String,
    /// Source.
    pub legal: Legal,
    /// First day in force.
    pub from: PartialDate,
    /// Last day in force.
    pub to: Option<PartialDate>,
    /// Ids it replaces.
    pub supersedes: Vec<String>,
    /// Id that replaced it.
    pub superseded_by: Option<String>,
    /// What holds in between.
    pub transition: Text,
    /// Which year is 当年.
    pub reference: ReferenceYear,
    /// What a yearly fact without a period means.
    pub default_period: Option<Period>,
    /// A span that reaches before founding counts only the years there are.
    pub actual_years: bool,
    /// Kinds of scope; 0 is the subject.
    pub kinds: Vec<ScopeKind>,
    /// What each scope variable is bound to.
    pub vars: Vec<Binding>,
    /// Parameters.
    pub params: Vec<Param>,
    /// Intermediate values.
    pub lets: Vec<Named>,
    /// Lists.
    pub lists: Vec<ItemList>,
    /// Tables.
    pub tables: Vec<Table>,
    /// Progressive bands.
    pub brackets: Vec<Brackets>,
    /// Scores.
    pub scores: Vec<Score>,
    /// Conditions; all must hold.
    pub needs: Vec<Condition>,
    /// What it gives.
    pub gives: Gives,
    /// Materials.
    pub materials: Vec<Text>,
    /// Applying.
    pub apply: Apply,
    /// Statuses required but implied by the condition of that id.
    pub implied_status: Vec<(String, String)>,
    /// Documents that exclude this one.
    pub exclusive_with: Vec<String>,
    /// How it adds up with others.
    pub stacking: Text,
    /// What it obliges to.
    pub obligations: Vec<Text>,
    /// Everything uncertain.
    pub open_points: Vec<Text>,
    /// Further notes.
    pub notes: Vec<Text>,
}

impl Document {
    /// Whether a rank is a place within a group, so that nobody's is known before everybody is decided.
    pub fn ranks_a_group(&self) -> bool {
        let rule = self.gives.rank.as_ref().map(|rank| &rank.rule);
        matches!(rule, Some(super::RankRule::InGroup { .. }))
    }

    /// All conditions, groups before their members.
    pub fn conditions(&self) -> Vec<&Condition> {
        fn collect<'a>(conditions: &'a [Condition], out: &mut Vec<&'a Condition>) {
            for condition in conditions {
                out.push(condition);
                match &condition.test {
                    Test::All(inner)
                    | Test::Any(inner)
                    | Test::About(_, _, inner)
                    | Test::Each(_, _, inner) => {
                        collect(inner, out);
                    }
                    Test::First(tiers, otherwise) => {
                        for (_, tier) in tiers {
                            collect(std::slice::from_ref(tier), out);
                        }
                        if let Some(last) = otherwise {
                            collect(std::slice::from_ref(last), out);
                        }
                    }
                    Test::Rule(_) | Test::Manual(..) | Test::Include(..) => {}
                }
            }
        }
        let mut out = Vec::new();
        collect(&self.needs, &mut out);
        out
    }
}
