//! Names of the topics that the product itself knows, as its pages show them.

use yinuo_commitment::Language;

/// Topic, in Chinese, in English; by topic.
const NAMES: &[(&str, &str, &str)] = &[
    ("account", "账号", "account"),
    ("air-conditioner", "空调", "air conditioner"),
    ("contract", "合同", "contract"),
    ("delivery", "配送", "delivery"),
    ("fridge", "冰箱", "fridge"),
    ("installation", "安装", "installation"),
    ("invoice", "发票", "invoice"),
    ("parts", "配件", "parts"),
    ("refund", "退款", "refund"),
    ("router", "路由器", "router"),
    ("smart-device", "智能设备", "smart device"),
    ("staff", "服务人员", "staff"),
    ("warranty", "保修", "warranty"),
    ("washing-machine", "洗衣机", "washing machine"),
    ("water-heater", "热水器", "water heater"),
    ("water-purifier", "净水器", "water purifier"),
];

/// The name of a topic for people; a topic of an organisation's own is its name.
pub fn topic_label(topic: &str, language: Language) -> &str {
    match (NAMES.iter().find(|(own, ..)| *own == topic), language) {
        (Some((_, zh, _)), Language::Zh) => zh,
        (Some((_, _, en)), Language::En) => en,
        (None, _) => topic,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::corpus;

    #[test]
    fn every_topic_that_the_product_names_has_a_name() {
        let known: BTreeSet<&str> = NAMES.iter().map(|(topic, ..)| *topic).collect();
        let texts = corpus::shipped().unwrap();
        let learned = texts.iter().filter_map(|text| text.labels.topic.clone().flatten());
        let unnamed: BTreeSet<String> = learned.filter(|topic| !known.contains(topic.as_str())).collect();
        assert!(unnamed.is_empty(), "{unnamed:?}");
    }

    #[test]
    fn pages_call_them_the_same() {
        for (folder, language) in [("zh-CN", Language::Zh), ("en", Language::En)] {
            let path =
                format!("{}/../../web/src/shell/locales/{folder}/shared.json", env!("CARGO_MANIFEST_DIR"));
            let texts: serde_json::Value =
                serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            let shown = texts["topic"].as_object().unwrap();
            assert_eq!(shown.len(), NAMES.len(), "{path}");
            for (topic, name) in shown {
                assert_eq!(name.as_str(), Some(topic_label(topic, language)), "{path}");
            }
        }
    }

    #[test]
    fn a_topic_of_somebodys_own_is_its_name() {
        assert_eq!(topic_label("电力", Language::En), "电力");
    }
}
