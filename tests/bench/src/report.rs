//! The result as a table for people and as JSON for programs.
//!
//! Ratios are of the least processor time that a version took, Dot's to the other's: below 1, Dot is faster. The least is
//! the run that was disturbed least.

use crate::clock::geometric_mean;
use crate::contest::Figures;
use serde_json::{Map, Value as Json, json};
use std::fmt::Write as _;

/// The languages that JSON names in full.
const NAMES: [(&str, &str); 4] =
    [("rust", "rust"), ("c", "c"), ("as", "assemblyscript"), ("native", "native")];

/// A kernel's figures.
pub struct Row {
    /// The kernel.
    pub kernel: String,
    /// By version, Dot first if it is there.
    pub figures: Vec<Figures>,
}

impl Row {
    fn of(&self, language: &str) -> Option<&Figures> {
        self.figures.iter().find(|figures| figures.language == language)
    }

    /// Dot's time to a peer's.
    fn ratio(&self, language: &str) -> Option<f64> {
        Some(self.of("dot")?.least / self.of(language)?.least)
    }
}

/// The peers' languages, in the order in which they first come.
fn peers(rows: &[Row]) -> Vec<&str> {
    let mut seen: Vec<&str> = Vec::new();
    for figures in rows.iter().flat_map(|row| &row.figures) {
        if figures.language != "dot" && !seen.contains(&figures.language.as_str()) {
            seen.push(&figures.language);
        }
    }
    seen
}

fn mean(rows: &[Row], language: &str) -> Option<f64> {
    geometric_mean(&rows.iter().filter_map(|row| row.ratio(language)).collect::<Vec<f64>>())
}

/// A table in Markdown, with a row for each kernel and one for the geometric mean.
pub fn table(rows: &[Row]) -> String {
    let peers = peers(rows);
    let mut out = String::from("| kernel | ms |");
    peers.iter().for_each(|peer| _ = write!(out, " to {peer} |"));
    out.push_str(" memory to rust | bytes | rust's |\n|---|--:|");
    out.push_str(&"--:|".repeat(peers.len() + 3));
    out.push('\n');
    for row in rows {
        let dot = row.of("dot");
        let figure = |value: Option<f64>, digits: usize| {
            value.map_or_else(|| "–".to_owned(), |value| format!("{value:.digits$}"))
        };
        _ = write!(out, "| {} | {} |", row.kernel, figure(dot.map(|dot| dot.least * 1e3), 1));
        peers.iter().for_each(|peer| _ = write!(out, " {} |", figure(row.ratio(peer), 2)));
        let rust = row.of("rust");
        let memory = |figures: Option<&Figures>| Some(figures?.memory? as f64);
        let memory = memory(dot).zip(memory(rust)).map(|(dot, rust)| dot / rust);
        let size = |figures: Option<&Figures>| figure(figures.and_then(|f| f.size).map(|s| s as f64), 0);
        _ = writeln!(out, " {} | {} | {} |", figure(memory, 2), size(dot), size(rust));
    }
    out.push_str("| geometric mean | |");
    for peer in peers {
        _ = write!(
            out,
            " {} |",
            mean(rows, peer).map_or_else(|| "–".to_owned(), |mean| format!("{mean:.2}"))
        );
    }
    out.push_str(" | | |\n");
    out
}

/// `{"geomean": {"rust": …}, "kernels": {NAME: {…}}}`.
pub fn json(rows: &[Row]) -> Json {
    let name = |language: &str| {
        NAMES.iter().find(|(short, _)| *short == language).map_or(language, |(_, long)| *long).to_owned()
    };
    let means: Map<String, Json> =
        peers(rows).into_iter().map(|peer| (name(peer), json!(mean(rows, peer)))).collect();
    let kernels: Map<String, Json> = rows
        .iter()
        .map(|row| {
            let versions: Map<String, Json> = row
                .figures
                .iter()
                .map(|f| {
                    let figures = json!({
                        "seconds": f.median, "least_seconds": f.least, "wall_seconds": f.wall,
                        "ratio": row.ratio(&f.language), "peak_memory_bytes": f.memory, "bytes": f.size,
                    });
                    (name(&f.language), figures)
                })
                .collect();
            (row.kernel.clone(), Json::Object(versions))
        })
        .collect();
    json!({ "geomean": means, "kernels": kernels })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(language: &str, least: f64) -> Figures {
        let language = language.to_owned();
        Figures { language, median: least * 1.1, least, wall: least, memory: Some(65_536), size: Some(100) }
    }

    fn rows() -> Vec<Row> {
        vec![
            Row { kernel: "a".into(), figures: vec![figures("dot", 2.0), figures("rust", 1.0)] },
            Row {
                kernel: "b".into(),
                figures: vec![figures("dot", 1.0), figures("rust", 2.0), figures("as", 4.0)],
            },
        ]
    }

    #[test]
    fn means_are_over_the_kernels_that_both_have() {
        let json = json(&rows());
        assert_eq!(json["geomean"]["rust"], 1.0);
        assert_eq!(json["geomean"]["assemblyscript"], 0.25);
        assert_eq!(json["kernels"]["b"]["rust"]["ratio"], 0.5);
        assert_eq!(json["kernels"]["a"]["dot"]["bytes"], 100);
    }

    #[test]
    fn what_is_missing_is_a_dash() {
        let table = table(&rows());
        assert!(table.contains("| a | 2000.0 | 2.00 | – | 1.00 | 100 | 100 |"), "{table}");
        assert!(table.contains("| geometric mean | | 1.00 | 0.25 | | | |"), "{table}");
    }
}
