//! Gives everything its place and writes the module.

use super::data::Data;
use super::dwarf::{self, Range};
use super::traps::{Entry, table};
use super::{CoreModule, LinkError, Linker, Target};
use crate::emit::{CompiledFunction, Filler, TrapSite, leb_i64, leb_u32};
use crate::lir::{Address, Global, Sig, Symbol, Trap, Val};
use dot_mir::ir::{Instance, InstanceKind, Site, StandIn};
use dot_mir::recursion::Recursion;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use wasm_encoder as wasm;

/// How deep calls that the language counts may nest.
pub const MAX_DEPTH: i32 = 4096;

/// The bytes behind `heap_base` that exist from the beginning: the runtime keeps its lists of free blocks there.
const HEAP_ROOM: u64 = 1024;

/// For each function, the functions that it may call, through the table included.
pub(super) fn call_graph(linker: &Linker<'_, '_>) -> Vec<Vec<u32>> {
    let place = |symbol: &Symbol<'_>| match linker.index.get(symbol) {
        Some(Target::Function(n)) => Some(*n),
        _ => None,
    };
    let mut in_table: Vec<u32> = Vec::new();
    let mut known = vec![false; linker.placed.len()];
    for placed in &linker.placed {
        for hole in &placed.code.holes {
            if let Filler::Address(Address::Table(symbol) | Address::StaticClosure(symbol)) = &hole.filler
                && let Some(n) = place(symbol)
                && !std::mem::replace(&mut known[n as usize], true)
            {
                in_table.push(n);
            }
        }
    }
    let callees = |code: &CompiledFunction<'_>| {
        let mut callees = Vec::new();
        for hole in &code.holes {
            match &hole.filler {
                Filler::Function(symbol) => callees.extend(place(symbol)),
                Filler::Type(sig) => {
                    callees.extend(in_table.iter().filter(|n| linker.placed[**n as usize].code.sig == *sig));
                }
                _ => {}
            }
        }
        callees.sort_unstable();
        callees.dedup();
        callees
    };
    linker.placed.iter().map(|placed| callees(&placed.code)).collect()
}

/// By node: whether it can reach itself. Tarjan's strongly connected components, without recursion.
pub(super) fn in_cycle(graph: &[Vec<u32>]) -> Vec<bool> {
    const NEW: u32 = u32::MAX;
    let mut order = vec![NEW; graph.len()];
    let mut low = vec![0; graph.len()];
    let mut open = vec![false; graph.len()];
    let mut stack: Vec<u32> = Vec::new();
    let mut cyclic = vec![false; graph.len()];
    let mut next = 0;
    for root in 0..graph.len() {
        if order[root] != NEW {
            continue;
        }
        let mut path: Vec<(usize, usize)> = vec![(root, 0)];
        while let Some((n, edge)) = path.last_mut() {
            let node = *n;
            if *edge == 0 && order[node] == NEW {
                (order[node], low[node]) = (next, next);
                next += 1;
                stack.push(node as u32);
                open[node] = true;
            }
            if let Some(to) = graph[node].get(*edge).map(|to| *to as usize) {
                *edge += 1;
                if order[to] == NEW {
                    path.push((to, 0));
                } else if open[to] {
                    low[node] = low[node].min(order[to]);
                }
                continue;
            }
            path.pop();
            if let Some((parent, _)) = path.last() {
                low[*parent] = low[*parent].min(low[node]);
            }
            if low[node] == order[node] {
                let start = stack.iter().rposition(|m| *m as usize == node).unwrap_or_default();
                let component = stack.split_off(start);
                let many = component.len() > 1;
                for member in component {
                    open[member as usize] = false;
                    cyclic[member as usize] = many || graph[member as usize].contains(&member);
                }
            }
        }
    }
    cyclic
}

/// By function: whether its calls are counted. Functions of the source are where they can reach themselves; what stands
/// behind function values is where the call of one may lead back to it.
fn counted(linker: &Linker<'_, '_>) -> Vec<bool> {
    let db = linker.input.source.program().db();
    let may_come_back = in_cycle(&call_graph(linker));
    let mut recursion = Recursion::default();
    let mut counted = vec![false; linker.placed.len()];
    for (symbol, target) in &linker.index {
        let (Symbol::Instance(instance), Target::Function(n)) = (symbol, target) else { continue };
        let n = *n as usize;
        counted[n] = linker.placed[n].code.counts_depth
            && match instance.kind(db) {
                InstanceKind::Closure(..) | InstanceKind::ClosureIn(..) => may_come_back[n],
                _ => recursion.counts(db, *instance),
            };
    }
    counted
}

