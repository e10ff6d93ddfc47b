//! Types of expressions: what can be compared with what, and in which unit.

use facts::{Dimension, FactId, Language, Vocabulary};

/// The measure of a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Measure {
    /// The literal nought: fits every unit.
    Zero,
    /// A literal without a unit: points, people and items, or a plain factor.
    Bare,
    /// A number of that dimension.
    Of(Dimension),
}

impl Measure {
    /// The dimension in a product, where a bare number is a plain factor.
    pub fn dimension(self) -> Dimension {
        match self {
            Self::Of(dimension) => dimension,
            Self::Zero | Self::Bare => Dimension::NONE,
        }
    }

    /// The measure of a sum, difference or comparison of both; `None` if they cannot meet.
    pub fn meet(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Zero, any) | (any, Self::Zero) => Some(any),
            (Self::Bare, Self::Bare) => Some(Self::Bare),
            (Self::Bare, Self::Of(dimension)) | (Self::Of(dimension), Self::Bare) => {
                dimension.is_counted().then_some(Self::Of(dimension))
            }
            (Self::Of(left), Self::Of(right)) => (left == right).then_some(self),
        }
    }
}

/// The index of a kind of scope: the subject, the items of a collection, a related party.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct KindId(pub usize);

/// The type of an expression.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Type {
    /// Something already reported as wrong: fits everything, so that one mistake gives one message.
    Wrong,
    /// 无
    Nothing,
    /// True or false.
    Bool,
    /// A number.
    Number(Measure),
    /// Text.
    Text,
    /// A code of that fact's list or hierarchy.
    Code(FactId),
    /// Several codes of that fact's list.
    Codes(FactId),
    /// A day.
    Date,
    /// A list.
    List(Box<Type>),
    /// An item of a collection or a related party.
    Item(KindId),
    /// A context with these entries.
    Context(Vec<(String, Type)>),
}

impl Type {
    /// A pure number.
    pub const RATIO: Type = Type::Number(Measure::Of(Dimension::NONE));

    /// The type that both fit, if there is one.
    pub fn meet(&self, other: &Type) -> Option<Type> {
        match (self, other) {
            (Type::Wrong, _) | (_, Type::Wrong) => Some(Type::Wrong),
            (Type::Nothing, any) | (any, Type::Nothing) => Some(any.clone()),
            (Type::Number(left), Type::Number(right)) => left.meet(*right).map(Type::Number),
            (Type::Code(fact), Type::Text) | (Type::Text, Type::Code(fact)) => Some(Type::Code(*fact)),
            (Type::Codes(fact), Type::Text) | (Type::Text, Type::Codes(fact)) => Some(Type::Codes(*fact)),
            (Type::List(left), Type::List(right)) => left.meet(right).map(|item| Type::List(Box::new(item))),
            (left, right) => (left == right).then(|| left.clone()),
        }
    }

    /// As a person calls it.
    pub fn name(&self, vocabulary: &Vocabulary, language: Language) -> String {
        let zh = language == Language::Chinese;
        let pick = |chinese: &str, english: &str| if zh { chinese.to_owned() } else { english.to_owned() };
        match self {
            Type::Wrong => pick("(有误)", "(wrong)"),
            Type::Nothing => "无".to_owned(),
            Type::Bool => pick("是非", "true or false"),
            Type::Number(Measure::Zero | Measure::Bare) => pick("无单位的数", "a number without a unit"),
            Type::Number(Measure::Of(dimension)) if dimension.is_none() => pick("数", "a plain number"),
            Type::Number(Measure::Of(dimension)) => {
                if zh {
                    dimension.name_zh()
                } else {
                    dimension.name_en()
                }
            }
            Type::Text => pick("文字", "text"),
            Type::Code(fact) => format!("{}“{}”", pick("代码", "a code of "), vocabulary.get(*fact).name),
            Type::Codes(fact) => format!("{}“{}”", pick("多个代码", "codes of "), vocabulary.get(*fact).name),
            Type::Date => pick("日期", "a date"),
            Type::List(item) if **item == Type::Wrong => pick("列表", "a list"),
            Type::List(item) => {
                format!("{}{}", item.name(vocabulary, language), if zh { "的列表" } else { " list" })
            }
            Type::Item(_) => pick("条目", "an item"),
            Type::Context(_) => pick("上下文", "a context"),
        }
    }
}
