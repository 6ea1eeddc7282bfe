use alloc::format;
use alloc::string::String;

wit_bindgen::generate!({ path: "wit/watch.wit", world: "watch", generate_all });

struct Watch;

impl exports::acme::watch::stamps::Guest for Watch {
    fn stamp(label: String) -> String {
        format!("{label}@{}", wasi::clocks::monotonic_clock::now())
    }

    fn plain(label: String) -> String {
        format!("[{label}]")
    }
}

export!(Watch);
