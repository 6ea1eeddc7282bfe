//! `match`, and chains of `is`.

use super::pattern::Pattern;
use super::{Maker, share};
use crate::model::{Block, Body, Expr, Piece, Type, Wants};

impl Maker {
    /// A `match` that gives a value.
    pub(super) fn match_value(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        let (scrutinee, arms) = self.scrutinee(share(size, 3));
        let count = arms.len();
        let arms = arms.into_iter().map(|pattern| {
            self.arm(pattern, share(size, count + 1), &mut |this, body, size| {
                if this.chance(20) {
                    return body.block(this.block(ty, 1, size, Wants::Inherited));
                }
                body.hole(this.expr(ty, size), Wants::Inherited, true)
            })
        });
        let arms = arms.collect();
        Some(Expr::of(ty).text("match ").receiver(scrutinee).text(" { ").many(arms, ", ").text(" }").loose())
    }

    /// A `match` whose arms are statements.
    pub(super) fn match_stmt(&mut self, size: usize) -> Body {
        let (scrutinee, arms) = self.scrutinee(share(size, 3));
        let count = arms.len();
        let arms = arms.into_iter().map(|pattern| {
            self.arm(pattern, share(size, count + 1), &mut |this, body, size| {
                let stmts = this.scoped(|this| this.stmts(1, size));
                body.block(Block { stmts, value: None })
            })
        });
        let arms = arms.collect();
        Body::new("match ").receiver(scrutinee).text(" { ").many(arms, ", ").text(" }")
    }

    /// A `match inout` of a place; none where there is no such place.
    pub(super) fn match_inout(&mut self, size: usize) -> Option<Body> {
        let wanted = |ty: &Type| {
            matches!(
                ty,
                Type::Option(_) | Type::Result(..) | Type::Tuple(_) | Type::List(_) | Type::Named(..)
            )
        };
        let (ty, root, place) = self.place_where(&wanted, share(size, 4))?;
        let mut patterns = self.covering(&ty).unwrap_or_default();
        if patterns.is_empty() || self.chance(30) {
            patterns.insert(0, self.pattern(&ty, 2));
            patterns.push(self.irrefutable(&ty, 2));
        }
        let count = patterns.len();
        let mut arms = Vec::new();
        for (text, bound) in patterns {
            let (text, changed) = self.mark_inout(text, &bound);
            let stmts = self.scoped(|this| {
                this.frame.scope[root].is_open = !changed.is_empty();
                for (name, ty) in &bound {
                    this.bind(name, ty, changed.contains(name));
                }
                let stmts = this.stmts(1 + this.random.clone().below(2), share(size, count));
                this.frame.scope[root].is_open = false;
                stmts
            });
            arms.push(Body::new(format!("{text} => ")).block(Block { stmts, value: None }).pieces);
        }
        Some(Body::new("match inout ").pieces(place.pieces).text(" { ").many(arms, ", ").text(" }"))
    }

    /// A pattern with some of its names marked `inout`, and those names: none under `|`, in a string, after `as` or `..`.
    fn mark_inout(&mut self, mut text: String, bound: &[(String, Type)]) -> (String, Vec<String>) {
        let mut changed = Vec::new();
        if text.contains('|') || text.contains('"') {
            return (text, changed);
        }
        for (name, _) in bound {
            let is_whole = |at: &usize| !text[at + name.len()..].starts_with(|c: char| c.is_ascii_digit());
            let Some(at) = text.match_indices(name.as_str()).map(|(at, _)| at).find(is_whole) else {
                continue;
            };
            let before = &text[..at];
            if !before.ends_with("..") && !before.ends_with(" as ") && self.chance(70) {
                text.insert_str(at, "inout ");
                changed.push(name.clone());
            }
        }
        (text, changed)
    }

    fn arm(
        &mut self,
        (text, bound): Pattern,
        size: usize,
        value: &mut dyn FnMut(&mut Maker, Body, usize) -> Body,
    ) -> Vec<Piece> {
        let (text, is_guarded) = match text.strip_suffix(GUARDED) {
            Some(text) => (text.to_owned(), true),
            None => (text, false),
        };
        self.scoped(|this| {
            this.bind_all(&bound);
            let mut body = Body::new(text);
            if is_guarded {
                let outer = this.frame.result.take();
                let guard = this.behind_barrier(|this| this.expr(&Type::Bool, size.max(1)));
                this.frame.result = outer;
                body = body.text(" if ").receiver(guard);
            }
            value(this, body.text(" => "), size).pieces
        })
    }

