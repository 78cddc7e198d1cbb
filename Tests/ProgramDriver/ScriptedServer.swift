// A server on loopback whose answers a test writes byte by byte: what no real server does on demand, such as breaking off
// in the middle of a body.

import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

public final class ScriptedServer: Sendable {
  public struct Request: Sendable {
    public let method: String
    /// As it came over the line, with its query.
    public let target: String
    /// By their names in small letters.
    public let headers: [String: String]
    public let body: String
  }

  public let port: Int
  public var address: String { "http://127.0.0.1:\(port)" }
  private let listener: Int32
  private let seen = Mutex<[Request]>([])
  private let answer: @Sendable (Request, Int) -> String

  public var requests: [Request] { seen.withLock { $0 } }

  /// - Parameter answer: the whole reply to a request, which is the nth from 0; the connection ends after it. Nil bytes
  ///   are not special; an empty reply ends the connection without one.
  public init(_ answer: @escaping @Sendable (Request, Int) -> String) throws {
    self.answer = answer
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = listener
    let status = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, size) == 0 ? getsockname(descriptor, address, &size) : -1
      }
    }
    guard status == 0, listen(listener, 64) == 0 else { throw ProgramError("no port to listen on") }
    port = Int(UInt16(bigEndian: address.sin_port))
    let thread = Thread { [weak self] in
      while true {
        let connection = accept(descriptor, nil, nil)
        if connection < 0 { return }
        guard let self else {
          close(connection)
          return
        }
        Thread.detachNewThread { self.serve(connection) }
      }
    }
    thread.start()
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  /// `HTTP/1.1 200 OK` with a body and its length.
  public static func reply(_ status: Int = 200, _ body: String = "", headers: [String: String] = [:]) -> String {
    let lines = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
    return "HTTP/1.1 \(status) X\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\(lines)\r\n\(body)"
  }

  private func serve(_ connection: Int32) {
    defer { close(connection) }
    guard let request = read(connection) else { return }
    let number = seen.withLock { seen in
      seen.append(request)
      return seen.count - 1
    }
    let bytes = Array(answer(request, number).utf8)
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        send(connection, $0.baseAddress?.advanced(by: sent), $0.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return }
      sent += count
    }
    shutdown(connection, Int32(SHUT_WR))
  }

  private func read(_ connection: Int32) -> Request? {
    var bytes: [UInt8] = []
    let end = Array("\r\n\r\n".utf8)
    func more() -> Bool {
      var chunk = [UInt8](repeating: 0, count: 65_536)
      let count = recv(connection, &chunk, chunk.count, 0)
      if count > 0 { bytes += chunk.prefix(count) }
      return count > 0
    }
    func headEnd() -> Int? {
      guard bytes.count >= 4 else { return nil }
      return (0...bytes.count - 4).first { Array(bytes[$0..<$0 + 4]) == end }
    }
    while headEnd() == nil { if !more() { return nil } }
    let stop = headEnd() ?? 0
    let lines = String(decoding: bytes[..<stop], as: UTF8.self).components(separatedBy: "\r\n")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
    }
    let length = Int(headers["content-length"] ?? "") ?? 0
    while bytes.count < stop + 4 + length { if !more() { return nil } }
    let words = lines[0].split(separator: " ").map(String.init)
    return Request(
      method: words.first ?? "", target: words.count > 1 ? words[1] : "", headers: headers,
      body: String(decoding: bytes[(stop + 4)..<(stop + 4 + length)], as: UTF8.self))
  }
}
