//! Values of a type: the small and the extreme ones by rank, and random ones.

use dot_pattern::{Format, Pattern};
use wasmtime::component::Val;

use super::random::Random;
use crate::constraint::Constraints;
use crate::ty::{Member, Named, Ty};

/// Values nest at most this deep before the smallest ones end them.
const DEEPEST: u32 = 6;

/// A value. With a `rank`, the one of that rank among the small and extreme ones, as long as there are some.
pub(super) fn value(
    ty: &Ty,
    constraints: &Constraints,
    rank: Option<u32>,
    size: u32,
    random: &mut Random,
) -> Val {
    let mut maker = Maker { rank, size: 1 + size / 4, depth: 0, random };
    maker.value(ty, constraints)
}

struct Maker<'a> {
    rank: Option<u32>,
    /// How long lists and strings get.
    size: u32,
    depth: u32,
    random: &'a mut Random,
}

/// The bounds that constraints set.
struct Bounds<'a> {
    min: Option<i128>,
    max: Option<i128>,
    shortest: u32,
    longest: u32,
    pattern: Option<&'a str>,
    format: Option<&'a str>,
}

fn bounds(constraints: &Constraints) -> Bounds<'_> {
    let mut bounds =
        Bounds { min: None, max: None, shortest: 0, longest: u32::MAX, pattern: None, format: None };
    for (name, argument) in constraints {
        let length = || argument.as_u64().and_then(|n| u32::try_from(n).ok());
        let whole = || {
            let int = argument.as_i64().map(i128::from).or_else(|| argument.as_u64().map(i128::from));
            #[allow(clippy::cast_possible_truncation, reason = "a bound to start from, checked afterwards")]
            int.or_else(|| argument.as_f64().map(|x| x as i128))
        };
        match name.as_str() {
            "min" => bounds.min = whole(),
            "max" => bounds.max = whole(),
            "len" => {
                (bounds.shortest, bounds.longest) = (length().unwrap_or(0), length().unwrap_or(u32::MAX))
            }
            "min_len" => bounds.shortest = length().unwrap_or(0),
            "max_len" => bounds.longest = length().unwrap_or(u32::MAX),
            "pattern" => bounds.pattern = argument.as_str(),
            "format" => bounds.format = argument.as_str(),
            _ => {}
        }
    }
    bounds
}

