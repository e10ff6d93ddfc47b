//! Items: collections of the profile, lists that a document selects, tables found by code.

use facts::Number;
use lang::ir::{Document, Expr, InputKind, InputRef, Kind, Row, ScopeVar, Table};

use super::causes::Causes;
use super::eval::{Evaluator, join, present_if};
use super::numbers::{Absence, Numbers};
use super::value::{Element, Presence, Thing, Truth, Value};

/// Everything that the membership of a list hangs on.
pub(super) fn list_causes(elements: &[Element]) -> Causes {
    let mut causes = Causes::NONE;
    for element in elements {
        if let Presence::Possible(why) | Presence::Many(why) = &element.presence {
            causes.add(why);
        }
    }
    causes
}

/// Which rows of a table the key may fall under.
struct RowsFound<'r> {
    rows: Vec<&'r Row>,
    may_be_none: bool,
    causes: Causes,
}

impl<'a> Evaluator<'a> {
    /// The items of a collection; one that stands for any number where the collection is not known.
    pub(super) fn collection(&mut self, input: InputRef) -> Value {
        let instance = self.instance_of(input.var);
        let kind = self.inputs.instances[instance].kind;
        let InputKind::Collection(name) = &self.document.kinds[kind.0].inputs[input.index].kind else {
            return self.no_list();
        };
        let known = self.input(input).causes.is_empty();
        let slot = self.slot_of(input);
        let items = self.inputs.instances[instance].collections.get(name).cloned().unwrap_or_default();
        let element = |item: usize| Element {
            value: Value::certain(Thing::Item(item)),
            presence: if known { Presence::Certain } else { Presence::Many(Causes::one(slot)) },
        };
        Value::certain(Thing::List(items.into_iter().map(element).collect()))
    }

    /// A list that the document defines.
    pub(super) fn item_list(&mut self, index: usize) -> Value {
        if let Some(known) = &self.lists[index] {
            return known.clone();
        }
        let document: &'a Document = self.document;
        let list = &document.lists[index];
        let mut value = self.eval(&list.from);
        if let Some(filter) = &list.filter {
            value = self.filter_items(value, list.var, filter);
        }
        self.lists[index] = Some(value.clone());
        value
    }

    /// The number of a list's items where only that is known. Asked for where the items are not known.
    pub(super) fn given_count(&mut self, index: usize) -> Option<Value> {
        let document: &'a Document = self.document;
        let count = document.lists[index].count?;
        let given = self.input(count).clone();
        if given.causes.is_empty() {
            return Some(given);
        }
        let Thing::List(elements) = self.item_list(index).thing else { return None };
        let is_open = elements.iter().any(|element| matches!(element.presence, Presence::Many(_)));
        is_open.then_some(given)
    }

    pub(super) fn for_items(&mut self, list: &Expr, var: ScopeVar, body: &Expr) -> Value {
        let Thing::List(elements) = self.eval(list).thing else { return self.no_list() };
        let mut out = Vec::with_capacity(elements.len());
        for Element { value, presence } in elements {
            let Thing::Item(item) = value.thing else { continue };
            let mut value = self.bound(var, item, |evaluator| evaluator.eval(body));
            // Of items that are not known at all, the collection is what is missing, not each of their facts.
            if let Presence::Many(why) = &presence {
                value.causes = why.clone();
            }
            out.push(Element { value, presence });
        }
        Value::certain(Thing::List(out))
    }

    pub(super) fn filter_items(&mut self, list: Value, var: ScopeVar, body: &Expr) -> Value {
        let Thing::List(elements) = list.thing else { return self.no_list() };
        let mut out = Vec::new();
        for Element { value, presence } in elements {
            let Thing::Item(item) = value.thing else { continue };
            let (truth, mut causes) = self.bound(var, item, |evaluator| evaluator.truth(body));
            if let Presence::Many(why) = &presence {
                causes = why.clone();
            }
            if let Some(presence) = present_if(presence, truth, causes) {
                out.push(Element { value, presence });
            }
        }
        Value::certain(Thing::List(out))
    }

