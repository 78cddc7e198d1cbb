// AWS Signature Version 4 in headers, after its published description and the vectors of its test suite.

import Foundation
import Numerics

/// Signs requests to one service of one region.
struct RequestSigner {
  let credentials: Credentials
  let region: String
  /// The name that the service has in signatures, for example `s3`.
  let service: String

  /// The headers that a request has to carry: those given, and those that the signature adds.
  /// - Parameters:
  ///   - path: not encoded.
  ///   - headers: by names in small letters, `host` among them.
  ///   - bodyHash: 64 hexadecimal digits of the body's SHA-256.
  func sign(
    method: String, path: String, query: [(name: String, value: String)], headers: [String: String], bodyHash: String,
    at date: Date
  ) -> [String: String] {
    let (day, stamp) = Self.stamps(date)
    var headers = headers
    headers["x-amz-date"] = stamp
    if service == "s3" { headers["x-amz-content-sha256"] = bodyHash }
    if let token = credentials.token { headers["x-amz-security-token"] = token.value }
    let names = headers.keys.sorted()
    let signedNames = names.joined(separator: ";")
    let once = PercentEncoding.encode(path, keepsSlash: true)
    // S3 takes the path as it is sent; the other services encode it once more.
    let canonicalPath = service == "s3" ? once : PercentEncoding.encode(once, keepsSlash: true)
    let lines = names.map { $0 + ":" + Self.trimmed(headers[$0] ?? "") + "\n" }.joined()
    let canonical = [method, canonicalPath, PercentEncoding.query(query), lines, signedNames, bodyHash]
      .joined(separator: "\n")
    let scope = "\(day)/\(region)/\(service)/aws4_request"
    let digest = MessageAuthentication.hex(MessageAuthentication.digest([Array(canonical.utf8)]))
    let text = ["AWS4-HMAC-SHA256", stamp, scope, digest].joined(separator: "\n")
    var key = Array(("AWS4" + credentials.secret.value).utf8)
    for part in [day, region, service, "aws4_request"] {
      key = MessageAuthentication.code(for: Array(part.utf8), key: key)
    }
    let signature = MessageAuthentication.hex(MessageAuthentication.code(for: Array(text.utf8), key: key))
    headers["authorization"] =
      "AWS4-HMAC-SHA256 Credential=\(credentials.accessKey)/\(scope), SignedHeaders=\(signedNames), "
      + "Signature=\(signature)"
    return headers
  }

  /// `20150830` and `20150830T123600Z`.
  static func stamps(_ date: Date) -> (day: String, stamp: String) {
    let seconds = Int(date.timeIntervalSince1970.rounded(.down))
    let days = Int((Double(seconds) / 86_400).rounded(.down))
    let (year, month, day) = CivilDate.of(days: days)
    let rest = seconds - days * 86_400
    func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
    let date = "\(year)\(two(month))\(two(day))"
    return (date, "\(date)T\(two(rest / 3600))\(two(rest / 60 % 60))\(two(rest % 60))Z")
  }

  /// Without blanks around, and with one where several follow each other.
  private static func trimmed(_ value: String) -> String {
    value.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
  }
}
