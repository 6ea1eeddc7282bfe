//! What an editor asks of the language, as plain data, with no protocol.
