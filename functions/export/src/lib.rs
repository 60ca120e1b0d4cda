//! 导出 (Art. 16: 严禁未经授权的导出; R-DP-3): the one way by which data leaves in bulk. Somebody asks,
//! another approves, who asked takes the file, which is marked, and every download is on record
//! before the file is sent. There is no file at rest: each is made of the rows as they are then.

use api::answers::{ExportView, ExportsPage};
use api::requests::{ExportBody, ExportRefusalBody, parse};
use app::AppError;
use app::error::FieldError;
use app::exports::{Content, Sheet};
use app::ports::{Committed, Store as _};
use app::reports::find;
use authz::{ExportDeed, Intent, Officer, Permit, Principal, allows, authorize};
use cloud::objects::Bucket;
use domain::calendar::shanghai_date;
use domain::export::{Decision, Download, Export, ExportId, Step, Taken};
use domain::ids::hex;
use domain::rulebook::Rulebook;
use runtime::http::{Reply, Request};
use runtime::officers::Officers;
use sha2::{Digest as _, Sha256};
use store::DynamoStore;

/// Exports of a page.
const PAGE: i32 = 50;

/// Reads and writes before the caller is asked to try again.
const ATTEMPTS: u32 = 3;

/// What answering about exports needs.
#[derive(Debug)]
pub struct Office {
    /// Where they are.
    pub store: DynamoStore,
    /// Who asks.
    pub officers: Officers,
    /// Where reports are kept.
    pub archive: Bucket,
}

/// `GET /exports`, `POST /exports`, `POST /exports/{export}/approval`, `POST /exports/{export}/refusal`,
/// `POST /exports/{export}/downloads`.
pub async fn handle(office: &Office, request: Request) -> Result<Reply, AppError> {
    let officer = office.officers.officer(&request).await?;
    let reference = office.store.reference(request.at).await?;
    let rulebooks = &reference.timetable.rulebooks;
    let desk = Desk {
        office,
        officer: &officer,
        rulebook: &rulebooks.in_force(shanghai_date(request.at)),
        request: &request,
    };
    match (request.method.as_str(), request.path.rsplit('/').next()) {
        ("GET", _) => desk.list().await,
        (_, Some("approval")) => desk.decide(None).await,
        (_, Some("refusal")) => {
            let reason = parse::<ExportRefusalBody>(&request.body)?.check()?;
            desk.decide(Some(reason)).await
        }
        (_, Some("downloads")) => desk.download().await,
        _ => desk.ask().await,
    }
}

/// One request, by whom and under which rulebook.
struct Desk<'a> {
    office: &'a Office,
    officer: &'a Officer,
    rulebook: &'a Rulebook,
    request: &'a Request,
}

