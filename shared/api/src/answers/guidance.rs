//! The lawful way that is open where an appeal cannot be handled here (Art. 11(1); R-TR-6).

use domain::signs::signs_in;
use domain::workflow::words::Ground;
use serde::Serialize;

/// A notice to the appellant.
#[derive(Debug, Serialize)]
pub struct Notice {
    /// Code of the ground.
    pub code: &'static str,
    /// What to do.
    pub text: String,
    /// The number to call.
    pub route: &'static str,
}

/// A notice for the first emergency sign in the `text` of an appeal that was received.
pub fn emergency_notice(text: &str) -> Option<Notice> {
    notice(text, |route| {
        format!("如遇紧急情况，请立即拨打{route}。您的诉求已收到，工作人员将优先查看。")
    })
}

/// The same while somebody still types: nothing was received yet.
pub fn emergency_warning(text: &str) -> Option<Notice> {
    notice(text, |route| {
        format!("如遇紧急情况，请立即拨打{route}，不要等待网上答复。")
    })
}

fn notice(text: &str, says: fn(&str) -> String) -> Option<Notice> {
    let sign = signs_in(text)
        .into_iter()
        .find(|sign| sign.ground.is_emergency())?;
    let (_, route) = guidance(sign.ground);
    Some(Notice {
        code: sign.ground.code(),
        text: says(route),
        route,
    })
}

/// The lawful way that is open (Art. 11(1), R-TR-6): guidance text, and the route's number or name.
pub const fn guidance(ground: Ground) -> (&'static str, &'static str) {
    match ground {
        Ground::Emergency110 => (
            "您反映的情况属于公安机关紧急处置范围，请立即拨打110报警。",
            "110",
        ),
        Ground::Emergency119 => ("您反映的情况属于消防救援范围，请立即拨打119。", "119"),
        Ground::Emergency120 => ("您反映的情况需要医疗急救，请立即拨打120。", "120"),
        Ground::Emergency122 => (
            "您反映的情况属于道路交通事故报警范围，请立即拨打122。",
            "122",
        ),
        Ground::Reconsideration => (
            "您反映的事项依法应当通过或已进入行政复议程序，请向行政复议机关提出或等候复议决定。",
            "行政复议机关",
        ),
        Ground::Litigation => (
            "您反映的事项依法应当通过或已进入行政诉讼程序，请通过人民法院诉讼渠道解决。",
            "人民法院",
        ),
        Ground::Arbitration => (
            "您反映的事项依法应当通过或已进入仲裁程序，请向有管辖权的仲裁机构提出。",
            "仲裁机构",
        ),
        Ground::Discipline => (
            "您反映的事项属于纪检监察受理范围，请拨打12388或通过纪检监察举报网站反映。",
            "12388",
        ),
        Ground::Hotline12345 => (
            "您反映的事项已由12345政务服务便民热线办理，请拨打12345查询进展。",
            "12345",
        ),
        Ground::Petition => (
            "您反映的事项已进入信访程序，请通过国家信访局网上信访平台或当地信访部门查询。",
            "信访部门",
        ),
        Ground::EnterpriseTrack => (
            "您反映的事项纳入企业接诉即办处理，请通过企业诉求接诉即办平台查询。",
            "企业接诉即办",
        ),
    }
}
