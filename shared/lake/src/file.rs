//! Rows as Parquet files: zstd, dictionaries where values come again, deltas where they climb. Any
//! reader of Parquet can read them.

use std::collections::VecDeque;
use std::marker::PhantomData;
use std::sync::Arc;

use bytes::Bytes;
use domain::ticket::TicketNumber;
use parquet::basic::{
    Compression, ConvertedType, Encoding, LogicalType, Repetition, TimeUnit, Type as Physical,
    ZstdLevel,
};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{WriterProperties, WriterPropertiesPtr};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::file::statistics::Statistics;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{ColumnPath, Type, TypePtr};

use crate::month::Month;
use crate::schema::{Column, Filled, Kind, Row, Table, Taken, Values};

/// Rows of a group at most: what is held in memory at once.
pub const GROUP_ROWS: usize = 16_384;

/// Rows that are decoded at once.
const BATCH_ROWS: usize = 1_024;

/// Level of compression: the next ones take three times as long for a twentieth.
const LEVEL: i32 = 3;

/// Why a file is none of ours, or cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It is not Parquet, or broken.
    #[error("table `{0}`: {1}")]
    Parquet(&'static str, ParquetError),
    /// A row holds what its table does not.
    #[error("table `{0}`: row {1} of the file holds what the table does not")]
    Row(&'static str, usize),
    /// The columns are not the table's.
    #[error("table `{0}`: the file has other columns")]
    Columns(&'static str),
}

/// The table's columns as Parquet calls them.
fn parquet_type(table: &Table) -> Result<TypePtr, ParquetError> {
    let fields = table.columns.iter().map(|column| {
        let (physical, logical) = match column.kind {
            Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Kind::Integer => (Physical::INT64, None),
            Kind::Instant => {
                let logical = LogicalType::timestamp(true, TimeUnit::MILLIS);
                (Physical::INT64, Some(logical))
            }
            Kind::Date => (Physical::INT32, Some(LogicalType::Date)),
            Kind::Flag => (Physical::BOOLEAN, None),
        };
        let repetition = if column.is_required {
            Repetition::REQUIRED
        } else {
            Repetition::OPTIONAL
        };
        Type::primitive_type_builder(column.name, physical)
            .with_repetition(repetition)
            .with_logical_type(logical)
            .with_converted_type(ConvertedType::NONE)
            .build()
            .map(Arc::new)
    });
    let fields = fields.collect::<Result<_, _>>()?;
    let group = Type::group_type_builder(table.name).with_fields(fields);
    Ok(Arc::new(group.build()?))
}

fn properties(table: &Table) -> Result<WriterPropertiesPtr, ParquetError> {
    let level = ZstdLevel::try_new(LEVEL)?;
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_data_page_row_count_limit(20_000)
        .set_created_by("suqiu".to_owned());
    for column in table.columns {
        let path = ColumnPath::from(column.name);
        // Hardly any two are the same.
        let encoding = match column.kind {
            Kind::Instant => Encoding::DELTA_BINARY_PACKED,
            Kind::Text if column.name == "number" => Encoding::DELTA_BYTE_ARRAY,
            Kind::Text if column.name == "text" || column.name == "title" => {
                Encoding::DELTA_LENGTH_BYTE_ARRAY
            }
            _ => continue,
        };
        builder = builder
            .set_column_dictionary_enabled(path.clone(), false)
            .set_column_encoding(path, encoding);
    }
    Ok(Arc::new(builder.build()))
}

/// Writes rows of one table into a file in memory.
#[derive(Debug)]
pub struct Writer<R: Row> {
    file: SerializedFileWriter<Vec<u8>>,
    columns: Vec<Filled>,
    waiting: usize,
    rows: usize,
    row: PhantomData<R>,
}

impl<R: Row> Writer<R> {
    /// A file with nothing in it.
    pub fn new() -> Result<Self, FileError> {
        let begin = || {
            let (schema, properties) = (parquet_type(&R::TABLE)?, properties(&R::TABLE)?);
            SerializedFileWriter::new(Vec::new(), schema, properties)
        };
        Ok(Self {
            file: begin().map_err(|error| FileError::Parquet(R::TABLE.name, error))?,
            columns: columns::<R>(),
            waiting: 0,
            rows: 0,
            row: PhantomData,
        })
    }

    /// Adds a row.
    pub fn write(&mut self, row: &R) -> Result<(), FileError> {
        row.put(&mut self.columns);
        self.waiting += 1;
        self.rows += 1;
        if self.waiting >= GROUP_ROWS {
            self.end_group()?;
        }
        Ok(())
    }

    /// Begins a group of its own for what comes.
    pub fn end_group(&mut self) -> Result<(), FileError> {
        if self.waiting == 0 {
            return Ok(());
        }
        let filled = std::mem::replace(&mut self.columns, columns::<R>());
        self.waiting = 0;
        let write = || {
            let mut group = self.file.next_row_group()?;
            for column in filled {
                write_column(&mut group, &column)?;
            }
            group.close().map(|_| ())
        };
        write().map_err(|error| FileError::Parquet(R::TABLE.name, error))
    }

    /// Rows so far.
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// Bytes of the groups that are ended.
    pub fn bytes(&self) -> usize {
        self.file.bytes_written()
    }

    /// The file.
    pub fn finish(mut self) -> Result<Vec<u8>, FileError> {
        self.end_group()?;
        self.file
            .into_inner()
            .map_err(|error| FileError::Parquet(R::TABLE.name, error))
    }
}

fn columns<R: Row>() -> Vec<Filled> {
    R::TABLE.columns.iter().map(Filled::of).collect()
}

fn write_column(
    group: &mut SerializedRowGroupWriter<'_, Vec<u8>>,
    filled: &Filled,
) -> Result<(), ParquetError> {
    let missing = || ParquetError::General("the file has fewer columns".to_owned());
    let mut column = group.next_column()?.ok_or_else(missing)?;
    let levels = (!filled.levels.is_empty()).then_some(filled.levels.as_slice());
    match &filled.values {
        Values::Text(values) => {
            column
                .typed::<ByteArrayType>()
                .write_batch(values, levels, None)?;
        }
        Values::Integer(values) => {
            column
                .typed::<Int64Type>()
                .write_batch(values, levels, None)?;
        }
        Values::Date(values) => {
            column
                .typed::<Int32Type>()
                .write_batch(values, levels, None)?;
        }
        Values::Flag(values) => {
            column
                .typed::<BoolType>()
                .write_batch(values, levels, None)?;
        }
    }
    column.close()
}

/// Rows of a file, a few at a time. Groups that are not wanted are not decoded.
pub struct Rows<R: Row> {
    file: SerializedFileReader<Bytes>,
    groups: VecDeque<usize>,
    open: Vec<ColumnReader>,
    left: usize,
    batch: VecDeque<R>,
    read: usize,
}

impl<R: Row> std::fmt::Debug for Rows<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rows of `{}`, {} read", R::TABLE.name, self.read)
    }
}

