//! Masks: what is shown of personal data, whatever people write into the fields.

use proptest::prelude::*;
use yinuo_commitment::Language;
use yinuo_core::{
    personal::{ErasureReason, PersonalField, masked},
    ticket::Customer,
    words::Words,
};

fn check(field: PersonalField, table: &[(&str, &str)]) {
    let wrong: Vec<String> = table
        .iter()
        .map(|(text, shown)| (text, shown, masked(field, text)))
        .filter(|(_, shown, is)| *shown != is)
        .map(|(text, shown, is)| format!("{text:?}: {is:?} instead of {shown:?}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names() {
    check(
        PersonalField::Name,
        &[
            ("王丽", "王**"),
            ("王小丽", "王**"),
            (" 王 丽 ", "王**"),
            ("王女士", "王**"),
            ("欧阳娜娜", "欧阳**"),
            ("欧阳", "欧**"),
            ("諸葛孔明", "諸葛**"),
            ("买买提·吐尔逊", "买**"),
            ("王", "**"),
            ("김철수", "김**"),
            ("田中さくら", "田**"),
            ("𠮷野家", "𠮷**"),
            ("John Smith", "J*** S***"),
            ("John Ronald Reuel Tolkien", "J*** T***"),
            ("Ｊｏｈｎ　Ｓｍｉｔｈ", "J*** S***"),
            ("John", "J***"),
            ("J", "***"),
            ("J. Smith", "*** S***"),
            ("（王）丽", "王**"),
            ("Élodie", "É***"),
            ("Иван Петров", "И*** П***"),
            ("13800138000", "1***"),
            ("li@example.com", "l***"),
            ("", ""),
            ("  \t", ""),
            ("　", ""),
            ("🚨", "**"),
            ("👩‍🔧👨‍👩‍👧", "**"),
            ("🚨王丽", "王**"),
            ("**", "**"),
            ("\u{0}", "**"),
        ],
    );
}

#[test]
fn phone_numbers() {
    check(
        PersonalField::Phone,
        &[
            ("13800131234", "138****1234"),
            ("138 0013 1234", "138****1234"),
            ("138-0013-1234", "138****1234"),
            ("+86 138 0013 1234", "138****1234"),
            ("+8613800131234", "138****1234"),
            ("0086-13800131234", "138****1234"),
            ("8613800131234", "138****1234"),
            ("(+86)13800131234", "138****1234"),
            ("１３８００１３１２３４", "138****1234"),
            ("＋８６　１３８００１３１２３４", "138****1234"),
            ("手机：13800131234（王）", "138****1234"),
            ("010-62345678", "010-****5678"),
            ("01062345678", "010-****5678"),
            ("(010) 6234 5678", "010-****5678"),
            ("0755-2345678", "0755-****5678"),
            ("0755-23456789", "0755-****6789"),
            ("+86 10 6234 5678", "010-****5678"),
            ("+86-755-23456789", "0755-****6789"),
            ("010-62345678转801", "010-****5678-***"),
            ("010-62345678 ext. 801", "010-****5678-***"),
            ("010-62345678#801", "010-****5678-***"),
            ("010-62345678-801", "010-****5678-***"),
            ("62345678", "62****78"),
            ("400-123-4567", "40****67"),
            ("+1 415 555 2671", "+****2671"),
            ("+44 20 7946 0958", "+****0958"),
            ("+852 6123", "+****"),
            ("13800131234 / 13900135678", "138****1234 / 139****5678"),
            ("13800131234，13900135678", "138****1234 / 139****5678"),
            ("13800131234、010-62345678", "138****1234 / 010-****5678"),
            ("110", "****"),
            ("123456", "****"),
            ("转801", "****-***"),
            ("不详", "****"),
            ("☎️", "****"),
            ("/", "****"),
            ("", ""),
            (" ", ""),
            ("+", "****"),
            ("99999999999999999999", "999****9999"),
        ],
    );
}

#[test]
fn email_addresses() {
    check(
        PersonalField::Email,
        &[
            ("anna@example.com", "a***@example.com"),
            (" Anna.Li+1@Example.com ", "A***@Example.com"),
            ("ａｎｎａ＠example.com", "a***@example.com"),
            ("丽丽@例子.中国", "丽***@例子.中国"),
            ("a@example.com", "***@example.com"),
            ("@example.com", "***"),
            ("\"a@b\"@example.com", "\"***@example.com"),
            ("a@x.com; li@y.com", "a***@y.com"),
            ("anna@", "***"),
            ("anna@example.com 王丽", "***"),
            ("anna", "***"),
            ("🚨", "***"),
            ("", ""),
        ],
    );
}

#[test]
fn addresses() {
    check(
        PersonalField::Address,
        &[
            ("广东省深圳市南山区科技园路1号", "广东省深圳市南山区****"),
            ("广东省 深圳市 南山区 科技园路 1 号", "广东省深圳市南山区****"),
            ("北京市朝阳区建国路88号1栋501室", "北京市朝阳区****"),
            ("北京朝阳区建国路88号市场", "北京朝阳区****"),
            ("上海浦东新区世纪大道100号", "上海浦东新区****"),
            ("新疆维吾尔自治区乌鲁木齐市天山区解放路1号", "新疆维吾尔自治区乌鲁木齐市天山区****"),
            ("内蒙古自治区锡林郭勒盟锡林浩特市团结路", "内蒙古自治区锡林郭勒盟锡林浩特市****"),
            ("贵州省黔西南布依族苗族自治州兴义市桔山街道", "贵州省黔西南布依族苗族自治州兴义市****"),
            ("江苏省镇江市京口区中山路1号", "江苏省镇江市京口区****"),
            ("黑龙江省哈尔滨市道里区中央大街", "黑龙江省哈尔滨市道里区****"),
            ("山东省济南市市中区经一路", "山东省济南市市中区****"),
            ("香港特别行政区中西区皇后大道", "香港特别行政区中西区****"),
            ("江苏省昆山市周市镇青阳路", "江苏省昆山市周市****"),
            ("朝阳区建国路88号", "朝阳区****"),
            ("幸福小区3栋2单元", "幸福小区****"),
            ("深圳市幸福小区3栋501", "深圳市****"),
            ("万科城市花园3栋501室", "万科城市花园****"),
            ("科技园路1号", "科技园****"),
            ("建国路88号", "建国路****"),
            ("221B Baker Street, London", "***BBa****"),
            ("家", "****"),
            ("12", "*****"),
            ("🚨🚨", "🚨****"),
            ("省市区", "省市****"),
            ("北京市", "北京市****"),
            ("", ""),
            ("\n", ""),
        ],
    );
}

#[test]
fn every_word_comes_back_and_is_told_in_both_languages() {
    for field in PersonalField::ALL {
        assert_eq!(PersonalField::from_word(field.word()), Some(*field));
        assert_ne!(field.label(Language::Zh), field.label(Language::En));
    }
    for reason in ErasureReason::ALL {
        assert_eq!(ErasureReason::from_word(reason.word()), Some(*reason));
        assert!(!reason.text().zh.is_empty() && !reason.text().en.is_empty());
    }
    assert_eq!((PersonalField::from_word("fax"), ErasureReason::from_word("")), (None, None));
}

#[test]
fn what_was_erased_is_not_made_up_and_what_was_not_given_is_not_either() {
    let customer = Customer {
        name: Words::erased(),
        phone: Some("13800131234".into()),
        email: None,
        address: Some(Words::erased()),
    };
    let seen = customer.masked_but(|_| false);
    assert_eq!((seen.name.text(), seen.address, seen.email), (None, Some(Words::erased()), None));
    assert_eq!(seen.phone.unwrap().text(), Some("138****1234"));
    assert_eq!(customer.masked_but(|_| true), customer);
    let on_record: Vec<_> = PersonalField::ALL.iter().filter(|field| field.is_on_record(&customer)).collect();
    assert_eq!(on_record, [&PersonalField::Phone, &PersonalField::Texts], "every ticket has texts");
}

proptest! {
    #[test]
    fn no_mask_shows_everything(text in prop_oneof![
        any::<String>(),
        "[0-9+ ()转/-]{1,24}",
        "[a-z0-9.@ ]{1,24}",
        "[王欧阳小丽省市区县路号0-9 ]{1,24}",
    ]) {
        for field in PersonalField::ALL {
            let shown = masked(*field, &text);
            if text.trim().is_empty() {
                prop_assert_eq!(shown, "");
                continue;
            }
            prop_assert!(shown.contains("**"), "{:?} is shown as {:?}", text, shown);
            // A province, city or district by itself is shown: it is not where anybody lives.
            let whole = *field != PersonalField::Address && !text.contains('*') && shown.contains(text.trim());
            prop_assert!(!whole, "{:?} is shown in {:?}", text, shown);
        }
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
        let one_number = !text.contains(['/', ',', ';', '、', '|', '\n', '，', '；', '／', '｜']);
        prop_assert!(!one_number || digits(&masked(PersonalField::Phone, &text)) <= 8);
        prop_assert!(digits(&masked(PersonalField::Address, &text)) == 0);
    }
}
