//! What a language model is shown of a ticket.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use serde_json::Value;
use yinuo_commitment::{Channel, Kind, Language};
use yinuo_core::ticket::{Command, Customer, Outcome, Purpose, ReopenReason};
use yinuo_desk::{AdviceTask, Adviser, AdviserLine, Asked, Completion, Limits, LineFault, Submission};

use crate::harness::*;

/// A model that only listens.
#[derive(Default)]
struct Listener(Mutex<Vec<Asked>>);

#[async_trait]
impl AdviserLine for Listener {
    async fn complete(&self, asked: &Asked) -> Result<Completion, LineFault> {
        self.0.lock().unwrap().push(asked.clone());
        Ok(Completion { text: "好的。".into(), tokens: None })
    }

    fn model(&self) -> &'static str {
        "listener"
    }
}

#[tokio::test]
async fn a_model_reads_what_customer_and_desk_said_and_notes_for_a_handover_alone() {
    let company = Company::open().await;
    let desk = &company.desk;
    let listener = Arc::new(Listener::default());
    desk.connect_adviser(Adviser::new(Arc::clone(&listener) as _, Limits { tokens_a_day: 1_000_000 }));
    let customer = Customer { name: "赵钱孙".into(), ..Customer::default() };
    let written =
        Submission::new(Channel::Web, "发货太慢", "赵钱孙等了两周，1\u{336}3\u{2066}8\u{2069}00138000。");
    let receipt = company.submit(Submission { customer, kind: Some(Kind::Complaint), ..written }).await;
    let (id, number, code) = (receipt.ticket, &receipt.number, &receipt.query_code);
    let corrected = Customer { name: "李四光".into(), ..Customer::default() };
    let own = async |command: Command| desk.command_as_customer(number, code, command, None).await.unwrap();
    own(Command::CorrectCustomer { customer: corrected, why: "写错了".into() }).await;
    company.ok(id, "carol", Command::StartInvestigation { body: "库房老刘漏发。".into() }).await;
    company.ok(id, "carol", reply(Purpose::Reply, "非常抱歉，我们已开始调查。")).await;
    own(Command::Close { outcome: Outcome::Withdrawn, note: "不等了。".into() }).await;
    own(Command::Reopen { reason: ReopenReason::SecondComplaint, body: "还是没有收到。".into() }).await;
    company.ok(id, "carol", note("客户很急。")).await;
    for task in [AdviceTask::Draft, AdviceTask::Handover] {
        desk.advise(id, task, Language::Zh, company.actor("carol")).await.unwrap();
    }
    let asked = listener.0.lock().unwrap().clone();
    let said = |asked: &Asked| -> Vec<(String, String)> {
        assert!(
            !asked.material.contains("赵钱孙") && !asked.material.contains("李四光"),
            "{}",
            asked.material
        );
        assert!(asked.material.contains("138****8000"), "{}", asked.material);
        let material: Value = serde_json::from_str(&asked.material).unwrap();
        let word = |message: &Value, key: &str| message[key].as_str().unwrap().to_owned();
        let messages = material["messages"].as_array().unwrap();
        messages.iter().map(|message| (word(message, "from"), word(message, "text"))).collect()
    };
    let both = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(from, text)| ((*from).to_owned(), (*text).to_owned())).collect()
    };
    let told =
        [("desk", "非常抱歉，我们已开始调查。"), ("customer", "不等了。"), ("customer", "还是没有收到。")];
    assert_eq!(said(&asked[0]), both(&told), "what is for colleagues must not slip into a reply");
    let handover =
        [&[("desk", "库房老刘漏发。")], &told[..], &[("note of a colleague", "客户很急。")]].concat();
    assert_eq!(said(&asked[1]), both(&handover));
    company.finish().await;
}
