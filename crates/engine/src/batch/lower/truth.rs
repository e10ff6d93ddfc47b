//! Expressions that are true, false or open.

use facts::FactType;
use lang::ir::{Builtin, Compare, Constant, Expr, Kind};
use lang::types::Type;

use super::{Held, Local, Lowerer, Why};
use crate::batch::program::{Atom, Comparison, NumberId, Numeric, SlotId, TextTest, TruthId};
use crate::point::Truth;

impl Lowerer<'_, '_> {
    /// The truth of an expression; what the planes cannot hold is asked exactly.
    pub(super) fn truth(&mut self, expr: &Expr) -> TruthId {
        match self.held_truth(expr) {
            Ok(truth) => truth,
            Err(why) => self.opaque(why),
        }
    }

    /// A slot that is true or false.
    pub(super) fn slot_truth(&mut self, slot: SlotId) -> TruthId {
        self.program.atom(Atom::Slot(slot))
    }

    fn held_truth(&mut self, expr: &Expr) -> Held<TruthId> {
        Ok(match &expr.kind {
            Kind::Constant(Constant::Bool(value)) => self.program.truth(Truth::known(*value)),
            Kind::Input(input) => {
                let slot = self.slot(*input)?;
                match self.slot_type(slot) {
                    None | Some(FactType::Bool | FactType::Event) => self.slot_truth(slot),
                    Some(_) => return Err(Why::Shape),
                }
            }
            Kind::Let(index) => {
                let value = self.let_value(*index);
                self.held_truth(value)?
            }
            Kind::Local(index) => match self.locals.get(*index) {
                Some(Some(Local::Truth(truth))) => *truth,
                _ => return Err(Why::Shape),
            },
            Kind::Not(inner) => {
                let inner = self.held_truth(inner)?;
                self.program.not(inner)
            }
            // Only the part that the planes cannot hold is asked exactly.
            Kind::And(parts) => {
                let parts = parts.iter().map(|part| self.truth(part)).collect();
                self.program.and(parts)
            }
            Kind::Or(parts) => {
                let parts = parts.iter().map(|part| self.truth(part)).collect();
                self.program.or(parts)
            }
            Kind::Compare(op, left, right) => self.compare(*op, left, right)?,
            Kind::CodeIn(code, codes) => {
                let Kind::Input(input) = &code.kind else { return Err(Why::Texts) };
                let slot = self.slot(*input)?;
                self.program.atom(Atom::CodeIn(slot, codes.clone()))
            }
            Kind::First(branches, Some(otherwise)) => {
                let mut result = self.held_truth(otherwise)?;
                for (when, then) in branches.iter().rev() {
                    let (when, then) = (self.held_truth(when)?, self.held_truth(then)?);
                    result = self.program.choose(when, then, result);
                }
                result
            }
            Kind::TableMatch(table) => self.table_match(*table)?,
            Kind::TableReached(table, column) => self.table_reached(*table, column)?,
            Kind::Call(builtin @ (Builtin::All | Builtin::Any), arguments) => {
                self.all_or_any(*builtin, arguments)?
            }
            Kind::Call(Builtin::StartsWith, arguments) => self.text(TextTest::StartsWith, arguments)?,
            Kind::Call(Builtin::EndsWith, arguments) => self.text(TextTest::EndsWith, arguments)?,
            Kind::Call(Builtin::Contains, arguments) => self.text(TextTest::Contains, arguments)?,
            Kind::Call(..) => return Err(Why::Function),
            _ => return Err(Why::Shape),
        })
    }

    fn compare(&mut self, op: Compare, left: &Expr, right: &Expr) -> Held<TruthId> {
        match (&left.ty, &right.ty) {
            (Type::Bool, Type::Bool) => {
                let (a, b) = (self.held_truth(left)?, self.held_truth(right)?);
                let (not_a, not_b) = (self.program.not(a), self.program.not(b));
                let both = self.program.and(vec![a, b]);
                let neither = self.program.and(vec![not_a, not_b]);
                let same = self.program.or(vec![both, neither]);
                Ok(if op == Compare::Ne { self.program.not(same) } else { same })
            }
            (Type::Text | Type::Code(_), _) | (_, Type::Text | Type::Code(_)) => {
                let (side, other) =
                    if matches!(left.kind, Kind::Input(_)) { (left, right) } else { (right, left) };
                let equal = self.text(TextTest::Equal, &[side.clone(), other.clone()])?;
                Ok(if op == Compare::Ne { self.program.not(equal) } else { equal })
            }
            (Type::Number(_) | Type::Date | Type::Nothing, Type::Number(_) | Type::Date | Type::Nothing) => {
                let (a, b) = (self.number(left)?, self.number(right)?);
                Ok(self.compare_numbers(op, a, b))
            }
            _ => Err(Why::Texts),
        }
    }

