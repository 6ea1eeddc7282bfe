//! The reference evaluator over typed HIR: the meaning of the language, and the engine of constants.
