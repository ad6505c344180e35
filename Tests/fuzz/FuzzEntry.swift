internal import Foundation
internal import FuzzTargets

/// The target that `HUBBUB_FUZZ_TARGET` names.
private let target: FuzzTarget? = ProcessInfo.processInfo.environment["HUBBUB_FUZZ_TARGET"]
    .flatMap(FuzzTarget.init(rawValue:))

/// libFuzzer calls this for each input. A broken property ends the process, so that libFuzzer keeps
/// the input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // Invariant: libFuzzer passes `count` readable bytes at `start`, and they are copied before it
    // continues.
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let target else {
        stop("HUBBUB_FUZZ_TARGET must be one of \(FuzzTarget.allCases.map(\.rawValue))")
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
