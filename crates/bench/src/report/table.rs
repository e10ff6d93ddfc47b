//! The figures for a person.

use super::{Figures, Line, ratio};
use crate::probe::{PROBES, summary};

const HEAD: [&str; 10] = [
    "engine",
    "version",
    "rows × documents",
    "CPU s",
    "decisions/s",
    "ours is",
    "compared",
    "wrong",
    "guessed",
    "withheld",
];

/// Table, notes and the answers to the probes.
pub fn print(lines: &[Line]) -> String {
    let mut cells: Vec<Vec<String>> = vec![HEAD.iter().map(|word| (*word).to_owned()).collect()];
    for line in lines {
        if let Ok(figures) = &line.figures {
            cells.push(row(lines, line, figures));
        }
    }
    let mut text = aligned(&cells);
    text += "\nCPU s: best of five, one thread. compared: answers held against exact evaluation, of which wrong: yes for\n\
             no or no for yes; guessed: yes or no where it cannot be known; withheld: no answer where it is known.\n";
    for line in lines {
        match &line.figures {
            Ok(figures) => {
                text += &format!("\n{}: {}", line.engine, figures.measured.form);
                text += &format!("\n  what is not known: {}\n", summary(&figures.probes));
            }
            Err(reason) => text += &format!("\n{}: not available: {reason}\n", line.engine),
        }
    }
    text + &answers(lines)
}

fn row(lines: &[Line], line: &Line, figures: &Figures) -> Vec<String> {
    let measured = &figures.measured;
    let difference = figures.difference;
    vec![
        line.engine.clone(),
        line.version.clone(),
        format!("{} × {}", grouped(measured.slice.rows as u64), grouped(measured.slice.documents as u64)),
        format!("{:.3}", measured.cpu_seconds),
        magnitude(measured.decisions_per_second()),
        ratio(lines, line).map(times).unwrap_or_default(),
        grouped(difference.compared),
        grouped(difference.wrong),
        grouped(difference.guessed),
        grouped(difference.withheld),
    ]
}

/// The answers to the probes, a line a question.
fn answers(lines: &[Line]) -> String {
    let asked: Vec<&Line> = lines.iter().filter(|line| line.figures.is_ok()).collect();
    let mut cells = vec![vec!["what is not known".to_owned(), "Kleene".to_owned()]];
    cells[0].extend(asked.iter().map(|line| line.engine.clone()));
    for probe in PROBES {
        let mut row = vec![probe.name.to_owned(), probe.kleene.to_owned()];
        for line in &asked {
            let probes = line.figures.as_ref().map(|figures| figures.probes.as_slice()).unwrap_or_default();
            let answer = probes.iter().find(|(name, _)| name == probe.name);
            row.push(answer.map_or_else(|| "–".to_owned(), |(_, answer)| answer.clone()));
        }
        cells.push(row);
    }
    format!("\n{}", aligned(&cells))
}

/// Columns under one another: the first to the left, the others to the right.
pub(super) fn aligned(cells: &[Vec<String>]) -> String {
    let columns = cells.first().map_or(0, Vec::len);
    let widths: Vec<usize> = (0..columns)
        .map(|column| cells.iter().map(|row| row[column].chars().count()).max().unwrap_or(0))
        .collect();
    let mut text = String::new();
    for row in cells {
        for (column, cell) in row.iter().enumerate() {
            let space = " ".repeat(widths[column] - cell.chars().count());
            match column {
                0 => text += &format!("{cell}{space}"),
                _ => text += &format!("  {space}{cell}"),
            }
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    text
}

/// `1234567` as `1,234,567`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Three digits and a unit: `4.52 G`.
pub(super) fn magnitude(number: f64) -> String {
    let (value, unit) = match number {
        number if number >= 1e9 => (number / 1e9, "G"),
        number if number >= 1e6 => (number / 1e6, "M"),
        number if number >= 1e3 => (number / 1e3, "k"),
        number => (number, ""),
    };
    format!("{value:.2} {unit}").trim_end().to_owned()
}

fn times(ratio: f64) -> String {
    match ratio {
        ratio if ratio >= 10.0 => format!("{ratio:.0} ×"),
        ratio if ratio >= 0.1 => format!("{ratio:.2} ×"),
        ratio => format!("{ratio:.2e} ×"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_written_as_people_read_them() {
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(12), "12");
        assert_eq!(magnitude(4.52e9), "4.52 G");
        assert_eq!(magnitude(950.0), "950.00");
        assert_eq!(times(23.4), "23 ×");
    }
}
