//! Measures what the crate does with texts; `cargo xtask eval` runs it. Parts may be named: answers, classify, public,
//! search, speed.
#![expect(clippy::print_stdout, reason = "figures for a person at the terminal")]
#![expect(clippy::expect_used, reason = "a measurement that cannot go on says why and ends")]

mod answers;
mod classification;
mod public;
mod search;
mod speed;
mod table;

fn main() {
    let named: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |part: &str| named.is_empty() || named.iter().any(|own| own == part);
    let parts: [(&str, fn()); 5] = [
        ("speed", speed::run),
        ("classify", classification::run),
        ("answers", answers::run),
        ("search", search::run),
        ("public", public::run),
    ];
    for name in &named {
        assert!(parts.iter().any(|(own, _)| own == name), "there is no part called {name}");
    }
    for (name, run) in parts {
        if wanted(name) {
            println!("\n==> {name}");
            run();
        }
    }
}
