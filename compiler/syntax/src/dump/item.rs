//! Items and types as S-expressions.

use super::expr::{block, expr, list};
use super::{Sexpr, atom, node};
use crate::ast::*;

pub(super) fn item(item: &Item) -> Sexpr {
    let mut before = docs(&item.docs);
    before.extend(item.attributes.iter().map(attribute));
    if let Visibility::Public(_) = item.visibility {
        before.push(atom("pub"));
    }
    if item.opaque.is_some() {
        before.push(atom("opaque"));
    }
    let body = body(&item.body);
    if before.is_empty() { body } else { node("item", before.into_iter().chain([body])) }
}

fn docs(lines: &[DocLine]) -> Vec<Sexpr> {
    let text = doc_text(lines);
    if lines.is_empty() { Vec::new() } else { vec![node("doc", [atom(format!("{text:?}"))])] }
}

fn attribute(attribute: &Attribute) -> Sexpr {
    let name = format!("@{}", attribute.name.text);
    if attribute.args.is_empty() {
        atom(name)
    } else {
        node(&name, attribute.args.iter().map(super::expr::arg))
    }
}

fn body(body: &ItemBody) -> Sexpr {
    match body {
        ItemBody::Use(used) => use_(used),
        ItemBody::Export(export) => node("export", [wit_path(&export.path), name(&export.alias)]),
        ItemBody::Record(record) => {
            let params = type_params(&record.type_params);
            node("record", [name(&record.name)].into_iter().chain(params).chain(members(&record.members)))
        }
        ItemBody::Resource(resource) => {
            node("resource", [name(&resource.name)].into_iter().chain(members(&resource.members)))
        }
        ItemBody::Variant(variant) => {
            let params = type_params(&variant.type_params);
            let cases = variant.cases.iter().map(case);
            node("variant", [name(&variant.name)].into_iter().chain(params).chain(cases))
        }
        ItemBody::Enum(cases) => enum_("enum", cases),
        ItemBody::Flags(cases) => enum_("flags", cases),
        ItemBody::TypeAlias(alias) => {
            let params = type_params(&alias.type_params);
            node("type", [name(&alias.name)].into_iter().chain(params).chain([ty(&alias.ty)]))
        }
        ItemBody::Const(constant) => {
            node("const", [name(&constant.name), ty(&constant.ty), expr(&constant.value)])
        }
        ItemBody::Function(function) => function_(function),
        ItemBody::Test(test) => {
            let title = atom(format!("{:?}", test.name.as_str()));
            let params = test.params.iter().map(param);
            node("test", [title].into_iter().chain(params).chain([block(&test.body)]))
        }
        ItemBody::Error(_) => node("error", []),
    }
}

fn use_(used: &Use) -> Sexpr {
    let path = match &used.path {
        UsePath::Module(path) => {
            let names: Vec<_> = path.segments.iter().map(Name::as_str).collect();
            atom(names.join("/"))
        }
        UsePath::Wit(path) => wit_path(path),
    };
    let alias = used.alias.iter().map(|alias| node("as", [name(alias)]));
    let names = used.names.iter().map(|used| match &used.alias {
        None => name(&used.name),
        Some(alias) => node("as", [name(&used.name), name(alias)]),
    });
    node("use", [path].into_iter().chain(alias).chain(names))
}

fn wit_path(path: &WitPath) -> Sexpr {
    let version = path.version.as_ref().map_or(String::new(), |version| format!("@{version}"));
    atom(format!("{}:{}/{}{version}", path.namespace, path.package, path.interface))
}

fn members(members: &[RecordMember]) -> Vec<Sexpr> {
    members
        .iter()
        .map(|member| match member {
            RecordMember::Include(included) => node("..", [ty(included)]),
            RecordMember::Field(field) => {
                let before = docs(&field.docs).into_iter().chain(field.attributes.iter().map(attribute));
                let default = field.default.iter().map(|default| node("=", [expr(default)]));
                Sexpr::List(before.chain([name(&field.name), ty(&field.ty)]).chain(default).collect())
            }
        })
        .collect()
}

