//! A letter about nobody real.

use chrono::NaiveDate;
use letters::Letter;

pub(crate) fn letter() -> Letter {
    let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
    Letter {
        issuer: "泰安市大数据局".to_owned(),
        number: "泰数督函〔2026〕17号".to_owned(),
        addressee: "泰安市住房公积金管理中心".to_owned(),
        title: "关于限期办理超期未签收诉求的督办函".to_owned(),
        article: "《“爱山东”政务服务平台用户诉求办理管理办法（试行）》第十七条（二）".to_owned(),
        trigger: "无正当理由超期未签收、未办结：工单TA-20261118-000042派发后未在规定期限内签收。".to_owned(),
        facts: "该诉求于2026年11月18日由移动端提交，反映租房提取住房公积金长时间显示审核中，诉求类型为求助。我局当日审核并派发你单位，办理期限为1个工作日，应于11月19日办结。\n截至11月23日，该工单仍未签收，已超期2个工作日；系统先后两次预警，联络员未作回应；11月24日电话催办后，仍未签收，也未申请退回或者延期。".to_owned(),
        evidence: vec![
            "派单记录：2026年11月18日10时12分，版本3。".to_owned(),
            "预警记录：2026年11月19日、11月20日各一次。".to_owned(),
            "电话催办记录：2026年11月24日9时30分，接听人喆堃。".to_owned(),
        ],
        demand: "请你单位立即签收该工单，查明未按期签收的原因，与诉求人取得联系，依法依规办理并答复；举一反三，完善工单值守制度，明确联络员缺位时的代办人员。".to_owned(),
        due_on: NaiveDate::from_ymd_opt(2026, 12, 2).unwrap(),
        contact: "王镕，0538-0000000".to_owned(),
        signed_by: "泰安市大数据局".to_owned(),
        dated_on: day(27),
    }
}
