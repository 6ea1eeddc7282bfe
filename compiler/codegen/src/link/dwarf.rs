//! DWARF: which line of the source each instruction that can trap or call comes from, and the functions' names.
//!
//! Addresses are offsets from the start of the code section's content, as tools for WebAssembly have it. Only
//! places that a backtrace can show are in the table: instructions that trap, and calls.

use super::traps::{Place, SourceResolver};
use crate::emit::TrapSite;
use gimli::write::{
    Address, AttributeValue, DwarfUnit, EndianVec, FileId, LineProgram, LineString, Sections,
};
use gimli::{Encoding, Format, LineEncoding, LittleEndian, constants as dw};

/// A function in the code section.
pub(super) struct Range<'a, 'db> {
    pub name: &'a str,
    /// Where its body begins, behind its size.
    pub start: u64,
    /// The bytes of its body.
    pub size: u64,
    pub sites: &'a [TrapSite<'db>],
}

const ENCODING: Encoding = Encoding { format: Format::Dwarf32, version: 4, address_size: 4 };

/// The custom sections, by name.
pub(super) fn sections<'db>(
    resolver: &dyn SourceResolver<'db>,
    ranges: &[Range<'_, 'db>],
) -> Result<Vec<(&'static str, Vec<u8>)>, gimli::write::Error> {
    let mut dwarf = DwarfUnit::new(ENCODING);
    let nothing = || LineString::String(b".".to_vec());
    let mut lines = LineProgram::new(
        ENCODING,
        LineEncoding::default(),
        nothing(),
        None,
        LineString::String(b"<dot>".to_vec()),
        None,
    );
    let directory = lines.default_directory();
    let (mut from, mut to) = (u64::MAX, 0);
    for range in ranges {
        let places: Vec<(u32, Place)> = range
            .sites
            .iter()
            .filter_map(|site| Some((site.at - site.lead, resolver.place(site.trap.site?)?)))
            .filter(|(_, place)| !place.file.is_empty())
            .collect();
        let Some((_, first)) = places.first() else { continue };
        (from, to) = (from.min(range.start), to.max(range.start + range.size));
        lines.begin_sequence(Some(Address::Constant(range.start)));
        let files: Vec<FileId> =
            places.iter().map(|(_, place)| lines.add_file(file_name(&place.file), directory, None)).collect();
        let first_file = files[0];
        row(&mut lines, 0, first_file, first);
        for ((at, place), file) in places.iter().zip(&files) {
            row(&mut lines, u64::from(*at), *file, place);
        }
        lines.end_sequence(range.size);
        let root = dwarf.unit.root();
        let entry = dwarf.unit.add(root, dw::DW_TAG_subprogram);
        let name = dwarf.strings.add(range.name);
        let entry = dwarf.unit.get_mut(entry);
        entry.set(dw::DW_AT_name, AttributeValue::StringRef(name));
        entry.set(dw::DW_AT_low_pc, AttributeValue::Address(Address::Constant(range.start)));
        entry.set(dw::DW_AT_high_pc, AttributeValue::Data4(range.size as u32));
        entry.set(dw::DW_AT_decl_file, AttributeValue::FileIndex(Some(first_file)));
        entry.set(dw::DW_AT_decl_line, AttributeValue::Udata(u64::from(first.line)));
    }
    if from > to {
        return Ok(Vec::new());
    }
    dwarf.unit.line_program = lines;
    let producer = dwarf.strings.add("dotc");
    let root = dwarf.unit.root();
    let root = dwarf.unit.get_mut(root);
    root.set(dw::DW_AT_producer, AttributeValue::StringRef(producer));
    root.set(dw::DW_AT_low_pc, AttributeValue::Address(Address::Constant(from)));
    root.set(dw::DW_AT_high_pc, AttributeValue::Data4((to - from) as u32));
    write(dwarf)
}

/// The sections' bytes, by name.
fn write(mut dwarf: DwarfUnit) -> Result<Vec<(&'static str, Vec<u8>)>, gimli::write::Error> {
    let mut written = Sections::new(EndianVec::new(LittleEndian));
    dwarf.write(&mut written)?;
    let mut out = Vec::new();
    written.for_each(|id, section| {
        if !section.slice().is_empty() {
            out.push((id.name(), section.slice().to_vec()));
        }
        Ok::<(), gimli::write::Error>(())
    })?;
    Ok(out)
}

/// A path as the line table takes it: not empty, and without NUL.
fn file_name(path: &str) -> LineString {
    let bytes: Vec<u8> = path.bytes().filter(|byte| *byte != 0).collect();
    LineString::String(if bytes.is_empty() { b"?".to_vec() } else { bytes })
}

fn row(lines: &mut LineProgram, at: u64, file: FileId, place: &Place) {
    let row = lines.row();
    row.address_offset = at;
    row.file = file;
    row.line = u64::from(place.line);
    row.column = u64::from(place.column);
    lines.generate_row();
}
