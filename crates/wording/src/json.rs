//! The JSON of a decision. Its keys are documented in `docs/json.md` and stay.

use std::str::FromStr as _;

use engine::point::{
    Cure, Decision, Gap, Money, Note, Numbers, Outcome, Reason, Scored, Thing, Truth, Used, questions,
};
use facts::{Fen, Language, Number, Profile, Text, Vocabulary};
use serde_json::{Map, Value, json};

use crate::Reader;
use crate::{decision as text, reason, value, window};

/// Decimal places of a number that has no finite decimal of at most [`PLACES_MAX`].
const ROUNDED_PLACES: u32 = 12;

/// Most decimal places that a number is written with exactly.
const PLACES_MAX: u32 = 34;

/// A decision for a subject.
pub fn decision(decision: &Decision<'_>, profile: &Profile, vocabulary: &Vocabulary) -> Value {
    let document = decision.document;
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| {
        out.insert(key.to_owned(), value);
    };
    put("subject", json!({"id": profile.id, "name": profile.name, "kind": profile.kind}));
    put("policy", json!(document.id));
    put("version", json!(document.from.to_string()));
    put("title", bilingual(&document.title));
    put("on", json!(decision.day.to_string()));
    put("outcome", json!(decision.outcome.as_code()));
    put_money(&mut put, decision);
    put("nature", json!(decision.nature.map(lang::ir::Nature::as_code)));
    let first = decision.scores.first();
    put("score", first.map_or(Value::Null, |scored| exact(&scored.points)));
    put("score_range", first.map_or(Value::Null, |scored| range(&scored.points)));
    put(
        "scores",
        decision
            .scores
            .iter()
            .map(|scored| (scored.name.clone(), score(scored)))
            .collect::<Map<_, _>>()
            .into(),
    );
    put("parts", first.map_or(Value::Null, |scored| parts(scored).into()));
    put("rank", json!(if let [rank] = decision.ranks.as_slice() { Some(rank) } else { None }));
    put("possible_ranks", json!(decision.ranks));
    put("failed", json!(decision.failed));
    put("missing", json!(decision.missing.iter().map(|missing| &missing.key).collect::<Vec<_>>()));
    put("next_question", next_question(decision, vocabulary));
    put("values", values(decision));
    let tree = ReasonTree { vocabulary };
    put("reasons", decision.reasons.iter().map(|reason| tree.reason(reason)).collect());
    put("gaps", decision.gaps.iter().map(|gap| gap_json(gap, vocabulary)).collect());
    put("notes", decision.notes.iter().map(note).collect());
    put("open_points", document.open_points.iter().map(bilingual).collect());
    put("window", window_json(decision));
    put("successor", json!(decision.successor));
    Value::Object(out)
}

/// Both languages of a text.
pub fn bilingual(text: &Text) -> Value {
    json!({"zh": text.zh, "en": text.en})
}

/// A number with every digit where its decimal ends, else rounded to twelve places.
pub fn number(number: &Number) -> Value {
    let text = number.to_decimal(PLACES_MAX).unwrap_or_else(|| number.to_fixed(ROUNDED_PLACES));
    serde_json::Number::from_str(&text).map_or(Value::Null, Value::Number)
}

/// An amount in 万元, exact.
pub fn wan(fen: Fen) -> Value {
    serde_json::Number::from_str(&fen.to_wan_text()).map_or(Value::Null, Value::Number)
}

fn put_money(put: &mut impl FnMut(&str, Value), decision: &Decision<'_>) {
    let amount = decision.amount.as_ref();
    put("amount", amount.map_or(Value::Null, amount_exact));
    put("amount_range", amount.map_or(Value::Null, amount_range));
    put("amount_options", amount.map_or(Value::Null, amount_options));
    let eligible = decision.amount_if_eligible.as_ref();
    put(
        "amount_if_eligible",
        eligible.map_or(Value::Null, |money| match amount_exact(money) {
            Value::Null => match amount_range(money) {
                Value::Null => amount_hull(money),
                range => range,
            },
            exact => exact,
        }),
    );
    let fen = match amount {
        Some(Money::Exact(fen)) => json!(fen.0),
        _ => Value::Null,
    };
    put("amount_fen", fen);
    put("unit", json!("万元"));
}

fn amount_exact(money: &Money) -> Value {
    if let Money::Exact(fen) = money { wan(*fen) } else { Value::Null }
}

fn amount_range(money: &Money) -> Value {
    let end = |fen: &Option<Fen>| fen.map_or(Value::Null, wan);
    if let Money::Range(low, high) = money { json!([end(low), end(high)]) } else { Value::Null }
}

fn amount_options(money: &Money) -> Value {
    if let Money::Options(options) = money {
        options.iter().map(|fen| wan(*fen)).collect()
    } else {
        Value::Null
    }
}

/// Least and greatest of several amounts.
fn amount_hull(money: &Money) -> Value {
    match money {
        Money::Options(options) => match (options.first(), options.last()) {
            (Some(low), Some(high)) => json!([wan(*low), wan(*high)]),
            _ => Value::Null,
        },
        _ => Value::Null,
    }
}

fn exact(numbers: &Numbers) -> Value {
    numbers.as_exact().map_or(Value::Null, number)
}

fn range(numbers: &Numbers) -> Value {
    match (numbers.as_exact(), numbers.hull()) {
        (None, Some(hull)) => {
            json!([
                hull.low.value().map_or(Value::Null, number),
                hull.high.value().map_or(Value::Null, number)
            ])
        }
        _ => Value::Null,
    }
}