/// Everything's place.
struct Layout<'l, 'a, 'db> {
    linker: &'l Linker<'a, 'db>,
    /// By function: whether its calls are counted.
    counted: Vec<bool>,
    types: Vec<Sig>,
    globals: Vec<Global>,
    /// The functions in the table, by symbol.
    table: Vec<Symbol<'db>>,
    /// Their places in it.
    in_table: FxHashMap<Symbol<'db>, u32>,
    /// Whether the module has a table: something is called through it, though nothing may ever be in it.
    has_table: bool,
    data: Data,
    return_area: Option<u32>,
    /// What stands for replaced functions: where it came to stand, and its size.
    stand_ins: Vec<(StandIn<'db>, u32, u32)>,
    heap_base: u32,
    uses_memory: bool,
}

impl<'l, 'a, 'db> Layout<'l, 'a, 'db> {
    fn new(linker: &'l Linker<'a, 'db>) -> Self {
        let counted = counted(linker);
        let mut layout = Self {
            linker,
            counted,
            types: Vec::new(),
            globals: Vec::new(),
            table: Vec::new(),
            in_table: FxHashMap::default(),
            has_table: false,
            data: Data::default(),
            return_area: None,
            stand_ins: Vec::new(),
            heap_base: 0,
            uses_memory: false,
        };
        layout.place();
        layout
    }

    fn place(&mut self) {
        let linker = self.linker;
        for (.., sig) in &linker.imports {
            self.type_index(sig);
        }
        if self.counted.contains(&true) {
            self.globals.push(Global::Depth);
        }
        let mut area = 0;
        for placed in &linker.placed {
            self.type_index(&placed.code.sig);
            self.uses_memory |=
                placed.code.uses_memory || placed.exports.iter().any(|name| name == "cabi_realloc");
            for hole in &placed.code.holes {
                match &hole.filler {
                    Filler::Type(sig) => {
                        self.has_table = true;
                        self.type_index(sig);
                    }
                    Filler::Global(global) if !self.globals.contains(global) => self.globals.push(*global),
                    Filler::Address(address) => {
                        self.uses_memory = true;
                        self.place_address(address, &mut area);
                    }
                    _ => {}
                }
            }
        }
        self.has_table |= !self.table.is_empty();
        let mut end = self.data.end();
        if area > 0 {
            let at = end.next_multiple_of(8);
            self.return_area = Some(at);
            end = at + area;
        }
        for (_, at, size) in &mut self.stand_ins {
            *at = end.next_multiple_of(8);
            end = *at + *size;
        }
        self.heap_base = end.next_multiple_of(16);
    }

    fn place_address(&mut self, address: &Address<'db>, area: &mut u32) {
        match address {
            Address::HeapBase => {}
            Address::Data { bytes, align } => drop(self.data.place(bytes, *align)),
            Address::ReturnArea(size) => *area = (*area).max(*size),
            Address::StandIn(stand_in, size) => {
                if !self.stand_ins.iter().any(|(known, ..)| known == stand_in) {
                    self.stand_ins.push((*stand_in, 0, *size));
                }
            }
            Address::Table(symbol) => drop(self.table_index(symbol)),
            Address::StaticClosure(symbol) => {
                let cell = self.closure_cell(symbol);
                self.data.place(&cell, 4);
            }
        }
    }

    fn closure_cell(&mut self, symbol: &Symbol<'db>) -> Arc<[u8]> {
        let index = self.table_index(symbol);
        index.to_le_bytes().into_iter().chain([0; 4]).collect()
    }

    fn type_index(&mut self, sig: &Sig) -> u32 {
        if let Some(n) = self.types.iter().position(|known| known == sig) {
            return n as u32;
        }
        self.types.push(sig.clone());
        self.types.len() as u32 - 1
    }

    fn table_index(&mut self, symbol: &Symbol<'db>) -> u32 {
        if let Some(n) = self.in_table.get(symbol) {
            return *n;
        }
        let n = self.table.len() as u32;
        self.table.push(symbol.clone());
        self.in_table.insert(symbol.clone(), n);
        n
    }

