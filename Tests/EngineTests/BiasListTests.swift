import Fairness
import Testing

@testable import Engine

/// Segments and limits as a person types them, on the command line and in a form.
struct BiasListTests {
  @Test func limitsHaveOneDistanceOrTwoEnds() throws {
    let found = try BiasList.limits("DPL=0.05, di=0.8:1.25; RD=:0.2")
    #expect(found == [.dpl: .init(low: -0.05, high: 0.05), .di: .init(low: 0.8, high: 1.25), .rd: .init(high: 0.2)])
    #expect(try BiasList.limits("DI=0.2") == [.di: .init(low: 0.8, high: 1.2)])
    #expect(try BiasList.limits("  ").isEmpty)
  }

  @Test(arguments: [
    ("DPX=1", "Did you mean DPL?"), ("DPL", "DPL=0.1"), ("DPL=x", "no limit of DPL"), ("DPL=-1", "0 or more"),
    ("DPL=2:1", "lower one"), ("DPL=1:2:3", "two ends"), ("DPL=:", "no limit"), ("DPL=nan", "no limit"),
  ]) func whatCannotBeReadIsSaid(text: String, part: String) throws {
    do {
      _ = try BiasList.limits(text)
      Issue.record("\(text) was taken")
    } catch let fault as BiasList.Fault {
      #expect(fault.description.contains(part), "\(fault)")
    }
  }

  @Test func partsAreListsOrIntervals() {
    #expect(BiasList.parts("a,b;\"c,d\"") == [["a", "b"], ["c,d"]])
    #expect(BiasList.parts("[1, 4]; (4, 6], [8, 9)") == [["[1, 4]"], ["(4, 6]", "[8, 9)"]])
    #expect(BiasList.interval("(4, 6]").map { $0.low == 4 && $0.high == 6 && !$0.isLowIn && $0.isHighIn } == true)
    #expect(BiasList.interval("4, 6") == nil && BiasList.interval("[6, 4]") == nil && BiasList.interval("") == nil)
  }

  @Test func anUnknownMetricIsNamedWithTheNearestAndTheList() {
    #expect(BiasMetric.unknown("DPX").contains("Did you mean DPL?") || BiasMetric.unknown("DPX").contains("DPPL"))
    #expect(BiasMetric.unknown("ddpl").contains("Did you mean"))
    #expect(!BiasMetric.unknown("accuracy of it").contains("Did you mean"))
    for metric in BiasMetric.allCases { #expect(BiasMetric.unknown("x").contains(metric.name)) }
  }
}
