//! Words that say what a number behind them is.

use super::letters::Letters;

/// What a cue announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cue {
    /// A phone number.
    Phone,
    /// An identity number.
    Identity,
    /// A bank card.
    Card,
    /// A passport or travel permit.
    Passport,
    /// A WeChat or QQ account.
    Account,
    /// An IP address.
    Ip,
    /// A company code.
    Company,
    /// The number of a thing: an order, a parcel, a device.
    Thing,
}

/// Letters before a number in which a cue is looked for.
const REACH: usize = 22;

const CUES: &[(Cue, &[&str])] = &[
    (
        Cue::Phone,
        &[
            "电话",
            "手机",
            "联系方式",
            "座机",
            "固话",
            "来电",
            "致电",
            "拨打",
            "回电",
            "phone",
            "mobile",
            "tel",
            "call",
            "cell",
            "contact",
            "whatsapp",
            "reach me",
            "ring me",
            "text me",
            "热线",
            "打给",
        ],
    ),
    (
        Cue::Identity,
        &["身份证", "身份证号码", "证件号", "证件号码", "id card", "id number", "identity", "id no"],
    ),
    (
        Cue::Card,
        &[
            "银行卡",
            "银行卡号码",
            "卡号",
            "卡号码",
            "储蓄卡",
            "信用卡",
            "借记卡",
            "账号",
            "帐号",
            "账户",
            "打款",
            "card",
            "account no",
            "account number",
            "退到",
            "开户行",
        ],
    ),
    (Cue::Passport, &["护照", "护照号码", "通行证", "通行证号码", "passport", "permit"]),
    (
        Cue::Account,
        &["微信", "微信号码", "qq", "qq号码", "扣扣", "wechat", "weixin", "vx", "wx", "v信", "企鹅"],
    ),
    (Cue::Ip, &["ip"]),
    (Cue::Company, &["信用代码", "税号", "纳税人", "识别号", "company code", "tax"]),
    (
        Cue::Thing,
        &[
            "订单",
            "单号",
            "运单",
            "快递",
            "流水",
            "编号",
            "序列号",
            "机身码",
            "条码",
            "条形码",
            "发票",
            "合同",
            "工单",
            "受理号",
            "参考号",
            "型号",
            "批次",
            "串号",
            "保修卡",
            "会员号",
            "设备号",
            "货号",
            "imei",
            "iccid",
            "order",
            "tracking",
            "serial",
            "invoice",
            "ticket",
            "reference",
            "ref",
            "model",
            "s/n",
            "sn",
            "barcode",
            "parcel",
            "batch",
            "交易号",
            "宽带账号",
            "宽带帐号",
            "户号",
            "表号",
            "交易",
            "case",
            "item",
            "part no",
            "version",
            "firmware",
            "固件",
        ],
    ),
];

/// Latin words that may stand glued to a number and announce a person's.
const GLUED: &[&str] = &[
    "tel", "phone", "mobile", "mob", "cell", "call", "vx", "wx", "qq", "v", "t", "m", "p", "ph", "wechat",
    "weixin", "hp", "contact", "no", "id", "whatsapp", "card", "at", "on",
];

/// The cue nearest before `index`, in the same sentence.
pub(super) fn before(letters: &Letters, index: usize) -> Option<Cue> {
    let from = index.saturating_sub(REACH);
    let mut window: Vec<char> = letters.slice(from, index).iter().map(char::to_ascii_lowercase).collect();
    let sentence = window.iter().rposition(|c| matches!(c, '\n' | '。' | ';' | '!' | '?' | '；'));
    if let Some(end) = sentence {
        window.drain(..=end);
    }
    let mut nearest: Option<(usize, usize, Cue)> = None;
    for (cue, words) in CUES {
        for word in *words {
            let Some(end) = last_end(&window, word) else { continue };
            let length = word.len();
            if nearest.is_none_or(|(best, longest, _)| (end, length) > (best, longest)) {
                nearest = Some((end, length, *cue));
            }
        }
    }
    nearest.map(|(_, _, cue)| cue)
}

/// One past the last place where `word` stands in `window`; Latin words not inside of other words.
fn last_end(window: &[char], word: &str) -> Option<usize> {
    let word: Vec<char> = word.chars().collect();
    let latin = word.first().is_some_and(char::is_ascii_alphabetic);
    let part = |c: Option<&char>| latin && c.is_some_and(char::is_ascii_alphabetic);
    (0..=window.len().checked_sub(word.len())?)
        .rev()
        .find(|from| {
            let to = from + word.len();
            window.get(*from..to) == Some(word.as_slice())
                && !part(from.checked_sub(1).and_then(|before| window.get(before)))
                && !part(window.get(to))
        })
        .map(|from| from + word.len())
}

/// Whether the Latin word that ends right before `index` announces a person's number.
pub(super) fn latin_word_is_cue(letters: &Letters, index: usize) -> bool {
    let mut from = index;
    while from > 0 && index - from < 10 && letters.before(from).is_ascii_alphabetic() {
        from -= 1;
    }
    // A word that is joined to something else is part of a code.
    if matches!(letters.before(from), '-' | '_' | '0'..='9') {
        return false;
    }
    let word: String = letters.slice(from, index).iter().map(char::to_ascii_lowercase).collect();
    GLUED.contains(&word.as_str())
}
