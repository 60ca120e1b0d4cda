//! Fills the demonstration city on the first start: appeals really sent through the public front
//! door and handled through the console's, as channels and officers would.

use access::channel::SignedRequest;
use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::Method;
use serde_json::Value;
use substrate::Clock;

use crate::city::City;
use crate::client::{Answer, Client};
use crate::console::Progress;
use crate::keys::{Keys, hex, random};
use crate::state::Ports;

/// What the demonstration acts with: a channel's secrets, the officers' sign-in, both front doors.
#[derive(Debug, Clone)]
pub struct Context {
    /// Where the cloud listens.
    pub ports: Ports,
    /// Secrets of the channels.
    pub keys: Keys,
    /// Units and officers.
    pub city: City,
    /// The cloud's clock; requests are signed with its time.
    pub clock: Clock,
    /// Sends.
    pub client: Client,
}

/// An appeal to try things on: shown when the cloud is up.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Ticket number.
    pub number: String,
    /// Query code.
    pub query_code: String,
}

/// What becomes of a demonstration appeal.
#[derive(Debug, Clone, Copy)]
enum Fate {
    /// It waits on the triage desk.
    Waits,
    /// The desk answers it directly.
    AnsweredDirectly,
    /// The desk does not accept it, on this ground.
    Declined(&'static str),
    /// It is dispatched to this unit and waits to be signed.
    Dispatched(&'static str),
    /// The unit has signed.
    Signed(&'static str),
    /// The unit has closed it.
    Closed(&'static str),
    /// And the appellant has rated.
    Rated(&'static str, u8),
}

/// Channel, kind, subject, title, text, fate. Invented, every one.
type Story = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Fate,
);

const STORIES: &[Story] = &[
    (
        "mobile",
        "help",
        "service_item",
        "医保缴费后查不到记录",
        "我在爱山东APP上缴纳了城乡居民医保，已扣款三天，仍查询不到参保记录，请帮忙核实。",
        Fate::Rated("ta-ylbzj", 5),
    ),
    (
        "pc",
        "consultation",
        "guide_query",
        "租房提取公积金需要哪些材料",
        "想咨询租房提取住房公积金需要带哪些材料，网上办事指南写得不清楚。",
        Fate::AnsweredDirectly,
    ),
    (
        "window",
        "complaint",
        "service_item",
        "不动产过户等候时间过长",
        "在不动产登记窗口办理房产证过户，取号后等候两个多小时，窗口只开了一个，希望改进。",
        Fate::Closed("ta-bdc"),
    ),
    (
        "kiosk",
        "help",
        "system_function",
        "自助机无法打印社保证明",
        "社区自助终端打印社保缴费证明时提示系统繁忙，换了两台都不行。",
        Fate::Signed("ta-rsj"),
    ),
    (
        "tv",
        "consultation",
        "guide_query",
        "电视端怎样查询公交线路",
        "家里老人用电视端办事，想知道在哪里查询公交线路和老年卡年审。",
        Fate::Dispatched("ta-jtj"),
    ),
    (
        "review",
        "complaint",
        "service_item",
        "差评：营业执照变更被要求重复交材料",
        "办理营业执照地址变更，第一次说材料齐了，第二次又要补房产证明，希望一次说清。",
        Fate::Dispatched("ta-scjg"),
    ),
    (
        "media_board",
        "suggestion",
        "service_item",
        "建议增加入学报名夜间咨询",
        "每年入学报名期间白天打不进电话，建议教育部门增加夜间在线咨询。",
        Fate::Waits,
    ),
    (
        "leader_mailbox",
        "complaint",
        "service_item",
        "小区停水未提前通知",
        "小区昨晚停水六小时没有任何通知，供水公司电话一直占线，请督促改进停水通知办法。",
        Fate::Signed("ta-gs"),
    ),
    (
        "mobile",
        "report",
        "service_item",
        "楼道疑似燃气泄漏",
        "单元楼道里有明显的燃气味，怀疑燃气泄漏，邻居们都很担心。",
        Fate::Declined("emergency_119"),
    ),
    (
        "pc",
        "complaint",
        "service_item",
        "工伤认定已申请行政复议",
        "对工伤认定结论不服，已经申请行政复议，想再反映一下情况。",
        Fate::Declined("reconsideration"),
    ),
    (
        "mobile",
        "help",
        "system_function",
        "APP人脸识别总是失败",
        "更新爱山东APP后人脸识别总是提示失败，重装也没有用，影响查询社保。",
        Fate::Waits,
    ),
    (
        "window",
        "help",
        "service_item",
        "居住证签注后仍显示过期",
        "上周在窗口办了居住证签注，系统里仍显示过期，影响孩子入学报名。",
        Fate::Closed("ta-gaj"),
    ),
];

/// Loads the demonstration; called once for a state folder, while everything runs.
pub async fn load(context: &Context, progress: &mut Progress) -> Result<Shown> {
    let mut shown = None;
    for (index, story) in STORIES.iter().enumerate() {
        let appeal = live(context, index, story).await;
        let appeal = appeal.with_context(|| format!("the appeal “{}”", story.3))?;
        shown.get_or_insert(appeal);
        progress.step(index + 1, STORIES.len(), story.3);
    }
    shown.context("no appeal")
}

async fn live(context: &Context, index: usize, story: &Story) -> Result<Shown> {
    let (channel, _, subject, .., fate) = *story;
    let appeal = submit(context, index, story).await?;
    let number = appeal.number.as_str();
    let by_bigdata = matches!(channel, "mobile" | "tv")
        || (subject == "system_function" && matches!(channel, "review" | "media_board"));
    let desk = if by_bigdata {
        "ta-bigdata-triage"
    } else {
        "ta-approval-triage"
    };
    let desk = context.sign_in(desk).await?;
    match fate {
        Fate::Waits => {}
        Fate::AnsweredDirectly => {
            let body = serde_json::json!({ "answer": answer() });
            context.act(&desk, number, "direct-answer", &body).await?;
        }
        Fate::Declined(ground) => {
            context
                .act(
                    &desk,
                    number,
                    "decline",
                    &serde_json::json!({ "ground": ground }),
                )
                .await?;
        }
        Fate::Dispatched(unit) | Fate::Signed(unit) | Fate::Closed(unit) | Fate::Rated(unit, _) => {
            let body = serde_json::json!({ "unit": unit, "note": "请按职责办理并及时答复。" });
            context.act(&desk, number, "dispatch", &body).await?;
            handle(context, &appeal, unit, fate).await?;
        }
    }
    Ok(appeal)
}

async fn submit(context: &Context, index: usize, story: &Story) -> Result<Shown> {
    let (channel, kind, subject, title, text, _) = *story;
    let body = serde_json::json!({
        "kind": kind, "subject": subject, "title": title, "text": text,
        "appellant": {
            "kind": "person",
            "name": format!("演示{}", char::from(b'A' + u8::try_from(index)?)),
            "phone": format!("1380000{index:04}"),
        },
        "replyBy": if index.is_multiple_of(3) { "sms" } else { "in_app" },
        "area": "370902",
    });
    let key = format!("demonstration-{index:03}");
    let headers = [("idempotency-key", key.as_str())];
    let body = serde_json::to_vec(&body)?;
    let answer = context
        .channel(channel, Method::POST, "/appeals", &headers, &body)
        .await?;
    let answer = answer.success()?.json()?;
    let field = |name: &str| {
        let value = answer.get(name).and_then(Value::as_str).map(str::to_owned);
        value.with_context(|| format!("the receipt has no `{name}`"))
    };
    Ok(Shown {
        number: field("number")?,
        query_code: field("queryCode")?,
    })
}

/// What the unit does, as far as the appeal's fate goes.
async fn handle(context: &Context, appeal: &Shown, unit: &str, fate: Fate) -> Result<()> {
    if matches!(fate, Fate::Dispatched(_)) {
        return Ok(());
    }
    let liaison = context.sign_in(&format!("{unit}-liaison")).await?;
    let number = appeal.number.as_str();
    context
        .act(&liaison, number, "sign", &serde_json::json!({}))
        .await?;
    if matches!(fate, Fate::Signed(_)) {
        return Ok(());
    }
    let contact =
        serde_json::json!({ "way": "phone", "outcome": "reached", "note": "已核实诉求具体情况。" });
    context.act(&liaison, number, "contacts", &contact).await?;
    let closing =
        serde_json::json!({ "record": record(), "answer": answer(), "outcome": "solved" });
    context.act(&liaison, number, "close", &closing).await?;
    let Fate::Rated(_, level) = fate else {
        return Ok(());
    };
    let rating = serde_json::json!({ "level": level, "solved": true, "words": "处理很快，谢谢。" });
    let url = format!(
        "{}/appeals/{number}/rating",
        Ports::url(context.ports.public)
    );
    let headers = [("query-code", appeal.query_code.as_str())];
    context
        .client
        .post_json(&url, &headers, &rating)
        .await?
        .success()
        .map(|_| ())
}

fn answer() -> Value {
    serde_json::json!({
        "verification": "经核实，您反映的情况属实，系数据同步延迟所致。",
        "basis": "依据国家有关规定及本单位经办规程办理。",
        "result": "已于当日完成数据更正并通知窗口同步处理。",
        "advice": "请于次日重新查询，如仍有问题可持有效证件到就近窗口办理。",
    })
}

fn record() -> Value {
    serde_json::json!({
        "investigation": "电话联系诉求人了解经过，调取业务系统办理记录核对。",
        "facts": "业务已受理，结果数据未及时同步到查询系统。",
        "legalBasis": "国务院关于加快推进政务服务标准化规范化便利化的指导意见。",
        "measures": "更正数据，并在经办环节增加同步核对。",
        "remedies": "对处理结果有异议的，可依法申请行政复议或提起行政诉讼。",
    })
}

impl Context {
    /// A request of a channel, signed as `Suqiu-Signature` demands.
    pub async fn channel(
        &self,
        channel: &str,
        method: Method,
        path_and_query: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Answer> {
        let secrets = self
            .keys
            .channel_secrets
            .get(channel)
            .context("no such channel")?;
        let secret = BASE64_STANDARD.decode(secrets.first().context("no secret")?)?;
        let (path, query) = path_and_query
            .split_once('?')
            .unwrap_or((path_and_query, ""));
        let timestamp = self.clock.now().timestamp().to_string();
        let nonce = hex(&random::<16>()?);
        let key = headers.iter().find(|(name, _)| *name == "idempotency-key");
        let request = SignedRequest {
            method: method.as_str(),
            path,
            query,
            timestamp: &timestamp,
            nonce: &nonce,
            idempotency_key: key.map_or("", |(_, key)| key),
            signature: "",
            body,
        };
        let signature = access::channel::sign(&request, &secret);
        let mut all = vec![
            ("suqiu-channel", channel),
            ("suqiu-timestamp", timestamp.as_str()),
            ("suqiu-nonce", nonce.as_str()),
            ("suqiu-signature", signature.as_str()),
        ];
        let is_named = headers.iter().any(|(name, _)| *name == "content-type");
        if !body.is_empty() && !is_named {
            all.push(("content-type", "application/json"));
        }
        all.extend_from_slice(headers);
        let url = format!("{}{path_and_query}", Ports::url(self.ports.public));
        self.client
            .send(method, &url, &all, Bytes::copy_from_slice(body))
            .await
    }

    /// Signs an officer in by several factors; gives the `Authorization` header's value.
    pub async fn sign_in(&self, officer: &str) -> Result<String> {
        self.sign_in_by(officer, "pwd otp mfa").await
    }

    /// Signs an appellant in, in this account.
    pub async fn sign_in_appellant(&self, account: &str) -> Result<String> {
        self.token(&format!("account={account}")).await
    }

    /// Signs an officer in by these methods (RFC 8176), words apart.
    pub async fn sign_in_by(&self, officer: &str, methods: &str) -> Result<String> {
        let form = format!("username={officer}&amr={methods}").replace(' ', "+");
        self.token(&form).await
    }

    async fn token(&self, form: &str) -> Result<String> {
        let url = format!("{}/issuer/token", Ports::url(self.ports.web));
        let answer = self.client.post_form(&url, form).await?.success()?.json()?;
        let token = answer.get("access_token").and_then(Value::as_str);
        let token = token.context("no token")?;
        Ok(format!("Bearer {token}"))
    }

    /// An officer acts on a ticket.
    async fn act(&self, authorization: &str, number: &str, step: &str, body: &Value) -> Result<()> {
        let path = format!("/tickets/{number}/{step}");
        let answer = self.console(authorization, &path, Some(body)).await?;
        answer.success().with_context(|| format!("cannot {step}"))?;
        Ok(())
    }

    /// A request of a signed-in officer. Without `body` it is a `GET`.
    pub async fn console(
        &self,
        authorization: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer> {
        let url = format!("{}{path}", Ports::url(self.ports.console));
        let headers = [("authorization", authorization)];
        let Some(body) = body else {
            return self.client.get(&url, &headers).await;
        };
        self.client.post_json(&url, &headers, body).await
    }
}