    /// Compares numbers; a slot with a constant is a cut of its column.
    pub(super) fn compare_numbers(&mut self, op: Compare, left: NumberId, right: NumberId) -> TruthId {
        let (left_node, right_node) =
            (self.program.numbers.get(left).clone(), self.program.numbers.get(right).clone());
        let atom = match (left_node, right_node) {
            (Numeric::Slot(slot), Numeric::Constant(number)) => Atom::Cut(slot, Comparison(op), number),
            (Numeric::Constant(number), Numeric::Slot(slot)) => {
                Atom::Cut(slot, Comparison(op.mirrored()), number)
            }
            _ => Atom::Compare(Comparison(op), left, right),
        };
        self.program.atom(atom)
    }

    /// A slot tested with a constant text.
    fn text(&mut self, test: TextTest, arguments: &[Expr]) -> Held<TruthId> {
        let [text, part] = arguments else { return Err(Why::Function) };
        let (Kind::Input(input), Kind::Constant(Constant::Text(part))) = (&text.kind, &part.kind) else {
            return Err(Why::Texts);
        };
        let slot = self.slot(*input)?;
        match self.slot_type(slot) {
            Some(FactType::Code | FactType::Text) => {
                Ok(self.program.atom(Atom::Text(slot, test, part.clone())))
            }
            _ => Err(Why::Texts),
        }
    }

    fn all_or_any(&mut self, builtin: Builtin, arguments: &[Expr]) -> Held<TruthId> {
        let mut parts = Vec::new();
        match arguments {
            [Expr { kind: Kind::ForValues(list, local, body), .. }] => {
                for (before_founding, element) in self.elements(list)? {
                    let held = self.with_local(*local, element, |lowerer| lowerer.held_truth(body))?;
                    parts.push(match before_founding {
                        None => held,
                        // A year that does not count neither fails nor serves.
                        Some(before) if builtin == Builtin::All => self.program.or(vec![before, held]),
                        Some(before) => {
                            let counts = self.program.not(before);
                            self.program.and(vec![counts, held])
                        }
                    });
                }
            }
            [only] if matches!(only.ty, Type::List(_)) => {
                let Kind::Items(items) = &only.kind else { return Err(Why::Shape) };
                for item in items {
                    parts.push(self.held_truth(item)?);
                }
            }
            several => {
                for one in several {
                    parts.push(self.held_truth(one)?);
                }
            }
        }
        Ok(if builtin == Builtin::All { self.program.and(parts) } else { self.program.or(parts) })
    }

    /// The elements of a list that is known in length, each with whether it does not count.
    fn elements(&mut self, list: &Expr) -> Held<Vec<(Option<TruthId>, Local)>> {
        match &list.kind {
            Kind::Span { years, .. } => years
                .iter()
                .map(|year| {
                    let slot = self.slot(*year)?;
                    let is_truth =
                        matches!(self.slot_type(slot), None | Some(FactType::Bool | FactType::Event));
                    let before = self.document.actual_years.then(|| {
                        let atom = Atom::BeforeFounding(slot);
                        self.program.atom(atom)
                    });
                    Ok(if is_truth {
                        (before, Local::Truth(self.slot_truth(slot)))
                    } else {
                        (before, Local::Number(self.slot_number(slot)?))
                    })
                })
                .collect(),
            Kind::Items(items) => items
                .iter()
                .map(|item| {
                    Ok((
                        None,
                        if item.ty == Type::Bool {
                            Local::Truth(self.held_truth(item)?)
                        } else {
                            Local::Number(self.number(item)?)
                        },
                    ))
                })
                .collect(),
            Kind::Let(index) => {
                let value = self.let_value(*index);
                self.elements(value)
            }
            Kind::Collection(..) | Kind::List(_) | Kind::Passing => Err(Why::Items),
            _ => Err(Why::Shape),
        }
    }

    fn with_local<T>(&mut self, local: usize, value: Local, body: impl FnOnce(&mut Self) -> T) -> T {
        if self.locals.len() <= local {
            self.locals.resize(local + 1, None);
        }
        let before = self.locals[local].replace(value);
        let result = body(self);
        self.locals[local] = before;
        result
    }
}
