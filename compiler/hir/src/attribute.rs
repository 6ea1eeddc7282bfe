//! Attributes: what was written, with values instead of expressions.

use crate::{Name, NameId};
use smol_str::SmolStr;

/// `@name` or `@name(args)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Attribute {
    /// The name after the `@`.
    pub name: Name,
    /// The arguments; none without parentheses.
    pub args: Vec<AttributeValue>,
    /// Where each argument stands.
    pub places: Vec<NameId>,
}

/// An argument of an attribute. Attributes are read without types, so only literals and
/// words stand in them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AttributeValue {
    /// An integer, perhaps negative.
    Int(i128),
    /// A float, as written but without underscores, perhaps with a `-`.
    Float(SmolStr),
    /// A string, raw or not.
    String(SmolStr),
    /// A string with names in braces, as written between the quotes: `@get("/report/{city}")`.
    Template(SmolStr),
    /// A char.
    Char(char),
    /// `true` or `false`.
    Bool(bool),
    /// A name, as in `@wit(json)`.
    Name(SmolStr),
    /// Anything else, which is reported.
    Other,
}

/// The attribute named `name`, if it is among `attributes`.
#[must_use]
pub fn find<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a Attribute> {
    attributes.iter().find(|attribute| attribute.name.text == name)
}

/// The text in `@name("text")`, if there is such an attribute.
#[must_use]
pub fn string_argument<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a SmolStr> {
    match find(attributes, name)?.args.first()? {
        AttributeValue::String(text) => Some(text),
        _ => None,
    }
}
