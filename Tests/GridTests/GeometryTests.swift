import Grid
import Testing

@Suite struct GeometryTests {
  @Test func sizesNeverGoNegative() {
    #expect(Size(width: -3, height: 4) == Size(width: 0, height: 4))
    #expect(Rect(x: 1, y: 1, width: -1, height: -1).isEmpty)
    #expect(Rect(x: 0, y: 0, width: 3, height: 3).inset(dx: 2, dy: 2).isEmpty)
  }

  @Test func splittingKeepsEveryCellOnce() {
    let rect = Rect(x: 2, y: 3, width: 10, height: 6)
    for n in [-1, 0, 1, 5, 6, 10, 99] {
      let (top, below) = rect.splitTop(n)
      #expect(top.height + below.height == 6 && top.y == 3 && below.y == top.maxY && below.maxY == rect.maxY)
      let (bottom, above) = rect.splitBottom(n)
      #expect(bottom.height + above.height == 6 && above.maxY == bottom.y && bottom.maxY == rect.maxY)
      let (left, right) = rect.splitLeft(n)
      #expect(left.width + right.width == 10 && left.x == 2 && right.x == left.maxX)
      let (end, start) = rect.splitRight(n)
      #expect(end.width + start.width == 10 && end.maxX == rect.maxX && start.maxX == end.x)
    }
  }

  @Test func intersectionIsEmptyWhereRectanglesDoNotMeet() {
    let a = Rect(x: 0, y: 0, width: 4, height: 4)
    #expect(a.intersection(Rect(x: 4, y: 0, width: 2, height: 2)).isEmpty)
    #expect(
      a.intersection(Rect(x: 2, y: -1, width: 9, height: 3)) == Rect(x: 2, y: 0, width: 2, height: 2))
    #expect(a.contains(Point(x: 3, y: 3)) && !a.contains(Point(x: 4, y: 3)))
  }
}
