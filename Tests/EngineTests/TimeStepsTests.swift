import Engine
import Testing

/// Steps in time as a person writes them.
struct TimeStepsTests {
  private let columns = ["sales_10", "sales_9", "price_9", "price_10", "lag2", "lag1", "sales_x", "age"]

  private func steps(_ text: String) throws -> [[String]] {
    try ExplainSpec.TimeSteps(text, columns: columns).steps.map(\.columns)
  }

  @Test func numbersInNamesOrderTheSteps() throws {
    #expect(try steps("sales_{t}, price_{t}") == [["sales_9", "price_9"], ["sales_10", "price_10"]])
    #expect(try steps("lag{lag}") == [["lag2"], ["lag1"]])
  }

  @Test func namesAreStepsFromTheOldestOn() throws {
    #expect(try steps("age; lag2 ,lag1;") == [["age"], ["lag2", "lag1"]])
  }

  @Test(arguments: [
    ("", "it names no columns"), (" ; ,", "it names no columns"), ("x_{t}", "no column fits x_{t}"),
    ("sales", "there is no column sales"), ("age;age", "the column age is in two steps"),
    ("sales_{t},age", "the pattern age does not hold {t} once"),
  ])
  func whatNamesNoStepsIsRefused(text: String, reason: String) {
    #expect {
      try steps(text)
    } throws: { error in
      "\(error)".hasPrefix(reason)
    }
  }
}
