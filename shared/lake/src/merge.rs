//! Two runs of events in order into one.

use app::AppError;
use app::lake::LakeObjects;

use crate::parts::Stream;
use crate::rows::EventRow;

/// The events of the last generation and the new ones, a ticket at a time.
pub(crate) struct Merge<'a> {
    old: Stream<'a, EventRow>,
    next_old: Option<EventRow>,
    new: std::iter::Peekable<std::vec::IntoIter<EventRow>>,
    is_begun: bool,
}

impl<'a> Merge<'a> {
    pub(crate) fn new(
        objects: &'a dyn LakeObjects,
        old: Vec<String>,
        mut new: Vec<EventRow>,
    ) -> Self {
        new.sort_by(|one, other| one.place().cmp(&other.place()));
        Self {
            old: Stream::new(objects, old),
            next_old: None,
            new: new.into_iter().peekable(),
            is_begun: false,
        }
    }

    /// All rows of the next ticket, in no order.
    pub(crate) async fn ticket(&mut self) -> Result<Option<Vec<EventRow>>, AppError> {
        if !self.is_begun {
            self.next_old = self.old.next().await?;
            self.is_begun = true;
        }
        let numbers = [self.next_old.as_ref(), self.new.peek()];
        let numbers = numbers.into_iter().flatten().map(|row| &row.number);
        let Some(number) = numbers.min().cloned() else {
            return Ok(None);
        };
        let mut rows = Vec::new();
        while let Some(row) = self.next_old.take_if(|row| row.number == number) {
            rows.push(row);
            self.next_old = self.old.next().await?;
        }
        while let Some(row) = self.new.next_if(|row| row.number == number) {
            rows.push(row);
        }
        Ok(Some(rows))
    }
}
