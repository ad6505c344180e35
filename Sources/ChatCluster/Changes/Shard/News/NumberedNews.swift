/// News with their number: 1, 2, 3 … on the shard. A node that misses one asks for it.
package struct NumberedNews: Equatable, Sendable {
    package let number: UInt64
    package let news: NodeNews

    package init(_ number: UInt64, _ news: NodeNews) { (self.number, self.news) = (number, news) }
}
