internal import Foundation
internal import FuzzTargets

/// The target that `HUBBUB_FUZZ_TARGET` names.
private let target: FuzzTarget? = ProcessInfo.processInfo.environment["HUBBUB_FUZZ_TARGET"]
    .flatMap(FuzzTarget.init(rawValue:))

/// What libFuzzer calls for each input. A broken promise ends the process, so that libFuzzer keeps
/// the input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // Invariant: libFuzzer gives `count` readable bytes at `start`, and they are copied before it
    // goes on.
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let target else {
        stop("HUBBUB_FUZZ_TARGET names none of \(FuzzTarget.allCases.map(\.rawValue))")
    }
    do throws(BrokenPromise) {
        try target.run(input)
    } catch {
        stop("\(target.rawValue): \(error)")
    }
    return 0
}

private func stop(_ message: String) -> Never {
    FileHandle.standardError.write(Data("\(message)\n".utf8))
    preconditionFailure(message)
}
