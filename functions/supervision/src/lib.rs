//! 督办 (Art. 17, 18; R-SV-7, R-SV-8, R-SV-10): managing units, of the city and of the counties, follow
//! their cases up step by step, the supervised unit answers, and nothing is closed before its answer
//! was verified.

use api::answers::{AttachmentLink, SupervisionPage, restriction_list, supervision_view};
use api::requests::{SupervisionBody, SupervisionStepBody, WordsBody, parse};
use app::AppError;
use app::error::FieldError;
use app::ports::{Reference, Store as _};
use app::supervision::{Cases as _, change_case, due_of, letter};
use authz::{CaseDeed, Intent, Officer, Permit, Principal, allows, authorize};
use chrono::TimeDelta;
use domain::calendar::shanghai_date;
use domain::supervision::{
    LetterNumber, Method, NotSo, SupervisionCase, SupervisionId, restrictions, supervises,
};
use runtime::Setup;
use runtime::http::{Reply, Request};
use runtime::officers::Officers;
use std::sync::Arc;
use store::DynamoStore;

/// Cases of a page.
const PAGE: i32 = 50;

/// Art. 7(2), 17: whose units a county does not supervise.
const NOT_OURS: &str = "县级管理单位督办本县（市、区）的承办单位（第七条第（二）项），\
                        其他单位请报市级管理单位督办";

/// How long a link to a letter works.
const LINK_LIFE: TimeDelta = TimeDelta::minutes(5);

/// What supervision needs.
#[derive(Debug)]
pub struct Office {
    store: DynamoStore,
    officers: Officers,
    sdk: cloud::sdk::Sdk,
    archive: String,
}

impl Office {
    /// From the environment.
    pub fn new(setup: &Setup, store: DynamoStore, officers: Officers) -> Result<Self, AppError> {
        let archive = setup.setting("ARCHIVE_BUCKET")?;
        Ok(Self {
            store,
            officers,
            sdk: setup.sdk.clone(),
            archive,
        })
    }
}

/// `GET` and `POST /supervision`, `GET /supervision/{case}` and its `/letter`, `POST /supervision/{case}/steps`,
/// `/answer`, `/acceptance`, `/refusal`, and `GET /project-restrictions`.
pub async fn handle(office: &Office, request: Request) -> Result<Reply, AppError> {
    let officer = office.officers.officer(&request).await?;
    let reference = office.store.reference(request.at).await?;
    let desk = Desk {
        office,
        store: &office.store,
        officer: &officer,
        request: &request,
        reference,
    };
    let last = request.path.rsplit('/').next();
    match (request.method.as_str(), last) {
        ("GET", Some("project-restrictions")) => desk.restrictions().await,
        ("GET", Some("supervision")) => desk.list().await,
        ("GET", Some("letter")) => desk.letter().await,
        ("GET", _) => desk.show().await,
        (_, Some("steps")) => desk.step().await,
        (_, Some("answer")) => {
            let words = desk.words()?;
            desk.change(CaseDeed::Answer, |case, by, at| {
                case.answer(words.clone(), by, at)
            })
            .await
        }
        (_, Some("acceptance")) => {
            let words = desk.words()?;
            desk.change(CaseDeed::Supervise, |case, by, at| {
                case.accept(words.clone(), by, at)
            })
            .await
        }
        (_, Some("refusal")) => {
            let words = desk.words()?;
            desk.change(CaseDeed::Supervise, |case, by, at| {
                case.refuse(words.clone(), by, at)
            })
            .await
        }
        _ => desk.open().await,
    }
}

/// One request, and by whom.
struct Desk<'a> {
    office: &'a Office,
    store: &'a DynamoStore,
    officer: &'a Officer,
    request: &'a Request,
    reference: Arc<Reference>,
}

type Instant = chrono::DateTime<chrono::Utc>;

