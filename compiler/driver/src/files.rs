//! The one door to the file system. Everything below the driver is pure.

use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

/// What the driver asks of a file system. The language server lays open editors' texts over the real one.
pub trait Files {
    /// The bytes of a file.
    ///
    /// # Errors
    ///
    /// When it can't be read.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// The files below a folder whose name ends in `.EXTENSION`, sorted by path. Links are not followed.
    ///
    /// # Errors
    ///
    /// When the folder can't be listed.
    fn list(&self, folder: &Path, extension: &str) -> io::Result<Vec<PathBuf>>;

    /// The names of the folders in a folder, sorted. Links are not followed.
    ///
    /// # Errors
    ///
    /// When the folder can't be listed.
    fn folders(&self, folder: &Path) -> io::Result<Vec<String>>;

    /// Whether there is a folder of that name.
    fn is_folder(&self, path: &Path) -> bool;
}

/// The real file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsFiles;

/// Longer files than this are not read, whatever they are for.
const MAX_BYTES: u64 = 256 << 20;

/// Folders nested deeper than this below a package are not searched for modules.
const MAX_FOLDER_DEPTH: usize = 32;

impl Files for OsFiles {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let file = std::fs::File::open(path)?;
        let about = file.metadata()?;
        if !about.is_file() {
            let what = if about.is_dir() { "it is a folder" } else { "it is no ordinary file" };
            return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(about.len().min(MAX_BYTES)).unwrap_or(0));
        // A file may be longer than it says, or grow.
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MAX_BYTES {
            let what = format!("it is over {} MiB", MAX_BYTES >> 20);
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, what));
        }
        Ok(bytes)
    }

    fn list(&self, folder: &Path, extension: &str) -> io::Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        let mut folders = vec![(folder.to_path_buf(), 0)];
        while let Some((folder, depth)) = folders.pop() {
            for entry in std::fs::read_dir(folder)? {
                let entry = entry?;
                let kind = entry.file_type()?;
                if kind.is_dir() && depth < MAX_FOLDER_DEPTH {
                    folders.push((entry.path(), depth + 1));
                } else if kind.is_file() && entry.path().extension().is_some_and(|e| e == extension) {
                    found.push(entry.path());
                }
            }
        }
        found.sort();
        Ok(found)
    }

    fn folders(&self, folder: &Path) -> io::Result<Vec<String>> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                found.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
        found.sort();
        Ok(found)
    }

    fn is_folder(&self, path: &Path) -> bool {
        path.is_dir()
    }
}

/// A file or folder: where it is, and how it is named to a person. Two with the same `absolute` are the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Location {
    /// From the root on, without `.` and `..`.
    pub(crate) absolute: PathBuf,
    /// As it is shown and read.
    pub(crate) shown: PathBuf,
}

/// How paths are shown: relative to where the tool was started, if the one that it was given was.
#[derive(Clone, Debug)]
pub(crate) struct Locations {
    base: Option<PathBuf>,
    /// How `base` itself is shown.
    here: PathBuf,
}

impl Locations {
    /// Shows paths as `path` is written.
    pub(crate) fn like(path: &Path) -> Self {
        let base = path.is_relative().then(|| absolute(Path::new(".")));
        let here = if path.as_os_str().is_empty() { PathBuf::new() } else { PathBuf::from(".") };
        Self { base, here }
    }

    /// The location of a path.
    pub(crate) fn of(&self, path: &Path) -> Location {
        let absolute = absolute(path);
        let shown = match &self.base {
            Some(base) if absolute == *base => self.here.clone(),
            Some(base) => relative(&absolute, base),
            None => absolute.clone(),
        };
        Location { absolute, shown }
    }

    /// The location of `written`, a path with `/` between its names, below a folder.
    pub(crate) fn below(&self, folder: &Location, written: &str) -> Location {
        self.of(&folder.absolute.join(written))
    }
}

/// A path from the root on, without `.` and `..`; links are not looked at.
fn absolute(path: &Path) -> PathBuf {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut out = PathBuf::new();
    for part in whole.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

/// The way from a folder to a path; both are absolute.
pub(crate) fn relative(path: &Path, base: &Path) -> PathBuf {
    let common = path.components().zip(base.components()).take_while(|(a, b)| a == b).count();
    if common == 0 {
        return path.to_owned();
    }
    let up = base.components().skip(common).map(|_| Component::ParentDir);
    let way: PathBuf = up.chain(path.components().skip(common)).collect();
    if way.as_os_str().is_empty() { PathBuf::from(".") } else { way }
}

#[cfg(test)]
mod tests {
    use super::{absolute, relative};
    use std::path::Path;

    #[test]
    fn the_way_to_a_path_goes_up_and_down() {
        for (path, base, way) in [
            ("/a/b/c", "/a/b", "c"),
            ("/a/b", "/a/b", "."),
            ("/a/x/y", "/a/b/c", "../../x/y"),
            ("/a", "/a/b", ".."),
        ] {
            assert_eq!(relative(Path::new(path), Path::new(base)), Path::new(way), "{path} from {base}");
        }
        assert_eq!(absolute(Path::new("/a/./b/../c")), Path::new("/a/c"));
    }
}
