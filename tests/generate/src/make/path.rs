//! Paths from a variable to a part of it: `a.b[i].1`. Read, they are expressions; where the variable may be changed,
//! places.

use super::{Maker, share};
use crate::model::{Body, Expr, Type};

/// A step from a value to a part of it.
#[derive(Clone, Debug)]
enum Step {
    /// A field or part of a tuple.
    Member(String),
    /// An element of a list.
    Element,
    /// The value of a key of a map: the key's and the value's type.
    Entry(Type, Type),
}

/// A variable, by index, and the steps to a part of it.
#[derive(Clone, Debug)]
pub(super) struct Path {
    root: usize,
    steps: Vec<Step>,
}

impl Path {
    /// Whether it is the variable itself.
    pub(super) fn is_whole(&self) -> bool {
        self.steps.is_empty()
    }

    pub(super) fn root(&self) -> usize {
        self.root
    }
}

impl Maker {
    /// All paths of at most `depth` steps from these variables to parts of the wanted type.
    pub(super) fn paths(&self, roots: &[usize], wanted: &dyn Fn(&Type) -> bool, depth: usize) -> Vec<Path> {
        let mut found = Vec::new();
        for root in roots {
            let mut steps = Vec::new();
            self.paths_from(&self.frame.scope[*root].ty, wanted, depth, &mut steps, &mut |steps| {
                found.push(Path { root: *root, steps: steps.to_vec() });
            });
        }
        found
    }

    fn paths_from(
        &self,
        ty: &Type,
        wanted: &dyn Fn(&Type) -> bool,
        depth: usize,
        steps: &mut Vec<Step>,
        found: &mut dyn FnMut(&[Step]),
    ) {
        if wanted(ty) {
            found(steps);
        }
        if depth == 0 {
            return;
        }
        for (step, part) in self.steps_of(ty) {
            steps.push(step);
            self.paths_from(&part, wanted, depth - 1, steps, found);
            steps.pop();
        }
    }

    fn steps_of(&self, ty: &Type) -> Vec<(Step, Type)> {
        match ty {
            Type::List(item) | Type::Fixed(item, _) => vec![(Step::Element, (**item).clone())],
            Type::Map(key, value) => {
                vec![(Step::Entry((**key).clone(), (**value).clone()), (**value).clone())]
            }
            Type::Tuple(parts) => {
                let member = |(at, ty): (usize, &Type)| (Step::Member(at.to_string()), ty.clone());
                parts.iter().enumerate().map(member).collect()
            }
            Type::Named(..) => {
                let fields = self.world.fields(ty).unwrap_or_default();
                fields.into_iter().map(|field| (Step::Member(field.name), field.ty)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// A part of a variable that is read.
    pub(super) fn read(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let depth = if size == 0 { 0 } else { 2 };
        let roots = self.frame.visible();
        let paths = self.paths(&roots, &|part| part == ty, depth);
        let path = self.random.pick(&paths)?.clone();
        self.note_use(path.root);
        let written = self.write_path(&path, size, false);
        Some(Expr::of(ty).pieces(written.pieces))
    }

    /// A place of a type.
    pub(super) fn place(&mut self, ty: &Type, size: usize) -> Option<(usize, Body)> {
        self.place_where(&|part| part == ty, size).map(|(_, root, body)| (root, body))
    }

    /// A place whose type is wanted: its type, its variable, and how it is written.
    pub(super) fn place_where(
        &mut self,
        wanted: &dyn Fn(&Type) -> bool,
        size: usize,
    ) -> Option<(Type, usize, Body)> {
        let roots = self.frame.changeable();
        let paths = self.paths(&roots, wanted, 3);
        let path = self.random.pick(&paths)?.clone();
        let ty = self.type_at(&path);
        Some((ty, path.root, self.write_path(&path, size, true)))
    }

    pub(super) fn type_at(&self, path: &Path) -> Type {
        let mut ty = self.frame.scope[path.root].ty.clone();
        for step in &path.steps {
            ty = match (step, &ty) {
                (Step::Entry(_, value), _) => value.clone(),
                (Step::Element, Type::List(item) | Type::Fixed(item, _)) => (**item).clone(),
                (Step::Member(name), Type::Tuple(parts)) => parts[name.parse::<usize>().unwrap_or(0)].clone(),
                (Step::Member(name), _) => {
                    let fields = self.world.fields(&ty).unwrap_or_default();
                    fields.into_iter().find(|field| field.name == *name).map_or(Type::Unit, |field| field.ty)
                }
                (Step::Element, _) => Type::Unit,
            };
        }
        ty
    }

    pub(super) fn write_path(&mut self, path: &Path, size: usize, is_place: bool) -> Body {
        let mut body = Body::new(self.frame.scope[path.root].name.clone());
        for step in &path.steps {
            body = match step {
                Step::Member(name) => body.text(format!(".{name}")),
                Step::Element => {
                    let index = self.index(size);
                    body.index(index).text("]")
                }
                Step::Entry(key, value) => {
                    let key = self.expr(key, share(size, 2));
                    let body = body.text("[").given(key);
                    // A read `m[k]` of a missing key traps; most should not.
                    if self.chance(if is_place { 60 } else { 85 }) {
                        let default = self.leaf(value);
                        body.text(", or: ").given(default).text("]")
                    } else {
                        body.text("]")
                    }
                }
            };
        }
        body
    }

    /// An index that is often in range.
    pub(super) fn index(&mut self, size: usize) -> Expr {
        let int = self.int_type();
        if size > 1 && self.chance(20) {
            self.expr(&Type::Int(int), share(size, 2))
        } else {
            self.small(int, 2)
        }
    }
}
