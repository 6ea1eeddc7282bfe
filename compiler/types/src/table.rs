//! The table of types of one body while it is being inferred, and unification.
//!
//! A [`TypeId`] names a node: a constructor applied to types ([`Con`], arguments), or a *variable* that stands
//! for a type not known yet. Unifying two types makes them equal by giving variables values; it is Robinson's
//! algorithm (*A machine-oriented logic based on the resolution principle*, 1965) with the occurs check, over
//! nodes that point to each other (so no substitution is ever applied).
//!
//! A variable has a [`VarKind`]. That of an integer literal can only become a numeric type, and that of a
//! float literal only a float type; [`TypeTable::settle_literals`] gives those still open at the end of a
//! statement their types, `s64` and `f64`.
//!
//! Types grow with the program that is being checked, so their depth and the number of steps that unification
//! takes are limited: nothing a person writes overflows the stack or runs for ever here.

use crate::{FloatKind, FnParam, IntKind, Mode, Ty, TyKind};
use dot_db::{Db, Item};
use rustc_hash::FxHashMap;

/// Types may nest this deep.
pub const MAX_TYPE_DEPTH: usize = 64;
/// A type may have this many parts, counting shared ones each time.
const MAX_TYPE_SIZE: usize = 10_000;
/// Unification in one body may take this many steps.
const MAX_STEPS: u32 = 20_000_000;

/// A type in a [`TypeTable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TypeId(u32);

/// What a variable may become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VarKind {
    /// Any type.
    General,
    /// A numeric type: that of a literal such as `1`.
    Number,
    /// An integer type: that of a literal used as only an integer can be.
    Int,
    /// A float type.
    Float,
}

/// A type constructor; its arguments stand beside it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the cases are those of `TyKind`")]
pub enum Con<'db> {
    Bool,
    Int(IntKind),
    Float(FloatKind),
    Char,
    String,
    Tuple,
    List,
    FixedList(u32),
    Option,
    Result,
    Map,
    Set,
    Adt(Item<'db>),
    Handle(Item<'db>),
    /// The last argument is the result.
    Fn(Vec<Mode>),
    Stream,
    Future,
    Param(u32),
    Never,
    Error,
}

/// What a type is, as far as is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape<'db> {
    /// Not known yet.
    Var(VarKind),
    /// A constructor with its arguments.
    App(Con<'db>, Vec<TypeId>),
}

#[derive(Clone, Debug)]
enum Node<'db> {
    Var(VarKind),
    Link(TypeId),
    App(Con<'db>, Vec<TypeId>),
}

/// Why two types can't be made equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnifyError {
    /// They differ.
    Mismatch,
    /// A type would have to contain itself.
    Infinite,
    /// A type would be too large, or unification takes too long.
    TooLarge,
}

/// The types of one body.
pub struct TypeTable<'db> {
    db: &'db dyn Db,
    nodes: Vec<Node<'db>>,
    known: FxHashMap<Ty<'db>, TypeId>,
    /// How long chains of links to a variable are, at most.
    ranks: FxHashMap<TypeId, u8>,
    open_literals: Vec<TypeId>,
    steps: u32,
}

impl<'db> TypeTable<'db> {
    /// An empty table.
    #[must_use]
    pub fn new(db: &'db dyn Db) -> Self {
        let (known, ranks) = (FxHashMap::default(), FxHashMap::default());
        Self { db, nodes: Vec::new(), known, ranks, open_literals: Vec::new(), steps: 0 }
    }

    fn push(&mut self, node: Node<'db>) -> TypeId {
        let id = TypeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(node);
        id
    }

    /// A new variable.
    pub fn fresh(&mut self, kind: VarKind) -> TypeId {
        let id = self.push(Node::Var(kind));
        if kind != VarKind::General {
            self.open_literals.push(id);
        }
        id
    }

    /// A constructor applied to arguments.
    pub fn app(&mut self, con: Con<'db>, args: Vec<TypeId>) -> TypeId {
        self.push(Node::App(con, args))
    }

    /// A constructor without arguments.
    pub fn con(&mut self, con: Con<'db>) -> TypeId {
        self.app(con, Vec::new())
    }

