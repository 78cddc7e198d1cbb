import Foundation
import Testing

@testable import Workbench

@MainActor
struct KeyReferenceTests {
  /// With ASSAY_RECORD=1 the README is brought up to date instead.
  @Test func theKeysInTheReadmeAreThoseOfTheRegistry() throws {
    let url = URL(fileURLWithPath: Robot.checkout + "/README.md")
    let readme = try String(contentsOf: url, encoding: .utf8)
    let begin = try #require(readme.range(of: "<!-- keys -->\n"))
    let end = try #require(readme.range(of: "\n<!-- end of keys -->"))
    let expected = "\n" + KeyReference.markdown() + "\n"
    if ProcessInfo.processInfo.environment["ASSAY_RECORD"] == "1" {
      let renewed = readme[..<begin.upperBound] + expected + readme[end.lowerBound...]
      try Data(renewed.utf8).write(to: url)
      return
    }
    #expect(readme[begin.upperBound..<end.lowerBound] == expected)
  }
}
