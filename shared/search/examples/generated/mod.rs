//! Entries made by rule, many of them much alike, and what people ask who look for one of them.

use super::IndexedEntry;
use fastrand::Rng;

const PLACES: [&str; 7] = [
    "泰山区",
    "岱岳区",
    "新泰市",
    "肥城市",
    "宁阳县",
    "东平县",
    "泰安市",
];

const PEOPLE: [&str; 12] = [
    "灵活就业人员",
    "退休人员",
    "在校学生",
    "新生儿",
    "退役军人",
    "残疾人",
    "个体工商户",
    "外来务工人员",
    "小微企业",
    "农村居民",
    "高校毕业生",
    "现役军人家属",
];

const MATTERS: [&str; 24] = [
    "医保参保登记",
    "养老保险转移",
    "公积金提取",
    "公积金贷款",
    "居住证办理",
    "户口迁移",
    "不动产登记",
    "房屋租赁备案",
    "食品经营许可",
    "营业执照变更",
    "税务注销",
    "社保卡补办",
    "失业金申领",
    "生育津贴申领",
    "异地就医备案",
    "义务教育入学",
    "教师资格认定",
    "驾驶证换证",
    "车辆年检",
    "燃气过户",
    "供水报装",
    "垃圾清运缴费",
    "婚姻登记预约",
    "殡葬补贴申领",
];

const QUESTIONS: [&str; 6] = [
    "需要哪些材料",
    "多久可以办完",
    "在哪里办理",
    "怎么在线申请",
    "收费标准是多少",
    "被退回后怎么办",
];

const STEPS: [&str; 10] = [
    "登录爱山东选择对应事项后填写信息。",
    "携带有效身份证件到政务服务大厅综合窗口。",
    "提交后五个工作日内审核完毕。",
    "审核通过后以短信告知领取时间。",
    "不收取任何费用。",
    "材料不全的一次性告知需补充的内容。",
    "可委托他人代办，须出具委托书。",
    "办理结果可邮寄到家。",
    "周末实行延时服务。",
    "对结果有异议的可申请复核。",
];

const OPENINGS: [&str; 6] = ["请问", "我想问一下", "您好，", "咨询：", "", "急，"];

/// So many entries, no two of one title.
pub(crate) fn entries(count: usize) -> Vec<IndexedEntry> {
    let mut rng = Rng::with_seed(20_260_302);
    let all = PLACES.len() * PEOPLE.len() * MATTERS.len() * QUESTIONS.len();
    let mut which: Vec<_> = (0..all).collect();
    rng.shuffle(&mut which);
    which.truncate(count);
    which
        .into_iter()
        .map(|number| entry(number, &mut rng))
        .collect()
}

fn entry(number: usize, rng: &mut Rng) -> IndexedEntry {
    let place = PLACES[number % 7];
    let people = PEOPLE[number / 7 % 12];
    let matter = MATTERS[number / 84 % 24];
    let question = QUESTIONS[number / 2_016 % 6];
    let mut body = format!("{place}{people}办理{matter}的说明如下。");
    for _ in 0..rng.usize(4..16) {
        body.push_str(STEPS[rng.usize(..STEPS.len())]);
    }
    IndexedEntry {
        id: format!("K{number:05}"),
        version: 1,
        kind: "question_answer".to_owned(),
        title: format!("{place}{people}{matter}{question}"),
        body,
        link: None,
        source: None,
        owner: "ta-rsj".to_owned(),
        area: None,
        service_item: None,
        valid_from: chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(),
        valid_to: None,
        is_noticed: false,
    }
}

/// What people ask who look for one of the entries: its words in another order, among others, and one
/// letter wrong in half of the longer ones.
pub(crate) fn questions(entries: &[IndexedEntry], count: usize) -> Vec<(String, String)> {
    let mut rng = Rng::with_seed(7);
    let mut questions = Vec::new();
    for _ in 0..count {
        let entry = &entries[rng.usize(..entries.len())];
        let number: usize = entry.id.trim_start_matches('K').parse().unwrap();
        let mut words = [
            PLACES[number % 7],
            PEOPLE[number / 7 % 12],
            MATTERS[number / 84 % 24],
            QUESTIONS[number / 2_016 % 6],
        ];
        rng.shuffle(&mut words);
        let mut text = OPENINGS[rng.usize(..OPENINGS.len())].to_owned();
        for word in words {
            let mut letters: Vec<_> = word.chars().collect();
            if letters.len() >= 4 && rng.bool() {
                let wrong = rng.usize(..letters.len());
                letters[wrong] = '的';
            }
            text.extend(letters);
            text.push_str(["", "，", "的"][rng.usize(..3)]);
        }
        questions.push((entry.id.clone(), text));
    }
    questions
}

/// How much of all.
#[expect(clippy::cast_precision_loss, reason = "counts are small")]
pub(crate) fn share(part: usize, all: usize) -> f64 {
    part as f64 / all as f64
}
