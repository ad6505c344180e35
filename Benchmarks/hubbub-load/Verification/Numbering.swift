/// Some of a run's connections: every n-th from a first one on.
///
/// A connection has one number across all processes of a run. Tables for some connections are
/// indexed from 0.
struct Numbering: Equatable, Codable {
    var first = 0
    var stride = 1
    let count: Int

    /// The number of the connection at `index`.
    func number(at index: Int) -> Int { first + index * stride }

    /// The index of the connection. Nil if it isn't one of them.
    func index(of number: Int) -> Int? {
        let distance = number - first
        guard distance >= 0, distance.isMultiple(of: stride), distance / stride < count else {
            return nil
        }
        return distance / stride
    }
}