/// A number, or `[low, high]`, or null where there is none.
pub fn number_or_range(numbers: &Numbers) -> Value {
    match exact(numbers) {
        Value::Null => range(numbers),
        exact => exact,
    }
}

fn score(scored: &Scored) -> Value {
    json!({"score": exact(&scored.points), "score_range": range(&scored.points), "parts": parts(scored)})
}

/// Parts by name; a part of a part under both names, as `知识产权.数量`.
fn parts(scored: &Scored) -> Map<String, Value> {
    fn collect(scored: &Scored, prefix: &str, out: &mut Map<String, Value>) {
        for part in &scored.parts {
            let name = format!("{prefix}{}", part.name);
            out.insert(name.clone(), number_or_range(&part.points));
            collect(part, &format!("{name}."), out);
        }
    }
    let mut out = Map::new();
    collect(scored, "", &mut out);
    out
}

fn next_question(decision: &Decision<'_>, vocabulary: &Vocabulary) -> Value {
    let open = questions(std::slice::from_ref(decision), vocabulary);
    open.first().map_or(
        Value::Null,
        |question| json!({"key": question.key, "ask": bilingual(&vocabulary.get(question.fact).ask)}),
    )
}

/// Intermediate values and further results: numbers in base units, truths, texts; null where open.
fn values(decision: &Decision<'_>) -> Value {
    let one = |named: &engine::point::NamedValue| {
        let value = match &named.value.thing {
            Thing::Truth(truth) => self::truth(*truth),
            Thing::Numbers(numbers) => number_or_range(numbers),
            Thing::Texts(Some(texts), _) if texts.len() == 1 => json!(texts.first()),
            Thing::Days(days) => {
                json!(days.as_exact().and_then(facts::Date::from_epoch_days).map(|day| day.to_string()))
            }
            _ => Value::Null,
        };
        let shown = shown(|language| value::value(&named.value, &named.ty, language));
        (named.name.clone(), json!({"value": value, "shown": shown}))
    };
    Value::Object(decision.values.iter().map(one).collect())
}

/// A truth; null where open.
pub fn truth(truth: Truth) -> Value {
    match truth {
        Truth::True => json!(true),
        Truth::False => json!(false),
        Truth::Unknown => Value::Null,
    }
}

/// The same in both languages.
fn shown(show: impl Fn(Language) -> String) -> Value {
    json!({"zh": show(Language::Chinese), "en": show(Language::English)})
}

struct ReasonTree<'v> {
    vocabulary: &'v Vocabulary,
}

impl ReasonTree<'_> {
    fn reason(&self, reason: &Reason<'_>) -> Value {
        let condition = reason.condition;
        json!({
            "id": condition.id,
            "holds": truth(reason.truth),
            "says": shown(|language| reason::says(condition, &Reader::of(language))),
            "clause": condition.clause,
            "rule": reason.applied.map_or(condition.rule.as_str(), |applied| applied.rule.as_str()),
            "manual": matches!(condition.test, lang::ir::Test::Manual(..)),
            "item": reason.item,
            "used": reason.used.iter().map(|used| self.used(used)).collect::<Vec<_>>(),
            "members": reason.members.iter().map(|member| self.reason(member)).collect::<Vec<_>>(),
        })
    }

    fn used(&self, used: &Used) -> Value {
        let known = used.known.as_ref();
        let source = known.map(|known| shown(|language| known.origin.text.get(language).to_owned()));
        let shown = known.map_or(Value::Null, |known| match used.fact {
            Some(fact) => shown(|language| self.vocabulary.show(fact, &known.value, language)),
            None => shown(|language| value::of_no_fact(&known.value, language)),
        });
        json!({
            "key": used.key,
            "fact": used.fact.map(|fact| self.vocabulary.get(fact).name.clone()),
            "period": used.period,
            "value": known.map(|known| known.value.to_string()),
            "shown": shown,
            "source": source,
        })
    }
}

fn gap_json(gap: &Gap, vocabulary: &Vocabulary) -> Value {
    let says = shown(|language| crate::gap::sentence(&gap.cure, vocabulary, &Reader::of(language)));
    match &gap.cure {
        Cure::Value { key, fact, to, closed, .. } => json!({
            "condition": gap.condition,
            "cure": "value",
            "key": key,
            "fact": vocabulary.get(*fact).name,
            "to": to.to_string(),
            "closed_year": closed.map(|(year, _)| year),
            "from_day": closed.map(|(_, day)| day.to_string()),
            "says": says,
        }),
        Cure::Day(day) => {
            json!({"condition": gap.condition, "cure": "time", "from_day": day.to_string(), "says": says})
        }
        Cure::Nothing => json!({"condition": gap.condition, "cure": "nothing", "says": says}),
    }
}

fn note(note: &Note) -> Value {
    shown(|language| text::note_text(note, &Reader::of(language)))
}

fn window_json(decision: &Decision<'_>) -> Value {
    let apply = &decision.document.apply;
    let days = window::days(apply);
    let state = match decision.outcome {
        Outcome::NotInForce => None,
        _ => Some(window::WindowState::on(apply, decision.day).as_code()),
    };
    json!({
        "how": apply.how,
        "state": state,
        "from": days.map(|(from, _)| from.to_string()),
        "to": days.map(|(_, to)| to.to_string()),
    })
}
