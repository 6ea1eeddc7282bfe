//! Smaller programs that still fail.
//!
//! Delta debugging over the tree (Zeller, Hildebrandt, TSE 2002; for trees, Misherghi and Su, ICSE 2006): calls, items,
//! statements, elements and arms are taken away, and expressions are replaced by a literal of their type or by
//! one of their own parts that has the same type. Whether what is left still fails in the same way is somebody
//! else's question. An edit may well make a program that is wrong, as when it takes away a variable's `let`: then
//! it fails in another way, and the edit is not kept.

use crate::model::{Block, Body, Expr, Many, Piece, Program, Shape, Type, World};

/// A place in the tree where something can go.
enum Node<'a> {
    Expr(&'a mut Expr),
    Block(&'a mut Block),
    Many(&'a mut Many),
}

/// How many programs are tried before it is small enough.
const TRIES: usize = 4_000;

/// The smallest program found for which `fails` says yes, as it does for `program`.
pub fn shrink(program: &Program, fails: &mut dyn FnMut(&Program) -> bool) -> Program {
    let mut shrinker = Shrinker { best: program.clone(), fails, tries: TRIES };
    while shrinker.pass() && shrinker.tries > 0 {}
    shrinker.best
}

struct Shrinker<'a> {
    best: Program,
    fails: &'a mut dyn FnMut(&Program) -> bool,
    tries: usize,
}

impl Shrinker<'_> {
    /// Tries an edit; keeps it if the program still fails.
    fn attempt(&mut self, edit: impl FnOnce(&mut Program) -> bool) -> bool {
        if self.tries == 0 {
            return false;
        }
        let mut candidate = self.best.clone();
        if !edit(&mut candidate) {
            return false;
        }
        self.tries -= 1;
        let kept = (self.fails)(&candidate);
        if kept {
            self.best = candidate;
        }
        kept
    }

    /// Tries everything once; whether anything helped.
    fn pass(&mut self) -> bool {
        let calls = self.only_one_call();
        let items = self.fewer_items();
        let nodes = self.smaller_nodes();
        calls || items || nodes
    }

    fn only_one_call(&mut self) -> bool {
        let count = self.best.calls.len();
        let only = |at: usize| {
            move |program: &mut Program| {
                program.calls = vec![program.calls[at].clone()];
                true
            }
        };
        count > 1 && (0..count).any(|at| self.attempt(only(at)))
    }

    fn fewer_items(&mut self) -> bool {
        let called = |program: &Program, at: usize| {
            let dot = program.items[at].dot.as_ref();
            dot.is_some_and(|dot| program.calls.iter().any(|call| call.dot == *dot))
        };
        let mut any = false;
        let mut at = self.best.items.len();
        while at > 0 {
            at -= 1;
            any |= !called(&self.best, at)
                && self.attempt(|program| {
                    program.items.remove(at);
                    true
                });
        }
        any
    }

    /// Goes through all nodes, the large before what is in them.
    fn smaller_nodes(&mut self) -> bool {
        let mut any = false;
        let mut at = 0;
        while at < count_nodes(&mut self.best) && self.tries > 0 {
            // An edit that helped may have another one behind it at the same place.
            let mut helped = 0;
            while helped < 64 && self.smaller_node(at) {
                helped += 1;
            }
            any |= helped > 0;
            at += 1;
        }
        any
    }

    /// Tries every edit of one node; whether one of them helped.
    fn smaller_node(&mut self, at: usize) -> bool {
        let mut edits = 0;
        let world = self.best.world.clone();
        with_node(&mut self.best, at, &mut |node| edits = count_edits(&node));
        (0..edits).any(|which| {
            self.attempt(|program| {
                let mut edited = false;
                with_node(program, at, &mut |node| edited = edit(node, which, &world));
                edited
            })
        })
    }
}

/// How many nodes the program has.
fn count_nodes(program: &mut Program) -> usize {
    let mut count = 0;
    walk_program(program, &mut |_| {
        count += 1;
        false
    });
    count
}

