//! Whole programs: types, constants, functions, and dots that are called.

use super::{Frame, Maker, Options};
use crate::model::{
    Block, Body, Bound, Call, Decl, Expr, Function, Item, Param, Piece, Program, Shape, Type, Wants,
};

/// How often each dot is called.
const CALLS: usize = 3;

impl Maker {
    /// A program of about a size.
    pub(super) fn package(mut self, options: &Options) -> Program {
        let mut items = Vec::new();
        for _ in 0..1 + self.random.below(1 + options.size / 3) {
            let decl = self.declare_type();
            items.push(self.type_item(&decl));
            self.world.types.push(decl);
        }
        for _ in 0..self.random.below(3) {
            items.push(self.constant());
        }
        for _ in 0..self.random.below(3) {
            items.extend(self.each_method());
        }
        for _ in 0..self.random.below(1 + options.size / 3) {
            items.extend(self.functions(3 + options.size / 4));
        }
        let mut calls = Vec::new();
        for _ in 0..1 + options.size / 6 {
            items.push(self.dot(options.size, &mut calls));
        }
        Program { world: self.world, items, calls }
    }

    fn type_item(&mut self, decl: &Decl) -> Item {
        let generics: Vec<_> = decl
            .params
            .iter()
            .enumerate()
            .map(|(index, bound)| format!("{}: {}", crate::model::World::param_name(index), bound.name()))
            .collect();
        let generics = if generics.is_empty() { String::new() } else { format!("<{}>", generics.join(", ")) };
        let name = format!("{}{generics}", decl.name);
        // A type that holds itself names itself.
        self.world.types.push(decl.clone());
        let body = match &decl.shape {
            Shape::Alias(target) => Body::new(format!("type {name} = {}", self.world.show(target))),
            Shape::Enum(names) => Body::new(format!("enum {name} {{ {} }}", names.join(", "))),
            Shape::Flags(names) => Body::new(format!("flags {name} {{ {} }}", names.join(", "))),
            Shape::Record(fields) => {
                let field = |field: &crate::model::Field| {
                    let body = Body::new(format!("{}: {}", field.name, self.world.show(&field.ty)));
                    match &field.default {
                        Some(default) => body.text(" = ").given(default.clone()).pieces,
                        None => body.pieces,
                    }
                };
                let parts: Vec<Vec<Piece>> = fields.iter().map(field).collect();
                let is_opaque = generics.is_empty() && self.chance(25);
                let opaque = if is_opaque { "opaque " } else { "" };
                let body = Body::new(format!("{opaque}record {name} {{ ")).many(parts, ", ").text(" }");
                if is_opaque { body.text(self.operations(&name, fields)) } else { body }
            }
            Shape::Variant(cases) => {
                let part = |part: &crate::model::CasePart| match &part.label {
                    Some(label) => format!("{label}: {}", self.world.show(&part.ty)),
                    None => self.world.show(&part.ty),
                };
                let case = |case: &crate::model::Case| {
                    let parts: Vec<_> = case.parts.iter().map(part).collect();
                    let parts =
                        if parts.is_empty() { String::new() } else { format!("({})", parts.join(", ")) };
                    Body::new(format!("{}{parts}", case.name)).pieces
                };
                let cases: Vec<Vec<Piece>> = cases.iter().map(case).collect();
                Body::new(format!("variant {name} {{ ")).many(cases, ", ").text(" }")
            }
        };
        self.world.types.pop();
        Item { body, dot: None }
    }

    /// The operations of an opaque record: its parts in the other order, and another way to print.
    fn operations(&self, name: &str, fields: &[crate::model::Field]) -> String {
        let of = |value: &str| {
            let parts: String =
                fields.iter().rev().map(|field| format!("{value}.{}, ", field.name)).collect();
            if parts.is_empty() { "0".to_owned() } else { format!("({parts})") }
        };
        let (this, other) = (of("self"), of("other"));
        let both = format!("self: {name}, other: {name}");
        let mut text = format!(
            "\nfn eq({both}) -> bool {{ compare({this}, {other}) == Ordering.Equal }}\n\
             fn compare({both}) -> Ordering {{ compare({this}, {other}) }}\n\
             fn show(self: {name}) -> string {{ \"<{{{this}}}>\" }}"
        );
        if fields.iter().all(|field| self.world.admits(Bound::Key, &field.ty, &[])) {
            text += &format!("\nfn hash(self: {name}) -> u64 {{ hash({this}) }}");
        }
        text
    }

    fn constant(&mut self) -> Item {
        self.frame = Frame::new(Vec::new(), None);
        let ty = self.any_type(2);
        let value = self.literal_value(&ty, 2);
        self.names += 1;
        let name = format!("K{}", self.names);
        let body = Body::new(format!("const {name}: {} = ", self.world.show(&ty))).given(value);
        self.world.constants.push((name, ty));
        Item { body, dot: None }
    }

    /// A dot, and calls of it.
    fn dot(&mut self, size: usize, calls: &mut Vec<Call>) -> Item {
        self.frame = Frame::new(Vec::new(), None);
        let mut params = Vec::new();
        for _ in 0..1 + self.random.below(3) {
            let ty = self.crossing_type(2);
            params.push(Param { name: self.name("a"), ty, inout: false, has_default: false });
        }
        let result = if self.chance(50) { self.crossing_type(2) } else { Type::String };
        let name = self.name("d");
        for _ in 0..CALLS {
            let args = params.iter().map(|param| self.json(&param.ty, 0)).collect();
            calls.push(Call { dot: name.clone(), args });
        }
        let function = Function {
            name: name.clone(),
            is_method: false,
            generics: Vec::new(),
            params,
            result: result.clone(),
            cost: 0,
            is_countdown: false,
        };
        self.frame = Frame::new(Vec::new(), Some(result.clone()));
        for param in &function.params {
            self.bind(&param.name, &param.ty, false);
        }
        let count = 1 + self.random.below(size.max(1));
        let stmts = self.stmts(count, 2 + size / 4);
        let value = if result == Type::String { self.everything() } else { self.expr(&result, size) };
        let block = Block::giving(stmts, value, Wants::Given);
        Item { body: self.head("dot", &function, &[]).text(" ").block(block), dot: Some(name) }
    }

    /// A string with the values of all variables, so that none of what was computed goes unseen.
    fn everything(&mut self) -> Expr {
        let mut line = Expr::of(&Type::String).text("\"");
        for at in self.frame.visible() {
            let var = self.frame.scope[at].clone();
            if self.is_data(&var.ty) {
                line = line
                    .text(format!("{}=", var.name))
                    .text("{")
                    .given(Expr::word(&var.ty, var.name))
                    .text("} ");
            }
        }
        Expr { pieces: vec![Piece::Line(line.text("\"").pieces)], ..Expr::of(&Type::String) }
    }
}
