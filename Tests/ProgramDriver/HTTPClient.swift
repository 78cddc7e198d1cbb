// Speaks HTTP/1.1 over a plain connection, so that a test decides what is sent byte by byte.

import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a server answered.
public struct HTTPResponse: Sendable {
  public let status: Int
  /// By their names in small letters.
  public let headers: [String: String]
  public let body: String

  public var json: [String: Any] {
    (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any] ?? [:]
  }
}

/// A plain TCP connection: what is sent is up to the test, byte by byte.
public final class HTTPClient {
  private let descriptor: Int32
  private var buffer: [UInt8] = []

  public init(port: Int, seconds: Int = 20) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var limit = timeval(tv_sec: seconds, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
    }
    guard status == 0 else {
      Foundation.close(descriptor)
      throw ProgramError("no connection: \(String(cString: strerror(errno)))")
    }
  }

  deinit { close(descriptor) }

  public func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Foundation.send(descriptor, $0.baseAddress?.advanced(by: sent), $0.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw ProgramError("cannot send: \(String(cString: strerror(errno)))") }
      sent += count
    }
  }

  public func send(_ text: String) throws { try send(Array(text.utf8)) }

  /// Says that nothing more will come.
  public func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// True once the server has closed the connection.
  public var isClosed: Bool { (try? fill()) == false }

  private func fill() throws -> Bool {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &chunk, chunk.count, 0)
    guard count >= 0 else { throw ProgramError("nothing came: \(String(cString: strerror(errno)))") }
    buffer += chunk.prefix(count)
    return count > 0
  }

  /// The next answer; interim ones such as 100 are passed over unless they are asked for.
  public func receive(interim: Bool = false) throws -> HTTPResponse {
    while true {
      let end = Array("\r\n\r\n".utf8)
      var stop: Int?
      while stop == nil {
        if buffer.count >= 4 { stop = (0...buffer.count - 4).first { Array(buffer[$0..<$0 + 4]) == end } }
        if stop == nil, try !fill() {
          throw ProgramError("closed after \(String(decoding: buffer, as: UTF8.self))")
        }
      }
      let lines = String(decoding: buffer[..<(stop ?? 0)], as: UTF8.self).components(separatedBy: "\r\n")
      buffer.removeFirst((stop ?? 0) + 4)
      let status = Int(lines[0].split(separator: " ").dropFirst().first ?? "") ?? 0
      var headers: [String: String] = [:]
      for line in lines.dropFirst() {
        let parts = line.split(separator: ":", maxSplits: 1)
        if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
      }
      if status < 200 {
        if interim { return HTTPResponse(status: status, headers: headers, body: "") }
        continue
      }
      let length = Int(headers["content-length"] ?? "") ?? 0
      while buffer.count < length {
        if try !fill() { throw ProgramError("closed within a body") }
      }
      let body = String(decoding: buffer[..<length], as: UTF8.self)
      buffer.removeFirst(length)
      return HTTPResponse(status: status, headers: headers, body: body)
    }
  }

  /// Sends a request and waits for its answer.
  public func ask(
    _ method: String = "POST", _ path: String = "/invocations", type: String? = "text/csv", body: String = "",
    headers: [String: String] = [:]
  ) throws -> HTTPResponse {
    var text = "\(method) \(path) HTTP/1.1\r\nHost: x\r\n"
    if let type { text += "Content-Type: \(type)\r\n" }
    for (name, value) in headers { text += "\(name): \(value)\r\n" }
    if method == "POST" { text += "Content-Length: \(body.utf8.count)\r\n" }
    try send(text + "\r\n" + body)
    return try receive()
  }
}