/// Does something with the node of that number, in order of the text.
fn with_node(program: &mut Program, wanted: usize, work: &mut dyn FnMut(Node<'_>)) {
    let mut at = 0;
    walk_program(program, &mut |node| {
        let found = at == wanted;
        at += 1;
        if found {
            work(node);
        }
        found
    });
}

/// Visits nodes, each before those in it, until `visit` says that it is enough.
fn walk_program(program: &mut Program, visit: &mut dyn FnMut(Node<'_>) -> bool) -> bool {
    program.items.iter_mut().any(|item| walk(&mut item.body.pieces, visit))
}

fn walk(pieces: &mut [Piece], visit: &mut dyn FnMut(Node<'_>) -> bool) -> bool {
    pieces.iter_mut().any(|piece| match piece {
        Piece::Text(_) => false,
        Piece::Hole(hole) => walk_expr(&mut hole.expr, visit),
        Piece::Line(pieces) => walk(pieces, visit),
        Piece::Many(many) => visit(Node::Many(many)) || many.items.iter_mut().any(|item| walk(item, visit)),
        Piece::Block(block) => {
            visit(Node::Block(block))
                || block.stmts.iter_mut().any(|stmt| walk(&mut stmt.0.pieces, visit))
                || block.value.as_mut().is_some_and(|hole| walk_expr(&mut hole.expr, visit))
        }
    })
}

fn walk_expr(expr: &mut Expr, visit: &mut dyn FnMut(Node<'_>) -> bool) -> bool {
    visit(Node::Expr(expr)) || walk(&mut expr.pieces, visit)
}

/// How many edits [`edit`] knows for a node.
fn count_edits(node: &Node<'_>) -> usize {
    match node {
        // A literal, then its parts of the same type.
        Node::Expr(expr) => 1 + parts_of_type(expr).len(),
        // All statements, then each half, then each one taken away, then each replaced by what is in it.
        Node::Block(block) if block.stmts.is_empty() => 0,
        Node::Block(block) => 3 + 2 * block.stmts.len(),
        Node::Many(many) if many.items.len() <= many.least => 0,
        Node::Many(many) => many.items.len(),
    }
}

/// Does the edit of that number; whether it changed anything.
fn edit(node: Node<'_>, which: usize, world: &World) -> bool {
    match node {
        Node::Expr(expr) => edit_expr(expr, which, world),
        Node::Block(block) => edit_block(block, which),
        Node::Many(many) => {
            many.items.remove(which);
            true
        }
    }
}

fn edit_expr(expr: &mut Expr, which: usize, world: &World) -> bool {
    let other = match which.checked_sub(1) {
        None => minimal(&expr.ty, world, 0),
        Some(part) => parts_of_type(expr).get(part).cloned(),
    };
    let Some(other) = other else { return false };
    if length(&other.pieces) >= length(&expr.pieces) {
        return false;
    }
    *expr = other;
    true
}

fn edit_block(block: &mut Block, which: usize) -> bool {
    let count = block.stmts.len();
    match which {
        0 => block.stmts.clear(),
        1 if count > 2 => drop(block.stmts.drain(..count / 2)),
        2 if count > 2 => block.stmts.truncate(count / 2),
        1 | 2 => return false,
        which if which < 3 + count => drop(block.stmts.remove(count - 1 - (which - 3))),
        which => {
            let at = which - 3 - count;
            let inner = blocks_of(&block.stmts[at].0);
            if inner.is_empty() {
                return false;
            }
            block.stmts.splice(at..=at, inner.into_iter().flat_map(|block| block.stmts));
        }
    }
    true
}

/// The blocks directly in a statement.
fn blocks_of(body: &Body) -> Vec<Block> {
    let block = |piece: &Piece| match piece {
        Piece::Block(block) => Some(block.clone()),
        _ => None,
    };
    body.pieces.iter().filter_map(block).collect()
}

/// The expressions in an expression that have its type, the outer ones first, and none in a closure's own block.
fn parts_of_type(expr: &Expr) -> Vec<Expr> {
    let mut found = Vec::new();
    let mut open: Vec<&Expr> = directly_in(&expr.pieces);
    while let Some(next) = open.pop() {
        if next.ty == expr.ty && found.len() < 12 {
            found.push(next.clone());
        }
        open.extend(directly_in(&next.pieces));
    }
    found
}

fn directly_in(pieces: &[Piece]) -> Vec<&Expr> {
    let mut found = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Text(_) => {}
            Piece::Hole(hole) => found.push(&hole.expr),
            Piece::Line(pieces) => found.extend(directly_in(pieces)),
            Piece::Many(many) => found.extend(many.items.iter().flat_map(|item| directly_in(item))),
            Piece::Block(block) => {
                found.extend(block.value.iter().map(|hole| &hole.expr));
                found.extend(block.stmts.iter().flat_map(|stmt| directly_in(&stmt.0.pieces)));
            }
        }
    }
    found
}

/// About how long something is when it is printed.
fn length(pieces: &[Piece]) -> usize {
    let of = |piece: &Piece| match piece {
        Piece::Text(text) => text.len(),
        Piece::Hole(hole) => length(&hole.expr.pieces),
        Piece::Line(pieces) => length(pieces),
        Piece::Many(many) => many.items.iter().map(|item| length(item) + 2).sum(),
        Piece::Block(block) => {
            let stmts: usize = block.stmts.iter().map(|stmt| length(&stmt.0.pieces) + 1).sum();
            2 + stmts + block.value.as_ref().map_or(0, |hole| length(&hole.expr.pieces))
        }
    };
    pieces.iter().map(of).sum()
}

/// The shortest literal of a type; none where there is no such thing.
fn minimal(ty: &Type, world: &World, depth: usize) -> Option<Expr> {
    let word = |text: &str| Some(Expr::word(ty, text));
    let open = |text: &str| Some(Expr::word(ty, text).unsettled());
    if depth > 8 {
        return None;
    }
    let part = |ty: &Type| minimal(ty, world, depth + 1);
    match ty {
        Type::Unit => word("()"),
        Type::Bool => word("false"),
        Type::Int(_) => open("0"),
        Type::Float(_) => open("0.0"),
        Type::Char => word("'a'"),
        Type::String => word("\"\""),
        Type::List(_) | Type::Set(_) => open("[]"),
        Type::Map(..) => open("[:]"),
        Type::Option(_) => open("none"),
        Type::Result(ok, _) if **ok == Type::Unit => open("ok()"),
        Type::Result(ok, _) => Some(Expr::of(ty).text("ok(").given(part(ok)?).text(")").unsettled()),
        Type::Fixed(item, count) => {
            let items = (0..*count).map(|_| Some(Expr::of(item).given(part(item)?).pieces));
            let items = items.collect::<Option<Vec<_>>>()?;
            Some(Expr::of(ty).text("[").pieces(separated(items)).text("]").unsettled())
        }
        Type::Tuple(parts) => {
            let made = parts.iter().map(|ty| Some(Expr::of(ty).inherited(part(ty)?).pieces));
            let made = made.collect::<Option<Vec<_>>>()?;
            let end = if made.len() == 1 { ",)" } else { ")" };
            Some(Expr::of(ty).text("(").pieces(separated(made)).text(end))
        }
        Type::Named(decl, args) => {
            let name = &world.types[*decl].name;
            let expr = match &world.types[*decl].shape {
                Shape::Record(fields) => {
                    let needed = fields.iter().filter(|field| field.default.is_none());
                    let inits = needed.map(|field| {
                        let value = part(&field.ty.with(args))?;
                        Some(Body::new(format!("{}: ", field.name)).given(value).pieces)
                    });
                    let inits = inits.collect::<Option<Vec<_>>>()?;
                    Expr::of(ty).text(format!("{name} {{ ")).pieces(separated(inits)).text(" }").loose()
                }
                Shape::Variant(cases) => {
                    let case = cases.first()?;
                    let parts = case
                        .parts
                        .iter()
                        .map(|p| Some(Body::default().given(part(&p.ty.with(args))?).pieces));
                    let parts = parts.collect::<Option<Vec<_>>>()?;
                    let expr = Expr::of(ty).text(format!("{name}.{}", case.name));
                    if parts.is_empty() { expr } else { expr.text("(").pieces(separated(parts)).text(")") }
                }
                Shape::Enum(names) => Expr::word(ty, format!("{name}.{}", names.first()?)),
                Shape::Flags(_) => Expr::word(ty, format!("{name}.none()")),
                Shape::Alias(target) => part(target)?,
            };
            Some(if args.is_empty() { expr } else { expr.unsettled() })
        }
        Type::Param(_) | Type::Fn(..) => None,
    }
}

/// Pieces with commas between.
fn separated(items: Vec<Vec<Piece>>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            pieces.push(Piece::Text(", ".to_owned()));
        }
        pieces.extend(item);
    }
    pieces
}
