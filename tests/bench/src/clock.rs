//! Two clocks: what a person waits, and what the processor worked.
//!
//! On a machine that does other things too, processor time says more about the code; ratios are made of it.

use std::time::{Duration, Instant};

/// What one run took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Took {
    /// Time on the wall.
    pub wall: Duration,
    /// Time that this thread was on a processor.
    pub cpu: Duration,
}

/// Runs `work` on this thread and times it.
pub fn time<T>(work: impl FnOnce() -> T) -> (T, Took) {
    let (wall, cpu) = (Instant::now(), thread_time());
    let value = work();
    (value, Took { wall: wall.elapsed(), cpu: thread_time().saturating_sub(cpu) })
}

/// The processor time of the calling thread.
fn thread_time() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    let seconds = u64::try_from(now.tv_sec).unwrap_or(0);
    Duration::new(seconds, u32::try_from(now.tv_nsec).unwrap_or(0))
}

/// The middle of some figures; the mean of the two in the middle where they are even. Zero of none.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    let middle = figures.len() / 2;
    match figures.len() {
        0 => 0.0,
        n if n % 2 == 1 => figures[middle],
        _ => f64::midpoint(figures[middle - 1], figures[middle]),
    }
}

/// The geometric mean, by which ratios are averaged. None of none.
pub fn geometric_mean(ratios: &[f64]) -> Option<f64> {
    let logs: f64 = ratios.iter().map(|r| r.ln()).sum();
    (!ratios.is_empty()).then(|| (logs / ratios.len() as f64).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians() {
        assert_eq!(median(vec![]), 0.0);
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), 2.5);
    }

    #[test]
    fn the_mean_of_a_double_and_a_half_is_one() {
        let mean = geometric_mean(&[2.0, 0.5]).unwrap_or_default();
        assert!((mean - 1.0).abs() < 1e-12, "{mean}");
        assert_eq!(geometric_mean(&[]), None);
    }

    #[test]
    fn work_takes_time() {
        let (sum, took) = time(|| (0..1_000_000_u64).map(std::hint::black_box).sum::<u64>());
        assert_eq!(sum, 499_999_500_000);
        assert!(took.cpu > Duration::ZERO && took.cpu <= took.wall + Duration::from_millis(1));
    }
}
