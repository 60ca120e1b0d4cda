//! An attachment's item.

use app::AppError;
use app::ports::{Attachment, AttachmentState};
use domain::ids::{ChannelCode, UploadId};

use crate::attributes::{Item, Reader, number, text};
use crate::keys;

/// The item; `ttl` is set while nothing has arrived, so that what never completes goes away.
pub(crate) fn item(attachment: &Attachment, ttl: Option<i64>) -> Item {
    let (state, reason) = match &attachment.state {
        AttachmentState::Granted => ("granted", None),
        AttachmentState::Clean => ("clean", None),
        AttachmentState::Quarantined { reason } => ("quarantined", Some(reason.as_str())),
    };
    let mut item = Item::from([
        (keys::PK.to_owned(), text(keys::attachment(&attachment.id))),
        (keys::SK.to_owned(), text(keys::ALONE)),
        ("id".to_owned(), text(attachment.id.as_str())),
        ("c".to_owned(), text(attachment.channel.as_str())),
        ("ty".to_owned(), text(&attachment.content_type)),
        ("z".to_owned(), number(attachment.size_bytes)),
        ("h".to_owned(), text(&attachment.sha256)),
        ("s".to_owned(), text(state)),
    ]);
    let optional = [("y", reason), ("dt", attachment.detected_type.as_deref())];
    for (name, value) in optional {
        item.extend(value.map(|value| (name.to_owned(), text(value))));
    }
    if !attachment.removed.is_empty() {
        item.insert("rm".to_owned(), text(attachment.removed.join(",")));
    }
    item.extend(ttl.map(|ttl| ("ttl".to_owned(), number(ttl))));
    item
}

/// Reads the item.
pub(crate) fn read(item: &Item) -> Result<Attachment, AppError> {
    let reader = Reader::new(item, "attachment");
    let state = match reader.text("s")? {
        "granted" => AttachmentState::Granted,
        "clean" => AttachmentState::Clean,
        "quarantined" => AttachmentState::Quarantined {
            reason: reader.optional("y").unwrap_or_default().to_owned(),
        },
        _ => return Err(reader.corrupt("s")),
    };
    let removed = reader
        .optional("rm")
        .map(|list| list.split(',').map(str::to_owned).collect());
    Ok(Attachment {
        id: UploadId::parse(reader.text("id")?).map_err(|_| reader.corrupt("id"))?,
        channel: ChannelCode::parse(reader.text("c")?).map_err(|_| reader.corrupt("c"))?,
        content_type: reader.text("ty")?.to_owned(),
        size_bytes: reader.number("z")?,
        sha256: reader.text("h")?.to_owned(),
        state,
        detected_type: reader.optional("dt").map(str::to_owned),
        removed: removed.unwrap_or_default(),
    })
}
