import Engine
import Frame
import Testing

/// One chart made from another.
struct ChartChangesTests {
  private let schema: Schema = [
    Column(name: "sex", type: "VARCHAR"), Column(name: "age", type: "BIGINT"), Column(name: "born", type: "DATE"),
    Column(name: "pay", type: "DOUBLE"), Column(name: "city", type: "VARCHAR"),
  ]

  @Test func anotherKindKeepsTheColumnsThatFit() {
    let histogram = ChartSpec(.histogram, x: "pay", facetBy: "city", bins: 30, hasLogX: true)
    let density = histogram.changed(to: .density, schema: schema)
    #expect(density == ChartSpec(.density, x: "pay", y: "age", facetBy: "city", bins: 30, hasLogX: true))
    #expect(density.changed(to: .histogram, schema: schema) == histogram)
  }

  @Test func aColumnThatDoesNotFitGivesWayToThePreferredOne() {
    let bars = ChartSpec(.bars, x: "city")
    let box = bars.changed(to: .box, schema: schema, preferring: ["sex", "pay"])
    // Values that had bars of their own now have boxes of their own.
    #expect(box == ChartSpec(.box, x: "pay", by: "city"))
    #expect(box.changed(to: .scatter, schema: schema).colorBy == "city")
  }

  @Test(arguments: ChartSpec.Kind.allCases)
  func everyKindCanBeMadeOfATableThatAllowsIt(kind: ChartSpec.Kind) {
    for old in ChartSpec.Kind.allCases {
      let spec = ChartSpec(old).changed(to: old, schema: schema).changed(to: kind, schema: schema)
      #expect(spec.kind == kind)
      #expect(spec.fault(schema: schema) == nil)
      #expect(spec.surplus == nil)
    }
  }

  @Test func noColumnStandsInTwoRolesOfItsOwnAccord() {
    for kind in ChartSpec.Kind.allCases {
      let reads = ChartSpec(.scatter, x: "age", y: "pay", colorBy: "sex").changed(to: kind, schema: schema).reads
      #expect(Set(reads).count == reads.count, "\(kind): \(reads)")
    }
  }

  @Test func aTableThatDoesNotAllowAKindSaysWhy() {
    let texts: Schema = [Column(name: "a", type: "VARCHAR"), Column(name: "b", type: "BIGINT")]
    #expect(ChartSpec.Kind.scatter.refusal(texts) == "needs two columns of numbers or dates, the step has one")
    #expect(ChartSpec.Kind.correlation.refusal(texts) == "needs two numeric columns, the step has one")
    #expect(ChartSpec.Kind.histogram.refusal([texts[0]]) == "needs a column of numbers or dates")
    #expect(ChartSpec.Kind.bars.refusal(texts) == nil)
    #expect(ChartSpec.Kind.bars.refusal([]) == "the step has no columns")
    #expect(ChartSpec(.histogram, x: "b").changed(to: .scatter, schema: texts).y == nil)
  }

  @Test func datesHaveNoLogarithmicAxis() {
    let spec = ChartSpec(.scatter, x: "born", y: "pay")
    #expect(spec.refusal(ofLog: .logX, schema) == "born holds dates, and a logarithm needs numbers")
    #expect(spec.refusal(ofLog: .logY, schema) == nil)
    #expect(ChartSpec(.bars, x: "sex").refusal(ofLog: .logX, schema) == "a bar chart has no logarithmic x axis")
    let logarithmic = ChartSpec(.histogram, x: "pay", hasLogX: true)
    #expect(!logarithmic.changed(to: .bars, schema: schema).hasLogX)
  }
}
