//! Two components: `words`, which asks for nothing, and `watch`, which asks for a clock.
#![no_std]

extern crate alloc;

#[cfg(feature = "watch")]
mod watch;
#[cfg(feature = "words")]
mod words;

#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
