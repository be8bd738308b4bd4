//! Whether everybody was told what they had to be told, once.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use serde_json::Value;
use yinuo_core::id::MemberId;
use yinuo_desk::DeskError;

use super::Scene;

/// Every job that was kept is in the outbox; at the end each was delivered, and its notices lie in the inboxes.
pub(super) async fn check(
    scene: &Scene<'_>,
    dues: &BTreeMap<(String, String), usize>,
) -> Result<Vec<String>, DeskError> {
    let mut objections = Vec::new();
    let counts = scene.desk.job_counts().await?;
    let kept = scene.jobs.values().filter(|job| job.kept).count() as u64;
    let all = counts.waiting + counts.done + counts.given_up;
    // Of appends whose answer was lost nobody knows whether their jobs were kept.
    if all < kept || all > scene.jobs.len() as u64 {
        objections.push(format!("{all} jobs in the outbox, {kept} to {} were kept", scene.jobs.len()));
    }
    if counts.given_up > 0 {
        objections.push(format!("{} jobs were given up", counts.given_up));
    }
    if !scene.at_the_end {
        return Ok(objections);
    }
    if counts.waiting > 0 {
        objections.push(format!("{} jobs are still waiting", counts.waiting));
    }
    let mut inboxes = BTreeMap::new();
    for (key, job) in scene.jobs.iter().filter(|(_, job)| job.kept) {
        if !scene.delivered.contains_key(key) {
            objections.push(format!("{key} was never delivered"));
        }
        for (notice, member) in recipients(&job.payload) {
            let inbox = match inboxes.entry(member) {
                Entry::Occupied(inbox) => inbox.into_mut(),
                Entry::Vacant(place) => {
                    let notices = scene.desk.notices(member, false, 10_000).await?;
                    let ids: BTreeSet<String> = notices.iter().map(|notice| notice.id.to_string()).collect();
                    if ids.len() != notices.len() {
                        objections.push("a notice lies in an inbox twice".to_owned());
                    }
                    place.insert(ids)
                }
            };
            if !inbox.contains(&notice) {
                objections.push(format!("{key}: a notice never arrived"));
            }
        }
    }
    objections.extend(supervision(scene, dues).await?);
    Ok(objections)
}

/// To whom a notice job goes, as (notice, member).
fn recipients(payload: &str) -> Vec<(String, MemberId)> {
    let payload: Value = serde_json::from_str(payload).expect("a payload is JSON");
    let text = |value: &Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let to = payload["to"].as_array().cloned().unwrap_or_default();
    let recipient = |to: &Value| Some((text(to, "notice"), text(to, "member").parse().ok()?));
    to.iter().filter_map(recipient).collect()
}

/// Of the promises whose ladder tells supervision about a due, supervision was told about each due once.
async fn supervision(
    scene: &Scene<'_>,
    dues: &BTreeMap<(String, String), usize>,
) -> Result<Vec<String>, DeskError> {
    const TOLD: [&str; 7] = [
        "consultation-reply",
        "repair-reply",
        "repair-solved",
        "complaint-reply",
        "complaint-solution",
        "solution-carried-out",
        "progress",
    ];
    let notices = scene.desk.notices(scene.supervision, false, 10_000).await?;
    let mut told: BTreeMap<(String, String), usize> = BTreeMap::new();
    for notice in notices.iter().filter(|notice| notice.kind == "clock-due") {
        let payload: Value = serde_json::from_str(&notice.payload).expect("a payload is JSON");
        let text = |name: &str| payload[name].as_str().unwrap_or_default().to_owned();
        *told.entry((text("number"), text("promise"))).or_default() += 1;
    }
    told.retain(|(_, promise), _| TOLD.contains(&promise.as_str()));
    let mut due = dues.clone();
    due.retain(|(_, promise), _| TOLD.contains(&promise.as_str()));
    if due == told {
        return Ok(vec![]);
    }
    let missing: Vec<_> = due.iter().filter(|(key, count)| told.get(key) != Some(count)).collect();
    Ok(vec![format!("supervision was not told once about each due: {missing:?}")])
}
