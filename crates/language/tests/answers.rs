//! The starter knowledge base: what it is made of, and how well it answers questions that nothing was fitted on.
#![expect(clippy::unwrap_used, reason = "a case that cannot be set up must fail")]

use std::collections::{BTreeMap, BTreeSet, HashMap};

use yinuo_commitment::Language;
use yinuo_language::{
    answers::{
        Article, Asking, Band, Calibration, Confidence, Feedback, Figures, Index, Outcome, Piece, Priors,
        Probe, REFIT_MIN, Recipe, Request, RequestFigures, RequestProbe, Targets, Thresholds, Vectors, Vote,
        calibrate, elsewhere, measure, measure_requests, refit, starter,
    },
    language_of,
};

/// Seen while the method was made.
const HELD_BACK: &str = include_str!("answers/held-back.txt");

/// Written when it stood.
const FRESH: &str = include_str!("answers/fresh.txt");

fn probes() -> Vec<Probe<'static>> {
    probes_of(HELD_BACK)
}

fn probes_of(text: &'static str) -> Vec<Probe<'static>> {
    text.lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| {
            let (article, question) = line.split_once('|').unwrap();
            let article = Some(article.trim()).filter(|article| *article != "-");
            Probe { question: question.trim(), article }
        })
        .collect()
}

fn calibration(articles: &[Article]) -> Calibration {
    let articles: Vec<&Article> = articles.iter().collect();
    calibrate(&articles, &elsewhere(), Recipe::default(), &Targets::default())
}

fn figures(of: impl Fn(&Probe<'_>) -> bool) -> Figures {
    let probes: Vec<Probe<'_>> = probes().into_iter().filter(of).collect();
    measure(&Index::new(&starter().unwrap()), &Asking::default(), &probes)
}

#[test]
fn the_starter_is_a_whole_knowledge_base() {
    let articles = starter().unwrap();
    assert!(articles.len() >= 30, "{}", articles.len());
    let mut asked = HashMap::new();
    for article in &articles {
        assert!(article.in_force("2026-11-22".parse().unwrap()), "{}", article.id);
        for (language, piece) in [(Language::Zh, &article.zh), (Language::En, &article.en)] {
            let piece = piece.as_ref().unwrap();
            assert!(piece.questions.len() >= 10, "{} {language}", article.id);
            for question in piece.asked() {
                assert_eq!(language_of(question), language, "{question}");
                let other = asked.insert(question.to_owned(), article.id.as_str());
                assert_eq!(other, None, "{question} stands twice");
            }
        }
    }
}

/// Neighbouring characters, three by three.
fn threes(text: &str) -> BTreeSet<String> {
    let chars: Vec<char> = text.to_lowercase().chars().filter(|char| char.is_alphanumeric()).collect();
    chars.windows(3).map(|three| three.iter().collect()).collect()
}

#[test]
fn what_is_held_back_is_enough_and_stands_nowhere_else() {
    let articles = starter().unwrap();
    let known: Vec<&str> = articles
        .iter()
        .flat_map(|article| article.zh.iter().chain(&article.en))
        .flat_map(yinuo_language::answers::Piece::asked)
        .chain(elsewhere())
        .collect();
    let mut per_article: BTreeMap<(&str, Language), u32> = BTreeMap::new();
    let probes = probes();
    for probe in &probes {
        if let Some(article) = probe.article {
            *per_article.entry((article, language_of(probe.question))).or_default() += 1;
        }
        let mine = threes(probe.question);
        for other in &known {
            let theirs = threes(other);
            let both = mine.intersection(&theirs).count();
            let any = mine.union(&theirs).count();
            assert!(both * 10 <= any * 7, "{} is too much like {other}", probe.question);
        }
    }
    for article in &articles {
        for language in [Language::Zh, Language::En] {
            assert!(per_article.get(&(article.id.as_str(), language)).is_some_and(|probes| *probes >= 4));
        }
    }
    assert_eq!(per_article.len(), articles.len() * 2, "a question names an article that is not there");
    assert!(probes.iter().filter(|probe| probe.article.is_none()).count() >= 150);
}

#[test]
fn what_is_shipped_is_what_a_calibration_gives() {
    let made = calibration(&starter().unwrap());
    let (weights, thresholds) = (made.confidence.weights(), made.thresholds);
    let says = format!("put these into shipped.rs: {weights:.3?} {thresholds:?}");
    for (made, shipped) in weights.iter().zip(Confidence::shipped().weights()) {
        assert!((made - shipped).abs() < 5e-3, "{says}");
    }
    let shipped = Thresholds::shipped();
    assert!((thresholds.answer - shipped.answer).abs() < 2e-3, "{says}");
    assert!((thresholds.suggest - shipped.suggest).abs() < 2e-3, "{says}");
}

#[test]
fn automatic_answers_are_right_in_95_of_100() {
    for (set, answered) in [(FRESH, 40), (HELD_BACK, 0)] {
        let figures = measure(&Index::new(&starter().unwrap()), &Asking::default(), &probes_of(set));
        println!("{figures:#?}");
        assert!(figures.answered >= answered, "{figures:?}");
        assert!(figures.answered_right * 100 >= figures.answered * 95, "{figures:?}");
        assert!(figures.unknown_answered_share() <= 0.02, "{figures:?}");
        assert!(figures.suggestion_precision() >= 0.7, "{figures:?}");
        assert!(figures.calibration_error <= 0.17, "{figures:?}");
    }
}

/// Subject and text, as a portal receives them.
const REQUESTS: &str = include_str!("answers/requests.txt");

#[test]
fn requests_with_a_subject_are_answered_rightly_or_not_at_all() {
    let requests: Vec<RequestProbe<'_>> = REQUESTS
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let [article, subject, body] = cells[..] else { panic!("{line}") };
            let article = Some(article).filter(|article| *article != "-");
            RequestProbe { request: Request { subject, body }, article }
        })
        .collect();
    let unknown = requests.iter().filter(|probe| probe.article.is_none()).count();
    assert!(requests.len() >= 120 && unknown * 2 + 10 >= requests.len(), "{unknown} of {}", requests.len());
    let known = |id: &str| starter().unwrap().iter().any(|article| article.id == id);
    assert!(requests.iter().filter_map(|probe| probe.article).all(known));
    let figures = measure_requests(&Index::new(&starter().unwrap()), &Asking::default(), &requests, None);
    println!("{figures:#?}");
    let RequestFigures { answered, answered_right, .. } = figures;
    assert!(answered_right * 100 >= answered * 95, "{figures:?}");
}

