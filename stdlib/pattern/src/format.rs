//! The closed list of formats: each is a name for a pattern, made from the grammar of the document that defines it.

use crate::syntax::Pattern;
use std::sync::LazyLock;

/// A format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Format {
    /// Its name in `@format`.
    pub name: &'static str,
    /// Where its grammar is laid down.
    pub source: &'static str,
    /// The pattern that it stands for.
    pub pattern: String,
}

/// Every format, sorted by name.
pub static FORMATS: LazyLock<Vec<Format>> = LazyLock::new(|| {
    let format = |name, source, pattern| Format { name, source, pattern };
    vec![
        format("date", "RFC 3339, full-date", date()),
        format("date-time", "RFC 3339, date-time", format!("(?:{})[Tt](?:{TIME})", date())),
        format("email", "RFC 5321, Mailbox", email()),
        format("ipv4", "RFC 3986, IPv4address", ipv4()),
        format("ipv6", "RFC 3986, IPv6address", ipv6()),
        format("time", "RFC 3339, full-time", TIME.to_owned()),
        format("uri", "RFC 3986, URI", uri()),
        format("uuid", "RFC 9562, UUID", UUID.to_owned()),
    ]
});

impl Format {
    /// The format of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|format| format.name == name)
    }

    /// The pattern, read.
    #[must_use]
    pub fn parsed(&self) -> Option<Pattern> {
        Pattern::parse(&self.pattern).ok()
    }
}

const TIME: &str =
    r"(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+\-](?:[01]\d|2[0-3]):[0-5]\d)";

const UUID: &str = r"[\dA-Fa-f]{8}(?:-[\dA-Fa-f]{4}){3}-[\dA-Fa-f]{12}";

/// Days that the month has, the 29th of February in leap years.
fn date() -> String {
    let long = r"(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])";
    let short = r"(?:0[469]|11)-(?:0[1-9]|[12]\d|30)";
    let february = r"02-(?:0[1-9]|1\d|2[0-8])";
    let leap = r"(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29";
    format!(r"\d{{4}}-(?:{long}|{short}|{february})|{leap}")
}

fn ipv4() -> String {
    let octet = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)";
    format!(r"{octet}(?:\.{octet}){{3}}")
}

fn ipv6() -> String {
    let h16 = r"[\dA-Fa-f]{1,4}";
    let ls32 = format!("(?:{h16}:{h16}|{})", ipv4());
    // Up to `n + 1` groups before the `::`.
    let before = |n: u32| format!("(?:(?:{h16}:){{0,{n}}}{h16})?");
    [
        format!("(?:{h16}:){{6}}{ls32}"),
        format!("::(?:{h16}:){{5}}{ls32}"),
        format!("{}::(?:{h16}:){{4}}{ls32}", before(0)),
        format!("{}::(?:{h16}:){{3}}{ls32}", before(1)),
        format!("{}::(?:{h16}:){{2}}{ls32}", before(2)),
        format!("{}::{h16}:{ls32}", before(3)),
        format!("{}::{ls32}", before(4)),
        format!("{}::{h16}", before(5)),
        format!("{}::", before(6)),
    ]
    .join("|")
}

fn email() -> String {
    let atom = r"[\w!#$%&'*+\-/=?\^`\{|\}~]+";
    let quoted = r#""(?:[ !#-\[\]-~]|\\[ -~])*""#;
    let label = r"[\dA-Za-z](?:[\dA-Za-z\-]*[\dA-Za-z])?";
    let literal = format!(r"\[(?:{}|[Ii][Pp][Vv]6:(?:{}))\]", ipv4(), ipv6());
    format!(r"(?:{atom}(?:\.{atom})*|{quoted})@(?:{label}(?:\.{label})*|{literal})")
}

fn uri() -> String {
    let plain = r"[\w\-.~!$&'()*+,;=]";
    let escaped = r"%[\dA-Fa-f]{2}";
    let pchar = format!("(?:{plain}|[:@]|{escaped})");
    let userinfo = format!("(?:{plain}|:|{escaped})*@");
    let literal = format!(r"\[(?:{}|[Vv][\dA-Fa-f]+\.(?:{plain}|:)+)\]", ipv6());
    // A registered name has all forms of an IPv4 address too.
    let authority = format!(r"(?:{userinfo})?(?:{literal}|(?:{plain}|{escaped})*)(?::\d*)?");
    let segments = format!("(?:/{pchar}*)*");
    let rootless = format!("{pchar}+{segments}");
    let path = format!("//{authority}{segments}|/(?:{rootless})?|{rootless}|");
    format!(r"[A-Za-z][\dA-Za-z+\-.]*:(?:{path})(?:\?(?:{pchar}|[/?])*)?(?:#(?:{pchar}|[/?])*)?")
}
