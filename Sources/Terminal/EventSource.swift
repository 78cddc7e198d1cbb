// Sleeps in poll(2) on the keyboard and the wake pipe, and drains both.

import CNcurses
import Foundation
import Widgets

/// Where events come from.
struct EventSource {
  enum Signal: Equatable {
    case input(InputEvent)
    case resized, continued, stop
  }

  private var decoder = InputDecoder(
    next: { nc_get() },
    nextSoon: { milliseconds in
      let code = nc_get()
      if code != Int32(NC_NOTHING) { return code }
      var waiting = pollfd(fd: nc_input_fd(), events: Int16(POLLIN), revents: 0)
      return poll(&waiting, 1, milliseconds) > 0 ? nc_get() : code
    },
    keyName: { code in
      var name = [CChar](repeating: 0, count: 64)
      nc_key_name(code, &name, name.count)
      return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    })
  private var emptyReads = 0

  /// All that has happened, after waiting for the first of it at most `timeout` seconds.
  mutating func wait(timeout: Double?) -> [Signal] {
    var waiting = [
      pollfd(fd: nc_input_fd(), events: Int16(POLLIN), revents: 0),
      pollfd(fd: nc_wake_fd(), events: Int16(POLLIN), revents: 0),
    ]
    let milliseconds = timeout.map { Int32(min(max($0, 0) * 1000, 86_400_000).rounded(.up)) } ?? -1
    let count = poll(&waiting, 2, milliseconds)
    if count == 0 { return [.input(.wake)] }
    var result = count > 0 && waiting[1].revents != 0 ? signals() : []
    if count > 0, waiting[0].revents != 0 {
      let events = decoder.drain()
      result += events.map(Signal.input)
      emptyReads = events.isEmpty ? emptyReads + 1 : 0
      let gone = Int32(waiting[0].revents) & (POLLHUP | POLLERR | POLLNVAL) != 0
      if gone || emptyReads > 100 { result.append(.input(.hangup)) }
    }
    return result
  }

  private func signals() -> [Signal] {
    var bytes = [UInt8](repeating: 0, count: 256)
    var result: [Signal] = []
    while true {
      let count = read(nc_wake_fd(), &bytes, bytes.count)
      if count <= 0 { return result }
      for byte in bytes.prefix(count) {
        guard let signal = Self.signal(byte), !result.contains(signal) else { continue }
        result.append(signal)
      }
    }
  }

  private static func signal(_ byte: UInt8) -> Signal? {
    switch Int(byte) {
    case NC_WAKE: .input(.wake)
    case NC_RESIZED: .resized
    case NC_TERMINATE: .input(.terminate)
    case NC_HANGUP: .input(.hangup)
    case NC_CONTINUED: .continued
    case NC_STOP: .stop
    default: nil
    }
  }
}
