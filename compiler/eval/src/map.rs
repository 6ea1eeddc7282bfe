//! Maps that remember the order of insertion.
//!
//! Entries stand in a vector in the order their keys came; an index ordered by the total order of keys finds
//! them. A removed entry leaves a hole; when holes outnumber entries they are closed, so that any sequence of
//! operations costs O(log n) each, amortised.

use crate::structural;
use crate::value::{Parts, Value};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A map from keys to values. Iteration is in order of insertion; [`MapValue::sorted`] is in order of keys.
#[derive(Clone, Debug, Default)]
pub struct MapValue<'db> {
    entries: Vec<Option<(Value<'db>, Value<'db>)>>,
    index: BTreeMap<Key<'db>, usize>,
}

/// A value in its role as a key: ordered by the total order.
#[derive(Clone, Debug)]
struct Key<'db>(Value<'db>);

impl PartialEq for Key<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Key<'_> {}

impl PartialOrd for Key<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        structural::compare(&self.0, &other.0)
    }
}

impl Drop for MapValue<'_> {
    /// Hands what it holds to [`Parts`], which frees without recursion.
    fn drop(&mut self) {
        if !self.entries.is_empty() {
            let mut parts = Parts::default();
            self.take_all(&mut parts.0);
        }
    }
}

impl<'db> MapValue<'db> {
    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    fn slot(&self, key: &Value<'db>) -> Option<usize> {
        self.index.get(&Key(key.clone())).copied()
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &Value<'db>) -> Option<&Value<'db>> {
        self.entries.get(self.slot(key)?)?.as_ref().map(|(_, value)| value)
    }

    /// The value of a key, to change.
    pub fn get_mut(&mut self, key: &Value<'db>) -> Option<&mut Value<'db>> {
        let slot = self.slot(key)?;
        self.entries.get_mut(slot)?.as_mut().map(|(_, value)| value)
    }

    /// Puts a value at a key and gives back the one that was there. A key that was there keeps its place.
    pub fn insert(&mut self, key: Value<'db>, value: Value<'db>) -> Option<Value<'db>> {
        if let Some(old) = self.get_mut(&key) {
            return Some(std::mem::replace(old, value));
        }
        self.index.insert(Key(key.clone()), self.entries.len());
        self.entries.push(Some((key, value)));
        None
    }

    /// Puts another key in a key's place, if that is there.
    pub(crate) fn replace_key(&mut self, there: &Value<'db>, key: Value<'db>) {
        let Some(slot) = self.index.remove(&Key(there.clone())) else { return };
        if let Some(Some(entry)) = self.entries.get_mut(slot) {
            entry.0 = key.clone();
        }
        self.index.insert(Key(key), slot);
    }

    /// Removes a key and gives back its value.
    pub fn remove(&mut self, key: &Value<'db>) -> Option<Value<'db>> {
        let slot = self.index.remove(&Key(key.clone()))?;
        let removed = self.entries.get_mut(slot)?.take();
        if self.entries.len() > 2 * self.index.len() + 8 {
            self.close_holes();
        }
        removed.map(|(_, value)| value)
    }

    fn close_holes(&mut self) {
        self.entries.retain(Option::is_some);
        self.index.clear();
        for (slot, (key, _)) in self.entries.iter().flatten().enumerate() {
            self.index.insert(Key(key.clone()), slot);
        }
    }

    /// The entries in order of insertion.
    pub fn iter(&self) -> impl Iterator<Item = (&Value<'db>, &Value<'db>)> {
        self.entries.iter().flatten().map(|(key, value)| (key, value))
    }

    /// The entries in the total order of keys.
    pub fn sorted(&self) -> impl DoubleEndedIterator<Item = (&Value<'db>, &Value<'db>)> {
        self.index
            .values()
            .filter_map(|slot| self.entries.get(*slot)?.as_ref().map(|(key, value)| (key, value)))
    }

    /// Empties the map into `into`, so that it can be dropped without recursion.
    pub(crate) fn take_all(&mut self, into: &mut Vec<Value<'db>>) {
        into.extend(std::mem::take(&mut self.index).into_keys().map(|key| key.0));
        into.extend(std::mem::take(&mut self.entries).into_iter().flatten().flat_map(|(k, v)| [k, v]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(map: &MapValue<'_>) -> Vec<i128> {
        map.iter().filter_map(|(key, _)| key.as_int()).collect()
    }

    #[test]
    fn keeps_the_order_of_insertion() {
        let mut map = MapValue::default();
        for key in [5, 1, 9, 1] {
            map.insert(Value::int(key), Value::Unit);
        }
        assert_eq!(keys(&map), [5, 1, 9]);
        assert_eq!(map.remove(&Value::int(5)), Some(Value::Unit));
        map.insert(Value::int(5), Value::Unit);
        assert_eq!(keys(&map), [1, 9, 5]);
        let sorted: Vec<_> = map.sorted().filter_map(|(key, _)| key.as_int()).collect();
        assert_eq!(sorted, [1, 5, 9]);
    }

    #[test]
    fn a_later_value_wins_and_the_old_one_comes_back() {
        let mut map = MapValue::default();
        assert_eq!(map.insert(Value::string("a"), Value::int(1)), None);
        assert_eq!(map.insert(Value::string("a"), Value::int(2)), Some(Value::int(1)));
        assert_eq!(map.get(&Value::string("a")), Some(&Value::int(2)));
        assert_eq!(map.get(&Value::string("b")), None);
    }

    #[test]
    fn holes_are_closed() {
        let mut map = MapValue::default();
        for key in 0..1000 {
            map.insert(Value::int(key), Value::int(key));
        }
        for key in 0..990 {
            map.remove(&Value::int(key));
        }
        assert_eq!(keys(&map), (990..1000).collect::<Vec<i128>>());
        assert!(map.entries.len() <= 2 * map.len() + 8);
        assert_eq!(map.get(&Value::int(995)), Some(&Value::int(995)));
    }
}
