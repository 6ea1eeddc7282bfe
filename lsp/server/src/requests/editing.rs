//! Formatting, rename, completion, code actions.

use super::Asked;
use crate::backend::Backend;
use dot_ide::CompletionKind;
use tower_lsp_server::gen_lsp_types::{
    CodeAction, CodeActionKind, CodeActionParams, CodeActionResponse, CompletionItem, CompletionItemKind,
    CompletionItemTextEdit, CompletionParams, CompletionResponse, DocumentFormattingParams,
    DocumentRangeFormattingParams, PrepareRenameParams, PrepareRenamePlaceholder, PrepareRenameResult,
    RenameParams, TextEdit, WorkspaceEdit,
};
use tower_lsp_server::jsonrpc::{Error, ErrorCode, Result};

impl Backend {
    /// `textDocument/formatting`
    pub async fn formatting(&self, params: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        let uri = params.text_document.uri;
        self.workspace()
            .ask(&uri.clone(), move |snapshot| {
                let asked = Asked::new(snapshot, &uri);
                let edits = dot_ide::format_file(snapshot.session.db(), snapshot.file)?;
                Some(edits.into_iter().map(|edit| asked.edit(snapshot.file, edit)).collect())
            })
            .await
    }

    /// `textDocument/rangeFormatting`
    pub async fn range_formatting(
        &self,
        params: DocumentRangeFormattingParams,
    ) -> Result<Option<Vec<TextEdit>>> {
        let (uri, range) = (params.text_document.uri, params.range);
        self.workspace()
            .ask(&uri.clone(), move |snapshot| {
                let asked = Asked::new(snapshot, &uri);
                let edits = dot_ide::format_part(snapshot.session.db(), snapshot.file, asked.bytes(range))?;
                Some(edits.into_iter().map(|edit| asked.edit(snapshot.file, edit)).collect())
            })
            .await
    }

    /// `textDocument/prepareRename`
    pub async fn prepare_rename(&self, params: PrepareRenameParams) -> Result<Option<PrepareRenameResult>> {
        let place = params.text_document_position_params;
        let (uri, position) = (place.text_document.uri, place.position);
        self.workspace()
            .ask(&uri.clone(), move |snapshot| {
                let asked = Asked::new(snapshot, &uri);
                let offset = asked.offset(position);
                let (range, placeholder) =
                    dot_ide::prepare_rename(snapshot.session.db(), snapshot.file, offset).ok()?;
                let shown = PrepareRenamePlaceholder { range: asked.range(range), placeholder };
                Some(PrepareRenameResult::PrepareRenamePlaceholder(shown))
            })
            .await
    }

    /// `textDocument/rename`
    pub async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        let place = params.text_document_position_params;
        let (uri, position) = (place.text_document.uri, place.position);
        let name = params.new_name;
        let answer = self
            .workspace()
            .ask(&uri.clone(), move |snapshot| {
                let asked = Asked::new(snapshot, &uri);
                let offset = asked.offset(position);
                let renamed = dot_ide::rename(snapshot.session.db(), snapshot.file, offset, &name);
                Some(renamed.map(|renaming| asked.workspace_edit(renaming.edits)))
            })
            .await?;
        answer.transpose().map_err(|why| Error {
            code: ErrorCode::ServerError(REQUEST_FAILED),
            message: why.into(),
            data: None,
        })
    }

    /// `textDocument/completion`
    pub async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        let place = params.text_document_position_params;
        let (uri, position) = (place.text_document.uri, place.position);
        self.workspace()
            .ask(&uri.clone(), move |snapshot| {
                let asked = Asked::new(snapshot, &uri);
                let offset = asked.offset(position);
                let found = dot_ide::completions(snapshot.session.db(), snapshot.file, offset);
                let items = found.into_iter().map(|found| completion_item(&asked, found)).collect();
                Some(CompletionResponse::CompletionItemList(items))
            })
            .await
    }

    /// `textDocument/codeAction`
    pub async fn code_action(&self, params: CodeActionParams) -> Result<Option<Vec<CodeActionResponse>>> {
        let (uri, range, context) = (params.text_document.uri, params.range, params.context);
        self.workspace()
            .ask(&uri.clone(), move |snapshot| {
                let asked = Asked::new(snapshot, &uri);
                let found = dot_ide::actions(snapshot.session.db(), snapshot.file, asked.bytes(range));
                let one = |action: dot_ide::Action| {
                    let code = action.code.map(serde_json::Value::from);
                    let mended = context.diagnostics.iter().filter(|diagnostic| {
                        let told = serde_json::to_value(&diagnostic.code).ok();
                        code.is_some() && told == code
                    });
                    let kind = match action.code {
                        Some(_) => CodeActionKind::QuickFix,
                        None => CodeActionKind::SourceOrganizeImports,
                    };
                    CodeActionResponse::CodeAction(CodeAction {
                        title: action.title,
                        is_preferred: action.code.map(|_| true),
                        kind: Some(kind),
                        diagnostics: Some(mended.cloned().collect()),
                        edit: Some(asked.workspace_edit(action.edits)),
                        ..CodeAction::default()
                    })
                };
                Some(found.into_iter().map(one).collect())
            })
            .await
    }
}

/// `RequestFailed` of the protocol: the request was right and can't be done.
const REQUEST_FAILED: i64 = -32803;

fn completion_item(asked: &Asked<'_>, found: dot_ide::Completion) -> CompletionItem {
    let kind = match found.kind {
        CompletionKind::Argument | CompletionKind::Local => CompletionItemKind::Variable,
        CompletionKind::Field => CompletionItemKind::Field,
        CompletionKind::Method => CompletionItemKind::Method,
        CompletionKind::Case => CompletionItemKind::EnumMember,
        CompletionKind::Function => CompletionItemKind::Function,
        CompletionKind::Type => CompletionItemKind::Struct,
        CompletionKind::Const => CompletionItemKind::Constant,
        CompletionKind::Module => CompletionItemKind::Module,
        CompletionKind::Keyword => CompletionItemKind::Keyword,
    };
    let file = asked.snapshot.file;
    let edit = dot_ide::TextEdit { range: found.replaces, replacement: found.label.clone() };
    // What needs a `use` comes after what is there; otherwise in the order of kinds.
    let rank = format!("{}{:02}{}", u8::from(found.import.is_some()), found.kind as u8, found.label);
    CompletionItem {
        label: found.label,
        kind: Some(kind),
        detail: (!found.detail.is_empty()).then_some(found.detail),
        sort_text: Some(rank),
        text_edit: Some(CompletionItemTextEdit::TextEdit(asked.edit(file, edit))),
        additional_text_edits: found.import.map(|edit| vec![asked.edit(file, edit)]),
        ..CompletionItem::default()
    }
}
