//! Functions.

use super::types::contains_param;
use super::{Frame, Maker};
use crate::model::{Block, Body, Bound, Expr, Function, Item, Param, Type, Wants, World};

/// How often a function that counts down from its largest argument is called, when it calls itself twice.
const TREE: u64 = 31;

impl Maker {
    /// Declares functions and makes their bodies: one, or two that call each other.
    pub(super) fn functions(&mut self, size: usize) -> Vec<Item> {
        match self.random.below(10) {
            0 => vec![self.countdown(size)],
            1 => self.mutual(size),
            2 | 3 => match self.walk(size) {
                Some(item) => vec![item],
                None => vec![self.function(size)],
            },
            _ => vec![self.function(size)],
        }
    }

    fn params(&mut self, generics: &[Bound], may_change: bool) -> Vec<Param> {
        let mut params = Vec::new();
        // Each type parameter is that of some parameter, so that there is a value of it.
        for index in 0..generics.len() {
            params.push(self.param(Type::Param(index), false));
        }
        for _ in 0..=self.random.below(3) {
            let ty = self.param_type(generics);
            let inout = may_change && self.chance(25) && !matches!(ty, Type::Fn(..));
            params.push(self.param(ty, inout));
        }
        params
    }

    fn param(&mut self, ty: Type, inout: bool) -> Param {
        Param { name: self.name("a"), ty, inout, has_default: false }
    }

    fn param_type(&mut self, generics: &[Bound]) -> Type {
        if self.chance(15) {
            let params = (0..=self.random.below(2)).map(|_| self.any_type(1)).collect();
            return Type::function(params, self.any_type(1));
        }
        if !generics.is_empty() && self.chance(50) {
            let index = self.random.below(generics.len());
            let inner = Type::Param(index);
            return match self.random.below(4) {
                0 => Type::option(inner),
                1 => Type::Tuple(vec![inner, self.any_type(0)]),
                2 => inner,
                _ => Type::list(inner),
            };
        }
        self.any_type(2)
    }

    fn result_type(&mut self, generics: &[Bound]) -> Type {
        match self.random.below(10) {
            0 => Type::Unit,
            1 => Type::option(self.param_data(generics)),
            2 => Type::Result(Box::new(self.param_data(generics)), Box::new(Type::String)),
            _ => self.param_data(generics),
        }
    }

    fn param_data(&mut self, generics: &[Bound]) -> Type {
        let ty = self.param_type(generics);
        if matches!(ty, Type::Fn(..)) { Type::String } else { ty }
    }

    /// A function, perhaps generic, perhaps a method.
    fn function(&mut self, size: usize) -> Item {
        let generics = if self.chance(30) { self.bounds() } else { Vec::new() };
        self.frame = Frame::new(generics.clone(), None);
        let mut params = self.params(&generics, true);
        let result = self.result_type(&generics);
        let is_method = self.chance(35) && !matches!(params[0].ty, Type::Param(_) | Type::Fn(..));
        if is_method {
            params[0].name = "self".to_owned();
        }
        let defaults = self.defaults(&mut params);
        let name = self.name(if is_method { "m" } else { "g" });
        let function = Function { name, is_method, generics, params, result, cost: 0, is_countdown: false };
        self.enter(&function);
        let stmts = 1 + self.random.below(size.max(1));
        let block = self.function_block(&function.result.clone(), stmts, size);
        self.finish(function, &defaults, block)
    }

    /// Gives defaults to parameters at the end.
    fn defaults(&mut self, params: &mut [Param]) -> Vec<Option<Expr>> {
        let mut defaults = vec![None; params.len()];
        for (index, param) in params.iter_mut().enumerate().skip(1).rev() {
            let fits = !param.inout && !contains_param(&param.ty) && !matches!(param.ty, Type::Fn(..));
            if !fits || !self.chance(25) {
                break;
            }
            param.has_default = true;
            defaults[index] = Some(self.literal_value(&param.ty, 2));
        }
        defaults
    }

    /// Opens the scope of a function.
    fn enter(&mut self, function: &Function) {
        self.frame = Frame::new(function.generics.clone(), Some(function.result.clone()));
        for param in &function.params {
            self.bind(&param.name, &param.ty, param.inout);
        }
    }

    fn function_block(&mut self, result: &Type, stmts: usize, size: usize) -> Block {
        let stmts = self.stmts(stmts, size);
        if *result == Type::Unit {
            return Block { stmts, value: None };
        }
        let value = self.expr(result, size);
        Block::giving(stmts, value, Wants::Given)
    }

    /// The function as an item; from now on it can be called.
    fn finish(&mut self, mut function: Function, defaults: &[Option<Expr>], block: Block) -> Item {
        function.cost = self.frame.steps + 2;
        let body = self.head("fn", &function, defaults).text(" ").block(block);
        self.world.functions.push(function);
        Item { body, dot: None }
    }

    pub(super) fn head(&self, keyword: &str, function: &Function, defaults: &[Option<Expr>]) -> Body {
        let generic = |(index, bound): (usize, &Bound)| {
            let name = World::param_name(index);
            if *bound == Bound::Data { name.to_owned() } else { format!("{name}: {}", bound.name()) }
        };
        let generics: Vec<_> = function.generics.iter().enumerate().map(generic).collect();
        let generics = if generics.is_empty() { String::new() } else { format!("<{}>", generics.join(", ")) };
        let mut body = Body::new(format!("{keyword} {}{generics}(", function.name));
        for (index, param) in function.params.iter().enumerate() {
            let inout = if param.inout { "inout " } else { "" };
            let comma = if index > 0 { ", " } else { "" };
            body = body.text(format!("{comma}{inout}{}: {}", param.name, self.world.show(&param.ty)));
            if let Some(Some(default)) = defaults.get(index) {
                body = body.text(" = ").given(default.clone());
            }
        }
        let result = match &function.result {
            Type::Unit => String::new(),
            result => format!(" -> {}", self.atom(result)),
        };
        body.text(format!("){result}"))
    }

