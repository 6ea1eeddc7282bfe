//! `@secret`: what must not be seen when a call fails.
//!
//! A program may put an argument into the message of a trap, whole or inside another text. So what is told is searched
//! for the texts that stand for the secret arguments, and each is replaced.

use wasmtime::component::Val;

use crate::constraint::is_secret;
use crate::failure::Failure;
use crate::print::{literal, show};
use crate::program::Dot;
use crate::ty::Ty;

/// What stands for a secret.
pub const HIDDEN: &str = "***";

/// The failure of a call without the secrets among its arguments.
#[must_use]
pub fn conceal(dot: &Dot, args: &[Val], failure: Failure) -> Failure {
    let mut texts = Vec::new();
    for (param, arg) in dot.params.iter().zip(args) {
        collect(arg, &param.ty, is_secret(&param.constraints), &mut texts);
    }
    // A secret that is part of another one must not leave the rest of that behind.
    texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
    texts.dedup();
    if texts.is_empty() {
        return failure;
    }
    let clean = |text: &str| texts.iter().fold(text.to_string(), |text, secret| hide(&text, secret));
    match failure {
        Failure::Trap(mut trap) => {
            trap.message = clean(&trap.message);
            trap.values.iter_mut().for_each(|(_, value)| *value = clean(value));
            Failure::Trap(trap)
        }
        Failure::Arguments(problems) => Failure::Arguments(problems.iter().map(|p| clean(p)).collect()),
        other => other,
    }
}

/// The texts that a program could show of the secret parts of a value.
fn collect(value: &Val, ty: &Ty, secret: bool, texts: &mut Vec<String>) {
    match (value, ty) {
        (Val::Option(None), Ty::Option(_)) => {}
        (Val::Option(Some(inner)), Ty::Option(t)) => collect(inner, t, secret, texts),
        (Val::List(items) | Val::FixedLengthList(items), Ty::List(t) | Ty::FixedList(t, _) | Ty::Set(t)) => {
            items.iter().for_each(|item| collect(item, t, secret, texts));
        }
        (Val::Tuple(items), Ty::Row(t, _)) => items.iter().for_each(|item| collect(item, t, secret, texts)),
        (Val::List(items), Ty::Pairs(k, v)) => {
            for item in items {
                if let Val::Tuple(parts) = item {
                    parts.iter().zip([k, v]).for_each(|(part, ty)| collect(part, ty, secret, texts));
                }
            }
        }
        (Val::Map(entries), Ty::Map(k, v)) => {
            for (key, value) in entries {
                collect(key, k, secret, texts);
                collect(value, v, secret, texts);
            }
        }
        (Val::Tuple(items), Ty::Tuple(types)) => {
            items.iter().zip(types).for_each(|(item, ty)| collect(item, ty, secret, texts));
        }
        (Val::Result(Ok(inner)), Ty::Result(ty, _)) | (Val::Result(Err(inner)), Ty::Result(_, ty)) => {
            if let (Some(inner), Some(ty)) = (inner, ty) {
                collect(inner, ty, secret, texts);
            }
        }
        (Val::Record(fields), Ty::Record(named)) => {
            for ((_, value), member) in fields.iter().zip(&named.members) {
                if let Some(ty) = &member.ty {
                    collect(value, ty, secret || is_secret(&member.constraints), texts);
                }
            }
        }
        (Val::Variant(case, Some(payload)), Ty::Variant(named)) => {
            if let Some(ty) = named.member(case).and_then(|member| member.ty.as_ref()) {
                collect(payload, ty, secret, texts);
            }
        }
        _ if secret => {
            let quoted = literal(value, ty);
            let inner = quoted.strip_prefix(['"', '\'']).and_then(|text| text.strip_suffix(['"', '\'']));
            texts.extend([show(value, ty), inner.unwrap_or(&quoted).to_string()]);
            texts.retain(|text| !text.is_empty());
        }
        _ => {}
    }
}

/// Replaces a secret wherever it stands. One of letters and digits that is short could stand in any word by chance: it
/// is replaced where it is a word.
fn hide(text: &str, secret: &str) -> String {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let by_word = secret.chars().count() < 4 && secret.chars().all(is_word);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(secret) {
        let (before, after) = (&rest[..at], &rest[at + secret.len()..]);
        out.push_str(before);
        let inside =
            out.chars().next_back().is_some_and(is_word) || after.chars().next().is_some_and(is_word);
        out.push_str(if by_word && inside { secret } else { HIDDEN });
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::hide;

    // r[attr.secret]
    #[test]
    fn secrets_are_hidden_wherever_they_stand() {
        assert_eq!(hide("no user hunter2, or hunter2x", "hunter2"), "no user ***, or ***x");
        assert_eq!(hide("index 12 of 2, 1.2", "2"), "index 12 of ***, 1.***");
        assert_eq!(hide("nothing", "hunter2"), "nothing");
    }
}
