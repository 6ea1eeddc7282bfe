//! Whether the arms of a `match` fit every value, and which of them are never reached.
//!
//! The algorithm is Maranget's (*Warnings for pattern matching*, Journal of Functional Programming 17, 2007) in
//! the form that answers both questions in one walk. The arms are the rows of a matrix of patterns; its columns
//! are what still has to be looked at, one column at first. A step takes the first column apart: the values of
//! its type are *split* by the constructors that its patterns use, so that within one part all those patterns
//! agree, and for each part the rows that fit it go on with the parts' own fields as new columns. With no column
//! left, the first row without a guard takes everything: the rows up to there are useful, later ones are
//! not here, and if there is no row at all, the way down was a value that nothing fits, a *witness*.
//!
//! ```text
//! match (a, b) {          column 1 split     column 2 split
//!   (none, _) => …        none      row 1    any       row 1
//!   (some(0), true) =>    some ⋅ 0  row 2    true      row 2     false   nothing: (some(0), false)
//! }                       some ⋅ 1… nothing: (some(_), _)
//! ```
//!
//! Integers and chars are split into ranges, lists by length, variants by case. Strings and floats can't be
//! enumerated: they are split into the literals that occur and all the rest. A string pattern with holes fits
//! nothing for sure.
//!
//! The problem is as hard as any in NP, so the walk counts its steps and gives up, with an error of its
//! own, on patterns that no person writes.

mod constructor;
mod pattern;
mod witness;

use crate::Ty;
use crate::thir;
use constructor::{Constructor, split_lists, split_ranges};
use dot_db::Db;
use pattern::{Choice, Kind, Reader};
use witness::Witness;

/// How much work one `match` may be, in rows that are taken apart; rows that are only passed by count less.
const MAX_STEPS: usize = 400_000;
/// How many rows that are passed by count as one that is taken apart.
const PASSED_BY: usize = 64;
/// How many columns may be taken apart on one way down.
const MAX_DEPTH: u32 = 400;
/// How many values without an arm are told.
const MAX_WITNESSES: usize = 3;
/// How many are spelled out, to be added as arms.
const MAX_SPELLED: usize = 24;

/// An arm as this check sees it.
#[derive(Clone, Copy, Debug)]
pub struct ArmPattern<'a> {
    /// The pattern.
    pub pattern: &'a thir::Pattern,
    /// Whether something else must hold besides.
    pub guarded: bool,
}

/// What was found about a `match`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Values that no arm fits, as patterns; a few of them.
    pub missing: Vec<String>,
    /// The arms that are never reached.
    pub unreachable: Vec<usize>,
}

/// The patterns are too many or too deep to be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooComplex;

/// Checks the arms of a `match` on a value of type `ty`.
///
/// # Errors
///
/// When the patterns are too complex.
pub fn check_arms<'db>(db: &'db dyn Db, ty: Ty<'db>, arms: &[ArmPattern<'_>]) -> Result<Report, TooComplex> {
    Walk { db, steps: 0, most: MAX_WITNESSES, ranges: 1 }.report(ty, arms)
}

/// Patterns that, added to the arms, fit every value; none if there are too many, or finding them is too much work.
#[must_use]
pub fn missing_arms<'db>(db: &'db dyn Db, ty: Ty<'db>, arms: &[ArmPattern<'_>]) -> Option<Vec<String>> {
    let most = MAX_SPELLED + 1;
    let report = Walk { db, steps: 0, most, ranges: most }.report(ty, arms).ok()?;
    (report.missing.len() <= MAX_SPELLED).then_some(report.missing)
}

impl<'db> Walk<'db> {
    fn report(mut self, ty: Ty<'db>, arms: &[ArmPattern<'_>]) -> Result<Report, TooComplex> {
        let db = self.db;
        let mut reader = Reader::new(db);
        let rows = arms
            .iter()
            .enumerate()
            .map(|(arm, one)| Row {
                columns: vec![reader.read(one.pattern, ty)],
                guarded: one.guarded,
                parent: arm,
                useful: false,
            })
            .collect();
        let mut matrix = Matrix { rows, types: vec![ty] };
        let witnesses = self.check(&mut matrix, 0)?;
        let missing = witnesses.iter().filter_map(|row| row.first()).map(|one| one.show(db)).collect();
        let unreachable = matrix.rows.iter().filter(|row| !row.useful).map(|row| row.parent).collect();
        Ok(Report { missing, unreachable })
    }
}

struct Row<'db> {
    /// The first column is the last element.
    columns: Vec<Choice<'db>>,
    guarded: bool,
    /// Which row of the matrix above this came from.
    parent: usize,
    useful: bool,
}

struct Matrix<'db> {
    rows: Vec<Row<'db>>,
    /// The columns' types; the first column is the last element.
    types: Vec<Ty<'db>>,
}

struct Walk<'db> {
    db: &'db dyn Db,
    steps: usize,
    /// How many witnesses are looked for.
    most: usize,
    /// How many ranges of numbers that no pattern names are.
    ranges: usize,
}

