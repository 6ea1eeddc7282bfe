#!/usr/bin/env bash
# Makes words.wasm and watch.wasm in OUT from the Rust beside this file.
#
#   make.sh OUT TOOLS    TOOLS keeps the toolchain from one run to the next
#
# Needs apt-get (no root but for `apt-get update`), dpkg, cargo, and wasm-tools on the path or in TOOLS/bin.
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: $0 OUT TOOLS" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1" "$2"
out=$(cd "$1" && pwd)
tools=$(cd "$2" && pwd)
rust=$tools/rustc-web
export PATH=$PATH:$tools/bin

if [ ! -x "$rust/usr/bin/rustc" ]; then
  debs=$(mktemp -d)
  trap 'rm -rf "$debs"' EXIT
  # apt-get drops its rights to download where it can.
  chmod 755 "$debs"
  apt-get update -qq
  llvm=$(apt-cache depends libstd-rust-web-1.96 rustc-web | sed -n 's/.*Depends: \(libllvm[0-9]*\).*/\1/p' | sort -u)
  (cd "$debs" && apt-get download -qq rustc-web libstd-rust-web-1.96 libstd-rust-web-dev rust-web-src $llvm)
  rm -rf "$rust.part"
  for deb in "$debs"/*.deb; do dpkg -x "$deb" "$rust.part"; done
  mv "$rust.part" "$rust"
fi

# Debian's compiler links with a linker of its own package; any rust-lld will do.
host=$(rustc -vV | sed -n 's/host: //p')
lld=$(rustc --print sysroot)/lib/rustlib/$host/bin/rust-lld
src=$(echo "$rust"/usr/src/rustc-1.*/library)
export LD_LIBRARY_PATH=$rust/usr/lib/$(uname -m)-linux-gnu
export RUSTC=$rust/usr/bin/rustc RUSTC_BOOTSTRAP=1 __CARGO_TESTS_ONLY_SRC_ROOT=$src
export RUSTFLAGS="-C linker=$lld --remap-path-prefix=$src=/rust --remap-path-prefix=$here=/foreign --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo"
# A compiler that the caller wraps or configures is not this one.
unset RUSTC_WRAPPER RUSTUP_TOOLCHAIN CARGO_BUILD_TARGET CARGO_ENCODED_RUSTFLAGS

for world in words watch; do
  (cd "$here/rust" && cargo build --quiet --release --locked --target wasm32-unknown-unknown \
    -Zbuild-std=core,alloc --features "$world" --target-dir "$tools/foreign-build")
  wasm-tools component new "$tools/foreign-build/wasm32-unknown-unknown/release/dot_foreign.wasm" -o "$out/$world.wasm"
done
