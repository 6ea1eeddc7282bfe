//! Workspaces: packages that are resolved together and share a lock file.

use super::folder::read_manifest;
use crate::files::{Files, Location, Locations};
use crate::manifest::{Located, ManifestError};
use crate::project::{MANIFEST, OpenError};
use std::path::{Path, PathBuf};

/// A workspace.
pub(crate) struct Workspace {
    /// Where its manifest is.
    pub(crate) folder: Location,
    /// The folders of its packages, in the order of their paths.
    pub(crate) members: Vec<Location>,
    /// The folder of the registry that it names.
    pub(crate) registry: Option<Location>,
}

/// The workspace that a package's folder belongs to: that of the nearest manifest above, or of its own, which lists it.
pub(super) fn workspace_of(
    files: &dyn Files,
    locations: &Locations,
    folder: &Location,
) -> Result<Option<Workspace>, OpenError> {
    for above in folder.absolute.ancestors() {
        let found = match workspace_at(files, locations, &locations.of(above)) {
            // A manifest above that is wrong and no workspace's is none of this package's business.
            Err(OpenError::Manifest(_, text, _))
                if above != folder.absolute && !text.contains("[workspace") =>
            {
                None
            }
            found => found?,
        };
        let has =
            |workspace: &Workspace| workspace.members.iter().any(|member| member.absolute == folder.absolute);
        if let Some(workspace) = found.filter(has) {
            return Ok(Some(workspace));
        }
    }
    Ok(None)
}

/// The workspace whose manifest is in this folder, if it has one.
pub(crate) fn workspace_at(
    files: &dyn Files,
    locations: &Locations,
    folder: &Location,
) -> Result<Option<Workspace>, OpenError> {
    let (text, manifest) = match read_manifest(files, &folder.shown) {
        Ok(read) => read,
        Err(OpenError::NoManifest(_)) => return Ok(None),
        // What can't be read above a package is none of its business.
        Err(OpenError::Unreadable(..)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let Some(written) = manifest.members else { return Ok(None) };
    let wrong = |member: &Located<String>, message: String| {
        OpenError::Manifest(
            folder.shown.join(MANIFEST),
            text.clone(),
            ManifestError::new(&member.range, message),
        )
    };
    let mut members = Vec::new();
    for member in &written {
        if let Some(parent) = member.value.strip_suffix("/*") {
            let parent = locations.below(folder, parent);
            let names = files.folders(&parent.shown);
            let names = names.map_err(|error| {
                wrong(member, format!("the folder `{}` can't be listed: {error}", parent.shown.display()))
            })?;
            let below = names.iter().map(|name| locations.below(&parent, name));
            members.extend(below.filter(|location| files.read(&location.shown.join(MANIFEST)).is_ok()));
        } else {
            let location = locations.below(folder, &member.value);
            if files.read(&location.shown.join(MANIFEST)).is_err() {
                let shown = location.shown.display();
                return Err(wrong(
                    member,
                    format!("`{shown}` has no `{MANIFEST}`: a member is a package's folder"),
                ));
            }
            members.push(location);
        }
    }
    // A package that holds a workspace belongs to it.
    members.extend(manifest.package.map(|_| folder.clone()));
    members.sort();
    members.dedup();
    let registry = manifest.registry.map(|registry| locations.below(folder, &registry.value));
    Ok(Some(Workspace { folder: folder.clone(), members, registry }))
}

/// The folders of the members of the workspace at `path`, as they are shown; none where `path` is no workspace. With
/// `even_package` a folder that holds a package, too, is one.
///
/// # Errors
///
/// When the manifest, or a member's, is wrong.
pub fn workspace_members(
    files: &dyn Files,
    path: &Path,
    even_package: bool,
) -> Result<Option<Vec<PathBuf>>, OpenError> {
    if !files.is_folder(path) {
        return Ok(None);
    }
    let locations = Locations::like(path);
    let folder = locations.of(path);
    let (_, manifest) = read_manifest(files, &folder.shown)?;
    if manifest.package.is_some() && !even_package {
        return Ok(None);
    }
    let workspace = workspace_at(files, &locations, &folder)?;
    let members = workspace.map(|workspace| workspace.members);
    Ok(members.map(|members| members.into_iter().map(|member| member.shown).collect()))
}
