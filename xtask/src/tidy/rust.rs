//! A Rust file as the checks see it: its functions, and the tokens of what is not test code and not documentation.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::visit_mut::VisitMut;

use super::Finding;
use super::sources::TextFile;

/// A parsed file.
pub struct RustFile {
    /// Path from the root.
    pub path: String,
    /// Its text.
    pub text: String,
    /// Every function, those in tests included.
    pub functions: Vec<Function>,
    /// Tokens in order, without documentation and without `#[cfg(test)]` items. Empty for a file of tests.
    pub tokens: Vec<Token>,
    /// Imported paths, with groups taken apart: `use a::{b, c}` is two.
    pub imports: Vec<(usize, Vec<String>)>,
    /// Whether all of it is test code.
    pub is_test: bool,
}

/// A function with a body.
pub struct Function {
    /// Its name.
    pub name: String,
    /// Line on which its signature starts.
    pub line: usize,
    /// Lines from there to its closing brace.
    pub lines: usize,
}

/// A token and its line.
pub struct Token {
    /// Line from 1.
    pub line: usize,
    /// What it is.
    pub kind: TokenKind,
}

/// What tokens the checks tell apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TokenKind {
    /// A name or keyword.
    Word(String),
    /// The value of a text literal.
    Text(String),
    /// A literal with a decimal point or exponent.
    Float(String),
    /// Anything else, one character.
    Sign(char),
}

impl RustFile {
    /// Number of lines.
    pub fn lines(&self) -> usize {
        self.text.lines().count()
    }

    /// Whether it lies in one of these crates' `src` and is not test code.
    pub fn is_source_of(&self, crates: &[&str]) -> bool {
        !self.is_test && crates.iter().any(|name| self.path.starts_with(&format!("crates/{name}/src/")))
    }

    /// What was found on a line of it.
    pub fn finding(
        &self,
        line: usize,
        rule: &'static str,
        what: String,
        why: &'static str,
        todo: &str,
    ) -> Finding {
        Finding { path: self.path.clone(), line, rule, item: String::new(), what, why, todo: todo.to_owned() }
    }

    /// Every path that the code names, imported or written out, with its line.
    pub fn paths(&self) -> Vec<(usize, Vec<String>)> {
        let mut paths = self.imports.clone();
        let mut current: Vec<String> = Vec::new();
        let mut line = 0;
        let mut colons = 0;
        for token in &self.tokens {
            match &token.kind {
                TokenKind::Sign(':') => colons += 1,
                TokenKind::Word(word) => {
                    if colons != 2 && !current.is_empty() {
                        paths.push((line, std::mem::take(&mut current)));
                    }
                    if current.is_empty() {
                        line = token.line;
                    }
                    current.push(word.clone());
                    colons = 0;
                }
                _ => {
                    if !current.is_empty() {
                        paths.push((line, std::mem::take(&mut current)));
                    }
                    colons = 0;
                }
            }
        }
        if !current.is_empty() {
            paths.push((line, current));
        }
        paths
    }
}

/// Parses the files together, since a `#[cfg(test)] mod` in one makes a test of another.
pub fn parse_all(files: &[TextFile]) -> (Vec<RustFile>, Vec<Finding>) {
    let mut parsed = Vec::new();
    let mut findings = Vec::new();
    let mut test_modules = BTreeSet::new();
    for file in files {
        match syn::parse_file(&file.text) {
            Ok(tree) => {
                test_modules.extend(test_module_stems(&file.path, &tree));
                parsed.push((file, tree));
            }
            Err(error) => findings.push(Finding {
                path: file.path.clone(),
                line: error.span().start().line,
                rule: "syntax",
                item: String::new(),
                what: format!("is not Rust: {error}"),
                why: "what cannot be read cannot be checked",
                todo: "make it compile".to_owned(),
            }),
        }
    }
    let files = parsed.into_iter().map(|(file, tree)| rust_file(file, tree, &test_modules)).collect();
    (files, findings)
}

/// One file by itself, for the tests of rules.
#[cfg(test)]
pub fn parse_one(path: &str, text: &str) -> Vec<RustFile> {
    let (files, broken) = parse_all(&[TextFile::new(path, text)]);
    assert!(broken.is_empty(), "{broken:?}");
    files
}

/// Every token of a Rust text but documentation, test code included; nothing where it is not Rust.
pub fn all_tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    if let Ok(stream) = text.parse::<TokenStream>() {
        flatten(stream, &mut tokens);
    }
    tokens
}

fn rust_file(file: &TextFile, mut tree: syn::File, test_modules: &BTreeSet<String>) -> RustFile {
    let below = |folder: &str| file.path.contains(&format!("/{folder}/"));
    let stem = file.path.trim_end_matches(".rs").trim_end_matches("/mod");
    let is_test = below("tests")
        || test_modules.iter().any(|module| stem == module || stem.starts_with(&format!("{module}/")));
    let mut functions = Functions::default();
    functions.visit_file(&tree);
    let mut imports = Imports::default();
    let mut tokens = Vec::new();
    if !is_test {
        Stripper.visit_file_mut(&mut tree);
        imports.visit_file(&tree);
        flatten(tree.into_token_stream(), &mut tokens);
    }
    RustFile {
        path: file.path.clone(),
        text: file.text.clone(),
        functions: functions.found,
        tokens,
        imports: imports.found,
        is_test,
    }
}

