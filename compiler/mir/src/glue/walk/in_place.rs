//! The walk of values that can't nest without bound: in place, one part after the other.

use super::{At, Inside, Node, Place, Role, Walk};
use crate::ir::Value;

impl<'db> Walk<'_, '_, 'db> {
    /// The walk of values that can't nest without bound, in place.
    pub(super) fn inline(&mut self, node: Node<'db>, values: &[Value]) -> Option<()> {
        let inside = self.inside(node);
        let place = Place { node, inside: &inside, case: None };
        match &inside {
            Inside::Whole => return None,
            Inside::Map(list) | Inside::Set(list) => {
                let lists = self.entries(&inside, *list, values)?;
                return self.inline(*list, &lists);
            }
            Inside::List(item) => self.inline_list(&place, *item, values)?,
            Inside::Record(parts) => {
                self.op.open(self.glue, &place, values)?;
                self.inline_parts(&place, parts, values)?;
            }
            Inside::Variant(cases) => {
                self.op.open(self.glue, &place, values)?;
                let join = self.glue.b.block();
                let targets = self.switch(*values.first()?, cases.len());
                for (case, target) in targets.into_iter().enumerate() {
                    self.glue.b.go_sealed(target)?;
                    let place = Place { node, inside: &inside, case: Some(case) };
                    self.op.choose(self.glue, &place)?;
                    self.inline_parts(&place, &cases[case], values)?;
                    self.glue.b.jump(join);
                }
                self.glue.b.go_sealed(join)?;
            }
        }
        Some(())
    }

    fn inline_parts(&mut self, place: &Place<'_, 'db>, parts: &[Node<'db>], values: &[Value]) -> Option<()> {
        for (n, part) in parts.iter().enumerate() {
            self.op.before(self.glue, place, At::Part(n))?;
            let inner = self.project(place.case, n, *part, values);
            self.leaf(*part, &inner)?;
        }
        self.op.close(self.glue, place, values)
    }

    fn inline_list(&mut self, place: &Place<'_, 'db>, item: Node<'db>, values: &[Value]) -> Option<()> {
        self.op.open(self.glue, place, values)?;
        let index = self.glue.b.variable(self.glue.u32_ty(), None);
        let zero = self.glue.const_u32(0);
        self.glue.b.write(index, zero);
        let (head, body, done) = (self.glue.b.block(), self.glue.b.block(), self.glue.b.block());
        self.glue.b.jump(head);
        self.glue.b.go(head);
        let i = self.glue.b.read(index);
        let more = self.more(i, values)?;
        self.glue.b.branch(more, body, done);
        self.glue.b.go_sealed(body)?;
        self.op.before(self.glue, place, At::Element(i))?;
        let inner = self.elements(item, i, values);
        self.leaf(item, &inner)?;
        self.op.after_element(self.glue, place);
        let next = self.after(i);
        self.glue.b.write(index, next);
        self.glue.b.jump(head);
        self.glue.b.seal(head);
        self.glue.b.go_sealed(done)?;
        self.op.close(self.glue, place, values)
    }

    /// A part outside the cycle.
    pub(super) fn leaf(&mut self, node: Node<'db>, values: &[Value]) -> Option<()> {
        match node.role {
            Role::Plain => self.op.leaf(self.glue, values),
            _ => self.inline(node, values),
        }
    }
}
