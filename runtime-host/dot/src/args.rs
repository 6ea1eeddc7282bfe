//! The words behind FILE and DOT, read by the dot's signature.
//!
//! A parameter is given by name (`--name Ada`, `--name=Ada`) or by position, in order, among those not given by
//! name. Names may be written with `_` or `-`. `@FILE` is a file's content and `@-` the standard input's; a value
//! that begins with `@` is written `@@…`. `--loud` alone is `--loud true`. Behind `--` there are only positional
//! values.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io::Read;

use dot_host::constraint::is_secret;
use dot_host::names::nearest;
use dot_host::{Dot, HIDDEN, Param, Ty, Val, from_json, from_word};
use serde_json::Value as Json;

use crate::cli::{option_name, option_takes_value};

/// The words behind DOT, sorted.
#[derive(Debug, Default, PartialEq)]
pub struct Words {
    /// Options of `dot run` itself.
    pub options: Vec<OsString>,
    /// One word for each parameter that was given by name.
    named: Vec<(usize, String)>,
    /// The other words, in order.
    positional: Vec<String>,
}

impl Words {
    /// Sorts the words by what they belong to. `reserved` tells the options of `dot run`.
    pub fn sort(dot: &Dot, words: impl IntoIterator<Item = OsString>) -> Result<Words, String> {
        let mut sorted = Words::default();
        let mut words: VecDeque<OsString> = words.into_iter().collect();
        while let Some(word) = words.pop_front() {
            if word == "--" {
                for word in words.drain(..) {
                    sorted.positional.push(text(word)?);
                }
            } else if let Some((name, has_value)) = option_name(&word) {
                let name = name.to_string();
                sorted.add_option(dot, &name, has_value, word, &mut words)?;
            } else {
                sorted.positional.push(text(word)?);
            }
        }
        Ok(sorted)
    }

    fn add_option(
        &mut self,
        dot: &Dot,
        name: &str,
        has_value: bool,
        word: OsString,
        rest: &mut VecDeque<OsString>,
    ) -> Result<(), String> {
        if let Some(index) = dot.params.iter().position(|p| is_named(p, name)) {
            let value = match text(word)?.split_once('=') {
                Some((_, value)) if has_value => value.to_string(),
                _ => next_value(name, &dot.params[index].ty, rest)?,
            };
            if self.named.iter().any(|(i, _)| *i == index) {
                return Err(format!("`--{name}` is given twice"));
            }
            self.named.push((index, value));
            return Ok(());
        }
        let Some(takes_value) = option_takes_value(name) else {
            let names = dot.params.iter().map(|p| p.dot.as_str());
            let hint = nearest(name, names).map(|n| format!("; did you mean `--{n}`?")).unwrap_or_default();
            return Err(format!("`{}` has no parameter `{name}`{hint}", dot.dot));
        };
        self.options.push(word);
        if takes_value && !has_value {
            self.options.extend(rest.pop_front());
        }
        Ok(())
    }

