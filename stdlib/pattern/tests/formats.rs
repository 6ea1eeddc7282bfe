//! Texts that the documents behind the formats give as examples, and near misses made by hand from their grammars.

use dot_pattern::{FORMATS, Format};

fn check(name: &str, right: &[&str], wrong: &[&str]) {
    let pattern = Format::named(name).and_then(Format::parsed).expect(name);
    let automaton = pattern.automaton().expect(name);
    for (texts, expected) in [(right, true), (wrong, false)] {
        for text in texts {
            assert_eq!(pattern.describes(text), expected, "{name}: {text:?}, by its meaning");
            assert_eq!(automaton.accepts(text), expected, "{name}: {text:?}, by its automaton");
        }
    }
}

// r[attr.format]
#[test]
fn dates() {
    // Leap years by the Gregorian rule: RFC 3339, appendix C.
    check(
        "date",
        &["1985-04-12", "1996-12-19", "2000-02-29", "2024-02-29", "0000-02-29", "9999-12-31", "2023-11-30"],
        &[
            "1900-02-29",
            "2023-02-29",
            "2023-02-30",
            "2023-13-01",
            "2023-00-10",
            "2023-04-31",
            "2023-1-01",
            "23-01-01",
            "2023-01-32",
            "2023-01-00",
            "2023/01/01",
            " 2023-01-01",
            "2023-01-01 ",
            "",
        ],
    );
}

#[test]
fn times() {
    // RFC 3339, section 5.8.
    check(
        "time",
        &["23:20:50.52Z", "16:39:57-08:00", "23:59:60Z", "15:59:60-08:00", "12:00:27.87+00:20", "00:00:00z"],
        &[
            "24:00:00Z",
            "23:60:00Z",
            "23:59:61Z",
            "23:20:50",
            "23:20:50.Z",
            "23:20Z",
            "23:20:50+8:00",
            "23:20:50+24:00",
        ],
    );
    check(
        "date-time",
        &[
            "1985-04-12T23:20:50.52Z",
            "1996-12-19T16:39:57-08:00",
            "1990-12-31T23:59:60Z",
            "1937-01-01T12:00:27.87+00:20",
            "1985-04-12t23:20:50z",
        ],
        &["1985-04-12 23:20:50Z", "1985-04-12", "1985-02-30T00:00:00Z", "1985-04-12T23:20:50"],
    );
}

#[test]
fn addresses() {
    // RFC 5321's grammar; RFC 3696, section 3, has the odd ones.
    check(
        "email",
        &[
            "user@example.com",
            "customer/department=shipping@example.com",
            "!def!xyz%abc@example.com",
            "\"Abc@def\"@example.com",
            "\"Fred Bloggs\"@example.com",
            "\"Joe.\\\\Blow\"@example.com",
            "a.b@c",
            "a@[192.168.0.1]",
            "a@[IPv6:::1]",
        ],
        &[
            "",
            "a",
            "@b",
            "a@",
            "a@b@c",
            ".a@b",
            "a.@b",
            "a..b@c",
            "a@-b.c",
            "a@b-.c",
            "a@b..c",
            "a b@c",
            "a@[192.168.0]",
            "ä@b.c",
        ],
    );
    check(
        "ipv4",
        &["0.0.0.0", "255.255.255.255", "127.0.0.1"],
        &["256.0.0.1", "1.2.3", "01.2.3.4", "1.2.3.4.5", "1.2.3."],
    );
    // RFC 4291, section 2.2.
    check(
        "ipv6",
        &[
            "ABCD:EF01:2345:6789:ABCD:EF01:2345:6789",
            "2001:DB8:0:0:8:800:200C:417A",
            "2001:DB8::8:800:200C:417A",
            "FF01::101",
            "::1",
            "::",
            "0:0:0:0:0:0:13.1.68.3",
            "::13.1.68.3",
            "::FFFF:129.144.52.38",
            "1::",
        ],
        &[
            "2001:DB8:0:0:8:800:200C",
            "1::2::3",
            ":1",
            "1:",
            "12345::",
            "::g",
            "1:2:3:4:5:6:7:8:9",
            "1:2:3:4:5:6:7::8:9",
            "::1.2.3",
            ":::",
        ],
    );
    check(
        "uuid",
        &[
            "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            "00000000-0000-0000-0000-000000000000",
            "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
        ],
        &[
            "f81d4fae7dec11d0a76500a0c91e6bf6",
            "f81d4fae-7dec-11d0-a765-00a0c91e6bf",
            "{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}",
            "g81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        ],
    );
}

#[test]
fn uris() {
    // RFC 3986, section 1.1.2 and 5.4's base.
    check(
        "uri",
        &[
            "ftp://ftp.is.co.za/rfc/rfc1808.txt",
            "http://www.ietf.org/rfc/rfc2396.txt",
            "ldap://[2001:db8::7]/c=GB?objectClass?one",
            "mailto:John.Doe@example.com",
            "news:comp.infosystems.www.servers.unix",
            "tel:+1-816-555-1212",
            "telnet://192.0.2.16:80/",
            "urn:oasis:names:specification:docbook:dtd:xml:4.1.2",
            "foo://example.com:8042/over/there?name=ferret#nose",
            "http://a/b/c/d;p?q",
            "a:",
            "file:///etc/hosts",
            "http://a/%20",
            "http://[v1.x:y]/",
        ],
        &[
            "",
            "a",
            "//a/b",
            "/a",
            "1a:b",
            "http://a b/",
            "http://a/%2",
            "http://a/ü",
            "http://[::1",
            "a:#b#c",
            "http://a/[x]",
        ],
    );
}

#[test]
fn every_format_has_an_automaton_and_its_place_in_the_list() {
    assert!(FORMATS.is_sorted_by_key(|format| format.name));
    for format in FORMATS.iter() {
        let automaton = format.parsed().expect(format.name).automaton().expect(format.name);
        assert!(automaton.to_bytes().len() < 20_000, "{}: {}", format.name, automaton.to_bytes().len());
    }
}

#[test]
fn what_is_made_of_a_format_is_of_it() {
    for format in FORMATS.iter() {
        let pattern = format.parsed().expect(format.name);
        let mut state: u32 = 1;
        let mut choose = |n: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % n
        };
        for _ in 0..100 {
            let text = pattern.sample(4, &mut choose);
            assert!(pattern.describes(&text), "{}: {text:?}", format.name);
        }
    }
}
