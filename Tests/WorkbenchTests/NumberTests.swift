import Testing

@testable import Workbench

struct NumberTests {
  @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (32561, "32,561"), (-1_234_567, "-1,234,567")])
  func thousandsAreSeparated(number: Int, text: String) { #expect(Number.grouped(number) == text) }

  @Test(arguments: [
    (0.0, "0"), (0.92741, "0.9274"), (38.5816, "38.58"), (1234.5, "1,235"), (12, "12"), (0.00001234, "1.23e-05"),
    (.nan, "NaN"), (.infinity, "∞"), (-2.5, "-2.500"),
  ])
  func fourDigitsAreShown(number: Double, text: String) { #expect(Number.short(number) == text) }

  @Test(arguments: [(0.0, "0%"), (0.0001, "<0.1%"), (0.241, "24.1%"), (0.9999, ">99.9%"), (1.0, "100%")])
  func aShareIsNeverRoundedToNothingOrAll(share: Double, text: String) { #expect(Number.percent(share) == text) }

  @Test(arguments: [(9_999, "9,999"), (32_561, "32.6k"), (1_200_000, "1.2M"), (999_999, "1.0M")])
  func compactRowsTakeFiveCells(rows: Int, text: String) { #expect(Number.compact(rows) == text) }

  @Test(arguments: [(0.84, "0.8 s"), (134.0, "02:14"), (3725.0, "1:02:05")])
  func durationsReadAsClocks(seconds: Double, text: String) { #expect(Number.duration(seconds) == text) }
}
