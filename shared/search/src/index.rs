//! The index: one segment, made at once and never changed.

use std::collections::BTreeSet;
use std::ops::Bound;

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};
use tantivy::collector::TopDocs;
use tantivy::directory::RamDirectory;
use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, RangeQuery, TermQuery};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing,
    TextOptions, Value as _,
};
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{
    Index, IndexReader, IndexSettings, ReloadPolicy, Searcher, SingleSegmentIndexWriter,
    TantivyDocument, Term,
};

use crate::bytes;
use crate::grams::{Gram, characters, pairs};
use crate::highlight::{Part, excerpt, whole};

/// Memory in which a segment is made.
const BUDGET_BYTES: usize = 64 * 1024 * 1024;

/// How much more a word of the title says than one of the text.
const TITLE: f32 = 3.0;

/// The rarest pairs of a long question, such as a whole appeal, say all of it.
const MOST_TERMS: usize = 48;

/// Of so many pairs an entry must have one: what shares less with the question is no answer to it.
const ONE_OF: usize = 4;

/// Of a long question an entry need not have more pairs than these.
const ENOUGH: usize = 3;

/// Where an entry that is about no area stands.
const EVERYWHERE: &str = "-";

/// An index cannot be made, opened or asked.
#[derive(Debug, thiserror::Error)]
#[error("search: {0}")]
pub struct SearchError(pub(crate) String);

fn broken(what: impl std::fmt::Display) -> SearchError {
    SearchError(what.to_string())
}

/// An entry as it is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexedEntry {
    /// Its id.
    pub id: String,
    /// The version that is shown.
    pub version: u32,
    /// Code of its kind.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
    /// Where the policy or the guide stands.
    pub link: Option<String>,
    /// The document that it rests on.
    pub source: Option<String>,
    /// Name of the unit whose it is.
    pub owner: String,
    /// Area code, where it is about one area.
    pub area: Option<String>,
    /// Service item, where it is about one.
    pub service_item: Option<String>,
    /// The first day on which it holds.
    pub valid_from: NaiveDate,
    /// The last day on which it holds.
    pub valid_to: Option<NaiveDate>,
    /// Whether somebody gave notice that it is wrong.
    pub is_noticed: bool,
}

/// What is looked for.
#[derive(Debug, Clone)]
pub struct Query<'a> {
    /// In words: one character, or a whole appeal.
    pub text: &'a str,
    /// Where: entries about the whole city come too.
    pub area: Option<&'a str>,
    /// Only what holds on this day.
    pub on: NaiveDate,
    /// Entries at most.
    pub limit: usize,
}

/// An entry that answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Which.
    pub entry: IndexedEntry,
    /// How well; to be compared within one answer only.
    pub score: f32,
    /// Its title, with what matched.
    pub title: Vec<Part>,
    /// Where its text matches best.
    pub excerpt: Vec<Part>,
}

/// The fields.
#[derive(Debug, Clone, Copy)]
struct Fields {
    title: Field,
    body: Field,
    title_characters: Field,
    body_characters: Field,
    area: Field,
    from: Field,
    to: Field,
    entry: Field,
}

impl Fields {
    fn new() -> (Self, Schema) {
        let mut schema = Schema::builder();
        let indexed = |option| {
            let indexing = TextFieldIndexing::default().set_tokenizer("raw");
            TextOptions::default().set_indexing_options(indexing.set_index_option(option))
        };
        let (often, once) = (
            indexed(IndexRecordOption::WithFreqs),
            indexed(IndexRecordOption::Basic),
        );
        let fields = Self {
            title: schema.add_text_field("title", often.clone()),
            body: schema.add_text_field("body", often),
            title_characters: schema.add_text_field("title_characters", once.clone()),
            body_characters: schema.add_text_field("body_characters", once),
            area: schema.add_text_field("area", STRING),
            from: schema.add_i64_field("from", INDEXED | FAST),
            to: schema.add_i64_field("to", INDEXED | FAST),
            entry: schema.add_text_field("entry", STORED),
        };
        (fields, schema.build())
    }

    fn document(&self, entry: &IndexedEntry) -> Result<TantivyDocument, SearchError> {
        let mut document = TantivyDocument::new();
        for (field, grams) in [
            (self.title, pairs(&entry.title)),
            (self.body, pairs(&entry.body)),
            (self.title_characters, characters(&entry.title)),
            (self.body_characters, characters(&entry.body)),
        ] {
            document.add_pre_tokenized_text(field, tokens(grams));
        }
        document.add_text(self.area, entry.area.as_deref().unwrap_or(EVERYWHERE));
        document.add_i64(self.from, day(entry.valid_from));
        document.add_i64(self.to, entry.valid_to.map_or(i64::MAX, day));
        document.add_text(self.entry, serde_json::to_string(entry).map_err(broken)?);
        Ok(document)
    }
}

fn day(date: NaiveDate) -> i64 {
    i64::from(date.num_days_from_ce())
}

fn tokens(grams: Vec<Gram>) -> PreTokenizedString {
    let token = |(position, gram): (usize, Gram)| Token {
        offset_from: gram.first,
        offset_to: gram.last + 1,
        position,
        text: gram.term,
        position_length: 1,
    };
    PreTokenizedString {
        text: String::new(),
        tokens: grams.into_iter().enumerate().map(token).collect(),
    }
}

