//! The functions of the language over possibilities.

use facts::Number;
use lang::ir::{Builtin, Compare, Expr, InputRef, Kind};

use super::causes::Causes;
use super::collections::list_causes;
use super::compare::compare_values;
use super::eval::Evaluator;
use super::numbers::{Absence, End, Interval, Numbers};
use super::value::{Element, Presence, Thing, Truth, Value};

impl Evaluator<'_> {
    pub(super) fn call(&mut self, builtin: Builtin, arguments: &[Expr]) -> Value {
        match builtin {
            Builtin::Sum | Builtin::Mean => self.sum_or_mean(builtin, arguments),
            Builtin::Min | Builtin::Max | Builtin::Median => self.extreme(builtin, arguments),
            Builtin::Count => self.count(&arguments[0]),
            Builtin::Abs | Builtin::Floor | Builtin::Ceiling => self.rounded(builtin, &arguments[0]),
            Builtin::RoundHalfUp => self.round_half_up(&arguments[0], &arguments[1]),
            Builtin::CountTrue => self.count_true(arguments),
            Builtin::All | Builtin::Any => self.all_or_any(builtin, arguments),
            Builtin::StartsWith | Builtin::EndsWith | Builtin::Contains => self.text_test(builtin, arguments),
            Builtin::StringLength => self.string_length(&arguments[0]),
            Builtin::ListContains => self.list_contains(&arguments[0], &arguments[1]),
            Builtin::MonthsBetween => {
                let (from, to) = (self.eval(&arguments[0]), self.eval(&arguments[1]));
                let causes = from.causes.clone().union(&to.causes);
                match (&from.thing, &to.thing) {
                    (Thing::Days(from), Thing::Days(to)) => super::days::months_between(from, to, causes),
                    _ => Value::numbers(Numbers::interval(Interval::all()), causes),
                }
            }
        }
    }

    /// The values a function runs over: the members of one list, or the arguments themselves.
    fn members(&mut self, arguments: &[Expr]) -> Vec<Element> {
        if let [only] = arguments {
            let value = self.eval(only);
            return match value.thing {
                Thing::List(elements) => elements,
                _ => vec![Element { value, presence: Presence::Certain }],
            };
        }
        let element = |value| Element { value, presence: Presence::Certain };
        arguments.iter().map(|argument| element(self.eval(argument))).collect()
    }

    /// A total or mean of a span may be known though the years are not.
    fn given_of_span(&mut self, builtin: Builtin, argument: &Expr) -> Option<Value> {
        let Kind::Span { years, total, mean } = &argument.kind else { return None };
        let all_known = years.iter().all(|year| self.input(*year).causes.is_empty());
        if all_known {
            return None;
        }
        let count = Numbers::exact(Number::from(i64::try_from(years.len()).unwrap_or(1)));
        let known = |evaluator: &Self, input: InputRef| {
            let value = evaluator.input(input);
            value.causes.is_empty().then(|| value.as_numbers())
        };
        let (total, mean) = (known(self, *total), known(self, *mean));
        let numbers = match builtin {
            Builtin::Sum => total.or_else(|| mean.map(|mean| mean.mul(&count)))?,
            _ => mean.or_else(|| total.map(|total| total.div(&count)))?,
        };
        Some(Value::numbers(numbers, Causes::NONE))
    }

    fn sum_or_mean(&mut self, builtin: Builtin, arguments: &[Expr]) -> Value {
        if let [only] = arguments
            && let Some(given) = self.given_of_span(builtin, only)
        {
            return given;
        }
        let members = self.members(arguments);
        if let [only] = arguments
            && let Kind::Span { total, mean, .. } = &only.kind
        {
            return self.span_sum(builtin, &members, *total, *mean);
        }
        let mut causes = list_causes(&members);
        let mut sum = Numbers::exact(Number::zero());
        for member in &members {
            let numbers = member.value.as_numbers();
            causes.add(&member.value.causes);
            sum = sum.add(&contribution(numbers, &member.presence));
        }
        if builtin == Builtin::Sum {
            return Value::numbers(sum, causes);
        }
        let count = count_of(&members);
        Value::numbers(sum.div(&count), causes)
    }

    /// A sum of years of which some are unknown. Where none is known, the one figure that answers is the total.
    fn span_sum(&mut self, builtin: Builtin, members: &[Element], total: InputRef, mean: InputRef) -> Value {
        let mut sum = Numbers::exact(Number::zero());
        let mut causes = Causes::NONE;
        for member in members {
            sum = sum.add(&member.value.as_numbers());
            causes.add(&member.value.causes);
        }
        let none_known = !members.is_empty() && members.iter().all(|member| !member.value.causes.is_empty());
        if none_known {
            let asked = if builtin == Builtin::Sum { total } else { mean };
            causes = Causes::one(self.slot_of(asked));
            let given = self.input(asked).as_numbers();
            return Value::numbers(given, causes);
        }
        if builtin == Builtin::Mean {
            sum = sum.div(&count_of(members));
        }
        Value::numbers(sum, causes)
    }

    fn extreme(&mut self, builtin: Builtin, arguments: &[Expr]) -> Value {
        let members = self.members(arguments);
        let mut causes = list_causes(&members);
        let mut result: Option<Numbers> = None;
        let mut all_possible = true;
        for member in &members {
            causes.add(&member.value.causes);
            let numbers = member.value.as_numbers();
            let is_certain = member.presence == Presence::Certain;
            all_possible &= !is_certain;
            result = Some(match result {
                None => numbers,
                Some(known) => {
                    let with = match builtin {
                        Builtin::Min => known.min(&numbers),
                        Builtin::Max => known.max(&numbers),
                        _ => known.union(&numbers),
                    };
                    if is_certain { with } else { with.union(&known) }
                }
            });
        }
        if builtin == Builtin::Median {
            return median(&members, result, causes);
        }
        let Some(result) = result else { return nothing() };
        let absent = Numbers::absent(Absence::NOTHING);
        Value::numbers(if all_possible { result.union(&absent) } else { result }, causes)
    }

    fn count(&mut self, argument: &Expr) -> Value {
        if let Kind::List(index) = &argument.kind
            && let Some(count) = self.given_count(*index)
        {
            return count;
        }
        let members = self.members(std::slice::from_ref(argument));
        Value::numbers(count_of(&members), list_causes(&members))
    }

    fn rounded(&mut self, builtin: Builtin, argument: &Expr) -> Value {
        let (numbers, causes) = self.numbers(argument);
        let result = match builtin {
            Builtin::Floor => numbers.map_rising(Number::floor),
            Builtin::Ceiling => numbers.map_rising(Number::ceiling),
            _ => {
                let zero = Numbers::exact(Number::zero());
                let negated = zero.sub(&numbers);
                numbers.max(&negated)
            }
        };
        Value::numbers(result, causes)
    }

    fn round_half_up(&mut self, number: &Expr, places: &Expr) -> Value {
        let (numbers, causes) = self.numbers(number);
        let (places, _) = self.numbers(places);
        let places = places.as_exact().and_then(Number::to_i64).and_then(|places| i32::try_from(places).ok());
        let Some(places) = places.filter(|places| places.abs() <= 40) else {
            return Value::numbers(Numbers::interval(Interval::all()), causes);
        };
        let scale = Number::power_of_ten(places);
        let back = Number::power_of_ten(-places);
        let result = numbers.map_rising(|number| &(number * &scale).round_half_up() * &back);
        Value::numbers(result, causes)
    }

    fn count_true(&mut self, arguments: &[Expr]) -> Value {
        let (mut low, mut high) = (0, 0);
        let mut causes = Causes::NONE;
        for argument in arguments {
            let (truth, why) = self.truth(argument);
            low += i64::from(truth == Truth::True);
            high += i64::from(truth != Truth::False);
            causes.add(&why);
        }
        let pieces = (low..=high).map(|count| Interval::point(Number::from(count))).collect();
        Value::numbers(Numbers::from_pieces(pieces, Absence::NEVER), causes)
    }

    fn all_or_any(&mut self, builtin: Builtin, arguments: &[Expr]) -> Value {
        let settles = if builtin == Builtin::All { Truth::False } else { Truth::True };
        let mut causes = Causes::NONE;
        let mut is_unknown = false;
        for Element { value, presence } in self.members(arguments) {
            let truth = value.as_truth();
            if truth == settles && presence == Presence::Certain {
                return Value::truth(settles, Causes::NONE);
            }
            if truth != settles.negate() {
                is_unknown = true;
                causes.add(&value.causes);
                if let Presence::Possible(why) | Presence::Many(why) = &presence {
                    causes.add(why);
                }
            }
        }
        Value::truth(if is_unknown { Truth::Unknown } else { settles.negate() }, causes)
    }

    fn text_test(&mut self, builtin: Builtin, arguments: &[Expr]) -> Value {
        let (text, part) = (self.eval(&arguments[0]), self.eval(&arguments[1]));
        let causes = text.causes.clone().union(&part.causes);
        let Thing::Texts(Some(parts), _) = &part.thing else { return Value::truth(Truth::Unknown, causes) };
        let test = |text: &str, part: &str| match builtin {
            Builtin::StartsWith => text.starts_with(part),
            Builtin::EndsWith => text.ends_with(part),
            _ => text.contains(part),
        };
        let (mut can_true, mut can_false) = (false, false);
        for part in parts {
            let truth = super::compare::text_holds(&text.thing, |text| test(text, part));
            can_true |= truth.can_be_true();
            can_false |= truth.can_be_false();
        }
        Value::truth(Truth::possible(can_true, can_false), causes)
    }

    fn string_length(&mut self, argument: &Expr) -> Value {
        let value = self.eval(argument);
        let Thing::Texts(Some(texts), _) = &value.thing else {
            let low = End::Closed(Number::zero());
            return Value::numbers(Numbers::interval(Interval { low, high: End::Open }), value.causes);
        };
        let length = |text: &String| Number::from(i64::try_from(text.chars().count()).unwrap_or(i64::MAX));
        let pieces = texts.iter().map(|text| Interval::point(length(text))).collect();
        Value::numbers(Numbers::from_pieces(pieces, Absence::NEVER), value.causes)
    }

    fn list_contains(&mut self, list: &Expr, item: &Expr) -> Value {
        let members = self.members(std::slice::from_ref(list));
        let item = self.eval(item);
        let mut causes = Causes::NONE;
        let mut is_unknown = false;
        for Element { value, presence } in members {
            let equal = compare_values(Compare::Eq, &value, &item);
            match (equal.as_truth(), &presence) {
                (Truth::True, Presence::Certain) => return Value::truth(Truth::True, Causes::NONE),
                (Truth::False, _) => {}
                (_, presence) => {
                    is_unknown = true;
                    causes.add(&equal.causes);
                    if let Presence::Possible(why) | Presence::Many(why) = presence {
                        causes.add(why);
                    }
                }
            }
        }
        Value::truth(if is_unknown { Truth::Unknown } else { Truth::False }, causes)
    }
}

