// Connections over TCP, by IPv4: that is what LightGBM's network speaks.

import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct SocketFault: Error { let reason: String }

/// An address of IPv4, found by its name.
struct SocketAddress {
  private var address: sockaddr_in

  /// - Throws: `SocketFault`.
  init(_ place: WorkerPool.Address) throws {
    var hints = addrinfo()
    hints.ai_family = AF_INET
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(place.host, String(place.port), &hints, &found)
    defer { if let found { freeaddrinfo(found) } }
    guard code == 0, let first = found?.pointee.ai_addr else {
      throw SocketFault(reason: "no address of \(place.host) is known (\(String(cString: gai_strerror(code))))")
    }
    address = first.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { $0.pointee }
  }

  /// True where only this machine can reach it.
  var isLoopback: Bool { UInt32(bigEndian: address.sin_addr.s_addr) >> 24 == 127 }

  private static func socket() throws -> Int32 {
    let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SocketFault(reason: String(cString: strerror(errno))) }
    return descriptor
  }

  private func with(_ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
  }

  /// A connection to it.
  func connected(seconds: Int) throws -> Int32 {
    let descriptor = try Self.socket()
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    var reason = "it does not answer within \(seconds) s"
    if with({ connect(descriptor, $0, $1) }) == 0 || errno == EINPROGRESS {
      var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      if poll(&entry, 1, Int32(seconds * 1000)) > 0 {
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
        if code == 0 {
          keepAlive(descriptor)
          return descriptor
        }
        reason = String(cString: strerror(code))
      }
    } else {
      reason = String(cString: strerror(errno))
    }
    close(descriptor)
    throw SocketFault(reason: reason)
  }

  /// A socket that listens there.
  func listening() throws -> Int32 {
    let descriptor = try Self.socket()
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    guard with({ bind(descriptor, $0, $1) }) == 0, listen(descriptor, 16) == 0 else {
      let reason = String(cString: strerror(errno))
      close(descriptor)
      throw SocketFault(reason: reason)
    }
    return descriptor
  }

  /// Where this end of a socket is; nil for one that is not of IPv4.
  static func own(_ descriptor: Int32) -> (host: String, port: Int)? {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
    }
    guard status == 0, address.sin_family == sa_family_t(AF_INET) else { return nil }
    var text = [CChar](repeating: 0, count: 32)
    inet_ntop(AF_INET, &address.sin_addr, &text, 32)
    let host = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return (host, Int(UInt16(bigEndian: address.sin_port)))
  }

  /// A port that nobody listens on now.
  static func freePort() throws -> Int {
    guard let any = WorkerPool.Address("0.0.0.0:0") else { throw SocketFault(reason: "no port is free") }
    let descriptor = try SocketAddress(any).listening()
    defer { close(descriptor) }
    guard let own = own(descriptor) else { throw SocketFault(reason: "no port is free") }
    return own.port
  }
}

/// Lets a connection break within half a minute where the other machine is gone.
func keepAlive(_ descriptor: Int32) {
  func set(_ level: Int32, _ name: Int32, _ value: Int32) {
    var value = value
    setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
  }
  set(SOL_SOCKET, SO_KEEPALIVE, 1)
  set(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
  #if canImport(Glibc)
    set(Int32(IPPROTO_TCP), TCP_KEEPIDLE, 10)
    set(Int32(IPPROTO_TCP), TCP_KEEPINTVL, 5)
    set(Int32(IPPROTO_TCP), TCP_KEEPCNT, 3)
  #endif
}

/// Sends bytes without a signal where the other end is gone; as `send`.
func sent(_ descriptor: Int32, _ bytes: [UInt8], from first: Int) -> Int {
  bytes.withUnsafeBytes { buffer in
    #if canImport(Darwin)
      send(descriptor, buffer.baseAddress.map { $0 + first }, bytes.count - first, 0)
    #else
      send(descriptor, buffer.baseAddress.map { $0 + first }, bytes.count - first, Int32(MSG_NOSIGNAL))
    #endif
  }
}
