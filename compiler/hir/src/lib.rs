//! Items, names and bodies without types.
