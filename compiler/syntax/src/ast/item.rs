//! Items.

use dot_diagnostics::{Reported, TextRange};
use smol_str::SmolStr;

use super::{Attribute, Block, DocLine, Expr, Name, Path, Type, TypeParam, Uses};

/// An item with what precedes its keyword.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Item {
    /// Its documentation.
    pub docs: Vec<DocLine>,
    /// Its attributes.
    pub attributes: Vec<Attribute>,
    /// Whether other packages see it.
    pub visibility: Visibility,
    /// Where `opaque` stands, if it does.
    pub opaque: Option<TextRange>,
    /// The item itself.
    pub body: ItemBody,
    /// From the first of the above to the end.
    pub range: TextRange,
}

/// Who may use an item. (A dot counts as `pub` without saying so.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Visibility {
    /// This package.
    Package,
    /// Everybody; `pub` stands here.
    Public(TextRange),
}

/// What an item declares.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ItemBody {
    /// `use …`
    Use(Use),
    /// `export … as …`
    Export(Export),
    /// `record …`
    Record(Record),
    /// `variant …`
    Variant(Variant),
    /// `enum …`
    Enum(Enum),
    /// `flags …`, of the same form as an enum
    Flags(Enum),
    /// `resource …`
    Resource(Resource),
    /// `type …`
    TypeAlias(TypeAlias),
    /// `const …`
    Const(Const),
    /// `fn …` and `dot …`
    Function(Function),
    /// `test …`
    Test(Test),
    /// An item that could not be read at all.
    Error(Reported),
}

impl ItemBody {
    /// The name that the item declares; a `use`, an `export` and a `test` declare none this way.
    pub fn name(&self) -> Option<&Name> {
        match self {
            ItemBody::Record(record) => Some(&record.name),
            ItemBody::Variant(variant) => Some(&variant.name),
            ItemBody::Enum(cases) | ItemBody::Flags(cases) => Some(&cases.name),
            ItemBody::Resource(resource) => Some(&resource.name),
            ItemBody::TypeAlias(alias) => Some(&alias.name),
            ItemBody::Const(constant) => Some(&constant.name),
            ItemBody::Function(function) => Some(&function.name),
            ItemBody::Use(_) | ItemBody::Export(_) | ItemBody::Test(_) | ItemBody::Error(_) => None,
        }
    }
}

/// `use std/http.{HttpError}`, `use geo/places as p`, `use wasi:http/types@0.2.8 as types`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Use {
    /// What is used.
    pub path: UsePath,
    /// The name after `as`; otherwise the path's last name is bound.
    pub alias: Option<Name>,
    /// The names in `.{ … }`.
    pub names: Vec<UseName>,
}

/// The path of a `use`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum UsePath {
    /// A module of Dot: `std/http`.
    Module(Path),
    /// An interface of WIT: `wasi:http/types@0.2.8`.
    Wit(WitPath),
}

/// `namespace:package/interface@version`, in WIT's own spelling.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WitPath {
    /// Before the colon.
    pub namespace: SmolStr,
    /// Between colon and slash.
    pub package: SmolStr,
    /// After the slash; empty if there is none.
    pub interface: SmolStr,
    /// After the `@`.
    pub version: Option<SmolStr>,
    /// The whole path.
    pub range: TextRange,
}

/// One name of a `use`'s group, `Name` or `Name as Other`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UseName {
    /// The name over there.
    pub name: Name,
    /// The name here, if it is another.
    pub alias: Option<Name>,
}

/// `export wasi:http/handler as handler`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Export {
    /// The interface that this package implements.
    pub path: WitPath,
    /// What its functions are defined under, as in `dot handler.handle(…)`.
    pub alias: Name,
}

/// `record Order<T> { … }`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    /// Its name.
    pub name: Name,
    /// Its type parameters.
    pub type_params: Vec<TypeParam>,
    /// Fields and included records, in order.
    pub members: Vec<RecordMember>,
}

/// What stands between the braces of a record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RecordMember {
    /// A field.
    Field(Field),
    /// `..Order`: the fields of another record.
    Include(Type),
}

