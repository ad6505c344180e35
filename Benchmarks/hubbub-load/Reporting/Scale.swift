internal import Foundation

/// Maps the values of an axis to 0...1 and chooses the ones to label.
struct Scale: Equatable {
    enum Kind {
        case linear
        /// By powers of ten. Values must be above 0.
        case logarithmic
        /// Percentages, by their distance from 100.
        case percentile
    }

    /// Percentages above it are drawn at the end.
    private static let lastPercentile = 99.9999

    let kind: Kind
    let lowest: Double
    let highest: Double

    init(_ kind: Kind, of values: [Double]) {
        self.kind = kind
        let least = values.min() ?? 0
        let most = values.max() ?? 1
        switch kind {
        case .linear:
            lowest = 0
            highest = most > 0 ? Self.nice(most) : 1
        case .logarithmic:
            lowest = pow(10, floor(log10(max(least, 1e-6))))
            highest = max(pow(10, ceil(log10(max(most, 1e-6)))), lowest * 10)
        case .percentile:
            lowest = 0
            highest = max(most, 90)
        }
    }

    /// The position of a value.
    func place(_ value: Double) -> Double {
        switch kind {
        case .linear: return (value - lowest) / (highest - lowest)
        case .logarithmic:
            return log10(max(value, lowest) / lowest) / log10(highest / lowest)
        case .percentile: return Self.nines(value) / Self.nines(highest)
        }
    }

    private static func nines(_ percentile: Double) -> Double {
        -log10(1 - min(percentile, lastPercentile) / 100)
    }

    /// The values to label.
    var ticks: [Double] {
        switch kind {
        case .linear:
            let step = highest / 4
            return (0...4).map { Double($0) * step }
        case .logarithmic:
            let count = Int(log10(highest / lowest).rounded())
            return (0...max(count, 1)).map { lowest * pow(10, Double($0)) }
        case .percentile:
            return [0, 50, 90, 99, 99.9, 99.99, 99.999].filter { $0 <= highest }
        }
    }

    /// The next larger number of the form 1, 2, 4 or 8 times a power of ten.
    private static func nice(_ value: Double) -> Double {
        let power = pow(10, floor(log10(value)))
        return ([1, 2, 4, 8, 10].first { $0 * power >= value * 0.999 } ?? 10) * power
    }
}