/// Makes the index of `entries` as one block of bytes.
pub fn build(entries: &[IndexedEntry]) -> Result<Vec<u8>, SearchError> {
    let (fields, schema) = Fields::new();
    let files = RamDirectory::create();
    let settings = IndexSettings {
        docstore_compress_dedicated_thread: false,
        ..IndexSettings::default()
    };
    let index = Index::builder().schema(schema).settings(settings);
    let writer = index.single_segment_index_writer(files.clone(), BUDGET_BYTES);
    let mut writer: SingleSegmentIndexWriter = writer.map_err(broken)?;
    for entry in entries {
        let document = fields.document(entry)?;
        writer.add_document(document).map_err(broken)?;
    }
    let index = writer.finalize().map_err(broken)?;
    let names = index.directory().list_managed_files().into_iter();
    let mut names: Vec<_> = names
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.sort();
    bytes::write(&files, &names)
}

/// An index that is open.
pub struct SearchIndex {
    reader: IndexReader,
    fields: Fields,
}

impl std::fmt::Debug for SearchIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SearchIndex").finish_non_exhaustive()
    }
}

impl SearchIndex {
    /// Opens what [`build`] made.
    pub fn open(block: &[u8]) -> Result<Self, SearchError> {
        let index = Index::open(bytes::read(block)?).map_err(broken)?;
        let (fields, schema) = Fields::new();
        if index.schema() != schema {
            return Err(broken("the index has other fields"));
        }
        let reader = index.reader_builder();
        let reader = reader.reload_policy(ReloadPolicy::Manual).try_into();
        Ok(Self {
            reader: reader.map_err(broken)?,
            fields,
        })
    }

    /// How many entries it holds.
    pub fn len(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entries that answer best, the best first.
    pub fn search(&self, query: &Query<'_>) -> Result<Vec<Found>, SearchError> {
        let searcher = self.reader.searcher();
        let terms = self.terms(&searcher, query.text)?;
        if terms.is_empty() || query.limit == 0 {
            return Ok(Vec::new());
        }
        let question = self.question(&terms, query);
        let best = TopDocs::with_limit(query.limit).order_by_score();
        let best = searcher.search(&question, &best).map_err(broken)?;
        let shown: BTreeSet<_> = terms.into_iter().collect();
        let mut found = Vec::new();
        for (score, address) in best {
            let document: TantivyDocument = searcher.doc(address).map_err(broken)?;
            let entry = document.get_first(self.fields.entry);
            let entry = entry.and_then(|entry| entry.as_str());
            let entry = entry.ok_or_else(|| broken("an entry is not there"))?;
            let entry: IndexedEntry = serde_json::from_str(entry).map_err(broken)?;
            found.push(Found {
                score,
                title: whole(&entry.title, &shown),
                excerpt: excerpt(&entry.body, &shown),
                entry,
            });
        }
        Ok(found)
    }

    /// Where a term is looked for: one character alone, or a pair.
    fn places(&self, term: &str) -> [Term; 2] {
        let fields = &self.fields;
        let (title, body) = match term.chars().count() {
            1 => (fields.title_characters, fields.body_characters),
            _ => (fields.title, fields.body),
        };
        [
            Term::from_field_text(title, term),
            Term::from_field_text(body, term),
        ]
    }

    /// The terms of a question that some entry has, each once, the rarest of many.
    fn terms(&self, searcher: &Searcher, text: &str) -> Result<Vec<String>, SearchError> {
        let all: BTreeSet<_> = pairs(text).into_iter().map(|gram| gram.term).collect();
        let mut terms = Vec::new();
        for term in all {
            let mut entries = 0;
            for place in self.places(&term) {
                entries += searcher.doc_freq(&place).map_err(broken)?;
            }
            if entries > 0 {
                terms.push((entries, term));
            }
        }
        terms.sort();
        terms.truncate(MOST_TERMS);
        Ok(terms.into_iter().map(|(_, term)| term).collect())
    }

    fn question(&self, terms: &[String], query: &Query<'_>) -> BooleanQuery {
        let of_term = |term: &String| {
            let [title, body] = self.places(term);
            let of = |place| TermQuery::new(place, IndexRecordOption::WithFreqs);
            let title = BoostQuery::new(Box::new(of(title)), TITLE);
            BooleanQuery::union(vec![Box::new(title), Box::new(of(body))])
        };
        let terms: Vec<_> = terms.iter().map(of_term).collect();
        let least = terms.len().div_ceil(ONE_OF).min(ENOUGH);
        let terms = terms.into_iter().map(boxed).collect();
        let words = BooleanQuery::union_with_minimum_required_clauses(terms, least);
        let today = Bound::Included(Term::from_field_i64(self.fields.from, day(query.on)));
        let begun = RangeQuery::new(Bound::Unbounded, today);
        let today = Bound::Included(Term::from_field_i64(self.fields.to, day(query.on)));
        let not_over = RangeQuery::new(today, Bound::Unbounded);
        let mut all = vec![boxed(words), filter(begun), filter(not_over)];
        all.extend(query.area.map(|area| filter(self.of_area(area))));
        BooleanQuery::intersection(all)
    }

    /// About the area, the city that it lies in, or no area.
    fn of_area(&self, area: &str) -> BooleanQuery {
        let city = area.get(..4).map(|city| format!("{city}00"));
        let areas = [Some(EVERYWHERE.to_owned()), Some(area.to_owned()), city];
        let areas = areas.into_iter().flatten();
        let terms = areas.map(|area| Term::from_field_text(self.fields.area, &area));
        BooleanQuery::new_multiterms_query(terms.collect())
    }
}

fn boxed(query: impl tantivy::query::Query) -> Box<dyn tantivy::query::Query> {
    Box::new(query)
}

/// What must hold and says nothing of how well an entry answers.
fn filter(query: impl tantivy::query::Query) -> Box<dyn tantivy::query::Query> {
    Box::new(ConstScoreQuery::new(Box::new(query), 0.0))
}