/// Where the files of `#[cfg(test)] mod name;` lie, without their ending.
fn test_module_stems(path: &str, tree: &syn::File) -> Vec<String> {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = file.trim_end_matches(".rs");
    let base = match stem {
        "lib" | "main" | "mod" => folder.to_owned(),
        _ => format!("{folder}/{stem}"),
    };
    let modules = tree.items.iter().filter_map(|item| match item {
        syn::Item::Mod(module) if module.content.is_none() && is_test_only(&module.attrs) => Some(module),
        _ => None,
    });
    modules.map(|module| format!("{base}/{}", module.ident)).collect()
}

fn is_test_only(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || (attribute.path().is_ident("cfg")
                && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test")))
    })
}

#[derive(Default)]
struct Functions {
    found: Vec<Function>,
}

impl Functions {
    fn add(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let line = signature.span().start().line;
        let lines = block.brace_token.span.close().end().line + 1 - line;
        self.found.push(Function { name: signature.ident.to_string(), line, lines });
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.add(&function.sig, &function.block);
        syn::visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.add(&function.sig, &function.block);
        syn::visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.add(&function.sig, block);
        }
        syn::visit::visit_trait_item_fn(self, function);
    }
}

#[derive(Default)]
struct Imports {
    found: Vec<(usize, Vec<String>)>,
}

impl<'ast> Visit<'ast> for Imports {
    fn visit_item_use(&mut self, import: &'ast syn::ItemUse) {
        self.add(&import.tree, &mut Vec::new());
    }
}

impl Imports {
    fn add(&mut self, tree: &syn::UseTree, before: &mut Vec<String>) {
        match tree {
            syn::UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.add(&path.tree, before);
                before.pop();
            }
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.add(tree, before)),
            syn::UseTree::Name(name) => self.end(&name.ident, before),
            syn::UseTree::Rename(renamed) => self.end(&renamed.ident, before),
            syn::UseTree::Glob(glob) => {
                let all = before.iter().cloned().chain(["*".to_owned()]).collect();
                self.found.push((glob.span().start().line, all));
            }
        }
    }

    fn end(&mut self, last: &syn::Ident, before: &[String]) {
        let own = (last != "self").then(|| last.to_string());
        self.found.push((last.span().start().line, before.iter().cloned().chain(own).collect()));
    }
}

/// Takes out documentation and items that exist in tests only.
struct Stripper;

impl VisitMut for Stripper {
    fn visit_file_mut(&mut self, file: &mut syn::File) {
        file.items.retain(|item| !is_test_only(attributes_of(item)));
        syn::visit_mut::visit_file_mut(self, file);
    }

    fn visit_item_mod_mut(&mut self, module: &mut syn::ItemMod) {
        if let Some((_, items)) = &mut module.content {
            items.retain(|item| !is_test_only(attributes_of(item)));
        }
        syn::visit_mut::visit_item_mod_mut(self, module);
    }

    fn visit_attributes_mut(&mut self, attributes: &mut Vec<syn::Attribute>) {
        attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    }
}

fn attributes_of(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Enum(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Macro(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Trait(item) => &item.attrs,
        syn::Item::Type(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn flatten(stream: TokenStream, tokens: &mut Vec<Token>) {
    let mut after_hash = false;
    for tree in stream {
        let line = tree.span().start().line;
        let mut add = |kind| tokens.push(Token { line, kind });
        let was_after_hash = std::mem::replace(&mut after_hash, false);
        match tree {
            TokenTree::Ident(word) => add(TokenKind::Word(word.to_string())),
            TokenTree::Punct(sign) => {
                after_hash = sign.as_char() == '#';
                add(TokenKind::Sign(sign.as_char()));
            }
            TokenTree::Literal(literal) => add(literal_kind(&literal)),
            TokenTree::Group(group) => {
                // Inside macro calls documentation is still an attribute.
                let is_doc = was_after_hash && group.stream().to_string().starts_with("doc ");
                let (open, close) = signs_of(group.delimiter());
                add(TokenKind::Sign(open));
                if !is_doc {
                    flatten(group.stream(), tokens);
                }
                tokens.push(Token { line: group.span_close().start().line, kind: TokenKind::Sign(close) });
            }
        }
    }
}

fn literal_kind(literal: &proc_macro2::Literal) -> TokenKind {
    match syn::Lit::new(literal.clone()) {
        syn::Lit::Str(text) => TokenKind::Text(text.value()),
        syn::Lit::Float(number) => TokenKind::Float(number.to_string()),
        syn::Lit::Int(number) if matches!(number.suffix(), "f32" | "f64") => {
            TokenKind::Float(number.to_string())
        }
        _ => TokenKind::Sign('_'),
    }
}

fn signs_of(delimiter: Delimiter) -> (char, char) {
    match delimiter {
        Delimiter::Parenthesis => ('(', ')'),
        Delimiter::Brace => ('{', '}'),
        Delimiter::Bracket => ('[', ']'),
        Delimiter::None => (' ', ' '),
    }
}