impl<R: Row> Rows<R> {
    /// All of a file.
    pub fn open(file: Bytes) -> Result<Self, FileError> {
        let file = SerializedFileReader::new(file);
        let file = file.map_err(|error| FileError::Parquet(R::TABLE.name, error))?;
        let schema = file.metadata().file_metadata().schema_descr();
        let names = schema.columns().iter().map(|column| column.name());
        if !names.eq(R::TABLE.columns.iter().map(|column| column.name)) {
            return Err(FileError::Columns(R::TABLE.name));
        }
        Ok(Self {
            groups: (0..file.num_row_groups()).collect(),
            open: Vec::new(),
            left: 0,
            batch: VecDeque::new(),
            read: 0,
            file,
        })
    }

    /// Only the groups with tickets of a month. The first column is the ticket's number.
    #[must_use]
    pub fn of_month(mut self, month: Month) -> Self {
        let metadata = self.file.metadata();
        let has = |group: &usize| {
            let (first, last) = months(metadata.row_group(*group).column(0).statistics());
            first.is_none_or(|first| first <= month) && last.is_none_or(|last| month <= last)
        };
        self.groups.retain(has);
        self
    }

    /// The months of acceptance of the tickets in the file, as its statistics tell.
    pub fn months(&self) -> Vec<Month> {
        let groups = self.file.metadata().row_groups().iter();
        let mut months: Vec<_> = groups
            .flat_map(|group| {
                let (first, last) = months(group.column(0).statistics());
                Month::from_to(first, last)
            })
            .collect();
        months.sort_unstable();
        months.dedup();
        months
    }

