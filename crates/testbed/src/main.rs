//! `cargo run -p yinuo-testbed`: a PostgreSQL to try things on. Prints how to reach it; gone when its input ends.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

use yinuo_testbed::{Options, PostgresCluster};

fn main() {
    let cluster = PostgresCluster::start(&Options { tcp: true, fsync: true, ..Options::default() });
    println!("{}", cluster.create_database("yinuo"));
    println!("{}", cluster.folder().path().display());
    // Until the input ends. An error is an end, too.
    let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
}
