//! The inputs of one decision: every fact, status, collection and decision that the document reads, found or not.

use std::collections::BTreeMap;

use facts::{Date, Entry as Given, FactId, FactType, Holding, Origin, Period, Profile, Vocabulary};
use lang::ir::{Document, Input, InputKind, Link, ReferenceYear, SUBJECT};
use lang::types::KindId;

use super::causes::{Causes, Slot};
use super::domain;
use super::periods::Calendar;
use super::value::{Thing, Truth, Value};

/// The state of one input.
#[derive(Clone, Debug)]
pub(super) struct SlotState {
    /// What it is.
    pub kind: InputKind,
    /// How `missing` shows it.
    pub key: String,
    /// Its value, or everything it may be.
    pub value: Value,
    /// What a person is shown, if it is known.
    pub known: Option<Known>,
    /// What is missing of another document where this one hangs on it.
    pub through: Vec<String>,
}

/// A known value with where it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// The value.
    pub value: facts::Value,
    /// Where it was read.
    pub origin: Origin,
}

/// A subject, an item or a related party with its slots.
#[derive(Clone, Debug)]
pub(super) struct Instance {
    pub kind: KindId,
    pub base: Slot,
    pub prefix: String,
    pub roles: BTreeMap<String, usize>,
    pub collections: BTreeMap<String, Vec<usize>>,
}

/// Everything a decision reads.
#[derive(Clone, Debug)]
pub(super) struct Inputs<'a> {
    pub document: &'a Document,
    pub vocabulary: &'a Vocabulary,
    pub calendar: Calendar,
    pub slots: Vec<SlotState>,
    pub instances: Vec<Instance>,
}

/// What other documents say, asked for only where a fact is not known.
pub(super) trait Others {
    /// Whether the conditions of that document are met, and what is missing if that is open.
    fn satisfied(&self, id: &str) -> (Truth, Vec<String>);
    /// The ranks that remain possible for a fact which another document decides.
    fn ranks(&self, fact: FactId) -> Option<Vec<String>>;
}

impl<'a> Inputs<'a> {
    /// Finds every input of the subject; items and related parties follow when they are first read.
    pub fn new(
        document: &'a Document,
        vocabulary: &'a Vocabulary,
        profile: &Profile,
        day: Date,
        others: &dyn Others,
    ) -> Self {
        let reference = reference_year(document, Some(profile), day);
        let calendar = Calendar { day, reference };
        let mut inputs = Self { document, vocabulary, calendar, slots: Vec::new(), instances: Vec::new() };
        inputs.add_instance(KindId(0), Some(profile), String::new(), others);
        inputs.add_all_items(0, Some(profile), others);
        inputs
    }

    /// The slot of an input of an instance.
    pub fn slot(&self, instance: usize, index: usize) -> Slot {
        self.instances[instance].base + index
    }

    /// Whether the slot says whether a collection is known.
    pub fn is_collection(&self, slot: Slot) -> bool {
        matches!(self.slots[slot].kind, InputKind::Collection(_))
    }

    fn add_instance(
        &mut self,
        kind: KindId,
        profile: Option<&Profile>,
        prefix: String,
        others: &dyn Others,
    ) -> usize {
        let base = self.slots.len();
        let document: &'a Document = self.document;
        for input in &document.kinds[kind.0].inputs {
            let slot = self.slots.len();
            let state = self.resolve(slot, input, profile, &prefix, others);
            self.slots.push(state);
        }
        let instance = Instance { kind, base, prefix, roles: BTreeMap::new(), collections: BTreeMap::new() };
        self.instances.push(instance);
        self.instances.len() - 1
    }

    /// Items and related parties below an instance, all the way down. An absent collection gets one instance that
    /// stands for whatever items there may be.
    fn add_all_items(&mut self, parent: usize, parent_profile: Option<&Profile>, others: &dyn Others) {
        let document: &'a Document = self.document;
        let parent_kind = self.instances[parent].kind;
        for (index, kind) in document.kinds.iter().enumerate() {
            match &kind.link {
                Link::Items(of, collection) if *of == parent_kind => {
                    let items = parent_profile.and_then(|known| known.collections.get(collection));
                    let profiles: Vec<Option<&Profile>> = match items {
                        Some(items) => items.iter().map(Some).collect(),
                        None => vec![None],
                    };
                    let mut added = Vec::new();
                    for (place, profile) in profiles.into_iter().enumerate() {
                        let place = if items.is_some() { format!("[{}]", place + 1) } else { String::new() };
                        let prefix = format!("{}{collection}{place}.", self.instances[parent].prefix);
                        let item = self.add_instance(KindId(index), profile, prefix, others);
                        self.add_all_items(item, profile, others);
                        added.push(item);
                    }
                    self.instances[parent].collections.insert(collection.clone(), added);
                }
                Link::Role(of, role) if *of == parent_kind => {
                    let profile = parent_profile.and_then(|known| known.roles.get(role));
                    let prefix = format!("{}{role}.", self.instances[parent].prefix);
                    let party = self.add_instance(KindId(index), profile, prefix, others);
                    self.add_all_items(party, profile, others);
                    self.instances[parent].roles.insert(role.clone(), party);
                }
                _ => {}
            }
        }
    }

