//! The embedding model that an operator names: missing, damaged, and the real one where `YINUO_EMBEDDING` names its file.

use serde_json::{Value, json};

use crate::support::{House, Server, text, until};

fn config(house: &House, model: &str) -> String {
    house.write("embedding.toml", format!("[embedding]\nmodel = \"{model}\"\n"))
}

fn knowledge(server: &Server, token: &str) -> Value {
    server.get_as("/api/v1/articles", &[("Authorization", token)]).expect(200).json()["knowledge"].clone()
}

fn approve(server: &Server, token: &str) {
    let headers = [("Authorization", token)];
    let piece = json!({ "title": "空调不制冷怎么办", "body": "先清洗滤网，再把温度调到 26 度。", "questions": ["空调不制冷", "空调不凉"] });
    let draft = json!({ "id": "not-cooling", "text": { "zh": piece } });
    server.post("/api/v1/articles", &headers, &draft).expect(201);
    server.post("/api/v1/articles/not-cooling/approval", &headers, &json!({ "version": 1 })).expect(200);
}

fn first(server: &Server, token: &str, question: &str) -> Value {
    let headers = [("Authorization", token)];
    let asked = json!({ "question": question });
    server.post("/api/v1/knowledge/trials", &headers, &asked).expect(200).json()["suggestions"][0]["id"]
        .clone()
}

#[test]
fn a_file_that_is_missing_or_damaged_is_told_and_answers_are_found_by_words() {
    let house = House::new();
    let manager = house.join("manager");
    let damaged = house.write("damaged.bin", b"E5S1\x01\0\0\0 cut short");
    for (file, says) in [("no/such/file.bin", "cannot be read"), (damaged.as_str(), "fetch the file again")] {
        let config = config(&house, file);
        let check = house.yinuo(&["config", "check", "--config", &config]).refused();
        assert!(check.contains("embedding.model") && check.contains(says), "{check}");
        let server = house.serve_as(&["--config", &config]);
        assert_eq!(knowledge(&server, &manager)["meaning"], "broken");
        if file != damaged {
            approve(&server, &manager);
        }
        until("the article is found", || {
            (first(&server, &manager, "空调不制冷") == "not-cooling").then_some(())
        });
        let log = server.log();
        assert!(log.contains(says) && log.contains("answers are found by words alone"), "{log}");
        assert!(server.stop().success());
    }
}

#[test]
fn the_real_model_finds_an_article_in_other_words() {
    let Some(model) = std::env::var_os("YINUO_EMBEDDING") else {
        println!("skipped: YINUO_EMBEDDING names no file of an embedding model");
        return;
    };
    let house = House::new();
    let manager = house.join("manager");
    let config = config(&house, model.to_str().expect("a path in Unicode"));
    house.yinuo(&["config", "check", "--config", &config]).good();
    for start in ["first", "second"] {
        let server = house.serve_as(&["--config", &config]);
        if start == "first" {
            assert_eq!(text(&knowledge(&server, &manager)["meaning"]), "learning");
            approve(&server, &manager);
        }
        until("the questions have their vectors", || {
            (knowledge(&server, &manager)["meaning"] == "ready").then_some(())
        });
        for other in ["冷气开了半天屋里还是热得像蒸笼", "my aircon does not get cold"] {
            assert_eq!(first(&server, &manager, other), "not-cooling", "{other}");
        }
        assert_eq!(first(&server, &manager, "发票抬头写错了"), Value::Null);
        assert!(server.stop().success());
    }
}
