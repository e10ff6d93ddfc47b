//! Regular expressions as XPath has them, translated for the library that runs them.

use crate::feel::limits::{REGEX_STEPS_MAX, TEXT_BYTES_MAX};

/// Largest compiled pattern, in bytes.
const SIZE_MAX: usize = 1 << 20;

/// Longest pattern and greatest count in `{…}`.
const PATTERN_BYTES_MAX: usize = 10_000;
const COUNT_MAX: u32 = 1_000;

/// A compiled pattern.
pub struct Pattern {
    regex: fancy_regex::Regex,
    group_count: usize,
    is_literal: bool,
}

/// Compiles a pattern with XPath's flags `s m i x q`; `None` if either is wrong.
pub fn compile(source: &str, flags: &str) -> Option<Pattern> {
    if !flags.chars().all(|flag| "smixq".contains(flag)) || source.len() > PATTERN_BYTES_MAX {
        return None;
    }
    let is_set = |flag: char| flags.contains(flag);
    let is_literal = is_set('q');
    let mut text = String::new();
    for (flag, inner) in [('s', "s"), ('m', "m"), ('i', "i")] {
        if is_set(flag) && !(is_literal && flag != 'i') {
            text.push_str(&format!("(?{inner})"));
        }
    }
    let mut group_count = 0;
    if is_literal {
        text.push_str(&fancy_regex::escape(source));
    } else {
        let mut translator = Translator {
            source: source.chars().collect(),
            at: 0,
            groups: 0,
            open: Vec::new(),
            closed: Vec::new(),
            skips_space: is_set('x'),
            text: &mut text,
        };
        translator.pattern()?;
        group_count = translator.groups;
    }
    let regex = fancy_regex::RegexBuilder::new(&text)
        .backtrack_limit(REGEX_STEPS_MAX)
        .delegate_size_limit(SIZE_MAX)
        .delegate_dfa_size_limit(SIZE_MAX)
        .build()
        .ok()?;
    Some(Pattern { regex, group_count, is_literal })
}

impl Pattern {
    /// Whether the text contains a match; `None` if that takes too long to find out.
    pub fn is_match(&self, text: &str) -> Option<bool> {
        self.regex.is_match(text).ok()
    }

    /// The pieces between matches; `None` if the pattern matches nothing at all, or takes too long.
    pub fn split<'t>(&self, text: &'t str) -> Option<Vec<&'t str>> {
        if self.is_match("")? {
            return None;
        }
        self.regex.split(text).collect::<Result<Vec<_>, _>>().ok()
    }

    /// Every match replaced, `$1` standing for a group and `\$` for a dollar; `None` if the replacement is wrong, the
    /// pattern matches nothing at all, or it takes too long.
    pub fn replace_all(&self, text: &str, replacement: &str) -> Option<String> {
        let parts = if self.is_literal {
            vec![Part::Text(replacement.to_owned())]
        } else {
            replacement_parts(replacement, self.group_count)?
        };
        if self.is_match("")? {
            return None;
        }
        let mut result = String::new();
        let mut end = 0;
        for captures in self.regex.captures_iter(text) {
            let captures = captures.ok()?;
            let whole = captures.get(0)?;
            result.push_str(&text[end..whole.start()]);
            for part in &parts {
                match part {
                    Part::Text(text) => result.push_str(text),
                    Part::Group(index) => {
                        result.push_str(captures.get(*index).map_or("", |group| group.as_str()))
                    }
                }
            }
            end = whole.end();
            if result.len() > TEXT_BYTES_MAX {
                break;
            }
        }
        result.push_str(&text[end..]);
        Some(result)
    }
}

enum Part {
    Text(String),
    Group(usize),
}

