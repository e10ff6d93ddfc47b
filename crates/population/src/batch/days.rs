//! Arrays of days and of moments.

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType,
};
use arrow_schema::{DataType, TimeUnit};
use facts::read::{CellProblem, YEARS};
use facts::{Date, Value};

use super::cells::Cells;
use crate::{Bits, Column, Values, accept};

const SECONDS_A_DAY: i64 = 86_400;

/// Asia/Shanghai is this far before UTC, since 1991 all year round; a midnight under its former summer time is refused.
const SHANGHAI_SECONDS: i64 = 8 * 3_600;

/// Reads days; a moment that is no midnight is refused. `None` if the array holds something else.
pub(super) fn read(
    array: &dyn Array,
    valid: &Bits,
    cells: &mut Cells,
    parse: impl Fn(&str) -> Result<Option<Value>, CellProblem>,
) -> Option<Column> {
    let ticks = match array.data_type() {
        DataType::Date32 => {
            let days = array.as_primitive_opt::<Date32Type>()?.values();
            return Some(convert(days, valid, cells, parse, Ticks { a_second: 0, ahead: 0 }));
        }
        DataType::Date64 => Ticks { a_second: 1_000, ahead: 0 },
        DataType::Timestamp(unit, zone) => {
            let a_second = match unit {
                TimeUnit::Second => 1,
                TimeUnit::Millisecond => 1_000,
                TimeUnit::Microsecond => 1_000_000,
                TimeUnit::Nanosecond => 1_000_000_000,
            };
            let ahead = match zone {
                None => 0,
                Some(zone) if accept::is_shanghai(zone) => SHANGHAI_SECONDS * a_second,
                Some(_) => return None,
            };
            Ticks { a_second, ahead }
        }
        _ => return None,
    };
    let moments = match array.data_type() {
        DataType::Date64 => array.as_primitive_opt::<Date64Type>()?.values(),
        DataType::Timestamp(TimeUnit::Second, _) => array.as_primitive_opt::<TimestampSecondType>()?.values(),
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            array.as_primitive_opt::<TimestampMillisecondType>()?.values()
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            array.as_primitive_opt::<TimestampMicrosecondType>()?.values()
        }
        _ => array.as_primitive_opt::<TimestampNanosecondType>()?.values(),
    };
    Some(convert(moments, valid, cells, parse, ticks))
}

/// How a moment is counted; no ticks a second is whole days.
#[derive(Clone, Copy)]
struct Ticks {
    a_second: i64,
    /// Ticks from midnight in UTC back to midnight in the array's zone.
    ahead: i64,
}

impl Ticks {
    /// The day and the ticks since midnight.
    fn split(self, moment: i64) -> (i64, i64) {
        if self.a_second == 0 {
            return (moment, 0);
        }
        let local = moment.saturating_add(self.ahead);
        let a_day = self.a_second * SECONDS_A_DAY;
        (local.div_euclid(a_day), local.rem_euclid(a_day))
    }

    /// As it would stand in a cell.
    fn text(self, moment: i64) -> String {
        let (day, rest) = self.split(moment);
        let Some(date) = Date::from_epoch_days(day) else { return moment.to_string() };
        if rest == 0 {
            return date.to_string();
        }
        let seconds = rest / self.a_second;
        format!(
            "{date} {:02}:{:02}:{:02}.{}",
            seconds / 3_600,
            seconds / 60 % 60,
            seconds % 60,
            rest % self.a_second
        )
    }
}

fn convert<T: Copy + Into<i64>>(
    moments: &[T],
    valid: &Bits,
    cells: &mut Cells,
    parse: impl Fn(&str) -> Result<Option<Value>, CellProblem>,
    ticks: Ticks,
) -> Column {
    let first_of = |year: i32| Date::new(year, 1, 1).map_or(0, Date::to_epoch_days);
    let beyond_doubt = first_of(*YEARS.start())..first_of(*YEARS.end());
    let mut known = valid.clone();
    let mut days = vec![0i32; moments.len()];
    for row in valid.iter_ones() {
        match ticks.split(moments[row].into()) {
            (day, 0) if beyond_doubt.contains(&day) => days[row] = day as i32,
            _ => known.set(row, false),
        }
    }
    let mut column = Column::plain(known, Values::Days(days));
    for row in valid.iter_ones() {
        if column.known.get(row) {
            continue;
        }
        match parse(&ticks.text(moments[row].into())) {
            Ok(Some(value)) => column.put(row, value),
            Ok(None) => {}
            Err(problem) => cells.refuse(row, || problem),
        }
    }
    column
}
