//! The WIT that comes with the compiler: WASI, as a lone file may `use` it.

/// Packages of WIT: the path that messages show, and the text. Sorted by path.
pub const WIT: &[(&str, &str)] = &[
    ("std/wit/cli.wit", include_str!("../wit/cli.wit")),
    ("std/wit/clocks.wit", include_str!("../wit/clocks.wit")),
    ("std/wit/filesystem.wit", include_str!("../wit/filesystem.wit")),
    ("std/wit/http.wit", include_str!("../wit/http.wit")),
    ("std/wit/io.wit", include_str!("../wit/io.wit")),
    ("std/wit/random.wit", include_str!("../wit/random.wit")),
    ("std/wit/sockets.wit", include_str!("../wit/sockets.wit")),
];