#[test]
fn fresh_questions_are_of_every_article_and_of_none() {
    let fresh = probes_of(FRESH);
    for article in starter().unwrap() {
        assert!(
            fresh.iter().filter(|probe| probe.article == Some(&article.id)).count() >= 5,
            "{}",
            article.id
        );
    }
    assert!(fresh.iter().filter(|probe| probe.article.is_none()).count() >= 100);
    let figures = measure(&Index::new(&starter().unwrap()), &Asking::default(), &fresh);
    assert!(figures.recall_at_1() >= 0.92 && figures.recall_at_3() >= 0.96, "{figures:?}");
}

#[test]
fn the_right_article_is_found_in_both_languages() {
    for language in [Language::Zh, Language::En] {
        let figures = figures(|probe| language_of(probe.question) == language);
        println!("{language} {:.3} {:.3}", figures.recall_at_1(), figures.recall_at_3());
        assert!(figures.recall_at_1() >= 0.70, "{language} {figures:?}");
        assert!(figures.recall_at_3() >= 0.88, "{language} {figures:?}");
    }
}

#[test]
fn a_plain_question_is_answered_and_small_talk_is_handed_over() {
    let articles = starter().unwrap();
    let index = Index::new(&articles);
    let mut answered = 0;
    for (question, article) in [
        ("洗衣机不脱水怎么办", "washing-machine-not-spinning"),
        ("家里WIFI密碼忘記了", "wifi-password"),
        ("what is the warranty period", "warranty-period"),
        ("how do I change my wifi password", "wifi-password"),
    ] {
        let reply = index.ask(question, &Asking::default());
        assert_eq!(reply.candidates.first().unwrap().article, article, "{question}");
        assert_ne!(reply.band, Band::HandOver, "{question} {:?}", reply.candidates.first());
        answered += u32::from(reply.band == Band::Answer);
    }
    assert!(answered >= 2, "{answered}");
    for question in
        ["你好", "", "😀😀", "？！", "hello there", "今天心情不错", "转人工", "let me talk to a human"]
    {
        assert_eq!(index.ask(question, &Asking::default()).band, Band::HandOver, "{question}");
    }
}

#[test]
fn a_candidate_leads_to_its_question() {
    let articles = starter().unwrap();
    let reply = Index::new(&articles).ask("冰箱结霜了", &Asking::default());
    let best = reply.candidates.first().unwrap();
    let article = articles.get(best.place).unwrap();
    assert_eq!(article.id, best.article);
    let place = usize::try_from(best.question.unwrap()).unwrap();
    assert_eq!(article.piece(best.language).unwrap().asked().nth(place), Some("冰箱结霜"));
}

#[test]
fn long_questions_and_empty_knowledge_bases_are_no_trouble() {
    let articles = starter().unwrap();
    let index = Index::new(&articles);
    let long = format!("空调不制冷，{}", "请帮忙看一下。".repeat(60_000));
    assert!(!index.ask(&long, &Asking::default()).candidates.is_empty());
    index.ask(&"a".repeat(1_000_000), &Asking::default());
    let empty = Index::new([]);
    assert!(empty.is_empty());
    assert_eq!(empty.ask("空调", &Asking::default()).band, Band::HandOver);
    let nothing = calibrate(&[], &[], Recipe::default(), &Targets::default());
    assert!(nothing.thresholds.answer > 1.0);
}

