//! The standard library, compiled, beside other implementations of the same.

mod files;
mod floats;
mod json;
mod regex;
mod unicode;

use dot_driver::{Emit, Profile, Session};
use dot_host::{Engine, EngineOptions, Failure, Limits, Metering, Program, Settings, from_json, to_json};
use dot_tests::fuzz::LoneFile;
use serde_json::Value as Json;
use std::path::Path;

/// A program of one file, ready to be called.
struct Compiled {
    program: Program,
    settings: Settings,
}

impl Compiled {
    fn new(source: &str) -> Compiled {
        Compiled::with(source, EngineOptions::QUICK, Settings::default())
    }

    fn with(source: &str, options: EngineOptions, settings: Settings) -> Compiled {
        let session = Session::open(&LoneFile(source.as_bytes()), Path::new(LoneFile::PATH))
            .unwrap_or_else(|error| panic!("{error}"));
        let checked = session.check();
        let told: Vec<String> = checked.diagnostics().iter().map(|found| found.title.clone()).collect();
        assert!(!checked.diagnostics().iter().any(|found| found.is_error()), "{told:?}");
        let Ok(built) = session.build(Profile::Release, Emit::Component, false) else {
            panic!("it can't be built")
        };
        let engine = Engine::new(options).unwrap_or_else(|failure| panic!("{failure}"));
        let program = Program::from_bytes(&engine, built.bytes).unwrap_or_else(|failure| panic!("{failure}"));
        Compiled { program, settings }
    }

    fn call(&self, name: &str, args: &[Json]) -> Json {
        self.try_call(name, args, &self.settings).unwrap_or_else(|failure| panic!("{name}: {failure}"))
    }

    fn try_call(&self, name: &str, args: &[Json], settings: &Settings) -> Result<Json, Failure> {
        let name = name.replace('_', "-");
        let dot = self.program.dots().iter().find(|dot| dot.name == name).expect("a dot");
        let args = dot.params.iter().zip(args);
        let args: Vec<_> =
            args.map(|(param, arg)| from_json(&param.name, arg, &param.ty).expect("an argument")).collect();
        let value = self.program.call(dot, &args, settings)?;
        Ok(value.as_ref().zip(dot.result.as_ref()).map_or(Json::Null, |(value, ty)| to_json(value, ty)))
    }

    /// The instructions that a call takes, to a thousandth: the least fuel that it ends with.
    fn fuel(&self, name: &str, args: &[Json]) -> u64 {
        let ends = |fuel: u64| {
            let limits = Limits { fuel: Some(fuel), ..Limits::default() };
            self.try_call(name, args, &Settings { limits, ..self.settings.clone() }).is_ok()
        };
        let mut high = 1_000;
        while !ends(high) {
            high *= 2;
        }
        let mut low = high / 2;
        while high - low > high / 1000 {
            let middle = u64::midpoint(low, high);
            if ends(middle) { high = middle } else { low = middle }
        }
        high
    }
}

const COUNTING: EngineOptions = EngineOptions { metering: Metering::Fuel, ..EngineOptions::QUICK };

/// How many times a cost grows where its cause doubles, over four sizes: the greatest of the three.
fn growth(costs: &[u64; 4]) -> f64 {
    costs.windows(2).map(|pair| pair[1] as f64 / pair[0] as f64).fold(0.0, f64::max)
}

/// Random numbers from a seed: xorshift64* (Vigna, 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 16) as usize % limit
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}
