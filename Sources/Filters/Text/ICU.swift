internal import _FoundationICU

/// What the copy of ICU in Swift's Foundation knows of Unicode. Every build of the daemon has it
/// already, so it costs no library, and about 3 MiB of memory from the first text beyond ASCII on.
///
/// Invariant of all calls: a pointer to an array is valid during the call, and its count is passed
/// with it. The two handles live as long as the process and are never changed, so threads may
/// share them.
@safe enum ICU {
    /// A normal form of Unicode (UAX #15).
    enum Form {
        /// NFKC.
        case composed
        /// NFKC_Casefold: NFKC without letter case and without default-ignorable characters.
        case folded
    }

    static func normalized(_ text: [UInt16], to form: Form) -> [UInt16] {
        unsafe transformed(text) { input, output, failure in
            let normalizer =
                switch form {
                case .composed: unsafe Self.composed
                case .folded: unsafe Self.folded
                }
            return unsafe swift_unorm2_normalize(
                normalizer, input.baseAddress, Int32(input.count), output.baseAddress,
                Int32(output.count), &failure)
        }
    }

    /// The skeleton of UTS #39: texts that look alike have the same one.
    static func skeleton(_ text: [UInt16]) -> [UInt16] {
        unsafe transformed(text) { input, output, failure in
            unsafe swift_uspoof_getSkeleton(
                spoofChecker, 0, input.baseAddress, Int32(input.count), output.baseAddress,
                Int32(output.count), &failure)
        }
    }

    /// The class of a character beyond ASCII.
    static func wordClass(of scalar: Unicode.Scalar) -> WordClass {
        let code = Int32(bitPattern: scalar.value)
        let value = swift_u_getIntPropertyValue(code, UCHAR_WORD_BREAK)
        switch UWordBreakValues(rawValue: UInt32(bitPattern: value)) {
        case U_WB_ALETTER, U_WB_HEBREW_LETTER: return .letter
        case U_WB_KATAKANA: return .katakana
        case U_WB_NUMERIC: return .digit
        case U_WB_EXTEND, U_WB_FORMAT, U_WB_ZWJ: return .mark
        case U_WB_REGIONAL_INDICATOR: return .alone
        case U_WB_OTHER:
            switch scalar.properties.generalCategory {
            case .otherLetter, .modifierLetter, .letterNumber, .otherNumber, .decimalNumber,
                .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .otherSymbol, .mathSymbol,
                .currencySymbol, .modifierSymbol, .privateUse, .unassigned:
                return .alone
            default: return .separator
            }
        default: return .separator
        }
    }

    /// Whether a character is a mark that is common to all scripts.
    static func isCommonMark(_ scalar: Unicode.Scalar) -> Bool {
        let category = UInt32(bitPattern: Int32(swift_u_charType(Int32(bitPattern: scalar.value))))
        guard category == U_NON_SPACING_MARK.rawValue || category == U_ENCLOSING_MARK.rawValue
        else { return false }
        var failure = U_ZERO_ERROR
        let script = unsafe swift_uscript_getScript(Int32(bitPattern: scalar.value), &failure)
        return script == USCRIPT_INHERITED || script == USCRIPT_COMMON
    }

    /// The class of a mark (UAX #15), which says where it stands among others. 0 for all that is no
    /// mark.
    static func combiningClass(of scalar: Unicode.Scalar) -> UInt8 {
        let code = Int32(bitPattern: scalar.value)
        return UInt8(clamping: swift_u_getIntPropertyValue(code, UCHAR_CANONICAL_COMBINING_CLASS))
    }

    /// Whether a character is its own normal form and never becomes one with a character before it.
    static func neverComposes(_ scalar: Unicode.Scalar) -> Bool {
        let code = Int32(bitPattern: scalar.value)
        let answer = swift_u_getIntPropertyValue(code, UCHAR_NFC_QUICK_CHECK)
        return UNormalizationCheckResult(rawValue: UInt32(bitPattern: answer)) == UNORM_YES
    }

    private typealias Transformation = (
        _ input: UnsafeBufferPointer<UInt16>, _ output: UnsafeMutableBufferPointer<UInt16>,
        _ failure: inout UErrorCode
    ) -> Int32

    private static func transformed(_ text: [UInt16], by run: Transformation) -> [UInt16] {
        var room = text.count + 16
        while true {
            var failure = U_ZERO_ERROR
            var count = 0
            let result = unsafe [UInt16](unsafeUninitializedCapacity: room) { output, written in
                unsafe text.withUnsafeBufferPointer { input in
                    count = unsafe Int(run(input, output, &failure))
                }
                written = failure.rawValue <= U_ZERO_ERROR.rawValue ? count : 0
            }
            // It says how much room it needs, so it fails for this reason at most once.
            guard failure == U_BUFFER_OVERFLOW_ERROR else {
                check(failure)
                return result
            }
            room = count
        }
    }

    private nonisolated(unsafe) static let composed = unsafe opened { failure in
        unsafe swift_unorm2_getNFKCInstance(&failure)
    }

    private nonisolated(unsafe) static let folded = unsafe opened { failure in
        unsafe swift_unorm2_getNFKCCasefoldInstance(&failure)
    }

    private nonisolated(unsafe) static let spoofChecker = unsafe opened { failure in
        unsafe swift_uspoof_open(&failure)
    }

    private static func opened(_ open: (inout UErrorCode) -> OpaquePointer?) -> OpaquePointer {
        var failure = U_ZERO_ERROR
        let handle = unsafe open(&failure)
        check(failure)
        guard let handle = unsafe handle else { preconditionFailure("ICU has no tables") }
        return unsafe handle
    }

    /// Valid UTF-16 and enough room leave only a lack of memory, which ends a Swift program anyway.
    private static func check(_ failure: UErrorCode) {
        precondition(
            failure.rawValue <= U_ZERO_ERROR.rawValue, "ICU fails with \(failure.rawValue)")
    }
}