    fn function_index(&self, symbol: &Symbol<'db>) -> Result<u32, LinkError<'db>> {
        match self.linker.index.get(symbol) {
            Some(Target::Import(n)) => Ok(*n),
            Some(Target::Function(n)) => Ok(self.linker.imports.len() as u32 + n),
            None => Err(LinkError::Missing(format!("{symbol:?}"))),
        }
    }

    fn global_index(&self, global: Global) -> u32 {
        self.globals.iter().position(|known| *known == global).unwrap_or_default() as u32
    }

    fn address(&mut self, address: &Address<'db>) -> u32 {
        match address {
            Address::HeapBase => self.heap_base,
            Address::Data { bytes, align } => self.data.place(bytes, *align),
            Address::ReturnArea(_) => self.return_area.unwrap_or_default(),
            Address::StandIn(stand_in, _) => {
                self.stand_ins.iter().find(|(known, ..)| known == stand_in).map_or(0, |(_, at, _)| *at)
            }
            Address::Table(symbol) => self.table_index(symbol),
            Address::StaticClosure(symbol) => {
                let cell = self.closure_cell(symbol);
                self.data.place(&cell, 4)
            }
        }
    }

    /// A function's body with its holes filled, and where its trap sites came to stand.
    fn body(&mut self, n: usize) -> Result<(Vec<u8>, Sites<'db>), LinkError<'db>> {
        let code = &self.linker.placed[n].code;
        let mut out = Vec::new();
        // What is counted keeps the depth that it was entered at in a local of its own, the last.
        let counter = self.counted[n].then_some(Val::I32);
        let entered_at = (code.sig.params.len() + code.locals.len()) as u32;
        write_locals(&mut out, code.locals.iter().copied().chain(counter));
        let mut sites = Vec::new();
        let (mut from, mut site) = (0, 0);
        for hole in &code.holes {
            let at = hole.at as usize;
            copy_code(code, (from, at), &mut site, &mut out, &mut sites);
            from = at;
            match &hole.filler {
                Filler::Function(symbol) => leb_u32(&mut out, self.function_index(symbol)?),
                Filler::Address(address) => {
                    let address = self.address(address);
                    leb_i64(&mut out, i64::from(address.cast_signed()));
                }
                Filler::Type(sig) => {
                    let index = self.type_index(sig);
                    leb_u32(&mut out, index);
                }
                Filler::Global(global) => leb_u32(&mut out, self.global_index(*global)),
                Filler::Enter if self.counted[n] => self.enter(entered_at, code.site, &mut out, &mut sites),
                Filler::Leave if self.counted[n] => self.leave(entered_at, &mut out),
                Filler::Enter | Filler::Leave => {}
            }
        }
        copy_code(code, (from, code.code.len()), &mut site, &mut out, &mut sites);
        Ok((out, sites))
    }

    /// Counts a call: fails when there are too many, before anything is done.
    fn enter(&self, entered_at: u32, site: Option<Site<'db>>, out: &mut Vec<u8>, sites: &mut Sites<'db>) {
        let depth = self.global_index(Global::Depth);
        out.push(0x23);
        leb_u32(out, depth);
        out.push(0x22);
        leb_u32(out, entered_at);
        out.push(0x41);
        leb_i64(out, i64::from(MAX_DEPTH));
        out.extend([0x4f, 0x04, 0x40]);
        let message = "calls are nested too deeply".into();
        let trap = Trap { kind: "depth", message, site, values: Vec::new(), overflow: None };
        sites.push(TrapSite { at: out.len() as u32, lead: 0, trap });
        out.extend([0x00, 0x0b, 0x20]);
        leb_u32(out, entered_at);
        out.extend([0x41, 1, 0x6a, 0x24]);
        leb_u32(out, depth);
    }

    /// Takes it back: every call that was entered meanwhile has been left. The depth isn't read again, so that this
    /// waits for no write of a callee.
    fn leave(&self, entered_at: u32, out: &mut Vec<u8>) {
        out.push(0x20);
        leb_u32(out, entered_at);
        out.push(0x24);
        leb_u32(out, self.global_index(Global::Depth));
    }
}

/// Instructions that can trap, and calls, by place.
type Sites<'db> = Vec<TrapSite<'db>>;

/// Copies code up to the next hole; sites that begin before it move along.
fn copy_code<'db>(
    code: &CompiledFunction<'db>,
    (from, to): (usize, usize),
    site: &mut usize,
    out: &mut Vec<u8>,
    sites: &mut Sites<'db>,
) {
    while let Some(next) = code.sites.get(*site).filter(|next| (next.at as usize) < to) {
        sites.push(TrapSite { at: out.len() as u32 + next.at - from as u32, ..next.clone() });
        *site += 1;
    }
    out.extend_from_slice(&code.code[from..to]);
}

fn write_locals(out: &mut Vec<u8>, locals: impl Iterator<Item = Val>) {
    let mut runs: Vec<(u32, Val)> = Vec::new();
    for val in locals {
        match runs.last_mut() {
            Some((count, last)) if *last == val => *count += 1,
            _ => runs.push((1, val)),
        }
    }
    leb_u32(out, runs.len() as u32);
    for (count, val) in runs {
        leb_u32(out, count);
        out.push(val.byte());
    }
}

fn vals(vals: &[Val]) -> Vec<wasm::ValType> {
    vals.iter().map(|val| (*val).into()).collect()
}

/// Writes the module.
pub(super) fn write<'db>(linker: &Linker<'_, 'db>) -> Result<CoreModule<'db>, LinkError<'db>> {
    let mut layout = Layout::new(linker);
    let mut code = wasm::CodeSection::new();
    let mut bodies = Vec::new();
    for n in 0..linker.placed.len() {
        let (body, sites) = layout.body(n)?;
        code.raw(&body);
        bodies.push((body.len(), sites));
    }
    let mut module = wasm::Module::new();
    write_types(&layout, &mut module);
    write_imports(&mut layout, &mut module);
    let mut functions = wasm::FunctionSection::new();
    for placed in &linker.placed {
        functions.function(layout.type_index(&placed.code.sig));
    }
    module.section(&functions);
    write_spaces(&layout, &mut module);
    write_exports(&layout, &mut module);
    write_table(&layout, &mut module)?;
    module.section(&code);
    let (start, bytes) = layout.data.content();
    if !bytes.is_empty() {
        let mut data = wasm::DataSection::new();
        data.active(0, &wasm::ConstExpr::i32_const(start.cast_signed()), bytes.iter().copied());
        module.section(&data);
    }
    if !linker.input.strip {
        write_names(&layout, &mut module);
        write_traps(&layout, &bodies, &mut module);
        write_lines(&layout, &bodies, &mut module)?;
    }
    let imports = linker.imports.iter().map(|(module, field, _)| (module.clone(), field.clone())).collect();
    let sizes = sizes(linker, bodies.iter().map(|(len, _)| *len));
    Ok(CoreModule { bytes: module.finish(), imports, sizes })
}

