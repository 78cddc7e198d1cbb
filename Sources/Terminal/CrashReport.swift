// What is left when the process dies of a signal: a file that names the signal, the commands before it, and the
// functions that were running. No data values stand in it.

import CNcurses
import Foundation

/// Prepares the report; the signal handler writes it.
public enum CrashReport {
  /// Says where the report goes and how it begins. Without this call a crash restores the terminal and leaves no file.
  ///
  /// - Parameters:
  ///   - folder: made when there is something to write.
  ///   - header: lines about the program: versions, terminal.
  public static func prepare(folder: String, header: String) {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.dateFormat = "yyyyMMdd-HHmmss"
    let name = "crash-\(formatter.string(from: Date()))-\(ProcessInfo.processInfo.processIdentifier).txt"
    nc_crash_prepare(folder, "\(folder)/\(name)", header)
  }

  /// Notes that a command is about to run; the last fifty are kept.
  public static func note(command: String) { nc_crash_note(command) }
}
