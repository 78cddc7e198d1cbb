import Foundation
import Grid
import Testing

@testable import Plot

@Suite struct AxisFormTests {
  private func labels(_ range: ClosedRange<Double>, _ form: AxisForm, _ cells: Int = 72) -> [String] {
    Axis.horizontal(range, kind: .number, cells: cells, overhang: 7, mapping: .dots(2), extends: false, form: form)
      .ticks.map(\.label)
  }

  @Test func logarithmicAxesNameDecadesThenOneTwoFive() {
    #expect(labels(1...1e6, .logarithmic) == ["1", "10", "100", "1k", "10k", "100k", "1M"])
    #expect(labels(1...100, .logarithmic) == ["1", "2", "5", "10", "20", "50", "100"])
    #expect(labels(0.001...1, .logarithmic, 40) == ["0.001", "0.01", "0.1", "1"])
    #expect(labels(1e-12...1e12, .logarithmic, 40).count >= 3)
    // Less than a decade has no powers of ten to name.
    #expect(labels(3...4, .logarithmic).count >= 2)
    // Nothing below zero has a logarithm.
    #expect(labels(-10...10, .logarithmic) == labels(-10...10, .plain))
  }

  @Test func decadesAreEvenlySpaced() {
    let axis = Axis.horizontal(
      1...10_000, kind: .number, cells: 80, overhang: 7, mapping: .edges, extends: false, form: .logarithmic)
    for (i, value) in [1.0, 10, 100, 1000, 10_000].enumerated() {
      #expect(abs(axis.scale.position(value) - Double(i) * 20) < 1e-9)
    }
    #expect(axis.scale.position(0).isNaN && axis.scale.position(-3).isNaN)
    let cell = axis.scale.interval(cell: 20)
    #expect(cell.lower > 9.99 && cell.lower < 10.01 && cell.upper > 11)
  }

  @Test func sharesReadAsPercentages() {
    #expect(
      labels(0...1, .percent) == ["0%", "20%", "40%", "60%", "80%", "100%"] || labels(0...1, .percent).last == "100%")
    #expect(labels(0...0.07, .percent).allSatisfy { $0.hasSuffix("%") && $0.count <= 4 })
    #expect(AxisForm.percent.labels([0.07, 0.14, 0.28]) == ["7%", "14%", "28%"])
  }

  /// Every width, range, kind and form: labels apart from each other, inside, each its own.
  @Test(arguments: AxisForm.allCases)
  func labelsNeverTouchAtAnyWidth(form: AxisForm) {
    let ranges: [ClosedRange<Double>] = [
      0...1, 0.001...1, 1...9e8, 17...90, -1...1, 1e-9...3e-9, 0...12_435, 1e6...1_000_001, -2.5e12...7e12, 0.2...0.9,
      1...2, 1e-30...1e30, 1_420_070_400...1_735_689_600, 0...86_400,
    ]
    let overhang = 7
    for width in 20...300 {
      // Every range at every seventh width.
      for (i, range) in ranges.enumerated() where (i + width) % 7 == 0 {
        for kind in [AxisKind.number, .integer, .time] where kind != .time || form == .plain {
          for mapping in [AxisScale.Mapping.edges, .dots(2)] where (mapping == .edges) == (width / 7 % 2 == 0) {
            let axis = Axis.horizontal(
              range, kind: kind, cells: width, overhang: overhang, mapping: mapping, extends: true, form: form)
            var end = -overhang - 1
            var isLegible = true
            for tick in axis.ticks {
              let start = Axis.labelStart(tick, cells: width)
              if start <= end || tick.cell < 0 || tick.cell >= width { isLegible = false }
              end = start + TextWidth.of(tick.label)
            }
            #expect(isLegible && end <= width, "\(width) \(range) \(kind) \(form) \(axis.ticks)")
            if kind != .time {
              let isDistinct = Set(axis.ticks.map(\.label)).count == axis.ticks.count
              #expect(isDistinct, "\(width) \(range) \(kind) \(form) \(axis.ticks.map(\.label))")
            }
            #expect(!axis.ticks.isEmpty, "\(width) \(range) \(kind) \(form)")
          }
        }
      }
    }
  }

  @Test func labelsUpTheSideKeepTheirRowsAndWidth() {
    for rows in 1...60 {
      for form in AxisForm.allCases {
        for range in [0.0...1, 0.001...5000, 1...9e8, 17...90] {
          let axis = Axis.vertical(
            range, kind: .number, cells: rows, labelWidth: 7, mapping: .dots(4), extends: true, form: form)
          #expect(axis.ticks.allSatisfy { TextWidth.of($0.label) <= 7 && $0.cell < rows })
          #expect(Set(axis.ticks.map(\.cell)).count == axis.ticks.count)
        }
      }
    }
  }
}
