import Frame
import Numerics
import Testing

@testable import Learn

@Suite struct FoldsTests {
  @Test func groupsAreNeverParted() {
    let groups = (0..<200).map { $0 * 7 % 23 }
    let folds = Folds(groups: groups, count: 4, repeats: 2, seed: 1)
    #expect(folds.count == 8)
    #expect(folds.coverage == Array(0..<200))
    #expect(folds.times.allSatisfy { $0 == 2 })
    for (judged, learnt) in zip(folds.judged, folds.learnt) {
      #expect(Set(judged.map { groups[$0] }).isDisjoint(with: learnt.map { groups[$0] }))
      #expect(judged.count + learnt.count == 200)
      #expect((35...65).contains(judged.count))
    }
  }

  @Test func windowsGrowAndNeverLookAhead() {
    let moments = (0..<100).map { Double($0 * 37 % 100 / 2) }
    let folds = Folds(moments: moments, count: 4)
    #expect(folds.count == 4)
    #expect(folds.answering == [3])
    for fold in 0..<4 {
      let past = folds.learnt[fold].map { moments[$0] }.max() ?? 0
      #expect(folds.judged[fold].allSatisfy { moments[$0] > past })
    }
    #expect(folds.learnt.map(\.count) == folds.learnt.map(\.count).sorted())
    // The first window is learnt from, and never judged.
    #expect(folds.coverage.count == 100 - folds.learnt[0].count)
    #expect(folds.places[0].map { folds.coverage[$0] } == folds.judged[0])
  }

  @Test func rowsOfOneMomentStayTogether() {
    let folds = Folds(moments: [1, 1, 1, 1, 1, 1, 2, 2, 3, 3], count: 4)
    for fold in 0..<folds.count {
      let moments = [1, 1, 1, 1, 1, 1, 2, 2, 3, 3]
      #expect(Set(folds.judged[fold].map { moments[$0] }).isDisjoint(with: folds.learnt[fold].map { moments[$0] }))
      #expect(!folds.judged[fold].isEmpty && !folds.learnt[fold].isEmpty)
    }
  }

  @Test func balancedClassesCountAlike() throws {
    var options = AutoMLOptions(target: "t")
    options.hasBalancedClasses = true
    let table = DataTable(columns: [column("t", ["a", "a", "a", "b"] as [String?])])
    let roles = try RowRoles(table, rows: [0, 1, 2, 3], labels: .classes([0, 0, 0, 1], count: 2), options)
    let weights = try #require(roles.weights)
    #expect(abs(weights[0] * 3 - weights[3]) < 1e-9)
    #expect(abs(weights.reduce(0, +) - 4) < 1e-9)
    #expect(throws: LearnError.self) {
      _ = try RowRoles(table, rows: [0, 1, 2, 3], labels: .numbers([1, 2, 3, 4]), options)
    }
  }

  @Test func wrongColumnsAreRefused() {
    let table = DataTable(columns: [
      column("t", [1, 2, 3, 4]), column("w", [1.0, -1, 1, 1]), column("g", ["x", "x", "x", "x"] as [String?]),
    ])
    func refuse(_ change: (inout AutoMLOptions) -> Void) {
      var options = AutoMLOptions(target: "t")
      change(&options)
      #expect(throws: LearnError.self) {
        _ = try RowRoles(table, rows: [0, 1, 2, 3], labels: .numbers([1, 2, 3, 4]), options)
      }
    }
    refuse { $0.weightColumn = "w" }
    refuse { $0.weightColumn = "missing" }
    refuse { $0.groupColumn = "g" }
    refuse { $0.timeColumn = "g" }
    refuse { $0.groupColumn = "t" }
  }
}