/// A group's number takes as many digits as still name a group: with three groups `$12` is group 1 and the digit 2.
fn replacement_parts(replacement: &str, group_count: usize) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = replacement.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' => literal.push(rest.next().filter(|next| matches!(next, '\\' | '$'))?),
            '$' => {
                let mut group = rest.next()?.to_digit(10)? as usize;
                while let Some(digit) = rest.peek().and_then(|next| next.to_digit(10)) {
                    let longer = group * 10 + digit as usize;
                    if longer > group_count {
                        break;
                    }
                    group = longer;
                    rest.next();
                }
                parts.push(Part::Text(std::mem::take(&mut literal)));
                if group <= group_count {
                    parts.push(Part::Group(group));
                }
            }
            _ => literal.push(c),
        }
    }
    parts.push(Part::Text(literal));
    Some(parts)
}

/// Walks over an XPath pattern and writes the same in the library's syntax.
struct Translator<'t> {
    source: Vec<char>,
    at: usize,
    groups: usize,
    /// Groups that are open here; `None` for those that capture nothing.
    open: Vec<Option<usize>>,
    /// Groups that are complete, to which `\1` may refer.
    closed: Vec<usize>,
    skips_space: bool,
    text: &'t mut String,
}

/// Name characters of XML, for `\i` and `\c`.
const NAME_START: &str = r":A-Z_a-z\u{C0}-\u{D6}\u{D8}-\u{F6}\u{F8}-\u{2FF}\u{370}-\u{37D}\u{37F}-\u{1FFF}\u{200C}-\u{200D}\u{2070}-\u{218F}\u{2C00}-\u{2FEF}\u{3001}-\u{D7FF}\u{F900}-\u{FDCF}\u{FDF0}-\u{FFFD}";
const NAME_MORE: &str = r"\-.0-9\u{B7}\u{300}-\u{36F}\u{203F}-\u{2040}";

