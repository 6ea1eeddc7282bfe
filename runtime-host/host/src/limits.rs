//! What a call may use, and the guard that counts.

use std::time::Duration;

use wasmtime::ResourceLimiter;

/// The bounds of one call. Each call runs in a fresh instance, so what it used is given back when it returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of linear memory over all memories of the instance. Default: 1 GiB.
    pub memory: usize,
    /// Elements over all tables. Default: 1,000,000.
    pub table_elements: usize,
    /// Time from the start of the call to its end, waiting included. Default: 60 seconds. Stopping code that
    /// computes needs an engine with [`crate::Metering::Time`].
    pub timeout: Option<Duration>,
    /// Instructions, as wasmtime counts them. Default: not counted. Needs [`crate::Metering::Fuel`].
    pub fuel: Option<u64>,
    /// Bytes that one call may hand to the host at once, as a result or as an argument of an import. Default:
    /// 1 GiB.
    pub transfer: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            memory: 1 << 30,
            table_elements: 1_000_000,
            timeout: Some(Duration::from_secs(60)),
            fuel: None,
            transfer: 1 << 30,
        }
    }
}

/// Counts what an instance takes, and remembers that it was refused something: a guest answers a refusal with
/// whatever its allocator does, often a bare `unreachable`.
#[derive(Debug)]
pub(crate) struct Guard {
    limits: Limits,
    memory: usize,
    elements: usize,
    pub(crate) refused_memory: bool,
}

impl Guard {
    pub(crate) fn new(limits: Limits) -> Guard {
        Guard { limits, memory: 0, elements: 0, refused_memory: false }
    }
}

/// The new total when one part grows from `current` to `desired`, if it stays within `limit`.
fn grow(total: usize, current: usize, desired: usize, limit: usize) -> Option<usize> {
    total.checked_add(desired.saturating_sub(current)).filter(|&t| t <= limit)
}

impl ResourceLimiter for Guard {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let Some(total) = grow(self.memory, current, desired, self.limits.memory) else {
            self.refused_memory = true;
            return Ok(false);
        };
        self.memory = total;
        Ok(true)
    }

    fn memory_grow_failed(&mut self, _: wasmtime::Error) -> wasmtime::Result<()> {
        self.refused_memory = true;
        Ok(())
    }

    fn table_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let Some(total) = grow(self.elements, current, desired, self.limits.table_elements) else {
            self.refused_memory = true;
            return Ok(false);
        };
        self.elements = total;
        Ok(true)
    }
}