/// The bytes of each function, with what it was compiled from.
fn sizes<'db>(
    linker: &Linker<'_, 'db>,
    bodies: impl Iterator<Item = usize>,
) -> Vec<(Option<Instance<'db>>, usize)> {
    let mut sizes: Vec<_> = bodies.map(|len| (None, len)).collect();
    for (symbol, target) in &linker.index {
        if let (Symbol::Instance(instance), Target::Function(n)) = (symbol, target)
            && let Some(size) = sizes.get_mut(*n as usize)
        {
            size.0 = Some(*instance);
        }
    }
    sizes
}

fn write_types(layout: &Layout<'_, '_, '_>, module: &mut wasm::Module) {
    let mut types = wasm::TypeSection::new();
    for sig in &layout.types {
        types.ty().function(vals(&sig.params), vals(&sig.results));
    }
    module.section(&types);
}

fn write_imports(layout: &mut Layout<'_, '_, '_>, module: &mut wasm::Module) {
    let linker = layout.linker;
    if linker.imports.is_empty() {
        return;
    }
    let mut imports = wasm::ImportSection::new();
    for (from, field, sig) in &linker.imports {
        imports.import(from, field, wasm::EntityType::Function(layout.type_index(sig)));
    }
    module.section(&imports);
}

/// Table, memory and globals.
fn write_spaces(layout: &Layout<'_, '_, '_>, module: &mut wasm::Module) {
    if layout.has_table {
        let mut tables = wasm::TableSection::new();
        let size = layout.table.len() as u64;
        tables.table(wasm::TableType {
            element_type: wasm::RefType::FUNCREF,
            table64: false,
            minimum: size,
            maximum: Some(size),
            shared: false,
        });
        module.section(&tables);
    }
    if layout.uses_memory {
        let mut memories = wasm::MemorySection::new();
        let minimum = u64::from(layout.heap_base).saturating_add(HEAP_ROOM).div_ceil(1 << 16);
        memories.memory(wasm::MemoryType {
            minimum,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        module.section(&memories);
    }
    if !layout.globals.is_empty() {
        let mut globals = wasm::GlobalSection::new();
        for global in &layout.globals {
            let ty = wasm::GlobalType { val_type: wasm::ValType::I32, mutable: true, shared: false };
            let start = if *global == Global::Runtime(0) { layout.heap_base.cast_signed() } else { 0 };
            globals.global(ty, &wasm::ConstExpr::i32_const(start));
        }
        module.section(&globals);
    }
}

fn write_exports(layout: &Layout<'_, '_, '_>, module: &mut wasm::Module) {
    let mut exports = wasm::ExportSection::new();
    let first = layout.linker.imports.len() as u32;
    for (n, placed) in layout.linker.placed.iter().enumerate() {
        for name in &placed.exports {
            exports.export(name, wasm::ExportKind::Func, first + n as u32);
        }
    }
    if layout.uses_memory {
        exports.export("memory", wasm::ExportKind::Memory, 0);
    }
    module.section(&exports);
}

fn write_table<'db>(layout: &Layout<'_, '_, 'db>, module: &mut wasm::Module) -> Result<(), LinkError<'db>> {
    if layout.table.is_empty() {
        return Ok(());
    }
    let functions =
        layout.table.iter().map(|symbol| layout.function_index(symbol)).collect::<Result<Vec<_>, _>>()?;
    let mut elements = wasm::ElementSection::new();
    elements.active(None, &wasm::ConstExpr::i32_const(0), wasm::Elements::Functions(Cow::Owned(functions)));
    module.section(&elements);
    Ok(())
}