/// `@unit("cents") total: u64 = 0`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    /// Its documentation.
    pub docs: Vec<DocLine>,
    /// Its attributes.
    pub attributes: Vec<Attribute>,
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: Type,
    /// Its value where a literal gives none.
    pub default: Option<Expr>,
    /// From the first of the above to the end.
    pub range: TextRange,
}

/// `resource Session { … }`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Resource {
    /// Its name.
    pub name: Name,
    /// Fields and included records, in order.
    pub members: Vec<RecordMember>,
}

/// `variant Expr { … }`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Variant {
    /// Its name.
    pub name: Name,
    /// Its type parameters.
    pub type_params: Vec<TypeParam>,
    /// Its cases, in order.
    pub cases: Vec<Case>,
}

/// `@from Net(HttpError)`, `Binary(op: char, left: Expr, right: Expr)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Case {
    /// Its documentation.
    pub docs: Vec<DocLine>,
    /// Its attributes.
    pub attributes: Vec<Attribute>,
    /// Its name.
    pub name: Name,
    /// What it carries.
    pub parts: Vec<CasePart>,
    /// From the first of the above to the end.
    pub range: TextRange,
}

/// One part of what a case carries.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CasePart {
    /// `op` in `op: char`.
    pub label: Option<Name>,
    /// Its type.
    pub ty: Type,
}

/// `enum Room { … }` and `flags Access { … }`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Enum {
    /// Its name.
    pub name: Name,
    /// Its cases, in order.
    pub cases: Vec<EnumCase>,
}

/// A case without a payload.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EnumCase {
    /// Its documentation.
    pub docs: Vec<DocLine>,
    /// Its attributes.
    pub attributes: Vec<Attribute>,
    /// Its name.
    pub name: Name,
    /// From the first of the above to the end.
    pub range: TextRange,
}

/// `type Graph = map<Node, list<Edge>>`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TypeAlias {
    /// Its name.
    pub name: Name,
    /// Its type parameters.
    pub type_params: Vec<TypeParam>,
    /// What it stands for.
    pub ty: Type,
}

/// `const LIMIT: u32 = 10`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Const {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: Type,
    /// Its value.
    pub value: Expr,
}

/// Which keyword a function has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FunctionKind {
    /// `fn`
    Fn,
    /// `dot`
    Dot,
}

/// `fn Lru.new<K, V>(capacity: u32) -> Lru<K, V> uses log { … }`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Function {
    /// `fn` or `dot`.
    pub kind: FunctionKind,
    /// What stands before the dot of the name: a type, or an exported interface.
    pub owner: Option<Name>,
    /// Its name.
    pub name: Name,
    /// Its type parameters.
    pub type_params: Vec<TypeParam>,
    /// Its parameters; a first one named `self` makes it a method.
    pub params: Vec<Param>,
    /// Its result; none written means `()`.
    pub result: Option<Type>,
    /// Its effects, where they are written.
    pub uses: Option<Uses>,
    /// Its body.
    pub body: Block,
}

impl Function {
    /// Whether its first parameter is named `self`.
    pub fn is_method(&self) -> bool {
        self.params.first().is_some_and(Param::is_self)
    }
}

/// `@min(1) inout step: u64 = 1`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Param {
    /// Its documentation.
    pub docs: Vec<DocLine>,
    /// Its attributes.
    pub attributes: Vec<Attribute>,
    /// Where `inout` stands, if it does.
    pub inout: Option<TextRange>,
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: Type,
    /// Its value where a call gives none.
    pub default: Option<Expr>,
    /// From the first of the above to the end.
    pub range: TextRange,
}

impl Param {
    /// Whether it is `self`.
    pub fn is_self(&self) -> bool {
        self.name.text == "self"
    }
}

/// `test "name" (x: u32) { … }`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Test {
    /// What it is called; any text.
    pub name: SmolStr,
    /// Where that text stands.
    pub name_range: TextRange,
    /// The parameters of a property, which are given many values.
    pub params: Vec<Param>,
    /// Its body.
    pub body: Block,
}
