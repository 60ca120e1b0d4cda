//! `POST /appeals`: every field checked against the rulebook (R-IN-2, R-IN-4).

use app::AppError;
use domain::appeal::{Appellant, AppellantKind, Kind, ReplyWay, Subject};
use domain::ids::UploadId;
use domain::personal::Personal;
use domain::rulebook::Rulebook;
use serde::Deserialize;

use super::Findings;

/// Longest title, in characters.
const TITLE_CHARACTERS: usize = 80;

/// Longest account, in characters: OpenID Connect allows no longer `sub`.
const ACCOUNT_CHARACTERS: usize = 255;

/// `POST /appeals`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AppealBody {
    kind: String,
    subject: String,
    #[serde(default)]
    title: Option<String>,
    text: String,
    appellant: AppellantBody,
    reply_by: String,
    #[serde(default)]
    area: Option<String>,
    #[serde(default)]
    service_item: Option<String>,
    #[serde(default)]
    attachments: Vec<String>,
    #[serde(default)]
    external_id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AppellantBody {
    /// The account in which the channel signed them in.
    #[serde(default)]
    account: Option<String>,
    kind: String,
    name: String,
    #[serde(default)]
    phone: Option<String>,
    #[serde(default)]
    identity_number: Option<String>,
    #[serde(default)]
    address: Option<String>,
}

/// An appeal whose every field was found good.
#[derive(Debug)]
pub struct ParsedAppeal {
    /// What is wanted.
    pub kind: Kind,
    /// What it is about.
    pub subject: Subject,
    /// Title.
    pub title: Option<String>,
    /// Text.
    pub text: String,
    /// Who.
    pub appellant: Appellant,
    /// In which account they are signed in.
    pub account: Option<Personal<String>>,
    /// How to answer.
    pub reply_way: ReplyWay,
    /// Area code.
    pub area: Option<String>,
    /// Service item code.
    pub service_item: Option<String>,
    /// Uploads.
    pub attachments: Vec<UploadId>,
}

macro_rules! codes {
    ($name:ident) => {
        $name::ALL
            .iter()
            .map(|each| format!("{}（{}）", each.code(), each.zh()))
            .collect::<Vec<_>>()
            .join("、")
    };
}

impl AppealBody {
    /// The channel's own number of it.
    pub fn external_id(&self) -> Option<&str> {
        self.external_id.as_deref()
    }

    /// Checks every field against the rulebook.
    pub fn check(self, rulebook: &Rulebook) -> Result<ParsedAppeal, AppError> {
        let mut wrong = Findings::default();
        let kind = wrong.code("/kind", &self.kind, Kind::from_code, &codes!(Kind));
        let subject = wrong.code(
            "/subject",
            &self.subject,
            Subject::from_code,
            &codes!(Subject),
        );
        let reply_way = wrong.code(
            "/replyBy",
            &self.reply_by,
            ReplyWay::from_code,
            &codes!(ReplyWay),
        );
        wrong.text("/text", &self.text, "诉求内容", rulebook.text_characters);
        wrong.optional("/title", self.title.as_deref(), "标题", TITLE_CHARACTERS);
        wrong.optional("/serviceItem", self.service_item.as_deref(), "事项编码", 64);
        if self.area.as_deref().is_some_and(|area| !is_area(area)) {
            wrong.add("/area", "区划代码应为6位数字");
        }
        let attachments = self.attachments.iter().enumerate().map(|(index, id)| {
            UploadId::parse(id).map_err(|_| {
                wrong.add(format!("/attachments/{index}"), "上传编号格式有误");
            })
        });
        let attachments: Result<Vec<_>, ()> = attachments.collect();
        let account = self.appellant.account.clone();
        wrong.optional(
            "/appellant/account",
            account.as_deref(),
            "登录账号",
            ACCOUNT_CHARACTERS,
        );
        let appellant = check_appellant(self.appellant, reply_way, &mut wrong);
        match (kind, subject, reply_way, appellant, attachments) {
            (Some(kind), Some(subject), Some(reply_way), Some(appellant), Ok(attachments))
                if wrong.0.is_empty() =>
            {
                Ok(ParsedAppeal {
                    kind,
                    subject,
                    title: self.title,
                    text: self.text,
                    appellant,
                    account: account.map(Personal::new),
                    reply_way,
                    area: self.area,
                    service_item: self.service_item,
                    attachments,
                })
            }
            _ => Err(wrong.into_error()),
        }
    }
}

pub(super) fn is_area(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn check_appellant(
    body: AppellantBody,
    reply_way: Option<ReplyWay>,
    wrong: &mut Findings,
) -> Option<Appellant> {
    let kinds = codes!(AppellantKind);
    let kind = wrong.code(
        "/appellant/kind",
        &body.kind,
        AppellantKind::from_code,
        &kinds,
    );
    wrong.text("/appellant/name", &body.name, "姓名或名称", 80);
    wrong.optional(
        "/appellant/identityNumber",
        body.identity_number.as_deref(),
        "证件号码",
        32,
    );
    wrong.optional("/appellant/address", body.address.as_deref(), "地址", 200);
    if body.phone.as_deref().is_some_and(|phone| !is_phone(phone)) {
        wrong.add(
            "/appellant/phone",
            "电话号码应为5至20位数字，可含区号与连字符",
        );
    }
    let by_phone = matches!(reply_way, Some(ReplyWay::Phone | ReplyWay::Sms));
    if by_phone && body.phone.is_none() {
        wrong.add("/appellant/phone", "选择电话或短信答复时须填写电话号码");
    }
    if reply_way == Some(ReplyWay::Post) && body.address.is_none() {
        wrong.add("/appellant/address", "选择邮寄答复时须填写地址");
    }
    Some(Appellant {
        kind: kind?,
        name: Personal::new(body.name),
        phone: body.phone.map(Personal::new),
        identity_number: body.identity_number.map(Personal::new),
        address: body.address.map(Personal::new),
    })
}

fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (5..=20).contains(&digits)
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || "+- ".contains(c))
}
