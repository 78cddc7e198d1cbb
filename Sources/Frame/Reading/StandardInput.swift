import Foundation
import Synchronization

/// Standard input, copied once into a nameless temporary file so that it can be read again and again.
enum StandardInput {
  private static let spooled = Mutex<InputFile?>(nil)

  /// The whole of standard input. Waits for its end the first time.
  static func spool() throws -> InputFile {
    try spooled.withLock { file in
      if let file { return file }
      let new = try copy(of: STDIN_FILENO, name: "standard input")
      file = new
      return new
    }
  }

  /// Copies a descriptor to its end.
  static func copy(of descriptor: Int32, name: String) throws -> InputFile {
    let writer = try ScratchFile.Writer(name: name)
    while true {
      let bytes = try [UInt8](unsafeUninitializedCapacity: 1 << 20) { buffer, filled in
        var count = 0
        repeat { count = read(descriptor, buffer.baseAddress, buffer.count) } while count < 0 && errno == EINTR
        if count < 0 { throw FrameError.opening(name, errno: errno) }
        filled = count
      }
      if bytes.isEmpty { return writer.finish() }
      try writer.write(bytes)
    }
  }
}
