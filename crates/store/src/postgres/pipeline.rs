//! Several statements on their way at once.
//!
//! The client sends a statement when its future is polled for the first time, and the server answers in that order. So
//! polling futures one after the other before waiting for any sends them all in one go: one round trip for all.

use std::{future::poll_fn, pin::Pin, task::Poll};

pub(super) type Step<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Runs all to their end, begun in this order; the answers are in the same order.
pub(super) async fn in_order<T>(mut steps: Vec<Step<'_, T>>) -> Vec<T> {
    let mut answers: Vec<Option<T>> = steps.iter().map(|_| None).collect();
    poll_fn(|context| {
        let mut pending = false;
        for (step, answer) in steps.iter_mut().zip(&mut answers) {
            if answer.is_none() {
                match step.as_mut().poll(context) {
                    Poll::Ready(value) => *answer = Some(value),
                    Poll::Pending => pending = true,
                }
            }
        }
        if pending { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    answers.into_iter().flatten().collect()
}
