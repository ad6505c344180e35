import Testing

@testable import hubbub_load

@Suite struct ScaleTests {
    @Test func `a linear axis starts at 0 and ends at a round number`() {
        let scale = Scale(.linear, of: [3, 700])
        #expect(scale.place(0) == 0)
        #expect(scale.ticks == [0, 200, 400, 600, 800])
    }

    @Test func `a logarithmic axis has powers of ten`() {
        let scale = Scale(.logarithmic, of: [0.3, 42])
        #expect(abs(scale.place(1) - 1.0 / 3) < 1e-9)
        #expect(scale.ticks.count == 4)
    }

    @Test func `close percentages are distinguished`() {
        let scale = Scale(.percentile, of: [0, 100])
        #expect(scale.place(0) == 0)
        #expect(abs(scale.place(99) - 2 * scale.place(90)) < 1e-9)
        #expect(scale.place(100) == 1)
    }

    @Test(arguments: [Scale.Kind.linear, .logarithmic, .percentile])
    func `an empty scale still has an axis`(kind: Scale.Kind) {
        let scale = Scale(kind, of: [])
        #expect(scale.place(scale.lowest) == 0)
        #expect(scale.ticks.allSatisfy { $0.isFinite })
    }
}
