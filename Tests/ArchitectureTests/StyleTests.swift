import Testing

/// What the formatter does not check.
@Suite struct StyleTests {
  @Test func noFileIsLongerThan600Lines() {
    for file in Checkout.sources where file.lines.count > 601 {
      Issue.record("\(file.path) has \(file.lines.count - 1) lines; split it")
    }
  }

  @Test func theEntryPointStaysThin() {
    let lines = Checkout.sources.filter { $0.module == "assay" }.map(\.lines.count).reduce(0, +)
    #expect(lines < 150)
  }

  @Test func onlyBenchmarksPrint() {
    for word in ["print(", "dump(", "NSLog("] {
      expectNone(of: /(?:^|[^.\w])(?:debugPrint|print|dump|NSLog)\(/, near: word, "return it to the caller") {
        $0.module != "Benchmarks"
      }
    }
  }

  @Test func nothingIsForced() {
    expectNone(of: /\btry!|\bas!/, near: "!", "handle the failure")
    expectNone(of: /[\w\)\]>]!(?!=)/, near: "!", "unwrap with guard or if")
  }

  @Test func nothingForks() {
    expectNone(of: /(?:^|[^.\w])v?fork\(/, near: "fork", "fork hangs after OpenMP; use posix_spawn")
  }

  /// Only lines that contain `sign` are matched: regular expressions are slow in a debug build.
  private func expectNone(
    of pattern: Regex<Substring>, near sign: String, _ advice: String,
    where applies: (Checkout.SourceFile) -> Bool = { _ in true }
  ) {
    for file in Checkout.sources where applies(file) {
      for (index, line) in file.code.enumerated() where line.contains(sign) && line.contains(pattern) {
        Issue.record("\(file.path):\(index + 1): \(line.trimmingPrefix(/\s+/)) (\(advice))")
      }
    }
  }
}
