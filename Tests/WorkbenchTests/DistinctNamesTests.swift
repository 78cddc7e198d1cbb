import Grid
import Testing

@testable import Workbench

@MainActor @Suite struct DistinctNamesTests {
  @Test func aNameAloneStaysAlone() {
    #expect(distinctNames(["/a/sales.csv", "/b/people.csv"]) == ["sales.csv", "people.csv"])
  }

  @Test func asManyFoldersAsNeededTellFilesOfOneNameApart() {
    #expect(
      distinctNames(["/a/x/sales.csv", "/b/x/sales.csv", "/b/y/sales.csv", "/c/other.csv"])
        == ["a/x/sales.csv", "b/x/sales.csv", "y/sales.csv", "other.csv"])
  }

  @Test func twoWaysToOnePlaceKeepOneName() {
    #expect(distinctNames(["/a/sales.csv", "/a/./sales.csv"]) == ["sales.csv", "sales.csv"])
  }

  @Test func aPathThatEndsAnotherIsWhole() {
    #expect(distinctNames(["/sales.csv", "/a/sales.csv"]) == ["sales.csv", "a/sales.csv"])
  }

  @Test func recentFilesOfOneNameShowTheirFolders() throws {
    let robot = try Robot(Size(width: 120, height: 40))
    defer { robot.close() }
    var state = robot.state
    state.recents = ["/data/june/sales.csv", "/data/july/sales.csv"]
    let titles = datasetLines(state).filter { $0.detail == "recent" }.map(\.title)
    #expect(titles == ["june/sales.csv", "july/sales.csv"])
  }
}