    fn fill(&mut self) -> Result<(), FileError> {
        let failed = |error| FileError::Parquet(R::TABLE.name, error);
        while self.left == 0 {
            let Some(group) = self.groups.pop_front() else {
                return Ok(());
            };
            let group = self.file.get_row_group(group).map_err(failed)?;
            self.left = usize::try_from(group.metadata().num_rows()).unwrap_or_default();
            let columns = (0..R::TABLE.columns.len()).map(|at| group.get_column_reader(at));
            self.open = columns.collect::<Result<_, _>>().map_err(failed)?;
        }
        let wanted = self.left.min(BATCH_ROWS);
        let mut columns = Vec::with_capacity(self.open.len());
        for (reader, column) in self.open.iter_mut().zip(R::TABLE.columns) {
            columns.push(read_column(reader, column, wanted).map_err(failed)?);
        }
        for _ in 0..wanted {
            let row = R::take(&mut columns);
            let row = row.ok_or(FileError::Row(R::TABLE.name, self.read))?;
            self.batch.push_back(row);
            self.read += 1;
        }
        self.left -= wanted;
        Ok(())
    }
}

impl<R: Row> Iterator for Rows<R> {
    type Item = Result<R, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.batch.is_empty()
            && let Err(error) = self.fill()
        {
            // Nothing more comes from a file that is broken.
            self.groups.clear();
            self.left = 0;
            return Some(Err(error));
        }
        self.batch.pop_front().map(Ok)
    }
}

fn months(statistics: Option<&Statistics>) -> (Option<Month>, Option<Month>) {
    let Some(Statistics::ByteArray(numbers)) = statistics else {
        return (None, None);
    };
    let month = |number: Option<&ByteArray>| {
        let number = TicketNumber::parse(number?.as_utf8().ok()?).ok()?;
        Some(Month::of(&number))
    };
    (month(numbers.min_opt()), month(numbers.max_opt()))
}

fn read_column(
    reader: &mut ColumnReader,
    column: &Column,
    wanted: usize,
) -> Result<Taken, ParquetError> {
    let (values, levels) = match reader {
        ColumnReader::ByteArrayColumnReader(reader) => {
            let (values, levels) = read(reader, wanted)?;
            (Values::Text(values.into_iter()), levels)
        }
        ColumnReader::Int64ColumnReader(reader) => {
            let (values, levels) = read(reader, wanted)?;
            (Values::Integer(values.into_iter()), levels)
        }
        ColumnReader::Int32ColumnReader(reader) => {
            let (values, levels) = read(reader, wanted)?;
            (Values::Date(values.into_iter()), levels)
        }
        ColumnReader::BoolColumnReader(reader) => {
            let (values, levels) = read(reader, wanted)?;
            (Values::Flag(values.into_iter()), levels)
        }
        _ => {
            let said = format!("column `{}` is of another kind", column.name);
            return Err(ParquetError::General(said));
        }
    };
    let levels = levels.into_iter();
    Ok(Taken { values, levels })
}

fn read<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    wanted: usize,
) -> Result<(Vec<T::T>, Vec<i16>), ParquetError> {
    let (mut values, mut levels, mut read) = (Vec::with_capacity(wanted), Vec::new(), 0);
    while read < wanted {
        let (records, _, _) =
            reader.read_records(wanted - read, Some(&mut levels), None, &mut values)?;
        if records == 0 {
            return Err(ParquetError::EOF(
                "a column ends before the others".to_owned(),
            ));
        }
        read += records;
    }
    Ok((values, levels))
}
