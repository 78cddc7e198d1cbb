import Foundation

/// The sentences for what goes wrong with files.
extension FrameError {
  static func opening(_ path: String, errno code: Int32) -> FrameError {
    switch code {
    case ENOENT, ENOTDIR:
      FrameError(.notFound, location: path, what: "there is no such file", advice: "Check the path.")
    case EACCES, EPERM:
      FrameError(
        .notReadable, location: path, what: "you may not read this file",
        advice: "Ask its owner, or give yourself the right with chmod.")
    case ENXIO, ENODEV: notAFile(path)
    default: FrameError(.notReadable, location: path, what: "it cannot be read: \(String(cString: strerror(code)))")
    }
  }

  static func folder(_ path: String) -> FrameError {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    let files = names.filter { SourceFormat(path: $0) != nil }.prefix(3)
    return FrameError(
      .isFolder, location: path, what: "this is a folder",
      advice: files.isEmpty
        ? "Open a file in it." : "Open a file in it, such as \(files.joined(separator: ", ")).")
  }

  static func notAFile(_ path: String) -> FrameError {
    FrameError(
      .notReadable, location: path, what: "this is a device, a pipe or a socket",
      advice: "Pipe its content into assay and open - instead.")
  }

  static func empty(_ name: String) -> FrameError {
    FrameError(.empty, location: name, what: "the file is empty", advice: "Check that it was written completely.")
  }

  static func binary(_ name: String, looksLike guess: String?) -> FrameError {
    FrameError(
      .binary, location: name,
      what: "this is binary data, not text" + (guess.map { " (it looks like \($0))" } ?? ""),
      advice: guess?.contains("workbook") == true
        ? "Read a workbook with --input-format xlsx, or give it that ending."
        : "assay reads CSV, TSV, JSON, JSONL, Parquet, Excel (.xlsx) and fixed-width text.")
  }

  static func changed(_ name: String) -> FrameError {
    FrameError(
      .changedWhileOpen, location: name, what: "the file changed on disk while it was open", advice: "Open it again.")
  }

  static func changedRemote(_ name: String) -> FrameError {
    FrameError(
      .changedWhileOpen, location: name, what: "what is there has changed while it was read", advice: "Read it again.")
  }

  static func fieldCount(_ name: String, line: Int?, found: Int, expected: Int) -> FrameError {
    FrameError(
      .wrongFieldCount(found: found, expected: expected), location: name, line: line,
      what: "\(found) field\(found == 1 ? "" : "s") found, \(expected) expected",
      advice: "Leave such rows out with --skip-bad-rows (key s), or mend the file.")
  }

  static func writing(_ path: String, errno code: Int32) -> FrameError {
    switch code {
    case ENOSPC, EDQUOT, EFBIG:
      FrameError(
        .diskFull, location: path, what: "the disk is full",
        advice: "Free some space or choose another place; an older file of this name is still there.")
    case EACCES, EPERM, EROFS:
      FrameError(
        .notWritable, location: path, what: "you may not write here", advice: "Choose a place where you may write.")
    case ENOENT, ENOTDIR:
      FrameError(
        .notWritable, location: path, what: "the folder does not exist", advice: "Create it, or choose another one.")
    case EISDIR:
      FrameError(.notWritable, location: path, what: "this is a folder", advice: "Add a file name.")
    default: FrameError(.notWritable, location: path, what: "it cannot be written: \(String(cString: strerror(code)))")
    }
  }
}
