//! Items.

use super::Printer;
use super::bracketed::{ARGUMENTS, RECORD};
use crate::doc::Doc;
use dot_syntax::ast::{
    Attribute, Case, DocLine, Enum, Field, Function, Item, ItemBody, Param, RecordMember, Test, Type,
    TypeParam, Use,
};
use dot_syntax::lexer::Kind;

impl Printer<'_> {
    /// An item.
    pub(super) fn item(&mut self, item: &Item) -> Doc {
        let mut parts = self.docs(&item.docs);
        for attribute in &item.attributes {
            parts.push(self.attribute(attribute));
            parts.push(self.after_attribute());
        }
        while matches!(self.peek(), Some(Kind::Pub | Kind::Opaque)) {
            parts.extend([self.next(), self.arena.text(" ")]);
        }
        parts.push(self.item_body(&item.body));
        self.arena.concat(&parts)
    }

    fn item_body(&mut self, body: &ItemBody) -> Doc {
        match body {
            ItemBody::Use(use_) => self.use_(use_),
            ItemBody::Export(export) => {
                let space = self.arena.text(" ");
                let parts = [
                    self.word(Kind::Export),
                    space,
                    self.glued(export.path.range.end),
                    space,
                    self.word(Kind::As),
                    space,
                    self.next(),
                ];
                self.arena.concat(&parts)
            }
            ItemBody::Record(record) => self.members(&record.type_params, &record.members),
            ItemBody::Resource(resource) => self.members(&[], &resource.members),
            ItemBody::Variant(variant) => self.declared(&variant.type_params, &variant.cases, Self::case),
            ItemBody::Enum(cases) | ItemBody::Flags(cases) => self.enum_(cases),
            ItemBody::TypeAlias(alias) => {
                let space = self.arena.text(" ");
                let parts = [
                    self.word(Kind::Type),
                    space,
                    self.next(),
                    self.type_params(&alias.type_params),
                    space,
                    self.word(Kind::Eq),
                    space,
                    self.ty(&alias.ty),
                ];
                self.arena.concat(&parts)
            }
            ItemBody::Const(constant) => {
                let space = self.arena.text(" ");
                let parts = [
                    self.word(Kind::Const),
                    space,
                    self.next(),
                    self.word(Kind::Colon),
                    space,
                    self.ty(&constant.ty),
                    space,
                    self.word(Kind::Eq),
                    self.value(&constant.value),
                ];
                self.arena.concat(&parts)
            }
            ItemBody::Function(function) => self.function(function),
            ItemBody::Test(test) => self.test(test),
            ItemBody::Error(_) => {
                self.lost = true;
                self.next()
            }
        }
    }

    /// Lines of documentation, each with its line break.
    fn docs(&mut self, docs: &[DocLine]) -> Vec<Doc> {
        let mut parts = Vec::new();
        for _ in docs {
            parts.extend([self.word(Kind::Doc), self.hard()]);
        }
        parts
    }

    fn attribute(&mut self, attribute: &Attribute) -> Doc {
        let mut parts = vec![self.word(Kind::At), self.next()];
        if self.pos() < attribute.range.end {
            parts.push(self.args(&attribute.args));
        }
        self.arena.concat(&parts)
    }

    /// An attribute stays on its line, or beside what it is about, as it was written.
    fn after_attribute(&mut self) -> Doc {
        let breaks = self.starts_line();
        if breaks { self.hard() } else { self.arena.text(" ") }
    }

    fn use_(&mut self, use_: &Use) -> Doc {
        let space = self.arena.text(" ");
        let path = match &use_.path {
            dot_syntax::ast::UsePath::Module(path) => path.range,
            dot_syntax::ast::UsePath::Wit(path) => path.range,
        };
        let mut parts = vec![self.word(Kind::Use), space, self.glued(path.end)];
        if let Some(as_) = self.word_if(Kind::As) {
            parts.extend([space, as_, space, self.next()]);
        }
        if let Some(dot) = self.word_if(Kind::Dot) {
            parts.push(dot);
            let mut names = use_.names.iter();
            let tight = super::bracketed::Style::tight(RECORD);
            parts.push(self.bracketed(tight, |printer| {
                let name = names.next()?;
                let mut parts = vec![printer.next()];
                if name.alias.is_some() {
                    parts.extend([space, printer.word(Kind::As), space, printer.next()]);
                }
                Some(printer.arena.concat(&parts))
            }));
        }
        self.arena.concat(&parts)
    }

    fn members(&mut self, type_params: &[TypeParam], members: &[RecordMember]) -> Doc {
        self.declared(type_params, members, |printer, member| match member {
            RecordMember::Field(field) => printer.field(field),
            RecordMember::Include(ty) => {
                let parts = [printer.word(Kind::DotDot), printer.ty(ty)];
                printer.arena.concat(&parts)
            }
        })
    }

    fn enum_(&mut self, cases: &Enum) -> Doc {
        self.declared(&[], &cases.cases, |printer, case| {
            let mut parts = printer.before_member(&case.docs, &case.attributes);
            parts.push(printer.next());
            printer.arena.concat(&parts)
        })
    }

    /// `word Name<T> { … }`
    fn declared<T>(
        &mut self,
        type_params: &[TypeParam],
        members: &[T],
        print: impl FnMut(&mut Self, &T) -> Doc,
    ) -> Doc {
        let space = self.arena.text(" ");
        let head = [self.next(), space, self.next(), self.type_params(type_params), space];
        let head = self.arena.concat(&head);
        let members = self.each_unbroken(RECORD, members, print);
        let members = self.arena.group(members);
        self.arena.concat(&[head, members])
    }

    fn before_member(&mut self, docs: &[DocLine], attributes: &[Attribute]) -> Vec<Doc> {
        let mut parts = self.docs(docs);
        for attribute in attributes {
            parts.push(self.attribute(attribute));
            parts.push(self.after_attribute());
        }
        parts
    }

    fn field(&mut self, field: &Field) -> Doc {
        let mut parts = self.before_member(&field.docs, &field.attributes);
        parts.push(self.next());
        self.typed(&mut parts, &field.ty, field.default.as_ref());
        self.arena.concat(&parts)
    }

    fn typed(&mut self, parts: &mut Vec<Doc>, ty: &Type, default: Option<&dot_syntax::ast::Expr>) {
        let space = self.arena.text(" ");
        parts.extend([self.word(Kind::Colon), space, self.ty(ty)]);
        if let Some(default) = default {
            parts.extend([space, self.word(Kind::Eq), self.value(default)]);
        }
    }

    fn case(&mut self, case: &Case) -> Doc {
        let mut parts = self.before_member(&case.docs, &case.attributes);
        parts.push(self.next());
        if self.peek() == Some(Kind::OpenParen) {
            parts.push(self.each(ARGUMENTS, &case.parts, |printer, part| {
                if part.label.is_none() {
                    return printer.ty(&part.ty);
                }
                let parts = [
                    printer.next(),
                    printer.word(Kind::Colon),
                    printer.arena.text(" "),
                    printer.ty(&part.ty),
                ];
                printer.arena.concat(&parts)
            }));
        }
        self.arena.concat(&parts)
    }

    fn param(&mut self, param: &Param) -> Doc {
        let mut parts = self.before_member(&param.docs, &param.attributes);
        if param.inout.is_some() {
            parts.extend([self.word(Kind::Inout), self.arena.text(" ")]);
        }
        parts.push(self.next());
        self.typed(&mut parts, &param.ty, param.default.as_ref());
        self.arena.concat(&parts)
    }

    fn params(&mut self, params: &[Param]) -> Doc {
        let mut params = params.iter();
        self.bracketed(ARGUMENTS, |printer| params.next().map(|param| printer.param(param)))
    }

    /// The parameters break where they and what follows them up to the body's brace don't fit on a line; the body
    /// breaks before that.
    fn function(&mut self, function: &Function) -> Doc {
        let space = self.arena.text(" ");
        let mut parts = vec![self.next(), space];
        if function.owner.is_some() {
            parts.extend([self.next(), self.word(Kind::Dot)]);
        }
        parts.extend([self.next(), self.type_params(&function.type_params), self.params(&function.params)]);
        if let Some(result) = &function.result {
            parts.extend([space, self.word(Kind::Arrow), space, self.flat_type(result)]);
        }
        if let Some(uses) = &function.uses {
            parts.extend([space, self.uses(uses)]);
        }
        self.headed(&parts, &function.body)
    }

    fn test(&mut self, test: &Test) -> Doc {
        let space = self.arena.text(" ");
        let mut parts = vec![self.word(Kind::Test), space, self.next()];
        if self.peek() == Some(Kind::OpenParen) {
            parts.extend([space, self.params(&test.params)]);
        }
        self.headed(&parts, &test.body)
    }
}
