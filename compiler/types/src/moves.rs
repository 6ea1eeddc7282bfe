//! Handles are moved, not copied.

use crate::TypedBody;
use dot_db::{Db, Item};

/// Tells uses of handles that have been given away.
pub(crate) fn check<'db>(_db: &'db dyn Db, _item: Item<'db>, _typed: &mut TypedBody<'db>) {}