impl Desk<'_> {
    const fn principal(&self) -> Principal<'_> {
        Principal::Officer(self.officer)
    }

    fn permit(&self, deed: CaseDeed, case: &SupervisionCase) -> Result<Permit, AppError> {
        authorize(self.principal(), Intent::Supervision(deed, case))
    }

    fn words(&self) -> Result<String, AppError> {
        parse::<WordsBody>(&self.request.body)?.check()
    }

    fn id(&self) -> Result<SupervisionId, AppError> {
        let id = self.request.path_parameter("case").unwrap_or_default();
        SupervisionId::parse(id).ok_or(AppError::NotFound)
    }

    /// The case in the path; for who may not read it there is none.
    async fn named(&self) -> Result<SupervisionCase, AppError> {
        let found = self.store.case(&self.id()?).await?;
        let case = found.ok_or(AppError::NotFound)?;
        if allows(self.principal(), Intent::Supervision(CaseDeed::Read, &case))? {
            Ok(case)
        } else {
            Err(AppError::NotFound)
        }
    }

    async fn open(&self) -> Result<Reply, AppError> {
        let body = parse::<SupervisionBody>(&self.request.body)?;
        let by = (&self.officer.id, &self.officer.unit);
        let at = self.request.at;
        let found = body.check(&self.reference.registry, by, at)?;
        let opened_by = Some(self.officer.id.clone());
        let case = SupervisionCase::open(found, body.technical, opened_by, at);
        let permit = self.permit(CaseDeed::Open, &case)?;
        let (supervisor, unit) = (&case.cause.supervisor, &case.cause.unit);
        if !supervises(&self.reference.registry, supervisor, unit) {
            return Err(AppError::Invalid(vec![FieldError::new("/unit", NOT_OURS)]));
        }
        let due = due_of(&case, &self.reference.timetable);
        self.store.put_new_case(&case, due).await?;
        Reply::json(&permit, 201, &supervision_view(&case, &self.reference))
    }

    async fn show(&self) -> Result<Reply, AppError> {
        let case = self.named().await?;
        let permit = self.permit(CaseDeed::Read, &case)?;
        Reply::json(&permit, 200, &supervision_view(&case, &self.reference))
    }

    /// A link to the letter as it was set.
    async fn letter(&self) -> Result<Reply, AppError> {
        let case = self.named().await?;
        let permit = self.permit(CaseDeed::Read, &case)?;
        let sent = letter(&case, &self.reference).ok_or(AppError::NotFound)?;
        let sdk = &self.office.sdk;
        let url = format!(
            "{}/{}",
            sdk.bucket_url(&self.office.archive),
            sent.file_in_url()?
        );
        let (credentials, at) = (cloud::sdk::credentials()?, self.request.at);
        let link = cloud::objects::signed_get(&credentials, sdk.region(), &url, LINK_LIFE, at)?;
        Reply::json(&permit, 200, &AttachmentLink::new(link, at + LINK_LIFE))
    }

    /// The present method again, to say what came of it; or the next of the ladder.
    async fn step(&self) -> Result<Reply, AppError> {
        let body = parse::<SupervisionStepBody>(&self.request.body)?;
        let (method, note) = body.check()?;
        let case = self.named().await?;
        let permit = self.permit(CaseDeed::Supervise, &case)?;
        let wants_letter = method == Method::Letter && case.method().0 != method;
        let by = || self.officer.id.clone();
        let at = self.request.at;
        let change = |case: &mut SupervisionCase, letter: Option<LetterNumber>| {
            if case.method().0 != method {
                let step = case.step(method, letter, Some(by()), at);
                step.map_err(AppError::Supervision)?;
            } else if note.is_none() {
                return Err(AppError::Supervision(NotSo::Ladder));
            }
            match &note {
                Some(note) => case
                    .note(note.clone(), by(), at)
                    .map_err(AppError::Supervision),
                None => Ok(()),
            }
        };
        let wanted = (&case.id, at, wants_letter);
        let timetable = &self.reference.timetable;
        let changed = change_case(self.store, timetable, wanted, &change).await?;
        Reply::json(&permit, 200, &supervision_view(&changed, &self.reference))
    }

    async fn change(
        &self,
        deed: CaseDeed,
        change: impl Fn(&mut SupervisionCase, domain::ids::OfficerId, Instant) -> Result<(), NotSo>
        + Sync,
    ) -> Result<Reply, AppError> {
        let case = self.named().await?;
        let permit = self.permit(deed, &case)?;
        let change = |case: &mut SupervisionCase, _: Option<LetterNumber>| {
            let by = self.officer.id.clone();
            change(case, by, self.request.at).map_err(AppError::Supervision)
        };
        let wanted = (&case.id, self.request.at, false);
        let timetable = &self.reference.timetable;
        let changed = change_case(self.store, timetable, wanted, &change).await?;
        Reply::json(&permit, 200, &supervision_view(&changed, &self.reference))
    }

    async fn list(&self) -> Result<Reply, AppError> {
        let permit = authorize(self.principal(), Intent::ListSupervision)?;
        let cursor = self.request.query_parameter("cursor").map(|cursor| {
            let wrong = FieldError::new("cursor", "应为上一页的next");
            SupervisionId::parse(cursor).ok_or_else(|| AppError::Invalid(vec![wrong]))
        });
        let before = cursor.transpose()?;
        let (all, next) = self.store.cases_page(before.as_ref(), PAGE).await?;
        let mut items = Vec::new();
        for case in &all {
            let intent = Intent::Supervision(CaseDeed::Read, case);
            if allows(self.principal(), intent)? {
                items.push(supervision_view(case, &self.reference));
            }
        }
        let next = next.map(|id| id.as_str().to_owned());
        Reply::json(&permit, 200, &SupervisionPage { items, next })
    }

    async fn restrictions(&self) -> Result<Reply, AppError> {
        let permit = authorize(self.principal(), Intent::ReadRestrictions)?;
        let open = self.store.open_cases().await?;
        let timetable = &self.reference.timetable;
        let now = self.request.at;
        let rulebook = timetable.rulebooks.in_force(shanghai_date(now));
        let found = restrictions(&open, now, &timetable.calendar, &rulebook);
        Reply::json(&permit, 200, &restriction_list(&found, &self.reference))
    }
}