impl Translator<'_> {
    fn peek(&self) -> Option<char> {
        self.source.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    fn pattern(&mut self) -> Option<()> {
        // Whether a quantifier may stand here.
        let mut has_atom = false;
        while let Some(c) = self.next() {
            has_atom = match c {
                _ if self.skips_space && matches!(c, ' ' | '\t' | '\n' | '\r') => has_atom,
                '\\' => {
                    self.escape()?;
                    true
                }
                '[' => {
                    let class = self.class()?;
                    self.text.push_str(&class);
                    true
                }
                '(' => {
                    self.group()?;
                    false
                }
                ')' => {
                    if let Some(group) = self.open.pop()? {
                        self.closed.push(group);
                    }
                    self.text.push(')');
                    true
                }
                '*' | '+' | '?' if has_atom => {
                    self.text.push(c);
                    self.reluctant();
                    false
                }
                '{' if has_atom => {
                    self.count()?;
                    self.reluctant();
                    false
                }
                '*' | '+' | '?' | '{' | '}' | ']' => return None,
                '|' => {
                    self.text.push('|');
                    false
                }
                '^' | '$' => {
                    self.text.push(c);
                    false
                }
                '.' => {
                    self.text.push('.');
                    true
                }
                _ => {
                    self.literal(c);
                    true
                }
            };
        }
        self.open.is_empty().then_some(())
    }

    fn literal(&mut self, c: char) {
        let mut buffer = [0; 4];
        self.text.push_str(&fancy_regex::escape(c.encode_utf8(&mut buffer)));
    }

    fn reluctant(&mut self) {
        if self.peek() == Some('?') {
            self.at += 1;
            self.text.push('?');
        }
    }

    /// `(` or `(?:`; XPath has no other special groups.
    fn group(&mut self) -> Option<()> {
        if self.peek() == Some('?') {
            self.at += 1;
            if self.next()? != ':' {
                return None;
            }
            self.text.push_str("(?:");
            self.open.push(None);
        } else {
            self.groups += 1;
            self.text.push('(');
            self.open.push(Some(self.groups));
        }
        Some(())
    }

    /// `{2}`, `{2,}` or `{2,5}`, behind the brace.
    fn count(&mut self) -> Option<()> {
        let mut inner = String::new();
        loop {
            match self.next()? {
                '}' => break,
                c => inner.push(c),
            }
        }
        let (least, most) =
            inner.split_once(',').map_or((inner.as_str(), None), |(least, most)| (least, Some(most)));
        let figure = |text: &str| text.parse::<u32>().ok().filter(|count| *count <= COUNT_MAX);
        let least = figure(least)?;
        if let Some(most) = most.filter(|most| !most.is_empty())
            && figure(most)? < least
        {
            return None;
        }
        self.text.push_str(&format!("{{{inner}}}"));
        Some(())
    }

    /// What follows a backslash outside a class.
    fn escape(&mut self) -> Option<()> {
        let c = self.peek()?;
        if let Some(digit) = c.to_digit(10) {
            self.at += 1;
            return self.back_reference(digit as usize);
        }
        match self.class_escape()? {
            Escape::Set(set) => self.text.push_str(&format!("[{set}]")),
            Escape::Char(c) => self.literal(c),
        }
        Some(())
    }

    fn back_reference(&mut self, first: usize) -> Option<()> {
        let mut group = first;
        while let Some(digit) = self.peek().and_then(|next| next.to_digit(10)) {
            let longer = group * 10 + digit as usize;
            if longer > self.groups {
                break;
            }
            group = longer;
            self.at += 1;
        }
        if !self.closed.contains(&group) {
            return None;
        }
        // The empty group keeps a digit behind the reference apart from it.
        self.text.push_str(&format!("\\{group}(?:)"));
        Some(())
    }

    /// What follows a backslash inside a class, or outside where it is no back reference.
    fn class_escape(&mut self) -> Option<Escape> {
        let set = |text: &str| Some(Escape::Set(text.to_owned()));
        match self.next()? {
            'n' => Some(Escape::Char('\n')),
            'r' => Some(Escape::Char('\r')),
            't' => Some(Escape::Char('\t')),
            c if "\\|.-^?*+{}()[]$".contains(c) => Some(Escape::Char(c)),
            's' => set(r" \t\n\r"),
            'S' => set(r"[^ \t\n\r]"),
            'd' => set(r"\p{Nd}"),
            'D' => set(r"\P{Nd}"),
            'w' => set(r"[^\p{P}\p{Z}\p{C}]"),
            'W' => set(r"\p{P}\p{Z}\p{C}"),
            'i' => Some(Escape::Set(NAME_START.to_owned())),
            'I' => Some(Escape::Set(format!("[^{NAME_START}]"))),
            'c' => Some(Escape::Set(format!("{NAME_START}{NAME_MORE}"))),
            'C' => Some(Escape::Set(format!("[^{NAME_START}{NAME_MORE}]"))),
            c @ ('p' | 'P') => self.category(c),
            _ => None,
        }
    }

    /// `\p{Lu}` or `\p{IsBasicLatin}`.
    fn category(&mut self, kind: char) -> Option<Escape> {
        if self.next()? != '{' {
            return None;
        }
        let mut name = String::new();
        loop {
            match self.next()? {
                '}' => break,
                c => name.push(c),
            }
        }
        if let Some(block) = name.strip_prefix("Is") {
            let (_, range) = BLOCKS.iter().find(|(known, _)| *known == block)?;
            return Some(Escape::Set(if kind == 'p' { (*range).to_owned() } else { format!("[^{range}]") }));
        }
        let is_category = name.len() <= 2 && name.starts_with(|c: char| "LMNPZSC".contains(c));
        is_category.then(|| Escape::Set(format!("\\{kind}{{{name}}}")))
    }

    /// `[…]`, behind the bracket, in the library's syntax.
    fn class(&mut self) -> Option<String> {
        let mut set = String::from("[");
        if self.peek() == Some('^') {
            self.at += 1;
            set.push('^');
        }
        let mut is_empty = true;
        loop {
            let c = self.next()?;
            match c {
                ']' if !is_empty => {
                    set.push(']');
                    return Some(set);
                }
                '[' | ']' => return None,
                _ if self.skips_space && matches!(c, ' ' | '\t' | '\n' | '\r') => continue,
                '-' if !is_empty && self.peek() == Some('[') => {
                    self.at += 1;
                    let without = self.class()?;
                    return (self.next()? == ']').then(|| format!("{set}--{without}]"));
                }
                _ => self.class_item(c, &mut set)?,
            }
            is_empty = false;
        }
    }

    /// A character, a range of characters or an escape.
    fn class_item(&mut self, c: char, set: &mut String) -> Option<()> {
        let low = match c {
            '\\' => match self.class_escape()? {
                Escape::Set(inner) => {
                    set.push_str(&inner);
                    return Some(());
                }
                Escape::Char(c) => c,
            },
            c => c,
        };
        let is_range = self.peek() == Some('-')
            && self.source.get(self.at + 1).is_some_and(|next| !matches!(next, ']' | '['));
        if !is_range {
            push_class_char(set, low);
            return Some(());
        }
        self.at += 1;
        let high = match self.next()? {
            '\\' => match self.class_escape()? {
                Escape::Char(c) => c,
                Escape::Set(_) => return None,
            },
            c => c,
        };
        if high < low {
            return None;
        }
        push_class_char(set, low);
        set.push('-');
        push_class_char(set, high);
        Some(())
    }
}