fn case(case: &Case) -> Sexpr {
    let before = docs(&case.docs).into_iter().chain(case.attributes.iter().map(attribute));
    let parts = case.parts.iter().map(|part| match &part.label {
        None => ty(&part.ty),
        Some(label) => node(&format!("{}:", label.text), [ty(&part.ty)]),
    });
    Sexpr::List(before.chain([name(&case.name)]).chain(parts).collect())
}

fn enum_(keyword: &str, cases: &Enum) -> Sexpr {
    let names = cases.cases.iter().map(|case| {
        let before = docs(&case.docs).into_iter().chain(case.attributes.iter().map(attribute));
        let mut parts: Vec<Sexpr> = before.collect();
        if parts.is_empty() {
            return name(&case.name);
        }
        parts.push(name(&case.name));
        Sexpr::List(parts)
    });
    node(keyword, [name(&cases.name)].into_iter().chain(names))
}

fn function_(function: &Function) -> Sexpr {
    let keyword = match function.kind {
        FunctionKind::Fn => "fn",
        FunctionKind::Dot => "dot",
    };
    let full_name = match &function.owner {
        None => name(&function.name),
        Some(owner) => atom(format!("{}.{}", owner.text, function.name.text)),
    };
    let params = node("params", function.params.iter().map(param));
    let result = function.result.iter().map(|result| node("->", [ty(result)]));
    let rest = result.chain(uses(function.uses.as_ref())).chain([block(&function.body)]);
    let head = [full_name].into_iter().chain(type_params(&function.type_params)).chain([params]);
    node(keyword, head.chain(rest))
}

fn param(param: &Param) -> Sexpr {
    let before = docs(&param.docs).into_iter().chain(param.attributes.iter().map(attribute));
    let inout = param.inout.iter().map(|_| atom("inout"));
    let default = param.default.iter().map(|default| node("=", [expr(default)]));
    Sexpr::List(before.chain(inout).chain([name(&param.name), ty(&param.ty)]).chain(default).collect())
}

fn type_params(params: &[TypeParam]) -> Option<Sexpr> {
    let params_of = params.iter().map(|param| match &param.bound {
        None => name(&param.name),
        Some(bound) => Sexpr::List(vec![name(&param.name), name(bound)]),
    });
    (!params.is_empty()).then(|| node("types", params_of))
}

fn uses(uses: Option<&Uses>) -> Option<Sexpr> {
    let uses = uses?;
    let effects = uses.effects.iter().map(|effect| match effect {
        Effect::Named(named) => path(named),
        Effect::Infer(_) => atom("_"),
    });
    Some(node("uses", effects))
}

pub(super) fn ty(ty_: &Type) -> Sexpr {
    match &ty_.kind {
        TypeKind::Named { path: named, args } if args.is_empty() => path(named),
        TypeKind::Named { path: named, args } => {
            Sexpr::List([path(named)].into_iter().chain(type_args(args)).collect())
        }
        TypeKind::Tuple(parts) => node("tuple", parts.iter().map(ty)),
        TypeKind::Function(function) => {
            let pure = function.pure.iter().map(|_| atom("pure"));
            let params = function.params.iter().map(|param| match param.inout {
                None => ty(&param.ty),
                Some(_) => node("inout", [ty(&param.ty)]),
            });
            let result = function.result.iter().map(|result| node("->", [ty(result)]));
            node("fn", pure.chain(params).chain(result).chain(uses(function.uses.as_ref())))
        }
        TypeKind::Infer => atom("_"),
        TypeKind::Error(_) => node("error", []),
    }
}

pub(super) fn type_args(args: &[TypeArg]) -> Vec<Sexpr> {
    let arg = |arg: &TypeArg| match arg {
        TypeArg::Type(arg) => ty(arg),
        TypeArg::Length(length, _) => atom(length.to_string()),
    };
    list(args, arg)
}

pub(super) fn name(name: &Name) -> Sexpr {
    atom(if name.is_missing() { "?" } else { name.as_str() })
}

pub(super) fn path(path: &Path) -> Sexpr {
    let names: Vec<_> = path.segments.iter().map(Name::as_str).collect();
    atom(names.join("."))
}
