//! Plain pages without script: one frame, escaped text, local time.

use chrono::{DateTime, FixedOffset, Utc};

/// Eight hours in seconds: Asia/Shanghai has no summer time.
const CHINA_OFFSET_SECONDS: i32 = 8 * 3600;

/// A whole page. `body` is HTML, `title` is text.
pub fn page(title: &str, body: &str) -> String {
    let title = escape(title);
    format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><style>\
         body{{font:16px/1.7 system-ui,\"Noto Sans CJK SC\",sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem}}\
         table{{border-collapse:collapse;width:100%}}th,td{{border:1px solid #bbb;padding:.4rem .6rem;text-align:left;vertical-align:top}}\
         th{{background:#f2f2f2}}td.text{{white-space:pre-wrap;overflow-wrap:anywhere}}code{{color:#555}}\
         </style></head><body><h1>{title}</h1>{body}</body></html>"
    )
}

/// `text` made harmless inside HTML.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// An instant as people in Tai'an read it.
pub fn local_time(instant: DateTime<Utc>) -> String {
    match FixedOffset::east_opt(CHINA_OFFSET_SECONDS) {
        Some(zone) => instant
            .with_timezone(&zone)
            .format("%Y-%m-%d %H:%M:%S")
            .to_string(),
        None => instant.to_rfc3339(),
    }
}
