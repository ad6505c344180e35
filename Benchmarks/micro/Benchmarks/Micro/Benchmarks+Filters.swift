internal import Benchmark
internal import Chat
internal import Filters

/// Lines of 40 characters, compared with 10 000 terms, and names.
func measureFilters() {
    let lines = [
        ("ascii", "hello everybody, how are you doing today"),
        ("cyrillic", "привет всем, как у вас дела сегодня друзья"),
        ("emoji", "hello everybody, how are you doing 😀👍🏽"),
        // Two alphabets in one word, so that the line is compared in two forms.
        ("disguised", "hеllo еverybody, how arе you doing tоday"),
    ]
    for (name, line) in lines {
        Benchmark("filter-\(name)", configuration: configuration()) { benchmark, terms in
            let line = Array(line.utf8)
            benchmark.startMeasurement()
            for _ in benchmark.scaledIterations {
                blackHole(terms.match(FoldedText(line.span)))
            }
        } setup: {
            var terms = TermList()
            try terms.change(adding: (0..<10_000).map { Term("word\($0)", .block) })
            return terms
        }
    }
    for (name, username) in [("ascii", "Ann Lee"), ("cyrillic", "Аня Ли")] {
        Benchmark("name-skeleton-\(name)", configuration: configuration()) { benchmark in
            for _ in benchmark.scaledIterations { blackHole(NameSkeleton(username)) }
        }
    }
}
