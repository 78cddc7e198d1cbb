import Foundation
import NIOCore
import NIOSSL
import NIOTLS

/// TLS to a server: whom to trust, and what went wrong, in words.
struct TransportSecurity: Sendable {
  private let address: SparkAddress
  private let settings: NIOSSLContext

  /// - Throws: `SparkError.badAuthority`.
  init(_ address: SparkAddress) throws {
    self.address = address
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.applicationProtocols = ["h2"]
    configuration.minimumTLSVersion = .tlsv12
    let path = address.authority.map { ($0 as NSString).expandingTildeInPath }
    if let path {
      guard FileManager.default.isReadableFile(atPath: path) else {
        throw SparkError.badAuthority(path, why: "it is not there or cannot be read")
      }
      guard let signers = try? NIOSSLCertificate.fromPEMFile(path), !signers.isEmpty else {
        throw SparkError.badAuthority(path, why: "it holds no certificate")
      }
      configuration.trustRoots = .certificates(signers)
    }
    do {
      settings = try NIOSSLContext(configuration: configuration)
    } catch {
      throw SparkError.badAuthority(path ?? "The system's store of certificates", why: "\(error)")
    }
  }

  /// Encrypts what goes over a channel.
  ///
  /// - Returns: fulfilled once the server has proved who it is, within as many seconds.
  func secure(_ channel: any Channel, seconds: Int64) throws -> EventLoopFuture<Void> {
    // A certificate can be for an IP address, but only a name is asked for.
    let isNumeric = (try? SocketAddress(ipAddress: address.host, port: address.port)) != nil
    let done = channel.eventLoop.makePromise(of: Void.self)
    try channel.pipeline.syncOperations.addHandlers([
      NIOSSLClientHandler(context: settings, serverHostname: isNumeric ? nil : address.host), HandshakeHandler(done),
    ])
    let limit = channel.eventLoop.scheduleTask(in: .seconds(seconds)) {
      done.fail(ChannelError.connectTimeout(.seconds(seconds)))
    }
    done.futureResult.whenComplete { _ in limit.cancel() }
    return done.futureResult
  }

  /// What a failed handshake means; nil where that is nothing of TLS.
  func failure(_ error: any Error) -> SparkError? {
    let text = "\(error)"
    func untrusted(_ why: String) -> SparkError { .notTrusted(address: address.description, why: why) }
    if let error = error as? NIOSSLExtraError, error == .failedToValidateHostname {
      return untrusted("its certificate is for another host than \(address.host)")
    }
    if text.contains("CERTIFICATE_VERIFY_FAILED") {
      let signers = address.authority.map { "no certificate in \($0) signs for" } ?? "no authority known here signs for"
      let advice = address.authority == nil ? "; name its authority's PEM file with ASSAY_SPARK_CA or spark_ca" : ""
      return untrusted("\(signers) the server's certificate, or its time is over\(advice)")
    }
    if error is HandshakeHandler.OtherProtocol { return untrusted("it speaks no HTTP/2 over TLS") }
    let isPlain = ["WRONG_VERSION_NUMBER", "HTTP_REQUEST"].contains { text.contains($0) }
    if isPlain || error is NIOSSLError || error is HandshakeHandler.Ended {
      return .unreachable(
        address: address.description,
        why: isPlain
          ? "it does not speak TLS; leave use_ssl=true out, or tunnel to it" : "it ended the TLS handshake (\(text))")
    }
    return nil
  }
}

/// Waits for the end of the handshake.
final class HandshakeHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  struct OtherProtocol: Error {}
  struct Ended: Error, CustomStringConvertible {
    var description: String { "the connection was closed" }
  }

  private let done: EventLoopPromise<Void>

  init(_ done: EventLoopPromise<Void>) { self.done = done }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .handshakeCompleted(let name)? = event as? TLSUserEvent {
      // A proxy may choose none.
      if name == nil || name == "h2" { done.succeed(()) } else { done.fail(OtherProtocol()) }
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    done.fail(error)
    context.fireErrorCaught(error)
  }

  func channelInactive(context: ChannelHandlerContext) {
    done.fail(Ended())
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { done.fail(Ended()) }
}
