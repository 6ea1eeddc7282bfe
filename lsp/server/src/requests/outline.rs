//! Symbols, folds, growing selections.

use super::Asked;
use crate::backend::Backend;
use dot_ide::{FoldKind, SymbolKind};
use tower_lsp_server::gen_lsp_types::{
    DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse, FoldingRange, FoldingRangeKind,
    FoldingRangeParams, SelectionRange, SelectionRangeParams, SymbolKind as ProtocolKind,
};
use tower_lsp_server::jsonrpc::Result;

impl Backend {
    /// `textDocument/documentSymbol`
    pub async fn document_symbol(
        &self,
        params: DocumentSymbolParams,
    ) -> Result<Option<DocumentSymbolResponse>> {
        let uri = params.text_document.uri;
        self.workspace()
            .ask(&uri.clone(), move |snapshot| {
                let asked = Asked::new(snapshot, &uri);
                let found = dot_ide::symbols(snapshot.session.db(), snapshot.file);
                let list = found.into_iter().map(|found| symbol(&asked, found)).collect();
                Some(DocumentSymbolResponse::DocumentSymbolList(list))
            })
            .await
    }

    /// `textDocument/foldingRange`
    pub async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        let uri = params.text_document.uri;
        self.workspace()
            .ask(&uri.clone(), move |snapshot| {
                let asked = Asked::new(snapshot, &uri);
                let found = dot_ide::folds(snapshot.session.db(), snapshot.file);
                let one = |fold: &dot_ide::Fold| {
                    let range = asked.range(fold.range);
                    let kind = match fold.kind {
                        FoldKind::Code => None,
                        FoldKind::Comment => Some(FoldingRangeKind::Comment),
                        FoldKind::Imports => Some(FoldingRangeKind::Imports),
                    };
                    // The line of a closing bracket stays in view.
                    let hidden = u32::from(fold.kind == FoldKind::Code);
                    FoldingRange {
                        start_line: range.start.line,
                        end_line: range.end.line.saturating_sub(hidden).max(range.start.line),
                        kind,
                        ..FoldingRange::default()
                    }
                };
                Some(found.iter().map(one).collect())
            })
            .await
    }

    /// `textDocument/selectionRange`
    pub async fn selection_range(&self, params: SelectionRangeParams) -> Result<Option<Vec<SelectionRange>>> {
        let (uri, positions) = (params.text_document.uri, params.positions);
        self.workspace()
            .ask(&uri.clone(), move |snapshot| {
                let asked = Asked::new(snapshot, &uri);
                let one = |position| {
                    let offset = asked.offset(position);
                    let steps = dot_ide::selections(snapshot.session.db(), snapshot.file, offset);
                    let outward = steps.into_iter().rev();
                    outward.fold(None, |parent, range| {
                        Some(SelectionRange { range: asked.range(range), parent: parent.map(Box::new) })
                    })
                };
                positions.into_iter().map(one).collect()
            })
            .await
    }
}

fn symbol(asked: &Asked<'_>, found: dot_ide::Symbol) -> DocumentSymbol {
    let kind = match found.kind {
        SymbolKind::Function | SymbolKind::Dot => ProtocolKind::Function,
        SymbolKind::Method => ProtocolKind::Method,
        SymbolKind::Record => ProtocolKind::Struct,
        SymbolKind::Variant | SymbolKind::Enum => ProtocolKind::Enum,
        SymbolKind::Resource => ProtocolKind::Class,
        SymbolKind::Alias => ProtocolKind::Interface,
        SymbolKind::Const => ProtocolKind::Constant,
        SymbolKind::Test => ProtocolKind::Event,
        SymbolKind::Field => ProtocolKind::Field,
        SymbolKind::Case => ProtocolKind::EnumMember,
    };
    let children: Vec<DocumentSymbol> =
        found.members.into_iter().map(|member| symbol(asked, member)).collect();
    #[allow(deprecated, reason = "the field must be given")]
    DocumentSymbol {
        name: found.name,
        detail: None,
        kind,
        tags: None,
        deprecated: None,
        range: asked.range(found.whole),
        selection_range: asked.range(found.place),
        children: (!children.is_empty()).then_some(children),
    }
}