    /// The dot's arguments: words by name and position over `json`'s members over defaults. `string` is for the
    /// dot's one string parameter.
    pub fn arguments(
        self,
        dot: &Dot,
        json: Option<&Json>,
        string: Option<String>,
    ) -> Result<Vec<Val>, Vec<String>> {
        let mut slots: Vec<Option<String>> = vec![None; dot.params.len()];
        for (index, word) in self.named {
            slots[index] = Some(word);
        }
        if let Some(string) = string {
            let index = string_parameter(dot, &slots).map_err(|e| vec![e])?;
            slots[index] = Some(string);
        }
        let mut free = slots.iter_mut().filter(|slot| slot.is_none());
        for word in self.positional {
            match free.next() {
                Some(slot) => *slot = Some(word),
                None => return Err(vec![format!("`{}` takes no further value; found `{word}`", dot.dot)]),
            }
        }
        let json = json.map(|json| by_parameter(dot, json)).transpose().map_err(|e| vec![e])?;
        let mut values = Vec::new();
        let mut problems = Vec::new();
        for (i, (param, word)) in dot.params.iter().zip(slots).enumerate() {
            let json = json.as_ref().and_then(|all| all.get(i).copied().flatten());
            match argument(param, word, json) {
                Ok(value) => values.push(value),
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok(values) } else { Err(problems) }
    }
}

fn is_named(param: &Param, name: &str) -> bool {
    param.dot == name || param.name == name || param.dot == name.replace('-', "_")
}

/// The value of an option that did not bring it along.
fn next_value(name: &str, ty: &Ty, rest: &mut VecDeque<OsString>) -> Result<String, String> {
    let is_bool = matches!(ty, Ty::Bool) || matches!(ty, Ty::Option(t) if **t == Ty::Bool);
    let next_is_bool = rest.front().is_some_and(|w| w == "true" || w == "false");
    if is_bool && !next_is_bool {
        return Ok("true".to_string());
    }
    match rest.pop_front() {
        Some(word) => text(word),
        None => Err(format!("`--{name}` needs a value ({ty})")),
    }
}

fn text(word: OsString) -> Result<String, String> {
    word.into_string().map_err(|word| format!("`{}` is not UTF-8", word.to_string_lossy()))
}

/// The parameter that `--text` means where none is called so.
fn string_parameter(dot: &Dot, slots: &[Option<String>]) -> Result<usize, String> {
    let is_string = |ty: &Ty| *ty == Ty::String || matches!(ty, Ty::Option(t) if **t == Ty::String);
    let free = |(i, p): &(usize, &Param)| is_string(&p.ty) && slots.get(*i).is_some_and(Option::is_none);
    let mut strings = dot.params.iter().enumerate().filter(free).map(|(i, _)| i);
    match (strings.next(), strings.next()) {
        (Some(index), None) => Ok(index),
        (None, _) => Err(format!("`--text`: `{}` has no string parameter that is not given", dot.dot)),
        _ => Err(format!("`--text`: `{}` has several string parameters; give them by name", dot.dot)),
    }
}

/// The members of `--json`, by parameter.
fn by_parameter<'a>(dot: &Dot, json: &'a Json) -> Result<Vec<Option<&'a Json>>, String> {
    match json {
        Json::Object(object) => {
            if let Some(key) = object.keys().find(|key| !dot.params.iter().any(|p| is_named(p, key))) {
                return Err(format!("`--json`: `{}` has no parameter `{key}`", dot.dot));
            }
            Ok(dot.params.iter().map(|p| object.get(&p.dot).or_else(|| object.get(&p.name))).collect())
        }
        Json::Array(items) if items.len() <= dot.params.len() => {
            Ok((0..dot.params.len()).map(|i| items.get(i)).collect())
        }
        Json::Array(items) => {
            let (name, count) = (&dot.dot, dot.params.len());
            Err(format!("`--json`: `{name}` takes {count} arguments, not {}", items.len()))
        }
        _ => Err("`--json`: expected an object by parameter names, or an array".to_string()),
    }
}

fn argument(param: &Param, word: Option<String>, json: Option<&Json>) -> Result<Val, String> {
    let is_secret = is_secret(&param.constraints);
    if let Some(word) = word {
        let value = from_word(&param.dot, &file_content(&param.dot, word, &param.ty)?, &param.ty);
        // What is wrong with a word quotes it.
        return value.map_err(|problem| match is_secret {
            true => format!("`--{}`: expected {}, found {HIDDEN}", param.dot, param.ty),
            false => problem,
        });
    }
    if let Some(json) = json.or(param.default.as_ref()) {
        let value = from_json(&param.dot, json, &param.ty);
        return value.map_err(|error| error.concealed(is_secret).to_string());
    }
    match &param.ty {
        Ty::Option(_) => Ok(Val::Option(None)),
        ty => Err(format!("`--{}` is missing ({ty})", param.dot)),
    }
}

/// The word itself, or what `@FILE` stands for. A string is taken as it is; around other values, spaces and the
/// last newline of a file mean nothing.
fn file_content(name: &str, word: String, ty: &Ty) -> Result<String, String> {
    let Some(path) = word.strip_prefix('@') else { return Ok(word) };
    if path.starts_with('@') {
        return Ok(path.to_string());
    }
    let content = read(path).map_err(|e| format!("`{name}`: {path}: {e}"))?;
    let is_string = *ty == Ty::String || matches!(ty, Ty::Option(t) if **t == Ty::String);
    Ok(if is_string { content } else { content.trim().to_string() })
}