impl<'db> Walk<'db> {
    /// Marks the useful rows, and returns values that no row fits, one witness for each column, first column
    /// last.
    fn check(&mut self, matrix: &mut Matrix<'db>, depth: u32) -> Result<Vec<Vec<Witness<'db>>>, TooComplex> {
        if depth > MAX_DEPTH {
            return Err(TooComplex);
        }
        let Some(ty) = matrix.types.last().copied() else { return Ok(take_first(matrix)) };
        let mut expanded = expand_alternatives(matrix);
        let mut witnesses = Vec::new();
        let kind = Kind::of(self.db, ty);
        for part in self.split_column(&expanded, &kind) {
            let found = self.check_part(&mut expanded, ty, &part, depth)?;
            // What a constant is isn't known here: that its value is covered, the other parts have to show.
            if matches!(part, Constructor::Opaque(_)) && !matches!(kind, Kind::Infinite) {
                continue;
            }
            witnesses.extend(found);
            witnesses.truncate(self.most);
        }
        for row in &expanded.rows {
            matrix.rows[row.parent].useful |= row.useful;
        }
        Ok(witnesses)
    }

    /// Goes on with the rows that fit `part` of the first column's values.
    fn check_part(
        &mut self,
        matrix: &mut Matrix<'db>,
        ty: Ty<'db>,
        part: &Constructor,
        depth: u32,
    ) -> Result<Vec<Vec<Witness<'db>>>, TooComplex> {
        let fields = Kind::of(self.db, ty).fields(part);
        let mut types = matrix.types.clone();
        types.pop();
        types.extend(fields.iter().rev());
        let mut rows = Vec::new();
        for (index, row) in matrix.rows.iter().enumerate() {
            let Some((first, others)) = row.columns.split_last() else { continue };
            if let Some(parts) = first.specialize(part, fields.len()) {
                let columns = others.iter().cloned().chain(parts.into_iter().rev()).collect();
                rows.push(Row { columns, guarded: row.guarded, parent: index, useful: false });
            }
        }
        self.steps += matrix.rows.len() / PASSED_BY + rows.len() + 1;
        if self.steps > MAX_STEPS {
            return Err(TooComplex);
        }
        let mut inner = Matrix { rows, types };
        let found = self.check(&mut inner, depth + 1)?;
        for row in &inner.rows {
            matrix.rows[row.parent].useful |= row.useful;
        }
        Ok(found.into_iter().map(|row| witness::wrap(row, ty, part, fields.len())).collect())
    }

    /// The parts of the first column's values within which all its patterns agree. Of the parts that no pattern names
    /// only a few are kept, since the same rows fit them all.
    fn split_column(&self, matrix: &Matrix<'_>, kind: &Kind<'_>) -> Vec<Constructor> {
        let used: Vec<&Constructor> =
            matrix.rows.iter().filter_map(|row| row.columns.last()?.constructor()).collect();
        let mut parts = self.split_known(&used, kind);
        // Each constant is a part of its own.
        for one in used.into_iter().filter(|one| matches!(one, Constructor::Opaque(_))) {
            if !parts.contains(one) {
                parts.push(one.clone());
            }
        }
        parts
    }

    /// The parts that are known, and those of strings.
    fn split_known(&self, used: &[&Constructor], kind: &Kind<'_>) -> Vec<Constructor> {
        let no_value = matches!(kind, Kind::Cases(cases) if cases.is_empty());
        if used.is_empty() {
            return if no_value { Vec::new() } else { vec![Constructor::Any] };
        }
        match kind {
            Kind::Single(_) => vec![Constructor::Single],
            Kind::Cases(cases) => {
                let all = (0..u32::try_from(cases.len()).unwrap_or(u32::MAX)).map(Constructor::Case);
                keep_some_unused(all.collect(), |case| used.contains(&case), self.most)
            }
            Kind::Scalars { whole, .. } => {
                let mut ranges: Vec<_> = used.iter().filter_map(|one| one.range()).collect();
                let parts = split_ranges(whole, &ranges);
                ranges.sort_unstable();
                let mut reach = i128::MIN;
                let reaches: Vec<i128> = ranges
                    .iter()
                    .map(|(_, last)| {
                        reach = reach.max(*last);
                        reach
                    })
                    .collect();
                let is_used = |part: &Constructor| {
                    let Some((first, _)) = part.range() else { return false };
                    let below = ranges.partition_point(|(start, _)| *start <= first);
                    below > 0 && reaches[below - 1] >= first
                };
                keep_some_unused(parts, is_used, self.ranges)
            }
            Kind::List { len, .. } => {
                let shapes: Vec<_> = used.iter().filter_map(|one| one.list()).collect();
                split_lists(*len, &shapes)
            }
            Kind::Infinite => {
                let mut parts: Vec<Constructor> = Vec::new();
                for &one in used {
                    if !parts.contains(one) {
                        parts.push(one.clone());
                    }
                }
                parts.push(Constructor::Any);
                parts
            }
        }
    }
}

/// No column is left: the rows up to the first one without a guard are useful.
fn take_first<'db>(matrix: &mut Matrix<'db>) -> Vec<Vec<Witness<'db>>> {
    for row in &mut matrix.rows {
        row.useful = true;
        if !row.guarded {
            return Vec::new();
        }
    }
    vec![Vec::new()]
}

/// A row for each alternative in the first column.
fn expand_alternatives<'db>(matrix: &Matrix<'db>) -> Matrix<'db> {
    let mut rows = Vec::with_capacity(matrix.rows.len());
    for (parent, row) in matrix.rows.iter().enumerate() {
        let Some((first, others)) = row.columns.split_last() else { continue };
        for alternative in first.alternatives() {
            let columns = others.iter().cloned().chain([alternative.clone()]).collect();
            rows.push(Row { columns, guarded: row.guarded, parent, useful: false });
        }
    }
    Matrix { rows, types: matrix.types.clone() }
}

fn keep_some_unused(
    parts: Vec<Constructor>,
    is_used: impl Fn(&Constructor) -> bool,
    keep: usize,
) -> Vec<Constructor> {
    let mut unused = 0;
    parts
        .into_iter()
        .filter(|part| {
            if is_used(part) {
                return true;
            }
            unused += 1;
            unused <= keep
        })
        .collect()
}

#[cfg(test)]
mod tests;
