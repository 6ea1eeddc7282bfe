//! Signatures.

use super::Names;
use crate::attribute::{Attribute, AttributeValue};
use crate::signature::{
    CasePartSignature, CaseSignature, FieldSignature, FunctionSignature, ItemSignature, ParamSignature,
    RecordMember, SignatureKind, SignatureSourceMap, UseDeclaration, UseName, UsePath, WitPath,
};
use dot_diagnostics::TextRange;
use dot_syntax::ast;
use smol_str::SmolStr;

/// What `item` declares, and where it says so. Where nothing of an item could be made out, an error.
pub(crate) fn lower_signature(item: Option<&ast::Item>) -> (ItemSignature, SignatureSourceMap) {
    let Some(item) = item else {
        let (attributes, types) = (Vec::new(), Vec::new());
        let kind = SignatureKind::Error;
        let signature = ItemSignature { attributes, is_pub: false, is_opaque: false, kind, types };
        return (signature, SignatureSourceMap::default());
    };
    let mut builder = SignatureBuilder::default();
    let attributes = builder.attributes(&item.attributes);
    let kind = builder.kind(&item.body);
    let SignatureBuilder { names, mut map } = builder;
    map.types = names.type_ranges;
    map.names = names.name_ranges;
    map.item = item.range;
    map.opaque = item.opaque;
    map.item_name = declared_place(item);
    let signature = ItemSignature {
        attributes,
        is_pub: matches!(item.visibility, ast::Visibility::Public(_)),
        is_opaque: item.opaque.is_some(),
        kind,
        types: names.types,
    };
    (signature, map)
}

/// Where the item says what it is called.
fn declared_place(item: &ast::Item) -> TextRange {
    match &item.body {
        ast::ItemBody::Use(used) => match (&used.alias, &used.path) {
            (Some(alias), _) => alias.range,
            (None, ast::UsePath::Module(path)) => path.range,
            (None, ast::UsePath::Wit(path)) => path.range,
        },
        ast::ItemBody::Export(export) => export.alias.range,
        ast::ItemBody::Test(test) => test.name_range,
        body => body.name().map_or(item.range, |name| name.range),
    }
}

#[derive(Default)]
struct SignatureBuilder {
    names: Names,
    map: SignatureSourceMap,
}

impl SignatureBuilder {
    fn kind(&mut self, body: &ast::ItemBody) -> SignatureKind {
        match body {
            ast::ItemBody::Use(used) => SignatureKind::Use(self.use_declaration(used)),
            ast::ItemBody::Export(export) => SignatureKind::Export {
                path: self.wit_path(&export.path),
                alias: self.names.name(&export.alias),
            },
            ast::ItemBody::Record(record) => SignatureKind::Record {
                generics: self.names.generics(&record.type_params),
                members: self.members(&record.members),
            },
            ast::ItemBody::Resource(resource) => {
                SignatureKind::Resource { members: self.members(&resource.members) }
            }
            ast::ItemBody::Variant(variant) => SignatureKind::Variant {
                generics: self.names.generics(&variant.type_params),
                cases: variant.cases.iter().map(|case| self.case(case)).collect(),
            },
            ast::ItemBody::Enum(cases) => SignatureKind::Enum { cases: self.bare_cases(cases) },
            ast::ItemBody::Flags(cases) => SignatureKind::Flags { cases: self.bare_cases(cases) },
            ast::ItemBody::TypeAlias(alias) => SignatureKind::Alias {
                generics: self.names.generics(&alias.type_params),
                ty: self.names.ty(&alias.ty),
            },
            ast::ItemBody::Const(constant) => SignatureKind::Const { ty: self.names.ty(&constant.ty) },
            ast::ItemBody::Function(function) => SignatureKind::Function(self.function(function)),
            ast::ItemBody::Test(test) => SignatureKind::Test { params: self.params(&test.params) },
            ast::ItemBody::Error(_) => SignatureKind::Error,
        }
    }

    fn function(&mut self, function: &ast::Function) -> FunctionSignature {
        self.map.uses = function.uses.as_ref().map(|uses| uses.range);
        FunctionSignature {
            is_dot: function.kind == ast::FunctionKind::Dot,
            owner: function.owner.as_ref().map(|owner| self.names.name(owner)),
            generics: self.names.generics(&function.type_params),
            params: self.params(&function.params),
            ret: function.result.as_ref().map(|result| self.names.ty(result)),
            uses: function.uses.as_ref().map(|uses| self.names.effects(uses)),
        }
    }

    fn params(&mut self, params: &[ast::Param]) -> Vec<ParamSignature> {
        params
            .iter()
            .map(|param| {
                self.map.members.push(param.range);
                ParamSignature {
                    attributes: self.attributes(&param.attributes),
                    inout: param.inout.is_some(),
                    name: self.names.name(&param.name),
                    ty: self.names.ty(&param.ty),
                    has_default: param.default.is_some(),
                }
            })
            .collect()
    }

