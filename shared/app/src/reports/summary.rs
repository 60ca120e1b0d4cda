//! 摘要: a report in a few sentences, each with the questions that its figures answer. What is hidden is not
//! said.

use super::{Cell, Chapter, Figures, Row, Sentence};

/// Items that are named.
const NAMED: usize = 3;

/// The sentences that can be said.
pub fn summary(chapters: &[Chapter]) -> Vec<Sentence> {
    let all: Vec<&Figures> = chapters
        .iter()
        .flat_map(|chapter| &chapter.figures)
        .collect();
    let sentences = [
        ("overview", volumes as fn(&Figures) -> Option<String>),
        ("time-limits", handling),
        ("satisfaction", satisfaction),
        ("callbacks", callbacks),
        ("hot-items", hot),
        ("rising-items", rising),
        ("supervision", supervision),
        ("problem-groups", problems),
    ];
    let said = sentences.into_iter().filter_map(|(question, say)| {
        let figures = all
            .iter()
            .find(|figures| figures.asked.question == question)?;
        Some(Sentence {
            text: say(figures)?,
            questions: vec![question.to_owned()],
        })
    });
    said.collect()
}

/// The row whose column says so.
fn row<'a>(figures: &'a Figures, column: &str, says: &str) -> Option<&'a Row> {
    let is_it = |row: &&Row| figures.cell(row, column) == Some(&Cell::Text(says.to_owned()));
    figures.rows.iter().find(is_it)
}

/// A share of a row, in words: which, of how many how many.
fn share(figures: &Figures, row: &Row, numerator: &str) -> Option<String> {
    let heads = figures.asked.shares.iter().zip(&row.shares);
    let (head, share) = heads
        .into_iter()
        .find(|(head, _)| head.numerator == numerator)?;
    let share = share.as_ref()?;
    let (part, whole, percent) = (share.numerator, share.denominator, share.percent);
    let interval = share.interval.map_or_else(String::new, |(low, high)| {
        format!("，置信度95%的区间为{low:.1}%—{high:.1}%")
    });
    Some(format!(
        "{}{percent:.1}%（{part}/{whole}{interval}）",
        head.title
    ))
}

fn volumes(figures: &Figures) -> Option<String> {
    let now = row(figures, "term", "本期")?;
    let appeals = figures.number(now, "appeals")?;
    let earlier = row(figures, "term", "上一期");
    let earlier = earlier.and_then(|row| figures.number(row, "appeals"));
    let change = earlier.map(|earlier| match appeals - earlier {
        0 => format!("，与上一期（{earlier}件）持平"),
        more @ 1.. => format!("，比上一期（{earlier}件）增加{more}件"),
        fewer => format!("，比上一期（{earlier}件）减少{}件", -fewer),
    });
    let closed = figures.number(now, "closed");
    let closed = closed.map(|closed| format!("；已办结{closed}件"));
    let in_time = share(figures, now, "in_time").map(|share| format!("，{share}"));
    let more = [change, closed, in_time].into_iter().flatten();
    let more: String = more.collect();
    Some(format!("统计期间共收到诉求{appeals}件{more}。"))
}

fn handling(figures: &Figures) -> Option<String> {
    let row = row(figures, "clock", "handle")?;
    Some(format!("承办单位{}。", share(figures, row, "kept")?))
}

fn satisfaction(figures: &Figures) -> Option<String> {
    let row = row(figures, "term", "本期")?;
    let ratings = figures.number(row, "ratings")?;
    let share = share(figures, row, "satisfied")?;
    Some(format!("共收到评价{ratings}次，{share}。"))
}

fn callbacks(figures: &Figures) -> Option<String> {
    let row = row(figures, "drawn", "sampled")?;
    let callbacks = figures.number(row, "callbacks")?;
    let share = share(figures, row, "satisfied")?;
    Some(format!("随机抽取回访{callbacks}件，{share}。"))
}

/// The first items, each with a number.
fn items(figures: &Figures, number: impl Fn(&Row) -> Option<String>) -> Option<String> {
    let said = figures.rows.iter().filter_map(|row| {
        let Some(Cell::Text(name)) = figures.cell(row, "item_name") else {
            return None;
        };
        Some(format!("{name}（{}）", number(row)?))
    });
    let said: Vec<String> = said.take(NAMED).collect();
    (!said.is_empty()).then(|| said.join("、"))
}

fn hot(figures: &Figures) -> Option<String> {
    let said = items(figures, |row| {
        Some(format!("{}件", figures.number(row, "appeals")?))
    })?;
    Some(format!("诉求最集中的事项：{said}。"))
}

fn rising(figures: &Figures) -> Option<String> {
    let said = items(figures, |row| {
        let now = figures.number(row, "appeals")?;
        // What is hidden is not said, but that it rose is.
        Some(match figures.number(row, "appeals_earlier") {
            Some(earlier) => format!("由{earlier}件增至{now}件"),
            None => format!("增至{now}件"),
        })
    })?;
    Some(format!("上升较快的事项：{said}。"))
}

fn supervision(figures: &Figures) -> Option<String> {
    let sum = |column: &str| {
        let numbers = figures.rows.iter();
        let numbers = numbers.filter_map(|row| figures.number(row, column));
        numbers.sum::<i64>()
    };
    let (cases, letters, closed) = (sum("cases"), sum("letters"), sum("closed"));
    (cases > 0).then(|| format!("督办立案{cases}件，其中发函{letters}件，已销号{closed}件。"))
}

fn problems(figures: &Figures) -> Option<String> {
    let groups = figures.rows.len();
    let effective = figures.rows.iter();
    let effective = effective
        .filter(|row| figures.cell(row, "stage") == Some(&Cell::Text("effective".to_owned())));
    let effective = effective.count();
    (groups > 0)
        .then(|| format!("期末前确认的共性问题{groups}个，其中至数据截至时整改见效{effective}个。"))
}