fn push_class_char(set: &mut String, c: char) {
    set.push_str(&format!("\\x{{{:X}}}", u32::from(c)));
}

enum Escape {
    /// The inside of a class.
    Set(String),
    Char(char),
}

/// Unicode blocks by their XML Schema names: those that occur in practice.
const BLOCKS: &[(&str, &str)] = &[
    ("BasicLatin", r"\x{0}-\x{7F}"),
    ("Latin-1Supplement", r"\x{80}-\x{FF}"),
    ("LatinExtended-A", r"\x{100}-\x{17F}"),
    ("LatinExtended-B", r"\x{180}-\x{24F}"),
    ("IPAExtensions", r"\x{250}-\x{2AF}"),
    ("SpacingModifierLetters", r"\x{2B0}-\x{2FF}"),
    ("CombiningDiacriticalMarks", r"\x{300}-\x{36F}"),
    ("Greek", r"\x{370}-\x{3FF}"),
    ("GreekandCoptic", r"\x{370}-\x{3FF}"),
    ("Cyrillic", r"\x{400}-\x{4FF}"),
    ("Armenian", r"\x{530}-\x{58F}"),
    ("Hebrew", r"\x{590}-\x{5FF}"),
    ("Arabic", r"\x{600}-\x{6FF}"),
    ("Thai", r"\x{E00}-\x{E7F}"),
    ("HangulJamo", r"\x{1100}-\x{11FF}"),
    ("GeneralPunctuation", r"\x{2000}-\x{206F}"),
    ("CurrencySymbols", r"\x{20A0}-\x{20CF}"),
    ("LetterlikeSymbols", r"\x{2100}-\x{214F}"),
    ("NumberForms", r"\x{2150}-\x{218F}"),
    ("Arrows", r"\x{2190}-\x{21FF}"),
    ("MathematicalOperators", r"\x{2200}-\x{22FF}"),
    ("BoxDrawing", r"\x{2500}-\x{257F}"),
    ("GeometricShapes", r"\x{25A0}-\x{25FF}"),
    ("CJKSymbolsandPunctuation", r"\x{3000}-\x{303F}"),
    ("Hiragana", r"\x{3040}-\x{309F}"),
    ("Katakana", r"\x{30A0}-\x{30FF}"),
    ("CJKUnifiedIdeographsExtensionA", r"\x{3400}-\x{4DBF}"),
    ("CJKUnifiedIdeographs", r"\x{4E00}-\x{9FFF}"),
    ("HangulSyllables", r"\x{AC00}-\x{D7A3}"),
    ("PrivateUse", r"\x{E000}-\x{F8FF}"),
    ("CJKCompatibilityIdeographs", r"\x{F900}-\x{FAFF}"),
    ("HalfwidthandFullwidthForms", r"\x{FF00}-\x{FFEF}"),
];