fn write_names(layout: &Layout<'_, '_, '_>, module: &mut wasm::Module) {
    let mut functions = wasm::NameMap::new();
    let mut locals = wasm::IndirectNameMap::new();
    let first = layout.linker.imports.len() as u32;
    for (n, (_, field, _)) in layout.linker.imports.iter().enumerate() {
        functions.append(n as u32, field);
    }
    for (n, placed) in layout.linker.placed.iter().enumerate() {
        functions.append(first + n as u32, &placed.code.name);
        if !placed.code.names.is_empty() {
            let mut own = wasm::NameMap::new();
            for (local, name) in &placed.code.names {
                own.append(*local, name);
            }
            locals.append(first + n as u32, &own);
        }
    }
    let mut names = wasm::NameSection::new();
    names.functions(&functions);
    names.locals(&locals);
    module.section(&names);
}

fn write_traps<'db>(layout: &Layout<'_, '_, 'db>, bodies: &[(usize, Sites<'db>)], module: &mut wasm::Module) {
    let first = layout.linker.imports.len() as u32;
    let mut entries: BTreeMap<(u32, u32, u8), Entry<'_, 'db>> = BTreeMap::new();
    for (n, (_, sites)) in bodies.iter().enumerate() {
        for TrapSite { at: offset, trap, .. } in sites {
            let func = first + n as u32;
            entries.insert((func, *offset, 0), Entry { func, offset: *offset, kind: trap.kind, trap });
            if trap.overflow.is_some() {
                entries.insert((func, *offset, 1), Entry { func, offset: *offset, kind: "overflow", trap });
            }
        }
    }
    let entries: Vec<Entry<'_, 'db>> = entries.into_values().collect();
    if let Some(content) = table(layout.linker.input.resolver, &entries) {
        module.section(&wasm::CustomSection { name: "dot-traps".into(), data: content.into() });
    }
}

/// The sections of DWARF.
fn write_lines<'db>(
    layout: &Layout<'_, '_, 'db>,
    bodies: &[(usize, Sites<'db>)],
    module: &mut wasm::Module,
) -> Result<(), LinkError<'db>> {
    let leb_size = |n: usize| {
        let mut out = Vec::new();
        leb_u32(&mut out, n as u32);
        out.len() as u64
    };
    let mut at = leb_size(bodies.len());
    let mut ranges = Vec::new();
    for (placed, (size, sites)) in layout.linker.placed.iter().zip(bodies) {
        at += leb_size(*size);
        ranges.push(Range { name: &placed.code.name, start: at, size: *size as u64, sites });
        at += *size as u64;
    }
    let sections = dwarf::sections(layout.linker.input.resolver, &ranges);
    let sections = sections.map_err(|error| LinkError::Missing(format!("debug information: {error}")))?;
    for (name, data) in sections {
        module.section(&wasm::CustomSection { name: name.into(), data: data.into() });
    }
    Ok(())
}
