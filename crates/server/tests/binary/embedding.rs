//! The embedding model that an operator names: missing, damaged, and the real one where `YINUO_EMBEDDING` names its file.

use serde_json::{Value, json};

use crate::support::{House, Server, text, until};

fn config(house: &House, model: &str) -> String {
    house.write("embedding.toml", format!("[embedding]\nmodel = \"{model}\"\n"))
}

fn knowledge(server: &Server, token: &str) -> Value {
    server.get_as("/api/v1/articles", &[("Authorization", token)]).expect(200).json()["knowledge"].clone()
}

/// A small knowledge base: name, title, similar questions.
const ARTICLES: [(&str, &str, [&str; 3]); 6] = [
    ("not-cooling", "空调不制冷怎么办", ["空调不制冷", "空调不凉", "空调没有冷风"]),
    ("refund", "怎么退款", ["如何申请退款", "退款多久到账", "钱什么时候退"]),
    ("invoice", "怎么开发票", ["如何开具电子发票", "发票在哪里下载", "发票抬头怎么改"]),
    ("delivery", "多久送货", ["什么时候发货", "送货要几天", "物流到哪了"]),
    ("leak", "洗衣机漏水怎么办", ["洗衣机底下有水", "洗衣机漏水", "洗衣机往外流水"]),
    ("router", "网络连不上怎么办", ["路由器没信号", "wifi连不上", "家里上不了网"]),
];

/// Asked in other words than those of the articles.
const IN_OTHER_WORDS: [(&str, &str); 2] = [("冷气不冷", "not-cooling"), ("快递几天能到", "delivery")];

fn approve(server: &Server, token: &str) {
    let headers = [("Authorization", token)];
    for (id, title, questions) in ARTICLES {
        let piece = json!({ "title": title, "body": "请按说明操作，或联系客服。", "questions": questions });
        let draft = json!({ "id": id, "text": { "zh": piece } });
        server.post("/api/v1/articles", &headers, &draft).expect(201);
        let approval = format!("/api/v1/articles/{id}/approval");
        server.post(&approval, &headers, &json!({ "version": 1 })).expect(200);
    }
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
        for (question, _) in IN_OTHER_WORDS {
            assert_eq!(first(&server, &manager, question), Value::Null, "{question}");
        }
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
            let knowledge = knowledge(&server, &manager);
            (knowledge["meaning"] == "ready" && knowledge["articles"] == ARTICLES.len()).then_some(())
        });
        for (question, article) in IN_OTHER_WORDS {
            // A machine that is busy may take longer than a request waits: then words decide alone.
            until("an article found by meaning", || {
                (first(&server, &manager, question) == article).then_some(())
            });
        }
        assert_eq!(first(&server, &manager, "电视没有声音"), Value::Null);
        assert!(server.stop().success());
    }
}