    /// Something to match, and patterns that cover all of it.
    fn scrutinee(&mut self, size: usize) -> (Expr, Vec<Pattern>) {
        let mut ty = self.some_type();
        if self.chance(25) {
            ty = Type::Tuple(vec![ty, self.some_type()]);
        }
        let scrutinee = self.expr(&ty, size);
        let mut arms = Vec::new();
        if self.chance(60)
            && let Some(covering) = self.covering(&ty)
        {
            for pattern in covering {
                if self.chance(25) {
                    arms.push(self.maybe_guarded(&ty));
                }
                arms.push(pattern);
            }
            return (scrutinee, arms);
        }
        for _ in 0..=self.random.below(3) {
            arms.push(self.maybe_guarded(&ty));
        }
        arms.push(self.irrefutable(&ty, 1));
        (scrutinee, arms)
    }

    fn maybe_guarded(&mut self, ty: &Type) -> Pattern {
        let (text, bound) = self.pattern(ty, 3);
        let text = if self.chance(25) { format!("{text}{GUARDED}") } else { text };
        (text, bound)
    }

    /// A pattern for each case of a type, if it has cases.
    pub(super) fn covering(&mut self, ty: &Type) -> Option<Vec<Pattern>> {
        let wrapped = |word: &str, (text, bound): Pattern| (format!("{word}({text})"), bound);
        Some(match ty {
            Type::Bool => vec![("false".to_owned(), Vec::new()), ("true".to_owned(), Vec::new())],
            Type::Option(item) => {
                vec![wrapped("some", self.irrefutable(item, 2)), ("none".to_owned(), Vec::new())]
            }
            Type::Result(ok, err) => {
                vec![wrapped("ok", self.irrefutable(ok, 2)), wrapped("err", self.irrefutable(err, 2))]
            }
            Type::List(item) => {
                let (first, mut bound) = self.irrefutable(item, 1);
                let rest = self.name("v");
                bound.push((rest.clone(), ty.clone()));
                vec![("[]".to_owned(), Vec::new()), (format!("[{first}, ..{rest}]"), bound)]
            }
            Type::Named(..) => {
                if let Some(cases) = self.world.cases(ty) {
                    let mut patterns = Vec::new();
                    for case in cases {
                        patterns.push(self.case_pattern(ty, &case, &mut |this, ty| this.irrefutable(ty, 1)));
                    }
                    return Some(patterns);
                }
                let (names, is_flags) = self.bare_names(ty);
                if is_flags || names.is_empty() {
                    return None;
                }
                names.into_iter().map(|name| (name, Vec::new())).collect()
            }
            _ => return None,
        })
    }

    /// `e is p`
    pub(super) fn is_pattern(&mut self, _: &Type, size: usize) -> Option<Expr> {
        let ty = self.some_type();
        let value = self.expr(&ty, share(size, 1));
        let (text, _) = self.pattern(&ty, 2);
        Some(Expr::of(&Type::Bool).receiver(value).text(format!(" is {text}")).loose())
    }

    /// A condition, and the names that hold where it does: `a is some(x) && x > 0`.
    pub(super) fn chain(&mut self, size: usize) -> (Expr, Vec<(String, Type)>) {
        let condition = Expr::of(&Type::Bool);
        if self.chance(60) {
            let plain = self.condition(size);
            return (condition.receiver(plain), Vec::new());
        }
        let ty = self.some_type();
        let value = self.expr(&ty, share(size, 2));
        let (text, bound) = self.pattern(&ty, 3);
        let mut condition = condition.receiver(value).text(format!(" is {text}"));
        if self.chance(40) {
            let more = self.scoped(|this| {
                this.bind_all(&bound);
                this.condition(share(size, 2))
            });
            condition = condition.text(" && ").receiver(more);
        }
        (condition, bound)
    }
}

/// What marks a pattern's text as one that has a guard.
const GUARDED: &str = "\u{0}";
