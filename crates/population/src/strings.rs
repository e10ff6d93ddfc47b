//! A short text for each row, one behind the other.

/// One text a row; most populations have no more than a key and a name, and some not even these.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Strings {
    text: String,
    /// Where each row's text ends; empty while every text was empty.
    ends: Vec<usize>,
    rows: usize,
}

impl Strings {
    /// Adds the text of the next row.
    pub(crate) fn push(&mut self, text: &str) {
        self.rows += 1;
        if text.is_empty() && self.ends.is_empty() {
            return;
        }
        self.ends.resize(self.rows - 1, self.text.len());
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }

    /// The text of a row; panics past the end.
    pub(crate) fn get(&self, row: usize) -> &str {
        assert!(row < self.rows, "row {row} of {} rows", self.rows);
        if self.ends.is_empty() {
            return "";
        }
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.text[start..self.ends[row]]
    }
}

impl<T: AsRef<str>> FromIterator<T> for Strings {
    fn from_iter<I: IntoIterator<Item = T>>(texts: I) -> Self {
        let mut strings = Self::default();
        texts.into_iter().for_each(|text| strings.push(text.as_ref()));
        strings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_gets_its_text_back() {
        for texts in [&["", "", "甲", "", "乙公司"][..], &["", ""], &["a", ""], &[]] {
            let strings: Strings = texts.iter().collect();
            assert_eq!((0..texts.len()).map(|row| strings.get(row)).collect::<Vec<_>>(), texts);
        }
    }
}
