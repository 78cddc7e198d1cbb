import Foundation
import Jobs
import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOPosix
import Synchronization

/// A connection to a Spark Connect server, over which calls go side by side.
final class Wire: Sendable {
  let address: SparkAddress
  private let channel: any Channel
  private let streams: NIOHTTP2Handler.StreamMultiplexer

  /// Bytes that may be under way to us: with HTTP/2's 64 KiB a distant server would wait most of the time.
  private static let window = 4 << 20

  private let greeting = Greeting()
  private let pulse: Pulse

  /// - Throws: `SparkError.unreachable`, and `notTrusted` or `badAuthority` where TLS is asked for.
  init(_ address: SparkAddress, seconds: Int64 = 10, patience: Patience = Patience()) throws {
    self.address = address
    pulse = Pulse(patience)
    var connection = NIOHTTP2Handler.ConnectionConfiguration()
    connection.initialSettings = [
      HTTP2Setting(parameter: .initialWindowSize, value: Self.window),
      HTTP2Setting(parameter: .maxConcurrentStreams, value: 100),
      HTTP2Setting(parameter: .enablePush, value: 0),
    ]
    connection.targetWindowSize = Self.window
    var stream = NIOHTTP2Handler.StreamConfiguration()
    stream.targetWindowSize = Self.window
    let (settled, perStream, greeting, pulse) = (connection, stream, greeting, pulse)
    let cipher = try address.usesTLS ? TransportSecurity(address) : nil
    // Set up before the first byte can come: a server's settings that nobody reads would never be acknowledged. Several
    // channels try at once where a host has several addresses.
    let made = Mutex<[ObjectIdentifier: (streams: NIOHTTP2Handler.StreamMultiplexer, isSafe: EventLoopFuture<Void>)]>(
      [:])
    do {
      let line = try ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        .connectTimeout(.seconds(seconds))
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(PulseHandler(pulse))
            guard let cipher else {
              try channel.pipeline.syncOperations.addHandler(GreetingHandler(greeting))
              return channel.eventLoop.makeSucceededVoidFuture()
            }
            return try cipher.secure(channel, seconds: seconds)
          }
          .flatMap { isSafe in
            channel.configureHTTP2Pipeline(
              mode: .client, connectionConfiguration: settled, streamConfiguration: perStream
            ) { stream in stream.eventLoop.makeSucceededVoidFuture() }
            .map { streams in made.withLock { $0[ObjectIdentifier(channel)] = (streams, isSafe) } }
          }
        }
        .connect(host: address.host, port: address.port).wait()
      channel = line
      guard let (streams, isSafe) = made.withLock({ $0[ObjectIdentifier(line)] }) else {
        throw ChannelError.ioOnClosedChannel
      }
      self.streams = streams
      do {
        try isSafe.wait()
      } catch {
        line.close(promise: nil)
        throw cipher?.failure(error) ?? error
      }
    } catch let error as SparkError {
      throw error
    } catch {
      throw SparkError.unreachable(address: address.description, why: Self.reason(error))
    }
  }

  deinit { channel.close(promise: nil) }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case let error as NIOConnectionError:
      if let first = error.connectionErrors.first { return reason(first.error) }
      return error.dnsAAAAError != nil || error.dnsAError != nil ? "the host is not known" : "no connection"
    case let error as IOError: return String(cString: strerror(error.errnoCode)).lowercased()
    case ChannelError.connectTimeout: return "no answer in time"
    case is SocketAddressError: return "the host is not known"
    default: return "\(error)"
    }
  }

  /// Asks `method`, and hands over each message of the answer.
  ///
  /// - Parameter seconds: how long the answer may take, nil for as long as it does.
  /// - Throws: `SparkError`, `JobCancelled` after the call was dropped, and what `take` throws.
  func call(
    _ method: String, _ request: ProtoMessage, within seconds: Double? = nil,
    context: any JobContext = SilentContext(), take: ([UInt8]) throws -> Void
  ) throws {
    let start = ContinuousClock.now
    let inbox = CallInbox()
    var headers = HPACKHeaders([
      (":method", "POST"), (":scheme", address.usesTLS ? "https" : "http"),
      (":path", "/spark.connect.SparkConnectService/\(method)"),
      (":authority", "\(address.host):\(address.port)"), ("content-type", "application/grpc"), ("te", "trailers"),
      ("user-agent", "assay"),
    ])
    if let token = address.token { headers.add(name: "authorization", value: "Bearer \(token)") }
    for header in address.headers { headers.add(name: header.name, value: header.value) }

    let stream: any Channel
    do {
      stream = try streams.createStreamChannel { stream in
        stream.setOption(.autoRead, value: false).flatMap {
          stream.eventLoop.makeCompletedFuture { try stream.pipeline.syncOperations.addHandler(CallHandler(inbox)) }
        }
      }.wait()
    } catch {
      throw SparkError.connectionLost(address: address.description, why: Self.reason(error))
    }
    defer { stream.close(promise: nil) }
    var body = stream.allocator.buffer(capacity: 5 + request.bytes.count)
    body.writeInteger(UInt8(0))
    body.writeInteger(UInt32(request.bytes.count))
    body.writeBytes(request.bytes)
    stream.write(HTTP2Frame.FramePayload.headers(.init(headers: headers)), promise: nil)
    stream.writeAndFlush(
      HTTP2Frame.FramePayload.data(.init(data: .byteBuffer(body), endStream: true)), promise: nil)

    while true {
      try context.checkCancelled()
      switch inbox.next(seconds: 0.05) {
      case .nothing:
        if let seconds, start.duration(to: .now) > .seconds(seconds) {
          throw SparkError.connectionLost(address: address.description, why: "no answer in \(Int(seconds)) s")
        }
        try feelPulse()
      case .message(let bytes): try take(bytes)
      case .end(.answered(code: 0, _, _)): return
      case .end(.answered(let code, let message, let details)):
        throw Self.failure(code: code, message: message, details: details)
      case .end(.lost) where !address.usesTLS && greeting.isForeign:
        throw SparkError.unreachable(
          address: address.description,
          why: "it ends a connection that is not encrypted; if it expects TLS, add use_ssl=true to the address")
      case .end(.lost(let why)): throw SparkError.connectionLost(address: address.description, why: why)
      }
    }
  }

  /// Asks a server that has been quiet for a while whether it is there.
  ///
  /// - Throws: `SparkError.silent` where it does not say so; all calls over this line end then.
  private func feelPulse() throws {
    switch pulse.check() {
    case .alive: break
    case .quiet:
      let question = HTTP2Frame(streamID: .rootStream, payload: .settings(.settings([])))
      channel.writeAndFlush(question, promise: nil)
    case .dead(let silence):
      channel.close(promise: nil)
      throw SparkError.silent(address: address.description, seconds: Int(silence.components.seconds))
    }
  }

  /// Spark's error out of gRPC's: the class and the SQLSTATE are in an `ErrorInfo` among the details.
  /// Source: https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto
  private static func failure(code: Int, message: String, details: [UInt8]) -> SparkError {
    var notes: [String: String] = [:]
    for any in (try? ProtoField.all(of: details[...])) ?? [] where any.number == 3 {
      guard let fields = try? ProtoField.all(of: any.bytes), fields.first(1)?.text.hasSuffix("ErrorInfo") == true,
        let info = try? ProtoField.all(of: fields.first(2)?.bytes ?? [])
      else { continue }
      for entry in info where entry.number == 3 {
        guard let pair = try? ProtoField.all(of: entry.bytes), let key = pair.first(1) else { continue }
        notes[key.text] = pair.first(2)?.text ?? ""
      }
    }
    // 7 and 16 are PERMISSION_DENIED and UNAUTHENTICATED.
    if code == 7 || code == 16 { return .notAllowed(message) }
    return .failed(message: message, errorClass: notes["errorClass"], sqlState: notes["sqlState"])
  }
}