    /// The rows that the key may fall under: the longest code it lies under; for a coarser key the rows below it, and
    /// perhaps none of them.
    fn rows(&mut self, table: usize) -> RowsFound<'a> {
        let document: &'a Document = self.document;
        let table = &document.tables[table];
        let value = self.eval(&table.key);
        let slot = match &table.key.kind {
            Kind::Input(input) => Causes::one(self.slot_of(*input)),
            _ => value.causes.clone(),
        };
        let Thing::Texts(Some(texts), absence) = &value.thing else {
            return RowsFound { rows: table.rows.iter().collect(), may_be_none: true, causes: slot };
        };
        let mut found =
            RowsFound { rows: Vec::new(), may_be_none: absence.is_possible(), causes: value.causes.clone() };
        for text in texts {
            let (rows, may_be_none) = rows_under(table, text);
            if rows.len() + usize::from(may_be_none) > 1 {
                found.causes.add(&slot);
            }
            found.rows.extend(rows.into_iter().map(|row| &table.rows[row]));
            found.may_be_none |= may_be_none;
        }
        found
    }

    /// The rows that the key may still fall under.
    pub(super) fn possible_rows(&mut self, table: usize) -> Vec<&'a Row> {
        self.rows(table).rows
    }

    pub(super) fn table_match(&mut self, table: usize) -> Value {
        let found = self.rows(table);
        Value::truth(Truth::possible(!found.rows.is_empty(), found.may_be_none), found.causes)
    }

    pub(super) fn table_reached(&mut self, table: usize, column: &str) -> Value {
        let found = self.rows(table);
        let mut result: Option<Value> = None;
        let is_open = found.rows.len() > 1 || found.may_be_none;
        for row in &found.rows {
            let reached = self.row_reached(row, column);
            result = Some(join(result, reached));
        }
        if found.may_be_none {
            result = Some(join(result, Value::truth(Truth::False, Causes::NONE)));
        }
        match result {
            Some(value) => {
                let causes =
                    if is_open { value.causes.clone().union(&found.causes) } else { value.causes.clone() };
                Value::truth(value.as_truth(), causes)
            }
            None => Value::truth(Truth::False, Causes::NONE),
        }
    }

    fn row_reached(&mut self, row: &'a Row, column: &str) -> Value {
        let mut truth = Truth::True;
        let mut causes = Causes::NONE;
        for (fact, bounds) in &row.reach {
            let Some((_, bound)) = bounds.iter().find(|(name, _)| name == column) else { continue };
            let (fact, bound) = (self.eval(fact), self.eval(bound));
            let reached = super::compare::compare_values(lang::ir::Compare::Ge, &fact, &bound);
            truth = truth.and(reached.as_truth());
            causes.add(&reached.causes);
        }
        Value::truth(truth, causes)
    }

    pub(super) fn table_value(&mut self, table: usize, column: &str) -> Value {
        let found = self.rows(table);
        let mut result: Option<Value> = None;
        for row in &found.rows {
            let value = match row.values.iter().find(|(name, _)| name == column) {
                Some((_, value)) => self.eval(value),
                None => Value::certain(Thing::Numbers(Numbers::absent(Absence::NO_TIER))),
            };
            result = Some(join(result, value));
        }
        if found.may_be_none {
            let none = Value::certain(Thing::Numbers(Numbers::absent(Absence::NO_TIER)));
            result = Some(join(result, none));
        }
        let mut value = result.unwrap_or_else(|| Value::exact(Number::zero()));
        value.causes.add(&found.causes);
        value
    }

    /// The items that pass all conditions of `each`.
    pub(super) fn passing_items(&mut self) -> Value {
        if let Some(known) = &self.passing {
            return known.clone();
        }
        let document: &'a Document = self.document;
        let value = super::condition::passing(self, &document.needs);
        self.passing = Some(value.clone());
        value
    }
}

/// The rows of a table that a code may fall under, and whether none may fit: the row of the longest key that the code
/// lies under, and those whose keys lie under the code.
pub(crate) fn rows_under(table: &Table, code: &str) -> (Vec<usize>, bool) {
    rows_of(table.rows.len(), |row| &table.rows[row].keys, code)
}

/// The same for rows of which only the keys are at hand.
pub(crate) fn rows_of<'k>(
    rows: usize,
    keys: impl Fn(usize) -> &'k Vec<String>,
    code: &str,
) -> (Vec<usize>, bool) {
    let longest = |row: usize| {
        keys(row).iter().filter(|key| code.starts_with(key.as_str())).map(String::len).max().unwrap_or(0)
    };
    let best = (0..rows).max_by_key(|row| longest(*row)).filter(|row| longest(*row) > 0);
    let below = |row: &usize| keys(*row).iter().any(|key| key.len() > code.len() && key.starts_with(code));
    (best.into_iter().chain((0..rows).filter(below)).collect(), best.is_none())
}