    fn resolve(
        &self,
        slot: Slot,
        input: &Input,
        profile: Option<&Profile>,
        prefix: &str,
        others: &dyn Others,
    ) -> SlotState {
        let key = format!("{prefix}{}", input.key);
        let mut state = SlotState {
            kind: input.kind.clone(),
            key,
            value: Value::truth(Truth::Unknown, Causes::one(slot)),
            known: None,
            through: Vec::new(),
        };
        match &input.kind {
            InputKind::Fact(fact, period) => {
                self.resolve_fact(&mut state, slot, (*fact, period), profile, others)
            }
            InputKind::Collection(name) => {
                let is_known = profile.is_some_and(|profile| profile.collections.contains_key(name));
                state.value = Value::truth(Truth::known(is_known), Causes::NONE);
                if !is_known {
                    state.value = Value::truth(Truth::Unknown, Causes::one(slot));
                }
            }
            InputKind::Status(name) => self.resolve_status(&mut state, slot, name, profile),
            InputKind::Manual(id) => {
                if let Some(decided) = profile.and_then(|profile| profile.manual.get(id)) {
                    state.set_truth(*decided, Origin::default());
                }
            }
            InputKind::Document(id) => {
                let (truth, through) = others.satisfied(id);
                state.value = Value::truth(truth, Causes::one(slot));
                if truth != Truth::Unknown {
                    state.set_truth(truth == Truth::True, Origin::same(id));
                }
                state.through = through;
            }
        }
        state
    }

    fn resolve_fact(
        &self,
        state: &mut SlotState,
        slot: Slot,
        (fact, period): (FactId, &Period),
        profile: Option<&Profile>,
        others: &dyn Others,
    ) {
        let definition = self.vocabulary.get(fact);
        let entries = profile.and_then(|profile| profile.facts.get(&fact)).map_or(&[][..], Vec::as_slice);
        let default = self.document.default_period.as_ref();
        let found = if definition.fact_type == FactType::Event {
            self.calendar.event(entries, period, default)
        } else {
            self.calendar.find(entries, period, default, definition).cloned()
        };
        if let Some(Given { value, origin, .. }) = found {
            let thing = domain::of_value(definition, &value);
            let causes =
                if matches!(value, facts::Value::Range(..)) { Causes::one(slot) } else { Causes::NONE };
            state.value = Value { thing, causes };
            state.known = Some(Known { value, origin });
            return;
        }
        if let Some(age) = self.age(definition, profile) {
            let value = facts::Value::Number(age);
            state.value = Value::certain(domain::of_value(definition, &value));
            let origin = Origin::same(definition.since.clone().unwrap_or_default());
            state.known = Some(Known { value, origin });
            return;
        }
        if self.is_before_founding(period, profile) {
            let absent = super::numbers::Numbers::absent(super::numbers::Absence::BEFORE_FOUNDING);
            state.value = Value::certain(Thing::Numbers(absent));
            return;
        }
        if let Some(held) = self.held_by_status(fact, profile) {
            state.set_truth(held, Origin::default());
            return;
        }
        if let Some((holds, origin)) = self.any_given(&definition.any_of, profile) {
            state.set_truth(holds, origin);
            return;
        }
        let mut thing = domain::unknown(definition);
        if profile.is_some()
            && let Some(ranks) = others.ranks(fact)
        {
            if let [only] = ranks.as_slice() {
                let value = facts::Value::Code(only.clone());
                state.value = Value::certain(domain::of_value(definition, &value));
                let origin =
                    Origin { text: facts::Text { zh: "推算".to_owned(), en: "derived".to_owned() } };
                state.known = Some(Known { value, origin });
                return;
            }
            thing = Thing::Texts(Some(ranks.into_iter().collect()), super::numbers::Absence::NEVER);
        }
        state.value = Value { thing, causes: Causes::one(slot) };
    }