/// Reads a file, or the standard input for `-`.
pub fn read(path: &str) -> std::io::Result<String> {
    if path != "-" {
        return std::fs::read_to_string(path);
    }
    let mut content = String::new();
    std::io::stdin().read_to_string(&mut content)?;
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn param(name: &str, ty: Ty, default: Option<Json>) -> Param {
        let (name, dot) = (name.to_string(), name.replace('-', "_"));
        Param { name, dot, ty, docs: String::new(), default, constraints: Vec::new() }
    }

    fn dot(params: Vec<Param>) -> Dot {
        let f = || "f".to_string();
        Dot {
            interface: None,
            name: f(),
            dot: f(),
            docs: String::new(),
            params,
            result: None,
            effects: Vec::new(),
        }
    }

    fn read_all(dot: &Dot, words: &[&str], json: Option<Json>) -> Result<Vec<Val>, Vec<String>> {
        let words = Words::sort(dot, words.iter().map(OsString::from)).map_err(|e| vec![e])?;
        words.arguments(dot, json.as_ref(), None)
    }

    fn three() -> Dot {
        let flag = param("loud", Ty::Bool, Some(Json::Bool(false)));
        dot(vec![param("max-len", Ty::U8, None), flag, param("name", Ty::Option(Ty::String.into()), None)])
    }

    fn some(text: &str) -> Val {
        Val::Option(Some(Box::new(Val::String(text.to_string()))))
    }

    #[test]
    fn names_positions_and_defaults_fill_the_parameters() {
        let dot = three();
        let all = |words: &[&str]| read_all(&dot, words, None);
        assert_eq!(all(&["7"]), Ok(vec![Val::U8(7), Val::Bool(false), Val::Option(None)]));
        assert_eq!(all(&["--loud", "7"]), Ok(vec![Val::U8(7), Val::Bool(true), Val::Option(None)]));
        assert_eq!(all(&["--loud", "false", "--max-len=7"]), all(&["7"]));
        assert_eq!(all(&["--name", "--x", "7", "true"]), Ok(vec![Val::U8(7), Val::Bool(true), some("--x")]));
        assert_eq!(
            all(&["7", "true", "--", "--name"]),
            Ok(vec![Val::U8(7), Val::Bool(true), some("--name")])
        );
        assert_eq!(
            all(&["--name=@@x", "--max_len", "7"]),
            Ok(vec![Val::U8(7), Val::Bool(false), some("@x")])
        );
    }

    #[test]
    fn json_gives_what_words_do_not() {
        let dot = three();
        let json = serde_json::json!({"max_len": 1, "name": "a"});
        assert_eq!(
            read_all(&dot, &[], Some(json.clone())),
            Ok(vec![Val::U8(1), Val::Bool(false), some("a")])
        );
        assert_eq!(
            read_all(&dot, &["--max-len", "2"], Some(json)),
            Ok(vec![Val::U8(2), Val::Bool(false), some("a")])
        );
        let array = serde_json::json!([3, true]);
        assert_eq!(
            read_all(&dot, &[], Some(array)),
            Ok(vec![Val::U8(3), Val::Bool(true), Val::Option(None)])
        );
    }

    #[test]
    fn what_is_wrong_is_said() {
        let dot = three();
        let error =
            |words: &[&str], json: Option<Json>| read_all(&dot, words, json).err().unwrap_or_default();
        assert_eq!(error(&[], None), ["`--max_len` is missing (u8)"]);
        assert_eq!(error(&["--nmae", "x"], None), ["`f` has no parameter `nmae`; did you mean `--name`?"]);
        assert_eq!(error(&["--name"], None), ["`--name` needs a value (option<string>)"]);
        assert_eq!(error(&["1", "--max-len", "2", "--max_len=3"], None), ["`--max_len` is given twice"]);
        assert_eq!(error(&["1", "true", "a", "b"], None), ["`f` takes no further value; found `b`"]);
        let key = Some(serde_json::json!({"len": 1}));
        assert_eq!(error(&[], key), ["`--json`: `f` has no parameter `len`"]);
    }

    #[test]
    fn options_of_the_command_are_left_to_it() {
        let dot = three();
        let words = ["--output", "json", "7", "--allow=clock", "--help"].map(OsString::from);
        let sorted = Words::sort(&dot, words).map(|w| (w.options, w.positional));
        let options = ["--output", "json", "--allow=clock", "--help"].map(OsString::from).to_vec();
        assert_eq!(sorted, Ok((options, vec!["7".to_string()])));
    }

    #[test]
    fn a_parameter_goes_before_an_option_of_its_name() {
        let dot = dot(vec![param("json", Ty::String, None)]);
        assert_eq!(read_all(&dot, &["--json", "x"], None), Ok(vec![Val::String("x".to_string())]));
    }
}
