//! What is shown beside and over the text: signatures while calls are written, hints, colours of names.

use super::Asked;
use crate::backend::Backend;
use dot_ide::TokenKind;
use tower_lsp_server::gen_lsp_types::{
    Documentation, InlayHint, InlayHintKind, InlayHintParams, MarkupContent, MarkupKind,
    ParameterInformation, ParameterInformationLabel, SemanticToken, SemanticTokens, SemanticTokensLegend,
    SemanticTokensParams, SignatureHelp, SignatureHelpParams, SignatureInformation,
};
use tower_lsp_server::jsonrpc::Result;

/// The protocol's names for kinds, in the order of [`TokenKind`].
const KINDS: [&str; 10] = [
    "namespace",
    "type",
    "typeParameter",
    "parameter",
    "variable",
    "property",
    "enumMember",
    "variable",
    "function",
    "method",
];
const MODIFIERS: [&str; 3] = ["declaration", "readonly", "defaultLibrary"];

/// What the numbers in semantic tokens stand for.
pub fn legend() -> SemanticTokensLegend {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    SemanticTokensLegend { token_types: owned(&KINDS), token_modifiers: owned(&MODIFIERS) }
}

impl Backend {
    /// `textDocument/signatureHelp`
    pub async fn signature_help(&self, params: SignatureHelpParams) -> Result<Option<SignatureHelp>> {
        let place = params.text_document_position_params;
        let (uri, position) = (place.text_document.uri, place.position);
        self.workspace()
            .ask(&uri.clone(), move |snapshot| {
                let asked = Asked::new(snapshot, &uri);
                let offset = asked.offset(position);
                let help = dot_ide::signature_help(snapshot.session.db(), snapshot.file, offset)?;
                let active = help.active.and_then(|active| u32::try_from(active).ok());
                let params = help.params.into_iter().map(|label| ParameterInformation {
                    label: ParameterInformationLabel::String(label),
                    documentation: None,
                });
                let docs = MarkupContent { kind: MarkupKind::Markdown, value: help.docs };
                let signature = SignatureInformation {
                    label: help.label,
                    documentation: Some(Documentation::MarkupContent(docs)),
                    parameters: Some(params.collect()),
                    active_parameter: active.map(Into::into),
                };
                Some(SignatureHelp {
                    signatures: vec![signature],
                    active_signature: Some(0),
                    active_parameter: active.map(Into::into),
                })
            })
            .await
    }

    /// `textDocument/inlayHint`
    pub async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        let (uri, range) = (params.text_document.uri, params.range);
        self.workspace()
            .ask(&uri.clone(), move |snapshot| {
                let asked = Asked::new(snapshot, &uri);
                let found = dot_ide::hints(snapshot.session.db(), snapshot.file, asked.bytes(range));
                let one = |hint: dot_ide::Hint| InlayHint {
                    position: asked.range(dot_diagnostics::TextRange::empty(hint.offset)).start,
                    label: hint.label.into(),
                    kind: Some(if hint.is_type { InlayHintKind::Type } else { InlayHintKind::Parameter }),
                    text_edits: None,
                    tooltip: None,
                    padding_left: None,
                    padding_right: Some(!hint.is_type),
                    data: None,
                };
                Some(found.into_iter().map(one).collect())
            })
            .await
    }

    /// `textDocument/semanticTokens/full`
    pub async fn semantic_tokens(&self, params: SemanticTokensParams) -> Result<Option<SemanticTokens>> {
        let uri = params.text_document.uri;
        self.workspace()
            .ask(&uri.clone(), move |snapshot| {
                let asked = Asked::new(snapshot, &uri);
                let found = dot_ide::semantic_tokens(snapshot.session.db(), snapshot.file);
                Some(SemanticTokens { result_id: None, data: encoded(&asked, &found) })
            })
            .await
    }
}

/// Tokens as the protocol has them: each counts from the one before it.
fn encoded(asked: &Asked<'_>, tokens: &[dot_ide::SemanticToken]) -> Vec<SemanticToken> {
    let (mut line, mut column) = (0, 0);
    let one = |token: &dot_ide::SemanticToken| {
        let range = asked.range(token.range);
        let start = range.start;
        let delta_line = start.line - line;
        let delta_start = if delta_line == 0 { start.character - column } else { start.character };
        (line, column) = (start.line, start.character);
        let is_fixed = matches!(token.kind, TokenKind::Constant | TokenKind::Case);
        let modifiers =
            u32::from(token.is_declaration) | u32::from(is_fixed) << 1 | u32::from(token.is_std) << 2;
        SemanticToken {
            delta_line,
            delta_start,
            length: range.end.character.saturating_sub(start.character),
            token_type: token.kind as u32,
            token_modifiers_bitset: modifiers,
        }
    };
    tokens.iter().map(one).collect()
}