    /// The function type with these parameters and this result.
    pub fn function(&mut self, params: &[(Mode, TypeId)], ret: TypeId) -> TypeId {
        let modes = params.iter().map(|(mode, _)| *mode).collect();
        let args = params.iter().map(|(_, ty)| *ty).chain([ret]).collect();
        self.app(Con::Fn(modes), args)
    }

    /// The representative of a type: the end of its links.
    #[must_use]
    pub fn find(&self, mut id: TypeId) -> TypeId {
        while let Node::Link(next) = &self.nodes[id.0 as usize] {
            id = *next;
        }
        id
    }

    /// What a type is.
    #[must_use]
    pub fn shape(&self, id: TypeId) -> Shape<'db> {
        let mut node = &self.nodes[id.0 as usize];
        loop {
            match node {
                Node::Var(kind) => return Shape::Var(*kind),
                Node::App(con, args) => return Shape::App(con.clone(), args.clone()),
                Node::Link(next) => node = &self.nodes[next.0 as usize],
            }
        }
    }

    /// The constructor of a type, if it is known.
    #[must_use]
    pub fn head(&self, id: TypeId) -> Option<&Con<'db>> {
        match &self.nodes[self.find(id).0 as usize] {
            Node::App(con, _) => Some(con),
            Node::Var(_) | Node::Link(_) => None,
        }
    }

    /// The arguments of a type's constructor; empty if it is not known.
    #[must_use]
    pub fn args(&self, id: TypeId) -> &[TypeId] {
        match &self.nodes[self.find(id).0 as usize] {
            Node::App(_, args) => args,
            Node::Var(_) | Node::Link(_) => &[],
        }
    }

    /// What kind of variable a type is, if it is one.
    #[must_use]
    pub fn var_kind(&self, id: TypeId) -> Option<VarKind> {
        match &self.nodes[self.find(id).0 as usize] {
            Node::Var(kind) => Some(*kind),
            Node::App(..) | Node::Link(_) => None,
        }
    }

    /// Whether something was wrong with this type, which has been reported.
    #[must_use]
    pub fn is_error(&self, id: TypeId) -> bool {
        self.head(id) == Some(&Con::Error)
    }

    /// Whether this is the type of what never gives a value.
    #[must_use]
    pub fn is_never(&self, id: TypeId) -> bool {
        self.head(id) == Some(&Con::Never)
    }

    /// The type with its parameters replaced by `args`; parameters beyond those stay.
    pub fn import(&mut self, ty: Ty<'db>, args: &[TypeId]) -> TypeId {
        let mut done = FxHashMap::default();
        self.import_in(ty, args, &mut done)
    }

    fn import_in(&mut self, ty: Ty<'db>, args: &[TypeId], done: &mut FxHashMap<Ty<'db>, TypeId>) -> TypeId {
        if let Some(id) = done.get(&ty) {
            return *id;
        }
        if args.is_empty()
            && let Some(id) = self.known.get(&ty)
        {
            return *id;
        }
        let (con, parts) = match ty.kind(self.db) {
            TyKind::Param(index) if (*index as usize) < args.len() => return args[*index as usize],
            kind => decompose(kind),
        };
        let parts = parts.into_iter().map(|part| self.import_in(part, args, done)).collect();
        let id = self.app(con, parts);
        done.insert(ty, id);
        if args.is_empty() {
            self.known.insert(ty, id);
        }
        id
    }

    /// Makes two types equal.
    ///
    /// # Errors
    ///
    /// When that can't be; some variables may have been given values all the same.
    pub fn unify(&mut self, a: TypeId, b: TypeId) -> Result<(), UnifyError> {
        self.unify_in(a, b, 0)
    }

    fn unify_in(&mut self, a: TypeId, b: TypeId, depth: usize) -> Result<(), UnifyError> {
        let (a, b) = (self.find(a), self.find(b));
        if a == b {
            return Ok(());
        }
        self.steps += 1;
        if depth > 4 * MAX_TYPE_DEPTH || self.steps > MAX_STEPS {
            return Err(UnifyError::TooLarge);
        }
        match (self.var_kind(a), self.var_kind(b)) {
            (Some(left), Some(right)) => self.join_variables(a, left, b, right),
            (Some(kind), None) => self.assign(a, kind, b),
            (None, Some(kind)) => self.assign(b, kind, a),
            (None, None) => self.unify_known(a, b, depth),
        }
    }

    fn join_variables(
        &mut self,
        a: TypeId,
        left: VarKind,
        b: TypeId,
        right: VarKind,
    ) -> Result<(), UnifyError> {
        match (left, right) {
            _ if left == right => self.join_equals(a, b),
            (VarKind::General, _) => self.nodes[a.0 as usize] = Node::Link(b),
            (_, VarKind::General) => self.nodes[b.0 as usize] = Node::Link(a),
            (VarKind::Number, _) => self.nodes[a.0 as usize] = Node::Link(b),
            (_, VarKind::Number) => self.nodes[b.0 as usize] = Node::Link(a),
            _ => return Err(UnifyError::Mismatch),
        }
        Ok(())
    }

    /// Links the variable that fewer links lead through to the other one, so that no chain of links gets long.
    fn join_equals(&mut self, a: TypeId, b: TypeId) {
        let rank = |id: &TypeId| self.ranks.get(id).copied().unwrap_or(0);
        let (of_a, of_b) = (rank(&a), rank(&b));
        let (from, to) = if of_a > of_b { (b, a) } else { (a, b) };
        if of_a == of_b {
            self.ranks.insert(to, of_b + 1);
        }
        self.nodes[from.0 as usize] = Node::Link(to);
    }

    fn assign(&mut self, var: TypeId, kind: VarKind, ty: TypeId) -> Result<(), UnifyError> {
        let fits = matches!(
            (kind, self.head(ty)),
            (VarKind::General, _)
                | (_, Some(Con::Error))
                | (VarKind::Int | VarKind::Number, Some(Con::Int(_)))
                | (VarKind::Float | VarKind::Number, Some(Con::Float(_)))
        );
        if !fits {
            return Err(UnifyError::Mismatch);
        }
        self.check_occurs(var, ty, 0)?;
        self.nodes[var.0 as usize] = Node::Link(ty);
        Ok(())
    }

    /// That `var` is not inside `ty`, and `ty` is not too deep.
    fn check_occurs(&mut self, var: TypeId, ty: TypeId, depth: usize) -> Result<(), UnifyError> {
        let ty = self.find(ty);
        if ty == var {
            return Err(UnifyError::Infinite);
        }
        self.steps += 1;
        if depth > MAX_TYPE_DEPTH || self.steps > MAX_STEPS {
            return Err(UnifyError::TooLarge);
        }
        for index in 0..self.args(ty).len() {
            let part = self.args(ty)[index];
            self.check_occurs(var, part, depth + 1)?;
        }
        Ok(())
    }

    fn unify_known(&mut self, a: TypeId, b: TypeId, depth: usize) -> Result<(), UnifyError> {
        if self.is_error(a) || self.is_error(b) {
            return Ok(());
        }
        if self.head(a) != self.head(b) || self.args(a).len() != self.args(b).len() {
            return Err(UnifyError::Mismatch);
        }
        for index in 0..self.args(a).len() {
            let (left, right) = (self.args(a)[index], self.args(b)[index]);
            self.unify_in(left, right, depth + 1)?;
        }
        Ok(())
    }

    /// Whether a type is an integer type or can be made one; if it is a literal's and open, it can be no other
    /// afterwards.
    pub fn restrict_to_int(&mut self, id: TypeId) -> bool {
        let id = self.find(id);
        match self.var_kind(id) {
            Some(VarKind::Number) => self.nodes[id.0 as usize] = Node::Var(VarKind::Int),
            Some(VarKind::Int) => {}
            Some(VarKind::General | VarKind::Float) => return false,
            None => return matches!(self.head(id), Some(Con::Int(_))),
        }
        true
    }

    /// Gives a literal's type, if it is still open, its default; returns whether it was open.
    pub fn settle(&mut self, id: TypeId) -> bool {
        let id = self.find(id);
        let con = match self.var_kind(id) {
            Some(VarKind::Int | VarKind::Number) => Con::Int(IntKind::S64),
            Some(VarKind::Float) => Con::Float(FloatKind::F64),
            Some(VarKind::General) | None => return false,
        };
        self.nodes[id.0 as usize] = Node::App(con, Vec::new());
        true
    }

    /// How many literals' types are open: what [`Self::settle_literals`] may leave alone.
    #[must_use]
    pub fn open_literals(&self) -> usize {
        self.open_literals.len()
    }

    /// Gives the types of literals made after the first `from` ones, where still open, their defaults.
    pub fn settle_literals(&mut self, from: usize) {
        for id in self.open_literals.split_off(from.min(self.open_literals.len())) {
            self.settle(id);
        }
    }

    /// The finished type, with an error for what is not known or too large; `memo` notes that there was such.
    pub fn resolve(&self, id: TypeId, memo: &mut Resolved<'db>) -> Ty<'db> {
        self.resolve_in(id, memo, 0).ty
    }

    fn resolve_in(&self, id: TypeId, memo: &mut Resolved<'db>, nesting: usize) -> Measured<'db> {
        let id = self.find(id);
        if let Some(done) = memo.done.get(&id) {
            return *done;
        }
        let error = Measured { ty: Ty::new(self.db, TyKind::Error), size: 1, depth: 1 };
        let Shape::App(con, args) = self.shape(id) else {
            memo.unknown = true;
            return error;
        };
        let (mut size, mut depth) = (1_usize, 1_usize);
        let mut parts = Vec::with_capacity(args.len());
        if nesting > MAX_TYPE_DEPTH {
            depth = MAX_TYPE_DEPTH + 1;
        } else {
            for arg in args {
                let part = self.resolve_in(arg, memo, nesting + 1);
                size = size.saturating_add(part.size);
                depth = depth.max(part.depth.saturating_add(1));
                parts.push(part.ty);
            }
        }
        let too_large = size > MAX_TYPE_SIZE || depth > MAX_TYPE_DEPTH;
        memo.too_large |= too_large;
        let ty = if too_large { error.ty } else { Ty::new(self.db, compose(con, parts)) };
        let done = Measured { ty, size, depth };
        memo.done.insert(id, done);
        done
    }
}

/// A finished type with its number of parts and its depth.
#[derive(Clone, Copy)]
struct Measured<'db> {
    ty: Ty<'db>,
    size: usize,
    depth: usize,
}

