//! The shape of a policy document: which keys there are, what stands under each, what each means.
//!
//! One table serves the check of a file's structure, the list of keys in a message, and the published JSON Schema.

/// What may stand at a place.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Any text.
    Text,
    /// Text in two languages, or Chinese alone.
    Bilingual,
    /// An expression of the rule language.
    Rule,
    /// An expression, or `first:` tiers of them.
    Value,
    /// Points: a number, `[low, high]`, an expression.
    Points,
    /// A day, month or year.
    Date,
    /// `true` or `false`.
    Bool,
    /// Lower-case letters, digits and hyphens; or words in any script.
    Id,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A list of such.
    List(&'static Shape),
    /// Such a thing or a list of them.
    OneOrMore(&'static Shape),
    /// Free keys, such values.
    Map(&'static Shape),
    /// Exactly two, lower and upper.
    Pair(&'static Shape),
    /// These keys.
    Object(&'static Object),
    /// One of these words, or these keys.
    WordOr(&'static [&'static str], &'static Object),
}

/// An object with known keys.
#[derive(Debug)]
pub struct Object {
    /// Name in the JSON Schema.
    pub name: &'static str,
    /// Keys in the order in which a document gives them.
    pub keys: &'static [Key],
    /// Exactly one of these must be there; empty if no such choice exists.
    pub one_of: &'static [&'static str],
    /// Where the first is given, one of the others must be.
    pub beside: &'static [(&'static str, &'static [&'static str])],
    /// What stands under other keys, if they are free.
    pub others: Option<Shape>,
}

/// A key of an object.
#[derive(Debug)]
pub struct Key {
    /// As written.
    pub name: &'static str,
    /// Must be there.
    pub required: bool,
    /// What stands under it.
    pub shape: Shape,
    /// What it means, Chinese.
    pub zh: &'static str,
    /// What it means, English.
    pub en: &'static str,
}

const fn must(name: &'static str, shape: Shape, zh: &'static str, en: &'static str) -> Key {
    Key { name, required: true, shape, zh, en }
}

const fn may(name: &'static str, shape: Shape, zh: &'static str, en: &'static str) -> Key {
    Key { name, required: false, shape, zh, en }
}

const fn object(name: &'static str, keys: &'static [Key]) -> Object {
    Object { name, keys, one_of: &[], beside: &[], others: None }
}

use Shape::{Bilingual, Bool, Date, Id, List, Map, OneOf, OneOrMore, Pair, Points, Rule, Text, Value};

/// Kinds of document.
pub const KINDS: &[&str] =
    &["qualification", "tax", "subsidy", "evaluation", "space", "gate", "finance", "talent"];
/// Kinds of subject.
pub const SUBJECTS: &[&str] = &["enterprise", "institution", "person", "project", "parcel"];
/// Levels, which are also folders.
pub const LEVELS: &[&str] = &["national", "province", "city", "zone"];
/// Natures of money.
pub const NATURES: &[&str] = &["grant", "tax_saved", "tax_deferred", "credit_limit", "interest", "in_kind"];

static SOURCE: Object = object(
    "source",
    &[
        must("issuer", OneOrMore(&Text), "发文机关", "Issuers"),
        must("document", List(&Text), "文号;不知道写 []", "Document numbers; [] if unknown"),
        may("name", Text, "文件名称,与标题不同时写", "Title of the notice where it differs"),
        may("published", Date, "发布日期", "Day of publication"),
        must(
            "grade",
            OneOf(&["official", "press", "third_party", "none"]),
            "数字读自何处",
            "Where the numbers were read",
        ),
        must("read", Date, "读取日期", "Day of reading"),
        may("url", Text, "政府网站的网址", "A government's own page"),
    ],
);

static IN_FORCE: Object = object(
    "in_force",
    &[
        must("from", Date, "施行之日", "First day in force"),
        may("to", Date, "失效之日(含)", "Last day in force"),
    ],
);