    fn members(&mut self, members: &[ast::RecordMember]) -> Vec<RecordMember> {
        members
            .iter()
            .map(|member| match member {
                ast::RecordMember::Include(ty) => {
                    self.map.members.push(ty.range);
                    RecordMember::Include(self.names.ty(ty))
                }
                ast::RecordMember::Field(field) => {
                    self.map.members.push(field.range);
                    RecordMember::Field(FieldSignature {
                        attributes: self.attributes(&field.attributes),
                        name: self.names.name(&field.name),
                        ty: self.names.ty(&field.ty),
                        has_default: field.default.is_some(),
                    })
                }
            })
            .collect()
    }

    fn case(&mut self, case: &ast::Case) -> CaseSignature {
        self.map.members.push(case.range);
        let attributes = self.attributes(&case.attributes);
        let name = self.names.name(&case.name);
        let parts = case
            .parts
            .iter()
            .map(|part| CasePartSignature {
                label: part.label.as_ref().map(|label| self.names.name(label)),
                ty: self.names.ty(&part.ty),
            })
            .collect();
        let from = crate::attribute::find(&attributes, "from").is_some();
        CaseSignature { attributes, name, parts, from }
    }

    fn bare_cases(&mut self, cases: &ast::Enum) -> Vec<CaseSignature> {
        cases
            .cases
            .iter()
            .map(|case| {
                self.map.members.push(case.range);
                CaseSignature {
                    attributes: self.attributes(&case.attributes),
                    name: self.names.name(&case.name),
                    parts: Vec::new(),
                    from: false,
                }
            })
            .collect()
    }

    fn use_declaration(&mut self, used: &ast::Use) -> UseDeclaration {
        UseDeclaration {
            path: match &used.path {
                ast::UsePath::Module(path) => UsePath::Module(self.names.path(path)),
                ast::UsePath::Wit(path) => UsePath::Wit(self.wit_path(path)),
            },
            alias: used.alias.as_ref().map(|alias| self.names.name(alias)),
            names: used
                .names
                .iter()
                .map(|name| UseName {
                    name: self.names.name(&name.name),
                    alias: name.alias.as_ref().map(|alias| self.names.name(alias)),
                })
                .collect(),
        }
    }

    fn wit_path(&mut self, path: &ast::WitPath) -> WitPath {
        WitPath {
            namespace: path.namespace.clone(),
            package: path.package.clone(),
            interface: path.interface.clone(),
            version: path.version.clone(),
            at: self.names.place(path.range),
        }
    }

    fn attributes(&mut self, attributes: &[ast::Attribute]) -> Vec<Attribute> {
        attributes
            .iter()
            .map(|attribute| Attribute {
                name: self.names.name(&attribute.name),
                args: attribute.args.iter().map(attribute_value).collect(),
                places: attribute.args.iter().map(|arg| self.names.place(arg.value.range)).collect(),
            })
            .collect()
    }
}

fn attribute_value(arg: &ast::Arg) -> AttributeValue {
    if arg.label.is_some() || arg.inout.is_some() {
        return AttributeValue::Other;
    }
    match &arg.value.kind {
        ast::ExprKind::Literal(literal) => literal_value(literal),
        ast::ExprKind::Name(name) => AttributeValue::Name(name.text.clone()),
        ast::ExprKind::String(parts) => {
            template(parts).map_or(AttributeValue::Other, AttributeValue::Template)
        }
        ast::ExprKind::Unary { op: ast::UnaryOp::Neg, operand } => match &operand.kind {
            ast::ExprKind::Literal(ast::Literal::Int(value)) => AttributeValue::Int(-i128::from(*value)),
            ast::ExprKind::Literal(ast::Literal::Float(text)) => {
                AttributeValue::Float(format!("-{text}").into())
            }
            _ => AttributeValue::Other,
        },
        _ => AttributeValue::Other,
    }
}

/// The text of a string with names in braces; none if anything else stands in them.
fn template(parts: &[ast::StringPart]) -> Option<SmolStr> {
    let mut text = String::new();
    for part in parts {
        match part {
            ast::StringPart::Text(part) => text.push_str(part),
            ast::StringPart::Expr(expr) => {
                let ast::ExprKind::Name(name) = &expr.kind else { return None };
                text.extend(["{", name.as_str(), "}"]);
            }
        }
    }
    Some(text.into())
}

fn literal_value(literal: &ast::Literal) -> AttributeValue {
    match literal {
        ast::Literal::Int(value) => AttributeValue::Int(i128::from(*value)),
        ast::Literal::Float(text) => AttributeValue::Float(text.clone()),
        ast::Literal::Char(value) => AttributeValue::Char(*value),
        ast::Literal::Byte(value) => AttributeValue::Int(i128::from(*value)),
        ast::Literal::String(text) => AttributeValue::String(text.clone()),
        ast::Literal::Bool(value) => AttributeValue::Bool(*value),
        ast::Literal::Bytes(_) => AttributeValue::Other,
    }
}
