//! The monomorphic, explicitly owned middle representation, its counts, its optimisations and its interpreter.
