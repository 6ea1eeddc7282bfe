//! Calling a dot: a fresh instance, one call, and everything given back.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use wasmtime::Store;
use wasmtime::component::{Component, Func, InstancePre, Linker, Val};

use crate::engine::{Engine, EngineOptions, Metering, TICK};
use crate::failure::{Failure, Resource, ResourceKind};
use crate::grants::{self, Grants};
use crate::limits::{Guard, Limits};
use crate::program::{Dot, Program};
use crate::secret::conceal;
use crate::trap::{explain, resource_message};
use crate::values::{Reader, Reading};
use crate::wasi::{self, State};

/// How calls are made.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// What a call may use.
    pub limits: Limits,
    /// What the program may do.
    pub grants: Grants,
    /// The arguments that the program sees if it was granted `args`.
    pub args: Vec<String>,
}

/// The least time that reading values may take, whatever the limit.
const REPLAY_FLOOR: Duration = Duration::from_secs(2);

/// A component whose imports are linked: instances are made from it.
pub(crate) struct Linked {
    engine: Engine,
    pre: InstancePre<State>,
}

impl Linked {
    fn new(engine: &Engine, component: &Component) -> Result<Linked, Failure> {
        let mut linker = Linker::new(&engine.inner);
        if component.component_type().imports(&engine.inner).len() > 0 {
            wasi::link(&mut linker)?;
        }
        let failed = |e: wasmtime::Error| Failure::Load(format!("its imports do not fit this host: {e:#}"));
        let pre = linker.instantiate_pre(component).map_err(failed)?;
        Ok(Linked { engine: engine.clone(), pre })
    }
}

impl Program {
    /// Calls `dot` and waits. The result is `None` for a function without one.
    ///
    /// It drives the guest's waiting itself: not to be called from a thread that runs async tasks. What the dot's
    /// author demands of the arguments is left to the guest; [`crate::constraint::broken`] tells it beforehand.
    pub fn call(&self, dot: &Dot, args: &[Val], settings: &Settings) -> Result<Option<Val>, Failure> {
        self.call_openly(dot, args, settings).map_err(|failure| conceal(dot, args, failure))
    }

    /// The call; its failure may show secrets.
    fn call_openly(&self, dot: &Dot, args: &[Val], settings: &Settings) -> Result<Option<Val>, Failure> {
        if args.len() != dot.params.len() {
            let message = format!("`{}` takes {} arguments, not {}", dot.dot, dot.params.len(), args.len());
            return Err(Failure::Arguments(vec![message]));
        }
        let missing = grants::missing(&self.needed, &settings.grants);
        if !missing.is_empty() {
            return Err(Failure::Missing(missing));
        }
        let linked = self.linked.get_or_init(|| Linked::new(&self.engine, &self.component));
        let linked = linked.as_ref().map_err(Failure::clone)?;
        let reader = self.engine.options.read_values.then(|| Reader::new(self.code().clone()));
        let began = Instant::now();
        let run = Run { program: self, dot, args, settings };
        let result = run.once(linked, settings.limits, reader.clone());
        let Err(Failure::Trap(mut trap)) = result else { return result };
        let reading = match reader {
            Some(reader) => reader.take(),
            None if self.engine.options.quick => None,
            None if self.needed.is_empty() && trap.span.is_some() => run.again(began.elapsed()),
            None => None,
        };
        if let Some(Reading { values, message }) = reading {
            trap.values = values;
            trap.message = message;
        }
        Err(Failure::Trap(trap))
    }

    /// The component compiled so that values can be read, if a table names any.
    fn for_reading(&self) -> Option<&Linked> {
        let make = || {
            let bytes = self.bytes.as_deref().filter(|_| self.code().has_values())?;
            let engine =
                Engine::new(EngineOptions { metering: Metering::Time, read_values: true, quick: false })
                    .ok()?;
            let component = Component::from_binary(&engine.inner, bytes).ok()?;
            Linked::new(&engine, &component).ok()
        };
        self.replay.get_or_init(make).as_ref()
    }
}

struct Run<'a> {
    program: &'a Program,
    dot: &'a Dot,
    args: &'a [Val],
    settings: &'a Settings,
}

