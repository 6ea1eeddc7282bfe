//! Programs as source.

use crate::model::{Block, Body, Expr, Hole, Piece, Program, Wants, World};

/// The program's text.
#[must_use]
pub fn program(program: &Program) -> String {
    let mut out = Printer { world: &program.world, text: String::new(), depth: 0, on_one_line: 0 };
    for item in &program.items {
        out.body(&item.body);
        out.text.push_str("\n\n");
    }
    out.text.truncate(out.text.trim_end().len());
    out.text.push('\n');
    out.text
}

struct Printer<'a> {
    world: &'a World,
    text: String,
    /// How deep blocks nest.
    depth: usize,
    /// How many things around don't span lines.
    on_one_line: usize,
}

impl Printer<'_> {
    fn body(&mut self, body: &Body) {
        self.pieces(&body.pieces);
    }

    fn pieces(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            self.piece(piece);
        }
    }

    fn piece(&mut self, piece: &Piece) {
        match piece {
            Piece::Text(text) => self.text.push_str(text),
            Piece::Hole(hole) => self.hole(hole),
            Piece::Block(block) => self.block(block),
            Piece::Line(pieces) => {
                self.on_one_line += 1;
                self.pieces(pieces);
                self.on_one_line -= 1;
            }
            Piece::Many(many) => {
                for (index, item) in many.items.iter().enumerate() {
                    if index > 0 {
                        self.text.push_str(many.between);
                    }
                    self.pieces(item);
                }
            }
        }
    }

    fn hole(&mut self, hole: &Hole) {
        if hole.wants == Wants::Nothing && !hole.expr.shows_type() {
            self.with_type(&hole.expr);
        } else if hole.is_tight && hole.expr.is_loose {
            self.text.push('(');
            self.pieces(&hole.expr.pieces);
            self.text.push(')');
        } else {
            self.pieces(&hole.expr.pieces);
        }
    }

    /// An expression with its type beside it: the language has no form for that but a `let`.
    fn with_type(&mut self, expr: &Expr) {
        let ty = self.world.show(&expr.ty);
        self.text.push_str(&format!("({{ let held: {ty} = "));
        self.pieces(&expr.pieces);
        self.text.push_str("; held })");
    }

    fn block(&mut self, block: &Block) {
        self.text.push('{');
        self.depth += 1;
        for (index, stmt) in block.stmts.iter().enumerate() {
            self.end_of_statement(index == 0);
            self.body(&stmt.0);
        }
        if let Some(value) = &block.value {
            self.end_of_statement(block.stmts.is_empty());
            self.hole(value);
        }
        self.depth -= 1;
        if block.stmts.is_empty() && block.value.is_none() {
            self.text.push('}');
        } else {
            self.end_of_statement(true);
            self.text.push('}');
        }
    }

    /// What stands between two statements; at the ends of a block it is only space.
    fn end_of_statement(&mut self, at_an_end: bool) {
        if self.on_one_line > 0 {
            self.text.push_str(if at_an_end { " " } else { "; " });
        } else {
            self.text.push('\n');
            self.text.push_str(&"  ".repeat(self.depth));
        }
    }
}
