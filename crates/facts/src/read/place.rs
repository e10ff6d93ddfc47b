//! Where something stands in a file, as a person finds it again.

use crate::Text;

/// A place in a table; rows and columns count from 0 here and are shown as Excel shows them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    /// File name.
    pub(super) file: &'a str,
    /// Sheet, where a file has several.
    pub(super) sheet: Option<&'a str>,
    /// Row.
    pub(super) row: Option<usize>,
    /// Column.
    pub(super) column: Option<usize>,
    /// What the column is headed.
    pub(super) header: &'a str,
}

impl<'a> Place<'a> {
    /// A whole sheet, or a whole file without sheets.
    pub(super) fn whole(file: &'a str, sheet: Option<&'a str>) -> Self {
        Self { file, sheet, row: None, column: None, header: "" }
    }

    /// A row of it.
    pub(super) fn row(self, row: usize) -> Self {
        Self { row: Some(row), ..self }
    }

    /// A column of it.
    pub(super) fn column(self, column: usize, header: &'a str) -> Self {
        Self { column: Some(column), header, ..self }
    }

    /// In both languages: `zone.xlsx 工作表“企业”第 12 行 F 列(研发费用)`.
    pub(super) fn text(&self) -> Text {
        let mut text = self.without_header();
        if !self.header.is_empty() {
            text.zh.push_str(&format!("({})", self.header));
            text.en.push_str(&format!(" ({})", self.header));
        }
        text
    }

    /// Without the column's header: what is kept beside every value.
    pub(super) fn without_header(&self) -> Text {
        let (mut zh, mut en) = (self.file.to_owned(), self.file.to_owned());
        if self.sheet.is_some() || self.row.is_some() || self.column.is_some() {
            zh.push(' ');
        }
        if let Some(sheet) = self.sheet {
            zh.push_str(&format!("工作表“{sheet}”"));
            en.push_str(&format!(", sheet “{sheet}”"));
        }
        if let Some(row) = self.row {
            zh.push_str(&format!("第 {} 行", row + 1));
            en.push_str(&format!(", row {}", row + 1));
        }
        if let Some(column) = self.column {
            let letters = column_letters(column);
            zh.push_str(&format!(" {letters} 列"));
            en.push_str(&format!(", column {letters}"));
        }
        Text { zh, en }
    }
}

/// A line and column of a text file, both from 1.
pub(super) fn line_text(file: &str, line: usize, column: usize) -> Text {
    Text {
        zh: format!("{file} 第 {line} 行第 {column} 字"),
        en: format!("{file}, line {line}, character {column}"),
    }
}

/// `A`, `Z`, `AA` … as Excel names its columns.
fn column_letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().map(|letter| *letter as char).collect()
}
