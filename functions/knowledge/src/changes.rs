//! What is done to an entry: read, decided, written if nobody else wrote meanwhile, else once more.

use api::answers::suggested;
use api::requests::{
    KnowledgeBody, KnowledgeNoticeBody, KnowledgePublicationBody, KnowledgeReasonBody,
    KnowledgeRejectionBody, Suggested, parse,
};
use app::AppError;
use app::act::find;
use app::error::FieldError;
use app::ports::{Committed, Store as _};
use authz::{Intent, KnowledgeDeed, Principal, authorize};
use domain::ids::UnitId;
use domain::knowledge::{KnowledgeEntry, KnowledgeId, NotSo, reviewed_by};
use domain::ticket::TicketNumber;
use runtime::http::Reply;
use sha2::{Digest as _, Sha256};

use crate::Desk;

/// Reads and writes before the caller is asked to try again.
const ATTEMPTS: u32 = 3;

impl Desk<'_> {
    /// `POST /knowledge`: a new entry, by hand or from the answer of a ticket.
    pub(crate) async fn draft(&self) -> Result<Reply, AppError> {
        let body = parse::<KnowledgeBody>(&self.request.body)?;
        let (ticket, registry) = (body.ticket()?, &self.reference.registry);
        let owner = body.owner(&self.officer.unit, registry)?;
        let suggested = match &ticket {
            Some(number) => self.answered(number).await?,
            None => Suggested::default(),
        };
        let (content, stage) = body.check(suggested, self.today())?;
        let digest = Sha256::new()
            .chain_update(self.officer.id.as_str())
            .chain_update(self.request.at.timestamp_millis().to_be_bytes())
            .chain_update(&self.request.body);
        let id = KnowledgeId::new(self.request.at, &digest.finalize());
        let units = (owner.clone(), self.reviewers(&owner));
        let written = (content, stage, self.step());
        let entry = KnowledgeEntry::begin(id, units, ticket, written);
        let permit = self.permit(KnowledgeDeed::Draft, &entry)?;
        self.store.put_new_knowledge(&entry).await?;
        self.answer(&permit, 201, &entry)
    }

    fn reviewers(&self, owner: &UnitId) -> Vec<UnitId> {
        reviewed_by(&self.reference.registry, owner)
    }

    /// What was asked and answered on a ticket, for who answered it or received it. One that they
    /// may not draft from is as unknown as one that there is not.
    async fn answered(&self, number: &TicketNumber) -> Result<Suggested, AppError> {
        let wrong = |detail: &str| {
            let field = FieldError::new("/fromTicket", detail);
            AppError::Invalid(vec![field])
        };
        let unknown = || wrong("没有找到这件诉求，请核对编号");
        let ticket = match find(self.store, number).await {
            Err(AppError::NotFound) => return Err(unknown()),
            found => found?,
        };
        let principal = Principal::Officer(self.officer);
        match authorize(principal, Intent::DraftFrom(&ticket)) {
            Err(AppError::NotFound | AppError::Forbidden(_)) => return Err(unknown()),
            permitted => permitted?,
        };
        let dossier = self.store.dossier(&number.key()).await?;
        let suggested = suggested(&ticket, &dossier);
        suggested.ok_or_else(|| wrong("这件诉求尚未以答复办结，不能据以编写条目"))
    }

    /// `POST /knowledge/{entry}/revision`.
    pub(crate) async fn revise(&self) -> Result<Reply, AppError> {
        let body = parse::<KnowledgeBody>(&self.request.body)?;
        let (content, stage) = body.check(Suggested::default(), self.today())?;
        self.change(KnowledgeDeed::Draft, |entry| {
            let reviewers = self.reviewers(&entry.unit);
            entry.revise(reviewers, (content.clone(), stage.clone(), self.step()));
            Ok(())
        })
        .await
    }

    /// `POST /knowledge/{entry}/publication`.
    pub(crate) async fn publish(&self) -> Result<Reply, AppError> {
        let body = parse::<KnowledgePublicationBody>(&self.request.body)?;
        self.change(KnowledgeDeed::Review, |entry| {
            entry.publish(body.revision, self.step()).map(|_| ())
        })
        .await
    }

    /// `POST /knowledge/{entry}/rejection`.
    pub(crate) async fn send_back(&self) -> Result<Reply, AppError> {
        let (revision, reason) = parse::<KnowledgeRejectionBody>(&self.request.body)?.check()?;
        self.change(KnowledgeDeed::Review, |entry| {
            entry.send_back(revision, self.step(), reason.clone())
        })
        .await
    }

    /// `POST /knowledge/{entry}/withdrawal`.
    pub(crate) async fn withdraw(&self) -> Result<Reply, AppError> {
        let reason = parse::<KnowledgeReasonBody>(&self.request.body)?.check()?;
        self.change(KnowledgeDeed::Withdraw, |entry| {
            entry.withdraw(self.step(), reason.clone())
        })
        .await
    }

    /// `POST /knowledge/{entry}/notices`.
    pub(crate) async fn notice(&self) -> Result<Reply, AppError> {
        let warned = parse::<KnowledgeNoticeBody>(&self.request.body)?.check()?;
        let rulebooks = &self.reference.timetable.rulebooks;
        let rulebook = rulebooks.in_force(self.today());
        self.change(KnowledgeDeed::Notice, |entry| {
            let raised = entry.raise(warned.clone(), self.step(), &rulebook);
            raised.map(|_| ())
        })
        .await
    }

    /// `POST /knowledge/{entry}/notices/{notice}/dismissal`.
    pub(crate) async fn dismiss(&self) -> Result<Reply, AppError> {
        let reason = parse::<KnowledgeReasonBody>(&self.request.body)?.check()?;
        let number = self.request.path_parameter("notice").unwrap_or_default();
        let number = number.parse().map_err(|_| AppError::NotFound)?;
        self.change(KnowledgeDeed::Review, |entry| {
            entry.dismiss(number, self.step(), reason.clone())
        })
        .await
    }

    async fn change(
        &self,
        deed: KnowledgeDeed,
        change: impl Fn(&mut KnowledgeEntry) -> Result<(), NotSo>,
    ) -> Result<Reply, AppError> {
        if deed != KnowledgeDeed::Draft {
            self.store.knowledge_changes(self.request.at).await?;
        }
        let mut tried: Option<KnowledgeEntry> = None;
        for _ in 0..ATTEMPTS {
            let mut entry = self.named().await?;
            // Whether there is an entry is not for those who may not read it.
            let _ = self.permit(KnowledgeDeed::Read, &entry)?;
            let permit = self.permit(deed, &entry)?;
            // Our own write, its answer lost and the store asked again: nothing is left to do.
            if tried.as_ref() != Some(&entry) {
                let (read, shown) = (entry.writes, shown(&entry));
                change(&mut entry).map_err(AppError::Knowledge)?;
                let new = entry.published.as_ref();
                let new = new.filter(|version| Some(version.number) != shown);
                let put = self.store.put_knowledge(&entry, read, new);
                if put.await? == Committed::LostRace {
                    tried = Some(entry);
                    continue;
                }
            }
            return self.answer(&permit, 200, &entry);
        }
        Err(AppError::Unavailable("the entry is busy".to_owned()))
    }
}

/// The number of the version that is shown, or was last.
fn shown(entry: &KnowledgeEntry) -> Option<u32> {
    entry.published.as_ref().map(|version| version.number)
}
