internal import ArgumentParser

// All limits are declared in ConnectionLimits, MessageLimits, RateLimits, TimeLimits, BufferLimits
// and HistoryOptions, with their names, bounds and explanations. The upper bounds prevent sums and
// products of limits from overflowing. The lower ones keep the daemon able to serve.

let kibibyte = 1 << 10
let mebibyte = 1 << 20
let gibibyte = 1 << 30

/// More per second than one machine can handle.
let fastest = 1_000_000

extension ParsableArguments {
    /// The limits among the options, in the order of their declarations. They are found by
    /// reflection, like the argument parser does, so that no declared limit is forgotten.
    var limits: [Given<LimitChange>] {
        Mirror(reflecting: self).children.compactMap {
            ($0.value as? Option<Given<LimitChange>>)?.wrappedValue
        }
    }
}
