import Foundation
import Jobs

/// The JSON protocol that Glue and Athena speak.
struct JSONService: Sendable {
  let session: CloudSession
  let service: CloudService
  /// Before the name of every operation, for example `AWSGlue`.
  let target: String
  let canceller: CallCanceller

  /// - Parameter location: what errors name.
  func ask<Answer: Decodable>(
    _ operation: String, _ body: some Encodable, location: String
  ) throws -> Answer {
    var call = CloudSession.Call(service: service, method: "POST", location: location)
    call.headers["content-type"] = "application/x-amz-json-1.1"
    call.headers["x-amz-target"] = "\(target).\(operation)"
    call.body = try JSONEncoder().encode(body)
    let response = try session.send(call, canceller)
    do {
      return try JSONDecoder().decode(Answer.self, from: response.body.isEmpty ? Data("{}".utf8) : response.body)
    } catch {
      throw CloudError(
        .incomplete, location: location, what: "the answer to \(operation) is not what the service promises",
        advice: "Check AWS_ENDPOINT_URL.")
    }
  }
}

/// An answer whose content does not matter.
struct NoAnswer: Decodable {}
