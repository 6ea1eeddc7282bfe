//! `each`: types that a `for` visits by a method of their own.

use super::{Frame, Maker};
use crate::model::{Body, Item, Type, Visited};

impl Maker {
    /// A method `each` for a declared record, which visits some of its fields, and the elements of some that are lists.
    pub(super) fn each_method(&mut self) -> Option<Item> {
        let has_none = |decl: &usize| self.world.visited.iter().all(|visited| visited.decl != *decl);
        let records: Vec<usize> = (0..self.world.types.len()).filter(has_none).collect();
        let decl = *self.random.pick(&records)?;
        if !self.world.types[decl].params.is_empty() {
            return None;
        }
        let fields = self.world.fields(&Type::Named(decl, Vec::new()))?;
        let element = |ty: &Type| match ty {
            Type::List(item) => (**item).clone(),
            ty => ty.clone(),
        };
        let item = element(&self.random.pick(&fields)?.ty);
        self.frame = Frame::new(Vec::new(), None);
        let mut body = Body::new(format!(
            "fn each(self: {}, visit: fn({})) {{ ",
            self.world.types[decl].name,
            self.world.show(&item)
        ));
        for field in fields.iter().filter(|field| element(&field.ty) == item) {
            let place = format!("self.{}", field.name);
            body = body.text(if field.ty != item {
                format!("for x in {place} {{ visit(x) }}; ")
            } else if self.chance(30) {
                // A closure that passes the visits on is a body in a body.
                format!("[{place}].each(|x| visit(x)); ")
            } else {
                format!("visit({place}); ")
            });
        }
        self.world.visited.push(Visited { decl, item });
        Some(Item { body: body.text("}"), dot: None })
    }
}
