//! Building: from a checked package to bytes.

use crate::exports::{self, Exports};
use crate::link::roots;
use crate::report::Report;
use crate::session::Session;
use dot_component::encode::{EncodeOptions, whole_text};
use dot_component::shape::Shape;
use dot_component::world::WorldPart;
use dot_component::{Surface, surface};
use dot_mir::ir::Passing;
use dot_mir::print::print_function;
use dot_mir::{Level, Op};
use std::fmt::Write as _;

/// How much work goes into the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Profile {
    /// As it comes: every function is there, under its name.
    Debug,
    /// Optimised.
    Release,
}

impl Profile {
    /// What is done to MIR.
    pub(crate) const fn level(self) -> Level {
        match self {
            Self::Debug => Level::Debug,
            Self::Release => Level::Release,
        }
    }
}

/// What to build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Emit {
    /// The component.
    Component,
    /// The core module inside it.
    Core,
    /// The component as text.
    Wat,
    /// The package's interface as text.
    Wit,
    /// Counted MIR as text.
    Mir,
    /// Typed bodies as text.
    Hir,
    /// Syntax trees as text.
    Ast,
    /// Tokens as text.
    Tokens,
}

impl Emit {
    /// Whether what is built is text for a person.
    #[must_use]
    pub const fn is_text(self) -> bool {
        !matches!(self, Self::Component | Self::Core)
    }

    /// Whether the package has to be without errors first.
    const fn needs_check(self) -> bool {
        !matches!(self, Self::Ast | Self::Tokens)
    }
}

/// What was built.
#[derive(Clone, Debug, Default)]
pub struct Built {
    /// The bytes; UTF-8 where [`Emit::is_text`].
    pub bytes: Vec<u8>,
    /// Warnings.
    pub warnings: Report,
}

/// Why nothing was built.
#[derive(Debug)]
pub enum BuildError {
    /// The program is wrong.
    DoesNotCompile(Report),
    /// The code is right, and what surrounds it isn't: components that don't fit together, a budget. The reason, with the
    /// place in the manifest where it has one.
    Refused(String),
    /// The compiler is wrong.
    Defect(String),
}

impl Session {
    /// Builds the package.
    ///
    /// # Errors
    ///
    /// [`BuildError::DoesNotCompile`] with everything that is wrong; [`BuildError::Defect`] is never the
    /// program's fault.
    pub fn build(&self, profile: Profile, emit: Emit, strip: bool) -> Result<Built, BuildError> {
        let warnings = if emit.needs_check() { self.check() } else { Report::default() };
        if warnings.has_errors() {
            return Err(BuildError::DoesNotCompile(warnings));
        }
        let bytes = match emit {
            Emit::Tokens => self.each_module(dot_syntax::dump::dump_tokens).into_bytes(),
            Emit::Ast => {
                self.each_module(|text| dot_syntax::dump::dump_file(&dot_syntax::parse(text))).into_bytes()
            }
            Emit::Hir => self.typed_bodies().into_bytes(),
            Emit::Wit => self.wit().into_bytes(),
            Emit::Mir => self.mir(profile)?.into_bytes(),
            Emit::Component | Emit::Core | Emit::Wat => {
                let built = self.code(&exports::dots(self.db(), self.package()), profile, emit, strip)?;
                if let (Emit::Component, Some(manifest)) = (emit, self.manifest()) {
                    crate::budget::check(manifest, &built, profile)?;
                }
                built
            }
        };
        Ok(Built { bytes, warnings })
    }

    /// Builds the tests of the package as a component that exports each of them; see [`Session::tests`].
    ///
    /// # Errors
    ///
    /// As for [`Session::build`].
    pub fn build_tests(&self, profile: Profile) -> Result<Built, BuildError> {
        let warnings = self.check();
        if warnings.has_errors() {
            return Err(BuildError::DoesNotCompile(warnings));
        }
        let bytes = self.code(&exports::tests(self.db(), self.package()), profile, Emit::Component, false)?;
        Ok(Built { bytes, warnings })
    }

