//! Definition, type definition, references, highlights.

use super::Asked;
use crate::backend::Backend;
use tower_lsp_server::gen_lsp_types::{
    Definition, DefinitionParams, DefinitionResponse, DocumentHighlight, DocumentHighlightKind,
    DocumentHighlightParams, Location, ReferenceParams, TypeDefinitionParams, TypeDefinitionResponse,
};
use tower_lsp_server::jsonrpc::Result;

impl Backend {
    /// `textDocument/definition`
    pub async fn definition(&self, params: DefinitionParams) -> Result<Option<DefinitionResponse>> {
        let place = params.text_document_position_params;
        let (uri, position) = (place.text_document.uri, place.position);
        self.workspace()
            .ask(&uri.clone(), move |snapshot| {
                let asked = Asked::new(snapshot, &uri);
                let found = dot_ide::definition(snapshot.session.db(), snapshot.file, asked.offset(position));
                let places: Vec<Location> =
                    found.iter().filter_map(|place| asked.location(place.file, place.name)).collect();
                let list = Definition::LocationList(places);
                (!found.is_empty()).then_some(DefinitionResponse::Definition(list))
            })
            .await
    }

    /// `textDocument/typeDefinition`
    pub async fn type_definition(
        &self,
        params: TypeDefinitionParams,
    ) -> Result<Option<TypeDefinitionResponse>> {
        let place = params.text_document_position_params;
        let (uri, position) = (place.text_document.uri, place.position);
        self.workspace()
            .ask(&uri.clone(), move |snapshot| {
                let asked = Asked::new(snapshot, &uri);
                let found =
                    dot_ide::type_definition(snapshot.session.db(), snapshot.file, asked.offset(position));
                let places = found.iter().filter_map(|place| asked.location(place.file, place.name));
                let list = Definition::LocationList(places.collect());
                (!found.is_empty()).then_some(TypeDefinitionResponse::Definition(list))
            })
            .await
    }

    /// `textDocument/references`
    pub async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        let place = params.text_document_position_params;
        let (uri, position) = (place.text_document.uri, place.position);
        let declared = params.context.include_declaration;
        self.workspace()
            .ask(&uri.clone(), move |snapshot| {
                let asked = Asked::new(snapshot, &uri);
                let offset = asked.offset(position);
                let found = dot_ide::references(snapshot.session.db(), snapshot.file, offset, declared);
                Some(found.iter().filter_map(|found| asked.location(found.file, found.range)).collect())
            })
            .await
    }

    /// `textDocument/documentHighlight`
    pub async fn highlight(&self, params: DocumentHighlightParams) -> Result<Option<Vec<DocumentHighlight>>> {
        let place = params.text_document_position_params;
        let (uri, position) = (place.text_document.uri, place.position);
        self.workspace()
            .ask(&uri.clone(), move |snapshot| {
                let asked = Asked::new(snapshot, &uri);
                let found = dot_ide::highlights(snapshot.session.db(), snapshot.file, asked.offset(position));
                let one = |found: &dot_ide::Reference| {
                    let writes = found.is_write || found.is_declaration;
                    let kind =
                        if writes { DocumentHighlightKind::Write } else { DocumentHighlightKind::Read };
                    DocumentHighlight { range: asked.range(found.range), kind: Some(kind) }
                };
                Some(found.iter().map(one).collect())
            })
            .await
    }
}
