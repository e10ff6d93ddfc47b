//! The vocabulary: what may be known about somebody, and how it is called.

use axum::extract::State;
use facts::FactDefinition;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Bilingual, Doors};
use crate::web::{Cursor, Page, PageQuery, Problem, ProblemBody, Query};

/// Which facts.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    /// A word in a name, an older name, or the definition.
    #[param(max_length = 100)]
    text: Option<String>,
    /// Of which kind of subject or item: `enterprise`.
    of: Option<String>,
    /// Where to go on: `next` of the page before.
    after: Option<String>,
    /// How many at most, up to 200; 50 if nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
}

/// A fact.
#[derive(Serialize, ToSchema)]
pub(super) struct FactBody {
    /// Its name, which is also its key.
    #[schema(example = "研发费用")]
    name: String,
    /// Its English label.
    en: String,
    /// Other names under which it is understood.
    also: Vec<String>,
    /// `money`, `count`, `number`, `ratio`, `date`, `year`, `bool`, `code`, `codes`, `text`.
    r#type: &'static str,
    /// Of bare numbers.
    unit: Option<&'static str>,
    /// How it varies in time: `year`, `quarter`, `stock`, `once`.
    grain: &'static str,
    /// Kinds of subject or item that have it.
    of: Vec<String>,
    /// Codes that may be given; empty where any of a classification may.
    codes: Vec<String>,
    /// The classification that its codes are of.
    classification: Option<String>,
    /// What counts and what does not.
    definition: Bilingual,
    /// The question that asks for it.
    ask: Bilingual,
    /// Where the value comes from.
    department: Bilingual,
    /// Who may see a value: `public`, `subject`, `departments`, `office`.
    disclosure: &'static str,
    /// Whether it is personal data.
    personal: bool,
    #[serde(skip)]
    index: usize,
}

fn body(index: usize, definition: &FactDefinition) -> FactBody {
    FactBody {
        name: definition.name.clone(),
        en: definition.en.clone(),
        also: definition.also.clone(),
        r#type: definition.fact_type.as_code(),
        unit: definition.unit.map(|unit| unit.name),
        grain: definition.grain.as_code(),
        of: definition.of.clone(),
        codes: definition.codes.iter().map(|code| code.code.clone()).collect(),
        classification: definition.classification.clone(),
        definition: Bilingual::from(&definition.definition),
        ask: Bilingual::from(&definition.ask),
        department: Bilingual::from(&definition.department),
        disclosure: definition.disclosure.as_code(),
        personal: definition.personal,
        index,
    }
}

/// Facts in the order in which they are declared.
#[utoipa::path(
    get, path = "/vocabulary", tag = "policies", params(Filter),
    responses(
        (status = 200, body = Page<FactBody>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("public")))
)]
pub(super) async fn list(
    State(doors): State<Doors>,
    Query(filter): Query<Filter>,
) -> Result<Page<FactBody>, Problem> {
    let shelved = doors.shelved()?;
    let page = PageQuery { after: filter.after.clone(), limit: filter.limit };
    let limit = page.limit()?;
    let begin = match page.cursor(1)? {
        Some(cursor) => usize::try_from(cursor.number(0)?).map_or(0, |index| index + 1),
        None => 0,
    };
    let word = filter.text.as_deref().map(str::to_lowercase);
    let keeps = |definition: &FactDefinition| {
        let has = |text: &str| word.as_deref().is_none_or(|word| text.to_lowercase().contains(word));
        let names = [&definition.name, &definition.en, &definition.definition.zh, &definition.definition.en];
        let is_named = names.into_iter().chain(&definition.also).any(|text| has(text));
        is_named && filter.of.as_ref().is_none_or(|kind| definition.of.contains(kind))
    };
    let facts = shelved.library.rulebook.vocabulary.facts().enumerate().skip(begin);
    let found = facts.filter(|(_, (_, definition))| keeps(definition)).take(limit + 1);
    let bodies = found.map(|(index, (_, definition))| body(index, definition)).collect();
    Ok(Page::new(bodies, limit, |fact: &FactBody| Cursor::new([fact.index.to_string()])))
}
