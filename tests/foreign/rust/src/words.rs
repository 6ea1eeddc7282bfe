use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::Cell;
use exports::acme::words::{count, number, tallies};

wit_bindgen::generate!({ path: "wit/words.wit", world: "words" });

struct Words;

impl count::Guest for Words {
    fn top(text: String, most: u32) -> Vec<count::Word> {
        let mut times: BTreeMap<String, u32> = BTreeMap::new();
        for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            *times.entry(word.to_lowercase()).or_default() += 1;
        }
        let mut words: Vec<count::Word> =
            times.into_iter().map(|(text, times)| count::Word { text, times }).collect();
        // The sort is stable, so equal counts stay in alphabetical order.
        words.sort_by_key(|word| core::cmp::Reverse(word.times));
        words.truncate(most as usize);
        words
    }
}

impl number::Guest for Words {
    fn parse(text: String) -> Result<u64, number::Problem> {
        if text.is_empty() {
            return Err(number::Problem::Empty);
        }
        let mut read: u64 = 0;
        for c in text.chars() {
            let digit = c.to_digit(10).ok_or(number::Problem::NoDigit(c))?;
            let next = read.checked_mul(10).and_then(|n| n.checked_add(digit.into()));
            read = next.ok_or(number::Problem::TooLarge)?;
        }
        Ok(read)
    }
}

struct Tally(Cell<i64>);

impl tallies::GuestTally for Tally {
    fn new(start: i64) -> Self {
        Self(Cell::new(start))
    }

    fn add(&self, by: i64) -> i64 {
        self.0.set(self.0.get().wrapping_add(by));
        self.0.get()
    }
}

impl tallies::Guest for Words {
    type Tally = Tally;
}

export!(Words);
