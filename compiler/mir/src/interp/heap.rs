//! The modelled heap.

use super::{Failure, Fault, Step, malformed};
use crate::ir::Instance;
use dot_eval::Limit;
use std::rc::Rc;
use std::sync::Arc;

/// A value of the machine. A copy of one is no ownership: counts live in the objects.
#[derive(Clone, Debug)]
pub(super) enum Val {
    /// Two's complement, sign-extended; a bool, char, enum or flags value.
    Bits(u64),
    /// A float.
    Float(f64),
    /// Static data.
    Static(Arc<[u8]>),
    /// An object.
    Object(ObjectId),
    /// The parts of a flat record, or of an empty one.
    Record(Rc<[Val]>),
    /// A flat case, or a boxed one without parts.
    Case(u32, Rc<[Val]>),
    /// Whether there is memory to reuse.
    Token(bool),
    /// What is in a list where an element was taken.
    Hole,
    /// A part of a list or string, from one place up to another; the base is no view itself.
    View(Rc<Val>, usize, usize),
}

/// An object's place and which of its lives is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ObjectId {
    place: u32,
    life: u32,
}

/// What an object holds.
#[derive(Clone, Debug)]
pub(super) enum Data<'db> {
    /// A string.
    Bytes(Vec<u8>),
    /// A list.
    List(Vec<Val>),
    /// A boxed record (case 0) or case.
    Cell(u32, Vec<Val>),
    /// A function value.
    Closure(Instance<'db>, Vec<Val>),
}

struct Place<'db> {
    life: u32,
    object: Option<(u64, Data<'db>)>,
}

/// All objects.
#[derive(Default)]
pub(super) struct Heap<'db> {
    places: Vec<Place<'db>>,
    free: Vec<u32>,
    allocations: u64,
    peak: u64,
}

impl Val {
    /// The bits of a scalar.
    pub(super) fn bits<'db>(&self) -> Step<'db, u64> {
        match self {
            Val::Bits(bits) => Ok(*bits),
            Val::Case(case, parts) if parts.is_empty() => Ok(u64::from(*case)),
            _ => malformed("a scalar is expected"),
        }
    }

    pub(super) fn unit() -> Self {
        Val::Record(Rc::from([]))
    }
}

impl<'db> Heap<'db> {
    /// A new object with one owner.
    pub(super) fn alloc(&mut self, data: Data<'db>) -> Val {
        self.allocations += 1;
        self.place(data)
    }

    /// A new object in memory that was there already.
    pub(super) fn place(&mut self, data: Data<'db>) -> Val {
        let place = self.free.pop().unwrap_or_else(|| {
            self.places.push(Place { life: 0, object: None });
            self.places.len() as u32 - 1
        });
        let alive = self.places.len() as u64 - self.free.len() as u64;
        self.peak = self.peak.max(alive);
        let entry = &mut self.places[place as usize];
        entry.object = Some((1, data));
        Val::Object(ObjectId { place, life: entry.life })
    }

    pub(super) fn alive(&self) -> u64 {
        self.places.iter().filter(|place| place.object.is_some()).count() as u64
    }

    pub(super) fn allocations(&self) -> u64 {
        self.allocations
    }

    pub(super) fn peak(&self) -> u64 {
        self.peak
    }