static PARAM: Object = Object {
    name: "param",
    keys: &[
        may("value", Rule, "定值", "The value"),
        may("between", Pair(&Rule), "上下限", "Least and greatest"),
        may("set_by", Bilingual, "由谁确定", "Who sets it"),
        may("note", Bilingual, "说明", "Note"),
    ],
    one_of: &["value", "between"],
    beside: &[],
    others: None,
};

static LIST: Object = object(
    "list",
    &[
        must("from", Rule, "来自哪个集合", "From which collection"),
        may("where", Rule, "条件", "Condition on an item"),
        may("count", Text, "只知道数量时用的事实", "The fact that gives the number alone"),
        may("clause", Text, "条款", "Article"),
    ],
);

static ROW: Object = Object {
    name: "row",
    keys: &[
        must("keys", List(&Text), "代码", "Codes"),
        may("says", Bilingual, "名称", "Name"),
        may("clause", Text, "条款;未见写 待核", "Article; 待核 if not seen"),
    ],
    one_of: &[],
    beside: &[],
    others: Some(Shape::Text),
};

static TABLE: Object = object(
    "table",
    &[
        must("key", Rule, "查表的键", "The key"),
        may("edition", Text, "代码的版本", "Edition of the codes"),
        may("classes", Text, "代码分组的名称:keys 写组名", "A grouping of codes: the keys are its groups"),
        may("clause", Text, "条款", "Article"),
        must("rows", List(&Shape::Object(&ROW)), "行", "Rows"),
    ],
);

static BAND: Object =
    object("bracket", &[may("up_to", Rule, "到多少为止", "Up to"), must("rate", Rule, "比例", "Rate")]);

/// A part of a score.
pub static PART: Object = Object {
    name: "part",
    keys: &[
        may("clause", Text, "条款;未见写 待核", "Article; 待核 if not seen"),
        may("says", Bilingual, "名称", "In words"),
        may("parts", Map(&Points), "分项之和", "Sum of parts"),
        may("best_of", Map(&Points), "几种口径取最高", "The best of several bases"),
        may("of", Rule, "按此值分档", "The value that is banded"),
        may("at_least", Map(&Points), "达到此值得多少分", "Points from this value on"),
        may("up_to", Map(&Points), "不超过此值得多少分", "Points up to this value"),
        may("first", List(&Shape::Object(&POINT_TIER)), "第一个成立的分支", "The first branch that holds"),
        may("points", Points, "分数", "Points"),
        may("at_most", Rule, "最高分", "Cap"),
        may("unpublished", Bool, "打分办法未公开", "The scoring function is not published"),
    ],
    one_of: &["parts", "best_of", "of", "first", "points"],
    beside: &[],
    others: None,
};

static POINT_TIER: Object = Object {
    name: "point_tier",
    keys: &[
        may("when", Rule, "条件", "Condition"),
        may("else", Points, "其余情形", "Otherwise"),
        may("points", Points, "分数", "Points"),
        may("parts", Map(&Points), "分项之和", "Sum of parts"),
    ],
    one_of: &["when", "else"],
    beside: &[("when", &["points", "parts"])],
    others: None,
};

/// A condition.
pub static CONDITION: Object = Object {
    name: "condition",
    keys: &[
        may("id", Id, "名字,文件内唯一", "Unique name in the document"),
        may("clause", Text, "条款;未见写 待核", "Article; 待核 if not seen"),
        may("rule", Rule, "规则,成立或不成立", "A rule that holds or not"),
        may("manual", Bilingual, "由人判断的内容", "What a person has to decide"),
        may("any", List(&Shape::Object(&CONDITION)), "满足其一", "One of these"),
        may("all", List(&Shape::Object(&CONDITION)), "全部满足", "All of these"),
        may("first", List(&Shape::Object(&CONDITION_TIER)), "分档门槛", "Tiered requirement"),
        may("include", Text, "另一文件的全部条件", "All conditions of another document"),
        may("about", Text, "关联主体", "A related party"),
        may("each", List(&Shape::Object(&CONDITION)), "逐项条件", "Conditions on each item"),
        may("says", Bilingual, "一句话说明", "In words"),
    ],
    one_of: &["rule", "manual", "any", "all", "first", "include", "each"],
    beside: &[("about", &["all"])],
    others: None,
};

