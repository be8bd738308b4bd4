//! What can go wrong while the example is played.

use yinuo_desk::DeskError;

/// Why the example could not be played.
#[derive(Debug, thiserror::Error)]
pub enum ExampleError {
    /// The desk refused or failed.
    #[error("the example could not {doing}")]
    Desk {
        /// What was being done, with the text or ticket it was about.
        doing: String,
        /// What the desk said.
        #[source]
        source: Box<DeskError>,
    },
    /// A shipped file of the example does not fit.
    #[error("the example's data do not fit: {what}")]
    Data {
        /// Which file and what is wrong.
        what: String,
    },
    /// The organisation already has people: the example only fills an empty one.
    #[error("the organisation is not empty; the example only fills an empty one")]
    NotEmpty,
}

impl ExampleError {
    pub(crate) fn desk(doing: impl Into<String>) -> impl FnOnce(DeskError) -> Self {
        let doing = doing.into();
        move |source| ExampleError::Desk { doing, source: Box::new(source) }
    }

    pub(crate) fn data(what: impl Into<String>) -> Self {
        ExampleError::Data { what: what.into() }
    }
}
