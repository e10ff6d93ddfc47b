//! What the checker makes of a document: resolved, typed, ready to be decided. It holds no source text but what a person is shown.
//!
//! Everything a decision reads is an [`Input`] of a [`ScopeKind`]. Scope variable 0 is the subject; each `about`, `each`,
//! `where` and iteration over items binds a further variable to one item while its body is decided.

use facts::{Date, FactId, Number, PartialDate, Period, Span, Text};

use crate::types::{KindId, Type};

/// A scope variable: bound to the subject or to one item.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ScopeVar(pub usize);

/// What a scope variable is bound to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Binding {
    /// Kind of the item.
    pub kind: KindId,
    /// For a related party: the variable whose party it is; others are bound by what iterates.
    pub role_of: Option<ScopeVar>,
}

/// The variable of the subject.
pub const SUBJECT: ScopeVar = ScopeVar(0);

/// An input of the kind that a scope variable is bound to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct InputRef {
    /// Whose.
    pub var: ScopeVar,
    /// Index into [`ScopeKind::inputs`].
    pub index: usize,
}

/// What an input is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum InputKind {
    /// A fact in a period.
    Fact(FactId, Period),
    /// A collection, known or not.
    Collection(String),
    /// Whether a status is held.
    Status(String),
    /// What a person decided of a `manual` condition.
    Manual(String),
    /// Whether the conditions of another document are met.
    Document(String),
}

/// Something a decision reads.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Input {
    /// What.
    pub kind: InputKind,
    /// As the document writes it, and as `missing` shows it.
    pub key: String,
}

/// How a kind of scope hangs below another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Link {
    /// The subject itself.
    Root,
    /// The items of a collection of the parent.
    Items(KindId, String),
    /// A related party of the parent.
    Role(KindId, String),
}

/// A kind of scope and what is read of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScopeKind {
    /// Where it hangs.
    pub link: Link,
    /// Kind of subject or item: `enterprise`.
    pub subject: String,
    /// Everything that is read.
    pub inputs: Vec<Input>,
}

/// A constant.
#[derive(Clone, PartialEq, Debug)]
pub enum Constant {
    /// 无
    Nothing,
    /// True or false.
    Bool(bool),
    /// A number in base units.
    Number(Number),
    /// Text or a code.
    Text(String),
    /// A day.
    Date(Date),
}

/// A comparison.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Compare {
    /// `=`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

impl Compare {
    /// As written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Eq => "=",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
        }
    }
}

/// Arithmetic.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `**`, whole exponent.
    Pow,
}

/// Functions of values.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Builtin {
    /// Sum of a list.
    Sum,
    /// Number of items.
    Count,
    /// Least of a list.
    Min,
    /// Greatest of a list.
    Max,
    /// Arithmetic mean.
    Mean,
    /// Middle value.
    Median,
    /// Without sign.
    Abs,
    /// Down to whole.
    Floor,
    /// Up to whole.
    Ceiling,
    /// Half up to that many places.
    RoundHalfUp,
    /// How many of the booleans are true.
    CountTrue,
    /// All of a list are true.
    All,
    /// One of a list is true.
    Any,
    /// Text begins with text.
    StartsWith,
    /// Text ends with text.
    EndsWith,
    /// Text holds text.
    Contains,
    /// Number of characters.
    StringLength,
    /// The list holds the value.
    ListContains,
    /// Whole months from a day to another.
    MonthsBetween,
}

/// A typed expression.
#[derive(Clone, PartialEq, Debug)]
pub struct Expr {
    /// What it computes.
    pub kind: Kind,
    /// Its type.
    pub ty: Type,
    /// Where it was written.
    pub span: Span,
}