/// What [`TypeTable::resolve`] has found.
#[derive(Default)]
pub struct Resolved<'db> {
    done: FxHashMap<TypeId, Measured<'db>>,
    /// A variable without a value was met.
    pub unknown: bool,
    /// A type was met that is too large to handle.
    pub too_large: bool,
}

pub(crate) fn decompose<'db>(kind: &TyKind<'db>) -> (Con<'db>, Vec<Ty<'db>>) {
    match kind {
        TyKind::Bool => (Con::Bool, vec![]),
        TyKind::Int(kind) => (Con::Int(*kind), vec![]),
        TyKind::Float(kind) => (Con::Float(*kind), vec![]),
        TyKind::Char => (Con::Char, vec![]),
        TyKind::String => (Con::String, vec![]),
        TyKind::Tuple(parts) => (Con::Tuple, parts.clone()),
        TyKind::List(item) => (Con::List, vec![*item]),
        TyKind::FixedList(item, len) => (Con::FixedList(*len), vec![*item]),
        TyKind::Option(item) => (Con::Option, vec![*item]),
        TyKind::Result(ok, err) => (Con::Result, vec![*ok, *err]),
        TyKind::Map(key, value) => (Con::Map, vec![*key, *value]),
        TyKind::Set(item) => (Con::Set, vec![*item]),
        TyKind::Adt(item, args) => (Con::Adt(*item), args.clone()),
        TyKind::Handle(item) => (Con::Handle(*item), vec![]),
        TyKind::Fn(params, ret) => (
            Con::Fn(params.iter().map(|param| param.mode).collect()),
            params.iter().map(|param| param.ty).chain([*ret]).collect(),
        ),
        TyKind::Stream(item) => (Con::Stream, vec![*item]),
        TyKind::Future(item) => (Con::Future, vec![*item]),
        TyKind::Param(index) => (Con::Param(*index), vec![]),
        TyKind::Never => (Con::Never, vec![]),
        TyKind::Error => (Con::Error, vec![]),
    }
}

