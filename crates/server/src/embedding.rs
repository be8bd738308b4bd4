//! The embedding model that an operator may name. Whatever is wrong with it, the server starts and answers by words.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};
use yinuo_commitment::Language;
use yinuo_desk::{Desk, Embedder};

/// `[embedding]`
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct EmbeddingSection {
    /// The file of the model, such as `/opt/yinuo/e5-small-q4.bin`. None: answers are found by words alone.
    pub(crate) model: Option<PathBuf>,
}

/// Connects the model that is configured, if there is one; says so if it cannot be used.
pub(crate) async fn connect(section: &EmbeddingSection, desk: &Desk, language: Language) {
    let Some(path) = section.model.clone() else { return };
    let opened = tokio::task::spawn_blocking(move || open(&path, language)).await;
    match opened.unwrap_or_else(|error| Err(error.to_string())) {
        Ok(model) => {
            tracing::info!(
                model = model.fingerprint(),
                "answers may be found by meaning as well as by words"
            );
            desk.connect_embedder(Some(model));
        }
        Err(fault) => {
            tracing::error!(fault, "answers are found by words alone");
            desk.connect_embedder(None);
        }
    }
}

/// Whether the model that is configured can be used.
pub(crate) fn check(section: &EmbeddingSection, language: Language) -> Result<()> {
    if let Some(path) = &section.model
        && let Err(fault) = open(path, language)
    {
        bail!("embedding.model: {fault}");
    }
    Ok(())
}

#[cfg(feature = "embedding")]
fn open(path: &Path, language: Language) -> Result<Arc<dyn Embedder>, String> {
    match yinuo_embedding::Model::open(path) {
        Ok(model) => Ok(Arc::new(LocalModel(model))),
        Err(fault) if language == Language::Zh => Err(fault.in_chinese()),
        Err(fault) => Err(fault.to_string()),
    }
}

#[cfg(not(feature = "embedding"))]
fn open(path: &Path, language: Language) -> Result<Arc<dyn Embedder>, String> {
    let what = crate::commands::say(
        language,
        "本程序构建时未包含向量模型功能（embedding），请去掉该设置，或使用包含它的程序",
        "this build is without the feature `embedding`: take the setting out, or use a build that has it",
    );
    Err(format!("{}: {what}", path.display()))
}

#[cfg(feature = "embedding")]
struct LocalModel(yinuo_embedding::Model);

#[cfg(feature = "embedding")]
impl Embedder for LocalModel {
    fn fingerprint(&self) -> &str {
        self.0.fingerprint()
    }

    fn embed(&self, text: &str) -> Vec<f32> {
        // Questions are compared with questions, in both directions.
        self.0.embed(text, yinuo_embedding::Role::Query)
    }
}
