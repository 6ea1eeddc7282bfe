//! Random well-typed programs on every engine: `generate --count 1000 --seed 0 --size 16 --engines mir,wasm`.

use dot_generate::{Options, model::Program, print, shrink};
use dot_tests::differential::{Finding, Other, Tally, examine};
use std::process::ExitCode;
use std::time::Instant;

/// What the command line asks for.
struct Asked {
    count: u64,
    seed: u64,
    size: Option<usize>,
    engines: Vec<Other>,
    print_only: bool,
    keep_going: bool,
}

fn asked() -> Result<Asked, String> {
    let mut asked = Asked {
        count: 1_000,
        seed: 0,
        size: None,
        engines: Other::ALL.to_vec(),
        print_only: false,
        keep_going: false,
    };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value"));
        let number = |text: String| text.parse::<u64>().map_err(|_| format!("`{text}` is no number"));
        match arg.as_str() {
            "--count" => asked.count = number(value()?)?,
            "--seed" => asked.seed = number(value()?)?,
            "--size" => asked.size = Some(usize::try_from(number(value()?)?).map_err(|e| e.to_string())?),
            "--engines" => {
                let names = value()?;
                let engine = |name: &str| {
                    let found = Other::ALL.into_iter().find(|other| other.name() == name);
                    found.ok_or_else(|| format!("`{name}` is no engine"))
                };
                asked.engines = names.split(',').map(engine).collect::<Result<_, _>>()?;
            }
            "--print" => asked.print_only = true,
            "--keep-going" => asked.keep_going = true,
            other => return Err(format!("`{other}` is no option")),
        }
    }
    Ok(asked)
}

fn main() -> ExitCode {
    let asked = match asked() {
        Ok(asked) => asked,
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::from(2);
        }
    };
    // What runs deep on the evaluator needs a deep stack.
    let work = std::thread::Builder::new().stack_size(256 << 20).spawn(move || run(&asked));
    match work.map(std::thread::JoinHandle::join) {
        Ok(Ok(0)) => ExitCode::SUCCESS,
        Ok(Err(panic)) => {
            eprintln!("the generator itself: {:?}", panic.downcast_ref::<String>());
            ExitCode::FAILURE
        }
        _ => ExitCode::FAILURE,
    }
}

/// How many programs failed.
fn run(asked: &Asked) -> usize {
    if !asked.print_only {
        // A panic of the compiler is a finding, and told as one.
        std::panic::set_hook(Box::new(|_| {}));
    }
    let began = Instant::now();
    let mut total = Tally::default();
    let mut failed = 0;
    for seed in asked.seed..asked.seed + asked.count {
        let options = asked.size.map_or_else(|| Options::of_seed(seed), |size| Options { size });
        let program = dot_generate::program(seed, &options);
        let source = print::program(&program);
        if asked.print_only {
            println!("{source}");
            continue;
        }
        match examine(&source, &program.calls, &asked.engines) {
            Ok(tally) => {
                total.values += tally.values;
                total.traps += tally.traps;
                total.limits += tally.limits;
            }
            Err(finding) => {
                failed += 1;
                report(seed, &program, &finding, &asked.engines);
                if !asked.keep_going {
                    break;
                }
            }
        }
        let done = seed - asked.seed + 1;
        if done.is_multiple_of(1_000) {
            eprintln!(
                "{done} programs, {:.0} a second, {failed} failed, {total:?}",
                done as f64 / began.elapsed().as_secs_f64()
            );
        }
    }
    println!(
        "{} programs in {:.1} s, {failed} failed, {total:?}",
        asked.count,
        began.elapsed().as_secs_f64()
    );
    failed
}

fn report(seed: u64, program: &Program, finding: &Finding, engines: &[Other]) {
    let small = shrink::shrink(program, &mut |candidate| {
        let source = print::program(candidate);
        examine(&source, &candidate.calls, engines).is_err_and(|found| found.kind == finding.kind)
    });
    let source = print::program(&small);
    let what = examine(&source, &small.calls, engines).err().map_or_else(|| finding.what.clone(), |f| f.what);
    println!("== seed {seed}: {}\n{what}\n{source}", finding.kind);
}
