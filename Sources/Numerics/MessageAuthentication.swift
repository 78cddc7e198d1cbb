// HMAC (RFC 2104, 1997, doi:10.17487/RFC2104) over SHA-256.

/// Proves that a message comes from one who knows a key.
public enum MessageAuthentication {
  /// The 32 bytes of HMAC-SHA-256.
  public static func code(for message: [UInt8], key: [UInt8]) -> [UInt8] {
    let short = key.count > 64 ? digest([key]) : key
    let padded = short + [UInt8](repeating: 0, count: 64 - short.count)
    let inner = digest([padded.map { $0 ^ 0x36 }, message])
    return digest([padded.map { $0 ^ 0x5C }, inner])
  }

  /// The 32 bytes of the SHA-256 digest of pieces one after the other.
  public static func digest(_ pieces: [[UInt8]]) -> [UInt8] {
    var hash = SHA256()
    for piece in pieces { piece.withUnsafeBytes { hash.update($0) } }
    return bytes(hex: hash.hex())
  }

  public static func bytes(hex: String) -> [UInt8] {
    let digits = Array(hex.utf8).map { $0 > 57 ? $0 - 87 : $0 - 48 }
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  public static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
