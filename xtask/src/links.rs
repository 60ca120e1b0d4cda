//! `docs/regulation.md` names articles, requirements, code and tests: all of them must exist.

#[cfg(test)]
mod tests {
    use crate::root;

    fn page() -> String {
        std::fs::read_to_string(root().join("docs/regulation.md")).unwrap()
    }

    #[test]
    fn every_article_and_item_has_a_row() {
        let regulation = include_str!("../../shared/domain/data/regulation.md");
        let page = page();
        let mut article = "";
        for line in regulation.lines() {
            if let Some(rest) = line.strip_prefix("**第") {
                article = rest.split("**").next().unwrap();
                assert!(page.contains(&format!("| 第{article} |")), "第{article}");
            }
            let item = line
                .strip_prefix('（')
                .and_then(|rest| rest.split_once('）'));
            let digits = "一二三四五六七八九十";
            if let Some((item, _)) =
                item.filter(|(item, _)| item.chars().all(|c| digits.contains(c)))
            {
                let number = article.trim_end_matches('条');
                assert!(
                    page.contains(&format!("| 第{number}（{item}） |")),
                    "第{number}（{item}）"
                );
            }
        }
    }

    #[test]
    fn every_path_and_test_named_exists() {
        for link in page().split('`').skip(1).step_by(2) {
            let (path, name) = link.split_once("::").unwrap_or((link, ""));
            if !path.contains('/') {
                continue;
            }
            let file = root().join(path);
            assert!(file.exists(), "{path}");
            if !name.is_empty() {
                let text = std::fs::read_to_string(&file).unwrap();
                assert!(text.contains(&format!("fn {name}(")), "{link}");
            }
        }
    }

    #[test]
    fn every_requirement_named_exists() {
        let known = include_str!("../../docs/requirements.txt");
        let known: Vec<&str> = known.lines().collect();
        for word in page().split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')) {
            let shaped = word.starts_with("R-") && word.ends_with(|c: char| c.is_ascii_digit());
            assert!(!shaped || known.contains(&word), "{word}");
        }
    }
}