static CONDITION_TIER: Object = Object {
    name: "condition_tier",
    keys: &[
        may("when", Rule, "条件", "Condition"),
        may("rule", Rule, "这一档的要求", "Requirement of this tier"),
        may("else", Rule, "其余情形的要求", "Requirement otherwise"),
        may("id", Id, "名字", "Name"),
        may("clause", Text, "条款", "Article"),
        may("says", Bilingual, "一句话说明", "In words"),
    ],
    one_of: &["when", "else"],
    beside: &[("when", &["rule"])],
    others: None,
};

/// A tier of a value.
pub static VALUE_TIER: Object = Object {
    name: "value_tier",
    keys: &[
        may("when", Rule, "条件", "Condition"),
        may("then", Rule, "值", "Value"),
        may("else", Rule, "其余情形的值", "Value otherwise"),
    ],
    one_of: &["when", "else"],
    beside: &[("when", &["then"])],
    others: None,
};

static RANK_TIER: Object = Object {
    name: "rank_tier",
    keys: &[
        may("when", Rule, "条件", "Condition"),
        may("rank", Text, "等级", "Rank"),
        may("else", Text, "其余情形的等级", "Rank otherwise"),
    ],
    one_of: &["when", "else"],
    beside: &[("when", &["rank"])],
    others: None,
};

static RANK_OUTSIDE: Object = object(
    "rank_outside",
    &[
        must("when", Rule, "不参加排名的情形", "Who stands outside"),
        must("rank", Text, "其等级", "Their rank"),
    ],
);

static RANK: Object = Object {
    name: "rank",
    keys: &[
        must("fact", Text, "所定的事实", "The fact it decides"),
        may("first", List(&Shape::Object(&RANK_TIER)), "第一个成立的等级", "The first rank that holds"),
        may("group", Text, "在哪一组内排名", "The group it ranks in"),
        may("by", Text, "按哪个评分", "The score it ranks by"),
        may("best_first", Map(&Rule), "各等级占比,从高到低", "Share of each rank, best first"),
        may("outside", Shape::Object(&RANK_OUTSIDE), "不参加排名者", "Who stands outside"),
    ],
    one_of: &["first", "group"],
    beside: &[("group", &["by"]), ("group", &["best_first"])],
    others: None,
};

static STAGE: Object = Object {
    name: "stage",
    keys: &[
        must("when", Rule, "达到该阶段的条件", "The stage is reached if"),
        may("plus", Rule, "增加", "Adds"),
        may("to", Rule, "补足至", "Lifts to"),
    ],
    one_of: &["plus", "to"],
    beside: &[],
    others: None,
};

static MILESTONES: Object = object(
    "milestones",
    &[
        must("received", Rule, "此前已获的金额", "What was received before"),
        must("reached", List(&Shape::Object(&STAGE)), "各阶段,先后为序", "Stages in order"),
    ],
);

static GIVES: Object = object(
    "gives",
    &[
        may("status", Text, "称号或资格", "A status"),
        may("valid", Rule, "有效期", "How long it is valid"),
        may("rank", Shape::Object(&RANK), "等级", "A rank"),
        may("amount", Value, "金额", "Amount of money"),
        may("milestones", Shape::Object(&MILESTONES), "分阶段拨付", "Payment by stages"),
        may("at_most", Value, "最高限额", "Cap"),
        may("up_to", Bool, "“最高”:从零到该金额", "Anything from nothing to the amount"),
        may("nature", OneOf(NATURES), "金额的性质", "What the money is"),
        may("once", Bool, "只享受一次", "Only once"),
        may("per", OneOf(&["year", "quarter", "month"]), "每期", "Per period"),
        may("also", Map(&Value), "一并算出的结果", "Further results"),
        may("order", List(&Text), "扣减税种的顺序", "Taxes credited, in order"),
        may("carry_forward", Bilingual, "余额如何结转", "What becomes of the rest"),
    ],
);

