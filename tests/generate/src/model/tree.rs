//! Trees of text with typed holes.

use super::{IntTy, Type};

/// What a hole's place tells about the type of what stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    /// The type is known from the place: an argument, a condition, what is assigned.
    Given,
    /// The type is known if that of the whole is: a branch, an element, an operand.
    Inherited,
    /// Nothing: a receiver, what is matched. An expression whose type doesn't show is written with it.
    Nothing,
}

/// A place for an expression.
#[derive(Clone, Debug)]
pub struct Hole {
    /// What stands in it.
    pub expr: Expr,
    /// What the place tells of its type.
    pub wants: Wants,
    /// Whether anything but a plain term stands in parentheses here.
    pub is_tight: bool,
}

/// A piece of what is written.
#[derive(Clone, Debug)]
pub enum Piece {
    /// Text as it stands.
    Text(String),
    /// An expression.
    Hole(Box<Hole>),
    /// A block.
    Block(Block),
    /// Several of a kind, any of which may go.
    Many(Many),
    /// Pieces that stand on one line, as in a string.
    Line(Vec<Piece>),
}

/// Several pieces of a kind: arguments, elements, arms.
#[derive(Clone, Debug)]
pub struct Many {
    /// They.
    pub items: Vec<Vec<Piece>>,
    /// What stands between them.
    pub between: &'static str,
    /// How many have to stay.
    pub least: usize,
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// Its type.
    pub ty: Type,
    /// How it is written.
    pub pieces: Vec<Piece>,
    /// Whether it stands in parentheses where a plain term is wanted.
    pub is_loose: bool,
    /// Whether its type shows wherever it stands, as far as that of its inherited holes does.
    pub is_settled: bool,
}

/// A block: `{`, statements, perhaps a value, `}`.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// Its statements.
    pub stmts: Vec<Stmt>,
    /// Its value; a block without one gives `()` or doesn't end normally.
    pub value: Option<Box<Hole>>,
}

/// A statement.
#[derive(Clone, Debug)]
pub struct Stmt(pub Body);

/// Text with holes that is no expression: a statement, an item.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// How it is written.
    pub pieces: Vec<Piece>,
}

/// An item of the program.
#[derive(Clone, Debug)]
pub struct Item {
    /// How it is written.
    pub body: Body,
    /// The dot, if it is one.
    pub dot: Option<String>,
}

/// Things written piece by piece.
macro_rules! writing {
    ($ty:ty) => {
        impl $ty {
            /// Goes on with text.
            #[must_use]
            pub fn text(mut self, text: impl Into<String>) -> Self {
                self.pieces.push(Piece::Text(text.into()));
                self
            }

            /// Goes on with an expression whose type its place tells.
            #[must_use]
            pub fn given(self, expr: Expr) -> Self {
                self.hole(expr, Wants::Given, false)
            }

            /// Goes on with an index. Any integer is one, so a literal is an `s64` there, which not every `u64` fits.
            #[must_use]
            pub fn index(self, expr: Expr) -> Self {
                let wants = if expr.ty == Type::Int(IntTy::U64) { Wants::Nothing } else { Wants::Given };
                self.text("[").hole(expr, wants, false)
            }

            /// Goes on with an expression that has the type of the whole, or a part of it.
            #[must_use]
            pub fn inherited(self, expr: Expr) -> Self {
                self.hole(expr, Wants::Inherited, false)
            }

            /// Goes on with an expression whose type its place doesn't tell.
            #[must_use]
            pub fn free(self, expr: Expr) -> Self {
                self.hole(expr, Wants::Nothing, false)
            }

            /// Goes on with a plain term whose type its place doesn't tell: a receiver, the head of a `match`.
            #[must_use]
            pub fn receiver(self, expr: Expr) -> Self {
                self.hole(expr, Wants::Nothing, true)
            }

            /// Goes on with an expression.
            #[must_use]
            pub fn hole(mut self, expr: Expr, wants: Wants, is_tight: bool) -> Self {
                self.pieces.push(Piece::Hole(Box::new(Hole { expr, wants, is_tight })));
                self
            }

            /// Goes on with a block.
            #[must_use]
            pub fn block(mut self, block: Block) -> Self {
                self.pieces.push(Piece::Block(block));
                self
            }

            /// Goes on with several of a kind.
            #[must_use]
            pub fn many(mut self, items: Vec<Vec<Piece>>, between: &'static str) -> Self {
                self.pieces.push(Piece::Many(Many { items, between, least: 0 }));
                self
            }

            /// Goes on with several of a kind, not all of which may go.
            #[must_use]
            pub fn some_of(mut self, items: Vec<Vec<Piece>>, between: &'static str) -> Self {
                self.pieces.push(Piece::Many(Many { items, between, least: 1 }));
                self
            }

            /// Goes on with pieces.
            #[must_use]
            pub fn pieces(mut self, pieces: Vec<Piece>) -> Self {
                self.pieces.extend(pieces);
                self
            }
        }
    };
}

writing!(Expr);
writing!(Body);

impl Expr {
    /// An expression of a type, with nothing written so far.
    #[must_use]
    pub fn of(ty: &Type) -> Expr {
        Expr { ty: ty.clone(), pieces: Vec::new(), is_loose: false, is_settled: true }
    }

    /// A variable, or anything else that is one word.
    #[must_use]
    pub fn word(ty: &Type, word: impl Into<String>) -> Expr {
        Expr::of(ty).text(word)
    }

    /// One that needs parentheses where a plain term is wanted.
    #[must_use]
    pub fn loose(mut self) -> Self {
        self.is_loose = true;
        self
    }

    /// One whose type doesn't show: `none`, a number.
    #[must_use]
    pub fn unsettled(mut self) -> Self {
        self.is_settled = false;
        self
    }

    /// Whether its type shows wherever it stands.
    #[must_use]
    pub fn shows_type(&self) -> bool {
        self.is_settled && self.pieces.iter().all(Piece::shows_type)
    }
}

impl Piece {
    fn shows_type(&self) -> bool {
        match self {
            Piece::Text(_) => true,
            Piece::Hole(hole) => hole.wants != Wants::Inherited || hole.expr.shows_type(),
            Piece::Block(block) => block
                .value
                .as_ref()
                .is_none_or(|hole| hole.wants != Wants::Inherited || hole.expr.shows_type()),
            Piece::Many(many) => many.items.iter().flatten().all(Piece::shows_type),
            Piece::Line(pieces) => pieces.iter().all(Piece::shows_type),
        }
    }
}

impl Body {
    /// Text to begin with.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Body {
        Body::default().text(text)
    }

    /// It as a statement.
    #[must_use]
    pub fn stmt(self) -> Stmt {
        Stmt(self)
    }
}

impl Block {
    /// A block with a value.
    #[must_use]
    pub fn giving(stmts: Vec<Stmt>, expr: Expr, wants: Wants) -> Block {
        Block { stmts, value: Some(Box::new(Hole { expr, wants, is_tight: false })) }
    }
}
