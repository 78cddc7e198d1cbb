import Foundation
import Testing

@testable import Cloud

@Suite struct LocationTests {
  @Test func anAddressNamesABucketAndAKey() throws {
    let location = try S3Location("s3://lake/a b/ü+.csv")
    #expect(location.bucket == "lake")
    #expect(location.key == "a b/ü+.csv")
    #expect(try S3Location("s3a://lake").isPrefix)
    #expect(try S3Location("s3://lake//x").key == "/x")
    #expect(throws: CloudError.self) { try S3Location("s3://") }
    #expect(throws: CloudError.self) { try S3Location("s3://no bucket/x") }
  }

  @Test(arguments: [
    ("a*.csv", "a/b/c.csv", true), ("a*.csv", "b.csv", false), ("?.csv", "x.csv", true), ("?.csv", "xy.csv", false),
    ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false), ("[!a-c]x", "dx", true), ("a[", "a[", true),
    ("*a*b*c", "xxaxxbxxc", true), ("*a*b*c", "xxaxxcxxb", false), ("*", "", true), ("[]x]", "]", true),
  ]) func patternsFitAsInPython(pattern: String, key: String, fits: Bool) {
    #expect(KeyPattern(pattern).matches(key) == fits)
  }

  @Test func aPatternIsListedFromWhatComesBeforeItsFirstSign() {
    #expect(KeyPattern("raw/2026-*/x.csv").literalPrefix == "raw/2026-")
  }

  @Test func answersInXMLAreRead() throws {
    let node = try #require(
      XMLNode("<?xml version=\"1.0\"?><a xmlns=\"x\"><!-- c --><b>1 &lt; 2 &#x41;</b><c/><b>3</b></a>"))
    #expect(node.all("b").map(\.text) == ["1 < 2 A", "3"])
    #expect(XMLNode("no xml") == nil)
    #expect(XMLNode("<a><b>") == nil)
    #expect(XMLNode("<" + String(repeating: "<a>", count: 10_000)) == nil)
  }
}