    fn countdown_signature(&mut self) -> Function {
        self.frame = Frame::new(Vec::new(), None);
        let counter = Param { name: "n".to_owned(), ty: Type::U32, inout: false, has_default: false };
        let params = std::iter::once(counter).chain(self.params(&[], false)).collect();
        let result = self.any_type(2);
        let name = self.name("g");
        Function {
            name,
            is_method: false,
            generics: Vec::new(),
            params,
            result,
            cost: STEPS_OF_COUNTDOWN,
            is_countdown: true,
        }
    }

    /// A function that calls itself with a smaller number, down to 0.
    fn countdown(&mut self, size: usize) -> Item {
        let function = self.countdown_signature();
        let at = self.world.functions.len();
        self.world.functions.push(function);
        self.countdown_body(at, vec![at], size)
    }

    /// Two functions that call each other with smaller numbers.
    fn mutual(&mut self, size: usize) -> Vec<Item> {
        let first = self.world.functions.len();
        for _ in 0..2 {
            let function = self.countdown_signature();
            self.world.functions.push(function);
        }
        vec![
            self.countdown_body(first, vec![first + 1], size),
            self.countdown_body(first + 1, vec![first, first + 1], size),
        ]
    }

    fn countdown_body(&mut self, at: usize, own: Vec<usize>, size: usize) -> Item {
        let function = self.world.functions[at].clone();
        self.enter(&function);
        // What comes later is not made yet; what is made together is called with less only.
        self.frame.own = own;
        self.frame.own.extend(at..self.world.functions.len());
        let end = self.leaf(&function.result);
        self.frame.own_left = 2;
        let stmts = self.stmts(2, size);
        let value = self.expr(&function.result, size);
        let end = Block { stmts: vec![Body::new("return ").given(end).stmt()], value: None };
        let mut all = vec![Body::new("if n == 0 ").block(end).stmt()];
        all.extend(stmts);
        let block = Block::giving(all, value, Wants::Given);
        self.world.functions[at].cost = self.frame.steps.saturating_mul(TREE) + 2;
        Item { body: self.head("fn", &function, &[]).text(" ").block(block), dot: None }
    }

    /// A function that walks down a value of a type that holds itself.
    fn walk(&mut self, size: usize) -> Option<Item> {
        let is_walkable =
            |at: &usize| self.world.types[*at].is_recursive && self.world.types[*at].params.is_empty();
        let found: Vec<_> = (0..self.world.types.len()).filter(is_walkable).collect();
        let own = Type::Named(*self.random.pick(&found)?, Vec::new());
        let cases = self.world.cases(&own)?;
        self.frame = Frame::new(Vec::new(), None);
        let result = if self.chance(50) { own.clone() } else { self.any_type(1) };
        let receiver = Param { name: "self".to_owned(), ty: own.clone(), inout: false, has_default: false };
        let other = self.any_type(1);
        let params = vec![receiver, self.param(other, false)];
        let name = self.name("m");
        let function = Function {
            name,
            is_method: true,
            generics: Vec::new(),
            params,
            result,
            cost: 0,
            is_countdown: false,
        };
        self.enter(&function);
        let mut arms = Vec::new();
        for case in &cases {
            let (text, bound) = self.case_pattern(&own, case, &mut |this, ty| {
                let name = this.name("v");
                (name.clone(), vec![(name, ty.clone())])
            });
            let block = self.scoped(|this| this.walk_arm(&function, &own, &bound, size));
            arms.push(Body::new(format!("{text} => ")).block(block).pieces);
        }
        let value = Expr::of(&function.result).text("match self { ").many(arms, ", ").text(" }").loose();
        self.frame.steps = self.frame.steps.saturating_mul(8);
        Some(self.finish(function, &[], Block::giving(Vec::new(), value, Wants::Given)))
    }

    /// One arm: what the parts give is bound first.
    fn walk_arm(&mut self, function: &Function, own: &Type, bound: &[(String, Type)], size: usize) -> Block {
        self.bind_all(bound);
        let mut stmts = Vec::new();
        for (name, ty) in bound {
            let arg = self.leaf(&function.params[1].ty);
            let call = |start: String| Body::new(format!("{start}.{}(", function.name)).given(arg).text(")");
            let (value, ty) = match ty {
                ty if ty == own => (call(name.clone()), function.result.clone()),
                Type::List(item) if **item == *own => {
                    let each = call("x".to_owned());
                    let mapped = Body::new(format!("{name}.map(|x| ")).pieces(each.pieces).text(")");
                    (mapped, Type::list(function.result.clone()))
                }
                _ => continue,
            };
            let result = self.name("v");
            stmts.push(Body::new(format!("let {result} = ")).pieces(value.pieces).stmt());
            self.bind(&result, &ty, false);
        }
        let value = self.expr(&function.result, size / 2);
        Block::giving(stmts, value, Wants::Given)
    }
}

/// What a call of a function that counts down is taken to cost before its body is known.
const STEPS_OF_COUNTDOWN: u64 = 200;