static APPLY_WINDOW: Object =
    object("window", &[must("from", Date, "开始", "Opens"), must("to", Date, "截止", "Closes")]);

static APPLY: Object = object(
    "apply",
    &[
        may("how", OneOf(&["self", "automatic", "online", "notice"]), "办理方式", "How"),
        may("where", Bilingual, "在哪里办", "Where"),
        may("window", Shape::WordOr(&["all_year", "by_notice"], &APPLY_WINDOW), "申报时间", "When"),
        may("note", Bilingual, "说明", "Note"),
    ],
);

static IMPLIED: Object = object(
    "implied_status",
    &[
        must("status", Text, "称号", "Status"),
        must("by", Text, "已包含它的条件", "The condition that implies it"),
    ],
);

static SILENCE: Object = object(
    "silence",
    &[
        must("allow", OneOf(&facts::diagnostic::SILENCEABLE), "问题的代码", "Code of the finding"),
        must("reason", Bilingual, "为什么接受", "Why it is accepted"),
        may(
            "at",
            Text,
            "只在这里:条件的 id、中间量或表的名字、键名,或被指出的文字",
            "Only here: the id of a condition, the name of a value or table, a key, or the text pointed at",
        ),
    ],
);

/// A whole document.
pub static DOCUMENT: Object = object(
    "policy",
    &[
        must("id", Id, "政策编号,与文件夹同名", "Id, the same as the folder"),
        must("title", Bilingual, "全称", "Full title"),
        may("short", Bilingual, "简称", "Short title"),
        must("kind", OneOf(KINDS), "种类", "Kind"),
        must("subject", OneOf(SUBJECTS), "适用对象", "Kind of subject"),
        must("source", Shape::Object(&SOURCE), "出处", "Source"),
        must("in_force", Shape::Object(&IN_FORCE), "有效期间", "When it is in force"),
        may("supersedes", List(&Text), "取代", "Replaces"),
        may("superseded_by", Text, "被取代", "Replaced by"),
        may("transition", Bilingual, "过渡办法", "Transition"),
        may("reference_year", Text, "参照年度", "Which year is 当年"),
        may("default_period", Text, "未写期间时的期间", "Period of a yearly fact without one"),
        may("actual_years", Bool, "成立不足年限时按实际年限", "Before founding, count the years there are"),
        may("summary", Bilingual, "摘要", "Summary"),
        may("params", Map(&Shape::Object(&PARAM)), "由地方确定的数值", "Values set by others"),
        may("let", Map(&Value), "中间量", "Intermediate values"),
        may("lists", Map(&Shape::Object(&LIST)), "选出的集合", "Selected collections"),
        may("tables", Map(&Shape::Object(&TABLE)), "表", "Tables"),
        may("brackets", Map(&List(&Shape::Object(&BAND))), "超额累进分段", "Progressive bands"),
        may("scores", Map(&Shape::Object(&PART)), "评分", "Scores"),
        may("each", Text, "逐项判断的集合", "Decide item by item of this collection"),
        must("needs", List(&Shape::Object(&CONDITION)), "条件,全部满足", "Conditions; all must hold"),
        must("gives", Shape::Object(&GIVES), "给什么", "What it gives"),
        may("materials", List(&Bilingual), "材料", "Materials"),
        may("apply", Shape::Object(&APPLY), "如何办理", "How to apply"),
        may(
            "implied_status",
            List(&Shape::Object(&IMPLIED)),
            "已被条件包含的资格",
            "Statuses implied by a condition",
        ),
        may("exclusive_with", List(&Text), "不得同享", "Excludes"),
        may("stacking", Bilingual, "叠加规则", "How it adds up with others"),
        may("obligations", List(&Bilingual), "义务", "Obligations"),
        may("open_points", List(&Bilingual), "待核事项", "Everything uncertain"),
        may("notes", List(&Bilingual), "说明", "Notes"),
        may(
            "lint",
            List(&Shape::Object(&SILENCE)),
            "接受的检查提示,写明理由",
            "Findings that are accepted, with the reason",
        ),
    ],
);
