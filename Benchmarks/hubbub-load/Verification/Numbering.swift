/// Which of all connections of a run some are: every so many from a first one on.
///
/// A connection has one number in all processes of a run; what keeps something for each of some
/// connections counts those from 0.
struct Numbering: Equatable, Codable {
    var first = 0
    var stride = 1
    let count: Int

    /// The number of the connection that stands at `index`.
    func number(at index: Int) -> Int { first + index * stride }

    /// Where the connection stands; nil if it isn't one of them.
    func index(of number: Int) -> Int? {
        let distance = number - first
        guard distance >= 0, distance.isMultiple(of: stride), distance / stride < count else {
            return nil
        }
        return distance / stride
    }
}
