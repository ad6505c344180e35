internal import ArgumentParser

// All limits stand in ConnectionLimits, MessageLimits, RateLimits, TimeLimits, BufferLimits and
// HistoryOptions: each is named, bounded and explained there and nowhere else. The upper bounds
// keep every sum and product of limits far from overflowing, the lower ones keep the daemon able to
// serve.

let kibibyte = 1 << 10
let mebibyte = 1 << 20
let gibibyte = 1 << 30

/// More a second than one machine handles.
let fastest = 1_000_000

extension ParsableArguments {
    /// The limits among the options, in the order in which they are declared; found as the argument
    /// parser finds them, so that a limit can't be declared and then forgotten.
    var limits: [Given<LimitChange>] {
        Mirror(reflecting: self).children.compactMap {
            ($0.value as? Option<Given<LimitChange>>)?.wrappedValue
        }
    }
}