    /// The code behind exports, in the form that is asked for.
    fn code(
        &self,
        exports: &Exports<'_>,
        profile: Profile,
        emit: Emit,
        strip: bool,
    ) -> Result<Vec<u8>, BuildError> {
        let linked = self.link(exports, profile, strip)?;
        if emit == Emit::Core {
            return Ok(linked.core.bytes);
        }
        let component = self.encode(&linked, strip)?;
        if emit == Emit::Component {
            return Ok(component);
        }
        let text =
            wasmprinter::print_bytes(&component).map_err(|error| BuildError::Defect(error.to_string()))?;
        Ok(text.into_bytes())
    }

    /// Everything that the dots reach, as counted MIR.
    fn mir(&self, profile: Profile) -> Result<String, BuildError> {
        let db = self.db();
        let roots = roots(db, &exports::dots(db, self.package()));
        let instances = self.reach(&roots, profile)?;
        let mut out = String::new();
        for instance in instances.functions {
            let Some(function) = dot_mir::compiled(db, instance, profile.level()) else { continue };
            let owns = |op: &Op<'_>, index: usize| match op {
                Op::Call(callee, _) => dot_mir::passing(db, *callee).get(index) == Some(&Passing::Owned),
                _ => false,
            };
            out.push_str(&print_function(db, function, &owns));
            out.push('\n');
        }
        Ok(out)
    }

    /// The package's interface as WIT.
    #[must_use]
    pub fn wit(&self) -> String {
        let (surface, worlds) = self.interface_with_worlds();
        let text = dot_component::wit::text(&surface);
        if worlds.is_empty() {
            return text;
        }
        let dependencies = dot_hir::wit::wit_universe(self.db(), self.package()).resolve.clone();
        whole_text(EncodeOptions { wit: &text, dependencies, worlds }).unwrap_or(text)
    }

    /// What others see of the package, in a form that can be compared with another version: that of its component, which
    /// imports no more than its dots reach.
    ///
    /// # Errors
    ///
    /// As for [`Self::build`].
    pub fn shape(&self) -> Result<Shape, BuildError> {
        let report = self.check();
        if report.has_errors() {
            return Err(BuildError::DoesNotCompile(report));
        }
        let exports = exports::dots(self.db(), self.package());
        if exports.is_empty() {
            let name = self.package().name(self.db());
            let reason = format!(
                "`{name}` has no dots, so that it has no component whose interface could be compared"
            );
            return Err(BuildError::Refused(reason));
        }
        let component = self.code(&exports, Profile::Debug, Emit::Component, true)?;
        let mut shape = Shape::of_component(&component, Some(self.package().name(self.db())))
            .map_err(BuildError::Defect)?;
        shape.version = self.package().version(self.db()).as_ref().map(ToString::to_string);
        Ok(shape)
    }

    /// What the package exports and imports.
    pub(crate) fn interface(&self) -> Surface<'_> {
        self.interface_with_worlds().0
    }

    /// What the package exports and imports, and what that takes of worlds.
    fn interface_with_worlds(&self) -> (Surface<'_>, Vec<WorldPart>) {
        let db = self.db();
        let exports = exports::dots(db, self.package());
        let mut surface = surface(db, self.package(), &exports);
        // What can't be compiled yet has an interface all the same, of what it shows.
        let imports = self.reach(&roots(db, &exports), Profile::Debug).map(|found| found.imports);
        let imports = imports.unwrap_or_default();
        let called = imports.iter().filter_map(|item| dot_hir::import_of(db, *item));
        surface.imports.extend(called.map(|import| import.interface.to_string()));
        let worlds = crate::worlds::take(db, self.package(), &mut surface, &imports);
        (surface, worlds)
    }

    /// The text that `show` gives for each module of the package, under the name of its file.
    fn each_module(&self, show: impl Fn(&str) -> String) -> String {
        let mut out = String::new();
        for module in self.package().modules(self.db()) {
            let _ = writeln!(out, "// {}", module.file.path(self.db()));
            out.push_str(&show(module.file.text(self.db())));
        }
        out
    }

    /// The typed body of each item of the package.
    fn typed_bodies(&self) -> String {
        let db = self.db();
        let mut out = String::new();
        for module in dot_db::modules_of(db, self.package()) {
            for item in dot_hir::items_of(db, *module) {
                if let Some(Ok(body)) = dot_types::thir_body(db, *item) {
                    let _ = writeln!(out, "// {}\n{body:#?}", crate::place::function_name(db, *item));
                }
            }
        }
        out
    }
}
