//! Types, effects and typed bodies: what a program means, completely.