/// Kinds of typed expression.
#[derive(Clone, PartialEq, Debug)]
pub enum Kind {
    /// A constant.
    Constant(Constant),
    /// An input.
    Input(InputRef),
    /// The years of a span, oldest first, with the inputs that may give its total or mean instead.
    Span {
        /// One input a year.
        years: Vec<InputRef>,
        /// The total as a figure of its own.
        total: InputRef,
        /// The mean as a figure of its own.
        mean: InputRef,
    },
    /// Mean over four quarters of (opening + closing) / 2: eight cells in order, and the input that may give the mean.
    QuarterMean(Vec<InputRef>, InputRef),
    /// 申请日, the day of decision.
    Today,
    /// An intermediate value.
    Let(usize),
    /// A parameter.
    Param(usize),
    /// A score, or the part at that path of indices.
    Score(usize, Vec<usize>),
    /// A value bound by `for`, `some`, `every` or a filter over plain values.
    Local(usize),
    /// A collection of the scope the input belongs to, bound as items of that kind.
    Collection(InputRef, KindId),
    /// A list that the document defines.
    List(usize),
    /// The items that pass `each`.
    Passing,
    /// Not.
    Not(Box<Expr>),
    /// All, Kleene.
    And(Vec<Expr>),
    /// One, Kleene.
    Or(Vec<Expr>),
    /// Arithmetic.
    Arithmetic(Arithmetic, Box<Expr>, Box<Expr>),
    /// Comparison.
    Compare(Compare, Box<Expr>, Box<Expr>),
    /// The code is, or for a hierarchy lies under, one of these.
    CodeIn(Box<Expr>, Vec<String>),
    /// The first branch whose condition holds; none without `otherwise` has no value.
    First(Vec<(Expr, Expr)>, Option<Box<Expr>>),
    /// All of these values.
    Items(Vec<Expr>),
    /// A function.
    Call(Builtin, Vec<Expr>),
    /// For each item of the list: bind the scope variable, then the body.
    ForItems(Box<Expr>, ScopeVar, Box<Expr>),
    /// For each value of the list: bind the local, then the body.
    ForValues(Box<Expr>, usize, Box<Expr>),
    /// Those items for which the body holds.
    FilterItems(Box<Expr>, ScopeVar, Box<Expr>),
    /// Those values for which the body holds.
    FilterValues(Box<Expr>, usize, Box<Expr>),
    /// The value at a place, from 1; from the end if negative.
    Index(Box<Expr>, i64),
    /// Some row of the table fits.
    TableMatch(usize),
    /// In the row that fits, every fact named reaches its value in that column.
    TableReached(usize, String),
    /// The value in that column of the row that fits.
    TableValue(usize, String),
    /// Progressive sum over brackets.
    Progressive(Box<Expr>, usize),
}

/// A condition with its place in the source document.
#[derive(Clone, PartialEq, Debug)]
pub struct Condition {
    /// Unique in the document; empty for a group that nothing refers to.
    pub id: String,
    /// Article of the source; `None` is 待核.
    pub clause: Option<String>,
    /// In words.
    pub says: Text,
    /// The rule as written; empty for groups.
    pub rule: String,
    /// What it is.
    pub test: Test,
    /// Where.
    pub span: Span,
}

/// Kinds of condition.
#[derive(Clone, PartialEq, Debug)]
pub enum Test {
    /// A rule.
    Rule(Expr),
    /// A person decides.
    Manual(Text, InputRef),
    /// All of them.
    All(Vec<Condition>),
    /// One of them.
    Any(Vec<Condition>),
    /// The first tier whose condition holds decides; none holds: ineligible.
    First(Vec<(Expr, Condition)>, Option<Box<Condition>>),
    /// All conditions of another document.
    Include(String, InputRef),
    /// Conditions on a related party.
    About(ScopeVar, String, Vec<Condition>),
    /// Conditions on each item of the collection, bound to the variable; one item must pass.
    Each(Box<Expr>, ScopeVar, Vec<Condition>),
}

/// A named intermediate value.
#[derive(Clone, PartialEq, Debug)]
pub struct Named {
    /// Name.
    pub name: String,
    /// Value.
    pub value: Expr,
}

/// A value set by others within bounds.
#[derive(Clone, PartialEq, Debug)]
pub struct Param {
    /// Name.
    pub name: String,
    /// Least and greatest value; equal where it is set.
    pub between: (Number, Number),
    /// Who sets it.
    pub set_by: Text,
}

/// A list selected from a collection.
#[derive(Clone, PartialEq, Debug)]
pub struct ItemList {
    /// Name.
    pub name: String,
    /// From which list.
    pub from: Expr,
    /// Bound to each item.
    pub var: ScopeVar,
    /// Those that it holds for; all if absent.
    pub filter: Option<Expr>,
    /// The fact that gives the number of items where the items themselves are not known.
    pub count: Option<InputRef>,
}

/// A row of a table.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// In words.
    pub says: Text,
    /// Article; `None` is 待核.
    pub clause: Option<String>,
    /// Codes it is for.
    pub keys: Vec<String>,
    /// Facts and the value each must reach, by column.
    pub reach: Vec<(Expr, Vec<(String, Expr)>)>,
    /// Plain values by column.
    pub values: Vec<(String, Expr)>,
}

/// A table found by the longest code that the key lies under.
#[derive(Clone, PartialEq, Debug)]
pub struct Table {
    /// Name.
    pub name: String,
    /// The key.
    pub key: Expr,
    /// Rows.
    pub rows: Vec<Row>,
}

/// Progressive bands: up to that amount (none: without end) at that rate.
#[derive(Clone, PartialEq, Debug)]
pub struct Brackets {
    /// Name.
    pub name: String,
    /// Bands, lowest first.
    pub bands: Vec<(Option<Number>, Number)>,
}

/// A score.
#[derive(Clone, PartialEq, Debug)]
pub struct Score {
    /// Name.
    pub name: String,
    /// The fact that gives it, and wins over the derivation.
    pub given: Option<InputRef>,
    /// Total and parts; index path `[]` is the total.
    pub root: Part,
}

