//! Marked personal data of every kind, planted wherever people write, then looked for in everything
//! that is kept and everything that is answered (Art. 16; R-DP-1, R-DP-2, R-DP-4): it is in the
//! vault, which is sealed, and in the answer to who may see it and said what for.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::city::{City, all_tickets, answer, contact, record, text};
use crate::uploads::{grant_body, post_form, sample};

const DESK: &str = "ta-bigdata-triage";
const LIAISON: &str = "ta-ylbzj-liaison";
const NAME: &str = "贾镇甫";
const PHONE: &str = "13877770001";
const IDENTITY: &str = "370902198706050213";
const DOOR: &str = "岱宗大街778号3号楼2单元501室";

/// What people let slip in what they write, each as it is found again.
const SLIPS: [&str; 8] = [
    "13877770002",
    "6222027700000001238",
    "鲁J·C7708",
    "canary770@example.com",
    "wx_canary77",
    "E77700123",
    "0538-7770123",
    "贾小七",
];

/// Words that are nobody's: they must be found, or the search finds nothing.
const HARMLESS: &str = "扣款三天仍查不到";

fn marks() -> BTreeSet<&'static str> {
    let all = SLIPS.into_iter().chain([NAME, PHONE, IDENTITY, DOOR]);
    all.collect()
}

/// Words with everything in them that a person lets slip.
fn slips() -> String {
    format!(
        "{HARMLESS}。我叫贾小七，身份证{IDENTITY}，电话13877770002，也可打0538-7770123，\
         银行卡6222027700000001238，车牌鲁J·C7708，邮箱canary770@example.com，\
         微信号wx_canary77，护照号E77700123，住泰山区{DOOR}。"
    )
}

fn appeal(attachments: &[Value]) -> Value {
    json!({
        "kind": "complaint", "subject": "service_item",
        "title": format!("{NAME}的医保缴费"),
        "text": format!("{}{NAME}请求核实。", slips()),
        "appellant": {
            "kind": "person", "name": NAME, "phone": PHONE,
            "identityNumber": IDENTITY, "address": format!("泰山区{DOOR}"),
        },
        "replyBy": "sms", "area": "370902", "attachments": attachments,
    })
}

/// What was found where it must not be.
#[derive(Default)]
struct Search {
    leaks: BTreeSet<String>,
    /// Whether the harmless words were met.
    met: bool,
}

impl Search {
    fn through(&mut self, place: &str, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        self.met |= text.contains(HARMLESS);
        for mark in marks() {
            if text.contains(mark) {
                self.leaks.insert(format!("{mark} in {place}"));
            }
        }
    }

    /// Traces of the place and the camera in the photograph.
    fn camera(&mut self, place: &str, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        for mark in ["SERIAL-CANARY", "CanaryCam"] {
            if text.contains(mark) {
                self.leaks.insert(format!("{mark} in {place}"));
            }
        }
    }