    fn entry(&mut self, id: ObjectId) -> Step<'db, &mut (u64, Data<'db>)> {
        let place = &mut self.places[id.place as usize];
        match &mut place.object {
            Some(object) if place.life == id.life => Ok(object),
            _ => Err(Failure::Fault(Fault::UsedAfterFree(format!("object {}", id.place)))),
        }
    }

    /// What an object holds.
    pub(super) fn data(&self, id: ObjectId) -> Step<'db, &Data<'db>> {
        let place = &self.places[id.place as usize];
        match &place.object {
            Some((_, data)) if place.life == id.life => Ok(data),
            _ => Err(Failure::Fault(Fault::UsedAfterFree(format!("object {}", id.place)))),
        }
    }

    /// What an object with one owner holds, to be changed.
    pub(super) fn unique(&mut self, id: ObjectId) -> Step<'db, &mut Data<'db>> {
        let (count, data) = self.entry(id)?;
        if *count != 1 {
            return Err(Failure::Fault(Fault::SharedMutation(format!("object {}", id.place))));
        }
        Ok(data)
    }

    /// Whether an object has one owner.
    pub(super) fn is_unique(&mut self, id: ObjectId) -> Step<'db, bool> {
        Ok(self.entry(id)?.0 == 1)
    }

    /// Frees an object with one owner without touching what it holds, which is handed on.
    pub(super) fn free(&mut self, id: ObjectId) -> Step<'db, Data<'db>> {
        self.unique(id)?;
        let place = &mut self.places[id.place as usize];
        place.life += 1;
        self.free.push(id.place);
        match place.object.take() {
            Some((_, data)) => Ok(data),
            None => malformed("an object without data"),
        }
    }

    /// One more owner for all that a value holds.
    pub(super) fn dup(&mut self, value: &Val) -> Step<'db> {
        match value {
            Val::Object(id) => self.entry(*id)?.0 += 1,
            Val::Record(parts) | Val::Case(_, parts) => {
                for part in parts.iter() {
                    self.dup(part)?;
                }
            }
            Val::View(..) => return malformed("a view with an owner of its own"),
            Val::Bits(_) | Val::Float(_) | Val::Static(_) | Val::Token(_) | Val::Hole => {}
        }
        Ok(())
    }

    /// One owner less, and what that frees; by a work list, since values nest as deep as they like.
    pub(super) fn drop_value(&mut self, value: Val) -> Step<'db> {
        let mut todo = vec![value];
        while let Some(value) = todo.pop() {
            match value {
                Val::Object(id) => {
                    let (count, _) = self.entry(id)?;
                    if *count > 1 {
                        *count -= 1;
                        continue;
                    }
                    match self.free(id)? {
                        Data::Bytes(_) => {}
                        Data::List(items) => todo.extend(items),
                        Data::Cell(_, parts) | Data::Closure(_, parts) => todo.extend(parts),
                    }
                }
                Val::Record(parts) | Val::Case(_, parts) => todo.extend(parts.iter().cloned()),
                Val::View(..) => return malformed("a view that is dropped"),
                Val::Bits(_) | Val::Float(_) | Val::Static(_) | Val::Token(_) | Val::Hole => {}
            }
        }
        Ok(())
    }

    /// The bytes of a string, or of a list of bytes in static data.
    pub(super) fn bytes(&self, value: &Val) -> Step<'db, Vec<u8>> {
        self.with_bytes(value, <[u8]>::to_vec)
    }

    /// The length of a string.
    pub(super) fn byte_len(&self, value: &Val) -> Step<'db, usize> {
        self.with_bytes(value, <[u8]>::len)
    }

    /// Looks at the bytes of a string.
    pub(super) fn with_bytes<T>(&self, value: &Val, look: impl FnOnce(&[u8]) -> T) -> Step<'db, T> {
        self.bytes_of(value).map(look)
    }

    fn bytes_of<'h>(&'h self, value: &'h Val) -> Step<'db, &'h [u8]> {
        match value {
            Val::Static(bytes) => Ok(bytes),
            Val::Object(id) => match self.data(*id)? {
                Data::Bytes(bytes) => Ok(bytes),
                _ => malformed("a string is expected"),
            },
            Val::View(base, start, end) => match self.bytes_of(base)?.get(*start..*end) {
                Some(part) => Ok(part),
                None => malformed("a view of what isn't there any more"),
            },
            _ => malformed("a string is expected"),
        }
    }

    /// An element of a list, if there is one.
    pub(super) fn element(&self, list: &Val, index: u64) -> Step<'db, Option<Val>> {
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        match list {
            Val::Static(bytes) => Ok(bytes.get(index).map(|byte| Val::Bits(u64::from(*byte)))),
            Val::Object(id) => match self.data(*id)? {
                Data::List(items) => Ok(items.get(index).cloned()),
                _ => malformed("a list is expected"),
            },
            Val::View(_, start, end) if index >= end - start => Ok(None),
            Val::View(base, start, _) => self.element(base, (start + index) as u64),
            _ => malformed("a list is expected"),
        }
    }

    /// The number of a list's elements.
    pub(super) fn list_len(&self, list: &Val) -> Step<'db, usize> {
        match list {
            Val::Static(bytes) => Ok(bytes.len()),
            Val::Object(id) => match self.data(*id)? {
                Data::List(items) => Ok(items.len()),
                _ => malformed("a list is expected"),
            },
            Val::View(_, start, end) => Ok(end - start),
            _ => malformed("a list is expected"),
        }
    }

    /// Some of a list's elements, not dup'ed.
    pub(super) fn elements(&self, list: &Val, start: usize, end: usize) -> Step<'db, Vec<Val>> {
        match list {
            Val::Static(bytes) => Ok(bytes[start..end].iter().map(|b| Val::Bits(u64::from(*b))).collect()),
            Val::Object(id) => match self.data(*id)? {
                Data::List(items) => match items.get(start..end) {
                    Some(part) => Ok(part.to_vec()),
                    None => malformed("a view of what isn't there any more"),
                },
                _ => malformed("a list is expected"),
            },
            Val::View(base, from, _) => self.elements(base, from + start, from + end),
            _ => malformed("a list is expected"),
        }
    }

    /// A part of a list or string, where it is.
    pub(super) fn view(base: &Val, start: usize, end: usize) -> Val {
        match base {
            Val::View(base, from, _) => Val::View(base.clone(), from + start, from + end),
            other => Val::View(Rc::new(other.clone()), start, end),
        }
    }

    /// An owned list that nobody else sees: the same one if it is unique, else a copy.
    pub(super) fn own_list(&mut self, list: Val) -> Step<'db, ObjectId> {
        if let Val::Object(id) = list
            && self.is_unique(id)?
        {
            return Ok(id);
        }
        let len = self.list_len(&list)?;
        let items = self.elements(&list, 0, len)?;
        for item in &items {
            self.dup(item)?;
        }
        self.drop_value(list)?;
        match self.alloc(Data::List(items)) {
            Val::Object(id) => Ok(id),
            _ => malformed("an allocation gives an object"),
        }
    }

    /// An owned string that nobody else sees.
    pub(super) fn own_string(&mut self, text: Val) -> Step<'db, ObjectId> {
        if let Val::Object(id) = text
            && self.is_unique(id)?
        {
            return Ok(id);
        }
        let bytes = self.bytes(&text)?;
        self.drop_value(text)?;
        match self.alloc(Data::Bytes(bytes)) {
            Val::Object(id) => Ok(id),
            _ => malformed("an allocation gives an object"),
        }
    }

    /// The items of a unique list.
    pub(super) fn items(&mut self, id: ObjectId) -> Step<'db, &mut Vec<Val>> {
        match self.unique(id)? {
            Data::List(items) => Ok(items),
            _ => malformed("a list is expected"),
        }
    }

    /// The text of a unique string.
    pub(super) fn text(&mut self, id: ObjectId) -> Step<'db, &mut Vec<u8>> {
        match self.unique(id)? {
            Data::Bytes(bytes) => Ok(bytes),
            _ => malformed("a string is expected"),
        }
    }
}

/// Refuses a length beyond the limit.
pub(super) fn check_len<'db>(len: usize, element: u64, bytes: u64) -> Step<'db> {
    if (len as u64).saturating_mul(element) > bytes || len > u32::MAX as usize {
        return Err(Failure::Limit(Limit::Memory));
    }
    Ok(())
}
