//! What the tools tell a person: codes, spans, labels, fixes, and how they are rendered.