fn nothing() -> Value {
    Value::certain(Thing::Numbers(Numbers::absent(Absence::NOTHING)))
}

/// What an element adds to a sum, given how surely it is there.
fn contribution(numbers: Numbers, presence: &Presence) -> Numbers {
    let zero = Numbers::exact(Number::zero());
    match presence {
        Presence::Certain => numbers,
        Presence::Possible(_) => numbers.union(&zero),
        Presence::Many(_) => {
            let hull = numbers.hull().unwrap_or_else(Interval::all);
            let has_negative = hull.low.value().is_none_or(Number::is_negative);
            let has_positive = hull.high.value().is_none_or(|high| !high.is_negative() && !high.is_zero());
            let zero = || End::Closed(Number::zero());
            Numbers::interval(Interval {
                low: if has_negative { End::Open } else { zero() },
                high: if has_positive { End::Open } else { zero() },
            })
        }
    }
}

/// How many elements there may be.
pub(super) fn count_of(members: &[Element]) -> Numbers {
    let certain = members.iter().filter(|member| member.presence == Presence::Certain).count();
    let is_open = members.iter().any(|member| matches!(member.presence, Presence::Many(_)));
    let number = |count: usize| Number::from(i64::try_from(count).unwrap_or(i64::MAX));
    if is_open {
        return Numbers::interval(Interval { low: End::Closed(number(certain)), high: End::Open });
    }
    let pieces = (certain..=members.len()).map(|count| Interval::point(number(count))).collect();
    Numbers::from_pieces(pieces, Absence::NEVER)
}

fn median(members: &[Element], hull: Option<Numbers>, causes: Causes) -> Value {
    let exact: Option<Vec<Number>> = members
        .iter()
        .map(|member| match member.presence {
            Presence::Certain => member.value.as_numbers().as_exact().cloned(),
            _ => None,
        })
        .collect();
    match exact {
        Some(mut numbers) if !numbers.is_empty() => {
            numbers.sort();
            let middle = numbers.len() / 2;
            let value = if numbers.len() % 2 == 1 {
                numbers[middle].clone()
            } else {
                let two = Number::from(2);
                (&numbers[middle - 1] + &numbers[middle]).checked_div(&two).unwrap_or_default()
            };
            Value::exact(value)
        }
        Some(_) => nothing(),
        None => {
            let hull = hull.and_then(|numbers| numbers.hull()).unwrap_or_else(Interval::all);
            Value::numbers(Numbers::interval(hull), causes)
        }
    }
}
