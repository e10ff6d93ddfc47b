//! A YAML text as a tree whose every node knows where it stands.

use saphyr_parser::{Event, Parser, ScalarStyle};

use crate::{Diagnostic, Span};

/// Deepest nesting of a YAML file.
pub const DEPTH_MAX: usize = 64;

/// Largest YAML file, in bytes.
pub const BYTES_MAX: usize = 4 << 20;

/// A node with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Where.
    pub span: Span,
}

/// The kinds of node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// A scalar.
    Scalar(Scalar),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping in order of writing; keys are unique.
    Map(Vec<(Node, Node)>),
}

/// A scalar as text; YAML's own typing is not applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// Its text, escapes undone.
    pub text: String,
    /// Written in quotes or as a block.
    pub quoted: bool,
    /// Where its first character stands, if the text stands in the source letter by letter.
    pub text_start: Option<usize>,
}

impl Node {
    /// The text of a scalar.
    pub fn as_text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Scalar(scalar) => Some(&scalar.text),
            _ => None,
        }
    }

    /// The scalar.
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            NodeKind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The items of a list.
    pub fn as_list(&self) -> Option<&[Node]> {
        match &self.kind {
            NodeKind::List(items) => Some(items),
            _ => None,
        }
    }

    /// The entries of a mapping.
    pub fn as_map(&self) -> Option<&[(Node, Node)]> {
        match &self.kind {
            NodeKind::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The value under a key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_map()?.iter().find(|(known, _)| known.as_text() == Some(key)).map(|(_, value)| value)
    }

    /// The JSON pointer from this node to the innermost thing in which a stretch of the text begins; empty for the node itself.
    pub fn pointer_of(&self, span: Span) -> String {
        let holds =
            |span_of: Span| span_of.start <= span.start && span.start < span_of.end.max(span_of.start + 1);
        let mut path = String::new();
        let mut node = self;
        loop {
            let next = match &node.kind {
                NodeKind::Map(entries) => {
                    let holding = |entry: &&(Node, Node)| holds(entry.0.span) || holds(entry.1.span);
                    entries.iter().find(holding).map(|(key, value)| {
                        let name = key.as_text().unwrap_or_default();
                        (name.replace('~', "~0").replace('/', "~1"), value)
                    })
                }
                NodeKind::List(items) => {
                    let mut items = items.iter().enumerate();
                    items.find(|(_, item)| holds(item.span)).map(|(index, item)| (index.to_string(), item))
                }
                NodeKind::Scalar(_) => None,
            };
            let Some((step, inner)) = next else { return path };
            path.push('/');
            path.push_str(&step);
            node = inner;
        }
    }

    /// Whether this is an empty plain scalar, `~` or `null`.
    pub fn is_null(&self) -> bool {
        self.as_scalar()
            .is_some_and(|scalar| !scalar.quoted && matches!(scalar.text.as_str(), "" | "~" | "null"))
    }
}

/// Parses one YAML document; several mistakes of one scan cannot be told apart, so the first scan error ends it.
pub fn parse(text: &str) -> (Option<Node>, Vec<Diagnostic>) {
    if text.len() > BYTES_MAX {
        let found = Diagnostic::error(
            "E0003",
            Span::new(0, 0),
            format!("文件有 {} 字节,最多 {BYTES_MAX} 字节", text.len()),
            format!("the file has {} bytes, at most {BYTES_MAX} are read", text.len()),
        );
        return (None, vec![found]);
    }
    let mut builder = Builder::new(text);
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        match event {
            Ok((Event::StreamEnd, _)) => break,
            Ok((event, span)) => builder.take(event, span),
            Err(error) => {
                let index = error.marker().index();
                let at = builder.byte(index);
                builder.found.push(Diagnostic::error(
                    "E0001",
                    Span::new(at, builder.byte(index + 1)),
                    format!("YAML 写法有误:{}", error.info()),
                    format!("malformed YAML: {}", error.info()),
                ));
                return (None, builder.found);
            }
        }
        if builder.is_stopped {
            return (None, builder.found);
        }
    }
    (builder.root, builder.found)
}

