internal import CRE2
internal import Chat

/// The regular expressions of a list, searched for in one pass: 100 usual ones cost a line as much
/// as one of them, 0.1 to 0.2 µs.
@safe final class ExpressionSet: Sendable {
    let expressions: [Expression]
    /// Invariant: it is opened and sealed in `init`, closed in `deinit`, and not changed between.
    /// RE2 lets several threads search with it at a time.
    private nonisolated(unsafe) let handle: OpaquePointer

    init(_ expressions: [Expression]) throws(TermRefusal) {
        self.expressions = expressions
        guard expressions.count <= TermLimits.expressions else { throw .tooManyExpressions }
        guard expressions.reduce(0, { $0 + $1.size }) <= TermLimits.instructions,
            let handle = unsafe cre2_set_open(TermLimits.expressionSetBytes)
        else { throw .tooLargeTogether }
        unsafe self.handle = handle
        for expression in expressions {
            // Invariant: the C function reads `count` bytes from `baseAddress`.
            let isAdded = unsafe expression.pattern.withUnsafeBufferPointer {
                unsafe cre2_set_add(handle, $0.baseAddress, $0.count)
            }
            guard isAdded else { throw .tooLargeTogether }
        }
        guard unsafe cre2_set_seal(handle) else { throw .tooLargeTogether }
    }

    deinit {
        unsafe cre2_set_close(handle)
    }

    /// The terms whose expressions match somewhere in the text, which is UTF-8.
    func matches(_ text: [UInt8]) -> [Term] {
        var numbers = [UInt32](repeating: 0, count: expressions.count)
        // Invariant: the C function reads `count` bytes from `baseAddress`, and writes at most
        // `numbers.count` numbers.
        let count = unsafe text.withUnsafeBufferPointer { text in
            unsafe numbers.withUnsafeMutableBufferPointer { numbers -> Int in
                guard let start = numbers.baseAddress else { return 0 }
                return unsafe cre2_set_find(
                    handle, text.baseAddress, text.count, start, numbers.count)
            }
        }
        // A single expression needs less memory, and goes on without any if it must.
        guard count >= 0 else { return expressions.filter { $0.finds(text) }.map(\.term) }
        return numbers.prefix(count).map { expressions[Int($0)].term }
    }
}
