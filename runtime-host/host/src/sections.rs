//! What the host reads from a component's bytes beside its types: the custom section `dot-meta`, and the places
//! of its code.
//!
//! wasmtime reports places as offsets from the start of the *component*, since it reads the nested core modules
//! in place. [`Code`] turns such an offset into a function of a module and an offset in that function's body,
//! which is what `dot-traps` speaks of, and what stays true when the module is embedded elsewhere.

use std::ops::Range;
use std::sync::Arc;

use wasmparser::{Parser, Payload};

use crate::follow::reached;
use crate::meta::{self, Meta};
use crate::trap_table::{self, TrapSite, TrapTable};

/// The first eight bytes of a WebAssembly binary, as far as they tell what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Component,
    CoreModule,
    /// A binary of another version of the format.
    OtherVersion,
    Text,
    Precompiled,
    Empty,
    Junk,
}

/// Tells what `bytes` look like.
pub(crate) fn detect(bytes: &[u8]) -> Kind {
    if bytes.is_empty() {
        return Kind::Empty;
    }
    if bytes.starts_with(b"\0asm") {
        return if Parser::is_component(bytes) {
            Kind::Component
        } else if Parser::is_core_wasm(bytes) {
            Kind::CoreModule
        } else {
            Kind::OtherVersion
        };
    }
    if bytes.starts_with(b"\x7fELF") {
        return Kind::Precompiled;
    }
    let text = bytes.trim_ascii_start();
    if text.starts_with(b"(component") || text.starts_with(b"(module") || text.starts_with(b";;") {
        return Kind::Text;
    }
    Kind::Junk
}

/// The component's `dot-meta`, if it has one at its outermost level that can be read.
pub(crate) fn read_meta(component: &[u8]) -> Option<Meta> {
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(component) {
        match payload.ok()? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::CustomSection(section) if depth == 0 && section.name() == meta::SECTION => {
                return Meta::parse(section.data()).ok();
            }
            _ => {}
        }
    }
    None
}

/// The code of a component's core modules, wherever they are nested.
#[derive(Debug, Default)]
pub(crate) struct Code {
    modules: Vec<CoreModule>,
    /// The component.
    bytes: Arc<[u8]>,
}

#[derive(Debug, Default)]
struct CoreModule {
    imported: u32,
    /// Where the module starts in the component.
    start: u64,
    /// Where each function's body is in the component.
    bodies: Vec<Range<u64>>,
    traps: Option<TrapTable>,
}

/// An instruction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) func: u32,
    pub(crate) offset: u32,
    body: &'a [u8],
    traps: Option<&'a TrapTable>,
}

impl Code {
    /// Finds the functions of `component`. What can't be read is left out.
    pub(crate) fn read(component: Arc<[u8]>) -> Code {
        let mut code = Code { modules: Vec::new(), bytes: component.clone() };
        // One entry per open module or component; the modules have a number.
        let mut open: Vec<Option<usize>> = vec![None];
        for payload in Parser::new(0).parse_all(&component).map_while(Result::ok) {
            match payload {
                Payload::ModuleSection { unchecked_range, .. } => {
                    open.push(Some(code.modules.len()));
                    code.modules.push(CoreModule { start: unchecked_range.start, ..CoreModule::default() });
                }
                Payload::ComponentSection { .. } => open.push(None),
                Payload::End(_) => {
                    open.pop();
                }
                payload => {
                    if let Some(module) = open.last().copied().flatten().and_then(|i| code.modules.get_mut(i))
                    {
                        module.add(payload);
                    }
                }
            }
        }
        code
    }

    /// The instruction at an offset from the start of the component.
    pub(crate) fn at_component_offset(&self, offset: u64) -> Option<Place<'_>> {
        self.modules.iter().find_map(|m| m.place(&self.bytes, offset))
    }

    /// The instruction at an offset from the start of the module, in the module's own function number
    /// `defined`, imports not counted. Modules are not otherwise told apart, so a component with several that
    /// fit gives nothing.
    pub(crate) fn at_module_offset(&self, defined: u32, offset: u64) -> Option<Place<'_>> {
        let mut found = self.modules.iter().filter_map(|m| m.place_in_defined(&self.bytes, defined, offset));
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    /// Whether any table names values that could be read.
    pub(crate) fn has_values(&self) -> bool {
        let tables = self.modules.iter().filter_map(|m| m.traps.as_ref());
        tables.flat_map(|t| &t.traps).any(|site| !site.values.is_empty())
    }
}

impl CoreModule {
    fn add(&mut self, payload: Payload<'_>) {
        match payload {
            Payload::ImportSection(imports) => {
                let functions = imports.into_imports().filter_map(Result::ok).filter(|i| {
                    matches!(i.ty, wasmparser::TypeRef::Func(_) | wasmparser::TypeRef::FuncExact(_))
                });
                self.imported = u32::try_from(functions.count()).unwrap_or(u32::MAX);
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body.range()),
            Payload::CustomSection(section) if section.name() == trap_table::SECTION => {
                self.traps = TrapTable::parse(section.data()).ok();
            }
            _ => {}
        }
    }

    /// The instruction at an offset from the module's start, if it is in this defined function.
    fn place_in_defined<'a>(&'a self, bytes: &'a [u8], defined: u32, offset: u64) -> Option<Place<'a>> {
        let place = self.place(bytes, self.start.checked_add(offset)?)?;
        (place.func.checked_sub(self.imported) == Some(defined)).then_some(place)
    }

    fn place<'a>(&'a self, bytes: &'a [u8], offset: u64) -> Option<Place<'a>> {
        // Bodies follow one another, so the last one that starts early enough is the only candidate.
        let after = self.bodies.partition_point(|b| b.start <= offset);
        let index = after.checked_sub(1)?;
        let body = self.bodies.get(index).filter(|b| b.contains(&offset))?;
        Some(Place {
            func: self.imported.checked_add(u32::try_from(index).ok()?)?,
            offset: u32::try_from(offset - body.start).ok()?,
            body: bytes.get(usize::try_from(body.start).ok()?..usize::try_from(body.end).ok()?)?,
            traps: self.traps.as_ref(),
        })
    }
}

impl<'a> Place<'a> {
    /// The table's entries for this instruction, with the path of the file each is in.
    pub(crate) fn sites(self) -> impl Iterator<Item = (&'a TrapSite, &'a str)> {
        self.sites_at(self.offset)
    }

    /// The table's entries for the traps that this instruction leads to.
    pub(crate) fn sites_behind(self) -> impl Iterator<Item = (&'a TrapSite, &'a str)> {
        reached(self.body, self.offset).into_iter().flat_map(move |offset| self.sites_at(offset))
    }

    fn sites_at(self, offset: u32) -> impl Iterator<Item = (&'a TrapSite, &'a str)> {
        self.traps.into_iter().flat_map(move |table| {
            let here = table.traps.iter().filter(move |s| s.func == self.func && s.offset == offset);
            here.map(|site| (site, table.file_of(site).unwrap_or("?")))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_apart_by_their_first_bytes() {
        let cases: [(&[u8], Kind); 7] = [
            (b"", Kind::Empty),
            (b"\0asm\x0d\0\x01\0", Kind::Component),
            (b"\0asm\x01\0\0\0", Kind::CoreModule),
            (b"\0asm\x63\0\0\0", Kind::OtherVersion),
            (b"\x7fELF...", Kind::Precompiled),
            (b"  (component)", Kind::Text),
            (b"#!/bin/sh", Kind::Junk),
        ];
        for (bytes, kind) in cases {
            assert_eq!(detect(bytes), kind, "{bytes:?}");
        }
    }
}
