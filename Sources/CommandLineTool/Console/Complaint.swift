import Engine
import Foundation
import Frame
import Jobs

/// An error as one line: what failed, where, what to do.
func complaint(_ error: any Error) -> String {
  let text: String
  switch error {
  case let error as CustomStringConvertible & Error where !(error is CocoaError): text = error.description
  case let error as LocalizedError: text = error.errorDescription ?? "\(error)"
  default: text = (error as NSError).localizedDescription
  }
  let line = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
    .joined(separator: " ")
  let isWhole = line.last.map { ".!?".contains($0) } ?? true
  return "assay: " + line + (isWhole ? "" : ".")
}

/// A request that cannot be meant, found after the arguments were read: exit status 2.
struct UsageError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// A check that ran to its end and found what it looks for: exit status 3, so that a script can tell it from a check
/// that could not run.
struct CheckFinding: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
