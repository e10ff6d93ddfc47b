//! Writing HTML so that it cannot go wrong: an element closes itself, and text is escaped where it enters.

use facts::Language;

use super::typography;

/// HTML as it grows.
#[derive(Debug, Default)]
pub struct Markup {
    out: String,
    /// Chinese within an English page is marked, so that it is read out as such.
    marks_chinese: bool,
}

impl Markup {
    /// For a page of that language.
    pub fn new(language: Language) -> Self {
        Self { out: String::new(), marks_chinese: language == Language::English }
    }

    /// An element with attributes and what stands in it.
    pub fn element(&mut self, name: &str, attributes: &[(&str, &str)], inside: impl FnOnce(&mut Self)) {
        self.open(name, attributes);
        inside(self);
        self.out.push_str(&format!("</{name}>"));
    }

    /// An element that holds text alone.
    pub fn text_element(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.element(name, attributes, |inside| inside.text(text));
    }

    /// An element that holds nothing and does not close.
    pub fn void(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.open(name, attributes);
    }

    /// A line end, for people who read the source.
    pub fn line(&mut self) {
        self.out.push('\n');
    }

    /// Text.
    pub fn text(&mut self, text: &str) {
        if !self.marks_chinese {
            self.out.push_str(&escaped(&typography::chinese(text)));
            return;
        }
        let mut rest = text;
        while let Some((before, chinese, after)) = first_chinese(rest) {
            self.out.push_str(&escaped(before));
            self.out.push_str(&format!("<span lang=\"zh\">{}</span>", escaped(chinese)));
            rest = after;
        }
        self.out.push_str(&escaped(rest));
    }

    /// Text that is no text of the page: the style sheet, which is ours.
    pub fn verbatim(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// What was written.
    pub fn finish(self) -> String {
        self.out
    }

    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.out.push_str(&format!("<{name}"));
        for (key, value) in attributes {
            self.out.push_str(&format!(" {key}=\"{}\"", escaped(value)));
        }
        self.out.push('>');
    }
}

/// What is before the first run of Chinese, the run, and what is behind it. Figures and marks between Chinese belong to it.
fn first_chinese(text: &str) -> Option<(&str, &str, &str)> {
    let start = text.char_indices().find(|(_, character)| is_chinese(*character))?.0;
    let mut end = start;
    for (at, character) in text[start..].char_indices() {
        if is_chinese(character) {
            end = start + at + character.len_utf8();
        } else if character == ' ' || character.is_ascii_alphabetic() {
            break;
        }
    }
    Some((&text[..start], &text[start..end], &text[end..]))
}

fn is_chinese(character: char) -> bool {
    matches!(character, '\u{3001}'..='\u{303F}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}')
}

/// Text in which nothing means anything to HTML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Nothing of a text is a control sign; what is would end the page's encoding.
            control if control.is_control() && control != '\n' && control != '\t' => out.push('\u{FFFD}'),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_attributes_are_escaped() {
        let mut markup = Markup::new(Language::Chinese);
        markup.text_element("p", &[("id", "a\"b")], "<script>&'");
        assert_eq!(markup.finish(), "<p id=\"a&quot;b\">&lt;script&gt;&amp;&#39;</p>");
    }

    #[test]
    fn chinese_in_an_english_page_is_marked() {
        let mut markup = Markup::new(Language::English);
        markup.text("the score “评价分” of art. 第六条(二), 5%");
        assert_eq!(
            markup.finish(),
            "the score “<span lang=\"zh\">评价分</span>” of art. <span lang=\"zh\">第六条(二</span>), 5%"
        );
    }
}