enum Open {
    List(Span, Vec<Node>),
    Map(Span, Vec<(Node, Node)>, Option<Node>),
}

struct Builder<'a> {
    text: &'a str,
    char_bytes: Vec<usize>,
    stack: Vec<Open>,
    root: Option<Node>,
    found: Vec<Diagnostic>,
    is_stopped: bool,
}

impl<'a> Builder<'a> {
    fn new(text: &'a str) -> Self {
        let char_bytes = text.char_indices().map(|(at, _)| at).collect();
        Self { text, char_bytes, stack: Vec::new(), root: None, found: Vec::new(), is_stopped: false }
    }

    fn byte(&self, character: usize) -> usize {
        self.char_bytes.get(character).copied().unwrap_or(self.text.len())
    }

    fn span(&self, span: saphyr_parser::Span) -> Span {
        Span::new(self.byte(span.start.index()), self.byte(span.end.index()))
    }

    fn take(&mut self, event: Event<'_>, span: saphyr_parser::Span) {
        let span = self.span(span);
        match event {
            Event::Scalar(text, style, _, _) => {
                let scalar = self.scalar(text.into_owned(), style, span);
                self.place(Node { kind: NodeKind::Scalar(scalar), span });
            }
            Event::SequenceStart(..) => self.open(Open::List(span, Vec::new()), span),
            Event::MappingStart(..) => self.open(Open::Map(span, Vec::new(), None), span),
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Alias(_) => {
                self.refuse(span, "E0002", "不能用 YAML 别名(*名)", "YAML aliases (*name) are not read")
            }
            Event::DocumentStart(_) if self.root.is_some() => {
                self.refuse(span, "E0004", "一个文件只放一个 YAML 文档", "one file holds one YAML document")
            }
            _ => {}
        }
    }

    fn refuse(&mut self, span: Span, code: &'static str, zh: &str, en: &str) {
        self.found.push(Diagnostic::error(code, span, zh, en));
        self.is_stopped = true;
    }

    fn scalar(&self, text: String, style: ScalarStyle, span: Span) -> Scalar {
        let raw = self.text.get(span.start..span.end).unwrap_or_default();
        let offset = usize::from(matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted));
        let stands = raw.get(offset..).is_some_and(|rest| rest.starts_with(&text));
        let text_start = stands.then_some(span.start + offset);
        Scalar { text, quoted: style != ScalarStyle::Plain, text_start }
    }

    fn open(&mut self, open: Open, span: Span) {
        if self.stack.len() >= DEPTH_MAX {
            self.refuse(
                span,
                "E0005",
                &format!("嵌套超过 {DEPTH_MAX} 层"),
                &format!("nested deeper than {DEPTH_MAX} levels"),
            );
        } else {
            self.stack.push(open);
        }
    }

    fn close(&mut self, end: Span) {
        let node = match self.stack.pop() {
            Some(Open::List(start, items)) => Node { kind: NodeKind::List(items), span: start.to(end) },
            Some(Open::Map(start, entries, _)) => Node { kind: NodeKind::Map(entries), span: start.to(end) },
            None => return,
        };
        self.place(node);
    }

    fn place(&mut self, node: Node) {
        match self.stack.last_mut() {
            None => self.root = Some(node),
            Some(Open::List(_, items)) => items.push(node),
            Some(Open::Map(_, entries, key)) => match key.take() {
                None => *key = Some(node),
                Some(key) => {
                    if let Some(name) = key.as_text()
                        && entries.iter().any(|(known, _)| known.as_text() == Some(name))
                    {
                        self.found.push(Diagnostic::error(
                            "E0006",
                            key.span,
                            format!("“{name}”写了两次"),
                            format!("“{name}” is given twice"),
                        ));
                    } else {
                        entries.push((key, node));
                    }
                }
            },
        }
    }
}
