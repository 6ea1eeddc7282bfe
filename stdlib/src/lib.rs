//! The sources of the standard library and the runtime, embedded.

mod wit;

pub use wit::WIT;

/// The modules of `dot:std`: path below the package, and text. Sorted by path.
pub const MODULES: &[(&str, &str)] = &[
    ("big", include_str!("big.dot")),
    ("bytes", include_str!("bytes.dot")),
    ("char", include_str!("char.dot")),
    ("constraint", include_str!("constraint.dot")),
    ("csv", include_str!("csv.dot")),
    ("deque", include_str!("deque.dot")),
    ("encoding", include_str!("encoding.dot")),
    ("float", include_str!("float.dot")),
    ("fmt", include_str!("fmt.dot")),
    ("hash", include_str!("hash.dot")),
    ("heap", include_str!("heap.dot")),
    ("int", include_str!("int.dot")),
    ("json", include_str!("json.dot")),
    ("json_lex", include_str!("json_lex.dot")),
    ("list", include_str!("list.dot")),
    ("list_impl", include_str!("list_impl.dot")),
    ("map", include_str!("map.dot")),
    ("map_impl", include_str!("map_impl.dot")),
    ("mem", include_str!("../rt/mem.dot")),
    ("option", include_str!("option.dot")),
    ("prelude", include_str!("prelude.dot")),
    ("random", include_str!("random.dot")),
    ("raw", include_str!("raw.dot")),
    ("result", include_str!("result.dot")),
    ("rt", include_str!("../rt/rt.dot")),
    ("rt_arena", include_str!("../rt/rt_arena.dot")),
    ("rt_float", include_str!("../rt/rt_float.dot")),
    ("semver", include_str!("semver.dot")),
    ("set", include_str!("set.dot")),
    ("sorted_map", include_str!("sorted_map.dot")),
    ("sorted_set", include_str!("sorted_set.dot")),
    ("string", include_str!("string.dot")),
    ("time", include_str!("time.dot")),
    ("url", include_str!("url.dot")),
    ("uuid", include_str!("uuid.dot")),
];