impl Run<'_> {
    /// One call in a store of its own.
    fn once(&self, linked: &Linked, limits: Limits, reader: Option<Reader>) -> Result<Option<Val>, Failure> {
        let state = State::new(Guard::new(limits), &self.settings.grants, &self.settings.args)?;
        let mut store = store(&linked.engine, state, limits)?;
        if let Some(reader) = reader {
            store.set_debug_handler(reader);
        }
        let work = self.instantiate_and_call(&linked.pre, &mut store);
        match block_on(work, limits.timeout)? {
            Some(Ok(value)) => Ok(value),
            Some(Err(error)) => Err(explain(&error, self.program.code(), store.data().guard.refused_memory)),
            None => Err(timeout()),
        }
    }

    /// The call that trapped once more, this time reading values. It has a multiple of the time that the first
    /// one took; if that is too little, there are no values.
    fn again(&self, took: Duration) -> Option<Reading> {
        let linked = self.program.for_reading()?;
        let timeout = Some(took.saturating_mul(8).max(REPLAY_FLOOR));
        let reader = Reader::new(self.program.code().clone());
        let limits = Limits { timeout, fuel: None, ..self.settings.limits };
        self.once(linked, limits, Some(reader.clone())).err()?;
        reader.take()
    }

    async fn instantiate_and_call(
        &self,
        pre: &InstancePre<State>,
        store: &mut Store<State>,
    ) -> wasmtime::Result<Option<Val>> {
        let instance = pre.instantiate_async(&mut *store).await?;
        let component = pre.component();
        let owner = match &self.dot.interface {
            Some(name) => component.get_export_index(None, name.as_str()),
            None => None,
        };
        let func: Option<Func> = component
            .get_export_index(owner.as_ref(), self.dot.name.as_str())
            .and_then(|index| instance.get_func(&mut *store, index));
        let func =
            func.ok_or_else(|| wasmtime::Error::msg(format!("there is no function `{}`", self.dot.name)))?;
        let mut results = vec![Val::Bool(false); usize::from(self.dot.result.is_some())];
        func.call_async(&mut *store, self.args, &mut results).await?;
        Ok(results.into_iter().next())
    }
}

fn store(engine: &Engine, state: State, limits: Limits) -> Result<Store<State>, Failure> {
    let mut store = Store::new(&engine.inner, state);
    store.limiter(|state| &mut state.guard);
    store.set_hostcall_fuel(limits.transfer);
    if engine.options.metering == Metering::Time {
        let ticks = limits.timeout.map(|t| t.as_nanos() / TICK.as_nanos() + 1);
        store.set_epoch_deadline(
            ticks.and_then(|t| u64::try_from(t).ok()).unwrap_or(u64::MAX).min(u64::MAX / 2),
        );
    }
    match (engine.options.metering, limits.fuel) {
        (Metering::Fuel, fuel) => store
            .set_fuel(fuel.unwrap_or(u64::MAX))
            .map_err(|e| Failure::Host(format!("fuel can't be set: {e:#}")))?,
        (_, Some(_)) => {
            return Err(Failure::Host("a limit of fuel needs an engine that counts it".to_string()));
        }
        _ => {}
    }
    Ok(store)
}

/// Drives `work` on this thread; `None` when the time is over. Guests have stacks of their own, so the size of
/// this thread's does not matter.
fn block_on<T>(work: impl Future<Output = T>, timeout: Option<Duration>) -> Result<Option<T>, Failure> {
    Ok(event_loop()?.block_on(async {
        match timeout {
            Some(limit) => tokio::time::timeout(limit, work).await.ok(),
            None => Some(work.await),
        }
    }))
}

/// The event loop of all calls, on a thread of its own, so that one guest that computes does not hold up the timers
/// of another. It lives as long as the process and is never shut down: a guest that waited for
/// input may have left a thread that still waits, and it must not hold up the end.
fn event_loop() -> Result<&'static Runtime, Failure> {
    static LOOP: OnceLock<std::io::Result<Runtime>> = OnceLock::new();
    let made = LOOP
        .get_or_init(|| tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build());
    made.as_ref().map_err(|e| Failure::Host(format!("the event loop can't be started: {e}")))
}

fn timeout() -> Failure {
    let kind = ResourceKind::Timeout;
    Failure::Resource(Box::new(Resource {
        kind,
        message: resource_message(kind).to_string(),
        backtrace: Vec::new(),
    }))
}