/// A part of a score.
#[derive(Clone, PartialEq, Debug)]
pub struct Part {
    /// Name.
    pub name: String,
    /// Article; `None` is 待核.
    pub clause: Option<String>,
    /// In words.
    pub says: Text,
    /// How its points come about.
    pub points: Points,
    /// Cap.
    pub at_most: Option<Number>,
    /// The scoring function is not published.
    pub unpublished: bool,
}

/// How points come about.
#[derive(Clone, PartialEq, Debug)]
pub enum Points {
    /// Sum of the parts.
    Sum(Vec<Part>),
    /// The best of several bases.
    Best(Vec<Part>),
    /// Bands: the first bound that the value reaches (`Ge`) or keeps within (`Le`).
    Bands(Box<Expr>, Compare, Vec<(Number, Points)>, Option<Box<Points>>),
    /// The first branch whose condition holds.
    First(Vec<(Expr, Points)>, Option<Box<Points>>),
    /// A computed number of points.
    Value(Box<Expr>),
    /// Whole points that an expert gives between the two.
    Expert(i64, i64),
}

/// How a rank comes about.
#[derive(Clone, PartialEq, Debug)]
pub struct Rank {
    /// The fact it decides.
    pub fact: FactId,
    /// That fact as an input: a given value wins.
    pub given: InputRef,
    /// The rule.
    pub rule: RankRule,
}

/// Kinds of ranking.
#[derive(Clone, PartialEq, Debug)]
pub enum RankRule {
    /// The first rank whose condition holds.
    First(Vec<(Expr, String)>, Option<String>),
    /// Bands of a group by score, best first.
    InGroup {
        /// Members share this value.
        group: InputRef,
        /// The score.
        by: usize,
        /// Rank and its share of the group.
        bands: Vec<(String, Number)>,
        /// Those that stand outside, and their rank.
        outside: Option<(Expr, String)>,
    },
}

/// What an amount of money is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Nature {
    /// Paid out.
    Grant,
    /// Tax not to be paid.
    TaxSaved,
    /// Tax to be paid later.
    TaxDeferred,
    /// A limit of credit.
    CreditLimit,
    /// Interest borne by others.
    Interest,
    /// Not money.
    InKind,
}

impl Nature {
    /// All natures with their codes.
    pub const CODES: [(&'static str, Nature); 6] = [
        ("grant", Nature::Grant),
        ("tax_saved", Nature::TaxSaved),
        ("tax_deferred", Nature::TaxDeferred),
        ("credit_limit", Nature::CreditLimit),
        ("interest", Nature::Interest),
        ("in_kind", Nature::InKind),
    ];

    /// Its code in JSON and YAML.
    pub fn as_code(self) -> &'static str {
        Self::CODES.iter().find(|(_, nature)| *nature == self).map_or("grant", |(code, _)| code)
    }

    /// The nature of that code.
    pub fn parse_code(code: &str) -> Option<Self> {
        Self::CODES.iter().find(|(known, _)| *known == code).map(|(_, nature)| *nature)
    }
}

/// A stage of a milestone payment.
#[derive(Clone, PartialEq, Debug)]
pub struct Stage {
    /// Reached if this holds.
    pub when: Expr,
    /// Adds this, or lifts the entitlement to it.
    pub amount: Expr,
    /// Lifts instead of adding.
    pub lifts: bool,
}

/// The amount a document gives.
#[derive(Clone, PartialEq, Debug)]
pub enum Amount {
    /// A value.
    Value(Expr),
    /// Entitlement of the stages reached, less what was received.
    Milestones(Vec<Stage>, InputRef),
}

/// What a document gives.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Gives {
    /// A status.
    pub status: Option<String>,
    /// How long it is valid, in months.
    pub valid_months: Option<Number>,
    /// A rank.
    pub rank: Option<Rank>,
    /// Money.
    pub amount: Option<Amount>,
    /// Cap.
    pub at_most: Option<Expr>,
    /// The source says 最高: anything from nothing to the amount.
    pub up_to: bool,
    /// What the money is.
    pub nature: Option<Nature>,
    /// Only once.
    pub once: bool,
    /// Further results shown beside the amount.
    pub also: Vec<Named>,
    /// Taxes credited, in order.
    pub order: Vec<String>,
    /// What becomes of the rest.
    pub carry_forward: Option<Text>,
}

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
    /// All conditions, groups before their members.
    pub fn conditions(&self) -> Vec<&Condition> {
        fn collect<'a>(conditions: &'a [Condition], out: &mut Vec<&'a Condition>) {
            for condition in conditions {
                out.push(condition);
                match &condition.test {
                    Test::All(inner) | Test::Any(inner) | Test::About(_, _, inner) | Test::Each(_, _, inner) => {
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
