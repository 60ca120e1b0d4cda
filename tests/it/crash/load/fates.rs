//! The longer ways of an appeal: co-handlers, extensions, supplements, returns, joint handling, a
//! county. The clock runs fast here, so any of it may come too late; nothing of it may be lost.

use serde_json::json;

use super::{Appeal, DESK, LIAISON, Load, RATE, SUPPLEMENT};
use crate::city::{answer, contact, record};

const HELPER: &str = "ta-rsj-liaison";
const COUNTY: &str = "taishan-bigdata-manager";

impl Load {
    pub(super) async fn goes_another_way(&self, appeal: &Appeal, fate: usize) {
        match fate % super::FATES {
            8 => self.takes_long(appeal).await,
            9 => self.is_returned(&appeal.number).await,
            10 => self.is_met_on(&appeal.number).await,
            _ => self.goes_to_a_county(&appeal.number).await,
        }
    }

    async fn takes_long(&self, appeal: &Appeal) {
        let number = appeal.number.as_str();
        let reason = json!({ "reason": "情况不属特别复杂" });
        let items = json!([{ "what": "回单", "why": "核对", "how": "拍照" }]);
        let plan = json!({
            "measures": "改造接口", "responsible": "科长", "reason": "须招标", "until": "2027-06-30",
        });
        let dispatch = json!({ "unit": "ta-ylbzj", "coHandlers": ["ta-rsj"] });
        let closing = json!({ "record": record(), "answer": answer(), "contact": contact() });
        for (officer, act, body) in [
            (DESK, ("dispatch", "dispatch"), dispatch),
            (LIAISON, ("sign", "sign"), json!({})),
            (HELPER, ("co_sign", "co-signature"), json!({})),
            (
                HELPER,
                ("give_opinion", "opinion"),
                json!({ "opinion": "数据核对无误" }),
            ),
            (
                LIAISON,
                ("ask_extension", "extension"),
                json!({ "days": 1, "reason": "复杂" }),
            ),
            (
                DESK,
                ("refuse_extension", "extension-refusal"),
                reason.clone(),
            ),
            (LIAISON, ("ask_deferral", "deferral"), plan),
            (
                DESK,
                ("refuse_deferral", "deferral-refusal"),
                reason.clone(),
            ),
            (
                LIAISON,
                ("ask_supplement", "supplement"),
                json!({ "items": items }),
            ),
        ] {
            self.attempts(officer, number, act, &body).await;
        }
        self.asks_for(
            appeal,
            SUPPLEMENT,
            &json!({ "items": [1], "text": "见附件" }),
        )
        .await;
        self.attempts(LIAISON, number, ("close", "close"), &closing)
            .await;
        // Nothing failed to arrive: refused, by the function all the same.
        let letter = json!({ "way": "post", "reason": "邮寄" });
        self.attempts(LIAISON, number, ("deliver_otherwise", "delivery"), &letter)
            .await;
        let unhappy = json!({ "level": 1, "solved": false });
        self.asks_for(appeal, RATE, &unhappy).await;
        self.attempts(DESK, number, ("reopen", "reopening"), &reason)
            .await;
    }

    async fn is_returned(&self, number: &str) {
        let dispatch = json!({ "unit": "ta-ylbzj" });
        let ask = json!({ "reason": "other_duty", "ground": "三定规定", "suggested": "ta-rsj" });
        self.attempts(DESK, number, ("dispatch", "dispatch"), &dispatch)
            .await;
        self.attempts(LIAISON, number, ("ask_return", "return"), &ask)
            .await;
        self.attempts(
            DESK,
            number,
            ("accept_return", "return-acceptance"),
            &json!({}),
        )
        .await;
    }

    async fn is_met_on(&self, number: &str) {
        let units = ["ta-ylbzj", "ta-rsj"];
        let open = json!({ "cause": "cross_unit", "members": units, "reason": "职责交叉" });
        let met = json!({ "metOn": "2026-03-03", "minutes": "明确牵头单位" });
        let conclusion = json!({ "unit": "ta-ylbzj", "conclusion": "由医保部门办理" });
        self.attempts(DESK, number, ("open_joint", "joint-handling"), &open)
            .await;
        self.attempts(DESK, number, ("record_meeting", "meetings"), &met)
            .await;
        self.attempts(
            DESK,
            number,
            ("conclude_joint", "joint-conclusion"),
            &conclusion,
        )
        .await;
    }

    async fn goes_to_a_county(&self, number: &str) {
        let transfer = json!({ "unit": "taishan-bigdata" });
        self.attempts(DESK, number, ("transfer", "transfer"), &transfer)
            .await;
        self.attempts(COUNTY, number, ("take_on", "take-on"), &json!({}))
            .await;
    }
}
