//! Where worlds come from: folders of WIT, and files of it that stand alone.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use wit_component::WitPrinter;
use wit_parser::{Resolve, UnresolvedPackageGroup, WorldId};

/// WIT that can be resolved.
pub struct Source {
    /// Where it stands below the corpus.
    pub name: String,
    /// Its folder or file.
    pub path: PathBuf,
    /// Its files: path below a `wit` folder, and text.
    pub files: Vec<(String, String)>,
    /// What it is resolved to.
    pub resolve: Resolve,
    /// Its worlds that no source before it has.
    pub worlds: Vec<World>,
}

/// A world of a source.
#[derive(Clone, Debug)]
pub struct World {
    /// The world.
    pub id: WorldId,
    /// Its full name: `wasi:cli/command@0.2.12`.
    pub name: String,
}

/// What was found below a folder.
#[derive(Default)]
pub struct Corpus {
    /// What can be resolved, in the order of the paths.
    pub sources: Vec<Source>,
    /// What the component tools don't resolve, and why.
    pub left_out: Vec<(String, String)>,
}

/// All that can be resolved below a folder: a folder that is a package with its `deps`, else each of its files, alone or
/// with those beside it.
#[must_use]
pub fn corpus(corpus: &Path) -> Corpus {
    let files = crate::files(corpus, "wit");
    let folders: BTreeSet<&Path> = files.iter().filter_map(|file| file.parent()).collect();
    let mut seen = BTreeSet::new();
    let mut found = Corpus::default();
    for folder in folders {
        if let Ok(resolve) = alone(folder) {
            found.sources.extend(source(corpus, folder, resolve, of_folder(folder, &files), &mut seen));
            continue;
        }
        let here: Vec<&PathBuf> = files.iter().filter(|file| file.parent() == Some(folder)).collect();
        let text = |file: &&PathBuf| (file_name(file), crate::read(file));
        for file in &here {
            let (resolved, files) = match (alone(file), with_others(file, &here)) {
                (Ok(resolve), _) => (Ok(resolve), vec![text(file)]),
                (Err(_), Ok(resolve)) => (Ok(resolve), here.iter().map(text).collect()),
                (Err(why), Err(_)) => (Err(why), Vec::new()),
            };
            match resolved {
                Ok(resolve) => found.sources.extend(source(corpus, file, resolve, files, &mut seen)),
                Err(why) => found.left_out.push((name_below(corpus, file), why)),
            }
        }
    }
    found
}

fn alone(path: &Path) -> Result<Resolve, String> {
    let mut resolve = Resolve::default();
    resolve.push_path(path).map_err(|error| resolve.render_error(&error))?;
    Ok(resolve)
}

/// A file that depends on those beside it.
fn with_others(file: &Path, here: &[&PathBuf]) -> Result<Resolve, String> {
    let group = |path: &Path| {
        let text = crate::read(path);
        UnresolvedPackageGroup::parse(path, &text).map_err(|(_, error)| error.to_string())
    };
    let others = here.iter().filter(|other| other.as_path() != file).map(|other| group(other));
    let mut resolve = Resolve::default();
    let others = others.collect::<Result<Vec<_>, _>>()?;
    resolve.push_groups(group(file)?, others).map_err(|error| error.to_string())?;
    Ok(resolve)
}

/// The files of a folder's own package and of those in its `deps`.
fn of_folder(folder: &Path, files: &[PathBuf]) -> Vec<(String, String)> {
    let is_part = |file: &&PathBuf| {
        let below = file.strip_prefix(folder).ok();
        below.is_some_and(|below| below.components().count() == 1 || below.starts_with("deps"))
    };
    let named = |file: &PathBuf| {
        let below = file.strip_prefix(folder).unwrap_or(file);
        (below.to_string_lossy().into_owned(), crate::read(file))
    };
    files.iter().filter(is_part).map(named).collect()
}

fn source(
    corpus: &Path,
    path: &Path,
    resolve: Resolve,
    files: Vec<(String, String)>,
    seen: &mut BTreeSet<(String, String)>,
) -> Option<Source> {
    let mut worlds = Vec::new();
    for (id, world) in resolve.worlds.iter() {
        let Some(package) = world.package else { continue };
        let name = resolve.id_of_name(package, &world.name);
        let mut printer = WitPrinter::default();
        // The same world stands in the `deps` of many.
        let text =
            printer.print(&resolve, package, &[]).map(|()| printer.output.to_string()).unwrap_or_default();
        if seen.insert((name.clone(), text)) {
            worlds.push(World { id, name });
        }
    }
    let name = name_below(corpus, path);
    let source = Source { name, path: path.to_owned(), files, resolve, worlds };
    (!source.worlds.is_empty()).then_some(source)
}

fn name_below(corpus: &Path, path: &Path) -> String {
    path.strip_prefix(corpus).unwrap_or(path).to_string_lossy().into_owned()
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
