//! Import of a few thousand real texts, if the machine has some.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Value, json};

use crate::support::House;

/// Texts taken from each file.
const EACH: usize = 1_000;

/// The texts of one file of JSON lines with `text` or `question` and maybe `answer`, `lang`, `topic`, `label`.
fn rows(file: &Path) -> Vec<Value> {
    let text = fs::read_to_string(file).expect("the file can be read");
    let name = file.file_stem().expect("a name").to_string_lossy().into_owned();
    let lines = text.lines().enumerate().map(|(number, line)| {
        let line: Value = serde_json::from_str(line).expect("a JSON line");
        let text = ["text", "question"].iter().find_map(|field| line[field].as_str());
        let text = text.filter(|text| !text.trim().is_empty())?;
        let mut row = json!({
            "id": format!("{name}-{number}"),
            "received_at": "2026-10-12T09:20:00+08:00",
            "text": text,
        });
        for (from, to) in [("lang", "language"), ("topic", "topic"), ("label", "topic")] {
            if let Some(value) = line[from].as_str() {
                row[to] = value.into();
            }
        }
        if let Some(answer) = line["answer"].as_str() {
            row["reply"] = answer.into();
            row["replied_at"] = "2026-10-12T09:20:01+08:00".into();
        }
        Some(row)
    });
    lines.flatten().take(EACH).collect()
}

#[test]
fn real_texts_become_tickets() {
    let Some(folder) = std::env::var_os("YINUO_TEXTS") else {
        println!("skipped: YINUO_TEXTS names no folder of texts (*.jsonl)");
        return;
    };
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let files: BTreeSet<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    let files = files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "jsonl"));
    let rows: Vec<Value> = files.flat_map(|file| rows(file)).collect();
    assert!(rows.len() >= 1_000, "only {} texts", rows.len());

    let house = House::new();
    let manager = house.found();
    let lines: Vec<String> = rows.iter().map(Value::to_string).collect();
    let file = house.write("texts.jsonl", lines.join("\n"));
    let report = house.yinuo(&["import", &file]).good().out;
    assert!(report.starts_with(&format!("{} imported, 0 known already, 0 refused;", rows.len())), "{report}");
    let replay = house.yinuo(&["replay"]).good().out;
    assert!(replay.contains(&format!("lists of {} tickets", rows.len())), "{replay}");
    let server = house.serve();
    let tickets = server.tickets(&manager);
    assert_eq!(tickets.len(), rows.len());
    let numbers: BTreeSet<&str> = tickets.iter().filter_map(|ticket| ticket["number"].as_str()).collect();
    assert_eq!(numbers.len(), rows.len());
    let kinds: BTreeSet<&str> = tickets.iter().filter_map(|ticket| ticket["kind"].as_str()).collect();
    assert!(kinds.len() >= 3, "the rules see only {kinds:?}");
    assert!(server.stop().success());
}