pub(crate) fn compose<'db>(con: Con<'db>, parts: Vec<Ty<'db>>) -> TyKind<'db> {
    match (con, parts.as_slice()) {
        (Con::Bool, _) => TyKind::Bool,
        (Con::Int(kind), _) => TyKind::Int(kind),
        (Con::Float(kind), _) => TyKind::Float(kind),
        (Con::Char, _) => TyKind::Char,
        (Con::String, _) => TyKind::String,
        (Con::Tuple, _) => TyKind::Tuple(parts),
        (Con::Adt(item), _) => TyKind::Adt(item, parts),
        (Con::Handle(item), _) => TyKind::Handle(item),
        (Con::Param(index), _) => TyKind::Param(index),
        (Con::Never, _) => TyKind::Never,
        (Con::List, [item]) => TyKind::List(*item),
        (Con::FixedList(len), [item]) => TyKind::FixedList(*item, len),
        (Con::Option, [item]) => TyKind::Option(*item),
        (Con::Result, [ok, err]) => TyKind::Result(*ok, *err),
        (Con::Map, [key, value]) => TyKind::Map(*key, *value),
        (Con::Set, [item]) => TyKind::Set(*item),
        (Con::Stream, [item]) => TyKind::Stream(*item),
        (Con::Future, [item]) => TyKind::Future(*item),
        (Con::Fn(modes), [params @ .., ret]) => {
            let params = modes.into_iter().zip(params).map(|(mode, ty)| FnParam { mode, ty: *ty }).collect();
            TyKind::Fn(params, *ret)
        }
        // A constructor always comes with as many arguments as it takes; `Error` is what is left.
        _ => TyKind::Error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dot_db::Database;

    fn resolved(table: &TypeTable<'_>, id: TypeId) -> String {
        let mut memo = Resolved::default();
        let ty = table.resolve(id, &mut memo);
        crate::display::display_type(table.db, ty, &[]).to_string()
    }

    #[test]
    fn a_variable_takes_what_it_is_unified_with() {
        let db = Database::default();
        let mut table = TypeTable::new(&db);
        let var = table.fresh(VarKind::General);
        let list = table.app(Con::List, vec![var]);
        let char = table.con(Con::Char);
        let list_of_char = table.app(Con::List, vec![char]);
        assert_eq!(table.unify(list, list_of_char), Ok(()));
        assert_eq!(resolved(&table, list), "list<char>");
    }

    #[test]
    fn a_literal_becomes_the_number_that_is_needed() {
        let db = Database::default();
        let mut table = TypeTable::new(&db);
        let float = table.con(Con::Float(FloatKind::F32));
        let number = table.fresh(VarKind::Number);
        assert_eq!(table.unify(number, float), Ok(()));
        let literal = table.fresh(VarKind::Number);
        assert!(table.restrict_to_int(literal));
        assert_eq!(table.unify(literal, float), Err(UnifyError::Mismatch));
        let byte = table.con(Con::Int(IntKind::U8));
        assert_eq!(table.unify(literal, byte), Ok(()));
        assert_eq!(resolved(&table, literal), "u8");
    }

    #[test]
    fn open_literals_settle_on_s64_and_f64() {
        let db = Database::default();
        let mut table = TypeTable::new(&db);
        let before = table.fresh(VarKind::Int);
        let from = table.open_literals();
        let (int, float) = (table.fresh(VarKind::Int), table.fresh(VarKind::Float));
        table.settle_literals(from);
        assert_eq!(resolved(&table, int), "s64");
        assert_eq!(resolved(&table, float), "f64");
        assert_eq!(table.var_kind(before), Some(VarKind::Int), "one from outside stays open");
    }

    #[test]
    fn a_type_can_not_contain_itself() {
        let db = Database::default();
        let mut table = TypeTable::new(&db);
        let var = table.fresh(VarKind::General);
        let list = table.app(Con::List, vec![var]);
        assert_eq!(table.unify(var, list), Err(UnifyError::Infinite));
    }

    #[test]
    fn a_type_of_exponential_size_is_cut_off() {
        let db = Database::default();
        let mut table = TypeTable::new(&db);
        let mut ty = table.con(Con::Bool);
        for _ in 0..60 {
            ty = table.app(Con::Tuple, vec![ty, ty]);
        }
        let mut memo = Resolved::default();
        table.resolve(ty, &mut memo);
        assert!(memo.too_large);
        let var = table.fresh(VarKind::General);
        assert_eq!(table.unify(var, ty), Err(UnifyError::TooLarge));
    }
}