    fn page(&mut self, place: &str, (status, page): &(u16, Value)) {
        self.through(&format!("{place} ({status})"), page.to_string().as_bytes());
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let each = |path: PathBuf| {
        if path.is_dir() {
            files(&path)
        } else {
            vec![path]
        }
    };
    paths.flat_map(each).collect()
}

/// Everything the city keeps: logs, queues and dead letters, streams, tables, objects, messages sent.
async fn kept(city: &City, search: &mut Search) {
    let files = files(&city.state());
    for folder in ["logs", "sqs", "dynamodb", "outbox", "s3"] {
        let part = city.state().join(folder);
        let some = files.iter().any(|file| file.starts_with(&part));
        assert!(some, "{folder} has no file");
    }
    for file in files {
        let (place, bytes) = (file.display().to_string(), std::fs::read(&file).unwrap());
        search.through(&place, &bytes);
        // The original waits in quarantine, which nobody is served from.
        if !place.contains("quarantine") {
            search.camera(&place, &bytes);
        }
    }
    // Texts are compressed in the table.
    let store = city.store();
    for ticket in all_tickets(&store).await {
        let key = ticket.number.key();
        let dossier = app::ports::Store::dossier(&store, &key);
        for (name, bytes) in dossier.await.unwrap().texts {
            search.through(&format!("text {}", name.as_str()), &bytes);
        }
    }
}

async fn attached(city: &City) -> Value {
    let photo = sample("photo-gps.jpg");
    let mut original = Search::default();
    original.camera("the photograph", &photo);
    assert_eq!(original.leaks.len(), 2);
    let body = grant_body("image/jpeg", &photo);
    let grant = city.channel("mobile", "/uploads", None, &body).await;
    let grant = grant.json().unwrap();
    assert_eq!(post_form(city, &grant, &photo).await / 100, 2);
    grant["uploadId"].clone()
}

/// An appeal with everything that can happen to it, by everybody who writes; every answer is searched.
async fn lives(city: &City, search: &mut Search) -> (String, String) {
    let upload = attached(city).await;
    let body = appeal(&[upload]);
    let submitted = city.submits("mobile", "canary-life-0001", &body);
    let (number, code) = submitted.await;
    let ticket = format!("/tickets/{number}");
    city.eventually("the inspection", async |city| {
        let page = city.officer(DESK, &ticket, None).await.1;
        (page["attachments"][0]["state"] == "clean").then_some(())
    })
    .await;
    city.acts(DESK, &number, "dispatch", &json!({ "unit": "ta-ylbzj" }))
        .await;
    city.acts(LIAISON, &number, "sign", &json!({})).await;
    city.acts(LIAISON, &number, "contacts", &contact()).await;
    let list = json!({ "items": [{ "what": "银行回单", "why": "核对", "how": "拍照上传" }] });
    city.acts(LIAISON, &number, "supplement", &list).await;
    let words = json!({ "items": [1], "text": slips() });
    let answered = city.asks(&number, "supplement", &code, &words).await;
    assert_eq!(answered.0, 200, "{}", answered.1);
    search.page("supplement", &answered);
    writes_too_much(city, &number, search).await;
    let closing = json!({ "record": record(), "answer": answer() });
    city.acts(LIAISON, &number, "close", &closing).await;
    let rating = json!({ "level": 1, "solved": false, "words": slips() });
    search.page("rating", &city.rates(&number, &code, &rating).await);
    for officer in [DESK, LIAISON, "ta-bigdata-auditor"] {
        search.page("ticket", &city.officer(officer, &ticket, None).await);
    }
    search.page("track", &city.tracks(&number, &code).await);
    search.page("worklist", &city.officer(DESK, "/worklist", None).await);
    (number, code)
}

/// Officers have no reason to write down whose number it is: they are told where it stands, not what.
async fn writes_too_much(city: &City, number: &str, search: &mut Search) {
    let mut record = record();
    record["facts"] = format!("诉求人身份证{IDENTITY}").into();
    let mut answer = answer();
    answer["advice"] = "请与13877770002联系。".into();
    let interim = json!({
        "reason": "等13877770002回电。", "plan": "长".repeat(5001), "reviewOn": "2026-12-31"
    });
    let closing = json!({
        "record": record, "answer": answer, "outcome": "cannot_solve_now", "interim": interim
    });
    let note = json!({ "way": "phone", "outcome": "reached", "note": "已拨打13877770002。" });
    let refused = vec![
        "/record/facts",
        "/answer/advice",
        "/interim/reason",
        "/interim/plan",
    ];
    for (step, body, pointers) in [
        ("close", closing, refused),
        ("contacts", note, vec!["/note"]),
    ] {
        let path = format!("/tickets/{number}/{step}");
        let told = city.officer(LIAISON, &path, Some(&body)).await;
        assert_eq!(told.0, 422, "{}", told.1);
        let errors = told.1["errors"].as_array().unwrap();
        let found: Vec<_> = errors.iter().map(|it| text(&it["pointer"])).collect();
        assert_eq!(found, pointers);
        assert!(text(&errors[0]["detail"]).contains("第十六条"));
        search.page(step, &told);
    }
}

/// What is refused repeats nothing of what was sent.
async fn refused(city: &City, search: &mut Search) {
    let mut twisted = appeal(&[]);
    twisted["appellant"]["phone"] = format!("{PHONE}x").into();
    twisted["area"] = slips().into();
    twisted[IDENTITY] = NAME.into();
    for body in [
        twisted.to_string(),
        format!("{{\"{NAME}\": {PHONE}"),
        json!({ "kind": slips() }).to_string(),
    ] {
        let answer = city.channel(
            "mobile",
            "/appeals",
            Some("canary-refused-1"),
            body.as_bytes(),
        );
        let answer = answer.await;
        assert_eq!(answer.status.as_u16() / 100, 4, "{}", answer.text());
        search.through("a refusal", answer.text().as_bytes());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn art_16_personal_data_is_in_the_vault_and_in_permitted_answers_only() {
    let city = City::start().await;
    let mut search = Search::default();
    let (number, code) = lives(&city, &mut search).await;
    refused(&city, &mut search).await;
    let withdrawn = city
        .submits("mobile", "canary-life-0002", &appeal(&[]))
        .await;
    let reason = json!({ "reason": slips() });
    let answered = city.asks(&withdrawn.0, "withdrawal", &withdrawn.1, &reason);
    search.page("withdrawal", &answered.await);

    // Before anybody looked, and after: looking leaves a record, not what was seen.
    kept(&city, &mut search).await;
    let path = format!("/tickets/{number}/reveals");
    let asked = json!({ "purpose": "verify" });
    let (status, seen) = city.officer(LIAISON, &path, Some(&asked)).await;
    assert_eq!(status, 200, "{seen}");
    let shown = seen.to_string();
    let missing = marks().into_iter().filter(|mark| !shown.contains(mark));
    assert_eq!(missing.collect::<Vec<_>>(), Vec::<&str>::new());
    // The appeal, the supplement and the rating, each where it stands.
    assert_eq!(seen["originals"].as_array().unwrap().len(), 3);
    assert_eq!(seen["originals"][0]["text"], appeal(&[])["text"]);
    city.eventually("the notices", async |city| {
        let sent = city.outbox().await;
        (sent.matches(number.as_str()).count() >= 2).then_some(())
    })
    .await;
    search.through("outbox", city.outbox().await.as_bytes());
    kept(&city, &mut search).await;

    // On record: for the auditor by person, for the appellant by unit.
    let path = format!("/tickets/{number}");
    let page = city.officer("ta-bigdata-auditor", &path, None).await.1;
    let line = page["timeline"].as_array().unwrap().last().unwrap();
    assert_eq!(line["action"], "reveal", "{line}");
    assert_eq!(line["by"], "ta-ylbzj/ta-ylbzj-liaison");
    assert_eq!(line["note"], "核实办理");
    let page = city.tracks(&number, &code).await.1;
    let line = page["timeline"].as_array().unwrap().last().unwrap();
    let told = text(&line["text"]);
    assert!(
        told.contains("核实办理") && !told.contains("liaison"),
        "{told}"
    );

    assert!(search.met, "the search finds nothing");
    assert_eq!(search.leaks, BTreeSet::new());
    city.stop().await;
}

/// Art. 16; R-DP-1: the right, several factors and a purpose; who lacks one sees nothing, and nothing
/// is on record.
#[tokio::test(flavor = "multi_thread")]
async fn r_dp_1_personal_data_is_shown_for_a_purpose_to_who_proved_who_they_are() {
    let city = City::start().await;
    let (number, _) = city
        .submits("mobile", "reveal-right-001", &appeal(&[]))
        .await;
    city.acts(DESK, &number, "dispatch", &json!({ "unit": "ta-ylbzj" }))
        .await;
    let demo = &city.cloud.demo;
    let path = format!("/tickets/{number}/reveals");
    for (officer, factors, purpose, status, words) in [
        (LIAISON, "pwd", "contact", 403, "多因素"),
        (LIAISON, "pwd otp", "contact", 403, "多因素"),
        (LIAISON, "pwd mfa", "supervise", 403, "用途限于"),
        (LIAISON, "pwd mfa", "curiosity", 422, "取值应为"),
        ("ta-bigdata-auditor", "pwd mfa", "supervise", 403, ""),
        ("ta-rsj-liaison", "pwd mfa", "contact", 404, ""),
        ("ta-bigdata-analyst", "pwd mfa", "verify", 404, ""),
        (LIAISON, "pwd mfa", "contact", 200, NAME),
        (DESK, "pwd mfa", "supervise", 200, NAME),
    ] {
        let token = demo.sign_in_by(officer, factors).await.unwrap();
        let body = json!({ "purpose": purpose });
        let answer = demo.console(&token, &path, Some(&body)).await.unwrap();
        let said = answer.text();
        assert_eq!(
            answer.status.as_u16(),
            status,
            "{officer} {purpose}: {said}"
        );
        assert!(said.contains(words), "{officer} {purpose}: {said}");
        assert_eq!(said.contains(PHONE), status == 200);
    }
    let page = city
        .officer(DESK, &format!("/tickets/{number}"), None)
        .await
        .1;
    let timeline = page["timeline"].as_array().unwrap().iter();
    let looked: Vec<_> = timeline.filter(|it| it["action"] == "reveal").collect();
    assert_eq!(looked.len(), 2, "{looked:?}");
    city.stop().await;
}
