//! A package's fixes, applied until none is left.

use crate::session::Session;
use dot_db::SourceFile;
use dot_diagnostics::apply_all;

/// After so many rounds of fixes the texts are taken as they are.
const MAX_ROUNDS: usize = 16;

/// What applying all fixes made of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The files that changed, as they are shown, with their new texts.
    pub files: Vec<(String, String)>,
    /// How many fixes were offered, over all rounds.
    pub fixes: usize,
}

impl Session {
    /// Applies the fixes of everything that is told, round by round, to the texts of this session; files on disk stay
    /// as they are. Fixes that would change the same place wait for the next round.
    pub fn fix_all(&mut self) -> Fixed {
        let before: Vec<(SourceFile, std::sync::Arc<str>)> = self
            .package()
            .modules(self.db())
            .iter()
            .map(|module| module.file)
            .map(|file| (file, file.text(self.db()).clone()))
            .collect();
        let mut fixes = 0;
        for _ in 0..MAX_ROUNDS {
            let report = self.check();
            fixes += report.diagnostics().iter().filter(|told| told.fix.is_some()).count();
            let texts = apply_all(report.sources(), report.diagnostics());
            if texts.is_empty() {
                break;
            }
            for (id, text) in texts {
                if let Some(file) = self.file(report.sources().name(id)) {
                    self.set_text(file, &text);
                }
            }
        }
        let changed = before.into_iter().filter(|(file, text)| file.text(self.db()) != text);
        let files =
            changed.map(|(file, _)| (file.path(self.db()).to_string(), file.text(self.db()).to_string()));
        Fixed { files: files.collect(), fixes }
    }
}