    /// The day that a date fact of the profile gives.
    fn date_of(&self, fact: FactId, profile: Option<&Profile>) -> Option<Date> {
        match profile?.facts.get(&fact)?.last()?.value {
            facts::Value::Date(date) => Some(date.start),
            _ => None,
        }
    }

    /// An age on the day of decision, from the date it is the age of: whole days, months or years.
    fn age(&self, definition: &facts::FactDefinition, profile: Option<&Profile>) -> Option<facts::Number> {
        if definition.grain != facts::Grain::Once {
            return None;
        }
        let since = self.vocabulary.find(definition.since.as_deref()?)?;
        let from = self.date_of(since, profile)?;
        Some(super::gap::aged(from, self.calendar.day, definition.unit))
    }

    /// Whether the period is a year that ended before the subject was founded.
    fn is_before_founding(&self, period: &Period, profile: Option<&Profile>) -> bool {
        let founding = self.vocabulary.facts().find(|(_, definition)| definition.founding);
        let founded = founding.and_then(|(fact, _)| self.date_of(fact, profile));
        let year = self.calendar.complete_year(period);
        founded.zip(year).is_some_and(|(founded, year)| year < founded.year)
    }

    /// Whether a certificate answers a boolean fact that means "holds it today".
    fn held_by_status(&self, fact: FactId, profile: Option<&Profile>) -> Option<bool> {
        let name = &self.vocabulary.get(fact).name;
        let status = self.vocabulary.statuses.iter().find(|status| status.facts.contains(name))?;
        let holding = profile?.holdings.get(&status.name)?;
        Some(holding.is_valid_on(self.calendar.day))
    }

    fn resolve_status(&self, state: &mut SlotState, slot: Slot, name: &str, profile: Option<&Profile>) {
        if let Some(holding) = profile.and_then(|profile| profile.holdings.get(name)) {
            let origin = Origin::same(holding_text(holding));
            state.set_truth(holding.is_valid_on(self.calendar.day), origin);
            return;
        }
        let facts = self.vocabulary.status(name).map(|status| status.facts.as_slice()).unwrap_or_default();
        match self.any_given(facts, profile) {
            Some((held, origin)) => state.set_truth(held, origin),
            None => state.value = Value::truth(Truth::Unknown, Causes::one(slot)),
        }
    }

    /// True where one of the yes-or-no facts is given as true, false where all of them are given as false.
    fn any_given(&self, facts: &[String], profile: Option<&Profile>) -> Option<(bool, Origin)> {
        let mut all_denied = !facts.is_empty();
        for fact in facts {
            let id = self.vocabulary.find(fact);
            let given = id.and_then(|id| profile?.facts.get(&id)?.last());
            match given.map(|entry| (&entry.value, &entry.origin)) {
                Some((facts::Value::Bool(true), origin)) => return Some((true, origin.clone())),
                Some((facts::Value::Bool(false), _)) => {}
                _ => all_denied = false,
            }
        }
        all_denied.then(|| (false, Origin::default()))
    }
}

impl SlotState {
    fn set_truth(&mut self, value: bool, origin: Origin) {
        self.value = Value::truth(Truth::known(value), Causes::NONE);
        self.known = Some(Known { value: facts::Value::Bool(value), origin });
    }
}

fn holding_text(holding: &Holding) -> String {
    let day = |day: Option<Date>| day.map_or_else(|| "…".to_owned(), |day| day.to_string());
    match (holding.from, holding.to) {
        (None, None) => holding.number.clone(),
        (from, to) => format!("{} {} – {}", holding.number, day(from), day(to)).trim().to_owned(),
    }
}

/// Which year 当年 is: the year of the day, or for a document with a year fact that fact, else the last complete year.
pub fn reference_year(document: &Document, profile: Option<&Profile>, day: Date) -> i32 {
    let ReferenceYear::Fact(input) = document.reference else { return day.year };
    debug_assert_eq!(input.var, SUBJECT);
    let InputKind::Fact(fact, _) = &document.kinds[0].inputs[input.index].kind else { return day.year };
    let entries = profile.and_then(|profile| profile.facts.get(fact)).map_or(&[][..], Vec::as_slice);
    let given = entries.last().map(|entry| &entry.value);
    match given {
        Some(facts::Value::Number(year)) => {
            year.to_i64().and_then(|year| i32::try_from(year).ok()).unwrap_or(day.year - 1)
        }
        _ => day.year - 1,
    }
}