impl Desk<'_> {
    fn step(&self) -> Step {
        Step {
            by: self.officer.id.clone(),
            unit: self.officer.unit.clone(),
            at: self.request.at,
        }
    }

    fn permit(&self, deed: ExportDeed, export: &Export) -> Result<Permit, AppError> {
        let principal = Principal::Officer(self.officer);
        authorize(principal, Intent::Export(deed, export))
    }

    fn shown(&self, permit: &Permit, status: u16, export: &Export) -> Result<Reply, AppError> {
        let view = ExportView::of(export, self.request.at, self.rulebook);
        Reply::json(permit, status, &view)
    }

    /// The export in the path.
    async fn named(&self) -> Result<Export, AppError> {
        let id = self.request.path_parameter("export").unwrap_or_default();
        let id = ExportId::parse(id).ok_or(AppError::NotFound)?;
        self.office
            .store
            .export(&id)
            .await?
            .ok_or(AppError::NotFound)
    }

    async fn ask(&self) -> Result<Reply, AppError> {
        let body = parse::<ExportBody>(&self.request.body)?;
        let extent = body.check(self.request.at, self.rulebook)?;
        let digest = Sha256::new()
            .chain_update(self.officer.id.as_str())
            .chain_update(self.request.at.timestamp_millis().to_be_bytes())
            .chain_update(&self.request.body);
        let export = Export {
            id: ExportId::new(self.request.at, &digest.finalize()),
            extent,
            asked: self.step(),
            decision: None,
            downloads: Vec::new(),
        };
        let permit = self.permit(ExportDeed::Ask, &export)?;
        if let Taken::Periodic(id) = &export.extent.taken {
            let is_kept = find(&self.office.archive, id).await;
            is_kept.map_err(|error| match error {
                AppError::NotFound => {
                    AppError::Invalid(vec![FieldError::new("/report", "没有这份报告")])
                }
                other => other,
            })?;
        }
        self.office.store.put_new_export(&export).await?;
        self.shown(&permit, 201, &export)
    }

    async fn decide(&self, refused: Option<String>) -> Result<Reply, AppError> {
        let decision = Decision {
            step: self.step(),
            refused,
        };
        for _ in 0..ATTEMPTS {
            let mut export = self.named().await?;
            let permit = self.permit(ExportDeed::Decide, &export)?;
            // Our own write, its answer lost and the store asked again: nothing is left to do.
            if export.decision.as_ref() != Some(&decision) {
                let read = export.version();
                let decided = export.decide(decision.clone(), self.rulebook);
                decided.map_err(AppError::Export)?;
                if self.office.store.put_export(&export, read).await? == Committed::LostRace {
                    continue;
                }
            }
            return self.shown(&permit, 200, &export);
        }
        Err(busy())
    }

    async fn download(&self) -> Result<Reply, AppError> {
        let mut sent: Option<(Export, String)> = None;
        for _ in 0..ATTEMPTS {
            let mut export = self.named().await?;
            let permit = self.permit(ExportDeed::Download, &export)?;
            if let Some((wanted, file)) = sent.take_if(|(wanted, _)| *wanted == export) {
                return Ok(self.file(&permit, &wanted, file));
            }
            let mark = export.next_mark(self.request.at, self.rulebook);
            let mark = mark.map_err(AppError::Export)?;
            let content = self.content(&export.extent.taken).await?;
            let sheet = Sheet {
                export: &export,
                content: &content,
                mark: &mark,
                by: &self.officer.id,
                at: self.request.at,
            };
            let file = tables::sheet(sheet.rows());
            let read = export.version();
            export.downloads.push(Download {
                step: self.step(),
                rows: u32::try_from(content.rows()).unwrap_or(u32::MAX),
                is_cut: content.is_cut(),
                sha256: hex(&Sha256::digest(&file)),
            });
            if self.office.store.put_export(&export, read).await? == Committed::Yes {
                return Ok(self.file(&permit, &export, file));
            }
            sent = Some((export, file));
        }
        Err(busy())
    }

    /// What the file holds.
    async fn content(&self, taken: &Taken) -> Result<Content, AppError> {
        let most = self.rulebook.export_rows;
        match taken {
            Taken::List { unit, columns } => {
                Content::of_list(&self.office.store, unit, columns, most).await
            }
            Taken::Periodic(id) => {
                let report = find(&self.office.archive, id).await?;
                Ok(Content::of_report(&report, most))
            }
        }
    }

    fn file(&self, permit: &Permit, export: &Export, file: String) -> Reply {
        let (id, download) = (export.id.as_str(), export.downloads.len());
        let (officer, rows) = (
            self.officer.id.as_str(),
            export.downloads.last().map(|last| last.rows),
        );
        tracing::info!(officer, export = id, download, rows, "exported");
        Reply::csv(permit, &format!("{id}-{download}.csv"), file)
    }

    async fn list(&self) -> Result<Reply, AppError> {
        let principal = Principal::Officer(self.officer);
        let permit = authorize(principal, Intent::ListExports)?;
        let cursor = self.request.query_parameter("cursor").map(|cursor| {
            let wrong = FieldError::new("cursor", "应为上一页的next");
            ExportId::parse(cursor).ok_or_else(|| AppError::Invalid(vec![wrong]))
        });
        let (all, next) = self
            .office
            .store
            .exports(cursor.transpose()?.as_ref(), PAGE)
            .await?;
        let mut items = Vec::new();
        for export in &all {
            if allows(principal, Intent::Export(ExportDeed::Read, export))? {
                items.push(ExportView::of(export, self.request.at, self.rulebook));
            }
        }
        let next = next.map(|id| id.as_str().to_owned());
        Reply::json(&permit, 200, &ExportsPage { items, next })
    }
}

fn busy() -> AppError {
    AppError::Unavailable("the export is busy".to_owned())
}