#[test]
fn the_first_article_is_found_too() {
    let articles: Vec<Article> =
        starter().unwrap().into_iter().filter(|article| article.id == "wifi-password").collect();
    let reply = Index::new(&articles).ask("家里WIFI密码忘记了", &Asking::default());
    assert_eq!(reply.candidates.first().unwrap().article, "wifi-password");
    assert_ne!(reply.band, Band::HandOver);
}

#[test]
fn the_same_knowledge_base_answers_the_same() {
    let articles = starter().unwrap();
    let (one, other) = (Index::new(&articles), Index::new(&articles));
    for probe in probes() {
        assert_eq!(
            one.ask(probe.question, &Asking::default()),
            other.ask(probe.question, &Asking::default())
        );
    }
}

#[test]
fn votes_decide_between_close_articles_and_never_against_the_words() {
    let articles = starter().unwrap();
    let index = Index::new(&articles);
    let against = |article: &str| {
        let vote = |number: u32| Feedback {
            article: article.to_owned(),
            version: 1,
            vote: Vote::NotHelpful,
            by: format!("customer {number}"),
        };
        let votes: Vec<Feedback> = (0..500).map(vote).collect();
        Priors::of(&votes, |_| Some(1))
    };
    let mut moved = 0;
    for probe in probes() {
        let before = index.ask(probe.question, &Asking::default());
        let [first, second, ..] = before.candidates.as_slice() else { continue };
        let priors = against(&first.article);
        let after = index.ask(probe.question, &Asking { priors: Some(&priors), ..Asking::default() });
        let changed = after.candidates.first().unwrap().article != first.article;
        assert_eq!(changed, first.score * 0.9 < second.score * 1.001 && changed, "{}", probe.question);
        moved += u32::from(changed);
    }
    assert!((10..200).contains(&moved), "{moved}");
}

#[test]
fn embeddings_move_the_ranking_if_they_are_there() {
    let articles = starter().unwrap();
    let index = Index::new(&articles);
    let question = "屋里热得像蒸笼";
    let wanted = articles.iter().position(|article| article.id == "air-conditioner-not-cooling").unwrap();
    let by_words = index.ask(question, &Asking::default());
    // Every article has a direction of its own, and something that all have.
    let direction = |place: usize| -> Vec<f32> {
        let mut vector = vec![0.0_f32; articles.len() + 1];
        (vector[place], vector[articles.len()]) = (0.6, 0.8);
        vector
    };
    let mut vectors = Vectors::default();
    for (place, article) in articles.iter().enumerate() {
        for text in article.zh.iter().chain(&article.en).flat_map(Piece::asked) {
            vectors.insert(text, direction(place));
        }
    }
    let index = Index::with_vectors(&articles, Recipe::default(), Some(&vectors));
    assert!(index.has_vectors() && !Index::new(&articles).has_vectors());
    let vector = direction(wanted);
    let reply = index.ask(question, &Asking { vector: Some(&vector), ..Asking::default() });
    let best = reply.candidates.first().unwrap();
    assert_eq!(best.place, wanted);
    let near = best.features.near.unwrap();
    assert!(near.best > 0.9 && near.whole > 0.9 && near.lead > 1.0, "{near:?}");
    // A question without a vector is found by words, as if there were none.
    assert_eq!(index.ask(question, &Asking::default()), by_words);
    // As long as one question has no vector, there is none.
    let mut few = Vectors::default();
    few.insert("空调不制冷", vector);
    assert!(!Index::with_vectors(&articles, Recipe::default(), Some(&few)).has_vectors());
    // Nor if they are of different sizes.
    vectors.insert(articles[0].zh.as_ref().unwrap().title.as_str(), vec![1.0]);
    assert!(!Index::with_vectors(&articles, Recipe::default(), Some(&vectors)).has_vectors());
}

#[test]
fn a_refit_takes_enough_votes_and_listens_to_them() {
    let before = calibration(&starter().unwrap());
    let doubtful = |right| Outcome {
        features: before.outcomes.iter().find(|outcome| outcome.right).unwrap().features,
        right,
    };
    let few: Vec<Outcome> = (0..REFIT_MIN - 1).map(|_| doubtful(false)).collect();
    assert!(refit(&before, &few, &Targets::default()).is_none());
    let features = doubtful(false).features;
    let many: Vec<Outcome> = (0..3 * REFIT_MIN).map(|_| doubtful(false)).collect();
    let after = refit(&before, &many, &Targets::default()).unwrap();
    assert!(after.confidence.probability(&features) < before.confidence.probability(&features));
}
