import Foundation
import Numerics
import Testing

@testable import Cloud

@Suite struct SigningTests {
  private func bytes(_ hex: String) -> [UInt8] { MessageAuthentication.bytes(hex: hex) }

  /// RFC 4231, test cases 1 to 4, 6 and 7.
  @Test(arguments: [
    (
      String(repeating: "0b", count: 20), "4869205468657265",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      "4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      String(repeating: "aa", count: 20), String(repeating: "dd", count: 50),
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
    ),
    (
      "0102030405060708090a0b0c0d0e0f10111213141516171819", String(repeating: "cd", count: 50),
      "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
    ),
    (
      String(repeating: "aa", count: 131),
      "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
    (
      String(repeating: "aa", count: 131),
      "5468697320697320612074657374207573696e672061206c6172676572207468616e20626c6f636b2d73697a65206b657920616e642061206c6172676572207468616e20626c6f636b2d73697a6520646174612e20546865206b6579206e6565647320746f20626520686173686564206265666f7265206265696e6720757365642062792074686520484d414320616c676f726974686d2e",
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
    ),
  ]) func authenticationCodesAreThoseOfTheStandard(key: String, message: String, code: String) {
    #expect(MessageAuthentication.hex(MessageAuthentication.code(for: bytes(message), key: bytes(key))) == code)
  }

  private let credentials = Credentials(
    accessKey: "AKIDEXAMPLE", secret: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), origin: "a test")
  private let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
  private let date = Date(timeIntervalSince1970: 1_440_938_160)

  @Test func aPlainRequestHasThePublishedSignature() throws {
    let signer = RequestSigner(credentials: credentials, region: "us-east-1", service: "service")
    let headers = signer.sign(
      method: "GET", path: "/", query: [], headers: ["host": "example.amazonaws.com"], bodyHash: empty, at: date)
    #expect(headers["x-amz-date"] == "20150830T123600Z")
    let signature = try #require(headers["authorization"]?.split(separator: "=").last)
    #expect(signature == "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")
  }

  /// The example of Amazon's description of signatures for S3: GET test.txt with a range.
  @Test func anObjectsRequestHasThePublishedSignature() throws {
    let credentials = Credentials(
      accessKey: "AKIAIOSFODNN7EXAMPLE", secret: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), origin: "a test")
    let signer = RequestSigner(credentials: credentials, region: "us-east-1", service: "s3")
    let headers = signer.sign(
      method: "GET", path: "/test.txt", query: [],
      headers: ["host": "examplebucket.s3.amazonaws.com", "range": "bytes=0-9"], bodyHash: empty,
      at: Date(timeIntervalSince1970: 1_369_353_600))
    let signature = try #require(headers["authorization"]?.split(separator: "=").last)
    #expect(signature == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
  }

  @Test func namesAndPathsAreEncodedByteForByte() {
    #expect(PercentEncoding.encode("a b+ü/c~*", keepsSlash: true) == "a%20b%2B%C3%BC/c~%2A")
    #expect(PercentEncoding.query([("b", "2 2"), ("a", "z"), ("a", "b")]) == "a=b&a=z&b=2%202")
    #expect(PercentEncoding.decode("a%20b%2B%C3%BC+c", plusIsSpace: true) == "a b+ü c")
  }

  @Test func aSecretHasNoDescription() {
    let credentials = Credentials(
      accessKey: "AKIDEXAMPLE", secret: Secret("hidden-secret"), token: Secret("hidden-token"), origin: "a test")
    var dumped = ""
    dump(credentials, to: &dumped)
    for text in [
      "\(credentials)", String(reflecting: credentials), "\([credentials])", dumped, "\(credentials.secret)",
    ] {
      #expect(!text.contains("hidden"), "\(text)")
    }
  }

  @Test func timesAreReadWithTheirZone() {
    #expect(CivilDate.instant("2026-11-26T14:00:00Z") == Date(timeIntervalSince1970: 1_795_701_600))
    #expect(CivilDate.instant("2026-11-26T15:00:00.500+01:00") == Date(timeIntervalSince1970: 1_795_701_600.5))
    #expect(CivilDate.instant("2026-11-26T14:00:00") == nil)
    #expect(CivilDate.header("Thu, 26 Nov 2026 14:00:00 GMT") == Date(timeIntervalSince1970: 1_795_701_600))
    #expect(CivilDate.text(Date(timeIntervalSince1970: 1_795_701_600)) == "2026-11-26 14:00:00")
  }
}
