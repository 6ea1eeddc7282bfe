//! Static data: every constant once, one inside another where it happens to be there already.

use std::sync::Arc;

/// Where static data begins. The addresses before it are those of nothing.
const START: u32 = 8;

/// Static data in the making.
#[derive(Debug, Default)]
pub(super) struct Data {
    bytes: Vec<u8>,
    known: rustc_hash::FxHashMap<(Arc<[u8]>, u32), u32>,
}

impl Data {
    /// The address of these bytes.
    pub(super) fn place(&mut self, bytes: &Arc<[u8]>, align: u32) -> u32 {
        if let Some(at) = self.known.get(&(bytes.clone(), align)) {
            return *at;
        }
        let at = self.find(bytes, align).unwrap_or_else(|| {
            while !(self.bytes.len() as u32 + START).is_multiple_of(align.max(1)) {
                self.bytes.push(0);
            }
            self.bytes.extend_from_slice(bytes);
            self.bytes.len() as u32 - bytes.len() as u32
        }) + START;
        self.known.insert((bytes.clone(), align), at);
        at
    }

    /// Where short bytes stand already.
    fn find(&self, bytes: &[u8], align: u32) -> Option<u32> {
        const SHORT: usize = 64;
        const SEARCHED: usize = 1 << 12;
        if bytes.is_empty() || bytes.len() > SHORT {
            return None;
        }
        let place = |at: &usize| (*at as u32 + START).is_multiple_of(align.max(1));
        let mut windows = self.bytes[..self.bytes.len().min(SEARCHED)].windows(bytes.len()).enumerate();
        windows.find(|(at, window)| place(at) && *window == bytes).map(|(at, _)| at as u32)
    }

    /// The bytes, and the address of the first.
    pub(super) fn content(&self) -> (u32, &[u8]) {
        (START, &self.bytes)
    }

    /// The first address behind.
    pub(super) fn end(&self) -> u32 {
        START + self.bytes.len() as u32
    }
}