impl Maker<'_> {
    fn value(&mut self, ty: &Ty, constraints: &Constraints) -> Val {
        self.depth += 1;
        let value = self.value_of(ty, constraints);
        self.depth -= 1;
        value
    }

    fn value_of(&mut self, ty: &Ty, constraints: &Constraints) -> Val {
        match ty {
            Ty::Bool => Val::Bool(self.choose(2) == 1),
            Ty::S8 => Val::S8(self.int(constraints)),
            Ty::U8 => Val::U8(self.int(constraints)),
            Ty::S16 => Val::S16(self.int(constraints)),
            Ty::U16 => Val::U16(self.int(constraints)),
            Ty::S32 => Val::S32(self.int(constraints)),
            Ty::U32 => Val::U32(self.int(constraints)),
            Ty::S64 => Val::S64(self.int(constraints)),
            Ty::U64 => Val::U64(self.int(constraints)),
            #[allow(clippy::cast_possible_truncation, reason = "any f32 will do")]
            Ty::F32 => Val::Float32(self.float(constraints) as f32),
            Ty::F64 => Val::Float64(self.float(constraints)),
            Ty::Char => Val::Char(self.char()),
            Ty::String => Val::String(self.text(constraints)),
            Ty::List(item) => Val::List(self.items(item, constraints)),
            Ty::Set(item) => Val::List(distinct(self.items(item, constraints), item)),
            Ty::FixedList(item, len) => {
                Val::FixedLengthList((0..*len).map(|_| self.value(item, constraints)).collect())
            }
            Ty::Row(item, len) => Val::Tuple((0..*len).map(|_| self.value(item, constraints)).collect()),
            Ty::Pairs(k, v) => {
                let entries = self.entries(k, v, constraints).into_iter();
                Val::List(entries.map(|(key, value)| Val::Tuple(vec![key, value])).collect())
            }
            Ty::Map(k, v) => Val::Map(self.entries(k, v, constraints)),
            Ty::Tuple(parts) => Val::Tuple(parts.iter().map(|part| self.value(part, &[])).collect()),
            Ty::Option(inner) => {
                let is_some = self.depth < DEEPEST && self.choose(3) != 0;
                Val::Option(is_some.then(|| Box::new(self.value(inner, constraints))))
            }
            Ty::Result(ok, err) => {
                let is_ok = self.choose(2) == 0;
                let part = if is_ok { ok } else { err };
                let part = part.as_ref().map(|part| Box::new(self.value(part, &[])));
                Val::Result(if is_ok { Ok(part) } else { Err(part) })
            }
            Ty::Record(named) => {
                let field = |member: &Member| {
                    let ty = member.ty.as_ref().unwrap_or(&Ty::Bool);
                    (member.wit.clone(), self.value(ty, &member.constraints))
                };
                Val::Record(named.members.iter().map(field).collect())
            }
            Ty::Variant(named) => self.variant(named),
            Ty::Enum(named) => Val::Enum(self.member(named).map_or_else(String::new, |m| m.wit.clone())),
            Ty::Flags(named) => {
                let bits = match self.choose(4) {
                    0 => 0,
                    1 => u64::MAX,
                    _ => self.random.next(),
                };
                let is_set = |(bit, _): &(u32, &Member)| bits >> bit & 1 == 1;
                let set = (0..).zip(&named.members).filter(is_set);
                Val::Flags(set.map(|(_, member)| member.wit.clone()).collect())
            }
            Ty::Handle(_) => Val::Bool(false),
        }
    }

    /// One of `n` choices: by rank where that counts, else at random.
    fn choose(&mut self, n: u32) -> u32 {
        match self.rank {
            Some(rank) => rank % n.max(1),
            None => self.random.below(n),
        }
    }

    fn member<'n>(&mut self, named: &'n Named) -> Option<&'n Member> {
        let count = u32::try_from(named.members.len()).unwrap_or(u32::MAX);
        named.members.get(self.choose(count) as usize)
    }

    fn variant(&mut self, named: &Named) -> Val {
        // Deep down, only a case without a payload ends a value.
        let bare = named.members.iter().find(|member| member.ty.is_none());
        let member = match bare {
            Some(bare) if self.depth >= DEEPEST => Some(bare),
            _ => self.member(named),
        };
        let Some(member) = member else { return Val::Bool(false) };
        let payload = member.ty.as_ref().map(|ty| Box::new(self.value(ty, &[])));
        Val::Variant(member.wit.clone(), payload)
    }

    /// An integer of any of the eight types, within bounds where they are known.
    fn int<T: TryFrom<i128> + Default>(&mut self, constraints: &Constraints) -> T {
        let holds = |n: i128| T::try_from(n).is_ok();
        // The bounds of the type are those of a two's complement number of some width.
        let top = [8, 16, 32, 64].into_iter().map(|bits| 1i128 << bits);
        let max = top.clone().flat_map(|top| [top / 2 - 1, top - 1]).filter(|n| holds(*n)).max().unwrap_or(0);
        let min = top.map(|top| -top / 2).filter(|n| holds(*n)).min().unwrap_or(0);
        let bounds = bounds(constraints);
        let (low, high) = (bounds.min.unwrap_or(min).max(min), bounds.max.unwrap_or(max).min(max));
        let near = |n: i128| n.clamp(low, high.max(low));
        let special = [0, 1, -1, low, high, 2, low + 1, high - 1];
        let value = match self.rank {
            Some(rank) => near(special[rank as usize % special.len()]),
            None if self.random.one_in(4) => near(special[self.random.below(8) as usize]),
            // Mostly small ones, where things happen.
            None if self.random.one_in(2) => {
                near(i128::from(self.random.below(2 * self.size + 8)) - i128::from(self.size))
            }
            None => low + i128::from(self.random.next()).rem_euclid(high.max(low) - low + 1),
        };
        T::try_from(value).unwrap_or_default()
    }

    fn float(&mut self, constraints: &Constraints) -> f64 {
        let special = [
            0.0,
            1.0,
            -1.0,
            -0.0,
            0.5,
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::MAX,
            f64::MIN_POSITIVE,
            f64::from(f32::MAX),
            1e-300,
        ];
        let bounds = bounds(constraints);
        #[allow(clippy::cast_precision_loss, reason = "a float near the bound will do")]
        let as_float = |n: i128| n as f64;
        let index = match self.rank {
            Some(rank) => rank as usize,
            None if self.random.one_in(4) => self.random.below(12) as usize,
            None => {
                #[allow(clippy::cast_precision_loss, reason = "53 bits are exact")]
                let unit = (self.random.next() >> 11) as f64 / (1u64 << 53) as f64;
                let low = bounds.min.map_or(-f64::from(self.size), as_float);
                let high = bounds.max.map_or(f64::from(self.size), as_float);
                let wide = low + unit * (high - low).max(1.0);
                return if self.random.one_in(3) { wide.trunc() } else { wide };
            }
        };
        special[index % special.len()]
    }

    fn char(&mut self) -> char {
        let special = ['a', '0', ' ', '\n', '"', 'ß', '€', '😀', '\0', '\u{10ffff}'];
        let any = self.random.below(0x11_0000);
        match self.rank {
            Some(rank) => special[rank as usize % special.len()],
            None if self.random.one_in(8) => char::from_u32(any).unwrap_or('\u{fffd}'),
            None if self.random.one_in(4) => special[self.random.below(10) as usize],
            None => char::from_u32(0x20 + any % 0x5f).unwrap_or('a'),
        }
    }

    /// How long a list or string gets.
    fn length(&mut self, bounds: &Bounds<'_>) -> u32 {
        let wanted = match self.rank {
            Some(rank) => [0, 1, 2, 3, 16][rank as usize % 5],
            None if self.depth >= DEEPEST => 0,
            None => self.random.below(self.size.min(64) / self.depth.max(1) + 2),
        };
        wanted.clamp(bounds.shortest, bounds.longest.max(bounds.shortest)).min(10_000)
    }

    fn text(&mut self, constraints: &Constraints) -> String {
        let bounds = bounds(constraints);
        let pattern = match (bounds.pattern, bounds.format) {
            (Some(text), _) => Pattern::parse(text).ok(),
            (None, Some(name)) => Format::named(name).and_then(Format::parsed),
            (None, None) => None,
        };
        if let Some(pattern) = pattern {
            let turns = self.length(&bounds);
            let rank = self.rank.take();
            let text = pattern.sample(turns, &mut |n| self.random.below(n));
            self.rank = rank;
            return text;
        }
        (0..self.length(&bounds)).map(|_| self.char()).collect()
    }

    fn items(&mut self, item: &Ty, constraints: &Constraints) -> Vec<Val> {
        let len = self.length(&bounds(constraints));
        // What limits lengths limits the list's, not its elements'.
        let inner: Vec<_> = constraints.iter().filter(|(name, _)| !name.ends_with("len")).cloned().collect();
        let rank = self.rank;
        let element = |n: u32| {
            // Neighbours differ.
            self.rank = rank.map(|rank| rank + n);
            self.value(item, &inner)
        };
        let items = (0..len).map(element).collect();
        self.rank = rank;
        items
    }

    fn entries(&mut self, k: &Ty, v: &Ty, constraints: &Constraints) -> Vec<(Val, Val)> {
        let keys = distinct(self.items(k, constraints), k);
        keys.into_iter().map(|key| (key, self.value(v, &[]))).collect()
    }
}

/// Each value once.
fn distinct(values: Vec<Val>, ty: &Ty) -> Vec<Val> {
    let mut seen = std::collections::HashSet::new();
    values.into_iter().filter(|value| seen.insert(crate::json::to_json(value, ty).to_string())).collect()
}
